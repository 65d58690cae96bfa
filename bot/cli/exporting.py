"""`export`: rows of some weeks into a file, however many there are."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import IO, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from bot.cli import common
from bot.cli.common import Stop
from bot.config.settings import Settings
from bot.reports import exports, streams
from bot.reports.exports import Export
from models.figures import exporting, opendata
from models.people import audit
from models.programme import weeks

STEP = 1_000  # rows between two looks at the progress line


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    what: Annotated[
        Literal["shares", "people", "deliveries", "open"],
        typer.Argument(help="open: figures of closed weeks by OPD, without people, for publication"),
    ],
    week: Annotated[
        str, typer.Option(help="Such as 2026-W48; without it the running week, for open the last closed one")
    ] = "",
    first: Annotated[str, typer.Option("--from", help="The first of several weeks")] = "",
    last: Annotated[str, typer.Option("--to", help="The last of them; without it the running week")] = "",
    file_format: Annotated[Literal["csv", "xlsx"], typer.Option("--format")] = "csv",
    target: Annotated[
        Path | None, typer.Option("--output", help="The file to write; - for standard output")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there")] = False,
) -> None:
    """Writes rows of a week, or of several, to a file; the meaning of each column stands beside it
    (NAME.kamus.csv) or in it (the sheet Kamus)."""
    loaded = common.settings()
    with common.reader(loaded) as session:
        chosen = Export(what, _weeks(session, loaded, what, week, first, last))
        number = exports.count(session, chosen)
        if what == "open" and not number:
            span = " to ".join(dict.fromkeys((chosen.weeks[0], chosen.weeks[-1])))
            raise Stop(f"{span} is not closed yet; open data are of closed weeks")
        path = target or Path(f"{chosen.name}.{file_format}")
        to_screen = str(path) == "-"
        if path.is_dir():
            raise Stop(f"{path} is a folder; name a file in it")
        files = [path, path.with_suffix(".kamus.csv")] if file_format == "csv" else [path]
        if not to_screen:
            _check(files, force=force)
        with _progress(chosen.name, number) as seen:
            if to_screen:
                written = _to_screen(session, chosen, file_format, loaded.programme.zone, seen)
            else:
                written = _to_files(session, chosen, files, loaded.programme.zone, seen)
    _record(loaded, chosen, file_format, written)
    typer.echo(f"{written} rows" + ("" if to_screen else f": {', '.join(map(str, files))}"), err=to_screen)


def _weeks(session: Session, loaded: Settings, what: str, week: str, first: str, last: str) -> list[str]:
    """The weeks that are meant. Raises Stop."""
    if week and (first or last):
        raise Stop("write either --week or --from and --to")
    if last and not first:
        raise Stop("--to needs --from: the first of the weeks")
    now = common.clock.now()
    running = weeks.of(now, loaded.programme)
    if what == "open" and not (week or first):
        closed = opendata.closed(session, "", running)
        if not closed:
            raise Stop("no week is closed yet; open data are of closed weeks")
        return [closed[-1].week]
    begin = week or first or running
    try:
        return exporting.span(begin, last or (running if first else begin), now, loaded.programme)
    except ValueError as error:
        raise Stop(str(error)) from error


def _check(files: list[Path], *, force: bool) -> None:
    if not files[0].parent.is_dir():
        raise Stop(f"there is no folder {files[0].parent}")
    for file in files:
        if file.exists() and not force:
            raise Stop(f"{file} is there already; name another with --output, or write over it with --force")


@contextmanager
def _progress(name: str, number: int) -> Iterator[Callable[[], object]]:
    """A line on a terminal that says how far it is, and what to call at each row."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task, rows = shown.add_task(name, total=number), 0

        def seen() -> None:
            nonlocal rows
            rows += 1
            if rows % STEP == 0:
                shown.update(task, completed=rows)

        yield seen


def _to_files(
    session: Session, chosen: Export, files: list[Path], zone: tzinfo, seen: Callable[[], object]
) -> int:
    with streams.placed(files[0]) as part:
        if len(files) == 1:
            return exports.write_xlsx(session, chosen, part, zone, seen)
        with part.open("wb") as file:
            written = exports.write_csv(session, chosen, file, zone, seen)
        with streams.placed(files[1]) as beside, beside.open("wb") as file:
            exports.write_dictionary(chosen.what, file)
    return written


def _to_screen(
    session: Session, chosen: Export, file_format: str, zone: tzinfo, seen: Callable[[], object]
) -> int:
    out = sys.stdout.buffer
    try:
        if file_format == "csv":
            return _flushed(exports.write_csv(session, chosen, out, zone, seen), out)
        with tempfile.TemporaryDirectory(prefix="satu-pesan-export-") as folder:
            path = Path(folder, "export.xlsx")  # a ZIP has its table of contents at the end
            written = exports.write_xlsx(session, chosen, path, zone, seen)
            with path.open("rb") as file:
                shutil.copyfileobj(file, out)
            return _flushed(written, out)
    except BrokenPipeError:  # `… | head` has seen enough; what is left is not to be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Stop("whoever read the output has stopped", code=1) from None


def _flushed(written: int, out: IO[bytes]) -> int:
    out.flush()
    return written


def _record(loaded: Settings, chosen: Export, file_format: str, written: int) -> None:
    """Notes in the audit that it was made, by whoever has this machine."""
    with common.session(loaded) as session:
        audit.record(
            session, common.clock.now(), "export", "export", chosen.what,
            first=chosen.weeks[0], last=chosen.weeks[-1], form=file_format, rows=written, opd=chosen.opd_id,
        )  # fmt: skip
