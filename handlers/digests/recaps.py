"""The pack in chat: what `/rekap` shows of a week, its versions, and who may look further into it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.turn import Turn
from models.digests import differences, digests, packs, summaries, unread
from models.figures import snapshots
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.messages import conversations
from models.messages.post import Button
from models.people import roles
from models.programme import weeks
from models.refused import Refused

# "48 v1", "2026-W48 versi 1"
_VERSION = re.compile(r"(?P<week>.*?)\s*\bv(?:ersi)?\.?\s*(?P<version>[1-9]\d{0,2})", re.IGNORECASE)


def bound(turn: Turn) -> bool:
    """Whether the group of this message gets the pack."""
    return turn.session.get(conversations.Group, (turn.message.channel, turn.message.address)) is not None


def require_bound(turn: Turn) -> None:
    """Raises Refused in a group that does not get the pack."""
    if turn.message.group and not bound(turn):
        raise Refused("digest.not_bound")


def require(turn: Turn) -> None:
    """Raises Refused for who may not read the figures of all, and in a group that does not get them."""
    require_bound(turn)
    roles.require(turn.session, turn.person, "digest")


def asked(argument: str) -> tuple[str, int]:
    """The week of "48 v1" as it was written, and the version; 0 where none is named."""
    found = _VERSION.fullmatch(argument.strip())
    return (found["week"], int(found["version"])) if found else (argument, 0)


def week_of(turn: Turn, written: str) -> str:
    """The week of a button. Raises Refused for what is none of the programme's until now."""
    try:
        week = weeks.parse(written)
    except ValueError:
        raise Refused("menu.old_button") from None
    if not turn.programme.started <= week <= turn.week:
        raise Refused("menu.old_button")
    return week


def known(turn: Turn, week: str, version: int = 0) -> tuple[WeekFigures, Digest | None]:
    """The figures of a week: of a snapshot (the newest, or this version), or as they are now. Raises Refused
    for a version that there is not."""
    if not version:
        return digests.known(turn.session, week, turn.programme)
    found = snapshots.version(turn.session, week, version)
    if found is None:
        versions = len(snapshots.versions(turn.session, week))
        number = weeks.short(week, turn.now, turn.programme)
        raise Refused("recap.no_version", week=week, versions=versions, number=number)
    figures: Any = found.figures
    return figures, found


def whole(turn: Turn, week: str, version: int = 0) -> None:
    """The pack of a week; where there is more than one version, what changed, and the way to the others."""
    found, snapshot = known(turn, week, version)
    if snapshot is None:
        buttons = [*summaries.buttons(found), *around(turn, week)]
        turn.say("digest.summary", buttons=buttons, **summaries.summary(found, running=True))
        return
    first, *files = summaries.pack(snapshot)
    turn.say(first.text, buttons=[*first.buttons, *around(turn, week)], **first.params)
    for post in files:
        turn.say(post.text, report=post.report, buttons=post.buttons, **post.params)
    _versions(turn, snapshot)


def around(turn: Turn, week: str) -> list[list[Button]]:
    """The row that leads to the weeks before and after; under the running one to the week closed last."""
    row = []
    if week > turn.programme.started:
        label = "digest.button_last" if week == turn.week else "digest.button_week_before"
        row.append(Button(label, f"digest.week:{weeks.shift(week, -1)}"))
    if week < turn.week:
        row.append(Button("digest.button_week_after", f"digest.week:{weeks.shift(week, 1)}"))
    return [row] if row else []


def _versions(turn: Turn, snapshot: Digest) -> None:
    week, version = snapshot.week, snapshot.version
    newest = snapshots.newest(turn.session, week)
    assert newest is not None, "it is the newest itself, or there is a newer one"
    if newest.version == 1:
        return
    row = []
    if version > 1:
        row.append(Button("recap.button_before", f"digest.version:{week}:{version - 1}"))
    if version < newest.version:
        row.append(Button("recap.button_newest", f"digest.version:{week}:{newest.version}"))
    params: dict[str, Any] = {"week": week, "version": version, "newest": newest.version}
    if version == 1:
        turn.say("recap.first_version", buttons=[row], **params)
    else:
        lines = differences.lines(snapshot.changes)
        turn.say("recap.changed", before=version - 1, lines=lines, buttons=[row], **params)


def _version(turn: Turn, argument: str) -> None:
    """[Versi sebelumnya], [Versi terbaru], and the button of a correction's message."""
    require(turn)
    written, _, version = argument.partition(":")
    whole(turn, week_of(turn, written), words.number(version))


def _again(turn: Turn, argument: str) -> None:
    """[Kirim ulang]: what did not reach the groups goes out once more."""
    roles.require(turn.session, turn.person, "release")
    week = week_of(turn, argument)
    number = packs.send_again(turn.session, week, turn.now)
    if not number:
        turn.edit("recap.nothing_to_send", week=week)
        return
    turn.edit("recap.sent_again", week=week, number=number)


def _readers_again(turn: Turn, argument: str) -> None:
    """[Kirim lagi]: what did not reach those who read it one to one goes out once more."""
    roles.require(turn.session, turn.person, "release")
    week = week_of(turn, argument)
    number, unreachable = unread.send_again(turn.session, week, turn.now)
    if number:
        blocked = {"text": "recap.readers_blocked", "params": {"people": unreachable}} if unreachable else ""
        turn.edit("recap.readers_sent_again", week=week, people=number, blocked=blocked)
    elif unreachable:
        turn.edit("recap.readers_blocked", buttons=unread.button(week), people=unreachable)
    else:
        turn.edit("recap.readers_nothing", week=week)


COMMANDS: Mapping[str, Any] = {}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "digest.version": _version,
    "digest.again": _again,
    "digest.readers": _readers_again,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
