"""The form that Twilio posts for a message of WhatsApp → our `Message`.

Works on the fields by name, so that one which Twilio adds tomorrow is ignored today. Names:
https://www.twilio.com/docs/messaging/guides/webhook-request. A field is a text, or a list of texts where
it came more than once, of which the first counts.
"""

import re
from collections.abc import Mapping
from typing import Any

from handlers.message import Kind, Message, RemoteFile
from models.sending.callbacks import Report

CHANNEL = "whatsapp"
PREFIX = "whatsapp:"
REFERENCE = "ref"  # of a message of ours, in the address to which Twilio reports
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_MEDIA = re.compile(r"/Accounts/(AC\w+)/Messages/(\w+)/Media/(ME\w+)")
# What a file is taken for, by its type; a sticker is a WebP, and a card of a contact a file of its own.
_OTHER = ("audio/", "image/webp", "text/vcard", "text/x-vcard", "text/directory")
_OPTED = {"STOP": "stop", "START": "start"}
_RECEIVED = ("", "received", "receiving")


def parse(raw: Mapping[str, Any]) -> Message | None:
    """Our message for one form. WhatsApp tells us of nothing that asks for no answer: never None.

    The number is vouched for by WhatsApp, so every message from one carries it as `phone`. A button
    waits for an answer as it does on Telegram: `callback_id` is the message itself. Of several files,
    which WhatsApp never puts into one message, the first counts. STOP, BERHENTI and the like are plain
    text: the handlers know them. Where a Messaging Service has "Advanced Opt-Out", Twilio answers such words
    itself, lets nothing of ours through after a stop, and says so in OptOutType (STOP, START, HELP:
    https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out): `opted`.

    Raises ValueError without MessageSid or From, for an address of another channel of Twilio's (its
    number would not be vouched for), and for the report on a message of our own.
    """
    address, sid = address_of(raw), sid_of(raw)
    if not address or not sid:
        raise ValueError("a form without MessageSid, or not from an address of WhatsApp")
    if reports(raw):
        raise ValueError("a report on a message of ours, where messages come in")
    action = one(raw, "ButtonPayload") or one(raw, "ListId")
    reply_to = one(raw, "OriginalRepliedMessageSid")
    text, file = one(raw, "Body"), None
    if action:
        kind = Kind.BUTTON
        text = one(raw, "ButtonText") or one(raw, "ListTitle") or text
    else:
        file = _file(raw)
        kind = _kind(raw, file, text)
    return Message(
        channel=CHANNEL,
        address=address,
        kind=kind,
        sender=address,
        sender_name=one(raw, "ProfileName").strip(),
        text=text,
        action=action,
        file=file,
        phone=address if _PHONE.fullmatch(address) else "",
        message_id=reply_to or sid if action else sid,
        callback_id=sid if action else "",
        forwarded="true" in (one(raw, "Forwarded").lower(), one(raw, "FrequentlyForwarded").lower()),
        reply_to=reply_to,
        opted=_OPTED.get(one(raw, "OptOutType").strip().upper(), ""),
    )


def one(raw: Mapping[str, Any], name: str) -> str:
    """The (first) value of a field, "" where there is none: a text that every database takes."""
    value = raw.get(name, "")
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {type(value).__name__} instead of a text")  # noqa: TRY004
    if value.isascii():
        return value.replace("\0", "")
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def sid_of(raw: Mapping[str, Any]) -> str:
    """What identifies a message; "" where the form does not say."""
    return (one(raw, "MessageSid") or one(raw, "SmsMessageSid") or one(raw, "SmsSid")).strip()


def status_of(raw: Mapping[str, Any]) -> str:
    """What became of a message of ours, in small letters; "" where the form does not say. Older forms, and
    those of some who speak like Twilio, have it by its old name alone."""
    return (one(raw, "MessageStatus") or one(raw, "SmsStatus")).strip().lower()


def address_of(raw: Mapping[str, Any]) -> str:
    """The conversation: the number with its plus, or whatever else stands for a person without one; ""
    where the form is from no address of WhatsApp."""
    sender = one(raw, "From").strip()
    return sender.removeprefix(PREFIX).strip() if sender.startswith(PREFIX) else ""


def media_of(url: str) -> tuple[str, str, str] | None:
    """Account, message and file of an address of Twilio's media; None for any other address."""
    found = _MEDIA.search(url)
    return (found[1], found[2], found[3]) if found else None


def report_of(raw: Mapping[str, Any], reference: str) -> Report:
    """What a form says of a message of ours, `reference` being what the address has that it came to; empty
    where it says nothing."""
    try:
        address = one(raw, "To").strip().removeprefix(PREFIX).strip()
        code, reference = one(raw, "ErrorCode").strip(), one({REFERENCE: reference}, REFERENCE)
        return Report(sid_of(raw), status_of(raw), code, reference, address)
    except ValueError:
        return Report("", "")


def reports(raw: Mapping[str, Any]) -> bool:
    """Whether a form is the report on a message of our own, brought to the wrong address."""
    return (one(raw, "SmsStatus") or one(raw, "MessageStatus")) not in _RECEIVED


def _file(raw: Mapping[str, Any]) -> RemoteFile | None:
    url = one(raw, "MediaUrl0").strip()
    if not url or one(raw, "NumMedia").strip() == "0" or one(raw, "MessageType") == "sticker":
        return None
    mime = one(raw, "MediaContentType0").partition(";")[0].strip().lower()
    if mime.startswith(_OTHER):
        return None
    kind = {"image": "photo", "video": "video"}.get(mime.partition("/")[0], "document")
    found = media_of(url)
    return RemoteFile(remote_id=url, unique_id=found[2] if found else "", kind=kind, mime=mime)


def _kind(raw: Mapping[str, Any], file: RemoteFile | None, text: str) -> Kind:
    if file is not None:
        return Kind.FILE
    # A place may come with a name in Body, a voice message with nothing: neither is something said.
    elsewhere = one(raw, "MediaUrl0") or one(raw, "Latitude")
    return Kind.TEXT if text.strip() and not elsewhere else Kind.OTHER
