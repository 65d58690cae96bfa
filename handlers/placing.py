"""The one question about a share that is left: where was it posted? And its receipt."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import places
from handlers.turn import Turn
from models import proofs, shares
from models.post import Button
from models.proofs import Taken
from models.refused import Refused
from models.shares import Share


def receipt(share: Share | Taken) -> dict[str, Any]:
    """The parameters of a receipt."""
    return {"receipt": share.id, "platform": places.text(share.platform), "late": late(share)}


def late(share: Share | Taken) -> dict[str, str] | str:
    """That a share came after its week was closed, as a parameter."""
    return {"text": "sharing.late"} if share.late else ""


def where(share: Share | Taken) -> list[list[Button]]:
    """The platforms in two columns, each with the number that may be typed instead."""
    buttons = [
        Button(
            "sharing.button_place",
            f"share.place:{share.id}:{platform}",
            {"number": number, "platform": places.text(platform)},
        )
        for number, platform in enumerate(shares.PLATFORMS, start=1)
    ]
    return [buttons[first : first + 2] for first in range(0, len(buttons), 2)]


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
        turn.edit("sharing.received", **receipt(share))
        turn.answered()


def _pressed_place(turn: Turn, argument: str) -> None:
    number, _, platform = argument.partition(":")
    place(turn, _own(turn, number), platform)


def _other(turn: Turn, argument: str) -> None:
    """A second posting on the same platform: it counts."""
    share = _own(turn, argument)
    turn.edit("sharing.received", **receipt(share))
    turn.answered()


def _again(turn: Turn, argument: str) -> None:
    """The same posting sent twice: one share, both pieces of evidence."""
    share = _own(turn, argument)
    first = shares.earlier(turn.session, share)
    if first is not None:
        proofs.merge(turn.session, share, first, turn.now)
    turn.edit("sharing.merged", **receipt(first or share))
    turn.answered()


def _own(turn: Turn, number: str) -> Share:
    if not number.isdecimal():
        raise Refused("sharing.unknown")
    return shares.own(turn.session, turn.me, int(number))


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "share.place": _pressed_place,
    "share.other": _other,
    "share.same": _again,
}
