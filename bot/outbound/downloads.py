"""Files that WhatsApp does not take: who is there gets a line with an address, from which the phone downloads
them and can share them on.

What is not taken, and why, is a rule (models/content/carrying.py); here it becomes the line's words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbound.library import KINDS
from models.content import carrying, measures
from models.messages import files

ITEM = timedelta(days=8)  # an item is out for a week, and somebody gets it on the last day of it
OTHERS = timedelta(days=1)
_HOUR = timedelta(hours=1)

Make = Callable[[int, str, datetime, timedelta], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in place of a file: its key and its parameters."""

    key: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _File:
    """What has to be known of one that is not taken; `why` is one of `carrying.LINKED`."""

    why: str
    name: str
    size: int
    valid: timedelta


class Downloads:
    """The lines of one channel. `make` makes the address of a file of ours from its id, its name, a moment,
    and how long after it the address is good. Safe to use from one thread at a time."""

    def __init__(self, make: Make, clock: Clock) -> None:
        self.make, self.clock = make, clock
        self._known: dict[int, _File | None] = {}  # None: it is sent as it is

    def lines(self, session: Session, media_ids: Iterable[int]) -> dict[int, Line]:
        """The lines for those of these files that are not taken, by id. The same within an hour, so that what
        many get is the same for all of them."""
        media_ids = list(media_ids)
        self._ask(session, {number for number in media_ids if number not in self._known})
        known = {number: self._known.get(number) for number in media_ids}
        return {number: self._line(number, file) for number, file in known.items() if file is not None}

    def _ask(self, session: Session, media_ids: Iterable[int]) -> None:
        if not media_ids:
            return
        chosen = select(files.Media).where(files.Media.id.in_(media_ids), files.Media.status == files.STORED)
        for media in session.scalars(chosen):
            why = carrying.objection(measures.of(media))
            self._known[media.id] = _file(media, why) if why in carrying.LINKED else None

    def _line(self, media_id: int, file: _File) -> Line:
        hour = self.clock.now().replace(minute=0, second=0, microsecond=0) + _HOUR
        link = self.make(media_id, file.name, hour, file.valid)
        return Line(f"download.{file.why}", {"size": file.size, "link": link, "days": file.valid.days})


def _file(media: files.Media, why: str) -> _File:
    name = media.name or f"{KINDS[media.kind]}{PurePath(media.key).suffix}"
    return _File(why, name, media.size, ITEM if media.purpose == "item" else OTHERS)
