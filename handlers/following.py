"""One person, two channels: what was asked on the one can be answered on the other.

A question is open in one conversation, that in which it was asked. Where nothing is asked in the one that
somebody writes in now, and what they write would be an answer, the question comes over with all that belongs
to it, and is over where it was. handlers/routing.py knows what would be an answer.
"""

from typing import Any

from handlers.pressing import FRESH
from handlers.turn import ELSEWHERE, Turn
from models.messages import conversations
from models.messages.conversations import Conversation
from models.people import people


def question(turn: Turn) -> str:
    """The state of the question that is open for this person on another channel; "" where there is none, or
    where one is open here. Asks the database nothing."""
    found = _open(turn)
    return found.state if found else ""


def concerns(turn: Turn, name: str, argument: str) -> bool:
    """Whether a pressed button is about the very item that the question on the other channel is about: one
    item is not asked about twice."""
    found = _open(turn)
    if found is None or found.state.partition(".")[0] != name.partition(".")[0]:
        return False
    return argument.partition(":")[0] == str(found.data.get("item"))


def fetch(turn: Turn) -> str:
    """Brings the question of `question` here, where it is open still: whoever answers it on both channels at
    the same moment answers it once. The channel that it came from, "" where none came."""
    found = _open(turn)
    if found is None:
        return ""
    conversations.reread(turn.session, found)
    if _open(turn) is not found:
        return ""
    here = turn.conversation
    here.state, here.data, here.choices = found.state, _as_seen_from_here(found.data), found.choices
    here.updated_at = found.updated_at
    found.state, found.data, found.choices, found.updated_at = "", {}, [], turn.now
    return found.channel


def _open(turn: Turn) -> Conversation | None:
    """Joining, and leaving, are about the account in which they are asked. What was asked long ago waits
    where it is; and nobody answers what was asked after their words had reached us."""
    if turn.message.group or turn.conversation.state:
        return None
    if not people.takes_part(turn.person, turn.programme.consent_version):
        return None
    found = [
        other
        for other in turn.beside
        if other.state
        and not other.state.startswith("join.")
        and other.updated_at <= turn.reached <= other.updated_at + FRESH
    ]
    return max(found, key=lambda other: other.updated_at, default=None)


def _as_seen_from_here(data: dict[str, Any]) -> dict[str, Any]:
    """What belongs to a question, without the name of the card that it was asked below, and the same for the
    question that waits behind it."""
    kept = {**data, "card": ELSEWHERE} if data.get("card") else dict(data)
    if before := kept.get("before"):
        kept["before"] = {**before, "data": _as_seen_from_here(before["data"])}
    return kept
