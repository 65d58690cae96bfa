"""The weeks that an OPD can still fill: which are free, which are taken, and until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.content import content
from models.content.content import Item
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused
from models.releases import releases

AHEAD = 4  # how many free weeks are offered
_HORIZON = 12  # and how many weeks are looked at for them


@dataclass(frozen=True, slots=True)
class Slot:
    """A week with the moment of its release (UTC), and the item that it has already, if it has one."""

    week: str
    release_at: datetime
    taken: Item | None


def ahead(session: Session, opd_id: int | None, now: datetime, programme: Programme) -> list[Slot]:
    """The coming weeks of an OPD (None: provincial), soonest first, until four free ones are found."""
    found: list[Slot] = []
    first = max(weeks.of(now, programme), programme.started)
    for week in (weeks.shift(first, number) for number in range(_HORIZON)):
        release_at = weeks.moment(week, programme.release, programme)
        if release_at <= now or releases.of_week(session, week):
            continue
        found.append(Slot(week, release_at, content.planned(session, opd_id, week)))
        if sum(slot.taken is None for slot in found) == AHEAD:
            break
    return found


def free(session: Session, opd_id: int | None, now: datetime, programme: Programme) -> list[Slot]:
    """The weeks of `ahead` that have no item yet."""
    return [slot for slot in ahead(session, opd_id, now, programme) if slot.taken is None]


def require_open(session: Session, week: str, now: datetime, programme: Programme) -> None:
    """Raises Refused when nothing can be released in a week any more."""
    if not is_open(session, week, now, programme):
        raise Refused("submitting.week_over", week=week)


def is_open(session: Session, week: str, now: datetime, programme: Programme) -> bool:
    """Whether an item can still be released in a week: it is not over and has not been released."""
    return now < weeks.closing(week, programme) and releases.of_week(session, week) is None


def is_free(session: Session, item: Item, now: datetime, programme: Programme) -> bool:
    """Whether the week that an item was planned for is still open, and no other item's than the one of
    which it is a new version."""
    taken = content.planned(session, item.opd_id, item.week)
    mine = taken is None or taken.id == item.replaces_id
    return mine and is_open(session, item.week, now, programme)
