"""Closed weeks: numbered snapshots of their figures, and who was active in them.

A snapshot is never changed. A correction is a new version that says what changed
(models/digests/corrections.py).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, load_only, mapped_column

from models import base
from models.base import Base
from models.figures import figures
from models.people.people import Person
from models.programme import weeks

TREND_WEEKS = 12


def _of_figures(name: str, unsaid: object) -> Callable[[Any], Any]:
    """What the figures of a snapshot that is being written say under a name, or `unsaid`."""

    def said(context: Any) -> Any:
        return context.get_current_parameters()["figures"].get(name, unsaid)

    return said


class Digest(Base):
    """The figures of a closed week, as models/figures/weekly.py shapes them: the same whenever they are asked
    for again. `changes` says in lines what is otherwise than in the version before.

    `participation` and `released` say what the figures say under these names: a trend reads twelve weeks,
    and of most of them nothing else.
    """

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("week", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str]
    version: Mapped[int]
    figures: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    participation: Mapped[float] = mapped_column(default=_of_figures("participation", 0.0))
    released: Mapped[bool] = mapped_column(default=_of_figures("released", True))
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class Participation(Base):
    """Somebody who was active in a closed week, and in which OPD they counted then."""

    __tablename__ = "participation"
    __table_args__ = (Index("ix_participation_person", "person_id", "week"),)

    week: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))


class LastActive(Base):
    """The newest closed week in which somebody was active; those who never were have no row.

    It says what `Participation` says, once a person: the weekly figures ask it of everybody, and with years
    behind a programme that look through all weeks would cost most of their time. `follow` keeps it.
    """

    __tablename__ = "last_active"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    week: Mapped[str]


def newest(session: Session, week: str) -> Digest | None:
    """The newest snapshot of a week, None while it has not been closed."""
    return session.scalar(select(Digest).where(Digest.week == week).order_by(Digest.version.desc()).limit(1))


def closed_at(session: Session, week: str) -> datetime:
    """When a closed week was closed: corrections come later, and change nothing about who was there then."""
    return session.scalars(select(Digest.at).where(Digest.week == week, Digest.version == 1)).one()


def version(session: Session, week: str, number: int) -> Digest | None:
    """One snapshot of a week, None where there is none of this number."""
    return session.scalar(select(Digest).where(Digest.week == week, Digest.version == number))


def versions(session: Session, week: str) -> Sequence[Digest]:
    """All snapshots of a week, first to last."""
    return session.scalars(select(Digest).where(Digest.week == week).order_by(Digest.version)).all()


_CLOSED = (
    select(Digest)
    .options(load_only(Digest.week, Digest.version, Digest.participation, Digest.released))
    .where(Digest.week >= bindparam("first"), Digest.week < bindparam("week"))
    .order_by(Digest.week, Digest.version)
)


def closed(session: Session, week: str) -> list[Digest]:
    """The newest snapshot of each closed week that a trend ending with `week` could show, oldest first,
    without `week` itself. All figures of one of them are read when they are first asked for."""
    rows = session.scalars(_CLOSED, {"first": weeks.shift(week, 1 - TREND_WEEKS), "week": week})
    return list({digest.week: digest for digest in rows}.values())


def past(closed: Iterable[Digest]) -> list[Digest]:
    """Those of closed weeks that a trend shows. Weeks in which nothing was released are left out: there was
    nothing to share, so their 0% says nothing about the people."""
    return [digest for digest in closed if digest.released]


def skipped(closed: Iterable[Digest]) -> set[str]:
    """The closed weeks in which nothing was released."""
    return {digest.week for digest in closed if not digest.released}


def freeze_people(session: Session, week: str) -> None:
    """Notes who is active in a week that closes, each in the OPD of that moment."""
    active = figures.active_people(week)
    session.execute(
        insert(Participation).from_select(
            ["week", "person_id", "opd_id"],
            select(literal(week), Person.id, Person.opd_id)
            .join(active, active.c.person_id == Person.id)
            .where(Person.active),
        )
    )
    follow(session, week)


def follow(session: Session, week: str) -> None:
    """Has the last active week of people follow the participations that were written for `week`."""
    there = select(Participation.person_id, Participation.week).where(Participation.week == week)
    known = base.insert(session, LastActive).from_select(["person_id", "week"], there)
    session.execute(
        known.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"week": known.excluded.week},
            where=LastActive.week < known.excluded.week,
        )
    )


def go_back(session: Session, week: str) -> None:
    """Has the last active week of people follow the participations that were taken away from `week`."""
    own = Participation.person_id == LastActive.person_id
    lost = (LastActive.week == week, ~exists().where(own, Participation.week == week))
    before = select(func.max(Participation.week)).where(own).scalar_subquery()
    session.execute(delete(LastActive).where(*lost, ~exists().where(own)))
    session.execute(update(LastActive).where(*lost).values(week=before))
