"""The demo's WhatsApp: the account at the simulated Twilio, its templates, and phones for people."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy.orm import sessionmaker

from bot.clock import Clock
from bot.config import settings as settings_
from bot.config.settings import Settings
from bot.demo.sample import KNOWN, SILENT, Civil
from bot.outbound import approvals, approving
from bot.outbound.approvals import Done
from bot.simulator import process
from bot.simulator.process import Started
from bot.simulator.twilio.client import Phones
from bot.storage import database
from models.whatsapp.templates import APPROVED

TIER = 100_000  # the portfolio's limit: different people a rolling day who may be sent an opener
IN_FLIGHT = 128
MOST_A_SECOND = 1000.0  # that the settings take
REVIEW = timedelta(seconds=5)  # longer than the simulated WhatsApp looks at a template
_AT_ONCE = 2000


def settings(simulator: Started, rate: float) -> settings_.WhatsApp:
    """The program's settings for the simulator's account, at `rate` messages a second."""
    return settings_.WhatsApp(
        account_sid=process.ACCOUNT_SID,
        auth_token=SecretStr(process.AUTH_TOKEN),
        sender=f"whatsapp:{process.SENDER}",
        api_url=simulator.twilio_url,
        messages_per_second=min(rate, MOST_A_SECOND),
        in_flight=IN_FLIGHT,
    )


async def prepare(loaded: Settings, phones: Phones, clock: Clock, rate: float) -> None:
    """Lifts the sender's speed and the portfolio's limit, and has the templates made and approved, as
    `whatsapp templates` does. Raises RuntimeError where WhatsApp does not approve one."""
    await phones.settings(rate=rate, portfolio_limit=TIER)
    await asyncio.to_thread(_templates, loaded, clock.now())
    await phones.people.clock(now=int((clock.now() + REVIEW).timestamp()))
    done = await asyncio.to_thread(_templates, loaded, clock.now())
    await phones.people.clock(now=int(clock.now().timestamp()))
    if lacking := [found.one.name for found in done.states if found.state != APPROVED]:
        raise RuntimeError(f"WhatsApp has not approved {', '.join(lacking)}")


def _templates(loaded: Settings, now: datetime) -> Done:
    engine = database.writing(database.url(loaded.database.url.get_secret_value()))
    wanted = approvals.wanted(loaded.programme.province_short)
    try:
        return approving.make(sessionmaker(engine).begin, loaded.whatsapp, wanted, now, loaded.programme)
    finally:
        engine.dispose()


async def phones(phones: Phones, who: Sequence[Civil]) -> None:
    """Gives people a phone with WhatsApp; some of them have stopped us before."""
    for first in range(0, len(who), _AT_ONCE):
        some = who[first : first + _AT_ONCE]
        await phones.create_many([{"name": person.name, "phone": person.phone} for person in some])
        stopped = [person for person in some if person.stands in (KNOWN, SILENT)]
        for result in await phones.batch([{"as": person.phone, "do": "block"} for person in stopped]):
            assert "error" not in result, result


async def on_the_way(phones: Phones) -> int:
    """What the simulated Twilio has not brought yet: messages to people, theirs to us, and its reports."""
    stats = await phones.stats()
    return int(stats["queued"] + stats["pending_inbound"] + stats["pending_callbacks"])
