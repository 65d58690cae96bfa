"""`/penghargaan`: the list of a month, category by category, with its reasons in words; controllers confirm a
place, pass it over, or take a certificate back. How a line reads is in honours.py."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.recognition import honours, winners
from handlers.turn import Turn
from models.messages.post import Button
from models.people import roles
from models.programme import months
from models.recognition import awards, shortlists
from models.recognition.awards import CONFIRMED, Award, AwardList
from models.recognition.certificates import REASON, Certificate
from models.refused import Refused

STATE = "award.reason"
_PASS, _REVOKE = "pass", "revoke"


def _command(turn: Turn, argument: str) -> None:
    """`/penghargaan` is the newest list, `/penghargaan 2026-11` that of a month."""
    month = argument.strip()
    if month:
        try:
            months.first(month)
        except ValueError:
            raise Refused("award.which") from None
    _overview(turn, month)


def _list(turn: Turn, argument: str) -> None:
    roles.require(turn.session, turn.me, "award")
    _leave(turn)
    _overview(turn, argument)


def _leave(turn: Turn) -> None:
    """No reason is asked for any more: something else was looked at."""
    if turn.conversation.state == STATE:
        turn.end()


def _newest(turn: Turn, month: str) -> AwardList:
    found = awards.newest(turn.session, month)
    if found is None:
        due = months.list_at(awards.collecting(turn.session, turn.now, turn.programme), turn.programme)
        raise Refused("award.none_yet", at=due.isoformat())
    return found


def _overview(turn: Turn, month: str) -> None:
    of = _newest(turn, month)
    states, buttons = [], []
    undecided, confirmed = True, False
    for category in awards.CATEGORIES:
        lines = shortlists.shown(turn.session, of, category, turn.programme)
        states.append(honours.state(category, lines))
        undecided &= all(row.status == awards.LISTED for row in lines)
        confirmed |= any(row.status == CONFIRMED for row in lines)
        if lines:
            buttons.append(Button(f"award.button_{category}", f"award.see:{of.id}:{category}"))
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    if confirmed:
        rows.append([Button("award.button_announce", f"award.announce:{of.id}")])
    if undecided:
        rows.append([Button("award.button_again", f"award.again:{of.id}")])
    version = {"text": "award.version", "params": {"version": of.version}} if of.version > 1 else ""
    turn.say(
        "award.list",
        month=of.month,
        version=version,
        lines=states,
        notes=honours.notes(of.facts),
        buttons=rows,
    )


def _chosen(turn: Turn, number: str) -> AwardList:
    """The list that a button belongs to. Raises Refused where a newer version is there."""
    roles.require(turn.session, turn.me, "award")
    of = turn.session.get(AwardList, words.number(number))
    if of is None:
        raise Refused("menu.old_button")
    if _newest(turn, of.month).id != of.id:
        raise Refused("award.newer")
    return of


def _see(turn: Turn, argument: str) -> None:
    """A category, or one of its pages ("3:steady:1"): who stands where and why, and what can be decided."""
    number, _, rest = argument.partition(":")
    category, _, page = rest.partition(":")
    of = _chosen(turn, number)
    _leave(turn)
    if category not in awards.CATEGORIES:
        raise Refused("menu.old_button")
    _category(turn, of, category, words.number(page or "0"))


def _category(turn: Turn, of: AwardList, category: str, wanted: int = 0) -> None:
    lines = shortlists.shown(turn.session, of, category, turn.programme)
    front = shortlists.front(lines)
    if front:
        rows = winners.replacing(of.id, category, front, wanted)
    else:
        won = [pair for pair in shortlists.winners(turn.session, of) if pair[0].category == category]
        rows = winners.printing(of.id, category, won, wanted)
    rows.append([Button("award.button_list", f"award.list:{of.month}")])
    turn.say(
        "award.category",
        category={"text": f"award.category_{category}"},
        month=of.month,
        rule={"text": f"award.rule_{'opd' if category in awards.OF_AN_OPD else category}"},
        lines=honours.lines(lines) or {"text": "award.nobody"},
        front={"text": "award.front", "params": {"names": winners.named(front)}} if front else "",
        buttons=rows,
    )


def _paper(turn: Turn, argument: str) -> None:
    """[Unduh]: the certificate itself, to be printed for the ceremony."""
    number, _, award = argument.partition(":")
    of, wanted = _chosen(turn, number), words.number(award)
    paper = next((paper for row, paper in shortlists.winners(turn.session, of) if row.id == wanted), None)
    if paper is None:
        raise Refused("award.changed")
    turn.say("award.paper", report=f"certificate:{paper.id}", name=paper.name, number=paper.number)


# -- deciding ----------------------------------------------------------------------------------


def _confirm(turn: Turn, argument: str) -> None:
    """[Sahkan]: the winners, their teams, and whoever confirmed are told."""
    number, _, rest = argument.partition(":")
    category, _, first = rest.partition(":")
    of = _chosen(turn, number)
    made = shortlists.confirm(
        turn.session, of, category, words.number(first), turn.me, turn.now, turn.programme
    )
    handed = [_handed(turn, paper) for paper in made]
    # Those whom somebody has to go and tell stand first: they may not be among those left out.
    lines = winners.shortened(sorted(handed, key=lambda line: line["text"] == "award.confirmed_line"))
    category_name = {"text": f"award.category_{category}"}
    turn.edit("award.confirmed", category=category_name, lines=lines, buttons=_after(of))


def _handed(turn: Turn, paper: Certificate) -> dict[str, Any]:
    """Hands a certificate over; the line that says whether anybody could be reached."""
    key = "award.confirmed_line" if _hand_over(turn, paper) else "award.confirmed_unreached"
    return {"text": key, "params": {"name": awards.title(paper.award), "number": paper.number}}


def _after(of: AwardList) -> list[list[Button]]:
    announce = Button("award.button_announce", f"award.announce:{of.id}")
    return [[announce], [Button("award.button_list", f"award.list:{of.month}")]]


def _hand_over(turn: Turn, paper: Certificate) -> int:
    """The certificate to whoever won it, and a note to the PPID team; how many winners could be reached."""
    category = {"text": f"award.category_{paper.category}"}
    winners, team = shortlists.recipients(turn.session, paper.award)
    about = f"certificate:{paper.id}"
    reached = 0
    for person in winners:
        reached += turn.tell(
            person,
            about,
            "certificate.congratulation",
            report=about,
            name=person.name,
            category=category,
            subject=honours.subject(paper),
            month=paper.month,
            number=paper.number,
        )
    for person in team:
        turn.tell(
            person,
            f"{about}:team",
            "certificate.note_team",
            name=paper.name,
            category=category,
            month=paper.month,
        )
    return reached


def _pass(turn: Turn, argument: str) -> None:
    """[Ganti]: why? Who may not decide hears it before they write a reason."""
    of, award_id = _line(turn, argument)
    row = shortlists.to_replace(turn.session, of, award_id, turn.me, turn.programme)
    _ask(turn, of, row, _PASS, "award.ask_pass")


def _back(turn: Turn, argument: str) -> None:
    """[Cabut]: why? As `_pass`."""
    of, award_id = _line(turn, argument)
    row, _ = shortlists.to_take_back(turn.session, award_id, turn.me, turn.programme)
    if row.list_id != of.id:
        raise Refused("menu.old_button")
    _ask(turn, of, row, _REVOKE, "award.ask_take_back")


def _line(turn: Turn, argument: str) -> tuple[AwardList, int]:
    """The list and the number of the line that a button names."""
    number, _, award = argument.partition(":")
    return _chosen(turn, number), words.number(award)


def _ask(turn: Turn, of: AwardList, row: Award, act: str, question: str) -> None:
    turn.ask(STATE, list=of.id, award=row.id, act=act)
    out = [[Button("award.button_leave", f"award.see:{of.id}:{row.category}")]]
    turn.say(question, name=awards.title(row), least=REASON[0], most=REASON[1], buttons=out)


def _reasoned(turn: Turn, text: str) -> None:
    """The reason: the next one is there now, or the certificate is void."""
    of = _chosen(turn, str(turn.data["list"]))
    row = turn.session.get_one(Award, turn.data["award"])
    if turn.data["act"] == _REVOKE:
        _void(turn, row, text)
    else:
        coming = shortlists.replace(turn.session, of, row.id, turn.me, text, turn.now, turn.programme)
        if coming:
            turn.say("award.replaced", name=awards.title(row), next=awards.title(coming))
        else:
            turn.say("award.replaced_nobody", name=awards.title(row))
    turn.end()
    _category(turn, of, row.category)


def _void(turn: Turn, row: Award, reason: str) -> None:
    paper = shortlists.take_back(turn.session, row.id, turn.me, reason, turn.now, turn.programme)
    for person in shortlists.recipients(turn.session, row)[0]:
        turn.tell(
            person,
            f"certificate:{paper.id}:revoked",
            "certificate.revoked_note",
            number=paper.number,
            reason=paper.reason,
        )
    of = turn.session.get_one(AwardList, row.list_id)
    left = shortlists.front(shortlists.shown(turn.session, of, row.category, turn.programme))
    turn.say("award.taken_back", number=paper.number, next={"text": "award.next_may"} if left else "")


def _again(turn: Turn, argument: str) -> None:
    """[Hitung ulang]: scores may have come since."""
    of = _chosen(turn, argument)
    made = shortlists.again(turn.session, of.month, turn.now, turn.programme, turn.me)
    turn.say("award.made_again", version=made.version)
    _overview(turn, of.month)


def _announce(turn: Turn, argument: str) -> None:
    """[Teks pengumuman]: to be read aloud as it stands."""
    of = _chosen(turn, argument)
    lines = honours.announced(turn.session, shortlists.winners(turn.session, of), turn.programme)
    if not lines:
        raise Refused("award.nothing_confirmed")
    turn.say("award.announcement", month=of.month, province=turn.programme.province, lines=lines)


COMMANDS: Mapping[str, Any] = {"penghargaan": {"handler": _command, "capability": "award"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "award.list": _list,
    "award.see": _see,
    "award.yes": _confirm,
    "award.no": _pass,
    "award.back": _back,
    "award.paper": _paper,
    "award.again": _again,
    "award.announce": _announce,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _reasoned}
