"""`/riwayat 42`: everything that happened to an item, and what exactly was submitted each time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from handlers import words
from handlers.items import commenting, items
from handlers.turn import Turn
from models.content import fields, reviews, versions
from models.content.content import Item
from models.content.reviews import Review
from models.content.versions import Version
from models.editorial import comments, listings
from models.messages.files import Media
from models.messages.post import Button
from models.people.audit import Entry
from models.programme import weeks
from models.refused import Refused

EVENTS = 10  # of a page
LENGTH = 3000  # of a page or message, in UTF-16 units: with their frame they fit into 4,096
_FIELDS = 20  # of a message
_UNSEEN = tuple(
    "captions album hashtags rubric regional_programme objective consent live_at live_url".split()
)
_QUOTED = 120  # of what a field said before
_IN_A_ROW = 3  # versions on one row of buttons
Line = dict[str, Any]


def command(turn: Turn, argument: str) -> None:
    """`/riwayat 42`."""
    _page(turn, words.number(argument.removeprefix("#"), "history.which"), 1)


def story(turn: Turn, argument: str) -> None:
    """[Riwayat], and the buttons that turn its pages: "42" or "42:2"."""
    number, _, page = argument.partition(":")
    _page(turn, words.number(number), words.number(page or "1"))


def _item(turn: Turn, number: int) -> Item:
    """An item whose history this person may read. Whether a hidden one exists is not told."""
    try:
        return listings.visible(turn.session, turn.me, number, turn.programme.provincial_opd)
    except Refused:
        raise Refused("history.unknown", id=number) from None


def _page(turn: Turn, number: int, page: int) -> None:
    item = _item(turn, number)
    pages = parts(events(turn, item), EVENTS)
    page = min(max(page, 1), len(pages))
    turning = []
    if page > 1:
        turning.append(Button("browsing.button_before", f"history.story:{item.id}:{page - 1}"))
    if page < len(pages):
        turning.append(Button("browsing.button_more", f"history.story:{item.id}:{page + 1}"))
    frozen = [
        Button(
            "history.button_edited" if version.edits else "history.button_version",
            f"history.version:{version.id}",
            {"version": version.version},
        )
        for version in versions.of(turn.session, item)
    ]
    rows = [frozen[first : first + _IN_A_ROW] for first in range(0, len(frozen), _IN_A_ROW)]
    turn.say(
        "history.story",
        id=item.id,
        title=items.title(item),
        status=items.status(item),
        page={"text": "history.page", "params": {"page": page, "pages": len(pages)}}
        if len(pages) > 1
        else "",
        lines=pages[page - 1],
        buttons=[*([turning] if turning else []), *rows],
    )


def parts(lines: Iterable[Line], most: int) -> list[list[Line]]:
    """Lines in portions that a message can carry: not more than `most`, and not too long."""
    found: list[list[Line]] = [[]]
    size = 0
    for line in lines:
        long = 60 + sum(fields.length(str(value)) for value in line.get("params", {}).values())
        if found[-1] and (len(found[-1]) == most or size + long > LENGTH):
            found.append([])
            size = 0
        found[-1].append(line)
        size += long
    return found


# -- what happened -----------------------------------------------------------------------------


def events(turn: Turn, item: Item) -> list[Line]:
    """What happened to an item and what was said about it, in order, one line each."""
    scores = {row.version: row for row in reviews.scored(turn.session, item)}
    happened = [
        (entry.at, number, _event(entry, name, scores if entry.act == "score" else {}))
        for number, (entry, name) in enumerate(listings.history(turn.session, item))
    ]
    said = [(row.at, len(happened), commenting.line(row)) for row in comments.of(turn.session, item)]
    return [line for _, _, line in sorted([*happened, *said], key=lambda one: one[:2])]


def _event(entry: Entry, name: str, scores: Mapping[int, Review]) -> Line:
    params: dict[str, Any] = {"at": entry.at.isoformat(), "who": name, "reason": entry.reason}
    if "field" in entry.detail:
        params["field"] = _name(str(entry.detail["field"]))
    if "version" in entry.detail:
        params["version"] = entry.detail["version"]
    if entry.act == "replan":
        params |= {name: _day(entry.detail[key]) for name, key in (("was", "was"), ("to", "week"))}
    if "replaces" in entry.detail:
        return {"text": "history.renewed", "params": {**params, "old": entry.detail["replaces"]}}
    if found := scores.get(params.get("version", 0)):
        params |= {"accurate": found.accurate, "engaging": found.engaging, "note": found.note}
    return {"text": f"browsing.history_{entry.act}" + ("" if name else "_program"), "params": params}


def _day(week: str) -> str:
    """The Wednesday that opens a week, as a parameter; "" for none."""
    return weeks.wednesday(week).isoformat() if week else ""


# -- what was submitted ------------------------------------------------------------------------


def version(turn: Turn, argument: str) -> None:
    """[Versi 2]: all fields as they were then, and what was different from the one before."""
    chosen = turn.session.get(Version, words.number(argument))
    if chosen is None:
        raise Refused("menu.old_button")
    item = _item(turn, chosen.item_id)
    frozen = list(versions.of(turn.session, item))
    place = [one.id for one in frozen].index(chosen.id)
    before = frozen[place - 1] if place else None
    first, *more = parts(details(turn, chosen.body, list(chosen.body)), _FIELDS)
    turn.say(
        "history.version",
        id=item.id,
        version=chosen.version,
        editor={"text": "history.by_editor"} if chosen.edits else "",
        at=chosen.at.isoformat(),
        lines=first,
    )
    for portion in more:
        turn.say("history.version_more", lines=portion)
    turn.say(
        "history.differences" if before else "history.no_version_before",
        version=chosen.version,
        lines=differences(turn, before, chosen) if before else (),
        buttons=[[Button("history.button", f"history.story:{item.id}")]],
    )


def details(turn: Turn, body: Mapping[str, Any], names: Iterable[str]) -> list[Line]:
    """These fields of an item as words, one line each; none for what is empty."""
    return [
        {"text": "history.field", "params": {"field": _name(name), "value": value}}
        for name in names
        for value in _values(turn, name, body.get(name))
    ]


def unseen(turn: Turn, item: Item) -> None:
    """What the card of an item does not show, and whoever decides on it has to know: every further text
    that some will share, and what the item is about."""
    lines = details(turn, versions.body(turn.session, item), _UNSEEN)
    for portion in parts(lines, _FIELDS) if lines else ():
        turn.say("history.unseen", lines=portion)


def differences(turn: Turn, old: Version, new: Version) -> list[Line]:
    """What stood in each field that is different now."""
    lines = []
    for name in versions.differences(old, new):
        before = [_quoted(value) for value in _values(turn, name, old.body.get(name))]
        was = before[0] if before else {"text": "history.empty"}
        lines.append({"text": "history.was", "params": {"field": _name(name), "was": was}})
    return lines or [{"text": "history.the_same"}]


def news(turn: Turn, item: Item, old: Version) -> list[Line]:
    """What stands now in each field that was different in a frozen version."""
    now = versions.body(turn.session, item)
    lines = []
    for name in versions.changes(turn.session, item, old):
        gone = {"text": "history.field", "params": {"field": _name(name), "value": {"text": "history.empty"}}}
        lines += details(turn, now, [name]) or [gone]
    return lines


def names(changed: Sequence[str]) -> list[Line]:
    """Fields by their names, one line each."""
    return [{"text": "history.bullet", "params": {"field": _name(name)}} for name in changed]


def _channel(name: str) -> Line:
    return {"text": f"checks.channel_{name}"}


def _name(field: str) -> Line:
    """The name of a field; further texts, of all channels and of one, have one name."""
    further = field == "variants" or field.startswith("caption_")
    return {"text": "history.field_captions" if further else f"history.field_{field}"}


def _quoted(value: Any) -> Any:
    return f"{value[: _QUOTED - 1]}…" if isinstance(value, str) and len(value) > _QUOTED else value


def _values(turn: Turn, name: str, held: Any) -> list[Any]:
    """A field of a version as words, none where nothing stands there; several for several texts."""
    if held is None or held in ("", []):
        return [{"text": "submitting.media_none"}] if name == "media_id" else []
    if name == "media_id":
        media = turn.session.get(Media, held)
        return [{"text": f"submitting.media_{media.kind if media else 'none'}"}]
    if name == "week":
        return [{"text": "history.week", "params": {"week": held}}]
    if name == "live_at":
        return [{"text": "history.moment", "params": {"at": held}}]
    if name == "consent":
        return [{"text": "submitting.consent_yes" if held else "submitting.consent_no"}]
    if name == "captions":
        return [
            {"text": "history.of_channel", "params": {"channel": _channel(channel), "text": text}}
            if channel
            else text
            for channel, text in held
        ]
    if name in ("rubric", "objective"):
        return [{"text": f"rubric.{held}" if name == "rubric" else f"completing.objective_{held}"}]
    if name == "album":
        return [{"text": "history.album", "params": {"number": len(held)}}]
    return [str(held)]


COMMANDS: Mapping[str, Any] = {"riwayat": command}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"history.story": story, "history.version": version}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
