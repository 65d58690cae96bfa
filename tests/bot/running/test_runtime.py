"""The program as a whole: what it refuses to start with, what it starts, and how it ends."""

import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels import SendError
from bot.config import settings
from bot.running import runtime, supervisor
from bot.storage import database, schema
from models.messages import outbox
from models.messages.outbox import Outbound
from tests import programs
from tests.faults import cluster as clusters
from tests.faults import kill, nursery
from tests.faults.cluster import Cluster, Process
from tests.simulated import Simulated, start_simulator

pytestmark = pytest.mark.anyio
CONFIG = programs.ROOT / "config.yaml"


def loaded(url: str, simulated: Simulated, folder: Path, **more: object) -> settings.Settings:
    port = more.pop("web__port", None) or programs.free_port()
    env = programs.environment(url, simulated.url, folder, web__port=port, **more)
    return settings.load(CONFIG, env, ["TELEGRAM_TOKEN"])


def ended(process: Process, seconds: float = 60.0) -> tuple[int | None, str]:
    """The exit code of a process that ends by itself, and what it said."""
    until = time.monotonic() + seconds
    while process.lives() and time.monotonic() < until:
        time.sleep(0.02)
    return process.code(), process.log.read_text()


async def test_the_roles_decide_which_loops_run(database_url: str, tmp_path: Path) -> None:
    clusters.prepare(database_url).dispose()
    several = database_url.startswith("postgresql")
    listens = {"listener"} if several else set()
    works = {"worker-1", "fetcher", "examiner", "linker"} | ({"worker-2"} if several else set())
    async with start_simulator(limiter="off") as simulated:
        for roles, loops in (
            (runtime.ROLES, {"web", "refusals", "sender", "clock", "poller"} | works),
            (("worker",), works),
            (("clock",), {"clock", "poller"}),
        ):
            async with runtime.program(loaded(database_url, simulated, tmp_path), roles=roles) as program:
                assert set(program.loops) == loops | listens
        webhook = loaded(
            database_url,
            simulated,
            tmp_path,
            telegram__mode="webhook",
            web__public_url="https://pesan.example.go.id",
            telegram__webhook_secret="a-secret",
        )
        async with runtime.program(webhook, roles=("clock",)) as program:
            assert set(program.loops) == {"clock", "webhook"} | listens


async def test_what_was_started_is_stopped_and_may_be_started_again(
    database_url: str, tmp_path: Path
) -> None:
    clusters.prepare(database_url).dispose()
    async with start_simulator(limiter="off") as simulated:
        made = loaded(database_url, simulated, tmp_path)
        for _ in range(2):
            async with runtime.program(made) as program:
                task = asyncio.create_task(program.run())
                await asyncio.sleep(0.5)
                assert not task.done()
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            left = [one.name for one in threading.enumerate() if one.name.startswith(("writer", "sender"))]
            assert left == []


async def test_a_second_process_on_a_sqlite_file_is_refused(sqlite_database: str, tmp_path: Path) -> None:
    clusters.prepare(sqlite_database).dispose()
    async with start_simulator(limiter="off") as simulated:
        made = loaded(sqlite_database, simulated, tmp_path)
        async with runtime.program(made):
            with pytest.raises(database.AlreadyRunningError, match="PostgreSQL"):
                async with runtime.program(made):
                    pass


async def test_a_database_without_tables_is_refused_with_what_to_run(tmp_path: Path) -> None:
    async with start_simulator(limiter="off") as simulated:
        made = loaded(f"sqlite:///{tmp_path / 'empty.db'}", simulated, tmp_path)
        with pytest.raises(schema.SchemaError, match=r"has no tables yet; run: python -m bot migrate"):
            async with runtime.program(made):
                pass


async def test_a_token_that_telegram_does_not_know_is_refused(database_url: str, tmp_path: Path) -> None:
    clusters.prepare(database_url).dispose()
    async with start_simulator(limiter="off", token="7000000002:another-token-of-another-bot-00001") as other:
        began = time.monotonic()
        with pytest.raises(SendError, match="halt_channel"):
            async with runtime.program(loaded(database_url, other, tmp_path)):
                pass
        assert time.monotonic() - began < runtime.START_PATIENCE / 2, "a refusal is not waited for"


