"""WhatsApp's rules on what reaches a phone: window, templates, portfolio, speed, media."""

import asyncio
import json
import time

import pytest

from bot.simulator.twilio.delivery import MOST_PICTURE
from tests.bot.simulator.twilio.program import FROM, MESSAGES, Twilio

DAY = 24 * 3600


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def track(codec: bytes) -> bytes:
    told = box(b"stsd", bytes(4), (1).to_bytes(4, "big"), box(codec, bytes(8)))
    return box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", told))))


FILM = box(b"ftyp", b"isom") + box(b"moov", track(b"avc1"), track(b"mp4a"))


@pytest.mark.anyio
async def test_free_text_is_accepted_and_fails_outside_the_window(twilio: Twilio, stranger: str) -> None:
    form = await twilio.end_of(await twilio.send(stranger, body="halo"))
    assert (form["MessageStatus"], form["ErrorCode"]) == ("failed", "63016")
    assert not (await twilio.phones.history(stranger))["messages"]


@pytest.mark.anyio
async def test_the_window_is_open_for_24_hours_after_the_last_message(twilio: Twilio, siti: str) -> None:
    await twilio.phones.people.clock(advance=DAY - 60)
    assert (await twilio.end_of(await twilio.send(siti, body="masih")))["MessageStatus"] == "delivered"
    await twilio.phones.people.clock(advance=61)
    assert (await twilio.end_of(await twilio.send(siti, body="lewat")))["ErrorCode"] == "63016"
    await twilio.phones.say(siti, "halo lagi")
    assert (await twilio.end_of(await twilio.send(siti, body="lagi")))["MessageStatus"] == "delivered"
    bodies = [one["body"] for one in await twilio.phones.answers(siti, 0, 2)]
    assert bodies == ["masih", "lagi"]


@pytest.mark.anyio
async def test_an_approved_template_goes_through_and_its_button_opens_the_window(
    twilio: Twilio, stranger: str
) -> None:
    body = "Bapak/Ibu {{1}}, konten pekan ini sudah siap untuk Anda."
    content = await twilio.approved("pembuka", body, v1="Siti")
    variables = json.dumps({"1": "Budi"})
    sid = await twilio.send(stranger, content=content, variables=variables)
    assert (await twilio.end_of(sid))["MessageStatus"] == "delivered"
    [shown] = await twilio.phones.answers(stranger, 0)
    assert (shown["sid"], shown["template"]) == (sid, True)
    assert shown["body"] == "Bapak/Ibu Budi, konten pekan ini sudah siap untuk Anda."
    await twilio.phones.press(stranger, sid, "window.open")
    [form] = await twilio.program.got("/inbound", 1)
    assert (form["MessageType"], form["ButtonPayload"]) == ("button", "window.open")
    assert (await twilio.end_of(await twilio.send(stranger, body="ini dia")))["MessageStatus"] == "delivered"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "code"),
    [("pending", "63016"), ("rejected", "63016"), ("paused", "63041"), ("disabled", "63042")],
)
async def test_a_template_that_is_not_approved_fails_outside_the_window(
    twilio: Twilio, stranger: str, status: str, code: str
) -> None:
    content = await twilio.approved(f"ditolak_{status}")
    await twilio.phones.decide(content, status)
    assert (await twilio.end_of(await twilio.send(stranger, content=content)))["ErrorCode"] == code


@pytest.mark.anyio
async def test_a_list_never_opens_a_conversation_but_goes_within_one(
    twilio: Twilio, siti: str, stranger: str
) -> None:
    fields = {
        "body": "{{1}}",
        "button": "Pilih",
        "items": [{"id": "{{2}}", "item": "{{3}}", "description": "{{4}}"}],
    }
    content = await twilio.content("twilio/list-picker", fields, v1="a", v2="b", v3="c", v4="d")
    variables = json.dumps({"1": "Satu\nDua", "2": "share.1", "3": "Instagram", "4": "Cerita atau kiriman"})
    closed = await twilio.send(stranger, content=content, variables=variables)
    assert (await twilio.end_of(closed))["ErrorCode"] == "63016"
    sid = await twilio.send(siti, content=content, variables=variables)
    assert (await twilio.end_of(sid))["MessageStatus"] == "delivered"
    [shown] = await twilio.phones.answers(siti, 0)
    assert (shown["body"], shown["menu"], shown["buttons"]) == ("Satu\nDua", "Pilih", [])
    item = {"id": "share.1", "title": "Instagram", "description": "Cerita atau kiriman"}
    assert shown["items"] == [item]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"1": "x" * 1025, "2": "Ya"}, "63021"),
        ({"1": "x", "2": "y" * 21}, "63021"),
        ({"1": "x", "2": "Tidak"}, "63021"),  # the label of the other button
        ({"1": "x", "9": "y"}, "63028"),
    ],
)
async def test_variables_that_break_a_limit_fail_by_callback(
    twilio: Twilio, siti: str, variables: dict[str, str], code: str
) -> None:
    fields = {"body": "{{1}}", "actions": [{"title": "{{2}}", "id": "a"}, {"title": "Tidak", "id": "b"}]}
    content = await twilio.content("twilio/quick-reply", fields, v1="a", v2="b")
    sid = await twilio.send(siti, content=content, variables=json.dumps(variables))
    assert (await twilio.end_of(sid))["ErrorCode"] == code


