"""Reminding those who have to act that a release is near and has no item, and that a team is too small."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.content import states
from models.content.content import Item
from models.editorial import moves, overtaken
from models.figures import staffing
from models.figures.staffing import Team
from models.messages import notices
from models.messages.post import Button, Post
from models.people import roles
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import plans
from models.releases.plans import EMPTY

MOST_NAMES = 10  # of OPD in one message


@dataclass(frozen=True, slots=True)
class Lacking:
    """An OPD without an approved item for a week, and how far it has come: the furthest item, if any."""

    team: Team
    item: Item | None

    @property
    def status(self) -> str:
        return self.item.status if self.item else EMPTY


def lacking(session: Session, week: str) -> list[Lacking]:
    """The OPD without an approved item for a week, by name.

    A draft of which nobody has chosen the week yet counts for it: the week is what is asked last.
    """
    board = plans.board(session, [week])
    loose: dict[int | None, Item] = {}
    for item in plans.without_week(session):
        loose.setdefault(item.opd_id, item)
    found = []
    for team in staffing.teams(session):
        place = board.get((team.opd.id, week), plans.Place())
        if not place.ready:
            found.append(Lacking(team, place.items[0] if place.items else loose.get(team.opd.id)))
    return found


def remind(session: Session, week: str, nth: int, now: datetime, programme: Programme) -> tuple[int, int]:
    """Tells the team of every OPD that has no approved item for a week what is missing, and the
    controllers how many there are: once for each `nth`. How many OPD lack one, and how many people of
    their teams were told.
    """
    found = lacking(session, week)
    at = weeks.moment(week, programme.release, programme)
    told = 0
    for one in found:
        able = {person.id for person in moves.reviewers(session, one.item, programme)} if one.item else set()
        for person in _members(session, one.team.opd):
            post = _post(one, person, week, at, able)
            told += notices.tell(session, now, person, overtaken.of_plan(week, one.team.opd.id, nth), post)
    if found:
        notices.tell_all(session, now, "approve", f"plan:{week}:{nth}", _summary(found, week, at))
    return len(found), told


def _members(session: Session, opd: Opd) -> list[Person]:
    return [person for person in roles.ppid(session, opd.id) if person.joined_at is not None]


def _post(one: Lacking, person: Person, week: str, at: datetime, able: Collection[int]) -> Post:
    """What is missing in one sentence, for this reader: whoever can act is led to where they act."""
    team = one.team
    params = {
        "opd": team.opd.name,
        "at": at.isoformat(),
        "what": _missing(one),
        "small": _small(team) if team.small else "",
    }
    return Post("planning.nudge", params, buttons=((_way(one, person, week, able),),))


def _missing(one: Lacking) -> dict[str, Any]:
    if one.item is None:
        return {"text": "planning.missing_empty"}
    title = one.item.title or {"text": "browsing.untitled"}
    return {
        "text": f"planning.missing_{one.status}",
        "params": {"id": one.item.id, "title": title, "author": one.item.author.name},
    }


def _way(one: Lacking, person: Person, week: str, able: Collection[int]) -> Button:
    if one.item is None:
        return Button("planning.button_start", f"plan.start:{one.team.opd.id}:{week}")
    if one.item.author_id == person.id and one.status in states.OPEN_TO_AUTHOR:
        return Button("planning.button_go_on", f"submit.resume:{one.item.id}")
    if person.id in able:
        return Button("planning.button_review_own", f"review.open:{one.item.id}")
    return Button("planning.button_look", f"plan.item:{one.item.id}")


def _small(team: Team) -> dict[str, Any]:
    return {"text": "planning.small_team", "params": {"number": team.people, "least": staffing.LEAST}}


def _summary(found: Sequence[Lacking], week: str, at: datetime) -> Post:
    """What a controller has to know: how many, how far they are, who cannot even be told."""
    stages = Counter(one.status for one in found)
    lines = [
        {"text": f"planning.count_{status}", "params": {"number": stages[status]}}
        for status in (EMPTY, *reversed(plans.ORDER))
        if stages[status]
    ]
    unheard = [one.team.opd.name for one in found if not one.team.joined]
    small = sum(one.team.small for one in found)
    buttons = [[Button("planning.button_plan", "command:rencana")]]
    if stages[states.CHECKED] or stages[states.CONFIRMING]:
        buttons.append([Button("planning.button_review", "command:tinjau")])
    params = {
        "number": len(found),
        "at": at.isoformat(),
        "week": week,
        "lines": lines,
        "unheard": _unheard(unheard),
        "small": {"text": "planning.summary_small", "params": {"number": small, "least": staffing.LEAST}}
        if small
        else "",
    }
    return Post("planning.summary", params, buttons=buttons)


def _unheard(names: list[str]) -> Any:
    """OPD of whose team nobody has joined: they hear nothing of us, somebody has to call them."""
    if not names:
        return ""
    shown, rest = names[:MOST_NAMES], len(names) - MOST_NAMES
    params: dict[str, Any] = {
        "number": len(names),
        "names": [{"text": "planning.bullet", "params": {"what": name}} for name in shown],
    }
    params["more"] = {"text": "planning.and_more", "params": {"number": rest}} if rest > 0 else ""
    return {"text": "planning.summary_unheard", "params": params}


def remind_small_teams(session: Session, week: str, now: datetime) -> int:
    """Tells every team with too few people that it has, once a week; how many people were told."""
    told = 0
    for team in staffing.small(staffing.teams(session)):
        for person in _members(session, team.opd):
            params = {"opd": team.opd.name, "number": team.people, "least": staffing.LEAST}
            post = Post(
                "planning.team_small", params, buttons=((Button("planning.button_team", "command:tim"),),)
            )
            told += notices.tell(session, now, person, f"team:{week}:{team.opd.id}", post)
    return told