async def test_a_telegram_that_is_away_at_the_start_is_waited_for(
    sqlite_database: str, tmp_path: Path
) -> None:
    clusters.prepare(sqlite_database).dispose()
    async with start_simulator(limiter="off") as simulated:
        await simulated.people.plan_fault("getMe", "502", 2)
        async with runtime.program(loaded(sqlite_database, simulated, tmp_path)) as program:
            assert program.account.username == "satu_pesan_bot"


async def test_a_port_that_is_taken_ends_the_program_and_says_which_setting_it_is(
    sqlite_database: str, tmp_path: Path
) -> None:
    clusters.prepare(sqlite_database).dispose()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with start_simulator(limiter="off") as simulated:
            made = loaded(sqlite_database, simulated, tmp_path, web__port=taken.getsockname()[1])
            async with runtime.program(made) as program:
                with pytest.RaisesGroup(
                    pytest.RaisesExc(supervisor.CannotStartError, match=r"web\.port"), flatten_subgroups=True
                ):
                    await program.run()


async def test_a_loop_that_fails_begins_again_and_one_that_cannot_start_ends() -> None:
    tries: list[int] = []

    async def breaks() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("a bug")
        if len(tries) == 3:
            raise ExceptionGroup("several", [KeyError("x")])

    await supervisor.keep_going("loop", breaks, shortest=0.01, longest=0.02)
    assert len(tries) == 4

    async def cannot() -> None:
        raise supervisor.CannotStartError("mend this")

    with pytest.raises(supervisor.CannotStartError):
        await supervisor.keep_going("loop", cannot)


async def test_the_command_says_in_a_sentence_why_it_does_not_run(tmp_path: Path) -> None:
    nursery_ = nursery.Nursery()
    try:
        async with start_simulator(limiter="off") as simulated:
            url = f"sqlite:///{tmp_path / 'a.db'}"
            env = programs.environment(url, simulated.url, tmp_path, web__port=programs.free_port())

            def run(name: str, **more: str) -> Process:
                log = tmp_path / f"{name}.log"
                log.touch()
                return Process("all", nursery_.born(env | more, ["run"], log), log)

            code, said = await asyncio.to_thread(ended, run("unmigrated"))
            assert (code, said.strip().splitlines()[-1]) == (
                2,
                "the database has no tables yet; run: python -m bot migrate",
            )
            clusters.prepare(url).dispose()
            code, said = await asyncio.to_thread(ended, run("token", TELEGRAM_TOKEN="1:wrong-token-xxxxxxxx"))
            assert code == 2
            assert "is TELEGRAM_TOKEN right?" in said
    finally:
        nursery_.close()


async def test_sigterm_ends_it_within_seconds_with_everything_recorded(
    database_url: str, tmp_path: Path
) -> None:
    slow: dict[str, object] = {"latency_ms": 300}
    async with clusters.running(database_url, tmp_path, 80, rate=40, simulator=slow) as cluster:
        process = cluster.launch("all")
        await asyncio.to_thread(process.until_ready)
        while not 0 < cluster.left_of_release() < 70:
            await asyncio.sleep(0.02)
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        code, said = await asyncio.to_thread(ended, process)
        took = time.monotonic() - began
        assert code == 0, said[-2000:]
        assert took < 20
        assert cluster.left_of_release() > 0, "it ended in the middle of the release"
        await _agrees(cluster)
        again = cluster.launch("all")
        await kill.finish(cluster, [again], 120)
        deliveries = await cluster.deliveries()
        for piece in ("card", "caption"):
            assert len(deliveries[piece]) == 80
            assert set(deliveries[piece].values()) == {1}, "nothing went out twice"
        assert cluster.count(Outbound, Outbound.resent > 0) == 0


async def _agrees(cluster: Cluster) -> None:
    """What the rows say was sent is what the people have, and no row is in anybody's hands."""
    deliveries = await cluster.deliveries()
    with cluster.session() as session:
        assert outbox.counts(session).get(outbox.SENDING, 0) == 0
        for piece in ("card", "caption"):
            rows = session.scalars(
                select(Outbound.address).where(Outbound.part == piece, Outbound.status == outbox.SENT)
            ).all()
            assert sorted(rows) == sorted(deliveries[piece])
