"""What waits in the inbox of Telegram, and the worker's turn."""

import json

from sqlalchemy import select

from bot.inbound.handling import work
from models.messages import inbox
from models.messages.inbox import Arrival, Update
from models.messages.outbox import Outbound
from tests.chat import Stage


def press(stage: Stage, chat: int, action: str) -> int:
    """A pressed button waits in the inbox; its update's number."""
    number = next(stage.updates)
    who = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "A"}}
    pressed = {
        "id": f"q{number}",
        "from": who,
        "chat_instance": "1",
        "data": action,
        "message": message,
    }
    raw = json.dumps({"update_id": number, "callback_query": pressed})
    with stage.session() as session, session.begin():
        inbox.receive(session, stage.now, "telegram", [Arrival(str(number), str(chat), number, raw)])
    return number


def arrive(stage: Stage, chat: int, text: str, *, number: int | None = None) -> int:
    number = number or next(stage.updates)
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "from": {"id": chat, "is_bot": False, "first_name": "A"},
        "text": text,
    }
    raw = json.dumps({"update_id": number, "message": message})
    with stage.session() as session, session.begin():
        inbox.receive(session, stage.now, "telegram", [Arrival(str(number), str(chat), number, raw)])
    return number


def worked(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return work(session, stage.now, stage.handling(), 16)


def update(stage: Stage, number: int) -> Update:
    with stage.session() as session:
        return session.scalars(select(Update).where(Update.external_id == str(number))).one()


def answers(stage: Stage, chat: int) -> list[Outbound]:
    with stage.session() as session:
        rows = select(Outbound).where(Outbound.address == str(chat)).order_by(Outbound.id)
        return list(session.scalars(rows))


def news(stage: Stage, chat: int) -> None:
    """Something that the program tells itself about a conversation: it goes before what waits there."""
    with stage.session() as session, session.begin():
        arrival = Arrival("internal:x", str(chat), 0, json.dumps({"internal": "x"}))
        inbox.receive(session, stage.now, "telegram", [arrival])
