"""Every state that a share can have, and every way between two of them, by chat alone."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.standings import ACCEPTED, APPEALED, CLAIMED, RECEIVED, REJECTED, TRANSITIONS, WITHDRAWN
from tests import proving, scene
from tests.chat import Chatter, Stage
from tests.receiving import shares

SHOWS, UNSEEN = Seen(findings.SHOWS, score=0.9), Seen(findings.UNSEEN)
SAID = {
    CLAIMED: "menunggu tangkapan layar atau tautan dari Anda",
    RECEIVED: "diterima, sedang diperiksa",
    ACCEPTED: "diterima dan sudah diperiksa",
    REJECTED: "belum dapat diterima",
    APPEALED: "banding Anda sedang diperiksa",
    WITHDRAWN: "sudah Anda tarik, tidak dihitung",
}


@dataclass
class Cast:
    """Who sends, and two who look."""

    stage: Stage
    siti: Chatter
    ratna: Chatter
    edi: Chatter

    def claim(self) -> None:
        self.siti.says("sudah")

    def show(self) -> None:
        self.siti.sends_photo("facebook", album="a")

    def clean(self) -> None:
        """The program finds nothing against it."""
        proving.examine(self.stage, SHOWS)

    def doubt(self) -> None:
        proving.examine(self.stage, UNSEEN)

    def accept(self) -> None:
        self._looks("Terima")

    def reject(self) -> None:
        self._looks("Tolak", "Belum tampak dibagikan")

    def _looks(self, *pressed: str) -> None:
        """By whoever of the team has it to decide."""
        for who in (self.ratna, self.edi):
            if "Terima" in who.says("/periksa")[-1].actions:
                for label in pressed:
                    who.presses(label)
                return
        raise AssertionError("nobody has it to decide")

    def appeal(self) -> None:
        self.siti.presses("Banding")
        self.siti.presses("Tanpa penjelasan")

    def add(self) -> None:
        """The rest of the album comes."""
        self.siti.sends_photo(album="a")

    def withdraw(self) -> None:
        self.siti.says("/bukti 1")
        self.siti.presses("Tarik bukti")
        self.siti.says("ya")

    def later_copy(self) -> None:
        """What was accepted turns out to look like somebody else's: as the program finds it."""
        self.add()
        proving.examine(self.stage, SHOWS, Seen(findings.OWN_AGAIN))


C = Cast
# What happens, and the state after each step.
JOURNEYS: dict[str, list[tuple[Callable[[Cast], None], str]]] = {
    "claimed, shown, accepted by the program": [(C.claim, CLAIMED), (C.show, RECEIVED), (C.clean, ACCEPTED)],
    "shown, accepted by a person": [(C.show, RECEIVED), (C.doubt, RECEIVED), (C.accept, ACCEPTED)],
    "rejected, appealed, accepted": [
        (C.show, RECEIVED), (C.doubt, RECEIVED), (C.reject, REJECTED), (C.appeal, APPEALED),
        (C.accept, ACCEPTED),
    ],
    "rejected, appealed, rejected for good": [
        (C.show, RECEIVED), (C.doubt, RECEIVED), (C.reject, REJECTED), (C.appeal, APPEALED),
        (C.reject, REJECTED),
    ],
    "rejected, and the rest of the album came": [
        (C.show, RECEIVED), (C.doubt, RECEIVED), (C.reject, REJECTED), (C.add, RECEIVED), (C.clean, ACCEPTED),
    ],
    "accepted, and rejected after all": [
        (C.show, RECEIVED), (C.clean, ACCEPTED), (C.later_copy, ACCEPTED), (C.reject, REJECTED),
    ],
    "accepted, and accepted after all": [
        (C.show, RECEIVED), (C.clean, ACCEPTED), (C.later_copy, ACCEPTED), (C.accept, ACCEPTED),
    ],
    "a claim taken back": [(C.claim, CLAIMED), (C.withdraw, WITHDRAWN)],
    "taken back at once": [(C.show, RECEIVED), (C.withdraw, WITHDRAWN)],
    "taken back when accepted": [(C.show, RECEIVED), (C.clean, ACCEPTED), (C.withdraw, WITHDRAWN)],
    "taken back when rejected": [
        (C.show, RECEIVED), (C.doubt, RECEIVED), (C.reject, REJECTED), (C.withdraw, WITHDRAWN),
    ],
    "taken back when appealed": [
        (C.show, RECEIVED), (C.doubt, RECEIVED), (C.reject, REJECTED), (C.appeal, APPEALED),
        (C.withdraw, WITHDRAWN),
    ],
}  # fmt: skip


@pytest.fixture
def cast(stage: Stage) -> Cast:
    siti = stage.person("Siti Rahma")
    ratna, edi = (stage.person(name, role="creator") for name in ("Ratna Dewi", "Edi Saputra"))
    scene.item(stage)
    scene.release(stage)
    return Cast(stage, siti, ratna, edi)


def said(who: Chatter) -> str:
    """The state of the share, in the words of `/bukti 1`."""
    (card,) = who.says("/bukti 1")
    (line,) = (line for line in card.text.splitlines() if line.startswith("Status: "))
    return line.removeprefix("Status: ")


def told(name: str) -> object:
    """A journey; one with a piece of an album that comes later, as WhatsApp has none, on Telegram alone."""
    journey = JOURNEYS[name]
    late = {C.add, C.later_copy} & {step for step, _ in journey}
    marks = (
        [pytest.mark.telegram_alone("it has no albums: a later picture is another posting")] if late else []
    )
    return pytest.param(journey, id=name, marks=marks)


@pytest.mark.parametrize("journey", [told(name) for name in JOURNEYS])
def test_each_step_leads_where_it_should_and_is_said_so(
    stage: Stage, cast: Cast, journey: list[tuple[Callable[[Cast], None], str]]
) -> None:
    for step, state in journey:
        stage.later(minutes=1)
        step(cast)
        assert shares(stage)[0].status == state, step.__name__
        assert said(cast.siti) == SAID[state], step.__name__
    counts = state in standings.COUNTED
    assert f"Unggahan yang dihitung: {int(counts)}" in cast.siti.says("/saya")[-1].text
    waits = any("Terima" in who.says("/periksa")[-1].actions for who in (cast.ratna, cast.edi))
    assert not waits, "nothing is left to decide"


def test_the_journeys_go_every_way_that_there_is() -> None:
    acts = {
        C.claim: "claim", C.show: "show", C.clean: "pass", C.accept: "accept", C.reject: "reject",
        C.appeal: "appeal", C.add: "add", C.withdraw: "withdraw",
    }  # fmt: skip
    gone = set()
    for journey in JOURNEYS.values():
        before = ""
        for step, after in journey:
            if step in acts:
                gone.add((before, acts[step], after))
            before = after
    assert gone == {(before, act, after) for (before, act), after in TRANSITIONS.items()}
