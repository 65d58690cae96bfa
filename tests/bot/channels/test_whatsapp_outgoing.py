"""What we want to say, and the exact requests that go to Twilio for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import Channel, Failure, Outgoing, OutgoingButton, OutgoingMedia, Receipt, SendError
from tests.bot.channels.twilio_server import CONTENTS, SENDER, SID, channel, created, refusal, serving

pytestmark = pytest.mark.anyio

MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
SITI = "+6281317036688"
WHERE = {"To": f"whatsapp:{SITI}", "From": SENDER}
TEXT = '*Halo* é 😀 & + = % "x"'
YES, NO = OutgoingButton("Ya", action="share:1"), OutgoingButton("Tidak", action="share:2")
PAGE = OutgoingButton("Buka", url="https://jambiprov.go.id/?a=1&b=2")
PHONE = OutgoingButton("Bagikan nomor saya", contact=True)
PICTURE = OutgoingMedia("photo", url="https://pesan.example/media/a/b.jpg")
FILM = OutgoingMedia("video", url="https://pesan.example/media/a/b.mp4")
PAPER = OutgoingMedia("document", url="https://pesan.example/media/a/b.pdf")
FIRST = ("kata " * 204).strip()  # with one more line it is too much to stand above buttons
LONG = FIRST + "\n\n"
LIST = tuple((OutgoingButton(f"Pilihan {n}", action=f"a:{n}"),) for n in range(1, 8))


def rich(shape: str, *values: str) -> dict[str, Any]:
    variables = {str(n): value for n, value in enumerate(values, start=1)}
    return {"ContentSid": CONTENTS[shape], "ContentVariables": variables}


REQUESTS: list[tuple[str, Outgoing, list[dict[str, Any]]]] = [
    ("a text", Outgoing("send", SITI, TEXT), [{"Body": TEXT}]),
    ("a text to somebody without a number", Outgoing("send", "US.134912", "a"),
     [{"To": "whatsapp:US.134912", "Body": "a"}]),
    ("a text of several lines", Outgoing("send", SITI, "a\n\nb"), [{"Body": "a\n\nb"}]),
    ("buttons", Outgoing("send", SITI, TEXT, ((YES,), (NO,))),
     [rich("buttons-2", TEXT, "Ya", "share:1", "Tidak", "share:2")]),
    ("a list", Outgoing("send", SITI, "Mana?", LIST),
     [rich("list-7-plain", "Mana?", "Lihat pilihan",
           *(word for n in range(1, 8) for word in (f"Pilihan {n}", f"a:{n}")))]),
    ("a page", Outgoing("send", SITI, "a", ((PAGE,),)),
     [{"Body": "a\n\nBuka: https://jambiprov.go.id/?a=1&b=2"}]),
    ("more buttons than a list takes", Outgoing("send", SITI, "a", (*LIST, *LIST)),
     [{"Body": "a\n\n" + "\n".join(f"{n}. Pilihan {(n - 1) % 7 + 1}" for n in range(1, 15))}]),
    ("several lines and buttons", Outgoing("send", SITI, "Judul\n\nSudah?", ((YES,),)),
     [rich("buttons-1", "Judul\n\nSudah?", "Ya", "share:1")]),
    ("many words and buttons", Outgoing("send", SITI, LONG + "Sudah?", ((YES,),)),
     [{"Body": FIRST}, rich("buttons-1", "Sudah?", "Ya", "share:1")]),
    ("a long text", Outgoing("send", SITI, "kata " * 400),
     [{"Body": ("kata " * 320).strip()}, {"Body": ("kata " * 80).strip()}]),
    ("the contact keyboard is nothing here", Outgoing("send", SITI, "a", ((PHONE,),), "contact"),
     [{"Body": "a"}]),
    ("putting the keyboard away is nothing", Outgoing("send", SITI, "a", keyboard="remove"), [{"Body": "a"}]),
    ("its own buttons stay when the keyboard goes", Outgoing("send", SITI, "a", ((YES,),), "remove"),
     [rich("buttons-1", "a", "Ya", "share:1")]),
    ("a picture", Outgoing("send", SITI, media=PICTURE), [{"MediaUrl": PICTURE.url}]),
    ("a picture with words", Outgoing("send", SITI, TEXT, media=PICTURE),
     [{"MediaUrl": PICTURE.url, "Body": TEXT}]),
    ("a film with words", Outgoing("send", SITI, "a", media=FILM), [{"MediaUrl": FILM.url, "Body": "a"}]),
    ("a paper, and its words behind it", Outgoing("send", SITI, "a", media=PAPER),
     [{"MediaUrl": PAPER.url}, {"Body": "a"}]),
    ("a picture with more words than a caption", Outgoing("send", SITI, "x" * 1025, media=PICTURE),
     [{"MediaUrl": PICTURE.url}, {"Body": "x" * 1025}]),
    ("a picture with buttons", Outgoing("send", SITI, "a", ((YES,),), media=PICTURE),
     [{"MediaUrl": PICTURE.url}, rich("buttons-1", "a", "Ya", "share:1")]),
    ("an album", Outgoing("send", SITI, album=(PICTURE, FILM)),
     [{"MediaUrl": PICTURE.url}, {"MediaUrl": FILM.url}]),
    ("an edit is a new message", Outgoing("edit", SITI, "a", ((YES,),), target="SM1"),
     [rich("buttons-1", "a", "Ya", "share:1")]),
    ("an answer with words is a message", Outgoing("answer", SITI, "Tercatat", target="SM1"),
     [{"Body": "Tercatat"}]),
    ("a template", Outgoing("send", SITI, "unused", ((YES,),), template="konten",
                            variables={"1": "Siti\nRahma", "2": ""}),
     [{"ContentSid": "HXkonten", "ContentVariables": {"1": "Siti Rahma", "2": "–"}}]),
    ("a template without variables", Outgoing("send", SITI, template="kabar"),
     [{"ContentSid": "HXkabar"}]),
    ("a template by its row", Outgoing("template", SITI, target="konten", variables={"1": "Siti"}),
     [{"ContentSid": "HXkonten", "ContentVariables": {"1": "Siti"}}]),
]  # fmt: skip
KNOWN = CONTENTS | {"konten": "HXkonten", "kabar": "HXkabar"}


@pytest.mark.parametrize(
    ("message", "forms"), [case[1:] for case in REQUESTS], ids=[case[0] for case in REQUESTS]
)
async def test_an_outgoing_message_is_exactly_these_requests(
    message: Outgoing, forms: list[dict[str, Any]]
) -> None:
    answers = [created(number) for number in range(1, len(forms) + 1)]
    async with serving(*answers) as server, channel(server, contents=KNOWN) as whatsapp:
        receipt = await whatsapp.send(message)
    assert [(call.method, call.path) for call in server.calls] == [("POST", MESSAGES)] * len(forms)
    found = [call.only() for call in server.calls]
    for form in found:
        if "ContentVariables" in form:
            form["ContentVariables"] = json.loads(form["ContentVariables"])
    assert found == [WHERE | form for form in forms]
    sids = [f"SM{number:032x}" for number in range(1, len(forms) + 1)]
    assert receipt.external_id == sids[-1]
    assert receipt.pieces == (tuple(sids) if len(sids) > 1 else ())


@pytest.mark.parametrize(
    "message",
    [
        Outgoing("commands", "", commands=(("menu", "Menu"),), scope="default"),
        Outgoing("delete", SITI, target="SM1"),
        Outgoing("answer", SITI, target="SM1"),
        Outgoing("edit", SITI, buttons=((YES,),), target="SM1"),
        Outgoing("edit", SITI, target="SM1"),
    ],
    ids=lambda message: message.op,
)
async def test_what_whatsapp_does_not_have_ends_quietly_as_void(message: Outgoing) -> None:
    async with serving() as server, channel(server) as whatsapp:
        receipt = await whatsapp.send(message)
    assert server.calls == []
    assert receipt.external_id == ""
    assert receipt.details["void"]


@pytest.mark.parametrize(
    "message",
    [
        Outgoing("dance", SITI, "a"),
        Outgoing("send", SITI),
        Outgoing("send", SITI, media=OutgoingMedia("photo", remote_id="AgAC")),
        Outgoing("template", SITI),
    ],
)
async def test_what_nobody_could_send_is_refused_before_any_request(message: Outgoing) -> None:
    async with serving() as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(message)
    assert caught.value.kind is Failure.PERMANENT
    assert server.calls == []


async def test_a_template_that_is_not_known_yet_is_waited_for() -> None:
    async with serving() as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(Outgoing("send", SITI, template="unknown"))
    assert (caught.value.kind, server.calls) == (Failure.RETRY, [])


async def test_without_content_at_twilio_buttons_are_numbered_lines() -> None:
    async with serving() as server, channel(server, contents={}) as whatsapp:
        await whatsapp.send(Outgoing("send", SITI, "Sudah?", ((YES,), (NO,))))
    assert [call.only()["Body"] for call in server.calls] == ["Sudah?\n\n1. Ya\n2. Tidak"]


async def test_what_is_created_at_twilio_meanwhile_is_used_from_then_on() -> None:
    contents: dict[str, str] = {}
    async with serving() as server, channel(server, contents=contents) as whatsapp:
        await whatsapp.send(Outgoing("send", SITI, "a", ((YES,),)))
        contents["buttons-1"] = "HXnew"
        await whatsapp.send(Outgoing("send", SITI, "a", ((YES,),)))
    assert [call.only().get("ContentSid") for call in server.calls] == [None, "HXnew"]


async def test_a_report_on_every_message_is_asked_for_where_we_listen() -> None:
    url = "https://pesan.example/webhooks/twilio/status"
    async with serving() as server, channel(server, status_url=url) as whatsapp:
        await whatsapp.send(Outgoing("send", SITI, "a"))
        await whatsapp.send(Outgoing("send", SITI, "a", ((YES,),)))
        await whatsapp.send(Outgoing("send", SITI, media=PICTURE))
    assert [call.only()["StatusCallback"] for call in server.calls] == [url] * 3


async def test_the_address_for_reports_says_which_piece_of_which_message_they_are_about() -> None:
    url = "https://pesan.example/webhooks/twilio/status"
    message = Outgoing("send", SITI, LONG + "Sudah?", ((YES,),), ref="2f-9c1d07e4a2")
    async with serving(created(1)) as server, channel(server, status_url=url) as whatsapp:
        await whatsapp.send(message)
        await whatsapp.send(replace(message, out=("SM1",)))
    asked = [call.only()["StatusCallback"] for call in server.calls]
    assert asked == [f"{url}?ref=2f-9c1d07e4a2-{piece}-2" for piece in (1, 2, 2)]


async def test_a_message_in_pieces_says_which_are_out_and_goes_on_behind_them() -> None:
    message = Outgoing("send", SITI, LONG + "Sudah?", ((YES,),))
    answers = [created(1), refusal(500, 20500), created(2)]
    async with serving(*answers) as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(message)
    async with serving(created(2)) as other, channel(other) as restarted:
        receipt = await restarted.send(replace(message, out=caught.value.pieces))
        done = await restarted.send(replace(message, out=receipt.pieces))
    assert caught.value.kind is Failure.RETRY
    assert [call.only().get("Body", "rich") for call in server.calls] == [FIRST, "rich"]
    assert [call.only().get("Body", "rich") for call in other.calls] == ["rich"]
    assert caught.value.pieces == (f"SM{1:032x}",)
    assert receipt.pieces == (f"SM{1:032x}", f"SM{2:032x}")
    assert done == receipt, "there was nothing left to do"


async def test_the_account_is_asked_who_it_is() -> None:
    body = {"sid": SID, "friendly_name": "Pemprov Jambi", "status": "active"}
    async with serving(created(1, **body)) as server, channel(server) as whatsapp:
        account = await whatsapp.account()
    assert (account.sid, account.name, account.status) == (SID, "Pemprov Jambi", "active")
    assert [(call.method, call.path) for call in server.calls] == [
        ("GET", f"/2010-04-01/Accounts/{SID}.json")
    ]


async def test_what_went_to_a_number_can_be_looked_up() -> None:
    listed = {
        "messages": [
            {"sid": "SM2", "body": "b", "status": "failed", "error_code": 63016,
             "num_media": "1", "date_created": "Wed, 25 Nov 2026 03:00:01 +0000"},
            {"sid": "SM1", "body": None, "status": "delivered", "error_code": None, "date_sent": None,
             "date_created": "Wed, 25 Nov 2026 03:00:00 +0000"},
            {"sid": "SM0", "body": "older", "status": "read", "error_code": None, "date_sent": None,
             "date_created": "Wed, 25 Nov 2026 02:00:00 +0000"},
        ],
        "page": 0, "page_size": 50, "next_page_uri": None, "uri": "x", "first_page_uri": "x",
        "previous_page_uri": None, "start": 0, "end": 1,
    }  # fmt: skip
    answer = created(1)
    answer.body = json.dumps(listed).encode()
    answer.set_status(200)
    since = datetime(2026, 11, 25, 2, 59, tzinfo=UTC)
    async with serving(answer) as server, channel(server) as whatsapp:
        found = await whatsapp.recent(SITI, since)
    assert [(one.external_id, one.body) for one in found] == [("SM2", "b"), ("SM1", "")]
    assert {one.address for one in found} == {SITI}
    assert [one.file for one in found] == [True, False]
    assert [one.created_at for one in found] == [
        datetime(2026, 11, 25, 3, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 25, 3, 0, 0, tzinfo=UTC),
    ]
    query = server.calls[0].query
    assert query["To"] == [f"whatsapp:{SITI}"]
    assert "DateSent>" not in query  # what is queued there has none


async def test_what_twilio_will_list_of_a_message_is_known_before() -> None:
    async with serving() as server, channel(server) as whatsapp:
        for message, files, bodies in (
            (Outgoing("send", SITI, "a"), 0, ["a"]),
            (Outgoing("send", SITI, "a"), 1, ["", "a"]),
            (Outgoing("send", SITI, LONG + "Sudah?", ((YES,),)), 0, [FIRST, "Sudah?"]),
            (Outgoing("send", SITI), 1, [""]),
            (Outgoing("send", SITI), 3, ["", "", ""]),
            (Outgoing("template", SITI, target="konten"), 0, [None]),
            (Outgoing("delete", SITI, target="SM1"), 0, []),
        ):
            assert whatsapp.bodies(message, files) == bodies
    assert server.calls == []


async def test_it_is_a_channel_like_any_other() -> None:
    async with serving() as server, channel(server) as whatsapp:
        as_channel: Channel = whatsapp
        receipt = await as_channel.send(Outgoing("send", SITI, "a"))
    assert isinstance(receipt, Receipt)
    assert as_channel.name == "whatsapp"
