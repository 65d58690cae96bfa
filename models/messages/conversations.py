"""Where each conversation stands: what was asked last, what was answered so far.

Kept in SQL, so that a restart in the middle of a question changes nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.messages import inbox


class Conversation(Base):
    """`state` names the question that is open ("" for none), `data` what belongs to it.

    `choices` are the buttons shown last, as `post.stored` makes them: a person may type their number or
    their words instead. Where one is an action alone, only its number can be typed.
    """

    __tablename__ = "conversation"

    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[list[Any]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime]


def opened(
    session: Session,
    addresses: Collection[tuple[str, str]],
    now: datetime,
    besides: Collection[tuple[str, str]] = (),
) -> list[Conversation]:
    """The conversations with all these (channel, address), made where they are new; and those `besides`, as
    far as there are any.

    While the list is kept, `get` finds each of them without asking the database.
    """
    every = [address for _, address in (*addresses, *besides)]
    chosen = select(Conversation).where(Conversation.address.in_(every))
    known = list(session.scalars(chosen))
    new = set(addresses) - {(one.channel, one.address) for one in known}
    made = [_new(channel, address, now) for channel, address in sorted(new)]
    session.add_all(made)
    session.flush()
    return known + made


def get(session: Session, channel: str, address: str, now: datetime) -> Conversation:
    """The conversation with an address, made on its first message."""
    found = session.get(Conversation, (channel, address))
    if found is None:
        found = _new(channel, address, now)
        session.add(found)
    return found


def reread(session: Session, other: Conversation) -> None:
    """Reads a conversation that a message is not from, as it is now; nobody else is in it, or changes it,
    until this transaction ends."""
    inbox.enter(session, other.channel, other.address)
    session.flush()
    session.refresh(other, with_for_update=True)


def _new(channel: str, address: str, now: datetime) -> Conversation:
    return Conversation(channel=channel, address=address, state="", data={}, choices=[], updated_at=now)


class Group(Base):
    """A group that the bot was bound to by `/rabuan`: where the Wednesday pack goes."""

    __tablename__ = "group_chat"

    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(default="")
    bound_by: Mapped[int | None]
    bound_at: Mapped[datetime]


def bind(session: Session, channel: str, address: str, title: str, by: int | None, now: datetime) -> bool:
    """Makes a group one that gets the pack; False when it was one already."""
    found = session.get(Group, (channel, address))
    if found is not None:
        found.title = title or found.title
        return False
    session.add(Group(channel=channel, address=address, title=title, bound_by=by, bound_at=now))
    return True


def unbind(session: Session, channel: str, address: str) -> bool:
    """The group gets the pack no longer; False when it did not get it."""
    found = session.get(Group, (channel, address))
    if found is None:
        return False
    session.delete(found)
    return True


def migrate(session: Session, channel: str, old: str, new: str, now: datetime) -> None:
    """A Telegram group became a supergroup and has a new id: what we know moves along."""
    found = session.get(Group, (channel, old))
    if found is not None:
        bind(session, channel, new, found.title, found.bound_by, now)
        session.delete(found)


def groups(session: Session) -> list[Group]:
    """All groups that get the pack."""
    return list(session.scalars(select(Group).order_by(Group.bound_at)))
