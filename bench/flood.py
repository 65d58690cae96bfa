"""A flood: 2,000 pictures of 1 to 4 MB in two minutes; its memory, what is lost, how long others wait.

    python -m bench.flood [--quick] [--pictures 2000] [--seconds 120] [--engine sqlite|postgresql] [--alone]

Each of so many people sends a JPEG of their own as a file, evenly spread; `--rate` questions a second
("/saya", "/bukti", "menu") of others are asked before, meanwhile, and until every picture has been looked
at. The simulator keeps to 30 messages a second and answers 50 ms late.

A picture is lost unless there is a row of evidence for it, the file in the store has its content, and its
sender got a receipt. Memory is that of the program and its children together, what they share counted once
(PSS), every 0.1 s. The last picture has been looked at long after the flood: it waits in the database. Needs
some 5 GB of disk for each 1,000 pictures.
"""

import argparse
import asyncio
import contextlib
import hashlib
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from PIL import Image
from sqlalchemy import Engine, create_engine, func, select, update
from sqlalchemy.orm import Session

from bench import ground, peers
from bench.crowd import SHAPES, Crowd, Picture, drawn
from bench.ground import Watch
from bot.demo import pictures, topics
from bot.files.media import Store
from bot.storage import database
from models.content.content import Item
from models.messages import files
from models.messages.files import Media
from models.people.people import Account
from models.shares.shares import Evidence, Share
from tests import seeding

ASKERS = 400
PATIENCE = 120.0  # seconds in which nothing happens any more
HEAD = (
    "pictures", "lost", "memory before, MB", "at the most, MB", "times",
    "reply before, p50 ms", "  p95", "  p99", "in the flood, p50 ms", "  p95", "  p99",
    "until all was done, p50 ms", "  p95", "  p99", "receipt, p50 ms", "  p99",
    "all fetched after, s", "all examined after, s", "pictures a second", "CPU ms a picture",
)  # fmt: skip


