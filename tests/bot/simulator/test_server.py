"""The port itself: page, way to the program, clock, counters, life and death of the process."""

import asyncio
import time
from pathlib import Path

import aiohttp
import psutil
import pytest
from aiohttp import web

from bot.simulator import process
from bot.simulator.client import People, SimulatorError
from bot.simulator.server import Server
from bot.simulator.world import World
from tests.simulated import Simulated, start_simulator


@pytest.mark.anyio
async def test_the_page_is_served_and_nothing_beside_it(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<h1>Satu Pesan</h1>")
    (page / "app.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    server = Server(World(process.TOKEN, tmp_path), page=page)
    url = f"http://127.0.0.1:{await server.start(0)}"
    try:
        async with aiohttp.ClientSession() as session:
            front, script = await session.get(f"{url}/"), await session.get(f"{url}/app.js?v=2")
            assert (front.content_type, await front.text()) == ("text/html", "<h1>Satu Pesan</h1>")
            assert script.content_type == "text/javascript"
            for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/none.html"):
                assert (await session.get(f"{url}{path}")).status == 404
    finally:
        await server.stop()


@pytest.mark.anyio
async def test_the_program_is_reached_through_the_port() -> None:
    async def program(request: web.BaseRequest) -> web.Response:
        said = f"{request.method} {request.path_qs} {await request.text()}"
        return web.Response(status=202, text=said, headers={"X-Program": "yes"})

    runner = web.ServerRunner(web.Server(program))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with start_simulator(program=url) as sim, aiohttp.ClientSession() as session:
        async with session.post(f"{sim.url}/program/clock?x=1", data="maju") as response:
            assert (response.status, await response.text()) == (202, "POST /clock?x=1 maju")
            assert response.headers["X-Program"] == "yes"
        await runner.cleanup()
        assert (await session.get(f"{sim.url}/program/clock")).status == 502


@pytest.mark.anyio
async def test_the_clock_dates_messages(sim: Simulated, user: int) -> None:
    before = await sim.people.clock()
    moved = await sim.people.clock(now=int(time.time()) + 86_400)
    assert moved["offset"] - 86_400 in {-1, 0, 1}
    sent = await sim.ok("sendMessage", {"chat_id": user, "text": "besok"})
    assert 0 <= sent["date"] - moved["now"] <= 5
    assert (await sim.people.clock(offset=before["offset"]))["offset"] == before["offset"]


@pytest.mark.anyio
async def test_counters_count_and_start_again(sim: Simulated, user: int) -> None:
    await sim.people.call("POST", "/sim/stats", {"reset": True})
    await sim.ok("sendMessage", {"chat_id": user, "text": "x"})
    await sim.api("sendMessage", {"chat_id": 424242, "text": "x"})
    stats = await sim.people.stats()
    assert (stats["calls"], stats["ok"], stats["sent"]) == ({"sendMessage": 2}, 1, 1)
    assert stats["errors"] == {"400 Bad Request: chat not found": 1}


@pytest.mark.anyio
async def test_latency_is_added_to_every_call(sim: Simulated) -> None:
    await sim.people.limits(latency_ms=60)
    begun = time.monotonic()
    await asyncio.gather(*(sim.ok("getMe") for _ in range(10)))
    assert 0.06 <= time.monotonic() - begun < 0.6
    assert (await sim.people.limits(latency_ms=0))["latency_ms"] == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    "change", [{"limiter": "leaky"}, {"faults": 2}, {"fault_kinds": ["fire"]}, {"speed": 1}]
)
async def test_impossible_settings_are_refused(sim: Simulated, change: dict[str, object]) -> None:
    with pytest.raises(SimulatorError):
        await sim.people.limits(**change)


@pytest.mark.anyio
async def test_unknown_paths_say_so(sim: Simulated) -> None:
    with pytest.raises(SimulatorError, match="no GET /sim/nothing"):
        await sim.people.call("GET", "/sim/nothing")


@pytest.mark.anyio
async def test_a_crowd_of_fifteen_thousand_stays_small() -> None:
    started = process.start(limiter="off")
    try:
        async with People(started.url) as people:
            users = await people.create_users([{"first_name": f"ASN {n}"} for n in range(15_000)])
            for first in range(0, 15_000, 5_000):
                await people.batch([{"as": user, "do": "start"} for user in users[first : first + 5_000]])
            stats = await people.stats()
            assert (stats["users"], stats["messages"], stats["pending_updates"]) == (15_000, 15_000, 15_000)
        assert psutil.Process(started.process.pid).memory_info().rss < 250_000_000  # bytes
    finally:
        started.stop()


def test_a_simulator_ends_with_whoever_started_it() -> None:
    started = process.start()
    assert started.process.stdin is not None
    started.process.stdin.close()
    assert started.process.wait(5) == 0
    started.stop()


def test_a_simulator_that_cannot_start_says_so() -> None:
    with pytest.raises(RuntimeError, match="did not start"):
        process.start(rate=-1)
