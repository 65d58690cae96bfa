"""Where people were before they moved or came back, written down as it changes.

The roster keeps each person's present OPD alone, and a week that is closed already counts them where they
were (models/digests/history.py).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from models.people import audit
from models.people.people import Person

MOVED, RETURNED = "move", "return"  # acts about a person: `before` is the OPD's id, `left_at` when they left


def note(session: Session, person: Person, opd_id: int, now: datetime, by: int | None = None) -> None:
    """Somebody is about to be active in this OPD: writes down where they were, if that is another one or they
    had left."""
    if person.active and person.opd_id == opd_id:
        return
    act = MOVED if person.active else RETURNED
    left_at = person.left_at.isoformat() if person.left_at and not person.active else ""
    before, after = str(person.opd_id), str(opd_id)
    audit.record(session, now, act, "person", person.id, by=by, before=before, after=after, left_at=left_at)
