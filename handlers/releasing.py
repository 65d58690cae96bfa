"""`/siar`: the weekly release, from the preview to the last person who did not get it."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import joining
from handlers.turn import Turn
from models import audiences, content, deliveries, releases, watching, weeks
from models.content import Item
from models.post import Button, Post
from models.refused import Refused
from models.releases import OPEN, Release

MOST_NAMES = 20


def show(turn: Turn, argument: str) -> None:
    """`/siar 48`: what a release would reach, how far it is, or how it ended."""
    week = _week(turn, argument)
    release = releases.of_week(turn.session, week)
    if release is None:
        _preview(turn, week)
        return
    key = _say(turn, watching.post(turn.session, release, turn.now))
    if release.status in OPEN:
        watching.watch(release, turn.message.channel, turn.message.address, key)


def _week(turn: Turn, argument: str) -> str:
    try:
        return weeks.written(argument, turn.now, turn.programme)
    except ValueError:
        raise Refused("releasing.week_unknown") from None


def _preview(turn: Turn, week: str) -> None:
    """The audience of a week, and the question whether it shall go out now."""
    own, provincial = audiences.items(turn.session, week)
    if turn.now >= weeks.closing(week, turn.programme):
        raise Refused("releasing.too_late", week=week)
    if not own and provincial is None:
        raise Refused("releasing.nothing", week=week)
    audience = audiences.measure(turn.session, week)
    _, lacking = content.readiness(turn.session, week)
    duration = audiences.seconds(audience.reachable, turn.around.messages_per_second)
    opens = weeks.opening(week, turn.programme)
    turn.say(
        "releasing.preview",
        week=week,
        channels=[
            {"text": f"releasing.channel_{channel}", "params": {"people": number}}
            for channel, number in audience.channels.items()
        ]
        or {"text": "releasing.channel_none"},
        items=len(own),
        provincial=_provincial(turn, provincial),
        lacking=len(lacking),
        without_item=audience.without_item,
        unreachable=audience.unreachable,
        not_joined=audience.not_joined,
        seconds=round(duration.total_seconds()),
        ask={"text": "releasing.early", "params": {"at": opens.isoformat()}}
        if turn.now < opens
        else {"text": "releasing.ask"},
        buttons=[]
        if turn.now < opens
        else [
            [Button("releasing.button_go", f"release.go:{week}")],
            [Button("button.cancel", f"release.no:{week}")],
        ],
    )


def _provincial(turn: Turn, item_id: int | None) -> dict[str, Any] | str:
    if item_id is None:
        return ""
    item = turn.session.get_one(Item, item_id)
    return {"text": "releasing.provincial", "params": {"title": item.title}}


def _go(turn: Turn, week: str) -> None:
    """[Siarkan]: everything is queued, and one message shows how it goes."""
    joining.require(turn, "release")
    if turn.now < weeks.opening(week, turn.programme):
        raise Refused("releasing.week_unknown")  # no such button was ever shown
    release = releases.start(
        turn.session,
        week,
        turn.now,
        weeks.closing(week, turn.programme),
        province=turn.programme.province_short,
        by=turn.me,
    )
    turn.edit("releasing.started", week=week)
    _watched(turn, release, turn.around.messages_per_second / 2)


def _watched(turn: Turn, release: Release, per_second: float = 0.0) -> None:
    key = _say(turn, watching.post(turn.session, release, turn.now))
    watching.watch(release, turn.message.channel, turn.message.address, key, per_second)


def _no(turn: Turn, week: str) -> None:
    turn.edit("releasing.not_started", week=week)
    turn.conversation.choices = []


def _pause(turn: Turn, argument: str) -> None:
    release = _release(turn, argument)
    releases.pause(turn.session, release, turn.me, turn.now)
    _renew(turn, release)


def _resume(turn: Turn, argument: str) -> None:
    release = _release(turn, argument)
    releases.resume(turn.session, release, turn.me, turn.now)
    _renew(turn, release)


def _renew(turn: Turn, release: Release) -> None:
    """The pressed message shows the new state at once; `watching` goes on from there."""
    post = watching.post(turn.session, release, turn.now)
    turn.edit(post.text, buttons=post.buttons, **post.params)
    turn.conversation.choices = [button.action for row in post.buttons for button in row]


def _stop(turn: Turn, argument: str) -> None:
    """[Hentikan] cannot be taken back, so it is asked once more."""
    release = _release(turn, argument)
    if release.status not in OPEN:
        _say(turn, watching.post(turn.session, release, turn.now))
        return
    turn.say(
        "releasing.really_stop",
        left=releases.progress(turn.session, release.id).left,
        buttons=[
            [Button("releasing.button_stop_yes", f"release.halt:{release.id}")],
            [Button("releasing.button_stop_no", f"release.keep:{release.id}")],
        ],
    )


def _halt(turn: Turn, argument: str) -> None:
    release = _release(turn, argument)
    releases.stop(turn.session, release, turn.me, turn.now)
    turn.edit("releasing.stopped", week=release.week)
    turn.conversation.choices = []
    watching.follow(turn.session, release, turn.now)


def _keep(turn: Turn, argument: str) -> None:
    release = _release(turn, argument)
    turn.edit("releasing.kept", week=release.week)
    turn.conversation.choices = []


def _missing(turn: Turn, argument: str) -> None:
    """Who did not get it, and why."""
    release = _release(turn, argument)
    total, people = deliveries.failures(turn.session, release.id, MOST_NAMES)
    if not total:
        raise Refused("releasing.nobody_missing", week=release.week)
    turn.say(
        "releasing.missing",
        week=release.week,
        total=total,
        lines=[
            {
                "text": "releasing.missing_line",
                "params": {"name": name, "opd": opd, "reason": {"text": watching.why_text(reason)}},
            }
            for name, opd, reason in people
        ],
        more={"text": "releasing.missing_more", "params": {"people": total - len(people)}}
        if total > len(people)
        else "",
        buttons=[[Button("releasing.button_retry", f"release.retry:{release.id}")]]
        if deliveries.retryable(turn.session, release, turn.now)
        else [],
    )


def _retry(turn: Turn, argument: str) -> None:
    """Just those whose card failed, once more."""
    release = _release(turn, argument)
    if not deliveries.retry(turn.session, release, turn.me, turn.now):
        raise Refused("releasing.nobody_to_retry", week=release.week)
    _watched(turn, release)


def _release(turn: Turn, argument: str) -> Release:
    """The release that a button names, for those who may release."""
    joining.require(turn, "release")
    release = turn.session.get(Release, int(argument)) if argument.isdecimal() else None
    if release is None:
        raise Refused("releasing.week_unknown")
    return release


def _say(turn: Turn, post: Post) -> str:
    return turn.say(post.text, buttons=post.buttons, **post.params)


COMMANDS: Mapping[str, Any] = {"siar": {"handler": show, "capability": "release"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "release.go": _go,
    "release.no": _no,
    "release.pause": _pause,
    "release.resume": _resume,
    "release.stop": _stop,
    "release.halt": _halt,
    "release.keep": _keep,
    "release.missing": _missing,
    "release.retry": _retry,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