@pytest.mark.anyio
async def test_a_variable_without_value_or_sample_fails_by_callback(twilio: Twilio, siti: str) -> None:
    content = await twilio.content("twilio/text", {"body": "Halo {{1}} dan {{2}}"}, v1="Siti")
    assert (await twilio.end_of(await twilio.send(siti, content=content)))["ErrorCode"] == "63028"


@pytest.mark.anyio
@pytest.mark.parametrize("value", ["dua\nbaris", "tab\tulator", "lima     spasi"])
async def test_an_approved_template_takes_no_line_breaks_in_its_values(
    twilio: Twilio, siti: str, value: str
) -> None:
    body, variables = "Bapak/Ibu {{1}}, konten pekan ini sudah siap.", json.dumps({"1": value})
    approved = await twilio.approved(f"kasar_{ord(value[3])}", body, v1="Siti")
    sid = await twilio.send(siti, content=approved, variables=variables)
    assert (await twilio.end_of(sid))["ErrorCode"] == "63021"
    loose = await twilio.content("twilio/text", {"body": body}, v1="Siti")
    sid = await twilio.send(siti, content=loose, variables=variables)
    assert (await twilio.end_of(sid))["MessageStatus"] == "delivered"


@pytest.mark.anyio
async def test_more_than_three_buttons_need_approval(twilio: Twilio, siti: str) -> None:
    actions = [{"title": f"Pilihan {number}", "id": str(number)} for number in range(4)]
    content = await twilio.content("twilio/quick-reply", {"body": "Pilih", "actions": actions})
    assert (await twilio.end_of(await twilio.send(siti, content=content)))["ErrorCode"] == "63005"


@pytest.mark.anyio
async def test_a_deleted_template_is_no_more(twilio: Twilio, siti: str) -> None:
    content = await twilio.content("twilio/text", {"body": "x"})
    assert (await twilio.ask("DELETE", f"/v1/Content/{content}"))[0] == 204
    form = {"To": f"whatsapp:{siti}", "From": FROM, "ContentSid": content}
    assert (await twilio.ask("POST", MESSAGES, data=form))[1]["code"] == 21655


@pytest.mark.anyio
async def test_somebody_without_whatsapp_and_somebody_who_blocks_are_not_reached(
    twilio: Twilio, siti: str
) -> None:
    form = await twilio.end_of(await twilio.send("+6289900000001", body="halo"))
    assert (form["MessageStatus"], form["ErrorCode"]) == ("undelivered", "63024")
    await twilio.phones.block(siti)
    form = await twilio.end_of(await twilio.send(siti, body="halo"))
    assert (form["MessageStatus"], form["ErrorCode"]) == ("undelivered", "63014")
    await twilio.phones.unblock(siti)
    assert (await twilio.end_of(await twilio.send(siti, body="halo")))["MessageStatus"] == "delivered"


@pytest.mark.anyio
async def test_the_portfolio_limit_counts_people_in_a_rolling_day(twilio: Twilio, stranger: str) -> None:
    await twilio.phones.people.clock(advance=2 * DAY)  # what other tests opened is over
    others = await twilio.phones.create_many(
        [{"name": f"ASN {number}", "phone": f"+6285500000{number:03}"} for number in range(3)]
    )
    content = await twilio.approved("batas")
    await twilio.phones.settings(portfolio_limit=2)
    codes = []
    for address in (stranger, others[0], stranger, others[1]):
        form = await twilio.end_of(await twilio.send(address, content=content))
        codes.append(form.get("ErrorCode", ""))
    assert codes == ["", "", "", "63018"]
    await twilio.phones.say(others[2], "halo")  # within the window nobody counts
    form = await twilio.end_of(await twilio.send(others[2], content=content))
    assert form["MessageStatus"] == "delivered"
    await twilio.phones.people.clock(advance=DAY)
    form = await twilio.end_of(await twilio.send(others[1], content=content))
    assert form["MessageStatus"] == "delivered"


