"""`/periksa` with a thumb: a hundred proofs, one tap for each that is accepted, two for each rejected."""

from dataclasses import dataclass, field

import pytest

from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.shares import PLATFORMS
from tests import proving, scene
from tests.chat import Chatter, Heard, Stage
from tests.proving import Prover
from tests.receiving import shares

PROOFS = 100
EACH = len(PLATFORMS) - 1  # of one person, each on another platform


@dataclass
class Thumb:
    """A PPID who only taps, and counts it; what is before them is the newest card with [Terima]."""

    who: Chatter
    taps: int = 0
    decided: list[tuple[int, int]] = field(default_factory=list)  # (receipt, taps)

    def tap(self, label: str) -> list[Heard]:
        self.taps += 1
        return self.who.presses(label)


@pytest.fixture
def hundred(stage: Stage) -> Chatter:
    """Somebody for whom a hundred doubtful proofs wait."""
    ppid = stage.person("Ratna Dewi", role="creator")
    people = [stage.person(f"Orang {nth}") for nth in range(-(-PROOFS // EACH))]
    scene.item(stage)
    scene.release(stage)
    provers = [Prover(stage, who) for who in people]
    for nth in range(PROOFS):
        proving.shows(provers[nth // EACH], platform=PLATFORMS[nth % EACH])
    proving.examine(stage, Seen(findings.UNSEEN))
    assert proving.waiting(stage, ppid) == PROOFS
    return ppid


def card_in(heard: list[Heard]) -> Heard | None:
    """The one card among the answers: nobody has to ask for the next, or to choose between two."""
    found = [one for one in heard if one.op == "send" and "Terima" in one.actions]
    assert len(found) <= 1
    return found[0] if found else None


def receipt_of(card: Heard) -> int:
    return int(card.text.split("Bukti nomor ")[1].split(" ")[0])


def test_a_hundred_proofs_take_a_hundred_taps_and_one_more_for_each_rejection(
    stage: Stage, hundred: Chatter
) -> None:
    thumb = Thumb(hundred)
    card = card_in(hundred.says("/periksa"))  # the only word that is typed
    while card is not None:
        number, before = receipt_of(card), thumb.taps
        if len(thumb.decided) % 10 == 9:
            (asked,) = thumb.tap("Tolak")
            assert asked.op == "edit", "the reasons stand on the card itself"
            heard = thumb.tap("Belum tampak dibagikan")
        else:
            heard = thumb.tap("Terima")
        thumb.decided.append((number, thumb.taps - before))
        card = card_in(heard)
        stage.later(seconds=6)  # ten minutes in all
    assert heard[0].text.startswith("Tidak ada bukti yang perlu diperiksa sekarang.")

    numbers = [number for number, _ in thumb.decided]
    assert len(set(numbers)) == len(numbers) == PROOFS, "each once"
    state = {share.id: share.status for share in shares(stage)}
    for place, (number, taps) in enumerate(thumb.decided):
        rejects = place % 10 == 9
        assert taps == (2 if rejects else 1)
        assert state[number] == (standings.REJECTED if rejects else standings.ACCEPTED)
    assert thumb.taps == 110
