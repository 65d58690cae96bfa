"""Forms as Twilio posts them, and the messages that they become."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import whatsapp_inbound as inbound
from handlers.message import Kind, Message, RemoteFile

SM, CARD = "SM" + "a" * 32, "SM" + "c" * 32
ME = "ME" + "b" * 32
URL = f"https://api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Messages/{SM}/Media/{ME}"
BASE = {
    "SmsMessageSid": SM, "NumMedia": "0", "ProfileName": "Siti Rahma", "MessageType": "text",
    "SmsSid": SM, "WaId": "6281317036688", "SmsStatus": "received", "Body": "halo",
    "To": "whatsapp:+6281100001111", "NumSegments": "1", "ReferralNumMedia": "0", "MessageSid": SM,
    "AccountSid": "AC" + "1" * 32, "From": "whatsapp:+6281317036688", "ApiVersion": "2010-04-01",
}  # fmt: skip
SAID = Message(
    channel="whatsapp", address="+6281317036688", kind=Kind.TEXT, sender="+6281317036688",
    sender_name="Siti Rahma", text="halo", phone="+6281317036688", message_id=SM,
)  # fmt: skip
PRESSED = replace(SAID, kind=Kind.BUTTON, text="Sudah", action="share:17", callback_id=SM)


def form(**fields: Any) -> dict[str, Any]:
    return BASE | fields


def media(mime: str, **fields: Any) -> dict[str, Any]:
    return form(NumMedia="1", MediaUrl0=URL, MediaContentType0=mime, Body="") | fields


def file(kind: str, mime: str, **more: Any) -> Message:
    return replace(SAID, kind=Kind.FILE, text="", file=RemoteFile(URL, ME, kind, mime), **more)


OTHER = replace(SAID, kind=Kind.OTHER, text="")
CASES: list[tuple[str, dict[str, Any], Message]] = [
    ("a text", form(), SAID),
    ("a text of several lines with emoji", form(Body="baris 1\nbaris 2 😀"),
     replace(SAID, text="baris 1\nbaris 2 😀")),
    ("a word that stops", form(Body="STOP"), replace(SAID, text="STOP")),
    ("another word that stops", form(Body="BERHENTI"), replace(SAID, text="BERHENTI")),
    ("and another", form(Body="unsubscribe"), replace(SAID, text="unsubscribe")),
    ("a command", form(Body="/berhenti"), replace(SAID, text="/berhenti")),
    ("no words at all", form(Body=""), OTHER),
    ("spaces only", form(Body="  \n "), replace(OTHER, text="  \n ")),
    ("no Body", {k: v for k, v in BASE.items() if k != "Body"}, OTHER),
    ("a NUL in it", form(Body="ha\0lo"), SAID),
    ("half an emoji", form(Body="a\ud83d"), replace(SAID, text="a?")),
    ("no name", form(ProfileName=""), replace(SAID, sender_name="")),
    ("a name with spaces around it", form(ProfileName=" Siti Rahma "), SAID),
    ("no ProfileName", {k: v for k, v in BASE.items() if k != "ProfileName"}, replace(SAID, sender_name="")),
    ("an address without a number", form(From="whatsapp:US.13491208655302741918"),
     replace(SAID, address="US.13491208655302741918", sender="US.13491208655302741918", phone="")),
    ("a number without its plus is no number", form(From="whatsapp:6281317036688"),
     replace(SAID, address="6281317036688", sender="6281317036688", phone="")),
    ("a number that is too short", form(From="whatsapp:+6281"),
     replace(SAID, address="+6281", sender="+6281", phone="")),
    ("a number of another country", form(From="whatsapp:+14155238886"),
     replace(SAID, address="+14155238886", sender="+14155238886", phone="+14155238886")),
    ("spaces around the address", form(From=" whatsapp:+6281317036688 "), SAID),
    ("an older form with SmsMessageSid alone", {k: v for k, v in BASE.items() if k != "MessageSid"}, SAID),
    ("a button of a quick reply", form(ButtonPayload="share:17", ButtonText="Sudah", Body="Sudah"), PRESSED),
    ("a button, and the message that carried it",
     form(ButtonPayload="share:17", ButtonText="Sudah", OriginalRepliedMessageSid=CARD),
     replace(PRESSED, message_id=CARD, reply_to=CARD)),
    ("a button without ButtonText", form(ButtonPayload="share:17", Body="Sudah"), PRESSED),
    ("the button of a template", form(ButtonPayload="window.open", ButtonText="Lihat konten"),
     replace(PRESSED, action="window.open", text="Lihat konten")),
    ("a line of a list", form(ListId="share:17", ListTitle="Sudah", Body="Sudah"), PRESSED),
    ("a line of a list without its title", form(ListId="share:17", Body="Sudah"), PRESSED),
    ("a button and a list at once", form(ButtonPayload="share:17", ListId="other", ButtonText="Sudah"),
     PRESSED),
    ("a button's text without its payload is a text", form(ButtonText="Sudah", Body="Sudah"),
     replace(SAID, text="Sudah")),
    ("an empty payload is none", form(ButtonPayload="", ListId=""), SAID),
    ("an answer to a message", form(OriginalRepliedMessageSid=CARD), replace(SAID, reply_to=CARD)),
    ("a forwarded text", form(Forwarded="true"), replace(SAID, forwarded=True)),
    ("a text that is often forwarded", form(FrequentlyForwarded="True"), replace(SAID, forwarded=True)),
    ("a text that says it was not", form(Forwarded="false"), SAID),
    ("a JPEG", media("image/jpeg"), file("photo", "image/jpeg")),
    ("a PNG", media("image/png"), file("photo", "image/png")),
    ("a picture with words", media("image/jpeg", Body="bukti"),
     replace(file("photo", "image/jpeg"), text="bukti")),
    ("a forwarded picture", media("image/jpeg", Forwarded="true"),
     file("photo", "image/jpeg", forwarded=True)),
    ("a picture that answers a card", media("image/jpeg", OriginalRepliedMessageSid=CARD),
     file("photo", "image/jpeg", reply_to=CARD)),
    ("a film", media("video/mp4"), file("video", "video/mp4")),
    ("a film of another kind", media("video/3gpp"), file("video", "video/3gpp")),
    ("a PDF", media("application/pdf"), file("document", "application/pdf")),
    ("a workbook", media("application/vnd.ms-excel"), file("document", "application/vnd.ms-excel")),
    ("a CSV", media("text/csv; charset=utf-8"), file("document", "text/csv")),
    ("a type in capitals", media("Image/JPEG"), file("photo", "image/jpeg")),
    ("no type: what it is, its content says", media(""), file("document", "")),
    ("a type that nobody knows", media("quatsch"), file("document", "quatsch")),
    ("a voice message", media("audio/ogg; codecs=opus"), OTHER),
    ("a piece of music", media("audio/mpeg"), OTHER),
    ("a sticker", media("image/webp"), OTHER),
    ("a sticker by its type", media("image/png", MessageType="sticker"), OTHER),
    ("the card of a contact", media("text/vcard"), OTHER),
    ("the card of a contact, written otherwise", media("text/x-vcard", Body="Ani"),
     replace(OTHER, text="Ani")),
    ("a place", form(Latitude="-1.61", Longitude="103.61", Body=""), OTHER),
    ("a place with a name", form(Latitude="-1.61", Longitude="103.61", Body="Kantor", Label="Kantor"),
     replace(OTHER, text="Kantor")),
    ("two files: the first", media("image/jpeg", NumMedia="2", MediaUrl1=URL + "2",
                                   MediaContentType1="image/png"), file("photo", "image/jpeg")),
    ("a file that was announced and did not come", form(NumMedia="1", Body=""), OTHER),
    ("no NumMedia", {k: v for k, v in media("image/jpeg").items() if k != "NumMedia"},
     file("photo", "image/jpeg")),
    ("NumMedia of 0 with an address all the same", media("image/jpeg", NumMedia="0", Body="x"),
     replace(OTHER, text="x")),
    ("a file of an address of another shape", media("image/jpeg", MediaUrl0="https://evil.example/x"),
     replace(SAID, kind=Kind.FILE, text="",
             file=RemoteFile("https://evil.example/x", "", "photo", "image/jpeg"))),
    ("fields that nobody knows", form(NewThing="1", ChannelMetadata='{"type":"whatsapp"}'), SAID),
    ("a field that came twice: the first counts", form(Body=["halo", "lain"]), SAID),
    ("a field that came as an empty list", form(OriginalRepliedMessageSid=[]), SAID),
    ("an interactive answer that is no button", form(Body="", InteractiveData='{"a":1}'), OTHER),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_form_becomes_this_message(raw: dict[str, Any], expected: Message) -> None:
    assert inbound.parse(raw) == expected


def test_there_are_forms_enough_and_no_two_of_one_name() -> None:
    assert len(CASES) >= 40
    assert len({case[0] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {k: v for k, v in BASE.items() if k != "From"},
        {k: v for k, v in BASE.items() if k not in ("MessageSid", "SmsMessageSid", "SmsSid")},
        form(From=""),
        form(From="whatsapp:"),
        form(From="whatsapp:  "),
        form(MessageSid="", SmsMessageSid="", SmsSid=""),
        form(From="+6281317036688"),  # by SMS, where anybody may call himself anything
        form(From="messenger:1234"),
        form(From="rcs:+6281317036688"),
        form(From="WhatsApp:+6281317036688"),
        form(SmsStatus="delivered", From="whatsapp:+6281100001111"),
        form(SmsStatus="", MessageStatus="read"),
        form(Body=7),
        form(From={"a": 1}),
        form(MessageSid=None),
        form(Body=[7]),
    ],
)
def test_what_is_no_message_of_whatsapp_cannot_be_read(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        inbound.parse(raw)


@pytest.mark.parametrize(
    ("said", "opted"), [("STOP", "stop"), ("start", "start"), ("HELP", ""), ("", ""), ("other", "")]
)
def test_what_twilio_has_taken_for_a_stop_or_a_start_is_said(said: str, opted: str) -> None:
    message = inbound.parse(form(OptOutType=said, Body="SUDAHI"))
    assert message is not None
    assert message.opted == opted


def test_the_time_is_not_told_and_nobody_is_in_a_group() -> None:
    message = inbound.parse(form())
    assert message is not None
    assert message.sent_at is None
    assert not message.group


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (URL, ("AC" + "1" * 32, SM, ME)),
        (URL + "?x=1", ("AC" + "1" * 32, SM, ME)),
        ("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1", ("AC1", "MM1", "ME1")),
        ("https://example.org/a.jpg", None),
        ("", None),
    ],
)
def test_the_address_of_a_file_names_its_message(url: str, found: tuple[str, str, str] | None) -> None:
    assert inbound.media_of(url) == found


TEXTS = st.text(st.sampled_from("aZ09 +:/;\n\0é😀\ud83d"), max_size=40)
FORMS = st.dictionaries(
    st.sampled_from(
        [*BASE, "ButtonPayload", "ListId", "MediaUrl0", "MediaContentType0", "Latitude", "Forwarded"]
    ),
    st.one_of(TEXTS, st.lists(TEXTS, max_size=2), st.none(), st.integers()),
)


@given(FORMS)
def test_whatever_comes_is_a_message_that_can_be_stored_or_a_value_error(fields: dict[str, Any]) -> None:
    try:
        message = inbound.parse(BASE | fields)
    except ValueError:
        return
    assert message is not None
    assert message.address
    assert message.message_id
    for text in (message.text, message.sender_name, message.action, message.address):
        assert "\0" not in text
        text.encode()
