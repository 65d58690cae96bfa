"""Who looks at which share next: a team at those of its OPD, nobody at what a colleague has before them.

What waits for a team too long is seen by controllers and admins as well.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.messages import notices
from models.messages.post import Button, Post
from models.people import roles
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused
from models.shares import inspections
from models.shares.inspections import APPEAL, REJECT, Inspection, Skip
from models.shares.shares import Evidence, Share

_OPEN = [[Button("inspecting.button_open", "inspect.next")]]


def take(session: Session, person: Person, now: datetime, programme: Programme) -> Inspection | None:
    """The next share for this person to look at, theirs for `proofs.hold_minutes`; None when none is left.

    What the person has before them already comes first, then appeals, then the oldest.
    """
    mine = case((and_(Inspection.taken_by == person.id, Inspection.taken_until > now), 0), else_=1)
    found = session.scalar(
        _open(session, person, now, programme)
        .where(Inspection.id.not_in(select(Skip.inspection_id).where(Skip.person_id == person.id)))
        .order_by(mine, (Inspection.why == APPEAL).desc(), Inspection.opened_at, Inspection.id)
        .limit(1)
        .with_for_update(of=Inspection, skip_locked=True)
    )
    if found is not None:
        found.taken_by = person.id
        found.taken_until = now + timedelta(minutes=programme.proofs.hold_minutes)
        session.flush()
    return found


def require(session: Session, look: Inspection, person: Person, now: datetime, programme: Programme) -> None:
    """Raises Refused for a look that is not for this person: of another OPD, an own share, or an appeal
    against an own decision."""
    if session.get_one(Share, look.share_id).person_id == person.id:
        raise Refused("inspecting.own")
    mine = select(Inspection.id).join(Share, Share.id == Inspection.share_id)
    found = mine.where(Inspection.id == look.id, *_theirs(session, person, now, programme))
    if session.scalar(found) is None:
        judged = any(one.decided_by == person.id for one in inspections.ended(session, look.share_id))
        raise Refused("inspecting.same_person" if judged else "roles.may_not")


def sees_whole(session: Session, person: Person, evidence_id: int) -> bool:
    """Whether somebody may see the picture of other evidence as it is: that of an OPD whose proofs are theirs
    to look at. That of another OPD's people shows a stranger's chats, and is shown veiled."""
    opd_id = session.scalars(
        select(Share.opd_id).join(Evidence, Evidence.share_id == Share.id).where(Evidence.id == evidence_id)
    ).one()
    return roles.may(session, person, "inspect", opd_id) or roles.may(session, person, "inspect_all")


def give_back(session: Session, person: Person) -> None:
    """What somebody has before them is free for colleagues."""
    session.execute(
        update(Inspection)
        .where(Inspection.taken_by == person.id, Inspection.decided_at.is_(None))
        .values(taken_by=None, taken_until=None)
    )


def skip(session: Session, inspection: Inspection, person: Person) -> None:
    """[Lewati]: gives it back, for colleagues at once and for this person after all others."""
    if session.get(Skip, (inspection.id, person.id)) is None:
        session.add(Skip(inspection_id=inspection.id, person_id=person.id))
    if inspection.taken_by == person.id:
        inspection.taken_by = inspection.taken_until = None
    session.flush()


def skipped(session: Session, person: Person, now: datetime, programme: Programme) -> int:
    """How many of those that wait this person has skipped."""
    passed = select(Skip.inspection_id).where(Skip.person_id == person.id)
    waiting = _open(session, person, now, programme).where(Inspection.id.in_(passed))
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def unskip(session: Session, person: Person) -> None:
    """What was skipped comes again."""
    session.execute(delete(Skip).where(Skip.person_id == person.id))


def waiting(session: Session, person: Person, now: datetime, programme: Programme) -> int:
    """How many shares wait for this person, or for a colleague who has them before them."""
    opened = (
        select(Inspection.id)
        .join(Share, Share.id == Inspection.share_id)
        .where(*_theirs(session, person, now, programme))
    )
    return session.scalar(select(func.count()).select_from(opened.subquery())) or 0


def remind(session: Session, now: datetime, programme: Programme) -> int:
    """Tells teams once a day that proofs wait for them, and controllers what has waited too long; each only
    of those that they may decide. How many people were told."""
    day = now.astimezone(programme.zone).date().isoformat()
    told, teams = 0, set[int]()
    for opd in inspections.places(session):
        for person in inspections.lookers(session, opd.id):
            teams.add(person.id)
            if number := waiting(session, person, now, programme):
                post = Post("inspecting.waiting", {"number": number, "opd": opd.name}, _OPEN)
                told += notices.tell(session, now, person, f"inspect:{opd.id}:{day}", post, programme)
    hours = programme.proofs.escalate_hours
    for person in roles.holders(session, "inspect_all"):
        if person.id not in teams and (number := waiting(session, person, now, programme)):
            post = Post("inspecting.waiting_long", {"number": number, "hours": hours}, _OPEN)
            told += notices.tell(session, now, person, f"inspect:late:{day}", post, programme)
    return told


def _open(session: Session, person: Person, now: datetime, programme: Programme) -> Select[Inspection]:
    """What this person may take now."""
    return (
        select(Inspection)
        .join(Share, Share.id == Inspection.share_id)
        .where(
            *_theirs(session, person, now, programme),
            or_(
                Inspection.taken_until.is_(None),
                Inspection.taken_until <= now,
                Inspection.taken_by == person.id,
            ),
        )
    )


def _theirs(
    session: Session, person: Person, now: datetime, programme: Programme
) -> tuple[ColumnElement[bool], ...]:
    """Undecided, of an OPD that this person looks after, never an own share, never an appeal against an
    own decision."""
    held = roles.of(session, person.id)
    own = [role.opd_id for role in held if role.role in roles.CAPABILITIES["inspect"] and role.opd_id]
    over = any(role.role in roles.CAPABILITIES["inspect_all"] for role in held)
    patience = now - timedelta(hours=programme.proofs.escalate_hours)
    place = Inspection.opd_id.in_(own)
    before = aliased(Inspection)
    judged = select(before.id).where(
        before.share_id == Inspection.share_id, before.decided_by == person.id, before.decision == REJECT
    )
    return (
        Inspection.decided_at.is_(None),
        or_(place, Inspection.opened_at <= patience) if over else place,
        Share.person_id != person.id,
        ~judged.exists(),
    )
