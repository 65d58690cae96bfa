"""A program that writes to people on WhatsApp is killed (SIGKILL) at every step of a message's way.

    python -m tests.faults.kill_twilio --engine sqlite|postgresql --rounds 3

prints the figures, and ends with 1 when anything was lost, came twice, or stays unsettled.
"""

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN, SENDER
from bot.simulator.twilio.client import Phones
from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people
from models.sending import reported
from tests import programs
from tests.faults import cluster as clusters
from tests.faults import nursery, servers
from tests.faults.cluster import Cluster, Process
from tests.faults.servers import Server
from tests.faults.steps import LOST, SENDING, STEPS, Figures, Seen, Step

PEOPLE = 6


@dataclass
class Story:
    """The programme, its phones, and what was queued: the words of each piece, by which it is found."""

    cluster: Cluster
    phones: Phones
    addresses: Sequence[str]
    port: int
    figures: Figures
    words: list[str] = field(default_factory=list)
    same: int = 0  # messages that all say the same
    alive: dict[str, Process] = field(default_factory=dict)

    @property
    def roles(self) -> Sequence[str]:
        return clusters.roles(self.figures.engine)

    def queue(self, number: int) -> None:
        """To everybody a short message, one in three pieces, and one that says what the others say too."""
        now = datetime.now(UTC)
        with self.cluster.session() as session, session.begin():
            for nth, address in enumerate(self.addresses):
                marks = [f"Langkah{number}x{nth}x{piece}." for piece in range(4)]
                long = "\n\n".join(f"{mark} " + "kata " * 295 for mark in marks[1:])
                for key, said in (("short", marks[0]), ("long", long), ("same", "Pesan yang sama.")):
                    post = Post("verdict.reason_else", {"note": said})
                    outbox.queue(session, now, f"step:{number}:{nth}:{key}", "whatsapp", address, post)
                self.words += marks
                self.same += 1
        self.figures.messages += 3 * len(self.addresses)
        self.figures.pieces += 5 * len(self.addresses)

    def launch(self, role: str, at: str = "") -> Process:
        more = {"KILL_AT": at} if at else {}
        before, self.cluster.env = self.cluster.env, self.cluster.env | more
        try:
            made = self.cluster.launch(role, web__port=self.port)
        finally:
            self.cluster.env = before
        self.alive[role] = made
        return made

    def launch_all(self) -> None:
        """Those who are dead are born again."""
        for role in self.roles:
            if role not in self.alive or not self.alive[role].lives():
                self.launch(role)

    def role(self, step: Step) -> str:
        return step.role if step.role in self.roles else "all"

    def kill(self, role: str) -> None:
        nursery.kill(self.alive[role].pid)

    def count(self, *which: object) -> int:
        return self.cluster.count(Outbound, Outbound.channel == "whatsapp", *which)

    def resent(self) -> int:
        with self.cluster.session() as session:
            return session.scalar(select(func.sum(Outbound.resent))) or 0

    async def faults(self, kind: str) -> int:
        return int((await self.phones.stats())["faults"].get(kind, 0))

    async def until_faults(self, kind: str, number: int) -> None:
        async with asyncio.timeout(60):
            while await self.faults(kind) < number:
                await asyncio.sleep(0.02)

    async def until_dead(self, process: Process, seconds: float = 60.0) -> None:
        until = time.monotonic() + seconds
        while process.lives():
            if time.monotonic() > until:
                raise AssertionError(f"{process.role} did not die:\n{process.log.read_text()[-3000:]}")
            await asyncio.sleep(0.02)

    async def until_done(self, seconds: float = 90.0) -> None:
        """Everything queued is out, and every report on it is applied."""
        until = time.monotonic() + seconds
        while left := self.left(await self.lost()):
            if time.monotonic() > until:
                raise AssertionError(f"not done after {seconds:.0f} s: {left}")
            await asyncio.sleep(0.1)

    async def lost(self) -> int:
        """Reports that Twilio has given up bringing, since nobody was there to take them."""
        return int((await self.phones.stats())["calls"].get("status lost", 0))

    def left(self, lost: int) -> dict[str, int]:
        way = self.count(Outbound.status.in_((outbox.QUEUED, outbox.SENDING, outbox.WAITING)))
        silent = self.count(Outbound.status == outbox.SENT, Outbound.delivery != reported.DELIVERED)
        left = {"on the way": way, "without reports": max(0, silent - lost)}
        return {name: number for name, number in left.items() if number}


