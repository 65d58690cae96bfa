"""The steps of a message's way to WhatsApp at which the program is killed, and what each of them showed."""

from dataclasses import dataclass, field

LOST = 5  # calls of a step whose answers are lost, or that never reach Twilio
SENDING, REPORTS = "sender", "worker"  # the processes that have these steps, where there are several


@dataclass(frozen=True, slots=True)
class Step:
    """Where the program dies: at `at` (tests/faults/nursery.py), or from outside, once `fault` has befallen
    LOST calls to Twilio. With both, the fault comes first, and the program that follows dies."""

    name: str
    role: str
    at: str = ""
    fault: str = ""


CREATE = "bot/channels/whatsapp.py WhatsApp._create call"
STEPS = (
    Step("taken, before the mark", SENDING, "models/sending/settling.py mark call 1"),
    Step("marked, before its commit", SENDING, "models/sending/settling.py mark return 1"),
    Step("marked, before the call", SENDING, f"{CREATE} 1"),
    Step("in the call, not taken", SENDING, fault="timeout_before"),
    Step("in the call, taken, answer lost", SENDING, fault="timeout_after"),
    Step("some calls begun, some answered", SENDING, f"{CREATE} 20"),
    Step("answered, before the record", SENDING, "bot/outbound/outcomes.py sent call 3"),
    Step("answered, in the record", SENDING, "models/sending/recording.py record call 1"),
    Step("recorded, before the commit", SENDING, "models/sending/recording.py followed return 2"),
    Step("callbacks applied, before the commit", REPORTS, "models/sending/callbacks.py apply return 3"),
    Step("callbacks, in the middle", REPORTS, "models/sending/callbacks.py _move call 2"),
    Step(
        "settler, before it asks", REPORTS, "bot/channels/whatsapp.py WhatsApp.recent call 1", "timeout_after"
    ),
    Step("settler, answered", REPORTS, "models/sending/settling.py settle call 1", "timeout_after"),
    Step(
        "settler, before the commit", REPORTS, "models/sending/settling.py settle return 1", "timeout_after"
    ),
)


@dataclass
class Seen:
    """What a step showed: rows in the sender's hands when it died, of these messages taken by Twilio by then,
    rows that went out again, and messages that came twice or not at all."""

    step: str
    in_hand: int = 0
    taken: int = 0
    again: int = 0
    twice: int = 0
    missing: int = 0
    seconds: float = 0.0


@dataclass
class Figures:
    engine: str
    seen: list[Seen] = field(default_factory=list)
    messages: int = 0
    pieces: int = 0
    unsettled: int = 0
    unsent: int = 0
    unreported: int = 0
    lost_reports: int = 0  # by Twilio, while nobody was there

    def problems(self) -> list[str]:
        """What must not have happened, as sentences."""
        return [
            f"{number} {what}"
            for number, what in (
                (sum(one.missing for one in self.seen), "messages lost"),
                (sum(one.twice for one in self.seen), "messages that came twice"),
                (self.unsettled, "rows of unknown fate"),
                (self.unsent, "rows that are not sent"),
                (self.unreported, "rows without the reports on them"),
            )
            if number
        ]

    def table(self) -> str:
        lines = [f"{'killed at':<38}in hand  taken  again  twice  lost  seconds"]
        lines += [
            f"{one.step:<38}{one.in_hand:>7}{one.taken:>7}{one.again:>7}{one.twice:>7}{one.missing:>6}"
            f"{one.seconds:>9.1f}"
            for one in self.seen
        ]
        lines.append(
            f"{self.engine}: {len(self.seen)} kills, {self.messages} messages in {self.pieces} pieces, "
            f"{sum(one.twice for one in self.seen)} twice, {sum(one.missing for one in self.seen)} lost, "
            f"{self.unsettled} unsettled, {self.lost_reports} reports that Twilio gave up to bring"
        )
        return "\n".join(lines)
