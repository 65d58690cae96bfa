"""A release and a flood of proofs while the program is killed again and again (SIGKILL).

    python -m tests.faults.kill --engine sqlite|postgresql --people 1500 --kills 100

prints the figures, and ends with 1 when anything was lost or counted twice.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.messages import inbox
from models.releases import releases
from models.shares.shares import Evidence, Share
from tests.faults import cluster as clusters
from tests.faults import nursery, servers
from tests.faults.cluster import Cluster, Process
from tests.faults.servers import Server

IN_FLIGHT = 32  # telegram.in_flight of these programmes: what a crash may send twice


@dataclass
class Figures:
    """What happened. `in_release` are the kills that fell into the release, `senders` those of a sender."""

    engine: str
    people: int
    kills: int = 0
    in_release: int = 0
    senders: int = 0
    proofs: int = 0
    handled: int = 0
    lost_updates: int = 0
    without_item: int = 0
    without_caption: int = 0
    lost_proofs: int = 0
    double_proofs: int = 0
    bad_receipts: int = 0
    duplicates: dict[str, int] = field(default_factory=dict)
    allowed: int = 0  # duplicates that could not be helped
    seconds: float = 0.0

    @property
    def all_duplicates(self) -> int:
        return sum(self.duplicates.values())

    def problems(self) -> list[str]:
        """What must not have happened, as sentences."""
        found = [
            f"{number} {what}"
            for number, what in (
                (self.lost_updates, "updates lost or not handled"),
                (self.without_item, "people without the item"),
                (self.without_caption, "people without the words to copy"),
                (self.lost_proofs, "proofs that are no share"),
                (self.double_proofs, "proofs counted twice"),
                (self.bad_receipts, "proofs without exactly one receipt"),
            )
            if number
        ]
        if self.all_duplicates > self.allowed:
            found.append(f"{self.all_duplicates} duplicates, more than {self.allowed}")
        return found

    def table(self) -> str:
        per_kill = self.all_duplicates / self.senders if self.senders else 0.0
        rows = {
            "engine": self.engine,
            "people": self.people,
            "proofs sent in": self.proofs,
            "kills (SIGKILL)": self.kills,
            "  while the release ran": self.in_release,
            "  of the sending process": self.senders,
            "updates handled": self.handled,
            "updates lost": self.lost_updates,
            "people without the item": self.without_item,
            "people without the caption": self.without_caption,
            "proofs lost": self.lost_proofs,
            "proofs counted twice": self.double_proofs,
            "proofs without one receipt": self.bad_receipts,
            "messages sent twice": f"{self.all_duplicates} {self.duplicates}",
            "  per kill of the sender": f"{per_kill:.2f} (bound {IN_FLIGHT})",
            "seconds": f"{self.seconds:.0f}",
        }
        return "\n".join(f"{name:<28}{value}" for name, value in rows.items())


async def play(
    url: str, folder: Path, *, people: int, kills: int, seed: int = 1, patience: float = 180.0
) -> Figures:
    """The whole story on a fresh database; its figures."""
    chance = random.Random(seed)
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    figures = Figures(engine, people)
    began = time.monotonic()
    # Slow enough that the kills fall into the release, wherever the machine lets them be.
    rate = max(20.0, min(300.0, 1.5 * people / max(1, kills)))
    async with clusters.running(url, folder, people, rate=rate) as cluster:
        alive = [cluster.launch(role) for role in clusters.roles(engine)]
        flood = asyncio.create_task(prove(cluster, chance, 0.5 * kills))
        await cluster.begun()
        for victims in _victims(chance, kills, len(alive)):
            alive = await _kill_some(cluster, alive, victims, chance, figures)
        figures.proofs = await flood
        await finish(cluster, alive, patience)
        await judge(cluster, figures)
    figures.allowed = IN_FLIGHT * figures.senders
    figures.seconds = time.monotonic() - began
    return figures


def _victims(chance: random.Random, kills: int, processes: int) -> Iterator[set[int]]:
    """Who dies each time: one after the other in no order, and now and then all at once."""
    order: list[int] = []
    for _ in range(kills):
        if chance.random() < 0.15:
            yield set(range(processes))
            continue
        order = order or chance.sample(range(processes), processes)
        yield {order.pop()}


async def _kill_some(
    cluster: Cluster, alive: list[Process], numbers: set[int], chance: random.Random, figures: Figures
) -> list[Process]:
    """Lets the program live for a moment, then kills some of its processes; who lives afterwards."""
    victims = [alive[number] for number in numbers]
    if chance.random() < 0.9:  # else it may be hit while it starts
        await asyncio.to_thread(_until_ready, victims)
    await asyncio.sleep(chance.uniform(0.05, 1.2))
    figures.kills += 1
    figures.in_release += cluster.left_of_release() > 0
    figures.senders += any(one.role in ("all", "sender") for one in victims)
    for one in victims:
        nursery.kill(one.pid)
    return [one if one not in victims else cluster.launch(one.role) for one in alive]


def _until_ready(processes: Iterable[Process]) -> None:
    for process in processes:
        process.until_ready()


async def prove(cluster: Cluster, chance: random.Random, seconds: float) -> int:
    """Once the release runs everybody proves, in no order, within some seconds; how many proofs that were."""
    photo = await cluster.photo()
    await cluster.begun()
    order = list(range(cluster.people))
    random.Random(chance.random()).shuffle(order)
    size = max(1, round(len(order) * 0.25 / seconds))
    for first in range(0, len(order), size):
        results = await cluster.simulated.people.batch(
            [clusters.proof(number, photo) for number in order[first : first + size]]
        )
        assert all("error" not in result for result in results), results
        await asyncio.sleep(0.25)
    return len(order)


async def finish(cluster: Cluster, alive: list[Process], patience: float) -> None:
    """Waits until there is nothing left to do."""
    until = time.monotonic() + patience
    await asyncio.to_thread(_until_ready, alive)
    while True:
        pending = (await cluster.simulated.people.stats())["pending_updates"]
        left = {"pending": pending, **cluster.unfinished()}
        if not any(left.values()):
            return
        if time.monotonic() > until:
            raise AssertionError(f"not done after {patience:.0f} s: {left}")
        await asyncio.sleep(0.3)


async def judge(cluster: Cluster, figures: Figures) -> None:
    """Counts what came of everything, in the rows and with the people."""
    done, everybody = cluster.updates(inbox.DONE), cluster.people
    figures.handled = len(done)
    figures.lost_updates = figures.proofs - len(done)  # one update a proof; dead ones are none of them
    figures.double_proofs = max(0, cluster.count(Share) - figures.proofs)
    figures.bad_receipts = sum(number != 1 for number in cluster.receipts().values())
    deliveries = await cluster.deliveries()
    figures.without_item = everybody - len(deliveries["card"])
    figures.without_caption = everybody - len(deliveries["caption"])
    shown = min(cluster.count(Evidence), len(deliveries["receipt"]))
    figures.lost_proofs = figures.proofs - shown
    figures.duplicates = {
        piece: sum(number - 1 for number in chats.values()) for piece, chats in deliveries.items()
    }
    with cluster.session() as session:
        for release in session.query(releases.Release):
            assert release.status == releases.FINISHED
            assert releases.progress(session, release.id).sent == everybody


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    async def story(url: str, folder: Path, _server: Server | None) -> Figures:
        return await play(url, folder, people=given.people, kills=given.kills, seed=given.seed, patience=900)

    return servers.alone(given.engine, story)


if __name__ == "__main__":
    sys.exit(main())
