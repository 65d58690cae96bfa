"""What differs by the channel that somebody is on: how a number becomes known, and where else we are."""

from typing import Any

from handlers.joining import teams
from handlers.turn import Surroundings, Turn
from models.programme.whatsapp import CHANNEL as WHATSAPP
from models.releases import rerouting

TELEGRAM = "telegram"


def on_whatsapp(turn: Turn) -> bool:
    """Whether this is said on WhatsApp, which has no button for the own number, and copies in its own way."""
    return turn.message.channel == WHATSAPP


def where(bot_name: str, whatsapp: str) -> dict[str, Any]:
    """Where proofs and questions can be sent, as a sentence's parameter: Telegram, and WhatsApp where there
    is a number (digits; "" for none)."""
    if not whatsapp:
        return {"text": "elsewhere.on_one", "params": {"bot": bot_name}}
    return {"text": "elsewhere.on_both", "params": {"bot": bot_name, "number": f"+{whatsapp}"}}


def link(turn: Turn, channel: str) -> str:
    """What opens our chat with the person of this turn on a channel; "" where we are not on it."""
    around: Surroundings = turn.around
    if channel == WHATSAPP:
        return teams.wa_link(around.whatsapp, turn.me.opd) if around.whatsapp else ""
    return teams.link(around.bot_name, turn.me.opd) if around.bot_name else ""


def way(turn: Turn, channel: str) -> Any:
    """The line that says where we are on a channel; "" where we are not."""
    found = link(turn, channel)
    return {"text": "elsewhere.way", "params": {"link": found}} if found else ""


def offer(turn: Turn) -> Any:
    """The line for somebody with one channel: how to have the other one as well; "" for everybody else."""
    own = rerouting.channels(turn.session, turn.me.id)
    missing = [name for name in (TELEGRAM, WHATSAPP) if name not in own and link(turn, name)]
    if len(own) != 1 or not missing:
        return ""
    text = "elsewhere.offer_whatsapp" if missing == [WHATSAPP] else "elsewhere.offer_telegram"
    return {"text": text, "params": {"link": link(turn, missing[0])}}
