"""`/siar`: a release, from the preview to the last person who did not get it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.items import items
from handlers.joining import joining
from handlers.releasing import opening
from handlers.turn import Turn
from models.content import readiness
from models.content.content import Item
from models.editorial import waits
from models.messages.post import Button, Post
from models.programme import weeks
from models.refused import Refused
from models.releases import audiences, costs, deliveries, holding, releases, urgent, watching
from models.releases.releases import OPEN, Release

MOST_NAMES = 20
MOST_OPD = 12


def show(turn: Turn, argument: str) -> None:
    """`/siar 48`: what a release would reach, how far it is, or how it ended; then what was urgent."""
    week = _week(turn, argument)
    release = releases.of_week(turn.session, week)
    also = urgent.of_week(turn.session, week, turn.programme)
    if also:
        turn.say(
            "releasing.also_urgent",
            buttons=[
                [
                    Button(
                        "releasing.button_urgent",
                        f"release.show:{one.id}",
                        {"id": one.item_id, "title": items.short(one.item) if one.item else ""},
                    )
                ]
                for one in also
            ],
        )
    if release is None:
        _preview(turn, week)
    else:
        _shown(turn, release)


def _shown(turn: Turn, release: Release) -> None:
    key = _say(turn, watching.post(turn.session, release, turn.now, turn.programme))
    if release.status in OPEN:
        watching.watch(release, turn.message.channel, turn.message.address, key)


def _show_one(turn: Turn, argument: str) -> None:
    """An urgent release, by its button."""
    _shown(turn, _release(turn, argument))


def _week(turn: Turn, argument: str) -> str:
    try:
        return weeks.written(argument, turn.now, turn.programme)
    except ValueError:
        raise Refused("releasing.week_unknown") from None


def _preview(turn: Turn, week: str) -> None:
    """The audience of a week, and the question whether it shall go out now."""
    own, provincial = plan = audiences.items(turn.session, week)
    if turn.now >= weeks.closing(week, turn.programme):
        raise Refused("releasing.too_late", week=week)
    if not own and provincial is None:
        raise Refused("releasing.nothing", week=week)
    audience = audiences.measure(turn.session, week)
    lacking = [opd.name for opd in readiness.lacking(turn.session, week)]
    pictures = audiences.pictures(turn.session, plan)
    duration = audiences.seconds(audience.reachable, turn.around.messages_per_second, pictures)
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
        names=_names(lacking, provincial is not None),
        pictures=pictures or "",
        **opening.forecast(turn, plan, audience.channels.get("whatsapp", 0)),
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


def _names(lacking: Sequence[str], served: bool) -> dict[str, Any] | str:
    """The OPD without an item of their own: those that get the provincial one, or nothing."""
    if not lacking:
        return ""
    shown = lacking[:MOST_OPD]
    more = len(lacking) - len(shown)
    return {
        "text": "releasing.get_provincial" if served else "releasing.get_nothing",
        "params": {
            "names": "; ".join(shown),
            "more": {"text": "releasing.more_opd", "params": {"number": more}} if more else "",
        },
    }


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
    waits.lock_up(turn.session, turn.now, turn.programme)
    release = releases.start(
        turn.session,
        week,
        turn.now,
        weeks.closing(week, turn.programme),
        province=turn.programme.province_short,
        by=turn.me,
    )
    costs.expect(turn.session, release, turn.now, turn.programme)
    turn.edit("releasing.started", name=release.name)
    watched(turn, release, turn.around.messages_per_second / 2)


def watched(turn: Turn, release: Release, per_second: float = 0.0) -> None:
    """One message from now on shows how a release goes; `per_second` are the people to be expected."""
    key = _say(turn, watching.post(turn.session, release, turn.now, turn.programme))
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
    post = watching.post(turn.session, release, turn.now, turn.programme)
    turn.edit(post.text, buttons=post.buttons, **post.params)
    turn.choose_from(post.buttons)


def _stop(turn: Turn, argument: str) -> None:
    """[Hentikan] cannot be taken back, so it is asked once more."""
    release = _release(turn, argument)
    if release.status not in OPEN:
        _say(turn, watching.post(turn.session, release, turn.now, turn.programme))
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
    turn.edit("releasing.stopped", name=release.name)
    turn.conversation.choices = []
    watching.follow(turn.session, release, turn.now, turn.programme)


def _keep(turn: Turn, argument: str) -> None:
    release = _release(turn, argument)
    turn.edit("releasing.kept", name=release.name)
    turn.conversation.choices = []


def _missing(turn: Turn, argument: str) -> None:
    """Who did not get it, and why: one page of them."""
    number, _, page = argument.partition(":")
    release, shown = _release(turn, number), words.number(page or "0")
    total, people = deliveries.failures(turn.session, release.id, MOST_NAMES, shown)
    if not total:
        raise Refused("releasing.nobody_missing", name=release.name)
    first = shown * MOST_NAMES + 1
    pages = []
    if shown:
        pages.append(Button("browsing.button_before", f"release.missing:{release.id}:{shown - 1}"))
    if first + len(people) <= total:
        pages.append(Button("browsing.button_more", f"release.missing:{release.id}:{shown + 1}"))
    again = [Button("releasing.button_retry", f"release.retry:{release.id}")]
    turn.say(
        "releasing.missing",
        name=release.name,
        total=total,
        lines=[
            {
                "text": "releasing.missing_line",
                "params": {"name": name, "opd": opd, "reason": {"text": holding.why_text(reason)}},
            }
            for name, opd, reason in people
        ],
        span={
            "text": "releasing.missing_span",
            "params": {"first": first, "last": first + len(people) - 1},
        }
        if pages
        else "",
        buttons=[
            *([pages] if pages else []),
            *([again] if deliveries.retryable(turn.session, release, turn.now) else []),
        ],
    )


def _retry(turn: Turn, argument: str) -> None:
    """Just those whose card failed, once more."""
    release = _release(turn, argument)
    if not deliveries.retry(turn.session, release, turn.me, turn.now):
        raise Refused("releasing.nobody_to_retry", name=release.name)
    watched(turn, release)


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
    "release.show": _show_one,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
