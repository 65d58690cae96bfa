"""Who of those that read the pack one to one has not got it: the controllers hear of all of them in one
message, and may have it sent once more. Groups are watched in models/digests/packs.py.

What waits on WhatsApp for the person to write (models/whatsapp/windows.py) is on its way, however long; so is
what waits for the end of the quiet hours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import base
from models.digests import packs
from models.messages import notices, outbox, pieces
from models.messages.outbox import (
    CANCELLED,
    EXPIRED,
    FAILED,
    QUEUED,
    SENDING,
    SENT,
    UNSENT,
    WAITING,
    Outbound,
)
from models.messages.post import Button, Post
from models.people import audit, people
from models.people.audit import Entry
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.whatsapp import windows

UNDELIVERED = "undelivered"  # act about a week: the controllers were told of these readers
MOST_NAMES = 8
_REASONS = ("blocked", "channel", packs.BROKEN, windows.REASON)  # of which the catalogue knows the words
_NEW: Mapping[str, Any] = {
    **outbox.NEW, "reason": "", "error": "", "attempts": 0, "external_id": "", "expires_at": None,
    "sent_at": None, "delivered_at": None, "tried_at": None, "doubted_at": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody without the pack, or with a part of it (`partly`); `row` is what did not arrive, and has
    `failed` for good or is still being tried."""

    person: Person
    row: Outbound
    failed: bool
    partly: bool

    @property
    def mark(self) -> str:
        """Another one for another attempt of ours, and when we have given up."""
        since = self.row.created_at.isoformat(timespec="seconds")
        return f"{self.person.id}:{'failed' if self.failed else 'slow'}:{since}"


def watch(session: Session, now: datetime, programme: Programme) -> int:
    """Tells the controllers of readers who did not get a part of the pack, or have not got it after a quarter
    of an hour: of each once, and of all together, when nothing is on its way any more or that time is over,
    but not at night; to how many."""
    week = weeks.shift(weeks.of(now, programme), -1)
    rows, told = _parts(session, week), _told(session, week)
    before = {mark for marks in told for mark in marks}
    found = [
        one
        for person, some in rows
        if (one := _missing(person, some, now, programme)) and one.mark not in before
    ]
    late = any(now - programme.quiet_until(one.row.created_at) >= packs.PATIENCE for one in found)
    if not found or (not late and any(_coming(row, some) for _, some in rows for row in some)):
        return 0
    found.sort(key=lambda one: (not one.failed, one.person.name))
    params = {**_about(found), "week": week, "number": weeks.short(week, now, programme)}
    post = Post("digest.unread", params, button(week) if found[0].failed else [])
    about = f"digest:{week}:unread:{len(told)}"
    number = notices.tell_all(session, now, "release", about, post, quiet=programme)
    if number:
        audit.record(session, now, UNDELIVERED, "week", week, readers=[one.mark for one in found])
    return number


def button(week: str) -> list[list[Button]]:
    """[Kirim lagi]; who presses is asked for the right."""
    return [[Button("digest.button_readers_again", f"digest.readers:{week}")]]


def arrived(session: Session, week: str) -> bool:
    """Whether nothing of the packs of a week is still on its way to a reader, or has failed to reach them."""
    rows = [row for _, some in _parts(session, week) for row in some]
    return not any(row.status in (*UNSENT, SENDING) or _is_gone(row) for row in rows)


def send_again(session: Session, week: str, now: datetime) -> tuple[int, int]:
    """Queues once more what failed to reach readers; to how many, and how many still cannot be written to.
    Raises Refused where it could not be written, and its snapshot says too little to do so now."""
    number = unreachable = 0
    for person, rows in _parts(session, week):
        again = _to_repeat(rows)
        if not again:
            continue
        account = people.reachable(session, person.id)
        if account is None:
            unreachable += 1
            continue
        number += 1
        packs.write_anew(session, [row for row in again if row.reason == packs.BROKEN])
        # What the channel has of it stays known, not to be taken for what comes.
        pieces.note(session, {row.id: pieces.names(row) for row in again})
        keys, sent = {row.key for row in again}, {row.key for row in rows if row.status == SENT}
        for row in again:
            row.status = WAITING if row.follows in keys else QUEUED
            row.follows = row.follows if row.follows in keys | sent else None  # no window any more
            row.channel, row.address, row.due_at, row.created_at = account.channel, account.address, now, now
            for name, value in _NEW.items():
                setattr(row, name, value)
    if number:
        base.wake(session, "outbox")
    return number, unreachable


