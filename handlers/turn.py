"""One turn of a conversation: what came, who sent it, and the ways to answer.

A handler gets a `Turn`, calls verbs of models/, and answers by key. It never commits and never
knows a channel.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.message import Kind, Message
from models.content.wordlists import Wordlists
from models.messages import files, notices, outbox
from models.messages.conversations import Conversation
from models.messages.files import Media
from models.messages.post import NO_WORDS, Button, Post, stored
from models.people.people import Account, Person
from models.programme import weeks, whatsapp
from models.programme.programme import Programme

Rows = Sequence[Sequence[Button]]
# Stands for the name of a message that is in another chat: it cannot be changed from here.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a handler may know of the program around it.

    `bot_name` is the bot's user name on Telegram, `whatsapp` our number there (digits; "" for none);
    `table` reads a stored spreadsheet, by media id, into rows of column → text with their line numbers
    (problems raise Refused). `words` are the lists that items are checked against, `signature` is the line
    below every caption that is posted, and `check_links` says whether somebody opens the sources of items.
    `label` gives the words on a button, by key and parameters ("" where there are none): people type them
    instead of pressing.
    """

    programme: Programme
    bot_name: str = ""
    messages_per_second: float = 30.0
    table: Callable[[Session, int], Sequence[tuple[int, Mapping[str, str]]]] | None = None
    words: Wordlists = field(default_factory=Wordlists)
    signature: str = ""
    check_links: bool = True
    label: Callable[[str, Mapping[str, Any]], str] = lambda _key, _params: ""
    whatsapp: str = ""


