"""The web face over real HTTP: an answer of 200 means stored, everything else means bring it again."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import uvicorn
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.inbound import web
from bot.inbound.intake import Intake
from bot.running.serving import Server
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.telemetry import metrics
from models.messages import inbox
from models.messages.inbox import Arrival, Update
from tests import programs
from tests.faults import servers

pytestmark = pytest.mark.anyio
SECRET = "a-secret-of-this-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def update(number: int, text: str = "halo") -> dict[str, Any]:
    who = {"id": 5, "is_bot": False, "first_name": "A"}
    chat = {"id": 5, "type": "private", "first_name": "A"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": who, "text": text},
    }


@dataclass
class Site:
    url: str
    engine: Engine
    session: aiohttp.ClientSession
    intake: Intake

    async def bring(self, body: Any, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {HEADER: secret}
        data: Any = body
        if not isinstance(body, AsyncIterator):
            data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.session.post(f"{self.url}/webhooks/telegram", data=data, headers=headers) as response:
            return response.status

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.url + path) as response:
            return response.status, await response.text()

    def stored(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(Update)) or 0


@contextlib.asynccontextmanager
async def site(engine: Engine, url: str) -> AsyncIterator[Site]:
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(engine, wakeups)
    writer.start()
    reader = database.reading(database.url(url))
    intake = Intake(writer, Clock(), "telegram")
    application = web.application(
        reader=reader, clock=Clock(), intakes={"telegram": intake}, telegram_secret=SECRET
    )
    port = programs.free_port()
    server = Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:
            await asyncio.sleep(0.01)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Site(f"http://127.0.0.1:{port}", engine, session, intake)
    server.should_exit = True
    await task
    writer.close()
    reader.dispose()


@pytest.fixture
async def made(engine: Engine, database_url: str) -> AsyncIterator[Site]:
    async with site(engine, database_url) as found:
        yield found


async def test_an_update_with_the_secret_is_stored_and_then_answered_200(made: Site) -> None:
    assert await made.bring(update(7)) == 200
    with Session(made.engine) as session:
        [row] = session.scalars(select(Update))
    assert (row.external_id, row.address, row.sequence, row.status) == ("7", "5", 7, inbox.NEW)
    assert json.loads(row.raw) == update(7)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "é"])
async def test_without_the_right_secret_nothing_is_stored_and_it_is_counted(
    made: Site, secret: str | None
) -> None:
    before = metrics.webhooks_refused.labels("telegram")._value.get()
    assert await made.bring(update(7), secret) == 401
    assert made.stored() == 0
    assert metrics.webhooks_refused.labels("telegram")._value.get() == before + 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b"\xff\xfe",
        b'{"update_id": 7, "message": ' + b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused_with_400(made: Site, body: bytes) -> None:
    assert await made.bring(body) == 400
    assert made.stored() == 0


async def test_what_is_far_too_large_for_an_update_is_refused(made: Site) -> None:
    assert await made.bring(update(7, "x" * 1_100_000)) == 413
    assert await made.bring(in_pieces(b" " * 1_100_000)) == 413
    assert made.stored() == 0


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A body whose length no header tells."""
    for first in range(0, len(body), 10_000):
        yield body[first : first + 10_000]


async def test_the_same_update_brought_twice_is_stored_once(made: Site) -> None:
    assert [await made.bring(update(7)) for _ in range(3)] == [200, 200, 200]
    assert made.stored() == 1


async def test_requests_that_wait_together_share_a_commit_and_all_are_stored(made: Site) -> None:
    commits: list[object] = []
    noted = commits.append
    event.listen(made.engine, "commit", noted)
    statuses = await asyncio.gather(*(made.bring(update(number)) for number in range(300)))
    event.remove(made.engine, "commit", noted)
    assert statuses == [200] * 300
    assert made.stored() == 300
    assert 0 < len(commits) < 200
    with Session(made.engine) as session:  # in the order in which they arrived, or at least complete
        numbers = set(session.scalars(select(Update.sequence)))
    assert numbers == set(range(300))


async def test_one_that_the_database_refuses_does_not_take_the_others_with_it(made: Site) -> None:
    good = [Arrival(str(number), "5", number, "{}") for number in range(20)]
    bad = Arrival("bad", "5", 2**63, "{}")  # more than a column can hold
    results = await asyncio.gather(
        *(made.intake.store(one) for one in [*good[:10], bad, *good[10:]]), return_exceptions=True
    )
    assert [number for number, result in enumerate(results) if result is not None] == [10]
    assert made.stored() == 20


async def test_half_an_emoji_is_stored_like_any_other_text(made: Site) -> None:
    body = json.dumps(update(7, "x")).replace('"x"', '"\\ud83d"').encode()
    assert await made.bring(body) == 200
    assert made.stored() == 1


async def test_while_the_database_is_away_the_answer_is_503_and_it_is_stored_when_brought_again(
    database_url: str,
) -> None:
    engine = database.writing(database.url(database_url), busy_seconds=1)
    async with site(engine, database_url) as made:
        assert await made.bring(update(1)) == 200
        with servers.closed(database_url):
            assert await made.bring(update(2)) == 503
            if engine.dialect.name == "postgresql":
                assert (await made.get("/health"))[0] == 503
                assert (await made.get("/metrics"))[0] == 200
        assert await made.bring(update(2)) == 200
        assert made.stored() == 2
        assert (await made.get("/health"))[0] == 200
    engine.dispose()


async def test_health_says_that_the_database_answers(made: Site) -> None:
    status, body = await made.get("/health")
    assert status == 200
    assert json.loads(body)["status"] == "ok"


async def test_metrics_are_shown_to_prometheus(made: Site) -> None:
    await made.bring(update(7))
    status, body = await made.get("/metrics")
    assert status == 200
    assert 'satu_pesan_inbox_received_total{channel="telegram"}' in body
    assert "satu_pesan_webhooks_refused_total" in body


async def test_only_post_is_heard_at_the_webhook(made: Site) -> None:
    assert (await made.get("/webhooks/telegram"))[0] == 405
