"""The releases of a week, the regular one and the urgent ones, in one read: for its figures."""

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from models.base import Instant
from models.programme import weeks
from models.programme.programme import Programme
from models.releases.releases import Release

_BEGUN = (
    select(Release)
    .where(
        or_(
            and_(Release.week == bindparam("week"), Release.item_id.is_(None)),
            and_(
                Release.item_id.is_not(None),
                Release.started_at >= bindparam("begins", type_=Instant),
                Release.started_at < bindparam("ends", type_=Instant),
            ),
        )
    )
    .order_by(Release.started_at)
)


def begun(session: Session, week: str, programme: Programme) -> list[Release]:
    """The release of a week, and the urgent ones that began in it, first to last."""
    begins, ends = weeks.opening(week, programme), weeks.closing(week, programme)
    return list(session.scalars(_BEGUN, {"week": week, "begins": begins, "ends": ends}))
