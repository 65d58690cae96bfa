"""The second transaction: what arrived becomes domain rows and answers, or nothing at all.

Locks conversations that have mail, handles their messages in order, several conversations a
transaction, each message in a savepoint of its own.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import database, logs, metrics, wakeups
from bot.clock import Clock
from bot.database import Writer
from handlers import routes
from handlers.message import Kind, Message
from handlers.turn import Surroundings, Turn
from models import conversations, inbox, outbox, people
from models.conversations import Conversation
from models.inbox import Update
from models.people import Account
from models.post import Post
from models.refused import Refused

log = logs.logger(__name__)

Parse = Callable[[Mapping[str, Any]], Message | None]
# How long the channel waits for the answer to a pressed button before the chat shows an error.
ANSWER_WITHIN = timedelta(seconds=30)
# On SQLite nobody else writes while a batch is handled, and what arrives waits for that long: batches
# become smaller where messages take longer.
HOLD_SECONDS = 0.1
LEAST = 8  # fewer would cost more for the batch than for its messages


@dataclass(slots=True)
class Known:
    """Whom a batch is about, asked for at once: accounts by (channel, address), and conversations,
    which the session finds again while somebody holds them."""

    accounts: Mapping[tuple[str, str], Account]
    conversations: list[Conversation]


@dataclass(frozen=True, slots=True)
class Handling:
    """How messages are handled: the channels' parsers, the surroundings, and how bugs are retried."""

    parsers: Mapping[str, Parse]
    around: Surroundings
    attempts: int = 5
    backoff: timedelta = timedelta(seconds=1)


def work(session: Session, now: datetime, handling: Handling, conversations_at_once: int) -> int:
    """Handles the mail of some conversations in this session; how many updates were handled.

    The caller commits. Raises only what concerns the database as a whole.
    """
    handled = 0
    done: list[int] = []
    queues = inbox.waiting(session, now, conversations_at_once)
    addresses = [(queue[0].channel, queue[0].address) for queue in queues]
    known = Known(people.accounts(session, addresses), conversations.remembered(session, addresses))
    for queue in queues:
        for update in queue:
            if not _one(session, now, handling, update, known, done):
                break  # those behind it in the conversation wait for it
            handled += 1
    inbox.done(session, done, now)
    return handled


def _one(
    session: Session, now: datetime, handling: Handling, update: Update, known: Known, done: list[int]
) -> bool:
    """Handles one update, and adds its id to `done`; False when it waits for another attempt."""
    try:
        message = _read(handling, update)
    except (ValueError, KeyError, TypeError) as error:
        inbox.set_aside(update, now, repr(error))
        metrics.inbox_dead.labels(update.channel).inc()
        log.warning("update_set_aside", inbox_id=update.id, error=repr(error))
        return True
    if message is None:
        done.append(update.id)
        return True
    turn: Turn | None = None
    try:
        try:
            with session.begin_nested():
                turn = _turn(session, now, handling, update, message, known)
                routes.handle(turn)
                session.flush()
                _answer(session, now, update, message, turn, None)
        except Refused as refused:
            turn = None  # undone
            with session.begin_nested():
                _answer(session, now, update, message, None, refused)
    except DBAPIError as error:
        if database.is_passing(error) or not session.is_active:
            raise  # not the message's fault: all of this is done again
        return _bug(session, now, handling, update, message, error)
    except Exception as error:
        return _bug(session, now, handling, update, message, error)
    done.append(update.id)
    if turn is not None:
        known.conversations.append(turn.conversation)
    metrics.inbox_handled.labels(update.channel).inc()
    return True


def _read(handling: Handling, update: Update) -> Message | None:
    raw = json.loads(update.raw)
    if raw.get("internal"):
        return Message(update.channel, update.address, Kind.INTERNAL, action=raw["internal"])
    return handling.parsers[update.channel](raw)


