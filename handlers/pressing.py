"""What is typed instead of pressing a button: its number, its words, or "ya" and "tidak"."""

import re
from datetime import timedelta
from typing import Any

from handlers import words
from handlers.turn import Turn
from models.messages import pushed

_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.)]\s*")
_NO = "button.no"
# So long the buttons of a message are typed for; those of a question that is still open, always.
FRESH = timedelta(days=3)


def meant(turn: Turn, text: str) -> str:
    """The action of the button of the last message that a text means; "" where it means none.

    The words have to be those of one button and no other, without sign and number. A question of two
    buttons, of which one is [Tidak], is answered by "ya" and "tidak" as well. No other is: whatever goes
    out to many people has other words on its buttons, and a "ya" said by accident sends nothing. Buttons that
    were shown long ago, of no question that is open, can only be pressed: a "5" answers something else.
    """
    choices = _shown(turn, by_number=text.isdecimal())
    if text.isdecimal():
        return _action(choices[int(text) - 1]) if len(text) < 4 and 1 <= int(text) <= len(choices) else ""
    said = _bare(text)
    labelled = [choice for choice in choices if isinstance(choice, dict)]
    if not said or not labelled:
        return ""
    found = {_action(choice) for choice in labelled if _bare(_label(turn, choice)) == said}
    if not found:
        found = {_action(choice) for choice in _yes_or_no(labelled, text)}
    return found.pop() if len(found) == 1 else ""


def _shown(turn: Turn, *, by_number: bool) -> list[Any]:
    """The buttons that were shown last: of the question that is open, of what has come by itself since (on
    WhatsApp its buttons may stand there as numbered lines), or of the last answer."""
    conversation = turn.conversation
    if conversation.state:
        return conversation.choices
    if by_number and turn.on_whatsapp and turn.account.person_id is not None:
        since = max(conversation.updated_at, turn.now - FRESH)
        where = turn.message.channel, turn.message.address
        found = pushed.choices(turn.session, turn.account.person_id, *where, since)
        if found:
            return list(found)
    return conversation.choices if turn.now - conversation.updated_at <= FRESH else []


def _yes_or_no(choices: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The button of a yes-or-no question that "ya" or "tidak" means."""
    if len(choices) != 2 or sum(choice["text"] == _NO for choice in choices) != 1:
        return []
    if words.says_plainly_yes(text):
        return [choice for choice in choices if choice["text"] != _NO]
    if words.says_no(text):
        return [choice for choice in choices if choice["text"] == _NO]
    return []


def _action(choice: Any) -> str:
    return str(choice["action"] if isinstance(choice, dict) else choice)


def _label(turn: Turn, choice: dict[str, Any]) -> str:
    return turn.around.label(choice["text"], choice.get("params", {}))


def _bare(text: str) -> str:
    """Words without their number, signs and capitals: "1. Foto kegiatan" → "foto kegiatan"."""
    return words.plain(_NUMBER.sub("", text))
