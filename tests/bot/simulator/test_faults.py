"""Faults on purpose: what the bot sees, and whether the server acted."""

import aiohttp
import pytest

from bot.simulator.faults import KINDS, Faults
from tests.simulated import Simulated


async def _fails(sim: Simulated, user: int, kind: str) -> tuple[int, str]:
    """Status and body of one sendMessage that has this fault; status 0 where the line was cut."""
    await sim.people.plan_fault("sendMessage", kind, retry_after=4)
    url = f"{sim.url}/bot{sim.token}/sendMessage"
    params = {"chat_id": user, "text": f"uji {kind}"}
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(url, json=params) as response:
                return response.status, await response.text()
        except aiohttp.ClientError:
            return 0, ""


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "status", "says", "delivered"),
    [
        ("500", 500, "Internal Server Error", 0),
        ("502", 502, "<html>", 0),
        ("429", 429, '"retry_after":4', 0),
        ("reset", 0, "", 0),
        ("timeout_before", 0, "", 0),
        ("timeout_after", 0, "", 1),
    ],
)
async def test_a_planned_fault_fails_one_call(
    sim: Simulated, user: int, kind: str, status: int, says: str, delivered: int
) -> None:
    got, body = await _fails(sim, user, kind)
    assert got == status
    assert says in body
    found = await sim.people.deliveries(prefix=f"uji {kind}")
    assert found["chats"].get(str(user), 0) == delivered
    await sim.ok("sendMessage", {"chat_id": user, "text": "lagi"})
    assert (await sim.people.stats())["faults"][kind] >= 1


@pytest.mark.anyio
async def test_a_fault_may_be_meant_for_one_chat(sim: Simulated, user: int) -> None:
    other = await sim.people.create_user("Budi")
    await sim.people.start(other)
    await sim.people.plan_fault("sendMessage", "500", chat_id=other)
    await sim.ok("sendMessage", {"chat_id": user, "text": "x"})
    assert (await sim.api("sendMessage", {"chat_id": other, "text": "x"}))[0] == 500


def test_random_faults_come_at_their_rate_and_repeat_with_the_seed() -> None:
    first, second = (
        [
            fault.kind if fault else ""
            for faults in [Faults(rate=0.3, seed=7)]
            for fault in (faults.pick("sendmessage", 1) for _ in range(2000))
        ]
        for _ in range(2)
    )
    assert first == second
    assert set(first) == {"", *KINDS}
    assert 500 < len([kind for kind in first if kind]) < 700


def test_impossible_faults_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Faults().set(1.5, KINDS, 30)
    with pytest.raises(ValueError, match="fault kinds"):
        Faults().plan("sendMessage", "fire", 1, None, 1)