def _turn(
    session: Session, now: datetime, handling: Handling, update: Update, message: Message, known: Known
) -> Turn:
    channel, address = message.channel, routes.audience(message)
    account = people.meet(
        session, channel, address, message.sender_name, now, known.accounts.get((channel, address))
    )
    conversation = conversations.get(session, message.channel, message.address, now)
    source = f"{update.channel}:{update.external_id}"
    return Turn(session, now, message, account, conversation, source, handling.around)


def _answer(
    session: Session,
    now: datetime,
    update: Update,
    message: Message,
    turn: Turn | None,
    refusal: Refused | None,
) -> None:
    """Says why something was refused, and answers the button: the channel waits for that, always."""
    if refusal is None and not message.callback_id:
        return
    source = f"{update.channel}:{update.external_id}"
    account = turn.account if turn else people.account(session, message.channel, routes.audience(message))
    about: dict[str, Any] = {"person_id": account.person_id if account else None}
    if refusal is not None and message.kind is not Kind.INTERNAL:
        post = Post(refusal.key, refusal.params)
        outbox.queue(session, now, f"reply:{source}:refused", message.channel, message.address, post, **about)
    if message.callback_id:
        toast = Post(turn.toast_text, turn.toast_params) if turn and turn.toast_text and not refusal else None
        outbox.queue(
            session,
            now,
            f"answer:{source}",
            message.channel,
            message.address,
            toast,
            op="answer",
            target=message.callback_id,
            expires_at=now + ANSWER_WITHIN,
            **about,
        )


def _bug(
    session: Session,
    now: datetime,
    handling: Handling,
    update: Update,
    message: Message,
    error: Exception,
) -> bool:
    """Counts a failed attempt; True when the update is dead and its sender got an apology."""
    dead = inbox.failed(update, now, repr(error), attempts=handling.attempts, backoff=handling.backoff)
    log.error("update_failed", inbox_id=update.id, attempt=update.attempts, dead=dead, exc_info=error)
    metrics.inbox_failed.labels(update.channel).inc()
    if dead:
        metrics.inbox_dead.labels(update.channel).inc()
        try:
            with session.begin_nested():
                _answer(session, now, update, message, None, Refused("general.error"))
        except Exception as problem:
            if isinstance(problem, DBAPIError) and database.is_passing(problem):
                raise
            log.exception("no_apology", inbox_id=update.id)
    session.flush()
    return dead


class Worker:
    """Handles mail as it comes: woken by the inbox, and by the next retry that is due."""

    def __init__(self, writer: Writer, clock: Clock, handling: Handling, *, batch: int = 16) -> None:
        self.writer, self.clock, self.handling, self.batch = writer, clock, handling, batch
        self._at_once = batch

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        mail = self.writer.wakeups.subscribe("inbox")
        pause = 0.0
        while True:
            try:
                handled, seconds = await self.writer.write(self._timed)
                if handled:
                    metrics.handle_seconds.observe(seconds / handled)
                    self._at_once = min(self.batch, max(LEAST, int(HOLD_SECONDS * handled / seconds)))
                    pause = 0.0
                    continue
                due = await self.writer.write(inbox.next_due)
                await wakeups.wait(mail, self._until(due))
                pause = 0.0
            except DBAPIError as error:
                pause = min(5.0, pause * 2 or 0.2)
                log.warning("worker_waits_for_database", seconds=pause, error=str(error.orig))
                await asyncio.sleep(pause)

    def _timed(self, session: Session) -> tuple[int, float]:
        started = time.perf_counter()
        handled = work(session, self.clock.now(), self.handling, self._at_once)
        return handled, time.perf_counter() - started

    def _until(self, due: datetime | None) -> float:
        """Seconds until the next retry; at most five, so that a lost wake-up costs no more.

        What is due, but was not to be had, is in the hands of another worker: it need not be asked for
        in every millisecond."""
        if due is None:
            return 5.0
        return min(5.0, max(0.25, (due - self.clock.now()).total_seconds()))
