"""Rows for the exports: shares, people and deliveries of a week, streamed.

The columns of each row, by name and in order, are those that bot/reports/dictionary.py explains. NIP and
phone are in none of them: nobody needs them for counting.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.content.cards import CARD
from models.content.content import Item
from models.figures import figures, snapshots
from models.figures.snapshots import Participation
from models.messages.outbox import Outbound
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Evidence, Share

AT_ONCE = 2_000  # rows held in memory at a time
KINDS = ("shares", "people", "deliveries")


def span(first: str, last: str, now: datetime, programme: Programme) -> list[str]:
    """The weeks from `first` to `last`, both included.

    Raises ValueError, with the sentence, for what is no week, lies in the future or before the programme,
    and for a span that ends before it begins.
    """
    running = weeks.of(now, programme)
    for week in (first, last):
        weeks.parse(week)
        if week > running:
            raise ValueError(f"{week} lies in the future; the running week is {running}")
        if week < min(programme.started, running):
            raise ValueError(f"{week} is before the programme began, with {programme.started}")
    if last < first:
        raise ValueError(f"the weeks from {first} to {last} are none: write the earlier one first")
    return between(first, last)


def between(first: str, last: str) -> list[str]:
    """The weeks from `first` to `last`, both included."""
    found = [first]
    while found[-1] < last:
        found.append(weeks.shift(found[-1], 1))
    return found


def rows(session: Session, what: str, week: str, opd_id: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of one of KINDS for a week, of one OPD or (None) of all, ordered by OPD and name.

    Only AT_ONCE of them are in memory, also where the driver would fetch all: the caller keeps the session
    open until the end.
    """
    for statement in _statements(session, what, week, opd_id):
        found = session.execute(statement.execution_options(yield_per=AT_ONCE))
        yield from (tuple(row) for row in found)


def count(session: Session, what: str, week: str, opd_id: int | None = None) -> int:
    """How many rows `rows` gives."""
    total = 0
    for statement in _statements(session, what, week, opd_id):
        counting = statement.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        total += session.scalar(counting) or 0
    return total


def names(what: str) -> list[str]:
    """The columns of one of KINDS, in order."""
    statement = _people("", opd_id=None, closed=True) if what == "people" else _BY_KIND[what]("", None)[0]
    return [str(column.key) for column in statement.selected_columns]


def _statements(session: Session, what: str, week: str, opd_id: int | None) -> list[Select[Any]]:
    if what == "people":
        return [_people(week, opd_id, closed=snapshots.newest(session, week) is not None)]
    return _BY_KIND[what](week, opd_id)


def _shares(week: str, opd_id: int | None) -> list[Select[Any]]:
    """One row a share, with its first link where one was sent: those of the week's items, then those of
    urgent ones, which are of no week. One statement for both would read every share there is."""
    link = (
        select(Evidence.link)
        .where(Evidence.share_id == Share.id, Evidence.link != "")
        .order_by(Evidence.id)
        .limit(1)
        .scalar_subquery()
    )
    chosen: Any = (
        select(
            literal(week).label("minggu"),
            (Share.week == "").label("mendesak"),
            Share.id.label("tanda_terima"),
            Opd.code.label("kode_opd"),
            Opd.name.label("opd"),
            Person.name.label("nama"),
            Share.item_id.label("konten"),
            Share.platform.label("kanal"),
            Share.status.label("status"),
            Share.late.label("terlambat"),
            Share.at.label("waktu"),
            func.coalesce(link, "").label("tautan"),
        )
        .join(Person, Person.id == Share.person_id)
        .join(Opd, Opd.id == Share.opd_id)
        .order_by(Opd.name, Person.name, Share.id)
    )
    if opd_id is not None:
        chosen = chosen.where(Share.opd_id == opd_id)
    urgent = chosen.join(Item, Item.id == Share.item_id).where(Share.week == "", Item.week == week)
    return [chosen.where(Share.week == week), urgent]


def _people(week: str, opd_id: int | None, *, closed: bool) -> Select[Any]:
    """The roster as it is now, and what each did in the week. Who was active in a closed week, and in which
    OPD they counted, is what was frozen then, so that the rows add up to the figures; `kode_opd_kini` is
    where they are now. All others stand with the OPD of now: it was not kept where they were."""
    shown = (
        select(Share.person_id, func.count().label("number"))
        .where(Share.week == week, Share.status.in_(standings.COUNTED), Share.late.is_(False))
        .group_by(Share.person_id)
        .subquery("shown")
    )
    frozen = and_(Participation.week == week, Participation.person_id == Person.id)
    counted_in = func.coalesce(Participation.opd_id, Person.opd_id)
    present = aliased(Opd)
    chosen: Any = (
        select(
            literal(week).label("minggu"),
            Opd.code.label("kode_opd"),
            Opd.name.label("opd"),
            Person.name.label("nama"),
            present.code.label("kode_opd_kini"),
            Person.position.label("jabatan"),
            Person.active.label("aktif"),
            Person.joined_at.label("bergabung"),
            Person.saver.label("hemat_data"),
            (Participation.week.is_not(None) if closed else figures.is_active(week)).label("ikut"),
            func.coalesce(shown.c.number, 0).label("unggahan"),
        )
        .select_from(Person)
        .outerjoin(Participation, frozen)
        .join(Opd, Opd.id == counted_in)
        .join(present, present.id == Person.opd_id)
        .outerjoin(shown, shown.c.person_id == Person.id)
        .order_by(Opd.name, Person.name, Person.id)
    )
    only: Select[Any] = chosen.where(counted_in == opd_id) if opd_id is not None else chosen
    return only


def _deliveries(week: str, opd_id: int | None) -> list[Select[Any]]:
    """What became of everybody's card in a week's release, and in those of its urgent items."""
    card = aliased(Outbound)
    chosen: Any = (
        select(
            literal(week).label("minggu"),
            Release.item_id.is_not(None).label("mendesak"),
            Opd.code.label("kode_opd"),
            Opd.name.label("opd"),
            Person.name.label("nama"),
            card.item_id.label("konten"),
            card.channel.label("saluran"),
            card.status.label("status"),
            card.reason.label("alasan"),
            card.sent_at.label("dikirim"),
            card.attempts.label("percobaan"),
            card.resent.label("ulang"),
        )
        .select_from(card)
        .join(Release, Release.id == card.release_id)
        .join(Person, Person.id == card.person_id)
        .join(Opd, Opd.id == card.opd_id)
        .where(card.release_id.in_(_released(week)), card.part == CARD)
        .order_by(Opd.name, Person.name, card.id)
    )
    return [chosen.where(card.opd_id == opd_id) if opd_id is not None else chosen]


def _released(week: str) -> Select[int]:
    """The releases of a week: of its items, and of each urgent item that is of this week."""
    return (
        select(Release.id)
        .outerjoin(Item, Item.id == Release.item_id)
        .where(or_(and_(Release.item_id.is_(None), Release.week == week), Item.week == week))
    )


_BY_KIND = {"shares": _shares, "deliveries": _deliveries}