@dataclass
class Memory:
    """Memory of a process and its children in MB (now, and the most there was), and their processor time."""

    process: "subprocess.Popen[bytes]"
    peak: float = 0.0

    def family(self) -> list[psutil.Process]:
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def now(self) -> float:
        whole = 0
        for one in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                whole += one.memory_full_info().pss
        return whole / 1e6

    def cpu(self) -> float:
        """Seconds, those of children which have ended apart."""
        spent = [one.cpu_times() for one in self.family()]
        return sum(times.user + times.system for times in spent)

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        async def watch() -> None:
            while True:
                self.peak = max(self.peak, await asyncio.to_thread(self.now))
                await asyncio.sleep(0.1)

        task = asyncio.create_task(watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@dataclass
class Depth:
    """How many pictures are in the store, and how many have been looked at, read every half second."""

    engine: Engine
    count: int
    fetched: float = float("nan")  # when the last one was, by this process's clock
    examined: float = float("nan")

    async def follow(self, crowd: Crowd) -> None:
        """Until all of them have been looked at, or nothing happens any more."""
        newest, last = (0, 0), time.perf_counter()
        while self.examined != self.examined and time.perf_counter() - last < PATIENCE:
            stored, looked = await asyncio.to_thread(self._read)
            now = time.perf_counter()
            if (stored, looked) != newest or len(crowd.sent) < self.count:
                newest, last = (stored, looked), now
            if stored >= self.count and self.fetched != self.fetched:
                self.fetched = now
            if looked >= self.count:
                self.examined = now
            await asyncio.sleep(0.5)

    def _read(self) -> tuple[int, int]:
        kept = select(func.count()).where(Media.purpose == "proof", Media.status == files.STORED)
        looked = select(func.count()).where(Evidence.examine_at.is_(None))
        with Session(self.engine) as session:
            return session.scalar(kept) or 0, session.scalar(looked) or 0


def prepare(url: str, folder: Path, people: int) -> None:
    """People who got an item with a picture."""
    ground.fill(url, people, received=True)
    engine, now = database.writing(database.url(url)), datetime.now(UTC)
    kept = Store(f"file://{folder / 'media'}").put(pictures.infographic(topics.PROVINCIAL), now)
    with Session(engine) as session, session.begin():
        media = files.add(session, now, kind="photo", key=kept.key, sha256=kept.sha256, mime=kept.mime,
                          size=kept.size, purpose="item", width=1080, height=1080)  # fmt: skip
        session.execute(update(Item).values(media_id=media.id, no_media=False))
    engine.dispose()


def lost(engine: Engine, folder: Path, made: Sequence[Picture], crowd: Crowd) -> list[str]:
    """What is missing of each picture that is not whole: its sender, and what there is none of."""
    rows = (
        select(Account.address, Media.sha256, Media.key, Media.status)
        .join(Share, Share.person_id == Account.person_id)
        .join(Evidence, Evidence.share_id == Share.id)
        .join(Media, Media.id == Evidence.media_id)
    )
    with Session(engine) as session:
        found = {(int(row.address), row.sha256): row for row in session.execute(rows)}
    missing = []
    for number, one in enumerate(made):
        chat = seeding.chat_of(number)
        row = found.get((chat, one.sha256))
        if row is None or row.status != files.STORED:
            missing.append(f"{chat}: evidence")
        elif not whole(folder / "media" / row.key, number):
            missing.append(f"{chat}: file")
        elif chat not in crowd.receipts:
            missing.append(f"{chat}: receipt")
    return missing


def whole(path: Path, number: int) -> bool:
    """Whether a file of the store is what its name says, and a picture of the right size to the last line."""
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        size = image.size
    return hashlib.sha256(data).hexdigest() == path.stem and size == SHAPES[number % len(SHAPES)][:2]


async def played(
    crowd: Crowd, memory: Memory, made: list[Picture], words: argparse.Namespace, depth: Depth | None
) -> list[object]:
    """Questions alone, then the flood, then until it has drained; the figures of a row."""
    asking = asyncio.create_task(crowd.ask(words.rate))
    await crowd.until_quick()
    calm = time.perf_counter()
    async with memory.watched():
        await asyncio.sleep(words.calm)
    idle, began, cpu = memory.peak, time.perf_counter(), memory.cpu()
    async with memory.watched():
        drained = asyncio.create_task(depth.follow(crowd) if depth else settled(crowd, len(made)))
        await crowd.flood(made, words.seconds)
        flooded = time.perf_counter()
        await drained
    cpu, end = memory.cpu() - cpu, time.perf_counter()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    if depth:
        await settled(crowd, len(made))
    spans = [(calm, began), (began, flooded), (flooded, end)]
    late = [crowd.receipts[chat] - sent for chat, sent in crowd.sent.items() if chat in crowd.receipts]
    fetched, done = (
        (depth.fetched, depth.examined)
        if depth
        else (float("nan"), max(crowd.receipts.values(), default=end))
    )
    figures: list[object] = [idle, memory.peak, memory.peak / idle]
    for span in spans:
        figures += ground.milliseconds(crowd.took(*span), 0.5, 0.95, 0.99)
    figures += ground.milliseconds(late, 0.5, 0.99)
    return [*figures, fetched - began, done - began, len(made) / (done - began), 1000 * cpu / len(made)]


async def settled(crowd: Crowd, count: int) -> None:
    """Until everybody has a receipt, or none comes any more."""
    while len(crowd.receipts) < count:
        newest = max([*crowd.receipts.values(), *crowd.sent.values()], default=time.perf_counter())
        if len(crowd.sent) == count and time.perf_counter() - newest > PATIENCE:
            return
        await asyncio.sleep(0.2)


async def ours(engine: str, words: argparse.Namespace) -> list[object]:
    people = words.pictures + ASKERS + 2
    with ground.database_of(engine) as (url, folder):
        prepare(url, folder, people)
        reader = create_engine(database.url(url), isolation_level="AUTOCOMMIT")
        async with ground.simulator(people, limiter="sliding", latency_ms=50) as simulated:
            ground.say(f"{words.pictures:,} pictures are drawn")
            made = await drawn(simulated, words.pictures)
            crowd = Crowd(simulated, words.pictures, ASKERS)
            async with ground.program(url, simulated, folder) as running, crowd.watching():
                depth = Depth(reader, len(made))
                figures = await played(crowd, Memory(running.process), made, words, depth)
                missing = await asyncio.to_thread(lost, reader, folder, made, crowd)
                if missing:
                    ground.say(f"lost: {', '.join(missing[:5])}")
                wal = folder / "bench.db-wal"
                if wal.exists():
                    ground.say(f"write-ahead log {wal.stat().st_size / 1e6:.1f} MB")
                log = running.log.read_text()
                if log:
                    ground.say(f"the program says ({len(log.splitlines())} lines): {log[:500]}")
        reader.dispose()
    ground.say(f"{sum(one.size for one in made) / 1e6:,.0f} MB in all")
    return [f"Satu Pesan, {ground.NAMES[engine]}", len(made), len(missing), *figures]


async def theirs(words: argparse.Namespace) -> list[object]:
    people = words.pictures + ASKERS + 2
    with tempfile.TemporaryDirectory(prefix="satu-pesan-bench-") as made_here:
        folder = Path(made_here)
        async with ground.simulator(people, limiter="sliding", latency_ms=50) as simulated:
            made = await drawn(simulated, words.pictures)
            crowd = Crowd(simulated, words.pictures, ASKERS)
            words_of = [sys.executable, "-W", "ignore", "-m", "bench.peers.naive_ptb", "--url", simulated.url,
                        "--token", simulated.token, "--folder", str(folder)]  # fmt: skip
            with (folder / "peer.log").open("wb") as log:
                process = await asyncio.to_thread(
                    subprocess.Popen, words_of, cwd=peers.ROOT, stdout=log, stderr=log
                )
            try:
                async with crowd.watching():
                    figures = await played(crowd, Memory(process), made, words, None)
            finally:
                process.kill()
                process.wait()
    return ["PTB, everything in its handler", len(made), len(made) - len(crowd.receipts), *figures]


async def everything(words: argparse.Namespace) -> None:
    watch = Watch()
    rows = [await ours(engine, words) for engine in words.engine]
    if not words.alone:
        rows.append(await theirs(words))
    ground.report(
        f"A flood: {words.pictures:,} pictures of 1 to 4 MB in {words.seconds:.0f} s, and {words.rate:g} "
        f"questions a second; {watch.seconds:,.0f} s in all",
        ("figure", *(str(row[0]) for row in rows)),
        [[head, *(row[place] for row in rows)] for place, head in enumerate(HEAD, start=1)],
    )


def main() -> None:
    options = ground.options(__doc__, ["sqlite"])
    options.add_argument("--pictures", type=int, default=2000)
    options.add_argument("--seconds", type=float, default=120.0, help="in which they are sent")
    options.add_argument("--rate", type=float, default=4.0, help="questions a second")
    options.add_argument("--calm", type=float, default=30.0, help="seconds before")
    options.add_argument("--alone", action="store_true", help="without the peer")
    options.add_argument("--quick", action="store_true", help="200 pictures in 12 seconds")
    words = options.parse_args()
    if words.quick:
        words.pictures, words.seconds, words.calm = 200, 12.0, 10.0
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
