"""A release and a flood of proofs while the Bot API fails at random and the database goes away.

    python -m tests.faults.outage --engine sqlite|postgresql --seconds 30 --api-minutes 5

prints the figures, and ends with 1 when anything was lost, counted twice, or had to be restarted.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import cluster as clusters
from tests.faults import kill, servers
from tests.faults.cluster import Cluster
from tests.faults.servers import Server

FAULTS = 0.12  # of all calls of the Bot API, in all the ways the simulator knows
Away = Callable[[], AbstractContextManager[None]]


@dataclass
class Outage:
    """What happened: the figures of the story, and those of the outage."""

    figures: kill.Figures
    database_seconds: float
    api_seconds: float
    faults: dict[str, int] = field(default_factory=dict)
    died: int = 0
    restarted_loops: int = 0
    given_up: int = 0
    backlog_seconds: float = 0.0

    def problems(self) -> list[str]:
        found = self.figures.problems()
        if self.died:
            found.append(f"{self.died} processes ended")
        if self.given_up:
            found.append(f"{self.given_up} messages were given up")
        return found

    def table(self) -> str:
        rows = {
            "database away, seconds": f"{self.database_seconds:.0f}",
            "failing Bot API, seconds": f"{self.api_seconds:.0f}",
            "calls that failed": f"{sum(self.faults.values())} {self.faults}",
            "processes that ended": self.died,
            "loops begun again": self.restarted_loops,
            "backlog worked off, seconds": f"{self.backlog_seconds:.1f}",
        }
        return "\n".join([self.figures.table(), *(f"{name:<28}{value}" for name, value in rows.items())])


async def play(
    url: str, folder: Path, *, people: int, seconds: float, api_seconds: float, away: Away | None = None
) -> Outage:
    """The whole story on a fresh database; its figures. `away` is how the database goes."""
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    outage = Outage(kill.Figures(engine, people), seconds, api_seconds)
    began = time.monotonic()
    rate = max(15.0, min(300.0, 2.2 * people / (seconds + api_seconds)))
    async with clusters.running(url, folder, people, rate=rate, simulator={"hold": 2}) as cluster:
        alive = [cluster.launch(role) for role in clusters.roles(engine)]
        for process in alive:
            await asyncio.to_thread(process.until_ready)
        proofs = asyncio.create_task(kill.prove(cluster, random.Random(1), seconds + api_seconds))
        await cluster.begun()
        await _trouble(cluster, outage, away or (lambda: servers.closed(url)))
        outage.figures.proofs = await proofs
        over = time.monotonic()
        await kill.finish(cluster, alive, 120 + 5 * seconds)
        outage.backlog_seconds = time.monotonic() - over
        outage.died = sum(not process.lives() for process in alive)
        outage.restarted_loops = cluster.logs('"loop_failed"')
        outage.given_up = cluster.logs('"dead": true')
        await kill.judge(cluster, outage.figures)
        outage.faults = (await cluster.simulated.people.stats())["faults"]
    outage.figures.allowed = outage.faults.get("timeout_after", 0)
    outage.figures.seconds = time.monotonic() - began
    return outage


async def _trouble(cluster: Cluster, outage: Outage, away: Away) -> None:
    """The Bot API fails all the time, the database is away in the middle of it."""
    await cluster.simulated.people.limits(faults=FAULTS)
    await asyncio.sleep(outage.api_seconds / 2)
    with away():
        await asyncio.sleep(outage.database_seconds)
    await asyncio.sleep(outage.api_seconds / 2)
    await cluster.simulated.people.limits(faults=0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=30.0, help="that the database is away")
    parser.add_argument("--api-minutes", type=float, default=5.0, help="that the Bot API fails at random")
    given = parser.parse_args()

    async def story(url: str, folder: Path, server: Server | None) -> Outage:
        return await play(
            url, folder, people=given.people, seconds=given.seconds, api_seconds=60 * given.api_minutes,
            away=(lambda: crashed(server)) if server else None,
        )  # fmt: skip

    return servers.alone(given.engine, story)


@contextmanager
def crashed(server: Server) -> Iterator[None]:
    """The PostgreSQL server crashes, and is started again afterwards."""
    server.crash()
    try:
        yield
    finally:
        server.restart()


if __name__ == "__main__":
    sys.exit(main())
