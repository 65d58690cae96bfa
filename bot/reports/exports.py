"""Exports as files: CSV or XLSX, times local, with nothing in them that a spreadsheet would run."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.reports import workbooks
from models import exporting
from models.programme import Programme

KINDS: dict[str, tuple[Sequence[str], Callable[[Session, str], Iterator[tuple[Any, ...]]]]] = {
    "shares": (exporting.SHARES, exporting.shares),
    "people": (exporting.PEOPLE, exporting.people),
    "deliveries": (exporting.DELIVERIES, exporting.deliveries),
}


def make(session: Session, what: str, week: str, form: str, programme: Programme) -> tuple[bytes, int]:
    """An export as bytes, and how many rows it has. `what` is one of KINDS, `form` csv or xlsx."""
    headings, rows_of = KINDS[what]
    rows = [[_plain(value, programme) for value in row] for row in rows_of(session, week)]
    if form == "csv":
        return workbooks.write_csv(headings, rows), len(rows)
    return workbooks.write_xlsx(headings, rows, what), len(rows)


def _plain(value: Any, programme: Programme) -> workbooks.Cell:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.astimezone(programme.zone).strftime("%Y-%m-%d %H:%M:%S")
    return value  # type: ignore[no-any-return]