@pytest.mark.anyio
async def test_above_the_senders_speed_messages_wait_their_turn(twilio: Twilio, siti: str) -> None:
    await twilio.phones.settings(rate=20)
    begun = time.monotonic()
    sids = [await twilio.send(siti, body=f"pesan {number}") for number in range(12)]
    accepted = time.monotonic() - begun
    shown = await twilio.phones.answers(siti, 0, 12)
    assert [one["sid"] for one in shown] == sids
    assert 0.4 <= time.monotonic() - begun < 5
    assert accepted < 0.4


@pytest.mark.anyio
async def test_a_queue_of_more_than_four_hours_is_refused(twilio: Twilio, siti: str) -> None:
    await twilio.phones.settings(rate=0.00006)
    for body in ("satu", "dua", "tiga"):  # the first leaves at once, the second waits for 4.6 hours
        form = {"To": f"whatsapp:{siti}", "From": FROM, "Body": body}
        status, answer = await twilio.ask("POST", MESSAGES, data=form)
    assert (status, answer["code"]) == (429, 21611)


@pytest.mark.anyio
async def test_media_is_fetched_and_shown(twilio: Twilio, siti: str, small: bytes) -> None:
    twilio.program.files["/media/kartu.jpg"] = (small, "image/jpeg")
    sid = await twilio.send(siti, body="Kartu", media=f"{twilio.program.url}/media/kartu.jpg")
    assert sid.startswith("MM")
    assert (await twilio.end_of(sid))["MessageStatus"] == "delivered"
    [shown] = await twilio.phones.answers(siti, 0)
    assert shown["body"] == "Kartu"
    [media] = shown["media"]
    assert (media["mime"], media["size"]) == ("image/jpeg", len(small))
    async with twilio.session.get(f"{twilio.url}/sim/wa/media/{media['sid']}") as response:
        assert await response.read() == small


@pytest.mark.anyio
async def test_a_film_that_phones_play_is_taken(twilio: Twilio, siti: str) -> None:
    twilio.program.files["/media/x"] = (FILM, "video/mp4")
    form = await twilio.end_of(await twilio.send(siti, media=f"{twilio.program.url}/media/x"))
    assert form["MessageStatus"] == "delivered"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("data", "mime", "code"),
    [
        (b"", "", "63019"),  # not there
        (b"", "image/jpeg", "63019"),
        (b"<html></html>", "text/html", "63021"),
        (b"x", "application/octet-stream", "63021"),
        (b"x" * (MOST_PICTURE + 1), "image/jpeg", "63021"),
        (b"x" * (16 * 1024 * 1024 + 1), "video/mp4", "11751"),
        (b"kode;nama", "text/csv", "63021"),
        (b"halo", "text/plain", "63021"),
        (b"RIFF....WEBP", "image/webp", "63021"),
        (b"x", "video/webm", "63021"),
        (b"x", "video/quicktime", "63021"),
        (FILM.replace(b"avc1", b"hvc1"), "video/mp4", "63021"),
        (FILM.replace(b"mp4a", b"Opus"), "video/mp4", "63021"),
    ],
)
async def test_media_that_can_not_be_had_fails_by_callback(
    twilio: Twilio, siti: str, data: bytes, mime: str, code: str
) -> None:
    twilio.program.files["/media/x"] = (data, mime)
    form = await twilio.end_of(await twilio.send(siti, body="x", media=f"{twilio.program.url}/media/x"))
    assert (form["MessageStatus"], form["ErrorCode"]) == ("failed", code)


@pytest.mark.anyio
async def test_a_planned_failure_fails_the_next_messages(twilio: Twilio, siti: str) -> None:
    await twilio.phones.fail_next(siti, 63049)
    ends = [await twilio.end_of(await twilio.send(siti, body="x")) for _ in range(2)]
    assert [(one["MessageStatus"], one.get("ErrorCode")) for one in ends] == [
        ("undelivered", "63049"),
        ("delivered", None),
    ]
    assert "Meta chose not to deliver" in ends[0]["ErrorMessage"]


@pytest.mark.anyio
async def test_a_phone_that_is_off_gets_it_later(twilio: Twilio, siti: str) -> None:
    await twilio.phones.switch_off(siti)
    sid = await twilio.send(siti, body="nanti")
    assert (await twilio.end_of(sid, "sent"))["MessageStatus"] == "sent"
    await asyncio.sleep(0)
    assert not [one for one in (await twilio.phones.history(siti))["messages"] if one["from_program"]]
    await twilio.phones.switch_on(siti)
    assert [one["body"] for one in await twilio.phones.answers(siti, 0)] == ["nanti"]
    assert (await twilio.phones.deliveries("nanti"))["chats"] == {siti: 1}
