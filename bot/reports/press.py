"""Reports are made in processes aside (`bot/running/aside.py`): a workbook of a year takes a processor for a
minute, and in the sender's own process every reply would have to get in between two of its rows. What they
are drawn with, some 100 MB, is given back with the process when nothing has been made for a while."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.files.media import Store
from bot.outbound.library import Paper, Report
from bot.reports import makers
from bot.storage import database

AT_ONCE = 2  # so that the pack does not wait behind somebody's export
NICENESS = 0  # somebody waits for each of them; on a machine with too much to do they would never be made


class Press:
    """Makes reports of the database at `url` and the store at `media_url`, whose files have `max_bytes` at
    most; `bot_name`, `zone` and `whatsapp` are for `makers.makers`. Everything here blocks."""

    def __init__(
        self, url: str, media_url: str, max_bytes: int, bot_name: str, zone: ZoneInfo, whatsapp: str = ""
    ) -> None:
        store = Store(media_url, max_bytes=max_bytes, at_once=1)
        self.reader = database.reading(database.url(url), pool_size=1)
        self.reports = makers.makers(store, bot_name, zone, whatsapp)

    def make(self, name: str, now: datetime) -> Paper:
        """The report of this name, as it is at a moment. Raises LookupError for one that nobody can make."""
        return made(self.reader, self.reports, name, now)


def made(reader: Engine, reports: dict[str, Report], name: str, now: datetime) -> Paper:
    """The report `name` ("<what>:<about>"), made by one of `reports`. Raises LookupError where there is none
    for it."""
    what, _, about = name.partition(":")
    maker = reports.get(what)
    if maker is None:
        raise LookupError(f"no report is called {name!r}")
    with Session(reader) as session:
        return maker(session, about, now)
