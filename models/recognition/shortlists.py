"""Making the list of a month, and what controllers decide on it: confirm a place, pass it over with a reason,
take it back with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import states
from models.messages import notices
from models.messages.post import Button, Post
from models.people import audit, roles
from models.people.people import Person
from models.programme.programme import Programme
from models.recognition import awards, certificates, merits, wishes
from models.recognition.awards import CONFIRMED, LISTED, PASSED, REVOKED, Award, AwardList
from models.recognition.certificates import Certificate
from models.refused import Refused
from models.shares import standings
from models.shares.shares import Share


def make(
    session: Session, month: str, now: datetime, programme: Programme, by: Person | None = None
) -> AwardList:
    """Makes the list of a month from the rows as they are: its first version, or the next one."""
    found, facts = merits.all_of(session, month, programme)
    before = awards.newest(session, month)
    version = before.version + 1 if before else 1
    made = AwardList(
        month=month, version=version, rules=awards.RULES, facts=facts, at=now, by=by.id if by else None
    )
    session.add(made)
    session.flush()
    for category in awards.CATEGORIES:
        for place, merit in merits.placed(found[category], programme.awards.shortlist):
            session.add(
                Award(
                    list_id=made.id, category=category, place=place, figures=merit.figures,
                    person_id=merit.person_id, opd_id=merit.opd_id, item_id=merit.item_id,
                )
            )  # fmt: skip
    session.flush()
    audit.record(session, now, "shortlist", "award_list", month, by=by.id if by else None, after=str(version))
    return made


def again(session: Session, month: str, now: datetime, programme: Programme, by: Person) -> AwardList:
    """[Hitung ulang]: the next version. Raises Refused once something is decided, or nothing changed."""
    roles.require(session, by, "award")
    before = _held(session, awards.newest(session, month))
    old = awards.rows(session, before)
    if any(row.status != LISTED for row in old):
        raise Refused("award.decided_on")
    made = make(session, month, now, programme, by)
    if [_said(row) for row in old] == [_said(row) for row in awards.rows(session, made)]:
        raise Refused("award.same")
    return made


def _said(row: Award) -> tuple[Any, ...]:
    return row.category, row.place, row.person_id, row.opd_id, row.item_id, row.figures


def announce(session: Session, of: AwardList, now: datetime, programme: Programme) -> int:
    """Tells the controllers that a list waits for them; how many."""
    filled = len({row.category for row in awards.rows(session, of)})
    button = Button("award.button_see", f"award.list:{of.month}")
    about = {"month": of.month, "filled": filled, "all": len(awards.CATEGORIES)}
    post = Post("award.ready", about, [[button]])
    return notices.tell_all(session, now, "award", f"awards:{of.month}:{of.version}", post, programme)


def shown(session: Session, of: AwardList, category: str, programme: Programme) -> list[Award]:
    """The lines of a category that may be seen: whoever does not want to be named any more, or has left, is
    not among them unless it is decided; nor is a share that was rejected since, or an item taken back."""
    lines = awards.rows(session, of, category)
    return [row for row in lines if row.status == CONFIRMED or _stands(session, row, programme)]


def _stands(session: Session, row: Award, programme: Programme) -> bool:
    if row.item is not None:
        return row.item.status in (states.RELEASED, states.CLOSED)
    if row.category == awards.CREATIVE:
        share = session.get(Share, row.figures["receipt"])
        if share is None or share.status != standings.ACCEPTED:
            return False
    return row.person_id is None or wishes.is_willing(session, row.person_id, programme)


def front(lines: Sequence[Award]) -> list[Award]:
    """Who is to be confirmed: those on the best place that nobody has passed over; none once one is."""
    if any(row.status == CONFIRMED for row in lines):
        return []
    left = [row for row in lines if row.status == LISTED]
    return [row for row in left if row.place == left[0].place]


def confirm(
    session: Session,
    of: AwardList,
    category: str,
    first_id: int,
    by: Person,
    now: datetime,
    programme: Programme,
) -> list[Certificate]:
    """[Sahkan]: the front of a category wins. `first_id` is the first of those who were shown.

    Raises Refused when it was confirmed before, the list is another one by now, or whoever confirms is not
    impartial.
    """
    chosen = _to_decide(session, of, category, first_id, by, programme)
    _impartial(session, of, chosen, by)
    made = []
    for row in chosen:
        row.status, row.decided_by, row.decided_at = CONFIRMED, by.id, now
        session.flush()
        audit.record(session, now, "confirm", "award", row.id, by=by.id, before=LISTED, after=CONFIRMED)
        made.append(certificates.issue(session, row, by, now, programme))
    return made


def replace(
    session: Session,
    of: AwardList,
    award_id: int,
    by: Person,
    reason: str,
    now: datetime,
    programme: Programme,
) -> Award | None:
    """[Ganti dengan urutan berikutnya]: passes over one of the front; who is there now, None where nobody is
    left. Raises Refused as `to_replace` does, and for a reason too short or too long."""
    row = to_replace(session, of, award_id, by, programme)
    row.status, row.decided_by, row.decided_at, row.reason = PASSED, by.id, now, _reason(reason)
    session.flush()
    audit.record(
        session, now, "pass_over", "award", row.id, by=by.id, before=LISTED, after=PASSED, reason=row.reason
    )
    return next(iter(front(shown(session, of, row.category, programme))), None)


def to_replace(session: Session, of: AwardList, award_id: int, by: Person, programme: Programme) -> Award:
    """One of the front, for this person to pass over now. Raises Refused as `confirm` does."""
    row = session.get(Award, award_id)
    if row is None or row.list_id != of.id:
        raise Refused("menu.old_button")
    chosen = _to_decide(session, of, row.category, 0, by, programme)
    if row not in chosen:
        raise Refused("award.changed")
    _impartial(session, of, [*chosen, *_without(session, of, row, programme)], by)
    return row


def take_back(
    session: Session, award_id: int, by: Person, reason: str, now: datetime, programme: Programme
) -> Certificate:
    """[Cabut]: a confirmed line and its certificate. The next place may be confirmed then. Raises Refused
    as `to_take_back` does, and for a reason too short or too long."""
    row, found = to_take_back(session, award_id, by, programme)
    row.status, row.reason = REVOKED, _reason(reason)
    certificates.revoke(session, found, by, row.reason, now)
    return found


def to_take_back(
    session: Session, award_id: int, by: Person, programme: Programme
) -> tuple[Award, Certificate]:
    """A confirmed line and its certificate, for this person to take back now. Raises Refused where it is not
    confirmed, and as `confirm` does for whoever is not impartial."""
    roles.require(session, by, "award")
    row = session.get(Award, award_id)
    if row is None:
        raise Refused("menu.old_button")
    of = _held(session, session.get(AwardList, row.list_id))
    session.refresh(row)
    found = certificates.of(session, row)
    if row.status != CONFIRMED or found is None:
        raise Refused("award.changed")
    _impartial(session, of, [row, *_without(session, of, row, programme)], by)
    return row, found


def _reason(written: str) -> str:
    text = " ".join(written.split())
    least, most = certificates.REASON
    if not least <= len(text) <= most:
        raise Refused("award.reason_length", least=least, most=most)
    return text


def _held(session: Session, of: AwardList | None) -> AwardList:
    """A list, locked: decisions on it come one after the other."""
    if of is None:
        raise Refused("menu.old_button")
    return session.get_one(AwardList, of.id, with_for_update=True, populate_existing=True)


def _to_decide(
    session: Session, of: AwardList, category: str, first_id: int, by: Person, programme: Programme
) -> list[Award]:
    """The front of a category, for this person to decide on now."""
    roles.require(session, by, "award")
    _held(session, of)
    newest = awards.newest(session, of.month)
    if newest is None or newest.id != of.id:
        raise Refused("award.newer")
    for row in awards.rows(session, of):
        session.refresh(row)
    lines = shown(session, of, category, programme)
    if done := next((row for row in lines if row.status == CONFIRMED), None):
        who = session.get_one(Person, done.decided_by)
        raise Refused("award.confirmed_before", who=who.name)
    chosen = front(lines)
    if not chosen or (first_id and chosen[0].id != first_id):
        raise Refused("award.changed")
    return chosen


def _without(session: Session, of: AwardList, row: Award, programme: Programme) -> list[Award]:
    """Who is at the front of a category once a line is out of it."""
    return front([one for one in shown(session, of, row.category, programme) if one.id != row.id])


def _impartial(session: Session, of: AwardList, touched: Sequence[Award], by: Person) -> None:
    """Raises Refused for whoever is on the list, as a person or as an item's author; and where the own OPD,
    somebody of it or an item of its people is among those who gain or lose, as long as there is a controller
    for whom neither holds."""
    named = _people(awards.rows(session, of))
    controllers = [one for one in roles.holders(session, "award") if one.joined_at and one.id not in named]
    if by.id in named:
        raise Refused("award.on_list" if controllers else "award.on_list_alone")
    homes = _homes(touched)
    if by.opd_id not in homes:
        return
    for one in controllers:
        if one.opd_id not in homes:
            raise Refused("award.own_opd", who=one.name)


def _people(lines: Sequence[Award]) -> set[int | None]:
    """The people on some lines, the authors of items included."""
    return {row.item.author_id if row.item else row.person_id for row in lines}


def _homes(lines: Sequence[Award]) -> set[int | None]:
    """The OPD of some lines: those that are named, those of the people, and those of items and their
    authors."""
    found: set[int | None] = {row.opd_id for row in lines}
    found |= {row.person.opd_id for row in lines if row.person}
    for row in lines:
        if row.item:
            found |= {row.item.opd_id, row.item.author.opd_id}
    return found


def winners(session: Session, of: AwardList) -> list[tuple[Award, Certificate]]:
    """The confirmed lines of a list with their certificates, category by category."""
    found = session.execute(
        select(Award, Certificate)
        .join(Certificate, Certificate.award_id == Award.id)
        .where(Award.list_id == of.id, Award.status == CONFIRMED)
    ).all()
    order = {category: number for number, category in enumerate(awards.CATEGORIES)}
    return sorted(((a, c) for a, c in found), key=lambda pair: (order[pair[0].category], pair[1].serial))


def recipients(session: Session, award: Award) -> tuple[list[Person], list[Person]]:
    """Who gets the certificate of a line, and who of the PPID team hears of it: an OPD's is its team's, an
    item's goes to its author and the team."""
    home = award.item.opd_id if award.item else award.person.opd_id if award.person else award.opd_id
    team = roles.ppid(session, home) if home else []
    if award.person is not None:
        return [award.person], [one for one in team if one.id != award.person_id]
    first = [award.item.author] if award.item else []
    return list({one.id: one for one in (*first, *team)}.values()), []
