"""The writer: closures share commits, and each undoes only itself."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, insert, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.storage import database
from bot.storage.wakeups import Wakeups, wait
from bot.storage.writer import Work, Writer
from models import base
from models.programme import runs

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@contextlib.asynccontextmanager
async def writer_on(engine: Engine) -> AsyncIterator[Writer]:
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    try:
        yield writer
    finally:
        writer.close()


def claim(name: str) -> Work:
    return lambda session: runs.claim(session, "job", name, NOW)


def taken(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return {run.period for run in runs.latest(session, 1000)}


async def test_what_is_written_is_there_once_the_caller_hears_of_it(engine: Engine) -> None:
    async with writer_on(engine) as writer:
        assert await writer.write(claim("one")) is True
        assert taken(engine) == {"one"}


async def test_those_that_wait_together_are_all_written(engine: Engine) -> None:
    async with writer_on(engine) as writer:
        done = await asyncio.gather(*(writer.write(claim(str(number))) for number in range(300)))
    assert all(done)
    assert len(taken(engine)) == 300


async def test_one_that_fails_undoes_only_itself(engine: Engine) -> None:
    def breaks(session: Session) -> None:
        runs.claim(session, "job", "broken", NOW)
        raise ValueError("a bug")

    async with writer_on(engine) as writer:
        results = await asyncio.gather(
            writer.write(claim("before")), writer.write(breaks), writer.write(claim("after")),
            return_exceptions=True,
        )  # fmt: skip
    assert isinstance(results[1], ValueError)
    assert taken(engine) == {"before", "after"}


async def test_a_violated_constraint_undoes_only_its_own_closure(engine: Engine) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            session.execute(insert(runs.Run).values(job="j", period="p", state="done", at=NOW, detail=""))

    async with writer_on(engine) as writer:
        results = await asyncio.gather(
            writer.write(twice), writer.write(claim("good")), return_exceptions=True
        )
    assert isinstance(results[0], Exception)
    assert taken(engine) == {"good"}


async def test_a_topic_is_woken_after_the_commit_and_not_before(engine: Engine) -> None:
    def work(session: Session) -> None:
        base.wake(session, "outbox")

    async with writer_on(engine) as writer:
        waits = writer.wakeups.subscribe("outbox")
        assert not await wait(waits, 0.01)
        await writer.write(work)
        assert await wait(waits, 5)


async def test_where_only_the_word_of_a_commit_got_lost_who_waits_is_woken_all_the_same(
    engine: Engine,
) -> None:
    """The row is there, and its writer hears of an error, and tries again; nobody else may miss it."""

    @event.listens_for(engine, "commit")
    def connection_breaks(connection: Connection) -> None:
        connection.connection.commit()
        raise OperationalError("COMMIT", None, ConnectionError("the server closed the connection"))

    def work(session: Session) -> None:
        runs.claim(session, "job", "one", NOW)
        base.wake(session, "inbox")

    async with writer_on(engine) as writer:
        waits = writer.wakeups.subscribe("inbox")
        try:
            with pytest.raises(OperationalError):
                await writer.write(work)
        finally:
            event.remove(engine, "commit", connection_breaks)
        assert await wait(waits, 5)
    assert taken(engine) == {"one"}


async def test_two_writers_on_one_sqlite_file_lose_no_update(tmp_path: Path) -> None:
    where = database.url(f"sqlite:///{tmp_path / 'a.db'}")
    first, second = database.writing(where), database.writing(where)
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def add(session: Session) -> None:
        before = session.scalar(text("SELECT n FROM counter"))
        session.execute(text("UPDATE counter SET n = :n"), {"n": before + 1})

    async with writer_on(first) as one, writer_on(second) as two:
        await asyncio.gather(*(writer.write(add) for _ in range(100) for writer in (one, two)))
    with first.connect() as connection:
        assert connection.scalar(text("SELECT n FROM counter")) == 200
    first.dispose()
    second.dispose()


def test_a_second_process_is_kept_away_from_a_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    hold = (
        "from bot.storage import database\n"
        f"with database.only_process(database.url({url!r})): print('in', flush=True); input()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "in\n"
    with (
        pytest.raises(database.AlreadyRunningError, match="PostgreSQL"),
        database.only_process(database.url(url)),
    ):
        pass
    first.kill()
    first.communicate()
    with database.only_process(database.url(url)):
        pass  # a killed process leaves no lock behind


def test_urls_of_postgresql_mean_psycopg_3() -> None:
    for written in ("postgres://a@b/c", "postgresql://a@b/c"):
        assert database.url(written).drivername == "postgresql+psycopg"
