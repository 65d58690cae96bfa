"""What is asked of the database meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event


class Asked(NamedTuple):
    """A statement with its parameters, as the driver gets them."""

    statement: str
    values: Any


@contextmanager
def statements(engine: Engine) -> Iterator[list[Asked]]:
    """Everything that is asked, in order, while the context lasts."""
    asked: list[Asked] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append(Asked(statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", keep)
