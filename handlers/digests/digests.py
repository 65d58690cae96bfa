"""The Rabuan group and the weekly figures: `/rabuan`, `/rekap`, and groups that come and go."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.digests import absentees, recaps
from handlers.turn import Turn
from models.digests import summaries
from models.messages import conversations, notices, outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import roles
from models.people.people import Opd
from models.programme import weeks
from models.refused import Refused

# -- groups ------------------------------------------------------------------------------------


def group_joined(turn: Turn) -> None:
    """The bot was added to a group. A group that moved and is bound already is not greeted again."""
    if not recaps.bound(turn):
        turn.say("digest.greeting", group=turn.message.group_title)


def group_left(turn: Turn) -> None:
    """The bot was removed from a group: nothing more goes there."""
    message = turn.message
    if conversations.unbind(turn.session, message.channel, message.address):
        post = Post("digest.left_group", {"group": message.group_title})
        notices.tell_all(turn.session, turn.now, "release", f"group:{turn.source}:left", post)
    outbox.cancel(
        turn.session,
        Outbound.channel == message.channel,
        Outbound.address == message.address,
        reason="left the group",
    )


def group_migrated(turn: Turn) -> None:
    """A group became a supergroup: what is bound, and what is on its way, goes to its new address."""
    message = turn.message
    conversations.migrate(turn.session, message.channel, message.address, message.new_address, turn.now)
    outbox.readdress(turn.session, message.channel, message.address, message.new_address)


def _rabuan(turn: Turn, argument: str) -> None:
    """`/rabuan` in a group: from now on the Wednesday pack goes here; `/rabuan lepas`: no longer."""
    message = turn.message
    if not message.group:
        raise Refused("digest.group_only", bot=turn.around.bot_name)
    if argument.lower() in ("lepas", "batal", "berhenti"):
        known = conversations.unbind(turn.session, message.channel, message.address)
        turn.say("digest.unbound" if known else "digest.was_not_bound")
        return
    new = conversations.bind(
        turn.session, message.channel, message.address, message.group_title, turn.me.id, turn.now
    )
    closes = weeks.moment(weeks.shift(turn.week, 1), turn.programme.digest, turn.programme)
    turn.say("digest.bound" if new else "digest.bound_before", at=closes.isoformat())


# -- figures -----------------------------------------------------------------------------------


def _rekap(turn: Turn, argument: str) -> None:
    """`/rekap 48`: the figures of a week; a PPID without the right to all sees the own OPD's page."""
    recaps.require_bound(turn)
    written, version = recaps.asked(argument)
    _show(turn, _week(turn, written), version)


def _around(turn: Turn, argument: str) -> None:
    """[Minggu lalu], [Minggu sebelumnya], [Minggu berikutnya]: what `/rekap` shows of that week."""
    recaps.require_bound(turn)
    _show(turn, recaps.week_of(turn, argument), 0)


def _show(turn: Turn, week: str, version: int) -> None:
    """The pack of a week, or the pages of the own OPD. Raises Refused for who may see neither."""
    if roles.may(turn.session, turn.me, "digest"):
        recaps.whole(turn, week, version)
        return
    agencies = _own_agencies(turn)
    if not agencies:
        raise Refused("digest.not_for_you")
    for opd in agencies:
        _page(turn, opd, week, version)


def _week(turn: Turn, argument: str) -> str:
    """The week that is meant: one of the programme, not a coming one."""
    try:
        week = weeks.written(argument, turn.now, turn.programme)
    except ValueError:
        raise Refused("digest.week_unknown") from None
    if not turn.programme.started <= week <= turn.week:
        raise Refused(
            "digest.no_such_week", first=turn.programme.started, last=max(turn.programme.started, turn.week)
        )
    return week


def _own_agencies(turn: Turn) -> list[Opd]:
    """The OPD in whose PPID team the person is."""
    ids = {role.opd_id for role in roles.of(turn.session, turn.me.id) if role.opd_id is not None}
    return [turn.session.get_one(Opd, opd_id) for opd_id in sorted(ids)]


def _page(turn: Turn, opd: Opd, week: str, version: int) -> None:
    """The page of one OPD. Those who are missing are a button away, for their own PPID alone."""
    known, snapshot = recaps.known(turn, week, version)
    found = summaries.page(known, opd.code, running=snapshot is None)
    if found is None:
        raise Refused("digest.no_people", opd=opd.name)
    buttons = [*absentees.button(turn, opd, week), *recaps.around(turn, week)]
    turn.say("digest.page", buttons=buttons, **found)


COMMANDS: Mapping[str, Any] = {
    "rabuan": {"handler": _rabuan, "capability": "bind_group", "group": True},
    "rekap": {"handler": _rekap, "group": True},
}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"digest.week": _around}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
