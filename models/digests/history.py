"""Where people were when a week closed, as far as it was written down: what came later does not count in it.

The roster keeps each person's present OPD alone. Since then the audit log knows who moved or came back after
leaving (models/people/whereabouts.py), and who was taken out of the week by an earlier correction.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import whereabouts
from models.people.audit import Entry


def then(session: Session, week: str, closed: datetime, people: dict[int, int]) -> dict[int, int]:
    """Of {person: present OPD}, each with the OPD in which they counted when the week closed; without those
    who were not on the roster then."""
    found = dict(people)
    for entry in reversed(_later(session, closed, people)):  # the first one after the closing has the word
        person_id, left_at = int(entry.subject_id), entry.detail.get("left_at")
        if left_at and datetime.fromisoformat(left_at) <= closed:
            found.pop(person_id, None)
        elif entry.before:
            found[person_id] = int(entry.before)
    counted = {person_id: opd_id for person_id, opd_id in _taken_out(session, week)}
    return {person_id: counted.get(person_id, opd_id) for person_id, opd_id in found.items()}


def _later(session: Session, closed: datetime, people: Collection[int]) -> Sequence[Entry]:
    """What happened to them since, the oldest first."""
    found: list[Entry] = []
    about = (
        Entry.subject == "person",
        Entry.act.in_((whereabouts.MOVED, whereabouts.RETURNED)),
        Entry.at > closed,
    )
    names = [str(person_id) for person_id in people]
    for first in range(0, len(names), 500):  # a database takes only so many parameters at once
        part = names[first : first + 500]
        found += session.scalars(select(Entry).where(*about, Entry.subject_id.in_(part)))
    return sorted(found, key=lambda entry: (entry.at, entry.id))


def _taken_out(session: Session, week: str) -> Iterator[tuple[int, int]]:
    """Whom earlier corrections took out of the week, and the OPD in which they had counted."""
    about = (Entry.subject == "week", Entry.subject_id == week, Entry.act == "correct")
    for entry in session.scalars(select(Entry).where(*about).order_by(Entry.id)):
        yield from ((person_id, opd_id) for person_id, opd_id in entry.detail.get("lost", []))
