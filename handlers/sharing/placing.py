"""The one question about a share that is left: where was it posted? And its receipt, on which somebody may
say what we cannot know: that the pictures show several places, or that it was for last week's item."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import places, words
from handlers.recognition import voting
from handlers.turn import Turn
from models.content import content
from models.messages.post import Button
from models.proofs import belonging, bundles, examining, proofs
from models.proofs.proofs import Taken
from models.recognition import records
from models.refused import Refused
from models.reminders import reminders
from models.shares import shares, standings
from models.shares.shares import Share

_ELSE = "else"  # [Lainnya]: none of those that most people use


def receipt(share: Share | Taken) -> dict[str, Any]:
    """The parameters of a receipt."""
    return {"receipt": share.id, "platform": places.text(share.platform), "late": late(share)}


def late(share: Share | Taken) -> dict[str, str] | str:
    """That a share came after its week was closed, as a parameter."""
    return {"text": "sharing.late"} if share.late else ""


def praise(turn: Turn, share: Share | Taken) -> dict[str, str] | str:
    """A kind word for the weeks in a row that this share completes, as a parameter; mostly nothing."""
    number = records.milestone(turn.session, turn.me.id, share, turn.week)
    return {"text": f"record.praise_{number}"} if number else ""


def besides(turn: Turn, share: Share | Taken) -> dict[str, Any]:
    """What else a receipt says, as parameters: the kind word, and that there is a vote."""
    return {"praise": praise(turn, share), "vote": voting.call(turn, share.id)}


def where(share: Share | Taken, action: str = "share.place", *, rare: bool = False) -> list[list[Button]]:
    """The platforms in two columns, each with the number that may be typed instead. The rare ones come behind
    [Lainnya], so that nobody looks through more buttons than a small phone shows at once (and a list of
    WhatsApp may have)."""
    common = [(name, name) for name in shares.PLATFORMS if name not in shares.RARE]
    offered = [(name, name) for name in shares.RARE] if rare else [*common, (_ELSE, "other")]
    buttons = [
        Button(
            "sharing.button_place",
            f"{action}:{share.id}:{meant}",
            {"number": number, "platform": places.text(platform)},
        )
        for number, (meant, platform) in enumerate(offered, start=1)
    ]
    return [buttons[first : first + 2] for first in range(0, len(buttons), 2)]


def _asks_rare(turn: Turn, share: Share, platform: str, action: str) -> bool:
    """Whether [Lainnya] was pressed, which brings the rare ones."""
    if platform != _ELSE:
        return False
    buttons = where(share, action, rare=True)
    turn.edit("sharing.where_else", buttons=buttons, receipt=share.id)
    turn.choose_from(buttons)
    return True


def same(share: Share | Taken) -> list[list[Button]]:
    """Another posting on the same platform, or the same one sent again?"""
    return [
        [Button("sharing.button_other", f"share.other:{share.id}")],
        [Button("sharing.button_same", f"share.same:{share.id}")],
    ]


def place(turn: Turn, share: Share, platform: str) -> None:
    """Notes where a share was posted; the question becomes the answer."""
    if proofs.place(turn.session, share, platform, turn.now):
        turn.edit("sharing.same_place", buttons=same(share), **receipt(share))
        turn.choose_from(same(share))
    else:
        _done(turn, share)


def _done(turn: Turn, share: Share) -> None:
    buttons = further(turn, share)
    turn.edit("sharing.received", buttons=buttons, **receipt(share), **besides(turn, share))
    turn.answered()


def further(turn: Turn, share: Share | Taken) -> list[list[Button]]:
    """What may be said about a share that has its receipt; mostly nothing."""
    rows = []
    alone = isinstance(share, Taken) and share.new
    if not alone and bundles.loose(turn.session, share.id):
        rows.append([Button("evidence.button_more", f"share.more:{share.id}")])
    if belonging.movable(turn.session, turn.me, share.id, turn.now):
        rows.append([Button("evidence.button_last_week", f"share.before:{share.id}")])
    return rows


def _pressed_place(turn: Turn, argument: str) -> None:
    number, _, platform = argument.partition(":")
    share = _own(turn, number)
    if not _asks_rare(turn, share, platform, "share.place"):
        place(turn, share, platform)


def _other(turn: Turn, argument: str) -> None:
    """A second posting on the same platform: it counts."""
    _done(turn, _own(turn, argument))


def _again(turn: Turn, argument: str) -> None:
    """The same posting sent twice: one share, both pieces of evidence."""
    share = _own(turn, argument)
    first = shares.earlier(turn.session, share)
    if first is not None:
        proofs.merge(turn.session, share, first, turn.now)
        examining.judge(turn.session, first.id, turn.now, turn.programme)
    turn.edit("sharing.merged", **receipt(first or share))
    turn.answered()


def _more(turn: Turn, argument: str) -> None:
    """[Tempat lain juga]: where does the next picture come from?"""
    share = _own(turn, argument)
    if share.status not in standings.COUNTED or not bundles.loose(turn.session, share.id):
        raise Refused("evidence.no_more_pictures")
    turn.say("evidence.where_more", buttons=where(share, "share.also"), receipt=share.id)


def _also(turn: Turn, argument: str) -> None:
    """The place of the next picture: a share of its own, with its receipt."""
    number, _, platform = argument.partition(":")
    share = _own(turn, number)
    if _asks_rare(turn, share, platform, "share.also"):
        return
    made = bundles.split(turn.session, turn.me, share, platform, turn.now)
    examining.judge(turn.session, share.id, turn.now, turn.programme)  # by what is left in it
    left = bool(bundles.loose(turn.session, share.id))
    if shares.earlier(turn.session, made):
        turn.edit("sharing.same_place", buttons=same(made), **receipt(made))
        turn.choose_from(same(made))
        return
    more = [[Button("evidence.button_more", f"share.more:{share.id}")]] if left else []
    turn.edit("sharing.received", buttons=more, **receipt(made))
    turn.answered()


def place_each(turn: Turn, share: Share, platforms: Sequence[str]) -> bool:
    """ "Status wa, ig dan fb", where as many pictures wait for their place: a share for each. False where
    there are fewer pictures than places, or one of the places was shown before."""
    fewer = len(bundles.loose(turn.session, share.id)) + 1 < len(platforms)
    known = {row.platform for row in shares.of_item(turn.session, turn.me.id, share.item_id)}
    if len(platforms) < 2 or fewer or not known.isdisjoint(platforms):
        return False
    proofs.place(turn.session, share, platforms[0], turn.now)
    made = [bundles.split(turn.session, turn.me, share, name, turn.now) for name in platforms[1:]]
    examining.judge(turn.session, share.id, turn.now, turn.programme)  # by what is left in it
    lines = [{"text": "evidence.placed_line", "params": receipt(one)} for one in (share, *made)]
    turn.say("evidence.placed", lines=lines, vote=voting.call(turn, share.id))
    turn.answered()
    return True


def _before(turn: Turn, argument: str) -> None:
    """[Untuk minggu lalu]."""
    move(turn, words.number(argument))


def move(turn: Turn, share_id: int) -> None:
    """A share was for last week's item: its new receipt, and where it was posted if that is unknown."""
    if belonging.movable(turn.session, turn.me, share_id, turn.now) is None:
        raise Refused("evidence.not_last_week")
    share = belonging.move(turn.session, turn.me, share_id, turn.now)
    reminders.proved(turn.session, turn.me.id, share.week)
    title = content.params(turn.session, share.item_id)["title"]
    if share.platform:
        turn.edit("evidence.moved", title=title, **receipt(share), vote=voting.call(turn, share.id))
        turn.answered()
    else:
        turn.edit("evidence.moved_where", buttons=where(share), title=title, receipt=share.id)
        turn.choose_from(where(share))


def _own(turn: Turn, number: str) -> Share:
    if not number.isdecimal():
        raise Refused("sharing.unknown")
    return shares.own(turn.session, turn.me, int(number))


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "share.place": _pressed_place,
    "share.other": _other,
    "share.same": _again,
    "share.more": _more,
    "share.also": _also,
    "share.before": _before,
}
