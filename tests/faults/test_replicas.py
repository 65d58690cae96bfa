"""Two clocks, two senders, four workers and two webs on one PostgreSQL share the work without doing any
of it twice."""

import asyncio
import re
import statistics
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import runs
from models.programme.runs import Run
from models.shares.shares import Evidence
from tests import seeding
from tests.faults import cluster as clusters
from tests.faults import kill, nursery
from tests.faults.cluster import Cluster, Process

pytestmark = pytest.mark.anyio
ROLES = ("clock", "clock", "sender", "sender", "worker", "worker", "worker", "worker", "web", "web")
NUMBERED = 6


async def everybody(cluster: Cluster) -> list[Process]:
    alive = [cluster.launch(role) for role in ROLES]
    for process in alive:
        await asyncio.to_thread(process.until_ready)
    return alive


def link(person: int, number: int) -> str:
    return f"https://www.instagram.com/p/C{person:05d}{number:05d}"


async def numbered(cluster: Cluster, people: range) -> None:
    """Everybody sends numbered links, one right after the other."""
    for number in range(NUMBERED):
        await cluster.simulated.people.batch(
            [{"as": seeding.chat_of(n), "do": "say", "text": link(n, number)} for n in people]
        )


async def answered_in_order(cluster: Cluster, person: int) -> list[str]:
    """The links that a person's receipts are about, in the order in which the receipts came."""
    history = await cluster.simulated.people.history(seeding.chat_of(person))
    said = [message["text"] for message in history["messages"] if message["from"]["bot"]]
    numbers = [int(found[1]) for words in said if (found := re.search(r"tanda terima:? (\d+)", words))]
    with cluster.session() as session:
        links = dict(session.execute(select(Evidence.share_id, Evidence.link)).all())
    return [links[number] for number in numbers]


def transactions(cluster: Cluster) -> int:
    with cluster.engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        found = connection.scalar(
            text(
                "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
            )
        )
    return int(found or 0)


async def answer_seconds(cluster: Cluster, chat: int) -> float:
    """From a person's message to the answer on the phone: three processes wake each other for it."""
    people = cluster.simulated.people
    since = (await people.history(chat))["seq"]
    began = time.monotonic()
    await people.say(chat, "menu")
    await people.answers(chat, since, seconds=30)
    return time.monotonic() - began


async def test_replicas_do_each_job_once_keep_the_order_and_rest_when_there_is_nothing_to_do(
    postgres_database: str, tmp_path: Path
) -> None:
    async with clusters.running(postgres_database, tmp_path, 60) as cluster:
        alive = await everybody(cluster)
        await cluster.begun()
        await numbered(cluster, range(20))
        await kill.finish(cluster, alive, 120)

        deliveries = await cluster.deliveries()
        assert set(deliveries["card"].values()) == {1}
        assert len(deliveries["card"]) == len(deliveries["caption"]) == 60
        with cluster.session() as session:
            periods = session.execute(select(Run.job, Run.period)).all()
            assert len(periods) == len(set(periods)) > 0
            assert [run.job for run in runs.latest(session)].count("release") == 1
            assert session.scalars(select(Outbound.resent).where(Outbound.resent > 0)).all() == []
        for person in range(20):
            assert await answered_in_order(cluster, person) == [link(person, n) for n in range(NUMBERED)]

        seconds = [await answer_seconds(cluster, seeding.chat_of(n)) for n in range(20, 30)]
        before, began = transactions(cluster), time.monotonic()
        await asyncio.sleep(8)
        idle = (transactions(cluster) - before) / (time.monotonic() - began)
        print(f"answer after {statistics.median(seconds):.3f} s; idle {idle:.1f} transactions/s of 10")  # noqa: T201
        # Without LISTEN/NOTIFY an answer would wait for two looks at the tables, every five and two seconds.
        assert statistics.median(seconds) < 2.5
        assert idle < 60, "somebody asks the database over and over"
        assert all(process.lives() for process in alive)


def leads(process: Process, office: str) -> bool:
    return any(
        '"event": "leads"' in line and f'"office": "{office}"' in line
        for line in process.log.read_text().splitlines()
    )


async def test_when_the_active_sender_is_killed_the_other_takes_over_and_nobody_misses_anything(
    postgres_database: str, tmp_path: Path
) -> None:
    async with clusters.running(postgres_database, tmp_path, 150, rate=40) as cluster:
        alive = await everybody(cluster)
        while not 0 < cluster.left_of_release() < 120:
            await asyncio.sleep(0.05)
        senders = [process for process in alive if process.role == "sender"]
        active = [process for process in senders if leads(process, "sender")]
        assert len(active) == 1, "one sender is active, the other waits"
        [standby] = [process for process in senders if process is not active[0]]
        nursery.kill(active[0].pid)
        began, sent = time.monotonic(), (await cluster.simulated.people.stats())["sent"]
        while not leads(standby, "sender"):
            assert time.monotonic() - began < 60, standby.log.read_text()[-2000:]
            await asyncio.sleep(0.02)
        took = time.monotonic() - began
        while (await cluster.simulated.people.stats())["sent"] == sent:
            await asyncio.sleep(0.02)
        first = time.monotonic() - began
        await kill.finish(cluster, [one for one in alive if one is not active[0]], 120)
        deliveries = await cluster.deliveries()
        twice = sum(n - 1 for piece in ("card", "caption") for n in deliveries[piece].values())
        print(f"takeover {took:.2f} s, next message {first:.2f} s, messages sent twice: {twice}")  # noqa: T201
        assert len(deliveries["card"]) == len(deliveries["caption"]) == 150
        assert twice <= kill.IN_FLIGHT
        assert cluster.count(Outbound, Outbound.resent > 0) <= kill.IN_FLIGHT
        assert cluster.count(Outbound, Outbound.status != outbox.SENT) == 0
