"""How fast messages go out where nothing limits them: paid broadcasts, up to 1,000 a second.

    python -m bench.unlimited [--quick] [--people 4000] [--in-flight 256] [--latency 50]
        [--engine sqlite postgresql] [--profile FILE]

The program releases an item to `--people`, a card and a caption each, every row leased, sent and
recorded durably. The peers keep nothing: they call the Bot API and forget. The simulator takes a
processor of its own where there are two. `--profile` writes a profile of the program by py-spy, which
has to be installed.
"""

import argparse
import asyncio
import shutil
import subprocess

from bench import ground, peers
from bench.ground import Watch

PEERS: tuple[tuple[str, str, float, tuple[object, ...]], ...] = (
    # what the peer is called, its module, the part of the messages that it gets (slow ones less), its words
    ("aiogram, 256 at once", "aiogram_gather", 1.0, ("--in-flight", 256)),
    ("PTB, 30 at once", "ptb_gather", 0.25, ("--in-flight", 30)),
    ("PTB, 100 at once", "ptb_gather", 0.05, ("--in-flight", 100)),
    ("PTB, one by one", "ptb_loop", 0.02, ("--in-flight", 1)),
)


async def ours(engine: str, words: argparse.Namespace) -> list[object]:
    """One release; a row of the table."""
    messages = 2 * words.people
    with ground.database_of(engine) as (url, folder):
        ground.fill(url, words.people, release=True)
        settings: dict[str, object] = {
            "telegram__paid_broadcast": "true",
            "telegram__messages_per_second": 5000,
            "telegram__per_chat_per_second": 30,
            "telegram__in_flight": words.in_flight,
        }
        async with (
            ground.simulator(words.people, latency_ms=words.latency) as simulated,
            ground.program(url, simulated, folder, settings) as running,
        ):
            ground.say(f"{ground.NAMES[engine]}: {messages:,} messages")
            moments: list[tuple[float, int]] = []
            watch = Watch()
            before = 0.0
            while not moments or moments[-1][1] < messages:
                ground.check(running)
                sent = int((await simulated.people.stats())["sent"])
                if sent and not moments:
                    watch, before = Watch(), ground.cpu_seconds(running.process)
                    profiler = _profile(words.profile, running.process.pid)
                if sent:
                    moments.append((watch.seconds, sent))
                await asyncio.sleep(0.1)
            cpu = ground.cpu_seconds(running.process) - before
            stats = await simulated.people.stats()
            if profiler is not None:
                profiler.wait()
    done = messages - moments[0][1]
    pace = done / moments[-1][0]
    ground.say(f"{pace:,.0f} messages/s")
    return [f"Satu Pesan, {ground.NAMES[engine]}", "every row", messages, pace, _steady(moments),
            1e6 * cpu / done, stats["too_many_requests"], ""]  # fmt: skip


def _steady(moments: list[tuple[float, int]]) -> float:
    """Messages a second between a tenth and nine tenths of all."""
    most = moments[-1][1]
    inside = [(at, sent) for at, sent in moments if 0.1 * most <= sent <= 0.9 * most]
    if len(inside) < 2:
        return float("nan")
    return (inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0])


def _profile(target: str, pid: int) -> "subprocess.Popen[bytes] | None":
    """py-spy on the program for some seconds; None where nobody asked for it."""
    if not target:
        return None
    tool = shutil.which("py-spy")
    if tool is None:
        raise SystemExit("--profile needs py-spy on the PATH")
    words = [tool, "record", "-p", str(pid), "-o", target, "-d", "5", "-f", "raw", "-t", "-g", "-r", "200"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


async def theirs(words: argparse.Namespace, best: float) -> list[list[object]]:
    rows: list[list[object]] = []
    for label, name, part, more in PEERS:
        people = max(50, int(2 * words.people * part))
        ground.say(f"{label}: {people:,} messages")
        async with ground.simulator(people, latency_ms=words.latency) as simulated:
            said = await peers.run(
                name, "--url", simulated.url, "--token", simulated.token, "--people", people, *more
            )
        pace = said["sent"] / said["seconds"]
        ground.say(f"{pace:,.0f} messages/s")
        rows.append([label, "nothing", people, pace, pace, 1e6 * said["cpu"] / max(1, said["sent"]),
                     sum(said["failures"].values()), ground.times(best, pace)])  # fmt: skip
    return rows


async def everything(words: argparse.Namespace) -> None:
    rows = [await ours(engine, words) for engine in words.engine]
    if not words.alone:
        peers.python()
        rows += await theirs(words, float(str(rows[0][3])))
    ground.report(
        f"Without a limit: latency {words.latency} ms, up to {words.in_flight} calls at once",
        ("who", "durable", "messages", "messages/s", "steady", "CPU µs/message", "failed", "ours is"),
        rows,
    )


def main() -> None:
    options = ground.options(__doc__)
    options.add_argument("--people", type=int, default=4000)
    options.add_argument("--in-flight", type=int, default=256)
    options.add_argument("--latency", type=int, default=50, help="of the simulator, in milliseconds")
    options.add_argument("--engine", nargs="+", choices=ground.ENGINES, default=list(ground.ENGINES))
    options.add_argument("--alone", action="store_true", help="without the peers")
    options.add_argument("--profile", default="", help="a file for py-spy's stacks")
    options.add_argument("--quick", action="store_true", help="500 people")
    words = options.parse_args()
    if words.quick:
        words.people = 500
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
