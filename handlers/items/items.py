"""Items in words, on buttons, and as they are received: what every list and card of them needs."""

from collections.abc import Sequence
from typing import Any

from handlers.turn import Turn
from models.content import cards, content
from models.content.content import Item
from models.editorial import listings
from models.messages.post import Button
from models.programme import weeks

_SHORT = 40  # characters of a title on a button


def title(item: Item) -> Any:
    """The title as a parameter; a sentence where there is none yet."""
    return item.title or {"text": "browsing.untitled"}


def short(item: Item) -> Any:
    """The title for a button: phones cut a long one without a sign."""
    if len(item.title) > _SHORT:
        return f"{item.title[: _SHORT - 1].rstrip()}…"
    return title(item)


def status(item: Item) -> dict[str, str]:
    return {"text": f"browsing.status_{item.status}"}


def owner(turn: Turn, item: Item) -> str:
    """Whose item it is: the OPD, or the province."""
    return item.opd.name if item.opd else turn.programme.province


def out(turn: Turn, item: Item) -> dict[str, Any]:
    """When an item is planned to go out, as a parameter."""
    if item.urgent:
        return {"text": "browsing.out_urgent"}
    at = weeks.moment(item.week, turn.programme.release, turn.programme)
    return {"text": "browsing.out_week", "params": {"at": at.isoformat()}}


def show(turn: Turn, item: Item, buttons: Sequence[Sequence[Button]] = (), *, light: bool = False) -> None:
    """The item exactly as an ASN receives it: the album where it has one, the card, and the caption as a
    message of its own. `light` is as somebody gets it who saves data."""
    media, rows = item.media_id, list(buttons)
    if light and item.media is not None:
        media = item.media.small_id
        rows.append([cards.whole(cards.of(turn.session, [item.id])[0])])
    elif len(content.pictures(turn.session, item)) > 1:
        turn.album(item.id)
        media = None
    if item.live_at and item.live_url:
        rows.insert(0, [Button("live.button_watch", url=item.live_url)])
    turn.say(cards.text(live=item.live_at is not None), item=item.id, media=media, buttons=rows)
    turn.say("sharing.caption", item=item.id, province=turn.programme.province_short)


def turning(action: str, shown: int, total: int, size: int = listings.PAGE) -> list[list[Button]]:
    """The row that leads to the page before and the one after; no row where there is one page."""
    row = []
    if shown > 0:
        row.append(Button("browsing.button_before", f"{action}:{shown - 1}"))
    if (shown + 1) * size < total:
        row.append(Button("browsing.button_more", f"{action}:{shown + 1}"))
    return [row] if row else []
