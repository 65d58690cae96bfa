"""What a person does in WhatsApp.

An impossible act (a button that is not on the message, a picture too big) raises ValueError with the reason.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.twilio import inbound
from bot.simulator.twilio.account import view
from bot.simulator.twilio.rest import Rest
from bot.simulator.twilio.store import Message, Person

Body = Mapping[str, Any]
Act = Callable[[Rest, Person, Body], dict[str, Any]]

MOST_TEXT = 4096  # characters that WhatsApp lets a person type
MOST_CAPTION = 1024
MOST_PICTURE = 5 * 1024 * 1024  # bytes
MOST_FILE = 16 * 1024 * 1024
# Kind of act → (Twilio's MessageType, beginnings of the MIME types that it may have).
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "photo": ("image", ("image/jpeg", "image/png")),
    "video": ("video", ("video/mp4", "video/3gpp")),
    "document": ("document", ("",)),
    "voice": ("audio", ("audio/",)),
    "sticker": ("sticker", ("image/webp",)),
}


def _words(body: Body, name: str, most: int) -> str:
    text = body.get(name) or ""
    if not isinstance(text, str) or len(text) > most:
        raise ValueError(f"{name} is a text of at most {most} characters")
    text.encode()  # half of a surrogate pair is no text
    return text


def _on_phone(person: Person, body: Body, name: str) -> Message:
    found = person.chat.get(str(body.get(name)))
    if found is None:
        raise ValueError(f"no message {body.get(name)} on this phone")
    return found


def _answered(person: Person, body: Body) -> str:
    """The sid of the message that this one answers, empty for none."""
    return _on_phone(person, body, "reply_to").sid if body.get("reply_to") else ""


def say(rest: Rest, person: Person, body: Body) -> dict[str, Any]:
    text = _words(body, "text", MOST_TEXT)
    if not text.strip():
        raise ValueError("the text is empty")
    return inbound.send(rest, person, "text", text=text, answers=_answered(person, body))


def press(rest: Rest, person: Person, body: Body) -> dict[str, Any]:
    """A quick reply or an item of a list, by its `id` or its `title`."""
    message = _on_phone(person, body, "sid")
    if message.inbound or message.shown is None:
        raise ValueError("the message has no buttons")
    shown = message.shown
    for button in shown.buttons + shown.items:
        if button.id == body["id"] if "id" in body else button.title == body.get("title"):
            break
    else:
        raise ValueError("the message has no such button")
    if button in shown.items:
        extra = {"ListId": button.id, "ListTitle": button.title}
    else:
        extra = {"ButtonText": button.title, "ButtonPayload": button.id}
    kind = "button" if message.template else "interactive"
    return inbound.send(rest, person, kind, text=button.title, answers=message.sid, extra=extra)


def _media(kind: str) -> Act:
    def play(rest: Rest, person: Person, body: Body) -> dict[str, Any]:
        stored = rest.account.files.get(str(body.get("file_key")))
        if stored is None:
            raise ValueError(f"no file {body.get('file_key')}")
        check_file(kind, stored.mime, stored.size)
        caption = _words(body, "caption", MOST_CAPTION)
        if kind == "document":  # its name comes where there is no caption
            caption = caption or stored.message
        answers, forwarded = _answered(person, body), body.get("forwarded") is True
        return inbound.send(
            rest, person, KINDS[kind][0], text=caption, media=stored, answers=answers, forwarded=forwarded
        )

    play.__name__ = kind
    return play


def check_file(kind: str, mime: str, size: int) -> None:
    """Whether WhatsApp lets a person send it; `size` in bytes. Raises ValueError."""
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    most = MOST_PICTURE if kind in {"photo", "sticker"} else MOST_FILE
    if not 0 < size <= most:
        raise ValueError(f"a {kind} has 1 to {most} bytes")
    if not mime.startswith(KINDS[kind][1]):
        raise ValueError(f"{mime} can't be sent as {kind}")


def location(rest: Rest, person: Person, body: Body) -> dict[str, Any]:
    place = {"Latitude": "-1.6101", "Longitude": "103.6131", "Address": "", "Label": ""}  # Jambi
    return inbound.send(rest, person, "location", answers=_answered(person, body), extra=place)


def forward(rest: Rest, person: Person, body: Body) -> dict[str, Any]:
    """A message of this chat, back into it."""
    message = _on_phone(person, body, "sid")
    media = message.media[0] if message.media else None
    kind = _type_of(media.mime) if media is not None else "text"
    return inbound.send(rest, person, kind, text=message.body, media=media, forwarded=True)


def _type_of(mime: str) -> str:
    start = mime.partition("/")[0]
    return start if start in {"image", "video", "audio"} else "document"


def read(rest: Rest, person: Person, _body: Body) -> dict[str, Any]:
    return {"read": rest.sender.read(person)}


def block(_rest: Rest, person: Person, _body: Body) -> dict[str, Any]:
    if person.blocked:
        raise ValueError("the number is blocked already")
    person.blocked = True
    return {}


def unblock(_rest: Rest, person: Person, _body: Body) -> dict[str, Any]:
    if not person.blocked:
        raise ValueError("the number is not blocked")
    person.blocked = False
    return {}


def switch_off(_rest: Rest, person: Person, _body: Body) -> dict[str, Any]:
    person.on = False
    return {}


def switch_on(rest: Rest, person: Person, _body: Body) -> dict[str, Any]:
    rest.sender.switch_on(person)
    return {}


ACTS: Mapping[str, Act] = {
    play.__name__: play
    for play in (
        say, press, *map(_media, KINDS), location, forward, read, block, unblock, switch_off, switch_on,
    )
}  # fmt: skip


def act(rest: Rest, body: Body) -> dict[str, Any]:
    """Plays one action (`as` an address, `do` and its fields). Raises ValueError."""
    person = rest.account.person(body.get("as"))
    play = ACTS.get(str(body.get("do")))
    if play is None:
        raise ValueError(f"do is one of {', '.join(sorted(ACTS))}")
    return play(rest, person, body)


def history(person: Person, since: int, limit: int) -> dict[str, Any]:
    """What is on the phone and changed after `since` (a seq); the last `limit` of it."""
    found = [view(one) for one in person.chat.values() if one.seq > since]
    return {"seq": person.seq, "messages": found[-limit:] if limit > 0 else []}