async def play(url: str, folder: Path, *, rounds: int = 1, patient: bool = True) -> Figures:
    """The whole story on a fresh database; its figures. Who is `patient` waits after each step until all is
    done, and sees what that step did; else each step finds what the ones before it have left."""
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    async with _started(url, folder, Figures(engine)) as story:
        number = 0
        for _ in range(rounds):
            for step in STEPS:
                await _die(story, step, number, patient=patient)
                number += 1
        if not patient:
            story.launch_all()
            await story.until_done()
            last = story.figures.seen[-1]
            last.again, (last.twice, last.missing) = story.resent(), await _judged(story)
        story.figures.unsettled = story.count(Outbound.unsettled)
        story.figures.unsent = story.count(Outbound.status != outbox.SENT)
        story.figures.lost_reports = await story.lost()
        silent = story.count(Outbound.delivery != reported.DELIVERED)
        story.figures.unreported = max(0, silent - story.figures.lost_reports)
        return story.figures


@contextlib.asynccontextmanager
async def _started(url: str, folder: Path, figures: Figures) -> AsyncIterator[Story]:
    port = programs.free_port()
    simulator: dict[str, object] = {"hold": 120, "twilio_webhook": "http://127.0.0.1:9/inbound"}
    async with clusters.running(url, folder, 4, simulator=simulator, whatsapp__settle_seconds=2) as cluster:
        cluster.env |= {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_WHATSAPP_FROM": f"whatsapp:{SENDER}",
            "TWILIO_API_URL": cluster.simulated.url,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        phones = Phones(cluster.simulated.people)
        await cluster.simulated.people.limits(webhook_retry=1)
        addresses = [await phones.create(f"Orang {n}", f"+62813{n:08}") for n in range(PEOPLE)]
        for address in addresses:
            await phones.say(address, "halo")  # which opens the window
        now = datetime.now(UTC)
        with cluster.session() as session, session.begin():
            for address in addresses:
                people.meet(session, "whatsapp", address, "Orang", now).last_inbound_at = now
        yield Story(cluster, phones, addresses, port, figures)


async def _die(story: Story, step: Step, number: int, *, patient: bool) -> None:
    """One step: messages are queued, the program dies at it, another one does the rest."""
    seen, began = Seen(step.name), time.monotonic()
    before = story.resent()
    role = story.role(step)
    if step.fault:
        lost = await story.faults(step.fault) + LOST
        await story.cluster.simulated.people.plan_fault("createmessage", step.fault, LOST)
    story.queue(number)
    for other in story.roles:
        if other != role and (other not in story.alive or not story.alive[other].lives()):
            story.launch(other)
    if step.fault:
        await _fail(story, step, lost)
    if step.at:
        if role in story.alive:
            story.kill(role)
        await story.until_dead(story.launch(role, step.at))
    seen.in_hand = story.count(Outbound.status == outbox.SENDING)
    seen.taken = await _taken(story)
    if patient:
        story.launch(role)
        await story.until_done()
        seen.again = story.resent() - before
        seen.twice, seen.missing = await _judged(story)
    seen.seconds = time.monotonic() - began
    story.figures.seen.append(seen)
    story.kill(role)  # the next one is launched with a step of its own


async def _fail(story: Story, step: Step, lost: int) -> None:
    """The sender dies in calls whose answers do not come."""
    sender = SENDING if SENDING in story.roles else "all"
    if sender not in story.alive or not story.alive[sender].lives():
        story.launch(sender)
    await story.until_faults(step.fault, lost)
    story.kill(sender)
    if step.at and sender != story.role(step):
        story.launch(sender)


async def _taken(story: Story) -> int:
    """How many messages Twilio has, of rows that do not say so."""
    with story.cluster.session() as session:
        named = session.scalars(select(Outbound.external_id).where(Outbound.channel == "whatsapp")).all()
        whole = session.scalars(select(Outbound.pieces).where(Outbound.channel == "whatsapp")).all()
    known = {name for name in (*named, *(one for names in whole for one in names.split(","))) if name}
    return int((await story.phones.stats())["sent"]) - len(known)


async def _judged(story: Story) -> tuple[int, int]:
    """How many pieces came twice and how many not at all, since those that were judged before."""
    twice = missing = 0
    for said in story.words:
        number = int((await story.phones.deliveries(contains=said))["total"])
        twice, missing = twice + max(0, number - 1), missing + (number == 0)
    number = int((await story.phones.deliveries(contains="Pesan yang sama."))["total"])
    twice, missing = twice + max(0, number - story.same), missing + max(0, story.same - number)
    past = [sum(getattr(one, name) for one in story.figures.seen) for name in ("twice", "missing")]
    return twice - past[0], missing - past[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--fast", action="store_true", help="not waiting between the steps")
    given = parser.parse_args()

    async def story(url: str, folder: Path, _server: Server | None) -> Figures:
        return await play(url, folder, rounds=given.rounds, patient=not given.fast)

    return servers.alone(given.engine, story)


if __name__ == "__main__":
    sys.exit(main())
