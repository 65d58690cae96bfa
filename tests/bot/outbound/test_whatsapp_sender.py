"""The sender with both channels: what WhatsApp does not have, what it refuses, and that Telegram goes on."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels import Outgoing, Receipt
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.outbound import compose
from models.messages import files, outbox
from models.messages.outbox import Outbound
from models.messages.post import Button, Post
from models.people import people
from models.whatsapp import openers, templates, windows
from tests.bot import sending
from tests.bot.both_channels import ANI, PUBLIC, SITI, Both, a_paper
from tests.bot.channels import twilio_server
from tests.bot.channels.twilio_server import Server, channel, created, refusal
from tests.bot.sending import at_work

pytestmark = pytest.mark.anyio


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


@pytest.mark.parametrize("mime", ["text/csv", "text/plain", "application/zip"])
async def test_a_paper_of_ours_that_whatsapp_does_not_take_is_not_offered_to_it(
    both: Both, mime: str
) -> None:
    number = await a_paper(both, "orang.csv")
    with Session(both.bench.engine) as session, session.begin():
        paper = session.get_one(files.Media, number)
        paper.mime, paper.purpose = mime, "report"
    await both.queue("a", post=Post("", media=number))
    [row] = await both.ended("a")
    assert (row.status, row.reason) == (outbox.FAILED, "broken")
    assert both.server.calls == []


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
    [(63021, outbox.FAILED, "refused"), (63024, outbox.FAILED, "refused"), (21610, outbox.FAILED, "blocked")],
)
async def test_a_refusal_ends_the_row_with_its_reason(
    both: Both, code: int, status: str, reason: str
) -> None:
    both.server.answers = [refusal(400, code)]
    await both.queue("a")
    [row] = await both.ended("a")
    assert (row.status, row.reason) == (status, reason)
    assert str(code) in row.error


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
