"""What the programme does by itself about items that are being reviewed, every hour.

Each gives back what came of it, or None where there was nothing to do: then it is looked at again in the
next minute, so that what waits for nobody is not left alone for an hour.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models.editorial import waits
from models.programme.programme import Programme


def raise_waits(session: Session, now: datetime, programme: Programme) -> str | None:
    """Raises what waits too long with those who can act, outside the quiet hours."""
    if programme.is_quiet(now):
        return None
    raised = waits.look(session, now, programme)
    return f"{raised} items raised" if raised else None


def lock_up(session: Session, now: datetime, programme: Programme) -> str | None:
    """Sends approved items back for a second approval, where an election came into the calendar later;
    outside the quiet hours, since people are told. A release by the clock looks by itself."""
    if programme.is_quiet(now):
        return None
    locked = waits.lock_up(session, now, programme)
    return f"{len(locked)} items wait for a second approval" if locked else None
