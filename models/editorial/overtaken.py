"""Reminders about an item that are still queued when it has moved on: they would say what is no longer true.

What these messages are about is their key (`notices.tell`), made here.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.content import states
from models.content.content import Item
from models.messages import outbox
from models.messages.outbox import Outbound, Priority

REASON = "overtaken"


def of_wait(item_id: int, act: str, step_id: int) -> str:
    """What a message about an item that waits is about; `step_id` is the audit row that began the wait."""
    return f"item:{item_id}:wait:{act}:{step_id}"


def of_plan(week: str, opd_id: int, nth: int) -> str:
    """What the nth reminder to a team without an approved item for a week is about."""
    return f"plan:{week}:opd:{opd_id}:{nth}"


def moved(session: Session, item: Item) -> int:
    """Takes back what is queued about an item's former state, and, where it is planned now, what reminds its
    team of having none; how many messages. What has gone out already stays."""
    about = [f"item:{item.id}:wait:"]
    if item.status in states.PLANNED and item.opd_id is not None and not item.urgent:
        about.append(f"plan:{item.week}:opd:{item.opd_id}:")
    return sum(
        outbox.cancel(
            session,
            # Written out, since SQLite finds a partial index by nothing else: bulk is never looked at.
            text("outbox.status = 'queued'"),
            Outbound.priority == int(Priority.NOTICE),
            Outbound.key.startswith(prefix, autoescape=True),
            reason=REASON,
        )
        for prefix in about
    )
