"""What people do on their phones, and the request that the program gets from it."""

import asyncio
import json

import pytest
from aiohttp import web

from bot.simulator.client import SimulatorError
from bot.simulator.process import ACCOUNT_SID
from bot.simulator.twilio.phones import MOST_PICTURE
from tests.bot.simulator.twilio.program import FROM, Twilio, basic


@pytest.mark.anyio
async def test_a_text_comes_with_all_of_twilios_fields_and_a_signature(twilio: Twilio, stranger: str) -> None:
    sid = await twilio.phones.say(stranger, "Halo & selamat pagi\nPak 😀")
    [form] = await twilio.program.got("/inbound", 1)
    assert json.loads(form.pop("ChannelMetadata")) == {
        "type": "whatsapp",
        "data": {"context": {"ProfileName": "Budi Santoso", "WaId": stranger[1:]}},
    }
    assert form == {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": "Budi Santoso",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": stranger[1:],
        "SmsStatus": "received",
        "Body": "Halo & selamat pagi\nPak 😀",
        "To": FROM,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:{stranger}",
        "ApiVersion": "2010-04-01",
        "ExternalUserId": f"whatsapp:ID.{7 * 10**15 + int(stranger[1:])}",
    }
    assert twilio.program.requests[0].genuine


@pytest.mark.anyio
async def test_a_person_who_hides_the_number_is_known_by_an_id(twilio: Twilio) -> None:
    address = await twilio.phones.create("maria.lopez", user_id="ID.1502576394655843")
    assert address == "ID.1502576394655843"
    await twilio.phones.say(address, "halo")
    [form] = await twilio.program.got("/inbound", 1)
    assert (form["From"], form["ExternalUserId"], form["WaId"]) == (f"whatsapp:{address}",) * 2 + ("",)
    assert twilio.program.requests[0].genuine  # the blank field is signed too
    sid = await twilio.send(address, body="Halo juga")
    assert (await twilio.end_of(sid))["To"] == f"whatsapp:{address}"


@pytest.mark.anyio
async def test_only_a_button_that_is_there_can_be_pressed(twilio: Twilio, siti: str) -> None:
    actions = [{"title": "Sudah", "id": "share.done"}, {"title": "Belum"}]
    content = await twilio.content("twilio/quick-reply", {"body": "Sudah dibagikan?", "actions": actions})
    sid = await twilio.send(siti, content=content)
    await twilio.phones.answers(siti, 0)
    for wrong in ({"id": "share.gone"}, {"title": "Mungkin"}, {}):
        with pytest.raises(SimulatorError, match="no such button"):
            await twilio.phones.act(siti, "press", sid=sid, **wrong)
    with pytest.raises(SimulatorError, match="has no buttons"):
        await twilio.phones.press(siti, await twilio.phones.say(siti, "x"), "share.done")
    with pytest.raises(SimulatorError, match="no message"):
        await twilio.phones.press(siti, "SM0", "share.done")
    pressed = await twilio.phones.press(siti, sid, "share.done")
    await twilio.phones.press(siti, sid, title="Belum")
    forms = await twilio.program.got("/inbound", 3)
    first, second = forms[1], forms[2]
    assert (first["MessageSid"], first["MessageType"], first["Body"]) == (pressed, "interactive", "Sudah")
    assert (first["ButtonText"], first["ButtonPayload"]) == ("Sudah", "share.done")
    assert (first["OriginalRepliedMessageSid"], first["OriginalRepliedMessageSender"]) == (sid, FROM)
    assert (first["Forwarded"], first["FrequentlyForwarded"]) == ("false", "false")
    assert second["ButtonPayload"] == "Belum"  # a button without an id sends its label


@pytest.mark.anyio
async def test_an_item_of_a_list_comes_with_its_id(twilio: Twilio, siti: str) -> None:
    items = [{"id": f"p.{number}", "item": f"Pilihan {number}"} for number in range(10)]
    fields = {"body": "Di mana?", "button": "Pilih", "items": items}
    sid = await twilio.send(siti, content=await twilio.content("twilio/list-picker", fields))
    await twilio.phones.answers(siti, 0)
    await twilio.phones.press(siti, sid, "p.9")
    [form] = await twilio.program.got("/inbound", 1)
    assert (form["ListId"], form["ListTitle"], form["Body"]) == ("p.9", "Pilihan 9", "Pilihan 9")
    assert "ButtonPayload" not in form