def _parts(session: Session, week: str) -> list[tuple[Person, list[Outbound]]]:
    """What was queued of the packs of a week for each who reads them one to one."""
    readers = packs.readers(session)
    found: dict[int, list[Outbound]] = {person.id: [] for person in readers}
    of_week = Outbound.key.between(f"digest:{week}:", f"digest:{week}:\x7f")
    to_people = (Outbound.person_id.is_not(None), Outbound.key.not_like("%:person:%"))  # those are notices
    for row in session.scalars(select(Outbound).where(of_week, *to_people).order_by(Outbound.id)):
        if row.person_id in found:
            found[row.person_id].append(row)
    return [(person, found[person.id]) for person in readers if found[person.id]]


def _told(session: Session, week: str) -> list[list[str]]:
    """Of which attempts the controllers were told before, message by message: the audit knows it."""
    about = (Entry.subject == "week", Entry.subject_id == week, Entry.act == UNDELIVERED)
    return [detail["readers"] for detail in session.scalars(select(Entry.detail).where(*about))]


def _missing(person: Person, rows: Sequence[Outbound], now: datetime, programme: Programme) -> Missing | None:
    failed = [row for row in rows if _is_gone(row)]
    coming = [row for row in rows if _coming(row, rows)]
    slow = [row for row in coming if now - _since(row, rows, programme) >= packs.PATIENCE]
    if not failed and not slow:
        return None
    newest = max(failed or slow, key=lambda row: row.created_at)
    return Missing(person, newest, bool(failed), any(row.status == SENT for row in rows))


def _is_gone(row: Outbound) -> bool:
    """Whether a row will not arrive any more. What the person or somebody else has stopped is no failure."""
    return row.status in (FAILED, EXPIRED) or (row.status == CANCELLED and row.reason == "blocked")


def _coming(row: Outbound, rows: Iterable[Outbound]) -> bool:
    """Whether a row is to arrive about now: it is on its way, and waits for no window, nor for words that
    do."""
    if row.status not in (*UNSENT, SENDING):
        return False
    return not any(_waits_for_window(one) for one in (row, _leader(row, rows)) if one)


def _waits_for_window(row: Outbound) -> bool:
    return row.status == WAITING and (row.follows or "").startswith(windows.PREFIX)


def _leader(row: Outbound, rows: Iterable[Outbound]) -> Outbound | None:
    return next((one for one in rows if row.follows and one.key == row.follows), None)


def _since(row: Outbound, rows: Iterable[Outbound], programme: Programme) -> datetime:
    """Since when a row could have arrived: what was queued in the quiet hours since they were over, what has
    waited for a window (only that has an end) since it was let go, and files since the words were there."""
    leader = _leader(row, rows)
    moments = [
        programme.quiet_until(row.created_at),
        *(one.due_at for one in (row, leader) if one and one.expires_at),
    ]
    return max([*moments, leader.sent_at] if leader and leader.sent_at else moments)


def _about(found: Sequence[Missing]) -> dict[str, Any]:
    """The parameters of the message that are said of people."""
    lines: list[dict[str, Any]] = [
        {
            "text": "digest.unread_part" if one.partly else "digest.unread_line",
            "params": {"name": one.person.name, "reason": {"text": f"digest.unread_{_reason(one)}"}},
        }
        for one in found[:MOST_NAMES]
    ]
    if len(found) > MOST_NAMES:
        lines.append({"text": "digest.unread_more", "params": {"people": len(found) - MOST_NAMES}})
    how = {"text": "digest.unread_how"} if found[0].failed else ""
    return {"people": len(found), "lines": lines, "how": how}


def _reason(one: Missing) -> str:
    """Why, as the catalogue has a word for it."""
    if not one.failed:
        return "slow"
    return one.row.reason if one.row.reason in _REASONS else "refused"


def _to_repeat(rows: Sequence[Outbound]) -> list[Outbound]:
    """What failed, and what was taken back because of that; not what somebody has stopped."""
    gone = {row.key: row for row in rows if _is_gone(row)}
    return [
        row
        for row in rows
        if row.key in gone
        or (row.status == CANCELLED and row.follows in gone and row.reason in ("", gone[row.follows].reason))
    ]
