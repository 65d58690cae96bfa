"""What went to a number, asked of servers that filter and order their lists as Twilio does, or otherwise."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.channels import Failure, SendError
from bot.channels import whatsapp_listing as listing
from models.sending.settling import Listed
from tests.bot.channels.twilio_server import SENDER, Server, channel, serving

pytestmark = pytest.mark.anyio
SITI, ANI = "+6281317036688", "+6281317036689"
SINCE = datetime(2026, 11, 25, 3, tzinfo=UTC)
MANY = 3 * listing.PAGE


def one(number: int, minutes: float, **fields: Any) -> dict[str, Any]:
    """A message of ours to Siti, so many minutes after SINCE."""
    return {
        "sid": f"SM{number}", "body": f"Pesan {number}.", "status": "sent", "num_media": "0",
        "to": f"whatsapp:{SITI}", "from": SENDER, "direction": "outbound-api",
        "date_created": format_datetime(SINCE + timedelta(minutes=minutes)), **fields,
    }  # fmt: skip


def page(messages: list[dict[str, Any]], following: str | None = None) -> web.Response:
    return web.json_response({"messages": messages, "next_page_uri": following})


def pages(messages: list[dict[str, Any]]) -> list[web.Response]:
    parts = [messages[at : at + listing.PAGE] for at in range(0, len(messages), listing.PAGE)]
    address = "/2010-04-01/Accounts/AC/Messages.json?Page={}"
    return [
        page(part, address.format(number) if number < len(parts) else None)
        for number, part in enumerate(parts, 1)
    ]


async def asked(*answers: web.Response) -> tuple[list[Listed], Server]:
    async with serving(*answers) as server, channel(server) as whatsapp:
        return list(await whatsapp.recent(SITI, SINCE)), server


def names(found: list[Listed]) -> list[str]:
    return [one.external_id for one in found]


async def test_the_oldest_may_come_first() -> None:
    found, _ = await asked(page([one(1, -60), one(2, -1), one(3, 0), one(4, 1)]))
    assert names(found) == ["SM4", "SM3"]


async def test_the_order_says_nothing_and_every_page_is_read() -> None:
    messages = [one(number, number - MANY + 5) for number in range(MANY)]
    newest = [f"SM{number}" for number in range(MANY - 1, MANY - 6, -1)]
    shuffled = random.Random(7).sample(messages, MANY)
    for listed in (messages, shuffled):
        found, server = await asked(*pages(listed))
        assert names(found) == newest
        assert len(server.calls) == 3


async def test_a_list_that_goes_back_is_not_read_to_its_end() -> None:
    _, server = await asked(*pages([one(number, -number) for number in range(MANY)]))
    assert len(server.calls) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"to": f"whatsapp:{ANI}"},
        {"from": "whatsapp:+6281100002222"},
        {"from": f"whatsapp:{SITI}", "to": SENDER, "direction": "inbound"},
        {"direction": "inbound"},
    ],
)
async def test_what_is_not_ours_to_this_number_is_left_out(fields: dict[str, Any]) -> None:
    found, _ = await asked(page([one(1, 1, **fields), one(2, 2)]))
    assert names(found) == ["SM2"]


async def test_what_a_list_does_not_say_is_not_held_against_it() -> None:
    bare = {"sid": "SM1", "body": "a", "date_created": one(1, 1)["date_created"]}
    spare = one(2, 2, date_created=None, date_sent=one(2, 2)["date_created"])
    found, _ = await asked(page([bare, spare, one(3, 3, date_created=None)]))
    assert names(found) == ["SM2", "SM1"]


async def test_a_message_that_is_listed_twice_is_one_message() -> None:
    found, _ = await asked(page([one(1, 1), one(1, 1)]))
    assert names(found) == ["SM1"]


async def test_a_list_without_an_end_is_no_answer() -> None:
    endless = page(
        [one(number, -1) for number in range(listing.PAGE)], "/2010-04-01/Accounts/AC/Messages.json?Page=1"
    )
    with pytest.raises(SendError) as caught:
        await asked(endless)
    assert caught.value.kind is Failure.RETRY
