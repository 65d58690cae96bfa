"""How a line of the monthly list reads: who, on which place, for what reason, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from handlers.recognition import winners
from models.programme.programme import Programme
from models.recognition import awards, shortlists, wishes
from models.recognition.awards import CONFIRMED, Award
from models.recognition.certificates import Certificate

_MOST = 12  # lines of a category that are shown
Line = dict[str, Any]


def state(category: str, found: Sequence[Award]) -> Line:
    """A category on one line: nobody, waiting with its first name, or confirmed."""
    name = {"text": f"award.category_{category}"}
    won = [row for row in found if row.status == CONFIRMED]
    front = shortlists.front(found)
    if won:
        who = winners.named(won)
        return {"text": "award.state_confirmed", "params": {"category": name, "who": who}}
    if front:
        who = winners.named(front)
        return {"text": "award.state_waiting", "params": {"category": name, "who": who}}
    return {"text": "award.state_none", "params": {"category": name}}


def notes(facts: Mapping[str, Any]) -> list[Line]:
    """What the list rests on."""
    found: list[Line] = [
        {"text": "award.note_weeks", "params": {"weeks": len(facts["weeks"])}},
        {"text": "award.note_votes", "params": {"votes": facts["votes"]}},
    ]
    if not facts["votes_counted"]:
        found.append({"text": "award.note_few_votes"})
    if facts["unscored"]:
        found.append({"text": "award.note_unscored", "params": {"items": facts["unscored"]}})
    return found


def lines(found: Sequence[Award]) -> list[Line]:
    """The lines of a category, each with its reason and what became of it."""
    made: list[Line] = []
    for row in found[:_MOST]:
        about = {
            "place": row.place,
            "name": awards.title(row),
            "agency": _agency(row),
            "reason": reason(row),
            "status": _status(row),
        }
        made.append({"text": "award.line", "params": about})
    if len(found) > _MOST:
        made.append({"text": "award.more", "params": {"number": len(found) - _MOST}})
    return made


def _agency(row: Award) -> str:
    home = row.person.opd if row.person else row.item.opd if row.item else None
    return home.name if home else ""


def _status(row: Award) -> Any:
    if row.status == awards.LISTED:
        return ""
    return {"text": f"award.status_{row.status}", "params": {"why": row.reason} if row.reason else {}}


def reason(row: Award) -> Line:
    """Why somebody stands there, in words made of the figures that were kept with the line."""
    facts = row.figures
    given: tuple[str, ...]
    if row.category == awards.CONTENT:
        key = "award.why_content" if facts["counted"] else "award.why_content_scores"
        given = ("points", "votes", "all") if facts["counted"] else ("points",)
    elif row.category == awards.STEADY:
        key, given = "award.why_steady", ("weeks", "of", "streak")
    elif row.category == awards.CREATIVE:
        key = "award.why_creative" if facts["raters"] > 1 else "award.why_creative_alone"
        given = ("points", "raters") if facts["raters"] > 1 else ("points",)
    else:
        key, given = "award.why_opd", ("mean", "weeks")
    params = {name: facts[name] for name in given}
    if row.category == awards.STEADY:
        params["after"] = facts["minutes"] * 60
    return {"text": key, "params": params}


def subject(paper: Certificate) -> Any:
    """What a certificate is for, beside its category: the item, or the agency."""
    if paper.detail:
        return {"text": "certificate.for_item", "params": {"title": paper.detail}}
    return "" if paper.award.person_id else {"text": "certificate.for_agency", "params": {"opd": paper.name}}


def announced(session: Session, won: Iterable[tuple[Award, Certificate]], programme: Programme) -> list[Line]:
    """One sentence for each winner who may be named, to be read aloud."""
    found: list[Line] = []
    for award, paper in won:
        if award.person_id is not None and not wishes.is_willing(session, award.person_id, programme):
            continue
        kind = "content" if paper.detail else "person" if award.person_id else "opd"
        about = {"category": {"text": f"award.category_{award.category}"}, "name": paper.name}
        if kind == "content":
            about["title"] = paper.detail
        elif kind == "person":
            about["agency"] = paper.agency
        found.append({"text": f"award.announce_{kind}", "params": about})
    return found
