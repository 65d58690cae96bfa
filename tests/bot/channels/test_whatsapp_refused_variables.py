"""Variables of a content that Twilio does not take: the message is said in another way."""

import json
from dataclasses import replace

import pytest

from bot.channels import Failure, Outgoing, SendError
from tests.bot.channels.test_whatsapp_outgoing import FIRST, LONG, NO, SITI, YES
from tests.bot.channels.twilio_server import channel, created, refusal, serving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("code", [21656, 21655], ids=["variables", "Content that is gone"])
async def test_variables_that_twilio_does_not_take_become_numbered_lines(code: int) -> None:
    """They are said as lines when the message is tried again: what goes out is noted before, as always."""
    message = Outgoing("send", SITI, "Sudah?", ((YES,), (NO,)), reference="card:1")
    lines = "Sudah?\n\n1. Ya\n2. Tidak"
    async with serving(refusal(400, code), created(2)) as server, channel(server) as whatsapp:
        assert whatsapp.bodies(message) == ["Sudah?"]
        with pytest.raises(SendError) as caught:
            await whatsapp.send(message)
        assert (caught.value.kind, caught.value.maybe_sent) == (Failure.ANEW, False)
        assert whatsapp.bodies(message) == [lines]
        receipt = await whatsapp.send(message)
        assert whatsapp.bodies(replace(message, reference="card:2")) == ["Sudah?"]
    assert [call.only().get("Body", "rich") for call in server.calls] == ["rich", lines]
    assert receipt.external_id == f"SM{2:032x}"


async def test_where_twilio_takes_one_line_only_the_others_go_before_and_the_buttons_stay() -> None:
    """Its page of 21656 says so of every body: one message finds out, and all know it from then on."""
    first = Outgoing("send", SITI, "Judul\n\nIsi\nSudah?", ((YES,), (NO,)), reference="card:1")
    answers = [refusal(400, 21656), *(created(number) for number in range(1, 5))]
    async with serving(*answers) as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(first)
        assert caught.value.kind is Failure.ANEW
        assert whatsapp.bodies(first) == ["Judul\n\nIsi", "Sudah?"]
        receipt = await whatsapp.send(first)
        await whatsapp.send(replace(first, reference="card:2"))
        assert whatsapp.messages(first) == 2
    shown = [call.only().get("Body", "rich") for call in server.calls]
    assert shown == ["rich", "Judul\n\nIsi", "rich", "Judul\n\nIsi", "rich"]
    values = [json.loads(call.only().get("ContentVariables", "{}")).get("1") for call in server.calls]
    assert values == ["Judul\n\nIsi\nSudah?", None, "Sudah?", None, "Sudah?"]
    assert receipt.pieces == (f"SM{1:032x}", f"SM{2:032x}")


async def test_buttons_still_follow_lines_that_went_out_before_somebody_else_took_over() -> None:
    """Whoever is started anew does not know yet that Twilio takes no lines: what is out says so."""
    message = Outgoing(
        "send", SITI, "Judul\n\nIsi\nSudah?", ((YES,), (NO,)), reference="card:1", out=("SM1",)
    )
    async with serving(created(2)) as server, channel(server) as restarted:
        assert restarted.bodies(message) == ["Judul\n\nIsi", "Sudah?"]
        receipt = await restarted.send(message)
        assert restarted.bodies(replace(message, out=())) == ["Judul\n\nIsi\nSudah?"], "of one message alone"
    [call] = server.calls
    assert json.loads(call.only()["ContentVariables"])["1"] == "Sudah?"
    assert receipt.pieces == ("SM1", f"SM{2:032x}")


async def test_what_is_out_before_variables_are_refused_stays_as_it_is() -> None:
    message = Outgoing("send", SITI, LONG + "Sudah?", ((YES,),), reference="card:1")
    answers = [created(1), refusal(400, 21656), created(2)]
    async with serving(*answers) as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(message)
        receipt = await whatsapp.send(replace(message, out=caught.value.pieces))
    shown = [call.only().get("Body", "rich") for call in server.calls]
    assert shown == [FIRST, "rich", "Sudah?\n\n1. Ya"]
    assert receipt.pieces == (f"SM{1:032x}", f"SM{2:032x}")


async def test_variables_of_a_message_that_is_not_tried_again_are_refused_for_good() -> None:
    async with serving(refusal(400, 21656)) as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(Outgoing("send", SITI, "Sudah?", ((YES,),)))
    assert caught.value.kind is Failure.PERMANENT
    assert len(server.calls) == 1
