"""From a row of the outbox to a call: keys become words, in the markup of one channel.

Runs in a thread with a session for reading. What many people get (a card) is written once.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import Outgoing, OutgoingButton, whatsapp_templates
from bot.outbound.downloads import Downloads
from bot.texts import rendering
from bot.texts.markup import Markup
from models.content import content, postings, states, variants
from models.messages import outbox, pieces
from models.messages.claims import Claimed
from models.programme.programme import Programme
from models.sending import references

MARKUP: Mapping[str, Markup] = {"telegram": "html", "whatsapp": "whatsapp"}
# Channels that cannot edit: an edit is a message of its own there. What only tells every few seconds how
# far a release has come (`models/releases/watching.py`) is left out; its result is not, nor the answer to a
# button.
NEW_INSTEAD = ("whatsapp",)
PASSING = ("progress:", "releasing.progress")  # the beginning of the key, and the text
KEPT_TEXTS = 2_000
Text = tuple[str, tuple[tuple[OutgoingButton, ...], ...]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A row made ready: the call, and the file that still has to be found for it, if any.

    `media` is the id of a stored file, `album` those of several that go out as one, `report` the name
    of one that is made now. `void` says that there is nothing to do any more (an edit of a message that
    never went out), `broken` that the row cannot be written at all, which is a bug of ours.
    """

    row: Claimed
    outgoing: Outgoing
    media: int | None = None
    album: tuple[int, ...] = ()
    report: str = ""
    void: str = ""
    broken: str = ""


