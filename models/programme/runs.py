"""Which scheduled job has run for which period: the claim that lets a job happen once.

The claim is a row with UNIQUE(job, period), written in the transaction of the job's effect. Two
clocks, a restart or a repeated command find it taken.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import base
from models.base import Base


class Run(Base):
    __tablename__ = "run"

    job: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]  # done, skipped
    at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(default="")


def claim(session: Session, job: str, period: str, now: datetime, *, state: str = "done") -> bool:
    """Takes (job, period) for this transaction; False when it was taken before."""
    statement = (
        base.insert(session, Run)
        .values(job=job, period=period, state=state, at=now, detail="")
        .on_conflict_do_nothing()
        .returning(Run.job)
    )
    return session.execute(statement).first() is not None


def describe(session: Session, job: str, period: str, detail: str) -> None:
    """Notes on a claimed run what came of it, for `jobs` and the operator."""
    run = session.get(Run, (job, period))
    assert run is not None, "a run is described by whoever claimed it"
    run.detail = detail


def taken(session: Session, job: str, period: str) -> bool:
    """Whether the job has run, or was skipped, for the period."""
    return session.get(Run, (job, period)) is not None


def latest(session: Session, limit: int = 20) -> list[Run]:
    """The newest runs first."""
    return list(session.scalars(select(Run).order_by(Run.at.desc()).limit(limit)))


def skip(session: Session, job: str, period: str, detail: str) -> None:
    """Notes that a claimed run was not done, and why."""
    run = session.get_one(Run, (job, period))
    run.state, run.detail = "skipped", detail


def give_back(session: Session, job: str, period: str) -> None:
    """Lets go of a claim of this transaction: the job cannot be done yet."""
    session.delete(session.get_one(Run, (job, period)))
