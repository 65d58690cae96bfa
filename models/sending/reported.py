"""What reports of a message mean for its row of the outbox (models/sending/callbacks.py applies them).

    "" → sent → delivered → read, and from each of them undelivered → failed

A message that takes several calls has come so far as that of its pieces which is behind the others, and has
failed with the first of them that did (models/messages/pieces.py). For a lost file the words that came behind
it are not said again: the message has come as far as its other pieces then, and its row says what was lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.messages import pieces
from models.messages.outbox import Outbound
from models.messages.pieces import Reported
from models.sending import setbacks, settling

SENT_ON, DELIVERED, READ, UNDELIVERED, GONE = "sent", "delivered", "read", "undelivered", "failed"
# twilio.com/docs/messaging/api/message-resource#message-status-values: what each says about a message that
# we sent. What is not in here (received, canceled) says nothing about it.
MEANING = {
    "accepted": SENT_ON, "scheduled": SENT_ON, "queued": SENT_ON, "sending": SENT_ON, "sent": SENT_ON,
    "delivered": DELIVERED, "read": READ, "undelivered": UNDELIVERED, "failed": GONE,
}  # fmt: skip
RANK = {"": 0, SENT_ON: 1, DELIVERED: 2, READ: 3, UNDELIVERED: 4, GONE: 5}
ENDS = (UNDELIVERED, GONE)
COLUMNS = (*setbacks.COLUMNS, Outbound.pieces, Outbound.fingerprint, Outbound.error)


@dataclass(slots=True)
class Change:
    """What reports of one message mean for its row (`row` has `COLUMNS`). `out` are the pieces that need not
    go out again, if others have to; `lost` is what became of a file without which it counts as sent."""

    row: Any
    delivery: str
    error_code: str = ""
    delivered_at: datetime | None = None
    out: str = ""
    lost: str = ""

    def add(self, report: Any) -> None:
        """Takes a report in; whatever says less than what is known changes nothing."""
        meaning = MEANING[report.status]
        if RANK[meaning] > RANK[self.delivery]:
            self.delivery, self.error_code = meaning, report.error_code
        if meaning in (DELIVERED, READ):
            self.delivered_at = min(self.delivered_at or report.received_at, report.received_at)


def of_pieces(session: Session, reports: Sequence[Any]) -> tuple[list[Any], dict[int, Change]]:
    """Applies reports to the pieces that they are about: those which no piece has, and what the others mean
    for their rows, by row."""
    known: dict[str, Reported] = {}
    for channel in {report.channel_of for report in reports}:
        names = {report.name for report in reports if report.channel_of == channel}
        known |= {f"{channel}:{one.external_id}": one for one in pieces.of(session, channel, names, *COLUMNS)}
    unmet, changed = [], dict[int, Reported]()
    for report in reports:
        one = known.get(f"{report.channel_of}:{report.name}")
        if one is None:
            unmet.append(report)
            continue
        change = Change(one.row, one.delivery, one.error_code, one.delivered_at)
        change.add(report)
        one.delivery, one.error_code = change.delivery, change.error_code
        one.delivered_at = change.delivered_at
        changed[one.id] = one
    pieces.report(session, list(changed.values()))
    changes = {}
    for number in {one.row.id for one in changed.values()}:
        if (whole := _together([one for one in known.values() if one.row.id == number])) is not None:
            changes[number] = whole
    return unmet, changes


def _together(some: Sequence[Reported]) -> Change | None:
    """What the pieces of a message mean for its row; None where that is no news."""
    ended = [one for one in some if one.delivery in ENDS]
    others = [one for one in some if one.delivery not in ENDS]
    if ended and _can_be_missed(ended, others):
        return _without(max(ended, key=_rank), others)
    one = max(ended, key=_rank) if ended else min(some, key=_rank)
    if RANK[one.delivery] <= RANK[one.row.delivery]:
        return None
    return Change(one.row, one.delivery, one.error_code, _arrived(some), _before(ended, one.row.pieces))


def _arrived(some: Sequence[Reported]) -> datetime | None:
    """When the last of them had arrived; what the row says, while one has not."""
    arrived = [at for at in (other.delivered_at for other in some) if at is not None]
    at: datetime | None = max(arrived) if len(arrived) == len(some) else some[0].row.delivered_at
    return at


def _can_be_missed(ended: Sequence[Reported], others: Sequence[Reported]) -> bool:
    """Whether all that failed are files, and one of the others is out that came behind the first of them."""
    names, marks = pieces.split(ended[0].row.pieces), ended[0].row.fingerprint.split(",")
    # Files go out before the words: their places are the same, into however many parts those were cut.
    lost, left = ([names.index(one.external_id) for one in some] for some in (ended, others))
    files = all(place < len(marks) and marks[place] == settling.FILE for place in lost)
    return files and max(left, default=-1) > min(lost)


def _without(lost: Reported, others: Sequence[Reported]) -> Change | None:
    """What a message is without its lost files; None where that is no news."""
    row, why = lost.row, f"{lost.delivery} {lost.error_code}".strip()
    reached = max(row.delivery, min(others, key=_rank).delivery, key=RANK.__getitem__)
    if row.delivery in ENDS or (reached, why) == (row.delivery, row.error):
        return None
    return Change(row, reached, delivered_at=_arrived(others), lost=why)


def _before(ended: Sequence[Reported], names: str) -> str:
    """The pieces before the first that has failed."""
    lost = {one.external_id for one in ended}
    whole = pieces.split(names)
    first = next((place for place, name in enumerate(whole) if name in lost), len(whole))
    return ",".join(whole[:first])


def _rank(one: Reported) -> int:
    return RANK[one.delivery]
