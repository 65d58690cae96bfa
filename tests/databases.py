"""The databases that tests write into: one of each engine for the whole run, empty again for each test.

A database of its own for every test costs more than most tests (on PostgreSQL about 100 ms to copy and drop
the template, 20 ms to meet it), and a new engine compiles every statement anew. So there is one
database and one engine of each kind, and before each test whatever the one before left in it is taken out.
"""

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL

from bot.storage import database
from models import tables
from models.base import Base

assert tables.ALL, "all tables are known before they are made"

# What a test changed beyond rows: tables, columns, constraints, triggers, functions, statistics.
SHAPE = """
WITH relation AS (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT (SELECT sum(oid::bigint) FROM relation),
       (SELECT md5(string_agg(concat(attname, atttypid, attnotnull, atthasdef), ','
                              ORDER BY attrelid, attnum))
          FROM pg_attribute WHERE attrelid IN (SELECT oid FROM relation)),
       (SELECT sum(oid::bigint) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT sum(oid::bigint) FROM pg_trigger),
       (SELECT sum(oid::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_statistic WHERE starelid IN (SELECT oid FROM relation))
"""
# A table that VACUUM left without a page has seen no row since.
WRITTEN = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
COUNTERS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def fill(url: URL) -> None:
    """All tables in an empty database."""
    engine = database.writing(url)
    Base.metadata.create_all(engine)
    engine.dispose()


class Postgres:
    """One database on the server at `server`, made from its `satu_template`."""

    def __init__(self, server: URL) -> None:
        self.admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self.engine = database.writing(server.set(database="satu"))
        self.shape = self._make()

    def clean(self) -> None:
        """Takes out every row and ends every connection that was left behind."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            same = tuple(connection.execute(text(SHAPE)).one()) == self.shape
            if same:
                self._sweep(connection)
        if not same:
            self.shape = self._make()

    def dispose(self) -> None:
        self.engine.dispose()
        self.admin.dispose()

    @staticmethod
    def _sweep(connection: Connection) -> None:
        connection.execute(text(OTHERS))
        connection.execute(text("SELECT pg_advisory_unlock_all()"))
        if not (written := connection.scalars(text(WRITTEN)).all()):
            return
        # Without the foreign keys, the order does not matter.
        rows = "; ".join(f"DELETE FROM {name}" for name in written)
        connection.exec_driver_sql(f"BEGIN; SET LOCAL session_replication_role = replica; {rows}; COMMIT")
        connection.exec_driver_sql(f"VACUUM (SKIP_DATABASE_STATS) {', '.join(written)}")
        connection.execute(text(COUNTERS))

    def _make(self) -> tuple[object, ...]:
        self.engine.dispose()
        with self.admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS satu WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE satu TEMPLATE satu_template"))
        with self.engine.connect() as connection:
            return tuple(connection.execute(text(SHAPE)).one())


class Sqlite:
    """One file in `folder`, a copy of `template` again and again."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.template = template
        self.path = folder / "satu-pesan.db"
        self.engine = database.writing(database.url(f"sqlite:///{self.path}"), synchronous="OFF")

    def clean(self) -> None:
        """A new file; whoever still has the old one open keeps that."""
        self.engine.dispose()
        for left in self.path.parent.glob(f"{self.path.name}*"):
            left.unlink()
        shutil.copy(self.template, self.path)

    def dispose(self) -> None:
        self.engine.dispose()


Database = Postgres | Sqlite


def address(of: Engine) -> str:
    """The URL of an engine, as DATABASE_URL has it."""
    return of.url.render_as_string(hide_password=False)
