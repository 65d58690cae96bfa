"""Our own name of a message, which a channel brings back with everything that it reports of it: so the first
report settles what nobody knew, the channel's name of a message whose call broke off.

It stands in the address for reports (`?ref=2f-9c1d07e4a2-1-3`) and says nothing to others: the number of the
row, a check of its key, which piece this is and of how many. A report counts only where it is about the
address of the row.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import base
from models.messages import pieces
from models.messages.outbox import SENDING, SENT, UNSENT, Outbound
from models.sending import settling
from models.sending.settling import Found

_WRITTEN = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{10})-([1-9][0-9]{0,2})-([1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Reference:
    """The piece `piece` (from 1) of the `pieces` in which row number `row` was to go out; `check` is of its
    key."""

    row: int
    check: str
    piece: int
    pieces: int


@dataclass(slots=True)
class Sorted:
    """What references tell of reports, by the numbers of these. `named` are about messages whose name is
    known now, and can be applied; `waiting` about rows that a sender has in hand; `over` say nothing more;
    `strange` name no row, or that of another address. `settled` is how many rows are out by this."""

    named: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    strange: set[int] = field(default_factory=set)
    settled: int = 0


def of(number: int, key: str) -> str:
    """The reference of a row, without a piece."""
    return f"{number:x}-{_check(key)}"


def of_piece(reference: str, piece: int, number: int) -> str:
    """The reference of one piece (from 1) of `number`."""
    return f"{reference}-{piece}-{number}"


def read(text: str) -> Reference | None:
    """What a reference says; None where it is none of ours."""
    found = _WRITTEN.fullmatch(text)
    if found is None or int(found[3]) > int(found[4]):
        return None
    return Reference(int(found[1], 16), found[2], int(found[3]), int(found[4]))


def _check(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:10]


def sort(session: Session, now: datetime, reports: Sequence[Any]) -> Sorted:
    """Settles rows by reports (as `callbacks.apply` reads them) on messages that no row knows by name. A row
    that has not gone out has done so after all, piece by piece; forward only, and what a sender has in hand
    is left to it: its answer may be on its way."""
    done = Sorted()
    given = {one.report_id: read(one.reference) for one in reports if one.reference}
    if not given:
        return done
    rows = _held(session, {one.row for one in given.values() if one is not None})
    known = _known(session, reports)
    out: dict[int, Outs] = {}
    for report in (one for one in reports if one.report_id in given):
        reference = given[report.report_id]
        row = rows.get(reference.row) if reference else None
        if (report.channel_of, report.name) in known:
            continue  # a piece of a row that is not out as a whole yet
        if reference is None or row is None or _check(row.key) != reference.check:
            done.strange.add(report.report_id)
        elif row.channel != report.channel_of:
            _gone_over(session, report, row, done)
        elif row.status == SENDING:
            done.waiting.add(report.report_id)
        elif row.address != report.to:
            done.strange.add(report.report_id)
        elif row.status in (*UNSENT, SENT) and out.setdefault(row.id, Outs(row)).take(reference, report.name):
            done.named.add(report.report_id)
        else:  # of a message that went out twice, or was given up: it is no other row's
            pieces.stray(session, report.channel_of, report.name, row.id)
            done.over.add(report.report_id)
    done.settled = _write(session, now, out)
    return done


@dataclass(slots=True)
class Outs:
    """The pieces of a row that are out, by their names, and whether they are all."""

    row: Any
    names: list[str] = field(default_factory=list)
    whole: bool = False
    changed: bool = False

    def __post_init__(self) -> None:
        self.names = list(pieces.split(self.row.pieces))

    def take(self, reference: Reference, name: str) -> bool:
        """One more; False where its place is another message's, or nobody's."""
        place, is_out = reference.piece - 1, self.row.status == SENT
        if is_out and place >= len(self.names):
            return False
        self.names += [""] * (reference.piece - len(self.names))
        if self.names[place] not in ("", name):
            return False
        self.names[place], self.changed = name, True
        self.whole = self.whole or reference.piece == reference.pieces
        return True


def _held(session: Session, numbers: Collection[int]) -> dict[int, Any]:
    """Rows by number; nobody settles them in another way before the transaction is over."""
    chosen = (
        select(
            Outbound.id, Outbound.key, Outbound.channel, Outbound.address, Outbound.status, Outbound.pieces,
            Outbound.instead_of,
        )
        .where(Outbound.id.in_(numbers))
        .order_by(Outbound.id)
        .with_for_update(key_share=True)
    )  # fmt: skip
    return {row.id: row for row in session.execute(chosen)} if numbers else {}


def _known(session: Session, reports: Sequence[Any]) -> set[tuple[str, str]]:
    names = {
        channel: {one.name for one in reports if one.channel_of == channel}
        for channel in {one.channel_of for one in reports}
    }
    return {
        (channel, name) for channel, some in names.items() for name in settling.known(session, channel, some)
    }


def _gone_over(session: Session, report: Any, row: Any, done: Sorted) -> None:
    """A report on the message of a row that is on another channel by now (models/sending/late.py)."""
    if row.instead_of == report.channel_of:
        pieces.stray(session, report.channel_of, report.name, row.id)
        done.named.add(report.report_id)
    else:
        done.strange.add(report.report_id)


def _write(session: Session, now: datetime, out: dict[int, Outs]) -> int:
    settled = 0
    unsent = or_(*(Outbound.status == status for status in UNSENT))
    for number, one in sorted(out.items()):
        if not one.changed:
            continue
        if one.row.status == SENT:  # a piece of which nobody had the name
            session.execute(
                update(Outbound)
                .where(Outbound.id == number)
                .values(pieces=",".join(one.names))
                .execution_options(synchronize_session=False)
            )
            pieces.note(session, {number: one.names})
        else:
            settled += settling.found_out(session, now, number, Found(tuple(one.names), one.whole), unsent)
    if settled:
        base.wake(session, "outbox")
    return settled
