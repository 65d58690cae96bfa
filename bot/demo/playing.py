"""A week under way: what its steps share, and how they wait for each other."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.board import Board, Step, number, same
from bot.demo.colleagues import Colleagues
from bot.demo.crowd import Crowd
from bot.demo.quiet import Left
from bot.demo.sample import JOINED, JOINS_LIVE, Civil
from bot.demo.stage import WEEK, Stage
from models.programme import weeks
from models.programme.programme import WeekTime

PATIENCE = 120.0  # seconds that editors and quality control may take


@dataclass
class Play:
    """A week under way."""

    stage: Stage
    board: Board
    crowd: Crowd
    colleagues: Colleagues
    began: float = field(default_factory=time.monotonic)
    after: int = 0  # the simulator's seq before the release

    @property
    def joined(self) -> list[Civil]:
        """Those whose phone the bot can reach."""
        return self.stage.sample.standing(JOINED, JOINS_LIVE)

    def on(self, channel: str) -> list[Civil]:
        """Those of them who are written to on a channel."""
        return [person for person in self.joined if person.channel == channel]

    async def quiet(self, step: Step) -> None:
        """Waits until crowd and program have nothing left to do; the step shows what is under way."""
        most = 1

        def watch(left: Left) -> None:
            nonlocal most
            now = left.messages + left.updates + left.files + left.evidence + self.crowd.waiting
            most = max(most, now)
            step.show(most - now, most, f"{number(left.messages)} to send, {number(left.updates)} to handle")

        await self.stage.settle(watch=watch)
        while not self.crowd.idle:  # somebody is about to do something: it gives up at last
            await asyncio.sleep(0.1)
            await self.stage.settle(watch=watch)

    async def passed_on(self, items: int) -> None:
        """Waits until each of so many new items has passed its editor and the quality control."""
        ends = time.monotonic() + PATIENCE
        while self.colleagues.passed < 2 * items and time.monotonic() < ends:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
        same("passed on by editors and quality control", self.colleagues.passed, 2 * items)

    def moment(self, when: WeekTime) -> datetime:
        """When a weekly time falls in the played week."""
        return weeks.moment(WEEK, when, self.stage.programme)

    async def sent(self) -> int:
        """How many messages went out so far, on both channels."""
        return int((await self.stage.people.stats())["sent"] + (await self.stage.wa.stats())["sent"])

    async def seq(self) -> int:
        """What was seen so far on all phones."""
        return int((await self.stage.people.stats())["seq"])


Act = Callable[[Play, Step], Awaitable[None]]
