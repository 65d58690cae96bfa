"""Simulated ASN: they read what the bot sends them and do what people do, through their phones only.

The crowd watches the simulator's event stream, decides by dice (`intents`), and acts in batches. It
knows of the program no more than a person sees: messages, buttons, answers.
"""

import asyncio
import random
import re
import time
from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.demo import intents, links
from bot.demo.camera import Camera
from bot.demo.intents import Intent, Moment, Way, Whim
from bot.simulator.client import People

AT_ONCE = 400  # people who wait for an answer at the same time
BATCH = 200  # actions in one request
RECEIPT = re.compile(r"tanda terima:?\s+(\d+)")
PATIENCE = 300.0  # seconds after which somebody gives up waiting
Message = dict[str, Any]


@dataclass(slots=True)
class _Busy:
    """Somebody who has sent something and waits for the answer to it."""

    intent: Intent
    waits_for: str  # receipt, claim
    since: float


@dataclass(slots=True)
class Account:
    """What the crowd did and was told, to be compared with what the program has stored.

    `proofs` counts by chat the shares that were shown; `receipts` are the numbers that came back;
    `claims` are those who only said so. `odd` are answers that nobody expected.
    """

    cards: set[int] = field(default_factory=set)
    captions: set[int] = field(default_factory=set)
    reminders: Counter[int] = field(default_factory=Counter)
    proofs: Counter[int] = field(default_factory=Counter)
    receipts: dict[int, set[int]] = field(default_factory=dict)
    claims: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    savers: set[int] = field(default_factory=set)
    proved_before_reminder: set[int] = field(default_factory=set)
    presses: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    lost: set[int] = field(default_factory=set)


