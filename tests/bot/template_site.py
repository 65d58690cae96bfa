"""The command `whatsapp templates` between a database and a Twilio, and what can be seen at both."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlalchemy.orm import Session

from bot.simulator.client import People
from bot.simulator.process import AUTH_TOKEN
from bot.simulator.twilio.client import Phones
from bot.storage import database
from models.whatsapp import templates
from tests import commands


@dataclass(frozen=True)
class Site:
    """A database, a Twilio, and the command between them."""

    env: dict[str, str]
    people: People
    session: aiohttp.ClientSession

    async def run(self, *words: str, code: int = 0, **env: str) -> str:
        """What `whatsapp templates` says, on its output or, where it ends with an error, beside it."""
        return await asyncio.to_thread(command, {**self.env, **env}, *words, code=code)

    async def there(self) -> list[dict[str, Any]]:
        """All templates that Twilio has, with their approvals."""
        url = f"{self.env['TWILIO_API_URL']}/v1/ContentAndApprovals?PageSize=500"
        async with self.session.get(url) as answer:
            assert answer.status == 200
            return list((await answer.json())["contents"])

    async def post(self, path: str, body: Mapping[str, Any]) -> None:
        async with self.session.post(f"{self.env['TWILIO_API_URL']}/v1/{path}", json=body) as answer:
            assert answer.status == 201

    async def delete(self, sid: str) -> None:
        async with self.session.delete(f"{self.env['TWILIO_API_URL']}/v1/Content/{sid}") as answer:
            assert answer.status == 204

    async def decide(self, name: str, status: str, reason: str = "") -> None:
        await Phones(self.people).decide(self.rows()[name].content_sid, status, reason)

    def rows(self) -> dict[str, templates.Template]:
        with self.opened() as session:
            return {row.name: row for row in templates.everything(session)}

    def usable(self) -> set[str]:
        with self.opened() as session:
            return set(templates.usable(session))

    def opened(self) -> Session:
        engine = database.writing(database.url(self.env["DATABASE_URL"]))
        return Session(engine, expire_on_commit=False)


def command(env: dict[str, str], *words: str, code: int) -> str:
    done = commands.told(env, "whatsapp", "templates", *words)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert AUTH_TOKEN not in done.stdout + done.stderr
    return done.stderr if code else done.stdout


def line(said: str, name: str) -> list[str]:
    """The words of a template's line in the table."""
    return next(row.split() for row in said.splitlines() if row.split()[:1] == [name])


def statuses(there: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(one["approval_requests"]["status"] for one in there)
