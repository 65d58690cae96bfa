"""Raw updates, as the Bot API sends them, and the messages they become."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import telegram_inbound as inbound
from handlers.message import Kind, Message, RemoteFile
from tests.bot.channels.telegram_updates import (
    CLIP,
    FILE,
    GROUP,
    IN_GROUP,
    LARGE,
    PAPER,
    PRIVATE,
    SITI,
    SMALL,
    VIDEO,
    VOICE,
    contact,
    edited,
    expected,
    member,
    message,
    press,
)

UNDERSTOOD: list[tuple[str, dict[str, Any], Message]] = [
    ("a text", message(text="sudah"), expected(Kind.TEXT, text="sudah")),
    ("a text with a NUL", message(text="su\0dah"), expected(Kind.TEXT, text="sudah")),
    ("half a surrogate pair", message(text="é\ud83d"), expected(Kind.TEXT, text="é?")),
    ("a nameless person", message(text="a", **{"from": {"id": 5, "is_bot": False}}),
     expected(Kind.TEXT, text="a", sender="5", sender_name="")),
    ("a command", message(text="/menu"), expected(Kind.TEXT, text="/menu")),
    ("a command with words", message(text="/siar 48"), expected(Kind.TEXT, text="/siar 48")),
    ("a command to us by name", message(text="/siar@Satu_Pesan_Bot 48"),
     expected(Kind.TEXT, text="/siar 48")),
    ("/start", message(text="/start"), expected(Kind.TEXT, text="/start")),
    ("/start with a payload", message(text="/start opd_kes-1"),
     expected(Kind.TEXT, text="/start", start="opd_kes-1")),
    ("/start@bot with a payload", message(text="/start@satu_pesan_bot opd"),
     expected(Kind.TEXT, text="/start", start="opd")),
    ("a slash that is no command", message(text="/ ya"), expected(Kind.TEXT, text="/ ya")),
    ("a path that is no command", message(text="/a/b"), expected(Kind.TEXT, text="/a/b")),
    ("a link", message(text="https://x.com/p/1", entities=[{"type": "url", "offset": 0, "length": 17}]),
     expected(Kind.TEXT, text="https://x.com/p/1")),
    ("a photo, its largest size", message(photo=[SMALL, LARGE]), expected(Kind.FILE, file=FILE)),
    ("a photo whose sizes are out of order", message(photo=[LARGE, SMALL]), expected(Kind.FILE, file=FILE)),
    ("a photo with a caption", message(photo=[LARGE], caption="FB"),
     expected(Kind.FILE, file=FILE, text="FB")),
    ("a caption that looks like a command", message(photo=[LARGE], caption="/start x"),
     expected(Kind.FILE, file=FILE, text="/start x")),
    ("a photo of an album", message(photo=[LARGE], media_group_id="139"),
     expected(Kind.FILE, file=FILE, album="139")),
    ("a forwarded photo", message(photo=[LARGE], forward_origin={"type": "hidden_user", "date": 1}),
     expected(Kind.FILE, file=FILE, forwarded=True)),
    ("a photo in reply to one of our messages",
     message(photo=[LARGE], reply_to_message={"message_id": 17, "date": 1, "chat": PRIVATE}),
     expected(Kind.FILE, file=FILE, reply_to="17")),
    ("a text in reply to a story, which is no message of a chat",
     message(text="a", reply_to_story={"chat": PRIVATE, "id": 3}),
     expected(Kind.TEXT, text="a")),
    ("a text forwarded by an old server", message(text="a", forward_date=1),
     expected(Kind.TEXT, text="a", forwarded=True)),
    ("a video", message(video=VIDEO),
     expected(Kind.FILE, file=CLIP)),
    ("a document", message(document=PAPER),
     expected(Kind.FILE, file=RemoteFile("doc", "d", "document", "image/png", 77, "bukti.png"))),
    ("a document about which nothing is said", message(document={"file_id": "x", "file_unique_id": "y"}),
     expected(Kind.FILE, file=RemoteFile("x", "y", "document"))),
    ("an animation, which is also a document", message(animation=VIDEO, document=PAPER),
     expected(Kind.FILE, file=replace(CLIP, kind="animation"))),
    ("a voice message", message(voice=VOICE), expected(Kind.OTHER)),
    ("a round video", message(video_note=VOICE), expected(Kind.OTHER)),
    ("music", message(audio=VOICE), expected(Kind.OTHER)),
    ("a sticker", message(sticker={"file_id": "s", "emoji": "👍"}), expected(Kind.OTHER)),
    ("a location", message(location={"latitude": -1.6, "longitude": 103.6}), expected(Kind.OTHER)),
    ("a poll", message(poll={"id": "1", "question": "?"}), expected(Kind.OTHER)),
    ("a kind of message from the future", message(hologram={"id": "1"}), expected(Kind.OTHER)),
    ("one's own number", contact(user_id=9007199254), expected(Kind.CONTACT, phone="+6281317036688")),
    ("one's own number, written", contact(user_id=9007199254, phone_number="+62 813-1703-6688"),
     expected(Kind.CONTACT, phone="+6281317036688")),
    ("a number that is none", contact(user_id=9007199254, phone_number="0"), expected(Kind.CONTACT)),
    ("somebody else's number", contact(user_id=5), expected(Kind.CONTACT, foreign_contact=True)),
    ("the number of nobody on Telegram", contact(), expected(Kind.CONTACT, foreign_contact=True)),
    ("an edited text", edited(text="sudah"), expected(Kind.TEXT, text="sudah", edited=True)),
    ("an edited caption", edited(photo=[LARGE], caption="IG"),
     expected(Kind.FILE, file=FILE, text="IG", edited=True)),
    ("a text in a group", message(chat=GROUP, text="halo"), expected(Kind.TEXT, text="halo", **IN_GROUP)),
    ("a command in a group", message(chat=GROUP, text="/rabuan@satu_pesan_bot"),
     expected(Kind.TEXT, text="/rabuan", **IN_GROUP)),
    ("a text in a small group", message(chat={"id": -5, "title": "PPID", "type": "group"}, text="a"),
     expected(Kind.TEXT, text="a", address="-5", group=True, group_title="PPID")),
    ("an anonymous administrator",
     message(chat=GROUP, text="a", sender_chat=GROUP,
             **{"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}),
     expected(Kind.TEXT, text="a", **(IN_GROUP | {"sender": "", "sender_name": "Group"}))),
    ("a topic of a forum", message(chat=GROUP, text="a", message_thread_id=9, is_topic_message=True),
     expected(Kind.TEXT, text="a", **IN_GROUP)),
    ("a group that moved",
     message(chat={"id": -5, "title": "PPID", "type": "group"}, migrate_to_chat_id=-1009),
     expected(Kind.GROUP_MIGRATED, address="-5", group=True, group_title="PPID", new_address="-1009")),
    ("a button", press(), expected(Kind.BUTTON, action="share:1361", callback_id="777", message_id="41")),
    ("a button in a group", press(message={"message_id": 41, "chat": GROUP, "date": 1, "text": "?"}),
     expected(Kind.BUTTON, action="share:1361", callback_id="777", **(IN_GROUP | {"message_id": "41"}))),
    ("a button of a message that is too old", press(message={"message_id": 41, "chat": PRIVATE, "date": 0}),
     expected(Kind.BUTTON, action="share:1361", callback_id="777", message_id="41")),
    ("a button without a message", press(message=None, inline_message_id="x"),
     expected(Kind.BUTTON, action="share:1361", callback_id="777", message_id="")),
    ("a button of a game", press(data="", game_short_name="x"),
     expected(Kind.BUTTON, callback_id="777", message_id="41")),
    ("a block", member(PRIVATE, "member", "kicked", until_date=0), expected(Kind.BLOCKED, message_id="")),
    ("the end of a block", member(PRIVATE, "kicked", "member"), expected(Kind.UNBLOCKED, message_id="")),
    ("added to a group", member(GROUP, "left", "member"),
     expected(Kind.GROUP_JOINED, message_id="", **IN_GROUP)),
    ("added to a group as administrator", member(GROUP, "kicked", "administrator"),
     expected(Kind.GROUP_JOINED, message_id="", **IN_GROUP)),
    ("added to a group with few rights", member(GROUP, "left", "restricted", is_member=True),
     expected(Kind.GROUP_JOINED, message_id="", **IN_GROUP)),
    ("removed from a group", member(GROUP, "administrator", "kicked"),
     expected(Kind.GROUP_LEFT, message_id="", **IN_GROUP)),
    ("out of a group by its own leave", member(GROUP, "member", "left"),
     expected(Kind.GROUP_LEFT, message_id="", **IN_GROUP)),
]  # fmt: skip

UNASKED: list[tuple[str, dict[str, Any]]] = [
    ("a right given in a group", member(GROUP, "member", "administrator")),
    (
        "a channel we were added to",
        member({"id": -3, "type": "channel", "title": "x"}, "left", "administrator"),
    ),
    ("people who joined a group", message(chat=GROUP, new_chat_members=[SITI])),
    ("somebody who left a group", message(chat=GROUP, left_chat_member=SITI)),
    ("a pinned message", message(chat=GROUP, pinned_message={})),
    ("a new title", message(chat=GROUP, new_chat_title="x")),
    ("the other half of a move", message(chat=GROUP, migrate_from_chat_id=-5)),
    ("a live location that moves", edited(location={"latitude": 1, "longitude": 2})),
    ("another bot", message(chat=GROUP, text="halo", **{"from": SITI | {"is_bot": True}})),
    ("a command to another bot", message(chat=GROUP, text="/menu@other_bot")),
    ("a post of a linked channel", message(chat=GROUP, text="a", is_automatic_forward=True)),
    ("a post of a channel", {"update_id": 7, "channel_post": {}}),
    ("a member of a group", {"update_id": 7, "chat_member": {}}),
    ("a reaction", {"update_id": 7, "message_reaction": {}}),
]

BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("an unknown kind of update", {"update_id": 7, "telepathy": {}}),
    ("an empty update", {"update_id": 7}),
    ("a message that is null", {"update_id": 7, "message": None}),
    ("a message without a chat", {"update_id": 7, "message": {"message_id": 1, "text": "a"}}),
    ("a chat id that is a text", message(chat={"id": "5", "type": "private"}, text="a")),
    ("a text that is a number", message(text=5)),
    ("a photo without sizes", message(photo=[{}])),
    ("a file without an id", message(document={})),
    ("a contact without a number", message(contact={"user_id": 9007199254})),
    ("a button without a presser", {"update_id": 7, "callback_query": {"id": "1", "data": "x"}}),
    ("a membership without a status", {"update_id": 7, "my_chat_member": {"chat": PRIVATE}}),
]


@pytest.mark.parametrize(("raw", "wanted"), [case[1:] for case in UNDERSTOOD], ids=[c[0] for c in UNDERSTOOD])
def test_an_update_becomes_our_message(raw: dict[str, Any], wanted: Message) -> None:
    assert inbound.parse(raw, username="satu_pesan_bot") == wanted
    assert inbound.address_of(raw) == wanted.address
    assert inbound.update_id(raw) == 7


@pytest.mark.parametrize("raw", [case[1] for case in UNASKED], ids=[case[0] for case in UNASKED])
def test_an_update_that_asks_nothing_is_none(raw: dict[str, Any]) -> None:
    assert inbound.parse(raw, username="satu_pesan_bot") is None


@pytest.mark.parametrize("raw", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_an_update_that_cannot_be_understood_is_a_value_error(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="update 7"):
        inbound.parse(raw)


def test_before_our_name_is_known_every_command_is_ours() -> None:
    found = inbound.parse(message(text="/menu@other_bot"))
    assert found is not None
    assert found.text == "/menu"


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ({"update_id": 7, "telepathy": {"chat": {"id": 5}}}, "5"),
        ({"update_id": 7, "telepathy": {"message": {"chat": {"id": -5}}}}, "-5"),
        ({"update_id": 7, "inline_query": {"from": {"id": 6}}}, "6"),
        ({"update_id": 7, "message": {"chat": {"id": 5}, "text": 1}}, "5"),
        ({"update_id": 7, "poll": {"id": "1"}}, ""),
        ({"update_id": 7, "message": {"chat": {"id": "5"}}}, ""),
        ({}, ""),
    ],
)
def test_even_an_update_nobody_understands_has_an_address(raw: dict[str, Any], address: str) -> None:
    assert inbound.address_of(raw) == address


@pytest.mark.parametrize("raw", [{}, {"update_id": "7"}, {"update_id": True}, {"update_id": None}])
def test_an_update_without_a_number_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="update_id"):
        inbound.update_id(raw)


def test_we_ask_for_exactly_the_kinds_that_we_parse() -> None:
    assert set(inbound.ALLOWED_UPDATES) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert inbound.UNASKED.isdisjoint(inbound.ALLOWED_UPDATES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["chat", "from", "text", "photo", "document", "contact", "message_id", "id", "message", "data", "type"]
)
ODD = st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON, max_size=3), max_size=6)


@given(st.sampled_from([*inbound.ALLOWED_UPDATES, "other"]), ODD | JSON, st.booleans())
def test_no_shape_whatever_breaks_more_than_itself(kind: str, odd: Any, over_a_real_one: bool) -> None:
    raw: dict[str, Any] = {"update_id": 7, kind: odd}
    if over_a_real_one and isinstance(odd, dict):
        raw[kind] = message(text="a")["message"] | odd
    assert isinstance(inbound.address_of(raw), str)
    try:
        found = inbound.parse(raw)
    except ValueError:
        return
    assert found is None or found.address