@pytest.mark.anyio
async def test_a_picture_is_fetched_with_credentials_and_then_without(
    twilio: Twilio, siti: str, small: bytes
) -> None:
    await twilio.phones.photo(siti, small, "bukti saya")
    [form] = await twilio.program.got("/inbound", 1)
    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "image/jpeg")
    assert (form["MessageType"], form["Body"]) == ("image", "bukti saya")
    assert form["MessageSid"].startswith("MM")
    url, mine = form["MediaUrl0"], basic(ACCOUNT_SID, "simulated-auth-token-of-satu-pesan-01")
    session = twilio.session
    async with session.get(url, allow_redirects=False) as response:
        assert response.status == 401
    async with session.get(url, headers=mine, allow_redirects=False) as response:
        assert response.status == 307
        address = response.headers["Location"]
    async with session.get(address, headers=mine) as response:
        assert response.status == 400
        assert "Only one auth mechanism allowed" in await response.text()
    async with session.get(address) as response:
        assert (response.status, response.content_type) == (200, "image/jpeg")
        assert await response.read() == small
    async with session.get(address.replace("Signature=", "Signature=0")) as response:
        assert response.status == 403
    await twilio.phones.people.clock(advance=4 * 3600 + 1)
    async with session.get(address) as response:
        assert (response.status, "expired" in await response.text()) == (403, True)
    async with session.delete(f"{url}.json", headers=mine) as response:
        assert response.status == 204
    async with session.get(url, headers=mine, allow_redirects=False) as response:
        assert response.status == 404


@pytest.mark.anyio
async def test_other_files_have_their_kinds(twilio: Twilio, siti: str) -> None:
    phones = twilio.phones
    await phones.document(siti, b"%PDF-1.7 x", name="surat.pdf")
    await phones.video(siti, b"\0\0\0\x18ftypmp42" + b"x" * 99, "kegiatan")
    await phones.file(siti, "voice", b"OggS" + b"x" * 99)
    await phones.act(siti, "location")
    forms = await twilio.program.got("/inbound", 4)
    assert [(one["MessageType"], one.get("MediaContentType0"), one["Body"]) for one in forms] == [
        ("document", "application/pdf", "surat.pdf"),
        ("video", "video/mp4", "kegiatan"),
        ("audio", "audio/ogg", ""),
        ("location", None, ""),
    ]
    assert forms[3]["Latitude"] == "-1.6101"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("photo", b"\xff\xd8\xff" + b"x" * MOST_PICTURE, "a photo has 1 to 5242880 bytes"),
        ("document", b"x" * (16 * 1024 * 1024 + 1), "a document has 1 to 16777216 bytes"),
        ("video", b"x", "application/octet-stream can't be sent as video"),
        ("photo", b"GIF89a", "application/octet-stream can't be sent as photo"),
        ("photo", b"", "a photo has 1 to 5242880 bytes"),
        ("hologram", b"x", "kind is one of photo, video, document, voice, sticker"),
    ],
)
async def test_files_that_whatsapp_does_not_send_are_refused(
    twilio: Twilio, kind: str, data: bytes, reason: str
) -> None:
    with pytest.raises(SimulatorError, match=reason):
        await twilio.phones.upload(data, kind)


@pytest.mark.anyio
async def test_replies_and_forwards_say_so(twilio: Twilio, siti: str, small: bytes) -> None:
    sid = await twilio.send(siti, body="Konten pekan ini")
    await twilio.phones.answers(siti, 0)
    mine = await twilio.phones.say(siti, "siap", reply_to=sid)
    await twilio.phones.say(siti, "maksud saya nanti", reply_to=mine)
    picture = await twilio.phones.photo(siti, small)
    await twilio.phones.forward(siti, sid)
    await twilio.phones.forward(siti, picture)
    forms = await twilio.program.got("/inbound", 5)
    assert (forms[0]["OriginalRepliedMessageSid"], forms[0]["OriginalRepliedMessageSender"]) == (sid, FROM)
    assert forms[1]["OriginalRepliedMessageSender"] == f"whatsapp:{siti}"
    assert "Forwarded" not in forms[2]
    assert (forms[3]["Body"], forms[3]["Forwarded"]) == ("Konten pekan ini", "true")
    assert (forms[4]["NumMedia"], forms[4]["Forwarded"]) == ("1", "true")
    assert forms[4]["MediaUrl0"] != forms[2]["MediaUrl0"]


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "tries"), [(500, 2), (502, 2), (403, 1)])
async def test_an_inbound_message_is_tried_once_more_and_then_lost(
    twilio: Twilio, stranger: str, status: int, tries: int
) -> None:
    twilio.program.answers = [web.Response(status=status) for _ in range(tries)]
    lost = (await twilio.phones.stats())["calls"].get("inbound lost", 0)
    await twilio.phones.say(stranger, "satu")
    await twilio.phones.say(stranger, "dua")
    forms = await twilio.program.got("/inbound", tries + 1)
    assert [one["Body"] for one in forms] == ["satu"] * tries + ["dua"]
    assert (await twilio.phones.stats())["calls"]["inbound lost"] == lost + 1


