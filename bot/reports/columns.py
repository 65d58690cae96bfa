"""What an export is made of: a table, its columns, and what is said of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What stands in a column, in the words of the dictionary."""

    TEXT = "teks"
    NUMBER = "bilangan bulat"
    FRACTION = "pecahan"
    YES_NO = "ya/tidak"
    MOMENT = "tanggal dan jam"


@dataclass(frozen=True, slots=True)
class Column:
    """`values` is the unit, the form or the possible values; a sentence in each language says what it
    means."""

    name: str
    kind: Kind
    values: str
    indonesian: str
    english: str


@dataclass(frozen=True, slots=True)
class Table:
    """One export. `notes` (name, Indonesian, English) are about all of it."""

    title: str
    indonesian: str
    english: str
    columns: tuple[Column, ...]
    notes: tuple[tuple[str, str, str], ...] = ()

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The dictionary as rows below HEADINGS."""
        for column in self.columns:
            yield column.name, column.kind, column.values, column.indonesian, column.english
        for name, indonesian, english in self.notes:
            yield f"({name})", "", "", indonesian, english
