"""One person who writes on two channels: nothing costs more, and one question is answered once."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.inbound.handling import work
from handlers import routing
from handlers.turn import Turn
from models.content.content import Item
from models.membership import consents
from models.messages import conversations, inbox
from models.messages.conversations import Conversation
from models.messages.inbox import Arrival
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from tests import counting, scene
from tests.chat import Chatter, Stage
from tests.databases import Postgres
from tests.handlers.submitting.drafting import TITLE, WHY
from tests.receiving import LINK

NUMBER = "+6281317036688"


@pytest.fixture
def on_postgres(lasting_postgres: Postgres) -> Stage:
    """A programme on PostgreSQL: SQLite has one writer, who meets nobody."""
    lasting_postgres.clean()
    return Stage(lasting_postgres.engine)


def on_whatsapp_too(stage: Stage, who: Chatter, state: str = "") -> None:
    """Somebody has a second account, in which a question may be open."""
    with stage.session() as session, session.begin():
        account = people.meet(session, "whatsapp", NUMBER, who.name, stage.now)
        people.link(session, account, session.get_one(Person, who.person_id), stage.now)
        consents.give(session, account, stage.programme.consent_version, stage.now)
        conversations.get(session, "whatsapp", NUMBER, stage.now).state = state


def writes(stage: Stage, words: str) -> None:
    """A message on WhatsApp waits in the inbox."""
    number = next(stage.updates)
    form = {"MessageSid": f"SM{number}", "From": f"whatsapp:{NUMBER}", "Body": words, "NumMedia": "0"}
    with stage.session() as session, session.begin():
        inbox.receive(
            session, stage.now, "whatsapp", [Arrival(f"SM{number}", NUMBER, number, json.dumps(form))]
        )


def states(stage: Stage) -> dict[str, str]:
    """The question that is open on each channel."""
    with stage.session() as session:
        return {one.channel: one.state for one in session.scalars(select(Conversation))}


@pytest.mark.parametrize("act", [lambda who: who.sends_photo(), lambda who: who.says(LINK)])
def test_a_proof_asks_no_more_of_the_database_than_with_one_account(
    stage: Stage, act: Callable[[Chatter], object]
) -> None:
    one, two = stage.person("Budi Hartono"), stage.person("Siti Rahma")
    on_whatsapp_too(stage, two, "submit.title")
    scene.item(stage)
    scene.release(stage)
    numbers = []
    for who in (stage.person("Wati Ningsih"), one, two):  # the first makes what is made once
        who.says("menu")
        with counting.statements(stage.engine) as asked:
            act(who)
        numbers.append(len(asked))
    assert numbers[1] == numbers[2]
    assert states(stage)["whatsapp"] == "submit.title"


def test_words_of_no_meaning_ask_no_more_where_there_is_one_account(stage: Stage) -> None:
    one, two = stage.person("Budi Hartono"), stage.person("Siti Rahma")
    on_whatsapp_too(stage, two)
    numbers = []
    for who in (stage.person("Wati Ningsih"), one, two):
        who.says("menu")
        with counting.statements(stage.engine) as asked:
            who.says("apa kabar semuanya")
        numbers.append(len(asked))
    assert numbers[1] == numbers[2]


def test_who_answers_on_both_at_once_answers_one_question(on_postgres: Stage) -> None:
    """While somebody's answer is handled on Telegram, another comes on WhatsApp. It was written before the
    next question was asked, and answers nothing."""
    stage = on_postgres
    siti = stage.person("Siti Rahma", role="creator")
    on_whatsapp_too(stage, siti)
    siti.says("/ajukan")
    siti.says("capaian")
    stage.later(minutes=1)
    inside, go_on = threading.Event(), threading.Event()

    def slowly(turn: Turn) -> None:
        if turn.message.channel == "telegram":
            inside.set()
            assert go_on.wait(30)
        routing.handle(turn)

    later = replace(stage, now=stage.now + timedelta(seconds=2), handle=slowly)
    telegram = threading.Thread(target=lambda: arrive(stage, later, siti, TITLE))
    telegram.start()
    assert inside.wait(30)
    writes(stage, WHY)
    whatsapp = threading.Thread(target=once, args=(later,))
    whatsapp.start()
    waits_for_the_other(stage, whatsapp)
    go_on.set()
    telegram.join(30)
    whatsapp.join(30)
    with stage.session() as session:
        [item] = session.scalars(select(Item))
        assert (item.title, item.what) == (TITLE, "")
        replies = session.scalars(select(Outbound.body).where(Outbound.channel == "whatsapp")).all()
        assert [body["text"] for body in replies] == ["menu.not_understood"]
    assert states(stage) == {"telegram": "submit.what", "whatsapp": ""}
    # What is written after that answers it.
    stage.later(minutes=1)
    writes(stage, WHY)
    once(stage)
    assert states(stage) == {"telegram": "", "whatsapp": "submit.why"}


def arrive(stage: Stage, worker: Stage, who: Chatter, words: str) -> None:
    number = next(stage.updates)
    raw = {"update_id": number, **who._message(text=words)}
    with stage.session() as session, session.begin():
        inbox.receive(
            session, stage.now, "telegram", [Arrival(str(number), who.address, number, json.dumps(raw))]
        )
    once(worker)


def once(stage: Stage) -> None:
    """A worker of its own looks once at what waits."""
    with stage.session() as session, session.begin():
        work(session, stage.now, stage.handling(), 16)


def waits_for_the_other(stage: Stage, whatsapp: threading.Thread) -> None:
    """Until the worker of WhatsApp is kept out of the conversation on Telegram."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    for _ in range(600):
        with stage.session() as session:
            if session.scalar(waiting):
                return
        assert whatsapp.is_alive(), "it did not wait"
        time.sleep(0.05)
    raise AssertionError("it neither waits nor ends")
