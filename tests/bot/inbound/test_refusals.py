"""Refused calls of both webhooks, over real HTTP, until the admins read of them; what a flood costs."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.inbound.refusals import Refusals, Teller
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.telemetry import metrics
from bot.texts import rendering
from models.messages.forgeries import Alarm
from models.messages.outbox import Outbound
from models.people.roles import Role
from tests.bot.twilio_site import FORM, IN, STATUS, Site, site
from tests.chat import Stage
from tests.faults import servers

pytestmark = pytest.mark.anyio
TELEGRAM = "/webhooks/telegram"


def admin(stage: Stage) -> None:
    who = stage.person("Ani Admin")
    with stage.session() as session, session.begin():
        session.add(Role(person_id=who.person_id, role="admin", at=stage.now))


def told(engine: Engine) -> list[str]:
    with Session(engine) as session:
        bodies = session.scalars(select(Outbound.body).order_by(Outbound.id)).all()
    return [rendering.render(body["text"], body["params"], markup="html") for body in bodies]


def writer(engine: Engine) -> Writer:
    made = Writer(engine, Wakeups())
    made.start()
    return made


def teller(made: Site, by: Writer) -> Teller:
    return Teller(by, made.clock, [made.refusals, made.telegram_refusals], Alarm(10))


async def forged(made: Site) -> None:
    for path in (IN, STATUS, TELEGRAM):
        for _ in range(4):
            assert (await made.post(FORM, path))[0] in (401, 403)


async def test_calls_that_nobody_has_signed_are_told_to_the_admins_in_chat(
    stage: Stage, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    admin(stage)
    by = writer(engine)
    async with site(engine, database_url, tmp_path) as made:
        commits: list[object] = []
        noted = commits.append
        event.listen(engine, "commit", noted)
        await forged(made)
        event.remove(engine, "commit", noted)
        assert commits == [], "a forged call asks nothing of the database"
        assert await teller(made, by).tell() == 1
        assert await teller(made, by).tell() == 0, "nothing has come since"
        await forged(made)
        assert await teller(made, by).tell() == 0, "once an hour"
    by.close()
    [said] = told(engine)
    assert "WhatsApp: 8\n" in said
    assert "Telegram: 4\n" in said
    assert "PUBLIC_URL" in said


async def test_what_could_not_be_written_down_is_counted_with_what_comes_next(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    admin(stage)
    engine = database.writing(database.url(database_url), busy_seconds=1)
    by = writer(engine)
    async with site(engine, database_url, tmp_path) as made:
        await forged(made)
        with servers.closed(database_url):
            assert await teller(made, by).tell() == 0
        assert await teller(made, by).tell() == 1
    by.close()
    engine.dispose()


def test_a_flood_is_counted_and_writes_a_few_lines_of_log() -> None:
    refusals = Refusals("telegram", burst=20, seconds=60, clock=lambda: 0.0)
    before = metrics.webhooks_refused.labels("telegram")._value.get()
    with capture_logs() as logged:
        for _ in range(5000):
            refusals.note(TELEGRAM, "no secret")
    assert len(logged) == 21
    assert refusals.take() == 5000
    assert refusals.take() == 0
    assert metrics.webhooks_refused.labels("telegram")._value.get() == before + 5000


async def test_it_is_told_again_and_again_without_anybody_who_asks(
    stage: Stage, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    admin(stage)
    by = writer(engine)
    async with site(engine, database_url, tmp_path) as made:
        one = teller(made, by)
        one.every = 0.05
        loop = asyncio.create_task(one.run())
        await forged(made)
        async with asyncio.timeout(20):
            while not told(engine):
                await asyncio.sleep(0.05)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
    by.close()
