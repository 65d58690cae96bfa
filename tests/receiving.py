"""What tests of receiving have in common: two weeks with an item each, and replies to our messages."""

from typing import Any

from sqlalchemy import select

from models.messages.outbox import Outbound
from models.programme import weeks
from models.shares.shares import Evidence, Share
from tests import scene
from tests.chat import Chatter, Stage

FIRST, SECOND = "2026-W48", "2026-W49"
LINK = "https://www.instagram.com/p/C9aBcDeFgHi/?igsh=abc"


def two_weeks(stage: Stage) -> tuple[int, int]:
    """Releases an item in each of two weeks; it is two hours after the second. The items."""
    last = scene.item(stage, title="Imunisasi gratis")
    scene.release(stage)
    stage.now = weeks.closing(FIRST, stage.programme)
    this = scene.item(stage, title="Pasar murah")
    scene.release(stage)
    stage.later(hours=2)
    return last, this


def card(stage: Stage, who: Chatter, item: int) -> str:
    """Telegram's name for the message that brought an item to somebody, which is a number."""
    return named(stage, row(stage, who, item).id)


def row(stage: Stage, who: Chatter, item: int) -> Outbound:
    """The message that brought an item to somebody."""
    return next(row for row in scene.cards(stage, who) if row.item_id == item)


def named(stage: Stage, row_id: int) -> str:
    """Gives a message that was sent a name as Telegram has them."""
    with stage.session() as session, session.begin():
        row = session.get_one(Outbound, row_id)
        row.external_id = str(700_000 + row_id)
        return row.external_id


def replying(who: Chatter, to: str) -> dict[str, Any]:
    """The field of a message that replies to one of ours."""
    chat = {"id": who.chat, "type": "private", "first_name": who.name}
    return {"reply_to_message": {"message_id": int(to), "date": 0, "chat": chat}}


def shares(stage: Stage) -> list[Share]:
    """All shares, in order."""
    with stage.session() as session:
        return list(session.scalars(select(Share).order_by(Share.id)))


def pieces(stage: Stage) -> list[int]:
    """The share of each piece of evidence, in the order of their coming."""
    with stage.session() as session:
        return list(session.scalars(select(Evidence.share_id).order_by(Evidence.id)))
