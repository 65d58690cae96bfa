"""A workbook of the pack as it is read back."""

import io
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports import pack_book
from models.figures.snapshots import Digest
from models.programme.programme import Programme

WIB = Programme().zone


def book(digest: Digest, before: Digest | None = None) -> dict[str, Worksheet]:
    found = openpyxl.load_workbook(io.BytesIO(pack_book.workbook(digest, before, WIB)))
    return {sheet.title: sheet for sheet in found.worksheets}


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


def column(sheet: Worksheet, heading: str) -> list[Any]:
    headings = [cell.value for cell in sheet[1]]
    return [row[headings.index(heading)] for row in rows(sheet)]
