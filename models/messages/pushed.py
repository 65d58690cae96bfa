"""What came to somebody by itself (a card, a reminder, a notice), and the buttons it had: their numbers may
be typed where a channel shows buttons as numbered lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.outbox import SENT, Outbound

_LATELY = 5  # messages that are looked at: a caption or a file may come behind the one with the buttons


def choices(
    session: Session, person_id: int, channel: str, address: str, since: datetime
) -> list[dict[str, Any]]:
    """The buttons of the newest message that came to a conversation after `since` and was no answer, as
    `post.stored` makes them, in the order of their numbers; [] where there is none."""
    rows = session.scalars(
        select(Outbound.body)
        .where(
            Outbound.person_id == person_id,
            Outbound.channel == channel,
            Outbound.address == address,
            Outbound.status == SENT,
            Outbound.sent_at > since,
            Outbound.op == "send",
            Outbound.key.not_like("reply:%"),
        )
        .order_by(Outbound.sent_at.desc(), Outbound.id.desc())
        .limit(_LATELY)
    )
    for body in rows:
        offered = [button for row in body.get("buttons", ()) for button in row]
        if found := [button for button in offered if button.get("action") and not button.get("url")]:
            return found
    return []
