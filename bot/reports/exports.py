"""Exports as files: rows of models/figures/exporting.py or models/figures/opendata.py, explained by the
dictionary."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Any

from sqlalchemy.orm import Session

from bot.outbound.library import Paper
from bot.reports import dictionary, sheet_streams, streams, workbooks
from bot.reports.columns import Table
from bot.texts import rendering
from models.figures import exporting, opendata

MIMES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "txt": "text/plain",
}
# Telegram takes 50 MB ("Sending files" of its Bot API); a little is for the request around it.
MOST_BYTES = 49_000_000
# Twilio takes 16 MB for WhatsApp, XLSX among them but neither ZIP nor CSV nor text
# (https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages).
WHATSAPP_BYTES = 15_500_000
WHATSAPP = "whatsapp"
BESIDE = "Kamus"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: one of dictionary.tables(), the weeks, and of which OPD (None: of all). `open` is
    always of all."""

    what: str
    weeks: Sequence[str]
    opd_id: int | None = None

    @property
    def name(self) -> str:
        """The file's name, without its ending."""
        first, last = self.weeks[0], self.weeks[-1]
        return f"{self.what}-{first}" if first == last else f"{self.what}-{first}_{last}"

    @property
    def table(self) -> Table:
        return dictionary.tables()[self.what]


def rows(session: Session, export: Export, zone: tzinfo) -> Iterator[list[workbooks.Cell]]:
    """The rows as they are written: moments local, yes and no in words. Streamed: keep the session open."""
    if export.what == "open":
        for line in opendata.rows(opendata.closed(session, export.weeks[0], export.weeks[-1])):
            yield list(line)
        return
    for week in export.weeks:
        for row in exporting.rows(session, export.what, week, export.opd_id):
            yield [_cell(value, zone) for value in row]


def _cell(value: Any, zone: tzinfo) -> workbooks.Cell:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return value  # type: ignore[no-any-return]


def count(session: Session, export: Export) -> int:
    """How many rows it has."""
    if export.what == "open":
        closed = opendata.closed(session, export.weeks[0], export.weeks[-1])
        return sum(len(digest.figures["opd"]) for digest in closed)
    return sum(exporting.count(session, export.what, week, export.opd_id) for week in export.weeks)


def write_csv(
    session: Session, export: Export, file: IO[bytes], zone: tzinfo, seen: Callable[[], object] = lambda: None
) -> int:
    """Writes an export as CSV to an open file; how many rows. `seen` is called at each."""
    return streams.write_csv(file, export.table.headings, _seen(rows(session, export, zone), seen))


def write_xlsx(
    session: Session, export: Export, path: Path, zone: tzinfo, seen: Callable[[], object] = lambda: None
) -> int:
    """Writes an export as XLSX, with the dictionary as its second sheet; how many rows."""
    table = export.table
    beside = (BESIDE, dictionary.HEADINGS, table.lines())
    return sheet_streams.write_xlsx(
        path, table.title, table.headings, _seen(rows(session, export, zone), seen), beside
    )


def _seen(
    lines: Iterator[list[workbooks.Cell]], seen: Callable[[], object]
) -> Iterator[list[workbooks.Cell]]:
    for line in lines:
        yield line
        seen()


def write_dictionary(what: str, file: IO[bytes]) -> None:
    """The dictionary of one of dictionary.tables() as CSV."""
    streams.write_csv(file, dictionary.HEADINGS, dictionary.tables()[what].lines())


# -- as documents of a chat ----------------------------------------------------------------------------


def paper(session: Session, about: str, zone: tzinfo, *, most: int | None = None) -> Paper:
    """The document that `about` names: what:weeks:form:opd id or 0:whatever makes the name a new one, with
    weeks as "2026-W48" or "2026-W40_2026-W48"; and ":whatsapp" where it goes there.

    One of more than `most` bytes (default: what the channel takes) comes as a ZIP; where that is too large
    still, a text that says how to get it. On WhatsApp that is a workbook, and no ZIP. It is built in a file,
    row by row, from a transaction that only reads.
    """
    what, span, form, opd_id, *rest = about.split(":")
    by_whatsapp = WHATSAPP in rest
    most = most or (WHATSAPP_BYTES if by_whatsapp else MOST_BYTES)
    first, _, last = span.partition("_")
    export = Export(what, [first] if not last else exporting.between(first, last), int(opd_id) or None)
    with tempfile.TemporaryDirectory(prefix="satu-pesan-export-") as folder:
        path = Path(folder, f"{export.name}.{form}")
        if form == "xlsx":
            write_xlsx(session, export, path, zone)
        else:
            with path.open("wb") as file:
                write_csv(session, export, file, zone)
        if path.stat().st_size > most and not by_whatsapp:
            path = _zipped(path)
        if path.stat().st_size > most:
            path = _too_large(Path(folder), export, form, by_whatsapp=by_whatsapp)
        ending = path.suffix.removeprefix(".")
        return Paper(path.read_bytes(), "document", path.name, MIMES[ending], "export")


def _too_large(folder: Path, export: Export, form: str, *, by_whatsapp: bool) -> Path:
    """The file that says how to get what is too large for a chat: a text, on WhatsApp a workbook."""
    typed = command(export, form)
    if not by_whatsapp:
        path = folder / "baca-dulu.txt"
        path.write_text(rendering.label("export.too_large", {"command": typed}), "utf-8")
        return path
    path = folder / "baca-dulu.xlsx"
    heading, *said = rendering.render(
        "export.too_large_whatsapp", {"command": typed}, markup="plain"
    ).splitlines()
    beside = (BESIDE, dictionary.HEADINGS, export.table.lines())
    sheet_streams.write_xlsx(path, "Baca dulu", [heading], ([line] for line in said), beside)
    return path


def _zipped(path: Path) -> Path:
    target = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return target


def command(export: Export, form: str) -> str:
    """What an operator types for the same export."""
    first, last = export.weeks[0], export.weeks[-1]
    span = f"--week {first}" if first == last else f"--from {first} --to {last}"
    return f"python -m bot export {export.what} {span} --format {form}"


def dictionary_paper(what: str) -> Paper:
    """The dictionary of one of dictionary.tables() as a document, for who got a CSV."""
    with tempfile.TemporaryFile() as file:
        write_dictionary(what, file)
        file.seek(0)
        return Paper(file.read(), "document", f"{what}.kamus.csv", MIMES["csv"])
