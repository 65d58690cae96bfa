"""A database asked in plain SQL, on either engine, and what it says compared with what the pack says."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text


class Asked:
    """The database, asked in plain SQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def moment(self, at: datetime) -> str:
        """A moment as the column of a statement is compared with it."""
        written = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return written if self.engine.dialect.name == "sqlite" else f"{written}+00:00"


def document(value: Any) -> Any:
    """What a JSON column holds: SQLite gives its text."""
    return json.loads(value) if isinstance(value, str) else value


def shown(week: str) -> str:
    """Whoever has shown a share of a week in time, as a part of a statement."""
    counted = "status IN ('received', 'accepted') AND NOT late"
    return f"(SELECT person_id FROM share WHERE week = '{week}' AND {counted})"


def differing(found: Any, expected: Any, where: str = "") -> list[str]:
    """Where two packs are not the same, in words; fractions may differ by their last digit."""
    if isinstance(found, dict) and isinstance(expected, dict):
        names = sorted({*found, *expected})
        gone = [f"{where}.{name} is only in one" for name in names if (name in found) != (name in expected)]
        both = [name for name in names if name in found and name in expected]
        return gone + [
            line for name in both for line in differing(found[name], expected[name], f"{where}.{name}")
        ]
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [line for n, (one, other) in pairs for line in differing(one, other, f"{where}[{n}]")]
    if isinstance(found, float) and isinstance(expected, float):
        same = abs(found - expected) < 2e-6
    else:
        same = found == expected and isinstance(found, bool) == isinstance(expected, bool)
    return [] if same else [f"{where}: {found!r}, and by plain SQL {expected!r}"]
