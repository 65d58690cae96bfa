"""The sender and WhatsApp where nobody knows at once what became of a message."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from models.messages import outbox
from models.messages.post import Button, Post
from models.sending import settling
from models.sending.setbacks import Patience
from tests.bot import sending
from tests.bot.both_channels import SITI, Both, a_paper
from tests.bot.channels.twilio_server import channel, created, refusal

pytestmark = pytest.mark.anyio


async def test_what_waits_for_hours_keeps_nobody_else_waiting(both: Both) -> None:
    both.server.answers = [refusal(400, 63049), created(5)]
    await both.queue("card")
    await both.bench.until(lambda: both.bench.row("card").attempts == 1)
    await both.queue("reply")
    [row] = await both.ended("reply")
    card = both.bench.row("card")
    assert row.status == outbox.SENT
    assert card.status == outbox.QUEUED
    assert card.due_at > both.bench.clock.now() + timedelta(hours=23)


async def never_arrived(both: Both, key: str) -> None:
    """The row is kept back, and what Twilio lists does not have it."""
    await both.bench.until(lambda: both.bench.row(key).unsettled)
    calls = len(both.server.calls)
    await asyncio.sleep(0.1)  # long enough for a sender that would send it again
    assert len(both.server.calls) == calls
    number, now = both.bench.row(key).id, both.bench.clock.now()
    assert await both.bench.writer.write(lambda session: settling.settle(session, now, {}, [number])) == 1


async def test_a_message_of_unknown_fate_goes_out_again_once_it_is_known_not_to_be_there(both: Both) -> None:
    both.server.answers = [refusal(500, 20500), created(1)]
    await both.queue("a")
    await never_arrived(both, "a")
    [row] = await both.ended("a")
    assert (row.status, row.resent, row.attempts) == (outbox.SENT, 1, 1)


async def test_the_last_try_of_a_message_that_may_have_arrived_is_no_failure(both: Both) -> None:
    lane = both.bench.sender.lanes["whatsapp"]
    lane.limits = replace(lane.limits, patience=Patience(attempts=1))
    both.server.answers = [refusal(500, 20500)]
    await both.queue("a")
    await both.bench.until(lambda: both.bench.row("a").unsettled)
    row = both.bench.row("a")
    assert (row.status, row.reason, row.attempts, row.resent) == (outbox.QUEUED, "", 1, 0)


async def test_a_message_in_pieces_that_fails_is_gone_on_with(both: Both) -> None:
    both.server.answers = [created(1), refusal(503, 20503), created(2)]
    await both.queue("a", post=Post(sending.SAY, media=await a_paper(both)))  # its words follow it
    [row] = await both.ended("a")
    assert (row.external_id, row.pieces) == (f"SM{2:032x}", f"SM{1:032x},SM{2:032x}")
    assert (row.resent, row.attempts) == (0, 1)
    assert [("MediaUrl" in call.form, "Body" in call.form) for call in both.server.calls] == [
        (True, False),
        (False, True),
        (False, True),
    ]


async def test_a_message_in_pieces_that_stops_in_the_middle_is_gone_on_with_by_any_sender(
    both: Both,
) -> None:
    both.server.answers = [created(1), refusal(500, 20500), created(2)]
    await both.queue("a", post=Post(sending.SAY, media=await a_paper(both)))
    await both.bench.until(lambda: both.bench.row("a").unsettled)
    assert both.bench.row("a").pieces == f"SM{1:032x}"
    async with channel(both.server) as another:  # which knows nothing of what the first one did
        both.bench.sender.lanes["whatsapp"].channel = another
        await never_arrived(both, "a")
        [row] = await both.ended("a")
    assert row.pieces == f"SM{1:032x},SM{2:032x}"
    assert ["MediaUrl" in call.form for call in both.server.calls] == [True, False, False]


async def test_variables_that_are_refused_burn_no_attempt_and_are_noted_anew(both: Both) -> None:
    """First its lines go out before the buttons, then the buttons become lines as well."""
    both.server.answers = [refusal(400, 21656), created(1), refusal(400, 21656), created(2)]
    await both.queue("a", post=Post(sending.SAY, buttons=[[Button("button.back", "back")]]))
    [row] = await both.ended("a")
    said = [call.only().get("Body", "") for call in both.server.calls]
    assert (row.status, row.attempts, row.resent) == (outbox.SENT, 0, 0)
    assert [bool(words) for words in said] == [False, True, False, True]
    assert row.fingerprint == ",".join(settling.fingerprint(SITI, words) for words in said if words)
    assert "1. " not in said[1]
    assert "1. " in said[3]
