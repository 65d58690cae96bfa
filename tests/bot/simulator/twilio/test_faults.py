"""Faults of Twilio on purpose, the account's steering, and a simulator without Twilio."""

import asyncio
import time

import aiohttp
import pytest

from bot.simulator import process
from bot.simulator.client import People, SimulatorError
from bot.simulator.twilio.client import Phones
from tests.bot.simulator.twilio.program import FROM, MESSAGES, Twilio


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "status", "code", "delivered"),
    [
        ("500", 500, 20500, 0),
        ("502", 502, None, 0),
        ("429", 429, 20429, 0),
        ("reset", 0, None, 0),
        ("timeout_before", 0, None, 0),
        ("timeout_after", 0, None, 1),
    ],
)
async def test_a_planned_fault_fails_one_call(
    twilio: Twilio, siti: str, kind: str, status: int, code: int | None, delivered: int
) -> None:
    await twilio.phones.people.plan_fault("CreateMessage", kind, chat_id=int(siti[1:]))
    form = {"To": f"whatsapp:{siti}", "From": FROM, "Body": f"uji {kind}"}
    got, body = 0, None
    try:
        if kind == "502":
            with pytest.raises(ValueError, match="Expecting value"):
                await twilio.ask("POST", MESSAGES, data=form)
            got = 502
        else:
            got, body = await twilio.ask("POST", MESSAGES, data=form)
    except aiohttp.ClientError:
        assert status == 0
    assert got == status
    assert (body or {}).get("code") == code
    await twilio.end_of(await twilio.send(siti, body="sesudahnya"))
    assert (await twilio.phones.deliveries(prefix=f"uji {kind}"))["chats"].get(siti, 0) == delivered
    assert (await twilio.phones.stats())["faults"][kind] >= 1


@pytest.mark.anyio
async def test_a_fault_may_be_meant_for_one_person(twilio: Twilio, siti: str, stranger: str) -> None:
    await twilio.phones.people.plan_fault("CreateMessage", "500", chat_id=int(stranger[1:]))
    await twilio.end_of(await twilio.send(siti, body="x"))
    form = {"To": f"whatsapp:{stranger}", "From": FROM, "Body": "x"}
    assert (await twilio.ask("POST", MESSAGES, data=form))[0] == 500


@pytest.mark.anyio
async def test_latency_is_added_to_every_call(twilio: Twilio) -> None:
    await twilio.phones.people.limits(latency_ms=60)
    begun = time.monotonic()
    await asyncio.gather(*(twilio.ask("GET", "/v1/Content") for _ in range(5)))
    assert 0.06 <= time.monotonic() - begun < 2
    await twilio.phones.people.limits(latency_ms=0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "change", [{"rate": -1}, {"speed": 5}, {"doubled": 1}, {"portfolio_limit": True}, {"review": "long"}]
)
async def test_impossible_settings_are_refused(twilio: Twilio, change: dict[str, object]) -> None:
    with pytest.raises(SimulatorError):
        await twilio.phones.settings(**change)


@pytest.mark.anyio
async def test_only_known_codes_and_submitted_templates_can_be_steered(twilio: Twilio, siti: str) -> None:
    with pytest.raises(SimulatorError, match="codes are"):
        await twilio.phones.fail_next(siti, 12345)
    content = await twilio.content("twilio/text", {"body": "x"})
    with pytest.raises(SimulatorError, match="was submitted"):
        await twilio.phones.decide(content, "approved")
    approved = await twilio.approved("kemudi")
    with pytest.raises(SimulatorError, match="status is one of"):
        await twilio.phones.decide(approved, "perhaps")


@pytest.mark.anyio
async def test_counters_count_and_start_again(twilio: Twilio, siti: str) -> None:
    await twilio.phones.people.call("POST", "/sim/wa/stats", {"reset": True})
    await twilio.end_of(await twilio.send(siti, body="x"))
    await twilio.ask("POST", MESSAGES, data={"From": FROM})
    stats = await twilio.phones.stats()
    assert (stats["calls"]["CreateMessage"], stats["ok"], stats["sent"]) == (2, 1, 1)
    assert stats["errors"] == {"400 21604 A 'To' phone number is required.": 1}
    assert (await twilio.phones.people.stats())["calls"].get("CreateMessage") is None


@pytest.mark.anyio
async def test_without_a_webhook_there_is_no_twilio(anyio_backend: str) -> None:
    started = process.start(limiter="off")
    try:
        async with People(started.url) as people, aiohttp.ClientSession() as session:
            async with session.get(started.url + MESSAGES) as response:
                assert response.status == 404
            with pytest.raises(SimulatorError, match="Twilio half is off"):
                await Phones(people).stats()
    finally:
        started.stop()


@pytest.mark.parametrize("option", [{"twilio_sid": "AC1"}, {"twilio_sender": "0811"}])
def test_an_impossible_account_does_not_start(option: dict[str, str]) -> None:
    with pytest.raises(RuntimeError, match="did not start"):
        process.start(twilio_webhook="http://127.0.0.1:9/x", **option)


@pytest.mark.anyio
async def test_a_crowd_of_fifteen_thousand_is_served_in_order(twilio: Twilio) -> None:
    await twilio.phones.set_webhook("")
    await twilio.phones.settings(rate=0)
    people = [{"name": f"ASN {number}", "phone": f"+62877{number:07}"} for number in range(15_000)]
    addresses = await twilio.phones.create_many(people)
    for first in range(0, 15_000, 5_000):
        crowd = addresses[first : first + 5_000]
        await twilio.phones.batch([{"as": one, "do": "say", "text": "halo"} for one in crowd])
    for address in addresses[::1000]:
        await twilio.end_of(await twilio.send(address, body="Selamat pagi, rekan ASN"))
    found = await twilio.phones.deliveries("rekan ASN")
    assert found["chats"] == dict.fromkeys(addresses[::1000], 1)
