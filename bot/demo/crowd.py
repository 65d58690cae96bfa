"""Simulated ASN: they read what the bot sends them and do what people do, through their phones only.

The crowd watches the simulator's event stream, decides by dice (`intents`), and acts in batches. It
knows of the program no more than a person sees: messages, buttons, answers. Which phone somebody has makes no
difference here (`handsets`): only on WhatsApp does the bot first ask them to open what waits.
"""

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.demo import handsets, intents, links
from bot.demo.account import Account
from bot.demo.camera import Camera
from bot.demo.doing import Doing, Todo
from bot.demo.handsets import Act, Handsets, Said
from bot.demo.hearing import Hearing
from bot.demo.intents import Intent, Moment, Way, Whim
from bot.simulator.client import People

AT_ONCE = 400  # people who wait for an answer at the same time
BATCH = 200  # actions in one request
RECEIPT = re.compile(r"tanda terima:?\s+\*?(\d+)")  # a star where marks are text
PATIENCE = 300.0  # seconds after which somebody gives up waiting
OPENER = ("window.open",)  # the only button of a message that says that something waits


@dataclass(slots=True)
class _Busy:
    """Somebody who has sent something and waits for the answer to it."""

    intent: Intent
    waits_for: str  # receipt, claim, stop
    since: float


