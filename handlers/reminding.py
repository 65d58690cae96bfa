"""What somebody answers to a reminder: later, on leave, not this week, or again after all."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from handlers.turn import Turn
from models import reminders, weeks
from models.post import Button

LATER = timedelta(hours=3)
# Days of leave that may be chosen, with the texts of their buttons.
LEAVES = (3, 7, 14, 30)


def _later(turn: Turn, _argument: str) -> None:
    """[Nanti]: when?"""
    turn.say(
        "reminding.when",
        buttons=[
            [Button("reminding.button_hours", "rest.hours")],
            [Button("reminding.button_tomorrow", "rest.tomorrow")],
        ],
    )


def _hours(turn: Turn, _argument: str) -> None:
    _again_at(turn, LATER)


def _tomorrow(turn: Turn, _argument: str) -> None:
    _again_at(turn, reminders.tomorrow(turn.now, turn.programme) - turn.now)


def _again_at(turn: Turn, after: timedelta) -> None:
    closes = weeks.closing(turn.week, turn.programme)
    at = reminders.later(turn.session, turn.me, turn.week, turn.now + after, turn.now, turn.programme)
    if at is None:
        turn.edit("reminding.no_more", closes=closes.isoformat())
    else:
        turn.edit("reminding.later", at=at.isoformat())
    turn.conversation.choices = []


def _leave(turn: Turn, _argument: str) -> None:
    """[Sedang cuti]: until when?"""
    turn.say(
        "reminding.how_long",
        buttons=[
            [Button(f"reminding.button_days_{days}", f"rest.days:{days}") for days in pair]
            for pair in (LEAVES[:2], LEAVES[2:])
        ],
    )


def _days(turn: Turn, argument: str) -> None:
    days = int(argument) if argument.isdecimal() and int(argument) in LEAVES else LEAVES[0]
    until = reminders.rest(turn.session, turn.me, turn.week, turn.now + timedelta(days=days), reminders.LEAVE)
    _rests(turn, "reminding.leave", until.isoformat())


def _week(turn: Turn, _argument: str) -> None:
    """[Jangan ingatkan minggu ini]."""
    closes = weeks.closing(turn.week, turn.programme)
    until = reminders.rest(turn.session, turn.me, turn.week, closes, reminders.WEEK)
    _rests(turn, "reminding.not_this_week", until.isoformat())


def _rests(turn: Turn, text: str, until: str) -> None:
    turn.say(text, until=until, buttons=[[Button("reminding.button_over", "rest.over")]])


def _over(turn: Turn, _argument: str) -> None:
    reminders.resume(turn.session, turn.me)
    turn.edit("reminding.over")
    turn.conversation.choices = []


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "rest.later": _later,
    "rest.hours": _hours,
    "rest.tomorrow": _tomorrow,
    "rest.leave": _leave,
    "rest.days": _days,
    "rest.week": _week,
    "rest.over": _over,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
