"""Where we are: the links that open our chat on each channel, and the words that name them."""

from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from handlers.turn import Surroundings, Turn
from models.people import agencies
from models.people.people import Opd, Person
from models.programme.telegram import CHANNEL as TELEGRAM
from models.programme.whatsapp import CHANNEL as WHATSAPP
from models.releases import rerouting


def telegram_link(bot_name: str, opd: Opd) -> str:
    """The deep link by which people of an OPD join; its poster shows the same as a QR code."""
    return f"https://t.me/{bot_name}?start={agencies.payload(opd)}"


def whatsapp_link(number: str, opd: Opd) -> str:
    """The same on WhatsApp: it opens the chat with these words typed already, which only have to be sent
    (https://faq.whatsapp.com/5913398998672934)."""
    return f"https://wa.me/{number}?text={quote(f'mulai {agencies.payload(opd)}')}"


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
        return whatsapp_link(around.whatsapp, turn.me.opd) if around.whatsapp else ""
    return telegram_link(around.bot_name, turn.me.opd) if around.bot_name else ""


def way(turn: Turn, channel: str) -> Any:
    """The line that says where we are on a channel; "" where we are not."""
    found = link(turn, channel)
    return {"text": "elsewhere.way", "params": {"link": found}} if found else ""


def both(turn: Turn, text: str) -> Any:
    """The line for somebody with several channels, which may name the one that the weekly item comes on; ""
    for everybody else."""
    own = rerouting.channels(turn.session, turn.me.id)
    return {"text": text, "params": {"name": {"text": f"channel.{own[0]}"}}} if own[1:] else ""


def others(session: Session, person: Person, channel: str) -> dict[str, Any] | None:
    """Where else than on this channel somebody is reached, as a parameter (`other`) of a text; None for
    nowhere."""
    found = [name for name in rerouting.channels(session, person.id) if name != channel]
    return {"other": {"text": f"channel.{found[0]}"}} if found else None


def already(turn: Turn) -> Any:
    """The line for somebody who asks to join and may be on the other channel already; "" where we are on one
    alone. The same for everybody: it tells nothing of who is."""
    other = TELEGRAM if turn.on_whatsapp else WHATSAPP
    if other == WHATSAPP and not turn.around.whatsapp:
        return ""
    return {"text": "elsewhere.already", "params": {"other": {"text": f"channel.{other}"}}}


def offer(turn: Turn) -> Any:
    """The line for somebody with one channel: how to have the other one as well; "" for everybody else."""
    own = rerouting.channels(turn.session, turn.me.id)
    missing = [name for name in (TELEGRAM, WHATSAPP) if name not in own and link(turn, name)]
    if len(own) != 1 or not missing:
        return ""
    text = "elsewhere.offer_whatsapp" if missing == [WHATSAPP] else "elsewhere.offer_telegram"
    return {"text": text, "params": {"link": link(turn, missing[0])}}
