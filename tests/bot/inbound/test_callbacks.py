"""The loop that applies what a channel reports: as it comes, and again where it came too early."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.inbound.callbacks import Callbacks
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import outbox
from models.messages.outbox import Outbound
from models.sending import callbacks
from models.sending.callbacks import Rules
from models.sending.setbacks import Kind, Verdict
from tests import windowed
from tests.chat import Stage


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


def note(session: Session, now: datetime, report: tuple[str, str, str]) -> int:
    return callbacks.note(session, now, "whatsapp", [report])


def came(stage: Stage, status: str) -> Callable[[], bool]:
    return lambda: windowed.found(stage, "a").delivery == status


@pytest.mark.anyio
async def test_reports_are_applied_as_they_come(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", "+62811")
        row = session.query(Outbound).one()
        row.status, row.external_id = outbox.SENT, "SM1"
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    clock = Clock()
    clock.move_to(stage.now)
    rules = Rules({"63024": Verdict(Kind.FINAL, "number")})
    loop = asyncio.create_task(Callbacks(writer, clock, rules).run())
    try:
        for report in (("SM1", "delivered", ""), ("SM1", "undelivered", "63024")):
            await writer.write(partial(note, now=stage.now, report=report))
            await until(came(stage, report[1]))
        assert windowed.found(stage, "a").reason == "number"
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        writer.close()
