"""What somebody answers to a reminder: later (when?), on leave (until when?), not this week, or again after
all; by button, by number, or in their own words."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.sharing import sharing
from handlers.turn import Turn
from models.messages.post import Button
from models.people import breaks
from models.programme import occasions, weeks
from models.refused import Refused
from models.reminders import asked, reminders

WHEN, UNTIL = "rest.when", "rest.until"
# Days of leave that may be chosen, with the texts of their buttons.
LEAVES = (3, 7, 14, 30)


def _ask(turn: Turn, state: str) -> None:
    """Opens a question of ours. Where another one is open it stays: ours is answered by its buttons."""
    if turn.conversation.state in ("", WHEN, UNTIL):
        turn.ask(state)


def _close(turn: Turn) -> None:
    if turn.conversation.state in (WHEN, UNTIL):
        turn.end()
    turn.conversation.choices = []


def _closes(turn: Turn) -> str:
    return weeks.closing(turn.week, turn.programme).isoformat()


# -- [Nanti] ---------------------------------------------------------------------------------------


def _later(turn: Turn, _argument: str) -> None:
    """[Nanti]: when? Only what can be kept is offered."""
    if not _may_ask(turn):
        return
    found = occasions.offers(turn.now, turn.week, turn.programme)
    if not found:
        turn.say("reminding.no_time", closes=_closes(turn))
        return
    _ask(turn, WHEN)
    turn.say(
        "reminding.when",
        buttons=[
            [Button(f"reminding.button_{one.name}", f"rest.{one.name}", {"at": one.at.isoformat()})]
            for one in found
        ],
    )


def _may_ask(turn: Turn) -> bool:
    """Whether another reminder may be promised, or one that is still to come may be moved; where not, it is
    said why."""
    if asked.done(turn.session, turn.me, turn.week):
        turn.say("reminding.done")
    elif asked.used_up(turn.session, turn.me, turn.week, turn.programme) and not asked.movable(
        turn.session, turn.me, turn.week
    ):
        turn.say("reminding.no_more", closes=_closes(turn))
    else:
        return True
    _close(turn)
    return False


def _hours(turn: Turn, _argument: str) -> None:
    _again_at(turn, turn.now + occasions.IN_HOURS)


def _tonight(turn: Turn, _argument: str) -> None:
    _again_at(turn, occasions.tonight(turn.now, turn.programme))


def _tomorrow(turn: Turn, _argument: str) -> None:
    _again_at(turn, occasions.tomorrow(turn.now, turn.programme))


def _again_at(turn: Turn, moment: datetime) -> None:
    if not _may_ask(turn):
        return
    occasions.require(moment, turn.now, turn.week, turn.programme)
    at = asked.later(turn.session, turn.me, turn.week, moment, turn.now, turn.programme)
    _close(turn)
    if at is None:
        turn.edit("reminding.no_more", closes=_closes(turn))
    else:
        turn.edit("reminding.later", at=at.isoformat())


def _when(turn: Turn, text: str) -> None:
    """A time in words; what is about sharing after all is taken as that."""
    try:
        moment = occasions.written(text, turn.now, turn.programme)
    except Refused:
        if _about_sharing(turn, text):
            return
        raise
    _again_at(turn, moment)


def _about_sharing(turn: Turn, text: str) -> bool:
    """Whether words that are no answer are a link, a place or "sudah": then our question is over."""
    state, data, choices = turn.conversation.state, turn.data, turn.conversation.choices
    turn.end()
    if sharing.hears(turn, text):
        return True
    turn.conversation.state, turn.conversation.data, turn.conversation.choices = state, data, choices
    return False


# -- [Sedang cuti], [Jangan minggu ini] --------------------------------------------------------------


def _leave(turn: Turn, _argument: str) -> None:
    """[Sedang cuti]: until when?"""
    _ask(turn, UNTIL)
    turn.say(
        "reminding.how_long",
        buttons=[
            [Button(f"reminding.button_days_{days}", f"rest.days:{days}") for days in pair]
            for pair in (LEAVES[:2], LEAVES[2:])
        ],
    )


def _days(turn: Turn, argument: str) -> None:
    days = int(argument) if argument.isdecimal() and int(argument) in LEAVES else LEAVES[0]
    day = turn.now.astimezone(turn.programme.zone).date() + timedelta(days=days)
    _away(turn, occasions.end_of(day, turn.now, turn.programme))


def _until(turn: Turn, text: str) -> None:
    """A day or a length of time in words."""
    try:
        until = occasions.leave_until(text, turn.now, turn.programme)
    except Refused:
        if _about_sharing(turn, text):
            return
        raise
    _away(turn, until)


def _away(turn: Turn, until: datetime) -> None:
    _close(turn)
    until = reminders.rest(turn.session, turn.me, turn.week, until, breaks.LEAVE)
    turn.say(
        "reminding.leave", until=until.isoformat(), buttons=[[Button("reminding.button_back", "rest.over")]]
    )


def _week(turn: Turn, argument: str) -> None:
    """[Jangan minggu ini], of the week whose reminder it stood on: that of a week which is over silences
    nobody in the next one."""
    _close(turn)
    if argument not in ("", turn.week):
        turn.say(
            "reminding.week_over",
            week=turn.week,
            buttons=[[Button("reminding.button_not_this_week", f"rest.week:{turn.week}")]],
        )
        return
    closes = weeks.closing(turn.week, turn.programme)
    until = reminders.rest(turn.session, turn.me, turn.week, closes, breaks.WEEK)
    turn.say(
        "reminding.not_this_week",
        until=until.isoformat(),
        buttons=[[Button("reminding.button_over", "rest.over")]],
    )


def _over(turn: Turn, _argument: str) -> None:
    """[Saya sudah kembali], [Ingatkan saya lagi]."""
    rest = breaks.at_rest(turn.session, turn.me, turn.now)
    back = rest is not None and rest.why == breaks.LEAVE
    breaks.resume(turn.session, turn.me)
    _close(turn)
    turn.edit("reminding.back" if back else "reminding.over")


# -- elsewhere ---------------------------------------------------------------------------------------


def not_yet(turn: Turn) -> None:
    """ "Belum", said to a reminder: there is time, and the ways to be reminded, or not to be."""
    if asked.done(turn.session, turn.me, turn.week):
        turn.say("reminding.done")
        return
    turn.say(
        "reminding.not_yet",
        closes=_closes(turn),
        buttons=[
            [Button("reminding.button_later", "rest.later"), Button("reminding.button_leave", "rest.leave")],
            [Button("reminding.button_not_this_week", f"rest.week:{turn.week}")],
        ],
    )


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "rest.later": _later,
    "rest.hours": _hours,
    "rest.tonight": _tonight,
    "rest.tomorrow": _tomorrow,
    "rest.leave": _leave,
    "rest.days": _days,
    "rest.week": _week,
    "rest.over": _over,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {WHEN: _when, UNTIL: _until}