class Crowd:
    """`rate` is the share that takes part at once (0 to 1), `running` whether anybody starts anything.

    `skip` are chats that somebody else plays; `camera` makes the people's screenshots; whoever hears nothing
    for `patience` seconds gives up.
    """

    def __init__(
        self,
        people: People,
        camera: Camera,
        *,
        rate: float,
        seed: int,
        skip: Collection[int] = (),
        patience: float = PATIENCE,
    ) -> None:
        self.people, self.camera, self.rate, self.seed = people, camera, rate, seed
        self.skip, self.patience = frozenset(skip), patience
        self.running = True
        self.account = Account()
        self._ready: deque[tuple[int, Intent]] = deque()
        self._busy: dict[int, _Busy] = {}
        self._acts: deque[Message] = deque()
        self._began: set[int] = set()
        self._cards: dict[int, Message] = {}  # of those who will press a button on it
        self._about: dict[int, str] = {}  # the words of each one's card
        self._news = asyncio.Event()
        self._seq = 0
        self._watching = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Whether nobody has anything in mind or waits for an answer."""
        return not (self._acts or self._busy or (self.running and self._ready))

    @property
    def waiting(self) -> int:
        return len(self._ready) + len(self._busy)

    def go(self, *, running: bool) -> None:
        """Lets people begin what they have in mind, or holds them back."""
        self.running = running
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            group.create_task(self._act())

    async def watching(self) -> None:
        """Returns once the crowd sees what happens."""
        await self._watching.wait()

    # -- seeing ----------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Follows all chats; where the stream was cut (too slow), what was missed is read again."""
        while True:
            async with self.people.events() as stream:
                again = await self._catch_up() if self._watching.is_set() else frozenset()
                self._watching.set()
                async for event in stream:
                    self._seq = event["seq"]
                    if event["type"] in ("message", "edited") and event["seq"] not in again:
                        self._see(event["chat_id"], event["message"])

    async def _catch_up(self) -> frozenset[int]:
        """Reads what was missed; the seqs of it, which the new stream may bring once more."""
        since, seqs = self._seq, set()
        missed = await self.people.deliveries(since=since)
        for chat in {*map(int, missed["chats"]), *self._busy}:
            for message in (await self.people.history(chat, since))["messages"]:
                seqs.add(int(message["seq"]))
                self._see(chat, message)
        return frozenset(seqs)

    def _see(self, chat: int, message: Message) -> None:
        """One message that somebody sees in their chat."""
        if not message["from"]["bot"] or chat < 0 or chat in self.skip:
            return
        actions = [button.get("data", "") for row in message["inline"] for button in row]
        busy = self._busy.get(chat)
        if "inspect.next" in actions:
            return  # a proof waits for the team of somebody: no answer to what they sent
        if any(action.startswith("rest.") for action in actions):
            self._reminded(chat)
        elif "share.done" in actions:
            self._got_card(chat, message, actions)
        elif busy is not None:
            self._answered(chat, busy, message, actions)
        elif chat in self.account.cards and chat not in self.account.captions:
            self._got_caption(chat)

    def _got_card(self, chat: int, message: Message, actions: Sequence[str]) -> None:
        if chat in self.account.cards:
            return
        self.account.cards.add(chat)
        self._about[chat] = message["text"]
        if "saver" in actions and intents.of(self.seed, chat, self.rate).whim is Whim.SAVER:
            self._cards[chat] = message

    def _got_caption(self, chat: int) -> None:
        """The second part of the item: now somebody has all that they need."""
        self.account.captions.add(chat)
        intent = intents.of(self.seed, chat, self.rate)
        if intent.moment is Moment.CARD or intent.whim is not Whim.NOTHING:
            self._ready.append((chat, intent))
            self._news.set()

    def _reminded(self, chat: int) -> None:
        self.account.reminders[chat] += 1
        if chat in self.account.receipts:
            self.account.proved_before_reminder.add(chat)
        intent = intents.of(self.seed, chat, self.rate)
        due = Moment.FIRST_REMINDER if self.account.reminders[chat] == 1 else Moment.LAST_REMINDER
        # With another rate than before somebody may have it in mind who had not; nobody begins twice.
        if intent.moment in (due, Moment.CARD) and chat not in self._began:
            self._ready.append((chat, intent))
            self._news.set()

    # -- answering -------------------------------------------------------------------------------

    def _answered(self, chat: int, busy: _Busy, message: Message, actions: Sequence[str]) -> None:
        """The bot said something to somebody who waits for it."""
        places = [action for action in actions if action.startswith("share.place:")]
        busy.since = time.monotonic()
        if busy.waits_for == "claim":
            if busy.intent.proves:
                self._prove(chat, busy.intent, Way.PHOTO)
            else:
                self.account.claims.add(chat)
                self._finish(chat)
        elif places:
            self._place(chat, busy, message, actions, places)
        else:
            self._got_receipt(chat, message)

    def _got_receipt(self, chat: int, message: Message) -> None:
        found = RECEIPT.search(message["text"])
        if found:
            self.account.receipts.setdefault(chat, set()).add(int(found[1]))
        else:
            self.account.odd[message["text"][:120]] += 1
        self._finish(chat)

    def _place(
        self, chat: int, busy: _Busy, message: Message, actions: Sequence[str], places: Sequence[str]
    ) -> None:
        """Says where it was shared: by a button that is there, or by its number."""
        wanted = [action for action in places if action.endswith(f":{busy.intent.place}")]
        chosen = wanted[0] if wanted else places[0]
        if busy.intent.types:
            self._do(chat, "say", text=str([one for one in actions if one].index(chosen) + 1))
        else:
            self._press(chat, message, chosen)

    def _begin(self, chat: int, intent: Intent) -> None:
        if chat in self._began:
            return
        self._began.add(chat)
        if intent.whim is Whim.BLOCK:
            self.account.blocked.add(chat)
            self._do(chat, "block")
        elif intent.whim is Whim.SAVER:
            if chat in self._cards:
                self.account.savers.add(chat)
                self._press(chat, self._cards.pop(chat), "saver")
        elif intent.way is Way.CLAIM:
            self._busy[chat] = _Busy(intent, "claim", time.monotonic())
            self._do(chat, "say", text=intent.words)
        else:
            self._prove(chat, intent, intent.way)

    def _prove(self, chat: int, intent: Intent, way: Way) -> None:
        self.account.proofs[chat] += 1
        self._busy[chat] = _Busy(intent, "receipt", time.monotonic())
        if way is Way.LINK:
            dice = random.Random(self.seed ^ chat)
            self._do(chat, "say", text=links.address(dice, f"asn{chat}"))
        elif way is Way.ALBUM:
            self._do(chat, "album", items=[{"kind": "photo"}, {"kind": "photo"}])
        else:
            self._do(chat, "photo")

    def _finish(self, chat: int) -> None:
        self._busy.pop(chat, None)
        self._news.set()

    # -- acting ----------------------------------------------------------------------------------

    def _press(self, chat: int, message: Message, action: str) -> None:
        self.account.presses += 1
        self._do(chat, "press", message_id=message["message_id"], data=action)

    def _do(self, chat: int, action: str, **fields: Any) -> None:
        self._acts.append({"as": chat, "do": action, **fields})
        self._news.set()

    async def _act(self) -> None:
        """Lets people begin, no more than `AT_ONCE` at a time, and carries out what they do."""
        while True:
            self._give_up()
            while self.running and self._ready and len(self._busy) < AT_ONCE:
                self._begin(*self._ready.popleft())
            if not self._acts:
                self._news.clear()
                try:
                    async with asyncio.timeout(1.0):
                        await self._news.wait()
                except TimeoutError:
                    pass
                continue
            some = [self._acts.popleft() for _ in range(min(BATCH, len(self._acts)))]
            for act in some:
                await self._shoot(act)
            for act, result in zip(some, await self.people.batch(some), strict=True):
                if "error" in result:
                    self.account.refused[f"{act['do']}: {result['error']}"] += 1
                    self._finish(act["as"])

    async def _shoot(self, act: Message) -> None:
        """Makes the pictures that an act is about to send."""
        chat, about = act["as"], self._about.get(act["as"], "")
        if act["do"] == "photo":
            act["file_key"] = await self.camera.shoot(chat, about)
        for nth, one in enumerate(act.get("items", ())):
            one["file_key"] = await self.camera.shoot(chat, about, nth)

    def _give_up(self) -> None:
        late = time.monotonic() - self.patience
        for chat in [chat for chat, busy in self._busy.items() if busy.since < late]:
            self.account.lost.add(chat)
            del self._busy[chat]
