"""What we want to say, and the exact request that goes to the Bot API for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels import Channel, Failure, Outgoing, OutgoingButton, OutgoingMedia, Receipt, SendError
from bot.channels import telegram_inbound as inbound
from tests.bot.channels.telegram_server import channel, ok, refusal, serving

pytestmark = pytest.mark.anyio

SENT = {"message_id": 99, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}
WORDS = {"chat_id": "5", "text": "<b>Halo</b> é 😀 & + = %", "parse_mode": "HTML"}
QUIET = {"link_preview_options": {"is_disabled": True}}
TEXT = WORDS["text"]
YES = OutgoingButton("Sudah", action="share:1")
PAGE = OutgoingButton("Buka", url="https://jambiprov.go.id/?a=1&b=2")
PHONE = OutgoingButton("Bagikan nomor saya", contact=True)
INLINE = {"inline_keyboard": [[{"text": "Sudah", "callback_data": "share:1"}]]}

REQUESTS: list[tuple[str, Outgoing, str, dict[str, Any]]] = [
    ("a text", Outgoing("send", "5", TEXT), "sendMessage", WORDS | QUIET),
    ("a text to a group", Outgoing("send", "-1009", "a"), "sendMessage",
     WORDS | QUIET | {"chat_id": "-1009", "text": "a"}),
    ("inline buttons in rows", Outgoing("send", "5", TEXT, ((YES,), (PAGE, YES))), "sendMessage",
     WORDS | QUIET | {"reply_markup": {"inline_keyboard": [
         [{"text": "Sudah", "callback_data": "share:1"}],
         [{"text": "Buka", "url": "https://jambiprov.go.id/?a=1&b=2"},
          {"text": "Sudah", "callback_data": "share:1"}]]}}),
    ("the contact keyboard",
     Outgoing("send", "5", TEXT, ((PHONE,), (OutgoingButton("Batal"),)), "contact"), "sendMessage",
     WORDS | QUIET | {"reply_markup": {
         "keyboard": [[{"text": "Bagikan nomor saya", "request_contact": True}], [{"text": "Batal"}]],
         "one_time_keyboard": True, "resize_keyboard": True}}),
    ("putting the keyboard away", Outgoing("send", "5", TEXT, keyboard="remove"), "sendMessage",
     WORDS | QUIET | {"reply_markup": {"remove_keyboard": True}}),
    ("its own buttons before putting the keyboard away",
     Outgoing("send", "5", TEXT, ((YES,),), "remove"), "sendMessage",
     WORDS | QUIET | {"reply_markup": INLINE}),
    ("a photo by its id", Outgoing("send", "5", media=OutgoingMedia("photo", "AgAC")), "sendPhoto",
     {"chat_id": "5", "photo": "AgAC"}),
    ("a photo with a caption and buttons",
     Outgoing("send", "5", TEXT, ((YES,),), media=OutgoingMedia("photo", "AgAC")), "sendPhoto",
     {"chat_id": "5", "photo": "AgAC", "caption": TEXT, "parse_mode": "HTML", "reply_markup": INLINE}),
    ("a video by its id", Outgoing("send", "5", "a", media=OutgoingMedia("video", "BAAC")), "sendVideo",
     {"chat_id": "5", "video": "BAAC", "caption": "a", "parse_mode": "HTML"}),
    ("a document by its id", Outgoing("send", "5", media=OutgoingMedia("document", "BQAC")), "sendDocument",
     {"chat_id": "5", "document": "BQAC"}),
    ("an edit", Outgoing("edit", "5", TEXT, ((YES,),), target="41"), "editMessageText",
     WORDS | QUIET | {"message_id": "41", "reply_markup": INLINE}),
    ("an edit that takes the buttons away", Outgoing("edit", "5", TEXT, target="41"), "editMessageText",
     WORDS | QUIET | {"message_id": "41"}),
    ("an edit of a caption",
     Outgoing("edit", "5", TEXT, target="41", media=OutgoingMedia("photo", "AgAC")), "editMessageCaption",
     {"chat_id": "5", "message_id": "41", "caption": TEXT, "parse_mode": "HTML"}),
    ("an edit of the buttons only", Outgoing("edit", "5", buttons=((YES,),), target="41"),
     "editMessageReplyMarkup", {"chat_id": "5", "message_id": "41", "reply_markup": INLINE}),
    ("an answer to a button", Outgoing("answer", "5", target="777"), "answerCallbackQuery",
     {"callback_query_id": "777"}),
    ("an answer with a toast", Outgoing("answer", "5", "Tercatat", target="777"), "answerCallbackQuery",
     {"callback_query_id": "777", "text": "Tercatat"}),
    ("a toast that is too long", Outgoing("answer", "5", "a" * 300, target="777"), "answerCallbackQuery",
     {"callback_query_id": "777", "text": "a" * 200}),
    ("a deletion", Outgoing("delete", "5", target="41"), "deleteMessage",
     {"chat_id": "5", "message_id": "41"}),
    ("commands for all", Outgoing("commands", "", commands=(("menu", "Menu utama"),), scope="default"),
     "setMyCommands", {"commands": [{"command": "menu", "description": "Menu utama"}],
                       "scope": {"type": "default"}}),
    ("commands for all groups", Outgoing("commands", "", commands=(("a", "b"),), scope="group"),
     "setMyCommands", {"commands": [{"command": "a", "description": "b"}],
                       "scope": {"type": "all_group_chats"}}),
    ("commands for all people", Outgoing("commands", "", commands=(("a", "b"),), scope="all_private"),
     "setMyCommands", {"commands": [{"command": "a", "description": "b"}],
                       "scope": {"type": "all_private_chats"}}),
    ("commands for one chat", Outgoing("commands", "5", commands=(("a", "b"),), scope="chat"),
     "setMyCommands", {"commands": [{"command": "a", "description": "b"}],
                       "scope": {"type": "chat", "chat_id": "5"}}),
    ("no commands any more", Outgoing("commands", "5", scope="chat"), "deleteMyCommands",
     {"scope": {"type": "chat", "chat_id": "5"}}),
]  # fmt: skip
OF_JSON = ("reply_markup", "link_preview_options", "commands", "scope")


@pytest.mark.parametrize(
    ("message", "method", "form"), [case[1:] for case in REQUESTS], ids=[case[0] for case in REQUESTS]
)
async def test_an_outgoing_message_is_exactly_this_request(
    message: Outgoing, method: str, form: dict[str, Any]
) -> None:
    async with serving(ok(SENT if message.op == "send" else True)) as server, channel(server) as telegram:
        receipt = await telegram.send(message)
    assert [call.method for call in server.calls] == [method]
    found = {name: json.loads(v) if name in OF_JSON else v for name, v in server.calls[0].form.items()}
    assert found == form
    assert server.calls[0].content_type == "application/x-www-form-urlencoded"
    assert receipt.external_id == {"send": "99", "edit": message.target}.get(message.op, "")


async def test_paid_broadcast_is_asked_for_with_messages_only() -> None:
    async with serving(ok(SENT)) as server, channel(server, paid_broadcast=True) as telegram:
        await telegram.send(Outgoing("send", "5", "a"))
        await telegram.send(Outgoing("send", "5", media=OutgoingMedia("photo", "AgAC")))
        await telegram.send(Outgoing("edit", "5", "a", target="1"))
    assert [call.form.get("allow_paid_broadcast") for call in server.calls] == ["true", "true", None]


@pytest.mark.parametrize(
    ("kind", "sent", "remote"),
    [
        ("photo", {"photo": [{"file_id": "small", "width": 90, "height": 60},
                             {"file_id": "large", "width": 900, "height": 600}]}, ("large", "photo")),
        ("video", {"video": {"file_id": "vid"}}, ("vid", "video")),
        ("video", {"animation": {"file_id": "gif"}, "document": {"file_id": "x"}}, ("gif", "animation")),
        ("document", {"document": {"file_id": "doc"}}, ("doc", "document")),
    ],
)  # fmt: skip
async def test_an_upload_is_sent_whole_and_its_id_comes_back(
    kind: str, sent: dict[str, Any], remote: tuple[str, str], tmp_path: Path
) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "17.bin").write_bytes(content)
    media = OutgoingMedia(kind, path=tmp_path / "17.bin", name='Jalan "baru".png', mime="image/png")
    async with serving(ok(SENT | sent)) as server, channel(server) as telegram:
        receipt = await telegram.send(Outgoing("send", "5", TEXT, ((YES,),), media=media))
    call = server.calls[0]
    assert call.content_type == "multipart/form-data"
    assert call.files[kind] == ('Jalan "baru".png', "image/png", content)
    assert call.form["caption"] == TEXT
    assert call.form["chat_id"] == "5"
    assert call.markup() == INLINE
    assert receipt == Receipt("99", remote[0], {"kind": remote[1]})


async def test_the_name_and_type_of_an_upload_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "bukti.jpg").write_bytes(b"x")
    async with serving(ok(SENT)) as server, channel(server) as telegram:
        await telegram.send(Outgoing("send", "5", media=OutgoingMedia("photo", path=tmp_path / "bukti.jpg")))
    assert server.calls[0].files == {"photo": ("bukti.jpg", "image/jpeg", b"x")}


async def test_a_file_whose_id_is_not_ours_is_uploaded_instead(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    media = OutgoingMedia("photo", "of another bot", tmp_path / "a.jpg")
    answers = refusal(400, "Bad Request: wrong file identifier/HTTP URL specified"), ok(SENT)
    async with serving(*answers) as server, channel(server) as telegram:
        assert (await telegram.send(Outgoing("send", "5", media=media))).external_id == "99"
    assert [call.form.get("photo") for call in server.calls] == ["of another bot", None]
    assert server.calls[1].files["photo"][2] == b"x"


async def test_a_file_that_is_gone_never_goes_out(tmp_path: Path) -> None:
    gone = Outgoing("send", "5", media=OutgoingMedia("photo", path=tmp_path / "gone.jpg"))
    nothing = Outgoing("send", "5", media=OutgoingMedia("photo"))
    odd = Outgoing("send", "5", media=OutgoingMedia("hologram", "x"))
    async with serving() as server, channel(server) as telegram:
        for message in (gone, nothing, odd, Outgoing("dance", "5"), Outgoing("commands", "5", scope="moon")):
            with pytest.raises(SendError) as caught:
                await telegram.send(message)
            assert caught.value.kind is Failure.PERMANENT
    assert server.calls == []


async def test_an_edit_finds_out_that_the_message_has_a_caption() -> None:
    answers = refusal(400, "Bad Request: there is no text in the message to edit"), ok(True)
    async with serving(*answers) as server, channel(server) as telegram:
        assert (await telegram.send(Outgoing("edit", "5", "a", ((YES,),), target="41"))).external_id == "41"
    assert [call.method for call in server.calls] == ["editMessageText", "editMessageCaption"]
    assert server.calls[1].form["caption"] == "a"
    assert server.calls[1].markup() == INLINE


@pytest.mark.parametrize("answer", [True, {}, [], {"message_id": 1, "photo": [{}]}, {"photo": "odd"}])
async def test_an_odd_answer_to_a_message_that_is_out_is_no_failure(answer: object) -> None:
    async with serving(ok(answer)) as server, channel(server) as telegram:
        receipt = await telegram.send(Outgoing("send", "5", "a"))
        assert receipt.remote_id == ""


async def test_updates_come_raw_and_whole() -> None:
    updates = [{"update_id": 7, "message": {"odd": True}}, {"update_id": 8, "telepathy": {}}]
    async with serving(ok(updates)) as server, channel(server) as telegram:
        assert await telegram.updates(7, 25) == updates
    form = server.calls[0].form
    assert server.calls[0].method == "getUpdates"
    assert json.loads(form.pop("allowed_updates")) == list(inbound.ALLOWED_UPDATES)
    assert form == {"offset": "7", "timeout": "25", "limit": "100"}


async def test_a_long_poll_outlasts_the_usual_read_timeout() -> None:
    async with serving(ok([])) as server, channel(server, read_timeout=0.05) as telegram:
        server.silence = 0.3
        assert await telegram.updates(1, 1) == []


async def test_a_webhook_is_set_and_deleted() -> None:
    async with serving(ok(True)) as server, channel(server) as telegram:
        await telegram.set_webhook("https://pesan.jambiprov.go.id/webhooks/telegram", "geheim", connections=9)
        await telegram.delete_webhook()
    assert [call.method for call in server.calls] == ["setWebhook", "deleteWebhook"]
    form = server.calls[0].form
    assert json.loads(form.pop("allowed_updates")) == list(inbound.ALLOWED_UPDATES)
    url = "https://pesan.jambiprov.go.id/webhooks/telegram"
    assert form == {"url": url, "secret_token": "geheim", "max_connections": "9"}


async def test_the_bot_knows_its_name_and_leaves_the_commands_of_others() -> None:
    raw = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "chat": {"id": -5, "type": "group", "title": "x"},
            "from": {"id": 5, "first_name": "Siti", "is_bot": False},
            "text": "/menu@other_bot",
        },
    }
    who = {"id": 1361, "is_bot": True, "first_name": "Satu Pesan", "username": "satu_pesan_bot"}
    async with serving(ok(who)) as server, channel(server) as telegram:
        typed: Channel = telegram
        assert typed.parse(raw) is not None
        account = await telegram.me()
        assert (account.id, account.username, account.name) == ("1361", "satu_pesan_bot", "Satu Pesan")
        assert typed.parse(raw) is None


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_file_is_downloaded_to_the_byte(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    file = {"file_id": "x", "file_size": len(content), "file_path": "photos/file 1.jpg"}
    async with serving(ok(file)) as server, channel(server) as telegram:
        server.files["photos/file 1.jpg"] = content
        assert await telegram.download("x", tmp_path / "a") == len(content)
    assert (tmp_path / "a").read_bytes() == content
    assert names(tmp_path) == ["a"]
    assert server.calls[0].form == {"file_id": "x"}


@pytest.mark.parametrize(
    ("file", "content", "kind"),
    [
        ({"file_path": "big", "file_size": 20 * 1024 * 1024 + 1}, b"x", Failure.PERMANENT),
        ({"file_path": "big"}, b"x" * (20 * 1024 * 1024 + 1), Failure.PERMANENT),
        ({"file_id": "no path"}, b"", Failure.PERMANENT),
        ({"file_path": "expired"}, None, Failure.RETRY),
    ],
)
async def test_a_download_that_fails_leaves_nothing_behind(
    file: dict[str, Any], content: bytes | None, kind: Failure, tmp_path: Path
) -> None:
    async with serving(ok(file)) as server, channel(server) as telegram:
        if content is not None:
            server.files["big"] = content
        with pytest.raises(SendError) as caught:
            await telegram.download("x", tmp_path / "a")
    assert caught.value.kind is kind
    assert names(tmp_path) == []


def _part(number: int, kind: str = "photo") -> dict[str, Any]:
    file: Any = {"file_id": f"id{number}"}
    return {**SENT, "message_id": number, kind: [file] if kind == "photo" else file}


async def test_an_album_by_ids_is_one_request_without_words_and_buttons() -> None:
    album = (OutgoingMedia("photo", "AgAC"), OutgoingMedia("video", "BAAC"))
    async with serving(ok([_part(7), _part(8, "video")])) as server, channel(server) as telegram:
        receipt = await telegram.send(Outgoing("send", "5", TEXT, ((YES,),), album=album))
    assert [call.method for call in server.calls] == ["sendMediaGroup"]
    assert json.loads(server.calls[0].form["media"]) == [
        {"type": "photo", "media": "AgAC"},
        {"type": "video", "media": "BAAC"},
    ]
    assert set(server.calls[0].form) == {"chat_id", "media"}
    assert receipt == Receipt("7,8", remote_ids=("id7", "id8"))


async def test_files_of_an_album_are_uploaded_beside_those_that_are_known(tmp_path: Path) -> None:
    (tmp_path / "17.bin").write_bytes(b"bytes")
    new = OutgoingMedia("photo", path=tmp_path / "17.bin", name="a.png", mime="image/png")
    async with serving(ok([_part(7), _part(8)])) as server, channel(server) as telegram:
        await telegram.send(Outgoing("send", "5", album=(OutgoingMedia("photo", "AgAC"), new)))
    call = server.calls[0]
    known, attached = json.loads(call.form["media"])
    assert known == {"type": "photo", "media": "AgAC"}
    assert attached["media"].startswith("attach://")
    assert call.files[attached["media"].removeprefix("attach://")] == ("a.png", "image/png", b"bytes")


async def test_an_album_with_a_file_that_is_gone_is_given_up(tmp_path: Path) -> None:
    gone = OutgoingMedia("photo", path=tmp_path / "gone")
    async with serving(ok([])) as server, channel(server) as telegram:
        with pytest.raises(SendError) as raised:
            await telegram.send(Outgoing("send", "5", album=(OutgoingMedia("photo", "AgAC"), gone)))
    assert raised.value.kind is Failure.PERMANENT
    assert server.calls == []