class Composer:
    """Writes letters for one programme; `downloads` are of the channels that do not take every file. Safe to
    use from one thread at a time."""

    def __init__(
        self, programme: Programme, downloads: Mapping[str, Downloads] = MappingProxyType({})
    ) -> None:
        self.zone = programme.time_zone
        self._downloads = downloads
        self._templates = whatsapp_templates.load(programme.province_short)
        self._texts: OrderedDict[tuple[str, str, str], Text] = OrderedDict()
        self._frozen: dict[int, dict[str, Any]] = {}

    def letters(self, session: Session, rows: Iterable[Claimed]) -> list[Letter]:
        """The rows as calls, in the same order."""
        rows = list(rows)
        items = self._items(session, {row.item_id for row in rows if row.item_id is not None})
        keys = [row.target_key for row in rows if row.target_key and not row.target]
        targets = outbox.external_ids(session, keys) if keys else {}
        return [self._letter(session, row, items, targets) for row in rows]

    def _items(self, session: Session, ids: set[int]) -> dict[int, dict[str, Any]]:
        """Fields of items; those that can change no more are asked for once."""
        found = {item_id: self._frozen[item_id] for item_id in ids if item_id in self._frozen}
        for item_id in ids - found.keys():
            item = session.get_one(content.Item, item_id)
            found[item_id] = {
                "params": content.params(session, item_id),
                "texts": postings.texts(session, item),
                "media": item.media_id,
                "album": content.pictures(session, item),
                "stamp": f"{item_id}:{item.version}:{item.updated_at.isoformat()}",
            }
            if item.status in (states.RELEASED, states.CLOSED):
                self._frozen[item_id] = found[item_id]
        return found

    def _letter(
        self,
        session: Session,
        row: Claimed,
        items: Mapping[int, Mapping[str, Any]],
        targets: Mapping[str, str],
    ) -> Letter:
        body = row.body or {}
        item = items[row.item_id] if row.item_id is not None else None
        report = body.get("report", "")
        target = row.target or targets.get(row.target_key or "", "")
        if row.op in ("edit", "delete") and not target:
            return Letter(row, Outgoing(row.op, row.address), void="the message was never sent")
        if row.op == "edit" and row.channel in NEW_INSTEAD and _passes(row, body):
            return Letter(row, Outgoing(row.op, row.address), void="there is nothing to edit on this channel")
        if row.op == "commands":
            return Letter(row, self._commands(row, body))
        if row.op == "template":
            return Letter(row, self._template(row, body))
        media, album, instead = self._files(session, row, item)
        has_file = media is not None or bool(report)
        text, buttons = self._text(row, body, item, has_file)
        text = "\n\n".join(part for part in (text, *instead) if part)
        outgoing = Outgoing(
            row.op,
            row.address,
            text=text,
            buttons=buttons,
            keyboard=body.get("keyboard", ""),
            target=target,
            reference=row.key,
            ref=references.of(row.id, row.key),
            out=pieces.split(row.pieces),
        )
        return Letter(row, outgoing, media=media, album=album, report=report)

    def _files(
        self, session: Session, row: Claimed, item: Mapping[str, Any] | None
    ) -> tuple[int | None, tuple[int, ...], list[str]]:
        """The one file of a row or its album, as far as the channel takes them, and the words in place of the
        others."""
        body = row.body or {}
        media = body.get("media")
        if item is not None and body.get("with_media"):
            media = item["media"]
        album = tuple(item["album"]) if item is not None and body.get("album") else ()
        wanted = album or (() if media is None else (media,))
        instead: list[str] = []
        if wanted and row.channel in self._downloads:
            lines = self._downloads[row.channel].lines(session, wanted)
            markup = MARKUP[row.channel]
            instead = [rendering.render(lines[one].key, lines[one].params, markup=markup) for one in lines]
            wanted = tuple(one for one in wanted if one not in lines)
        if len(wanted) > 1:
            return None, wanted, instead
        return (wanted[0] if wanted else None), (), instead

    def _text(
        self, row: Claimed, body: Mapping[str, Any], item: Mapping[str, Any] | None, has_file: bool
    ) -> Text:
        if not body.get("text"):
            return "", ()
        # The texts of an item take turns from person to person: one of each is kept, not one a person.
        texts = item["texts"] if item else ()
        words = variants.turn(texts, row.person_id, row.item_id) if texts and row.item_id else ""
        stamp = f"{item['stamp']}:{texts.index(words)}" if item and texts else ""
        known = (json.dumps(body, sort_keys=True), stamp, f"{row.channel}:{row.op}:{has_file}")
        if known in self._texts:
            self._texts.move_to_end(known)
            return self._texts[known]
        params = {**({**item["params"], "caption": words} if item else {}), **body.get("params", {})}
        markup = MARKUP[row.channel]
        # A channel that splits a long text itself loses nothing of what fits into one message of Telegram's.
        limit = rendering.TELEGRAM_CAPTION if has_file and markup == "html" else rendering.TELEGRAM_TEXT
        if row.op == "answer" and markup == "html":  # a toast knows no marks
            text = rendering.label(body["text"], params, zone=self.zone)
        else:
            text = rendering.render(body["text"], params, markup=markup, zone=self.zone, limit=limit)
        made = (text, tuple(tuple(self._button(b) for b in line) for line in body.get("buttons", ())))
        self._texts[known] = made
        if len(self._texts) > KEPT_TEXTS:
            self._texts.popitem(last=False)
        return made

    def _button(self, button: Mapping[str, Any]) -> OutgoingButton:
        return OutgoingButton(
            rendering.label(button["text"], button.get("params", {}), zone=self.zone),
            action=button.get("action", ""),
            url=button.get("url", ""),
            contact=button.get("contact", False),
        )

    def _template(self, row: Claimed, body: Mapping[str, Any]) -> Outgoing:
        name = body["template"]
        variables = self._templates[name].filled(body.get("params", {}))
        return Outgoing(
            row.op, row.address, template=name, variables=variables,
            reference=row.key, ref=references.of(row.id, row.key),
        )  # fmt: skip

    def _commands(self, row: Claimed, body: Mapping[str, Any]) -> Outgoing:
        commands = tuple(
            (name, rendering.label(key, {}, zone=self.zone)) for name, key in body.get("commands", ())
        )
        return Outgoing(row.op, row.address, commands=commands, scope=body.get("scope", "chat"))


def _passes(row: Claimed, body: Mapping[str, Any]) -> bool:
    """Whether a row is one of the many edits of a progress message."""
    beginning, text = PASSING
    return row.key.startswith(beginning) and body.get("text") == text
