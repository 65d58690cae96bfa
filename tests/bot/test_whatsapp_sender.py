"""The sender with both channels: what WhatsApp does not have, what it refuses, and that Telegram goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import compose
from bot.channels import Outgoing, Receipt
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.hands import Hands
from bot.lane import Lane
from bot.links import Links
from bot.throttle import Throttle
from models import files, openers, outbox, people, settling, templates, windows
from models.outbox import Outbound
from models.post import Button, Post
from models.setbacks import Patience
from tests import programs
from tests.bot import sending
from tests.bot.channels import twilio_server
from tests.bot.channels.twilio_server import Server, channel, created, refusal, serving
from tests.bot.sending import Bench, at_work

pytestmark = pytest.mark.anyio
CONFIG = programs.ROOT / "config.yaml"
PUBLIC = "https://pesan.example"
SITI, ANI = "+6281317036688", "+6281317036689"


# -- the sender ------------------------------------------------------------------------------------


@dataclass
class Both:
    """A sender with both channels."""

    bench: Bench
    server: Server

    @property
    def lane(self) -> Lane:
        """How it sends by WhatsApp."""
        return self.bench.sender.lanes["whatsapp"]

    def opener(self) -> Outbound:
        """The one opener that there is."""
        with Session(self.bench.engine) as session:
            return session.scalars(select(Outbound).where(Outbound.part == openers.PART)).one()

    async def queue(self, key: str, address: str = SITI, post: Post | None = None, **more: Any) -> None:
        now, name = self.bench.clock.now(), "whatsapp" if address.startswith("+") else "telegram"
        said = None if "body" in more else post or Post(sending.SAY)
        await self.bench.writer.write(
            lambda session: outbox.queue(session, now, key, name, address, said, **more)
        )

    async def ended(self, *keys: str) -> list[Outbound]:
        over = (outbox.SENT, outbox.FAILED, outbox.CANCELLED)
        await self.bench.until(lambda: all(self.bench.row(key).status in over for key in keys))
        return [self.bench.row(key) for key in keys]


def both_are_here(session: Session, now: datetime) -> None:
    """They have just written to us: their windows are open."""
    for address in (SITI, ANI):
        people.meet(session, "whatsapp", address, "Siti", now).last_inbound_at = now


@pytest.fixture
async def both(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Both]:
    async with (
        serving() as server,
        channel(server) as whatsapp,
        sending.bench(engine, database_url, tmp_path, 7) as made,
    ):
        by_telegram = made.lane
        by_telegram.library.links = {"whatsapp": Links(twilio_server.TOKEN, PUBLIC).make}
        throttle = Throttle(rate=500.0, chat_rate=500.0)
        lane = Lane(whatsapp, throttle, Hands(64, 80.0), by_telegram.library, made.clock, by_telegram.limits)
        made.sender.listings = {"whatsapp": whatsapp.bodies}
        made.sender.lanes = {"telegram": by_telegram, "whatsapp": lane}
        await made.writer.write(partial(both_are_here, now=made.clock.now()))
        async with at_work(made):
            yield Both(made, server)


async def test_a_message_is_written_in_whatsapps_marks_and_its_sid_is_kept(both: Both) -> None:
    await both.queue("a")
    [row] = await both.ended("a")
    assert (row.status, row.external_id) == (outbox.SENT, f"SM{1:032x}")
    assert "*menu*" in both.server.calls[0].only()["Body"]


async def test_what_whatsapp_does_not_have_ends_as_void(both: Both) -> None:
    await both.queue("delete", op="delete", target="SM1")
    await both.queue("answer", post=Post(""), op="answer", target="SM1")
    rows = await both.ended("delete", "answer")
    assert [(row.status, row.reason) for row in rows] == [(outbox.CANCELLED, "void")] * 2
    assert both.server.calls == []


async def test_an_edit_is_said_anew_and_a_progress_bar_is_not(both: Both) -> None:
    counts = {"done": 1, "sent": 1, "total": 2, "failed": 0, "seconds": 5}
    bar = Post("releasing.progress", {"state": "x", "name": "x", **counts})
    await both.queue("progress:1:2", post=bar, op="edit", target="SM1")
    await both.queue("reply:3", post=bar, op="edit", target="SM1")
    first, second = await both.ended("progress:1:2", "reply:3")
    assert (first.status, first.reason) == (outbox.CANCELLED, "void")
    assert second.status == outbox.SENT
    assert len(both.server.calls) == 1


async def test_an_edit_of_what_never_went_out_is_void(both: Both) -> None:
    await both.queue("edit", op="edit", target_key="never")
    [row] = await both.ended("edit")
    assert (row.status, row.reason) == (outbox.CANCELLED, "void")


async def test_buttons_go_out_as_they_are_known_to_twilio(both: Both) -> None:
    await both.queue("a", post=Post(sending.SAY, buttons=[[Button("button.back", "back")]]))
    await both.ended("a")
    await both.queue("b", post=Post("button.cancel", buttons=[[Button("button.no", "no")]]))
    await both.ended("b")
    sids = [call.only().get("ContentSid") for call in both.server.calls]
    assert sids == [twilio_server.CONTENTS["buttons-1"]] * 2


async def test_a_template_goes_out_by_its_name(both: Both) -> None:
    known = {"konten": "HXkonten"}
    async with channel(both.server, contents=known) as whatsapp:
        both.lane.channel = whatsapp
        body = {"template": "konten", "params": {"nama": "Siti R."}}
        await both.queue("opener:1", post=None, op="template", target="konten", body=body)
        [row] = await both.ended("opener:1")
    assert row.status == outbox.SENT
    assert both.server.calls[0].only()["ContentSid"] == "HXkonten"
    assert json.loads(both.server.calls[0].only()["ContentVariables"]) == {"1": "Siti R."}


async def a_paper(both: Both, name: str = "") -> int:
    """A document in our store."""
    kept = both.bench.store.put(b"%PDF-1.4 x", both.bench.clock.now())

    def add(session: Session) -> int:
        return files.add(
            session, both.bench.clock.now(), kind="document", key=kept.key, sha256=kept.sha256,
            mime=kept.mime, size=kept.size, purpose="item", name=name,
        ).id  # fmt: skip

    return await both.bench.writer.write(add)


async def test_a_file_goes_out_as_a_link_to_our_own_store(both: Both) -> None:
    number = await a_paper(both, "Panduan.pdf")
    await both.queue("a", post=Post("", media=number))
    await both.queue("b", post=Post("", media=number))
    await both.ended("a", "b")
    for call in both.server.calls:
        url = call.only()["MediaUrl"]
        assert url.startswith(f"{PUBLIC}/media/{number}.")
        assert url.endswith("/Panduan.pdf")
    with Session(both.bench.engine) as session:
        assert session.scalars(select(files.FileCopy)).all() == []


async def test_a_file_without_a_name_is_called_by_what_it_is(both: Both) -> None:
    number = await a_paper(both)
    await both.queue("a", post=Post("", media=number))
    await both.ended("a")
    assert both.server.calls[0].only()["MediaUrl"].endswith("/document.pdf")


async def test_a_halted_channel_stops_no_other(both: Both) -> None:
    both.server.answers = [refusal(400, 63007)]
    await both.queue("wa")
    await both.bench.until(lambda: both.bench.row("wa").error != "")
    await both.queue("tg", "7")
    [row] = await both.ended("tg")
    assert row.status == outbox.SENT
    await both.queue("wa-2", ANI)
    await both.queue("tg-2", "7")
    await both.ended("tg-2")
    assert both.bench.row("wa").status == both.bench.row("wa-2").status == outbox.QUEUED
    assert both.bench.row("wa").attempts == 0
    assert both.bench.row("wa-2").tried_at is None, "nothing is claimed for it meanwhile"
    assert len(both.server.calls) == 1


async def test_what_the_channel_refuses_for_its_window_waits_for_it_and_an_opener_goes_out(
    both: Both,
) -> None:
    def approve(session: Session) -> None:
        found = templates.register(session, openers.NEWS, "id", "utility", "1")
        templates.created(session, found, "HXkabar")
        templates.checked(session, found, templates.APPROVED, both.bench.clock.now())

    await both.bench.writer.write(approve)
    both.server.answers = [refusal(400, 63016), created(1)]
    async with channel(both.server, contents={openers.NEWS: "HXkabar"}) as whatsapp:
        both.lane.channel = whatsapp
        await both.queue("a")
        await both.queue("tg", "7")
        await both.bench.until(lambda: len(both.server.calls) == 2)
        await both.bench.until(lambda: both.opener().status == outbox.SENT)
    row = both.bench.row("a")
    assert (row.status, row.follows, row.attempts) == (outbox.WAITING, f"window:whatsapp:{SITI}", 1)
    assert both.server.calls[1].only()["ContentSid"] == "HXkabar"
    now = both.bench.clock.now()
    assert await both.bench.writer.write(lambda session: windows.found_open(session, now)) == 0


async def test_an_opener_whose_template_is_refused_is_taken_back_and_takes_nobody_along(
    both: Both,
) -> None:
    def prepare(session: Session) -> None:
        found = templates.register(session, openers.NEWS, "id", "utility", "1")
        templates.created(session, found, "HXkabar")
        templates.checked(session, found, templates.APPROVED, both.bench.clock.now())
        who = people.account(session, "whatsapp", SITI)
        assert who is not None
        who.last_inbound_at = None

    await both.bench.writer.write(prepare)
    both.server.answers = [refusal(400, 63042)]
    async with channel(both.server, contents={openers.NEWS: "HXkabar"}) as whatsapp:
        both.lane.channel = whatsapp
        await both.queue("a")
        await both.bench.until(lambda: len(both.server.calls) == 1)
        await both.bench.until(lambda: both.opener().status == outbox.CANCELLED)
    assert both.opener().reason == openers.UNUSABLE
    assert both.bench.row("a").status == outbox.WAITING
    with Session(both.bench.engine) as session:
        assert templates.usable(session) == {}


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [(63013, outbox.FAILED, "refused"), (63024, outbox.FAILED, "refused"), (21610, outbox.FAILED, "blocked")],
)
async def test_a_refusal_ends_the_row_with_its_reason(
    both: Both, code: int, status: str, reason: str
) -> None:
    both.server.answers = [refusal(400, code)]
    await both.queue("a")
    [row] = await both.ended("a")
    assert (row.status, row.reason) == (status, reason)
    assert str(code) in row.error


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
    both.server.answers = [refusal(400, 21656), created(1)]
    await both.queue("a", post=Post(sending.SAY, buttons=[[Button("button.back", "back")]]))
    [row] = await both.ended("a")
    said = both.server.calls[1].only()["Body"]
    assert (row.status, row.attempts, row.resent) == (outbox.SENT, 0, 0)
    assert row.fingerprint == settling.fingerprint(SITI, said)
    assert "1. " in said


async def test_what_waits_for_a_channel_that_is_gone_ends_and_harms_nobody(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with sending.bench(engine, database_url, tmp_path, 7) as made:
        both = Both(made, Server())
        await both.queue("wa")
        await both.queue("after", follows="wa", status=outbox.WAITING)
        await both.queue("tg", "7")
        async with at_work(made):
            gone, after, row = await both.ended("wa", "after", "tg")
    assert (after.status, after.reason) == (outbox.CANCELLED, "broken")
    assert (gone.status, gone.reason) == (outbox.FAILED, "broken")
    assert "whatsapp" in gone.error
    assert row.status == outbox.SENT


async def test_what_was_in_hand_when_its_leader_was_taken_back_waits_for_it_again(both: Both) -> None:
    """The leader was reported as failed after its follower had been taken, and is due later."""
    later = both.bench.clock.now() + timedelta(hours=1)
    await both.queue("card", due_at=later)
    await both.queue("words", follows="card")
    await both.queue("other", ANI)
    await both.ended("other")
    assert (both.bench.row("words").status, both.bench.row("words").lease_owner) == (outbox.WAITING, None)
    await both.bench.until(lambda: not both.lane.hands.rows())
    assert len(both.server.calls) == 1

    def again(session: Session) -> None:
        card = session.scalars(select(Outbound).where(Outbound.key == "card")).one()
        card.due_at = both.bench.clock.now()

    await both.bench.writer.write(again)
    card, words = await both.ended("card", "words")
    assert (card.status, words.status) == (outbox.SENT, outbox.SENT)
    assert card.sent_at is not None
    assert words.sent_at is not None
    assert card.sent_at < words.sent_at


def test_every_channel_has_its_marks() -> None:
    assert compose.MARKUP == {"telegram": "html", "whatsapp": "whatsapp"}
    assert (Telegram.name, WhatsApp.name) == tuple(compose.MARKUP)
    assert Receipt().details == {}


def test_an_outgoing_message_is_the_same_whatever_its_reference() -> None:
    one = Outgoing("send", SITI, "a", reference="1")
    assert one == replace(one, reference="2")
