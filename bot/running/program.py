"""One process while it runs: its parts, and its loops."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from bot.channels import telegram as telegram_channel
from bot.clock import Clock
from bot.config.settings import Settings
from bot.files.media import Store
from bot.outbound.library import Library
from bot.running import supervisor
from bot.running.aside import Aside
from bot.running.supervisor import Loop
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer

if TYPE_CHECKING:
    from bot.channels.whatsapp import WhatsApp
    from bot.running.whatsapp import Contents


@dataclass(slots=True)
class Program:
    """The parts of one process. `loops` run until the process is told to stop."""

    settings: Settings
    clock: Clock
    wakeups: Wakeups
    writer: Writer  # of the worker and of whoever has no writer of its own
    reader: Engine
    store: Store
    telegram: telegram_channel.Telegram
    account: telegram_channel.Account
    whatsapp: "WhatsApp | None"
    contents: "Contents | None"  # what Twilio has for it
    library: Library
    aside: Aside
    loops: dict[str, Loop]

    async def run(self) -> None:
        """Runs all loops until cancelled. One that fails is logged and begins again after a pause; only
        what no second try can mend ends the program: CannotStartError."""
        async with asyncio.TaskGroup() as group:
            for name, loop in self.loops.items():
                group.create_task(supervisor.keep_going(name, loop))
