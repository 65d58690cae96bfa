"""The settler over HTTP, against a Twilio that accepts and does not say so, or does not accept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels import Outgoing, whatsapp_errors
from bot.outbound.settler import Settler
from bot.running.whatsapp import Contents
from models.messages import outbox
from models.sending import callbacks, forgone, reported, settling
from models.sending.callbacks import Rules
from models.sending.setbacks import Patience
from models.whatsapp import templates
from tests.bot.unsettled import ANI, SITI, SURE, Site, unsettled

pytestmark = pytest.mark.anyio
CREATE, LIST = "createmessage", "listmessage"
LONG = "\n\n".join(f"Bagian {nth}. " + "kata " * 295 for nth in range(1, 4))


@pytest.fixture
async def site(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with unsettled(engine, database_url, tmp_path) as made:
        yield made


async def test_an_answer_that_was_lost_is_found_in_the_list_and_nobody_gets_it_twice(site: Site) -> None:
    await site.people.plan_fault(CREATE, "timeout_after")
    await site.queue("a")
    await site.doubted("a")
    site.later(timedelta(seconds=10))
    assert await site.settler.sweep() == 1
    row = site.row("a")
    assert (row.status, row.resent, row.unsettled) == (outbox.SENT, 0, False)
    [listed] = await site.whatsapp.recent(SITI, datetime.now(UTC) - timedelta(minutes=5))
    assert row.external_id == listed.external_id
    await site.arrived("Pesan a.")
    assert await site.came("Pesan a.") == 1


@pytest.mark.parametrize("fault", ["timeout_before", "reset"])
async def test_what_was_never_taken_goes_out_again_when_that_is_certain(site: Site, fault: str) -> None:
    await site.people.plan_fault(CREATE, fault)
    await site.queue("a")
    await site.doubted("a")
    site.later(timedelta(seconds=10))
    assert await site.settler.sweep() == 0, "it may still be on its way"
    assert site.row("a").unsettled
    site.later(SURE)
    assert await site.settler.sweep() == 1
    await site.sent("a")
    assert site.row("a").resent == 1
    await site.arrived("Pesan a.")
    assert await site.came("Pesan a.") == 1


async def test_a_slow_server_that_takes_it_after_our_patience_is_waited_for(site: Site) -> None:
    """Ten seconds after the call was given up the message is there: no second one has gone out by then."""
    await site.people.plan_fault(CREATE, "timeout_before")
    await site.queue("a")
    await site.doubted("a")
    site.later(timedelta(seconds=10))
    assert await site.settler.sweep() == 0
    row = site.row("a")
    assert row.due_at > site.bench.clock.now()
    await site.whatsapp.send(Outgoing("send", SITI, "Pesan a."))  # which Twilio does so late
    await site.arrived("Pesan a.")
    site.later(SURE)
    assert await site.settler.sweep() == 1
    assert (site.row("a").status, site.row("a").resent) == (outbox.SENT, 0)
    assert await site.came("Pesan a.") == 1


async def test_of_a_message_in_pieces_only_what_is_missing_goes_out(site: Site) -> None:
    await site.queue("before")
    await site.sent("before")
    calls = (await site.phones.stats())["calls"]["CreateMessage"]
    await site.people.limits(latency_ms=150)
    await site.queue("a", LONG)
    async with asyncio.timeout(20):
        while (await site.phones.stats())["calls"]["CreateMessage"] < calls + 2:
            await asyncio.sleep(0.005)
    await site.people.plan_fault(CREATE, "timeout_before")
    await site.doubted("a")
    await site.people.limits(latency_ms=0)
    assert site.row("a").pieces != ""
    site.later(SURE + timedelta(seconds=10))
    assert await site.settler.sweep() == 1
    await site.sent("a")
    row = site.row("a")
    assert len(row.pieces.split(",")) == 3
    await site.arrived("Bagian 3.")
    assert [await site.came(f"Bagian {nth}.") for nth in (1, 2, 3)] == [1, 1, 1]


async def test_a_list_that_cannot_be_had_is_asked_for_again_and_given_up_after_an_hour(site: Site) -> None:
    await site.people.plan_fault(CREATE, "timeout_before")
    await site.people.plan_fault(LIST, "500", 100)
    await site.queue("a")
    await site.doubted("a")
    asked = 0
    for _ in range(60):
        site.later(timedelta(minutes=1))
        before = (await site.phones.stats())["calls"].get("ListMessage", 0)
        assert await site.settler.sweep() == 0
        asked += (await site.phones.stats())["calls"].get("ListMessage", 0) - before
        if await site.bench.writer.write(lambda session: forgone.silent(session, site.bench.clock.now(), 8)):
            break
    assert 4 <= asked <= 10, "seldom, and more and more seldom"
    await site.sent("a")
    assert site.row("a").resent == 1


async def test_a_channel_that_is_not_there_any_more_stops_nobody_else(site: Site) -> None:
    await site.people.plan_fault(CREATE, "timeout_after", 2)
    await site.queue("a")
    await site.queue("b", address=ANI)
    await site.doubted("a", "b")
    site.later(timedelta(seconds=10))
    nobody: Mapping[str, object] = {}
    alone = Settler(site.bench.writer, site.bench.clock, nobody, 0.0)  # type: ignore[arg-type]
    assert await alone.sweep() == 0
    assert site.row("a").unsettled
    site.later(timedelta(seconds=30))
    assert await site.settler.sweep() == 2


async def test_nothing_is_settled_while_a_sender_has_a_message_to_the_same_person(site: Site) -> None:
    """What Twilio has taken of it already stands in the list, and its name nowhere yet."""
    await site.people.plan_fault(CREATE, "timeout_before")
    await site.queue("a", "Sama.")
    await site.doubted("a")
    await site.people.limits(latency_ms=500)
    await site.queue("b", "Sama.")
    await site.until(lambda: site.row("b").status == outbox.SENDING)
    site.later(timedelta(seconds=10))
    assert await site.settler.sweep() == 0
    await site.people.limits(latency_ms=0)
    await site.sent("b")
    site.later(SURE)
    assert await site.settler.sweep() == 1
    await site.sent("a")
    await site.until(lambda: site.row("a").resent == 1)
    assert site.row("a").external_id != site.row("b").external_id


async def test_the_last_try_that_arrived_is_no_failure_and_one_that_did_not_is(site: Site) -> None:
    site.settler.attempts = 1
    lane = site.bench.sender.lanes["whatsapp"]
    lane.limits = replace(lane.limits, patience=Patience(attempts=1))
    await site.people.plan_fault(CREATE, "timeout_after")
    await site.queue("a")
    await site.doubted("a")
    await site.people.plan_fault(CREATE, "timeout_before")
    await site.queue("b", address=ANI)
    await site.doubted("b")
    site.later(SURE + timedelta(seconds=10))
    assert await site.settler.sweep() == 2
    assert site.row("a").status == outbox.SENT
    assert (site.row("b").status, site.row("b").reason) == (outbox.FAILED, "channel")


async def test_reports_that_came_before_it_was_known_are_applied_once_it_is(site: Site) -> None:
    await site.people.plan_fault(CREATE, "timeout_after")
    await site.queue("a")
    await site.doubted("a")
    [listed] = await site.whatsapp.recent(SITI, datetime.now(UTC) - timedelta(minutes=5))

    def report(session: Session) -> int:
        now = site.bench.clock.now()
        callbacks.note(session, now, "whatsapp", [(listed.external_id, "delivered", "")])
        return callbacks.apply(session, now, 10, Rules(whatsapp_errors.VERDICTS)).met

    assert await site.bench.writer.write(report) == 0
    site.later(timedelta(seconds=10))
    assert await site.settler.sweep() == 1
    assert await site.bench.writer.write(report) == 1
    assert site.row("a").delivery == reported.DELIVERED


async def test_what_twilio_listed_is_the_newest_first_and_says_what_has_a_file(site: Site) -> None:
    for key in ("a", "b"):
        await site.queue(key)
        await site.sent(key)
    found = await site.whatsapp.recent(SITI, datetime.now(UTC) - timedelta(minutes=5))
    assert [one.body for one in found] == ["Pesan b.", "Pesan a."]
    assert not any(one.file for one in found)
    assert await site.whatsapp.recent(SITI, datetime.now(UTC) + timedelta(minutes=5)) == []
    assert await site.whatsapp.recent(ANI, datetime.now(UTC) - timedelta(minutes=5)) == []
    rows = [site.row(key).fingerprint for key in ("a", "b")]
    assert rows == [settling.fingerprint(SITI, f"Pesan {key}.") for key in ("a", "b")]


async def test_contents_are_those_of_the_database_as_it_is_now(site: Site) -> None:
    contents = Contents()
    assert contents() == {}

    def create(session: Session) -> None:
        row = templates.register(session, "buttons-1", "id", "session", "1")
        templates.created(session, row, "HX1")

    await site.bench.writer.write(create)
    loop = asyncio.create_task(contents.run(site.bench.writer))
    try:
        await site.until(lambda: contents() == {"buttons-1": "HX1"})
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
