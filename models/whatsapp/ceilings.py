"""The month's ceiling, and what a controller decides where it is reached: once more as much, or it stays.

The ceiling of a month is what is configured (`programme.whatsapp.monthly_ceiling`), and on top of it what
controllers have raised it by in that month: each raise is a row of the audit.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import notices
from models.messages.post import Button, Post
from models.people import audit, roles
from models.people.audit import Entry
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused
from models.whatsapp.templates import Template

CAPABILITY = "release"
SUBJECT, RAISED, KEPT = "ceiling", "raise", "keep"


def of(session: Session, month: date, programme: Programme) -> int:
    """The ceiling of a month in rupiah, 0 for none. `month` is its first day, here and below."""
    configured = programme.whatsapp.monthly_ceiling
    if not configured:
        return 0
    return configured + sum(int(entry.detail["rupiah"]) for entry in _entries(session, month, RAISED))


def first_of(at: datetime, programme: Programme) -> date:
    """The month of a moment."""
    return at.astimezone(programme.zone).date().replace(day=1)


def ask(session: Session, now: datetime, month: date, programme: Programme) -> None:
    """Asks whoever may release whether the ceiling of a month, which is reached, may be raised: once for
    each ceiling."""
    ceiling = of(session, month, programme)
    step = len(_entries(session, month, RAISED)) + 1
    more = programme.whatsapp.monthly_ceiling
    # No number of those who wait: others come to it later, and this is said once.
    params = {
        "month": f"{month:%Y-%m}",
        "ceiling": ceiling,
        "more": more,
        "raised": ceiling + more,
        "usual": more,
    }
    post = Post("ceiling.reached", params, [[raising(month, step)], [keeping(month, step)]])
    # A ceiling that was raised and is reached again is news.
    about = f"whatsapp:ceiling:{month:%Y-%m}:{ceiling}"
    notices.tell_all(session, now, CAPABILITY, about, post)


def raising(month: date, step: int) -> Button:
    """The button that raises the ceiling of a month for the `step`th time."""
    return Button("ceiling.button_raise", f"ceiling.raise:{month:%Y-%m}:{step}")


def keeping(month: date, step: int) -> Button:
    """The button that leaves it as it is."""
    return Button("ceiling.button_keep", f"ceiling.keep:{month:%Y-%m}:{step}")


def raise_once(
    session: Session, month: date, step: int, by: Person | None, now: datetime, programme: Programme
) -> int:
    """Raises the ceiling of this month alone by as much as is configured; the new one, in rupiah.

    Raises Refused for who may not, for a step that somebody has taken, and for a month that is over.
    """
    by = _deciding(session, month, step, by, now, programme)
    before, more = of(session, month, programme), programme.whatsapp.monthly_ceiling
    after = before + more
    audit.record(
        session,
        now,
        RAISED,
        SUBJECT,
        f"{month:%Y-%m}",
        by=by.id,
        before=str(before),
        after=str(after),
        step=step,
        rupiah=more,
    )
    session.flush()
    return after


def keep(
    session: Session, month: date, step: int, by: Person | None, now: datetime, programme: Programme
) -> int:
    """Leaves the ceiling of a month as it is, until somebody raises it; the ceiling, in rupiah.

    Raises Refused as `raise_once` does, and where somebody has said so before.
    """
    by = _deciding(session, month, step, by, now, programme)
    ceiling = of(session, month, programme)
    for entry in _entries(session, month, KEPT):
        if entry.detail["step"] == step:
            raise Refused("ceiling.kept_before", **_who(session, entry), ceiling=ceiling)
    audit.record(session, now, KEPT, SUBJECT, f"{month:%Y-%m}", by=by.id, step=step)
    session.flush()
    return ceiling


def _deciding(
    session: Session, month: date, step: int, by: Person | None, now: datetime, programme: Programme
) -> Person:
    """The same person, where the step of a month is theirs to decide now; else Refused."""
    by = roles.require(session, by, CAPABILITY)
    if month < first_of(now, programme):
        raise Refused("ceiling.over", month=f"{month:%Y-%m}")
    if not programme.whatsapp.monthly_ceiling:
        raise Refused("ceiling.none")
    # Of two who press at the same moment one comes second. Without templates there is nothing to hold.
    session.execute(select(Template.name).order_by(Template.name, Template.language).with_for_update())
    done = _entries(session, month, RAISED)
    if step <= len(done):
        ceiling = of(session, month, programme)
        raise Refused("ceiling.raised_before", **_who(session, done[step - 1]), ceiling=ceiling)
    if step > len(done) + 1:
        raise Refused("menu.old_button")  # no such button was ever shown
    return by


def _entries(session: Session, month: date, act: str) -> Sequence[Entry]:
    """What was decided for a month, in order."""
    chosen = select(Entry).where(Entry.subject == SUBJECT, Entry.subject_id == f"{month:%Y-%m}")
    return session.scalars(chosen.where(Entry.act == act).order_by(Entry.id)).all()


def _who(session: Session, entry: Entry) -> dict[str, str]:
    """Who decided, and when."""
    return {"who": session.get_one(Person, entry.actor_id).name, "at": entry.at.isoformat()}
