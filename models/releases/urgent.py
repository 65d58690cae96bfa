"""An urgent clarification: an item that goes out when it is approved, outside the rhythm of the weeks.

It takes no week's place, brings no reminders, and what is shared of it is counted apart.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.content import drafts, rubrics, states
from models.content.content import Item
from models.editorial import moves
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.refused import Refused
from models.releases import costs, releases, weekly
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Share

RUBRIC = rubrics.CLARIFICATION


def mark(session: Session, item: Item, now: datetime, programme: Programme, by: Person | None = None) -> None:
    """Makes a draft an urgent clarification. Its week is that of `now`: nobody has to choose one.

    Raises Refused as `drafts.fill` does when the item cannot be changed any more.
    """
    drafts.require_editable(item, by)
    was = item.rubric
    item.rubric, item.urgent, item.week = RUBRIC, True, weeks.of(now, programme)
    item.live_at, item.live_url, item.consent = None, "", None
    drafts.changed(session, item, "rubric", now, by, before=was, after=RUBRIC)


def start(
    session: Session,
    item: Item,
    now: datetime,
    programme: Programme,
    by: Person | None = None,
    *,
    in_quiet_hours: bool = False,
) -> Release:
    """Releases an approved urgent item now: to its OPD, or to the whole province where it is provincial.

    In the quiet hours it has to be said that it shall be so. Raises Refused for an item that is not
    urgent, not approved, or out already.
    """
    moves.hold(session, item)
    if not item.urgent or item.status not in states.PLANNED:
        raise Refused("releasing.not_urgent", id=item.id)
    if programme.is_quiet(now) and not in_quiet_hours:
        raise Refused("releasing.quiet_hours", at=programme.quiet_until(now).isoformat())
    release = releases.open_one(
        session, now, now + moves.URGENT_DAYS, province=programme.province_short, by=by, item=item
    )
    if release is None:
        raise Refused("releasing.already_urgent", id=item.id)
    costs.expect(session, release, now, programme)
    return release


def of_week(session: Session, week: str, programme: Programme) -> list[Release]:
    """The urgent releases that began in a week, first to last."""
    return [release for release in weekly.begun(session, week, programme) if release.item_id is not None]


def figures(session: Session, begun: Iterable[Release]) -> list[dict[str, Any]]:
    """What the digest says of each urgent item of a week: whom it reached, and who shared it in time. `begun`
    are the releases of the week (`weekly.begun`)."""
    found = []
    for release in begun:
        if release.item_id is None:
            continue
        shown = (Share.item_id == release.item_id, Share.status.in_(standings.COUNTED), Share.late.is_(False))
        found.append(
            {
                "id": release.item_id,
                "title": release.item.title if release.item else "",
                "received": releases.progress(session, release.id).sent,
                "active": session.scalar(select(func.count(Share.person_id.distinct())).where(*shown)) or 0,
            }
        )
    return found
