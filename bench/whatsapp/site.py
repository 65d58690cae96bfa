"""What these benches share: people on WhatsApp, the account, and templates that are approved."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.simulator import process
from bot.simulator.twilio.client import Phones
from bot.storage import database
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Account
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases
from tests import programs, seeding
from tests.simulated import Simulated, start_simulator

SLICE = 1000
# Words of the three messages that somebody gets: the template that asks, the card, the words to copy.
OPENER, CARD = "Lihat konten", "Puskesmas melayani pemeriksaan gratis"
CAPTION = "Periksa kesehatan kini gratis"


def address(number: int) -> str:
    """The number of the n-th person, from 0."""
    return f"+62{seeding.chat_of(number)}"


def fill(url: str, people: int, *, heard: timedelta | None, at: datetime | None = None) -> None:
    """People who take part on WhatsApp alone and wrote to us so long before now or `at` (None: never); an
    approved item."""
    engine, now = database.writing(database.url(url)), at or datetime.now(UTC)
    seeding.seed(engine, people, now=now)
    known = now - heard if heard is not None else None
    with Session(engine) as session, session.begin():
        session.execute(
            update(Account).values(channel="whatsapp", address="+62" + Account.address, last_inbound_at=known)
        )
    engine.dispose()


def release(url: str, *, received: bool = False, at: datetime | None = None) -> None:
    """The week goes out, now or `at` a moment; with `received` everybody has it already."""
    engine, now = database.writing(database.url(url)), at or datetime.now(UTC)
    with Session(engine) as session, session.begin():
        week = weeks.of(now, Programme())
        releases.start(session, week, now, now + timedelta(days=3), province="Jambi")
        if received:
            sent = {"status": outbox.SENT, "external_id": "1", "sent_at": now}
            session.execute(update(Outbound).values(sent))
    engine.dispose()


@contextlib.asynccontextmanager
async def simulator(people: int, hook: str, *, opened: bool, **account: Any) -> AsyncIterator[Simulated]:
    """A simulator in which so many people have WhatsApp; `opened`: each has just written, which nobody hears
    of. `account` are its settings; what happens goes to the program at `hook` from now on."""
    async with start_simulator(limiter="off", twilio_webhook=hook) as made:
        phones = Phones(made.people)
        await phones.set_webhook("")
        await phones.settings(rate=0.0, review=0, **account)
        for first in range(0, people, SLICE):
            numbers = [address(number) for number in range(first, min(people, first + SLICE))]
            await phones.create_many([{"name": f"Pegawai {one}", "phone": one} for one in numbers])
            if opened:
                await phones.batch([{"as": one, "do": "say", "text": "halo"} for one in numbers])
        await phones.set_webhook(hook)
        await made.people.call("POST", "/sim/wa/stats", {"reset": True})
        yield made


def secrets(simulated: Simulated, public: str) -> Mapping[str, str]:
    """The account, as it stands in the environment of the program."""
    return {
        "TWILIO_ACCOUNT_SID": process.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": process.AUTH_TOKEN,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{process.SENDER}",
        "TWILIO_API_URL": simulated.url,
        "PUBLIC_URL": public,
    }


async def templates(url: str, simulated: Simulated, folder: Path, public: str) -> None:
    """Has the program make its templates, and see them approved."""
    env = programs.environment(url, simulated.url, folder) | dict(secrets(simulated, public))
    for _ in range(2):  # the second look finds WhatsApp's decision
        await asyncio.to_thread(programs.command, env, "whatsapp", "templates")
