"""The second transaction: what arrived becomes domain rows and answers, or nothing at all.

Locks conversations that have mail, and handles their messages in order, several conversations a
transaction. Where one of them cannot be handled, only that one is undone.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.storage import database
from bot.telemetry import logs, metrics
from handlers import routing
from handlers.message import Kind, Message
from handlers.turn import Surroundings, Turn
from models.messages import batching, conversations, inbox, outbox
from models.messages.conversations import Conversation
from models.messages.inbox import Update
from models.messages.post import Post
from models.people import people, senders
from models.people.people import Account
from models.people.senders import Senders
from models.refused import Refused
from models.releases import memo, recent
from models.whatsapp import windows

log = logs.logger(__name__)

Parse = Callable[[Mapping[str, Any]], Message | None]
# How long the channel waits for the answer to a pressed button before the chat shows an error.
ANSWER_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Handling:
    """How messages are handled: the channels' parsers, the surroundings, who handles a turn, and how bugs
    are retried."""

    parsers: Mapping[str, Parse]
    around: Surroundings
    handle: Callable[[Turn], None] = routing.handle
    attempts: int = 5
    backoff: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """An update and what it says, as its channel's parser reads it."""

    update: Update
    message: Message

    @property
    def source(self) -> str:
        """Its name for ever: keys of what it causes are made of it."""
        return f"{self.update.channel}:{self.update.external_id}"

    @property
    def reached(self) -> datetime:
        """When it reached us, as it counts for whoever sent it."""
        return inbox.reached(self.update, self.message.sent_at)


def work(session: Session, now: datetime, handling: Handling, conversations_at_once: int) -> int:
    """Handles the mail of some conversations in this session; how many updates were handled.

    The caller commits. Raises only what concerns the database as a whole.
    """
    queues = inbox.waiting(session, now, conversations_at_once)
    if not queues:
        return 0
    addresses = [(queue[0].channel, queue[0].address) for queue in queues]
    known = senders.of(session, addresses)
    batch = _Batch(session, now, handling, known.accounts)
    letters = [batch.readable(queue) for queue in queues]
    batch.heard(letter for queue in letters for letter in queue)
    # Held, so that the session finds them again without asking.
    opened = conversations.opened(session, addresses, now, known.others)
    batch.knows(known, opened)
    recent.ahead(session, [one.person_id for one in batch.accounts.values() if one.person_id], now)
    done = batch.handle(letters)
    memo.forget(session)
    del opened
    inbox.done(session, [update.id for update in done], now)
    for update in done:
        metrics.inbox_handled.labels(update.channel).inc()
    return len(done) + batch.dead


