"""What all tables share: names of constraints, times in UTC, and one insert for both engines."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both engines (SQLite would silently drop the offset)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers its rows by itself only where the key is INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant(), dict[str, Any]: JSON(), list[str]: JSON()}  # noqa: RUF012


def only(condition: str) -> dict[str, Any]:
    """What makes an index partial, on both engines: `Index(…, **only("status = 'new'"))`."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def table(entity: type[Base]) -> Table:
    """The table of an entity: statements of its columns cost half as much as those of the entity itself, and
    are for what runs with every message."""
    found = entity.__table__
    assert isinstance(found, Table)
    return found


def insert(session: Session, entity: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the engine that the session talks to."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table(entity))
    return sqlite.insert(table(entity))


def wake(session: Session, topic: str) -> None:
    """Asks that whoever waits for `topic` is woken once this transaction has committed."""
    session.info.setdefault("wake", set()).add(topic)