@pytest.mark.anyio
async def test_a_program_that_does_not_answer_in_time_is_asked_once_more(
    twilio: Twilio, stranger: str
) -> None:
    asked = 0
    again = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            again.set()
        await reader.read()  # until the other side gives up
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    await twilio.phones.set_webhook(f"http://{host}:{port}/inbound#rt=100")
    await twilio.phones.say(stranger, "halo")
    async with asyncio.timeout(5):
        await again.wait()
    while (await twilio.phones.stats())["pending_inbound"]:
        await asyncio.sleep(0)
    assert asked == 2
    server.close()
    await server.wait_closed()


@pytest.mark.anyio
async def test_a_conversation_keeps_its_order_and_waits_for_nobody_else(twilio: Twilio, siti: str) -> None:
    others = await twilio.phones.create_many(
        [{"name": f"ASN {number}", "phone": f"+6285600000{number:03}"} for number in range(20)]
    )
    twilio.program.answers = [web.Response(status=503)]
    await twilio.phones.batch(
        [{"as": one, "do": "say", "text": str(step)} for step in range(5) for one in (siti, *others)]
    )
    forms = await twilio.program.got("/inbound", 21 * 5 + 1)
    for address in (siti, *others):
        bodies = [one["Body"] for one in forms if one["From"] == f"whatsapp:{address}"]
        assert list(dict.fromkeys(bodies)) == ["0", "1", "2", "3", "4"]
        assert sorted(bodies) == bodies


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        ("<Response/>", 0),
        ('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', 0),
        ("", 0),
        ("<Response><Message>Halo</Message></Response>", 1),
        ("OK", 1),
    ],
)
async def test_an_empty_twiml_is_taken_and_any_other_counted(
    twilio: Twilio, stranger: str, answer: str, counted: int
) -> None:
    name = "TwiML that does something"
    before = (await twilio.phones.stats())["not_played"].get(name, 0)
    twilio.program.answers = [web.Response(text=answer, content_type="text/xml")]
    await twilio.phones.say(stranger, "halo")
    while (await twilio.phones.stats())["pending_inbound"]:
        await asyncio.sleep(0)
    assert (await twilio.phones.stats())["not_played"].get(name, 0) == before + counted


@pytest.mark.anyio
async def test_impossible_acts_are_refused(twilio: Twilio, siti: str) -> None:
    phones = twilio.phones
    for act, fields, reason in (
        ("say", {}, "the text is empty"),
        ("say", {"text": "x" * 4097}, "at most 4096 characters"),
        ("say", {"text": "x", "reply_to": "SM1"}, "no message SM1 on this phone"),
        ("photo", {"file_key": "w0"}, "no file w0"),
        ("dance", {}, "do is one of block"),
        ("unblock", {}, "is not blocked"),
    ):
        with pytest.raises(SimulatorError, match=reason):
            await phones.act(siti, act, **fields)
    await phones.block(siti)
    with pytest.raises(SimulatorError, match="unblock it first"):
        await phones.say(siti, "halo")
    with pytest.raises(SimulatorError, match="no person"):
        await phones.say("+6280000", "halo")
    for wrong in ({"phone": "0813"}, {"user_id": "siti"}, {"phone": siti}):
        with pytest.raises(SimulatorError):
            await phones.create("Siti", **wrong)


@pytest.mark.anyio
async def test_those_who_watch_see_messages_and_statuses(twilio: Twilio, siti: str) -> None:
    async with twilio.phones.people.events(int(siti[1:])) as stream:
        await twilio.send(siti, body="lihat")
        arrived = await anext(stream)
        await twilio.phones.read(siti)
        seen = await anext(stream)
    assert (arrived["type"], arrived["address"], arrived["message"]["body"]) == ("wa_message", siti, "lihat")
    assert (seen["type"], seen["message"]["status"]) == ("wa_status", "read")
