"""What a phone shows of one message of ours, beside what was to be said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.chat import Heard

# The marks of WhatsApp, and what stands for them in words that are not ours (bot/texts/markup.py).
_MARKS = re.compile(r"[*_~`∗ˍ∼ˋ]|%(?:2A|5F|7E|60)")
_BLANKS = re.compile(r"\s+")
Shown = Sequence[Mapping[str, Any]]
Choice = tuple[str, str, str, str]  # its words, what it does, its message and id; a number has no message


def bare(text: str) -> str:
    """Words without marks, signs of quotation and blanks."""
    return _BLANKS.sub(" ", _MARKS.sub("", text).replace("›", ">")).strip()


def compared(said: "Heard", shown: Shown, *, file: bool) -> None:
    """All words of a message are on the phone, its `file` where it has one, and each of its buttons can be
    pressed or typed."""
    there, wanted = bare(" ".join(one["body"] for one in shown)), bare(said.text)
    assert wanted in there, f"{said.key}: the phone shows\n{there}\ninstead of\n{wanted}"
    assert any(one["media"] for one in shown) is file, f"{said.key}: a file is missing, or too much"
    wants = [action for action in said.actions.values() if action]
    if said.row.body.get("keyboard") == "contact":  # the number is known
        wants = []
    assert [meant for _, meant, _, _ in choices(said, shown)] == wants, f"{said.key}: {shown}"


def choices(said: "Heard", shown: Shown) -> Iterator[Choice]:
    """What can be chosen of a message, as its phone shows it."""
    buttons = {
        button["id"]: (button.get("description") or button["title"], one["sid"])
        for one in shown
        for button in (*one["buttons"], *one["items"])
    }
    words = bare(" ".join(one["body"] for one in shown))
    offered = [(label, action) for label, action in said.actions.items() if action]
    for number, (label, action) in enumerate(offered, start=1):
        if action in buttons:
            title, sid = buttons[action]
            assert bare(title) == bare(label), f"{said.key}: {title!r} instead of {label!r}"
            yield label, action, sid, action
        elif re.search(rf"\b{number}\. {re.escape(_unnumbered(bare(label)))}", words):
            yield label, action, "", str(number)


def _unnumbered(label: str) -> str:
    return re.sub(r"^\d+[.)]?\s+", "", label)
