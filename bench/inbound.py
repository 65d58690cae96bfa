"""Proofs that come in: from the webhook's POST to the committed share with its queued receipt.

    python -m bench.inbound [--quick] [--engine sqlite postgresql] [--rates 50 200 500] [--flood 4000]

Telegram's part is played by this process: it POSTs updates (a link to a post, from one of 1,500
people) with the secret header over 40 connections, Telegram's own default, at an even pace; then as
fast as they are taken. What is committed is read from the database every 5 ms by another connection.

The outgoing side keeps to Telegram's 30 messages a second, as it would in the province (`--replies
1000` sends the receipts as fast as they come). The peers answer each update at once, without a limit.
"""

import argparse
import asyncio
import contextlib
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import aiohttp
import psutil
from sqlalchemy import create_engine, text

from bench import ground, peers
from bench.ground import Watch
from bench.load import CONNECTIONS, PEOPLE, SECRET, Load, Rows
from bot.storage import database
from tests import programs
from tests.simulated import Simulated


def receipts(url: str, channel: str = "telegram", number_of: Callable[[str], int] = int) -> Rows:
    """Reads the queued receipts: in the transaction of the share, so where one is, both are."""
    engine = create_engine(database.url(url), isolation_level="AUTOCOMMIT")
    query = text(f"SELECT id, key FROM outbox WHERE id > :last AND key LIKE 'reply:{channel}:%'")
    last = 0

    def read() -> set[int]:
        nonlocal last
        with engine.connect() as connection:
            # Of two transactions the one that began first may end last: its rows have lower numbers.
            found = connection.execute(query, {"last": last - 200}).all()
        last = max([last, *(row.id for row in found)])
        return {number_of(row.key.split(":")[2]) for row in found}

    return read


def peer_rows(file: Path) -> Rows:
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    last = 0

    def read() -> set[int]:
        nonlocal last
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT id, update_id FROM proof WHERE id > :l"), {"l": last}
            ).all()
        last = max([last, *(row.id for row in found)])
        return {row.update_id for row in found}

    return read


async def ours(engine: str, words: argparse.Namespace) -> list[list[object]]:
    """All stages on one engine; rows of the table."""
    port = programs.free_port()
    hook = f"http://127.0.0.1:{port}"
    with ground.database_of(engine) as (url, folder):
        ground.fill(url, PEOPLE, received=True)
        settings: dict[str, object] = {
            "telegram__mode": "webhook",
            "web__port": port,
            "telegram__messages_per_second": words.replies,
            "telegram__per_chat_per_second": 1 if words.replies <= 30 else 30,
        }
        secrets = {"TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": hook}
        async with (
            ground.simulator(PEOPLE, latency_ms=50) as simulated,
            ground.program(url, simulated, folder, settings, secrets) as running,
        ):
            await until_up(f"{hook}/health", lambda: ground.check(running))
            load = Load(f"{hook}/webhooks/telegram", receipts(url))
            name = f"Satu Pesan, {ground.NAMES[engine]}"
            return await stages(name, load, [running.process], words.rates, words.seconds, words.flood)


async def until_up(url: str, check: Callable[[], None], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
        while True:
            check()
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as response:
                    if response.status:
                        return
            await asyncio.sleep(0.1)


async def stages(
    name: str,
    load: Load,
    processes: Sequence["subprocess.Popen[bytes]"],
    rates: Sequence[float],
    seconds: float,
    flood: int,
) -> list[list[object]]:
    rows: list[list[object]] = []
    await load.offer(50, 50)  # whatever is slow at the first time only
    plan = [(float(rate), int(rate * seconds)) for rate in rates] + [(0.0, flood)]
    for rate, count in plan:
        before = sum(map(ground.cpu_seconds, processes))
        seen = await load.offer(rate, count)
        cpu = sum(map(ground.cpu_seconds, processes)) - before
        offered = f"offered {rate:,.0f}/s" if rate else "flood"
        ground.say(f"{name}: {count:,} updates, {offered}: {seen.handled:,.0f}/s committed")
        rows.append([name, f"{rate:,.0f}/s" if rate else "flood", seen.handled,
                     *ground.milliseconds(seen.answer, 0.5, 0.99),
                     *ground.milliseconds(seen.commit, 0.5, 0.99), 1e6 * cpu / count, seen.lost])  # fmt: skip
    return rows


@contextlib.asynccontextmanager
async def peer(
    name: str, simulated: Simulated, folder: Path, port: int
) -> AsyncIterator["subprocess.Popen[bytes]"]:
    words = peers.command(name, "--url", simulated.url, "--token", simulated.token, "--secret", SECRET,
                          "--file", folder / "peer.db", "--port", port)  # fmt: skip
    with (folder / "peer.log").open("wb") as log:
        process = await asyncio.to_thread(
            subprocess.Popen, words, cwd=peers.ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, 5)
        process.kill()
        process.wait()


async def theirs(label: str, name: str, words: argparse.Namespace) -> list[list[object]]:
    port = programs.free_port()
    with tempfile.TemporaryDirectory(prefix="satu-pesan-bench-") as made:
        folder = Path(made)
        async with (
            ground.simulator(PEOPLE, latency_ms=50) as simulated,
            peer(name, simulated, folder, port) as process,
        ):

            def check() -> None:
                if not psutil.pid_exists(process.pid) or process.poll() is not None:
                    raise RuntimeError((folder / "peer.log").read_text()[-2000:])

            await until_up(f"http://127.0.0.1:{port}/", check)
            load = Load(f"http://127.0.0.1:{port}/hook", peer_rows(folder / "peer.db"))
            # They are asked for less: what they cannot keep up with would only take our time.
            slow = [rate for rate in words.rates if rate <= 200]
            return await stages(label, load, [process], slow, words.seconds, words.flood // 4)


async def everything(words: argparse.Namespace) -> None:
    watch = Watch()
    rows: list[list[object]] = []
    for engine in words.engine:
        rows += await ours(engine, words)
    best = float(str(rows[len(words.rates)][2]))
    if not words.alone:
        peers.python()
        rows += await theirs("PTB webhook", "webhook_ptb", words)
        rows += await theirs("aiogram webhook", "webhook_aiogram", words)
    for row in rows:
        ours_too = str(row[0]).startswith("Satu Pesan")
        row.append("" if ours_too or row[1] != "flood" else ground.times(best, float(str(row[2]))))
    ground.report(
        f"Proofs by webhook, {CONNECTIONS} connections; receipts sent at up to {words.replies}/s by us, "
        f"at once by the peers; {watch.seconds:,.0f} s in all",
        ("who", "offered", "committed/s", "200 p50 ms", "p99", "row p50 ms", "p99", "CPU µs each", "lost",
         "ours is"),
        rows,
    )  # fmt: skip


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--rates", nargs="*", type=int, default=[50, 200, 500])
    options.add_argument("--seconds", type=float, default=6.0, help="of each rate")
    options.add_argument("--flood", type=int, default=4000, help="updates of the last stage")
    options.add_argument("--replies", type=int, default=30, help="messages a second that we may send")
    options.add_argument("--alone", action="store_true", help="without the peers")
    options.add_argument("--quick", action="store_true", help="two seconds of each rate, 500 updates")
    words = options.parse_args()
    if words.quick:
        words.seconds, words.flood = 2.0, 500
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
