"""Reports made in a thread of the test's own process, by makers that it brings along."""

import asyncio
from datetime import datetime

from sqlalchemy import Engine

from bot.outbound.library import Make, Paper, Report
from bot.reports import press


def here(reader: Engine, reports: dict[str, Report]) -> Make:
    """What a Library takes, as `bot.reports.press` does it aside."""

    async def make(name: str, now: datetime) -> Paper:
        return await asyncio.to_thread(press.made, reader, reports, name, now)

    return make
