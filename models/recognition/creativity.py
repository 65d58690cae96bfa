"""What is creative: a PPID team nominates an accepted share, quality control (TAG) scores it by a rubric.

Three questions from 1 to 5: originality, clarity, closeness to citizens. Nobody scores the own share or one
of the own OPD. Who is nominated is not shown to those who score.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base
from models.people import audit, roles
from models.people.people import Person
from models.programme import months
from models.programme.programme import Programme
from models.recognition import awards, wishes
from models.refused import Refused
from models.shares import standings
from models.shares.shares import Share

QUESTIONS = ("originality", "clarity", "closeness")
LEAST, MOST = 1, 5
FRESH = timedelta(days=45)  # so old a share may be at the most


class Nomination(Base):
    """An accepted share that a PPID team finds creative; `opd_id` is the share's."""

    __tablename__ = "nomination"
    __table_args__ = (UniqueConstraint("share_id"), Index("ix_nomination_month", "month"))

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    share: Mapped[Share] = relationship()


class Rating(Base):
    """What one member of TAG says of a nomination."""

    __tablename__ = "rating"

    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    originality: Mapped[int]
    clarity: Mapped[int]
    closeness: Mapped[int]
    at: Mapped[datetime]

    @property
    def total(self) -> int:
        return self.originality + self.clarity + self.closeness


def may_nominate(session: Session, share: Share, by: Person, programme: Programme) -> bool:
    """Whether [Calonkan] makes sense for somebody who looks at a share: it is not nominated yet, and its
    person may be named."""
    known = session.scalar(select(Nomination.id).where(Nomination.share_id == share.id))
    return (
        known is None
        and share.person_id != by.id
        and share.status == standings.ACCEPTED
        and wishes.is_willing(session, share.person_id, programme)
    )


def nominate(session: Session, share_id: int, by: Person, now: datetime, programme: Programme) -> Nomination:
    """Nominates a share. Raises Refused for one that is not of the own OPD, an own, not accepted, too old or
    already nominated, and where its person is not to be named."""
    share = session.get(Share, share_id)
    if share is None or not roles.may(session, by, "inspect", share.opd_id):
        raise Refused("creative.unknown", receipt=share_id)
    if share.person_id == by.id:
        raise Refused("creative.own")
    if share.status != standings.ACCEPTED:
        raise Refused("creative.not_accepted", receipt=share_id)
    if now - share.at > FRESH:
        raise Refused("creative.too_old", days=FRESH.days)
    if session.scalar(select(Nomination.id).where(Nomination.share_id == share_id)) is not None:
        raise Refused("creative.again", receipt=share_id)
    if not wishes.is_willing(session, share.person_id, programme):
        raise Refused("creative.unwilling")
    made = Nomination(
        month=awards.collecting(session, now, programme),
        share_id=share_id,
        person_id=share.person_id,
        opd_id=share.opd_id,
        by=by.id,
        at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, now, "nominate", "share", share_id, by=by.id, after=made.month)
    return made


def of_month(session: Session, month: str, programme: Programme) -> Sequence[Nomination]:
    """The nominations of a month that still stand: accepted, and of somebody who may be named."""
    return session.scalars(
        select(Nomination)
        .join(Share, Share.id == Nomination.share_id)
        .where(
            Nomination.month == month,
            Share.status == standings.ACCEPTED,
            Nomination.person_id.in_(wishes.willing(programme)),
        )
        .order_by(Nomination.id)
    ).all()


def judges(session: Session, nomination: Nomination) -> list[Person]:
    """The members of TAG who may score it: of another OPD."""
    found = roles.holders(session, "check")
    return [person for person in found if _neutral(nomination, person)]


def _neutral(nomination: Nomination, judge: Person) -> bool:
    return judge.opd_id != nomination.opd_id and judge.id != nomination.person_id


def waiting(session: Session, judge: Person, now: datetime, programme: Programme) -> list[Nomination]:
    """What somebody has not scored yet and may, the oldest first."""
    month = awards.collecting(session, now, programme)
    done = set(session.scalars(select(Rating.nomination_id).where(Rating.person_id == judge.id)))
    found = of_month(session, month, programme)
    return [one for one in found if one.id not in done and _neutral(one, judge)]


def to_score(session: Session, number: int, judge: Person, now: datetime, programme: Programme) -> Nomination:
    """A nomination that this person may score now. Raises Refused for any other."""
    roles.require(session, judge, "check")
    found = session.get(Nomination, number)
    if found is None:
        raise Refused("menu.old_button")
    if not _neutral(found, judge):
        raise Refused("creative.own_opd")
    if found.month < awards.collecting(session, now, programme):
        raise Refused("creative.over", at=months.list_at(found.month, programme).isoformat())
    return found


def score(
    session: Session, number: int, judge: Person, points: Sequence[int], now: datetime, programme: Programme
) -> Rating:
    """Notes the three scores; given again, the newer ones count. Raises Refused as `to_score`, and for what
    are no scores."""
    found = to_score(session, number, judge, now, programme)
    if len(points) != len(QUESTIONS) or not all(LEAST <= one <= MOST for one in points):
        raise Refused("menu.old_button")
    rating = session.get(Rating, (found.id, judge.id))
    if rating is None:
        rating = Rating(nomination_id=found.id, person_id=judge.id)
        session.add(rating)
    rating.originality, rating.clarity, rating.closeness = points
    rating.at = now
    session.flush()
    return rating


def ratings(session: Session, nomination: Nomination) -> list[Rating]:
    """The scores of a nomination that count: of those who may score it now."""
    allowed = {person.id for person in judges(session, nomination)}
    rows = session.scalars(select(Rating).where(Rating.nomination_id == nomination.id))
    return [row for row in rows if row.person_id in allowed]
