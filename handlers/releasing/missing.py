"""`/belum`: who of an OPD has shown nothing this week, for its PPID, and one friendly nudge a week."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.joining import teams
from handlers.message import Kind
from handlers.releasing import reminding
from handlers.turn import Turn
from models.messages.post import Button
from models.people import roles
from models.people.people import Opd
from models.programme import weeks
from models.refused import Refused
from models.releases import releases
from models.releases.releases import Release
from models.reminders import greetings, missing

STATE = "missing.opd"
PAGE = 20


def show(turn: Turn, argument: str) -> None:
    """`/belum`, for a controller `/belum kesehatan`. Said without its sign by who was just reminded, it is an
    answer to that."""
    spoken = turn.message.kind is Kind.TEXT and not turn.message.text.startswith("/")
    if spoken and (argument or not roles.may(turn.session, turn.me, "missing")):
        reminding.not_yet(turn)
        return
    roles.require(turn.session, turn.me, "missing")
    _begin(turn, argument)


def _begin(turn: Turn, argument: str) -> None:
    allowed = roles.agencies(turn.session, turn.me, "missing")
    if allowed is None and argument:
        if opd := teams.typed_opd(turn, argument, "missing.of"):
            _card(turn, opd)
    elif allowed is None:
        turn.ask(STATE)
        everybody = [Button("choosing.button_all", "missing.ofs:0")]
        turn.say("missing.ask_opd", buttons=[*_choice([turn.me.opd]), everybody])
    elif len(allowed) == 1:
        _card(turn, turn.session.get_one(Opd, allowed[0]))
    else:
        turn.say("teams.which_opd", buttons=_choice([turn.session.get_one(Opd, one) for one in allowed]))


def _choice(opds: list[Opd]) -> list[list[Button]]:
    return [[Button("teams.button_opd", f"missing.of:{opd.id}", {"opd": opd.name})] for opd in opds]


def _opd(turn: Turn, argument: str) -> Opd:
    """The OPD of a pressed button, where the person may see its people; never in a group."""
    if turn.message.group:
        raise Refused("menu.private_only")
    opd = turn.session.get(Opd, words.number(argument))
    if opd is None:
        raise Refused("menu.old_button")
    roles.require(turn.session, turn.person, "missing", opd.id)
    return opd


def _release(turn: Turn) -> Release:
    release = releases.of_week(turn.session, turn.week)
    if release is None:
        coming = weeks.moment(turn.week, turn.programme.release, turn.programme)
        raise Refused("missing.not_yet", at=max(coming, turn.now).isoformat())
    return release


def _card(turn: Turn, opd: Opd) -> None:
    """The counts first; the names are a button away."""
    turn.end()
    release = _release(turn)
    found = missing.counts(turn.session, release, opd, turn.now)
    without, apart = found.of(*missing.NAMED), found.of(*missing.APART)
    buttons = []
    if without:
        buttons.append([Button("missing.button_names", f"missing.page:{opd.id}:0", {"number": without})])
    if apart:
        buttons.append([Button("missing.button_apart", f"missing.apart:{opd.id}:0", {"number": apart})])
    greeted = greetings.of(turn.session, opd.id, turn.week)
    if without and not greeted and roles.may(turn.session, turn.me, "greet", opd.id):
        buttons.append([Button("missing.button_greet", f"missing.ask:{opd.id}")])
    turn.say(
        "missing.card",
        opd=opd.name,
        week=turn.week,
        people=found.people,
        received=found.received,
        lines=[
            {"text": f"missing.count_{group}", "params": {"number": found.of(group)}}
            for group in (missing.PROVED, missing.APPEALED, missing.CLAIMED, missing.NOTHING, missing.LEAVE)
            if group == missing.PROVED or found.of(group)
        ],
        apart=[
            {"text": f"missing.count_{group}", "params": {"number": found.of(group)}}
            for group in missing.APART
            if found.of(group)
        ],
        greeted={
            "text": "missing.greeted",
            "params": {"by": greeted.person.name, "at": greeted.at.isoformat(), "number": greeted.people},
        }
        if greeted
        else "",
        buttons=buttons,
    )


def _names(turn: Turn, argument: str) -> None:
    """Those from whom nothing has come yet."""
    _list(turn, argument, "page", missing.NAMED)


def _apart(turn: Turn, argument: str) -> None:
    """Those from whom nothing could come: not joined, blocked, not received."""
    _list(turn, argument, "apart", missing.APART)


def _list(turn: Turn, argument: str, which: str, groups: tuple[str, ...]) -> None:
    number, _, shown = argument.partition(":")
    opd, page = _opd(turn, number), words.number(shown or "0")
    release = _release(turn)
    total = missing.counts(turn.session, release, opd, turn.now).of(*groups)
    people = missing.page(turn.session, release, opd, turn.now, groups, page, PAGE)
    if not people:
        raise Refused("missing.all_shown")
    turn.say(
        f"missing.{which}",
        opd=opd.name,
        first=page * PAGE + 1,
        last=page * PAGE + len(people),
        total=total,
        lines=[{"text": f"missing.line_{group}", "params": {"name": name}} for name, group in people],
        buttons=items.turning(f"missing.{which}:{opd.id}", page, total, PAGE),
    )


# -- [Ingatkan dengan ramah] -------------------------------------------------------------------------


def _ask(turn: Turn, argument: str) -> None:
    """The text as people will read it, to how many it goes, and the question."""
    opd = _opd(turn, argument)
    post, item_id, number = greetings.preview(turn.session, opd, turn.week, turn.me, turn.now, turn.programme)
    turn.say(post.text, item=item_id, **post.params)
    turn.say(
        "missing.ask_greet",
        number=number,
        buttons=[
            [Button("missing.button_send", f"missing.send:{opd.id}", {"number": number})],
            [Button("button.cancel", f"missing.no:{opd.id}")],
        ],
    )


def _send(turn: Turn, argument: str) -> None:
    opd = _opd(turn, argument)
    number = greetings.send(turn.session, opd, turn.week, turn.me, turn.now, turn.programme)
    turn.edit("missing.sent", number=number)
    turn.conversation.choices = []


def _no(turn: Turn, _argument: str) -> None:
    turn.edit("missing.not_sent")
    turn.conversation.choices = []


COMMANDS: Mapping[str, Any] = {"belum": show}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "missing.ofs": lambda turn, page: teams.list_opds(turn, page, "missing.of", "missing.ofs", "missing"),
    "missing.of": lambda turn, argument: _card(turn, _opd(turn, argument)),
    "missing.page": _names,
    "missing.apart": _apart,
    "missing.ask": _ask,
    "missing.send": _send,
    "missing.no": _no,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _begin}