class Crowd:
    """`rate` is the share that takes part at once (0 to 1), `running` whether anybody starts anything.

    `skip` are chats that somebody else plays; `camera` makes the people's screenshots; whoever hears nothing
    for `patience` seconds gives up. `phones` are what they have beside Telegram.
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
        phones: Sequence[Handsets] = (),
    ) -> None:
        self.rate, self.seed = rate, seed
        self.handsets: Sequence[Handsets] = (handsets.Telegram(people), *phones)
        self.skip, self.patience = frozenset(skip), patience
        self.running = True
        self.account = Account()
        self._ready: deque[tuple[int, Intent]] = deque()
        self._unopened: deque[Said] = deque()
        self._busy: dict[int, _Busy] = {}
        self._acts = Doing(self.handsets, camera)
        self._began: set[int] = set()
        self._on: dict[int, Handsets] = {}  # which phone each one reads us on
        self._cards: dict[int, Said] = {}  # of those who will press a button on it
        self._about: dict[int, str] = {}  # the words of each one's card
        self._news = asyncio.Event()
        self.hearing = Hearing(people, self.handsets, self._see, self._waiting_on)

    @property
    def idle(self) -> bool:
        """Whether nobody has anything in mind or waits for an answer."""
        return not (self._acts or self._busy or (self.running and (self._ready or self._unopened)))

    @property
    def waiting(self) -> int:
        return len(self._ready) + len(self._unopened) + len(self._busy)

    def go(self, *, running: bool) -> None:
        """Lets people begin what they have in mind, or holds them back."""
        self.running = running
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.hearing.run())
            group.create_task(self._act())

    async def watching(self) -> None:
        """Returns once the crowd sees what happens."""
        await self.hearing.listening.wait()

    def _waiting_on(self, phones: Handsets) -> list[int]:
        return [who for who in self._busy if self._on[who] is phones]

    # -- seeing ----------------------------------------------------------------------------------

    def _see(self, phones: Handsets, said: Said) -> None:
        """One message that somebody sees in their chat."""
        chat, actions = said.who, said.actions
        if chat in self.skip:
            return
        self._on[chat] = phones
        busy = self._busy.get(chat)
        if chat in self.account.stopped:
            self.account.pestered[chat] += 1
        elif "inspect.next" in actions:
            return  # a proof waits for the team of somebody: no answer to what they sent
        elif actions == OPENER:
            self._told(said)
        elif any(action.startswith("rest.") for action in actions):
            self._reminded(chat)
        elif "share.done" in actions:
            self._got_card(said)
        elif busy is not None:
            self._answered(busy, said)
        elif chat in self.account.cards and chat not in self.account.captions:
            self._got_caption(chat)

    def _told(self, said: Said) -> None:
        """Something waits: the item, or a reminder for who has the item already."""
        nth = max(1, self.account.asked[said.who]) if said.who in self.account.cards else 0
        self.account.asked[said.who] += 1
        if intents.of(self.seed, said.who, self.rate).opens(nth):
            self._unopened.append(said)
            self._news.set()

    def _got_card(self, said: Said) -> None:
        if said.who in self.account.cards:
            return
        self.account.cards.add(said.who)
        self._about[said.who] = said.text
        intent = intents.of(self.seed, said.who, self.rate)
        if "saver" in said.actions and intent.whim is Whim.SAVER:
            self._cards[said.who] = said

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
        # Who did not open the first one knows of it all the same.
        nth = max(self.account.reminders[chat], self.account.asked[chat] - 1)
        due = Moment.FIRST_REMINDER if nth == 1 else Moment.LAST_REMINDER
        # With another rate than before somebody may have it in mind who had not; nobody begins twice.
        if intent.moment in (due, Moment.CARD) and chat not in self._began:
            self._ready.append((chat, intent))
            self._news.set()

    # -- answering -------------------------------------------------------------------------------

    def _answered(self, busy: _Busy, said: Said) -> None:
        """The bot said something to somebody who waits for it."""
        chat = said.who
        busy.since = time.monotonic()
        if busy.waits_for == "stop":
            self._leave(said)
        elif busy.waits_for == "claim":
            if busy.intent.proves:
                self._prove(chat, busy.intent, Way.PHOTO)
            else:
                self.account.claims.add(chat)
                self._finish(chat)
        elif places := [action for action in said.actions if action.startswith("share.place:")]:
            self._place(busy, said, places)
        else:
            self._got_receipt(said)

    def _got_receipt(self, said: Said) -> None:
        found = RECEIPT.search(said.text)
        if found:
            self.account.receipts.setdefault(said.who, set()).add(int(found[1]))
        else:
            self.account.odd[said.text[:120]] += 1
        self._finish(said.who)

    def _place(self, busy: _Busy, said: Said, places: Sequence[str]) -> None:
        """Says where it was shared: by a button that is there, or by its number."""
        wanted = [action for action in places if action.endswith(f":{busy.intent.place}")]
        chosen = wanted[0] if wanted else places[0]
        if busy.intent.types:
            number = [action for action in said.actions if action].index(chosen) + 1
            self._say(said.who, str(number))
        else:
            self._press(said, chosen)

    def _leave(self, said: Said) -> None:
        """Who wants to stop confirms it, where that is asked for; then it is done."""
        if "join.stop" in said.actions:
            self._press(said, "join.stop")
        else:
            self.account.stopped.add(said.who)
            self._finish(said.who)

    def _begin(self, chat: int, intent: Intent) -> None:
        if chat in self._began:
            return
        self._began.add(chat)
        if intent.whim is Whim.BLOCK:
            self.account.blocked.add(chat)
            self._do(chat, self._on[chat].block(chat))
        elif intent.whim is Whim.SAVER:
            if chat in self._cards:
                self.account.savers.add(chat)
                self._press(self._cards.pop(chat), "saver")
        elif intent.whim is Whim.STOP:
            self._wait(chat, intent, "stop")
            self._say(chat, intent.words)
        elif intent.way is Way.CLAIM:
            self._wait(chat, intent, "claim")
            self._say(chat, intent.words)
        else:
            self._prove(chat, intent, intent.way)

    def _prove(self, chat: int, intent: Intent, way: Way) -> None:
        self.account.proofs[chat] += 1
        self._wait(chat, intent, "receipt")
        if way is Way.LINK:
            dice = random.Random(self.seed ^ chat)
            self._say(chat, links.address(dice, f"asn{chat}"))
        else:
            phones = self._on[chat]
            several = way is Way.ALBUM and phones.albums
            self._later(Todo(phones, chat, pictures=2 if several else 1, about=self._about.get(chat, "")))

    def _wait(self, chat: int, intent: Intent, answer: str) -> None:
        self._busy[chat] = _Busy(intent, answer, time.monotonic())

    def _finish(self, chat: int) -> None:
        self._busy.pop(chat, None)
        self._news.set()

    # -- acting ----------------------------------------------------------------------------------

    def _press(self, said: Said, action: str) -> None:
        self.account.presses += 1
        self._do(said.who, self._on[said.who].press(said.who, said, action))

    def _say(self, chat: int, text: str) -> None:
        self._do(chat, self._on[chat].say(chat, text))

    def _do(self, chat: int, act: Act) -> None:
        self._later(Todo(self._on[chat], chat, act))

    def _later(self, todo: Todo) -> None:
        self._acts.add(todo)
        self._news.set()

    async def _act(self) -> None:
        """Lets people begin, no more than `AT_ONCE` at a time, and carries out what they do."""
        while True:
            self._give_up()
            self._look()
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
            for todo, why in await self._acts.carry_out(BATCH):
                self.account.refused[f"{todo.phones.channel}: {why}"] += 1
                self._finish(todo.who)

    def _look(self) -> None:
        """Lets those who are told of something look at it, a batch at a time."""
        ready = self.running and len(self._busy) < AT_ONCE  # who waits for an answer is served first
        for _ in range(min(BATCH, len(self._unopened)) if ready else 0):
            said = self._unopened.popleft()
            self.account.opened[said.who] += 1
            self._press(said, *OPENER)

    def _give_up(self) -> None:
        late = time.monotonic() - self.patience
        for chat in [chat for chat, busy in self._busy.items() if busy.since < late]:
            self.account.lost.add(chat)
            del self._busy[chat]