@dataclass(slots=True)
class _Batch:
    """Letters of one transaction. `accounts` are those known by (channel, address); `silent` the updates
    that say nothing to us; `dead` counts those that nobody will try again; `beside` are the other
    conversations of those who have several."""

    session: Session
    now: datetime
    handling: Handling
    accounts: Mapping[tuple[str, str], Account]
    silent: list[Update] = field(default_factory=list)
    dead: int = 0
    beside: dict[tuple[str, str], list[Conversation]] = field(default_factory=dict)

    def knows(self, known: Senders, opened: Iterable[Conversation]) -> None:
        """Notes the conversations that people with several channels have besides."""
        by_place = {(one.channel, one.address): one for one in opened}
        for where, places in known.elsewhere.items():
            self.beside[where] = [by_place[place] for place in places if place in by_place]

    def readable(self, queue: Sequence[Update]) -> list[Letter]:
        """The letters of a conversation; what nobody can read is set aside."""
        letters: list[Letter] = []
        for update in queue:
            try:
                message = self._read(update)
            except (ValueError, KeyError, TypeError) as error:
                inbox.set_aside(update, self.now, repr(error))
                self.dead += 1
                metrics.inbox_dead.labels(update.channel).inc()
                log.warning("update_set_aside", inbox_id=update.id, error=repr(error))
                continue
            if message is None:
                self.silent.append(update)
            else:
                letters.append(Letter(update, message))
        return letters

    def _read(self, update: Update) -> Message | None:
        raw = json.loads(update.raw)
        if raw.get("internal"):
            return Message(update.channel, update.address, Kind.INTERNAL, action=raw["internal"])
        return self.handling.parsers[update.channel](raw)

    def heard(self, letters: Iterable[Letter]) -> None:
        """Notes who wrote to us, and when that reached us; what waited for it goes on its way. News of our
        own ("your file is here") is nobody's word, and who stops us asks for nothing: what waited stays."""
        wrote: dict[tuple[str, str], datetime] = {}
        names: dict[tuple[str, str], str] = {}
        asked: set[tuple[str, str]] = set()
        for letter in letters:
            if letter.message.kind is not Kind.INTERNAL:
                where = letter.message.channel, routing.audience(letter.message)
                wrote[where] = max(wrote.get(where, letter.reached), letter.reached)
                names[where] = letter.message.sender_name
                stops = letter.message.kind is Kind.BLOCKED or routing.stops(letter.message)
                (asked.discard if stops else asked.add)(where)
        for where, account in self.accounts.items():
            if where in wrote:
                people.heard([(account, wrote[where])])
                people.call(account, names[where])
        for channel in sorted({channel for channel, _ in asked}):
            windows.opened(
                self.session, self.now, channel, [where[1] for where in asked if where[0] == channel]
            )

    def handle(self, queues: Sequence[Sequence[Letter]]) -> list[Update]:
        """Handles all of them together, and one by one where any of them meets an obstacle: that one is
        then undone alone. The updates that are done."""
        if sum(len(queue) for queue in queues) == 1:
            return self.silent + [update for queue in queues for update in self._apart(queue)]
        try:
            with self.session.begin_nested():
                for letter in (letter for queue in queues for letter in queue):
                    self._turn(letter)
                batching.carry_out(self.session)
        except Exception as error:
            self._unless_passing(error)
            self._forget()
            return self.silent + [update for queue in queues for update in self._apart(queue)]
        return self.silent + [letter.update for queue in queues for letter in queue]

    def _apart(self, queue: Sequence[Letter]) -> Iterator[Update]:
        """One conversation, each letter in a savepoint of its own; those that are done."""
        for letter in queue:
            try:
                try:
                    with self.session.begin_nested():
                        self._turn(letter)
                        batching.carry_out(self.session)
                except Refused as refused:
                    self._forget()
                    with self.session.begin_nested():
                        self._refuse(letter, refused)
            except Exception as error:
                self._unless_passing(error)
                self._forget()
                if not self._failed(letter, error):
                    return  # those behind it in the conversation wait for it
            else:
                yield letter.update

    def _forget(self) -> None:
        """What was undone is not to be seen any more. What was read meanwhile is read again: going back to
        a savepoint, a session forgets what it has changed, and not what it loaded after that."""
        batching.forget(self.session)
        self.session.expire_all()

    def _unless_passing(self, error: Exception) -> None:
        """Raises what is not a message's fault again: all of this is done anew."""
        if isinstance(error, DBAPIError) and (database.is_passing(error) or not self.session.is_active):
            raise error

    def _turn(self, letter: Letter) -> None:
        message = letter.message
        where = message.channel, routing.audience(message)
        known, name = self.accounts.get(where), message.sender_name
        account = people.meet(self.session, *where, name, self.now, known, letter.reached)
        conversation = conversations.get(self.session, message.channel, message.address, self.now)
        turn = Turn(
            self.session, self.now, message, account, conversation, letter.source, self.handling.around,
            letter.reached, self.beside.get(where, ()),
        )  # fmt: skip
        self.handling.handle(turn)
        if message.callback_id:
            self._answer(
                letter, account, Post(turn.toast_text, turn.toast_params) if turn.toast_text else None
            )

    def _refuse(self, letter: Letter, refused: Refused) -> None:
        """Says why not, and answers the button all the same."""
        message = letter.message
        account = people.account(self.session, message.channel, routing.audience(message))
        post = Post(refused.key, refused.params)
        if message.group and message.callback_id:
            self._answer(letter, account, post)  # what one may not do is nothing for all the others to read
            return
        if message.kind is not Kind.INTERNAL:
            key, person_id = f"reply:{letter.source}:refused", account.person_id if account else None
            outbox.queue(
                self.session, self.now, key, message.channel, message.address, post, person_id=person_id
            )
        if message.callback_id:
            self._answer(letter, account, None)

    def _answer(self, letter: Letter, account: Account | None, toast: Post | None) -> None:
        """Answers the button: the channel waits for that, always."""
        outbox.queue(
            self.session,
            self.now,
            f"answer:{letter.source}",
            letter.message.channel,
            letter.message.address,
            toast,
            op="answer",
            target=letter.message.callback_id,
            expires_at=self.now + ANSWER_WITHIN,
            person_id=account.person_id if account else None,
        )

    def _failed(self, letter: Letter, error: Exception) -> bool:
        """Counts a failed attempt; True when the update is dead and its sender got an apology."""
        update, handling = letter.update, self.handling
        dead = inbox.failed(
            update, self.now, repr(error), attempts=handling.attempts, backoff=handling.backoff
        )
        log.error("update_failed", inbox_id=update.id, attempt=update.attempts, dead=dead, exc_info=error)
        metrics.inbox_failed.labels(update.channel).inc()
        if dead:
            self.dead += 1
            metrics.inbox_dead.labels(update.channel).inc()
            try:
                with self.session.begin_nested():
                    self._refuse(letter, Refused("general.error"))
            except Exception as problem:
                self._unless_passing(problem)
                log.exception("no_apology", inbox_id=update.id)
        self.session.flush()
        return dead