@dataclass(slots=True)
class Turn:
    """`source` names the inbound message for ever ("telegram:4711"): keys of answers are made of it.
    `reached` is when it reached us (`inbox.reached`), which is not always `now`: what was sent in time is in
    time, however late it is handled. `beside` are the conversations of the same person on other channels."""

    session: Session
    now: datetime
    message: Message
    account: Account
    conversation: Conversation
    source: str
    around: Surroundings
    reached: datetime
    beside: Sequence[Conversation] = ()
    toast_text: str = ""
    toast_params: Mapping[str, Any] = field(default_factory=dict)
    _said: int = 0
    _asking: bool = False  # a question was opened in this turn: what is said now are its words

    @property
    def person(self) -> Person | None:
        """Whom the roster knows behind this account; None before joining."""
        return self.account.person

    @property
    def programme(self) -> Programme:
        return self.around.programme

    @property
    def week(self) -> str:
        """The programme week of this moment."""
        return weeks.of(self.now, self.programme)

    @property
    def me(self) -> Person:
        """The person behind this account, where the route has made sure that there is one."""
        assert self.account.person is not None, "the route lets only known people in"
        return self.account.person

    @property
    def on_whatsapp(self) -> bool:
        """Whether this is said on WhatsApp, which shows buttons and hands out files in its own way, and has
        no button for the own number."""
        return self.message.channel == whatsapp.CHANNEL

    # -- answering -----------------------------------------------------------------------------

    def say(
        self,
        text: str,
        /,
        *,
        buttons: Rows = (),
        keyboard: str = "",
        media: int | None = None,
        report: str = "",
        item: int | None = None,
        **params: Any,
    ) -> str:
        """Answers in this conversation; the key of the queued message.

        The buttons are remembered: their number or their words may be typed instead of pressing. So is
        the question, where this is one: it can be said once more.
        """
        post = Post(text, params, buttons, media=media, report=report, item=item, keyboard=keyboard)
        key = self._key()
        self._queue(key, post)
        if not self.message.group:
            chosen = self.choose_from(buttons)
            if self._asking and item is None and (chosen or "question" not in self.data):
                self.conversation.data = {**self.data, "question": post.body()}
        return key

    def album(self, item: int) -> None:
        """All pictures and films of an item, as one message without words."""
        self._queue(self._key(), Post(NO_WORDS, item=item, album=True))

    @property
    def pressed(self) -> str:
        """The channel's name for the message whose button was pressed; "" where none was."""
        return self.message.message_id if self.message.kind is Kind.BUTTON else ""

    def edit(
        self, text: str, /, *, buttons: Rows = (), item: int | None = None, replacing: str = "", **params: Any
    ) -> None:
        """Replaces the message whose button was pressed (or the one named by `replacing`): its question is
        answered.

        Where the button's number was typed there is no such message, and where that is in another chat it
        cannot be reached: it is said anew.
        """
        post = Post(text, params, buttons, item=item)
        if item is None and self.data.get("question", {}).get("text") == text:
            self.conversation.data = {**self.data, "question": post.body()}
        target = replacing or self.pressed
        if target and target != ELSEWHERE:
            self._queue(self._key(), post, op="edit", target=target)
        else:
            self._queue(self._key(), post)

    def toast(self, text: str, /, **params: Any) -> None:
        """A short notice over the chat, in answer to a pressed button."""
        self.toast_text, self.toast_params = text, params

    def tell(self, person: Person, about: str, text: str, /, *, buttons: Rows = (), item: int | None = None,
             media: int | None = None, report: str = "", **params: Any) -> bool:  # fmt: skip
        """Writes to somebody else, once for `about` ("item:42:submitted"), in the quiet hours only to who
        is at the phone; False when out of reach."""
        post = Post(text, params, buttons, item=item, media=media, report=report)
        return notices.tell(self.session, self.now, person, about, post, self.programme)

    def keep(self, purpose: str, *, kind: str = "", notify: str = "") -> Media:
        """Notes the file of this message, which the route has made sure of: it is fetched soon.

        `kind` is what it is to us, where that is not what the channel calls it; `notify` the
        conversation that hears when the file is here.
        """
        sent = self.message.file
        assert sent is not None, "the route brings files only"
        return files.register(
            self.session,
            self.now,
            self.message.channel,
            remote_id=sent.remote_id,
            unique_id=sent.unique_id,
            kind=kind or sent.kind,
            purpose=purpose,
            mime=sent.mime,
            name=sent.name,
            size=sent.size,
            width=sent.width,
            height=sent.height,
            duration=sent.duration,
            notify=notify,
        )

    def _key(self) -> str:
        self._said += 1
        return f"reply:{self.source}:{self._said}"

    def _queue(self, key: str, post: Post, **more: Any) -> None:
        outbox.reply(
            self.session,
            self.now,
            key,
            self.message.channel,
            self.message.address,
            post,
            person_id=self.account.person_id,
            **more,
        )

    # -- the conversation ----------------------------------------------------------------------

    def ask(self, state: str, /, **data: Any) -> None:
        """The next free text answers this question; `data` (JSON) belongs to it, and so does "question":
        its words, which are those that this turn says next."""
        self.conversation.state, self.conversation.data = state, data
        self._asking = True
        self.conversation.updated_at = self.now

    def end(self) -> None:
        """No question is open any more."""
        self.conversation.state, self.conversation.data, self.conversation.choices = "", {}, []
        self.conversation.updated_at = self.now
        self._asking = False

    def choose_from(self, buttons: Rows) -> bool:
        """From now on the number or the words of these buttons may be typed; False where there are none."""
        choices = [stored(button) for row in buttons for button in row if button.action]
        if choices:
            self.conversation.choices = choices
            if not self.conversation.state:
                self.conversation.updated_at = self.now
        return bool(choices)

    def answered(self) -> None:
        """What was asked in between is answered: the buttons of the open question count again, if any."""
        self.conversation.choices = []
        self.choose_from(self._question_buttons())

    def _question_buttons(self) -> Rows:
        asked = self.data.get("question", {})
        return [[Button(**button) for button in row] for row in asked.get("buttons", ())]

    def remind(self, text: str = "menu.still_open") -> None:
        """Says the open question once more, with its buttons, after `text`; nothing where none is open."""
        if not self.conversation.state:
            return
        self._asking = False
        asked = self.data.get("question", {})
        question = {"text": asked["text"], "params": asked.get("params", {})} if asked else ""
        self.say(text, question=question, buttons=self._question_buttons())

    @property
    def data(self) -> dict[str, Any]:
        return self.conversation.data
