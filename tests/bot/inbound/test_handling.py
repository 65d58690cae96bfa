"""The worker: in order within a conversation, each message whole or not at all, nobody in the way."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.inbound.handling import work
from handlers import routing
from handlers.message import Message
from handlers.turn import Turn
from models.content import states
from models.content.content import Item
from models.messages import inbox, outbox
from models.messages.inbox import Arrival
from models.people.people import Account
from tests import scene
from tests.bot.arriving import answers, arrive, news, press, update, worked
from tests.chat import Stage


@pytest.fixture
def breaks(stage: Stage) -> dict[str, int]:
    """Messages that say "rusak" meet a bug in a handler, after they have changed something."""
    seen: dict[str, int] = {}

    def handle(turn: Turn) -> None:
        seen[turn.message.text] = seen.get(turn.message.text, 0) + 1
        if turn.message.text == "rusak":
            turn.say("general.unknown")
            raise RuntimeError("a bug of ours")
        routing.handle(turn)

    stage.handle = handle
    return seen


def test_the_messages_of_a_conversation_are_handled_in_their_order(
    stage: Stage, breaks: dict[str, int]
) -> None:
    for text in ("satu", "dua", "tiga"):
        arrive(stage, 5, text)
    worked(stage)
    assert list(breaks) == ["satu", "dua", "tiga"]


def test_a_later_update_that_arrived_first_waits_for_nobody_but_is_handled_second(
    stage: Stage, breaks: dict[str, int]
) -> None:
    arrive(stage, 5, "kedua", number=9_000)
    arrive(stage, 5, "pertama", number=8_000)
    worked(stage)
    assert list(breaks) == ["pertama", "kedua"]


def test_the_same_update_twice_is_handled_once(stage: Stage, breaks: dict[str, int]) -> None:
    arrive(stage, 5, "halo", number=77)
    arrive(stage, 5, "halo", number=77)
    worked(stage)
    assert breaks == {"halo": 1}


def test_a_message_that_meets_a_bug_leaves_nothing_behind_and_is_due_later(
    stage: Stage, breaks: dict[str, int]
) -> None:
    number = arrive(stage, 5, "rusak")
    assert worked(stage) == 0
    row = update(stage, number)
    assert (row.status, row.attempts) == (inbox.NEW, 1)
    assert row.due_at > stage.now
    assert "a bug of ours" in row.error
    assert answers(stage, 5) == []


def test_those_behind_a_failed_message_wait_but_other_conversations_do_not(
    stage: Stage, breaks: dict[str, int]
) -> None:
    arrive(stage, 5, "rusak")
    arrive(stage, 5, "di belakang")
    arrive(stage, 6, "orang lain")
    worked(stage)
    worked(stage)
    assert set(breaks) == {"rusak", "orang lain"}


def test_after_five_attempts_it_is_given_up_with_an_apology_and_the_next_one_goes_on(
    stage: Stage, breaks: dict[str, int]
) -> None:
    number = arrive(stage, 5, "rusak")
    arrive(stage, 5, "di belakang")
    for _ in range(5):
        worked(stage)
        stage.later(minutes=10)
    worked(stage)
    assert (update(stage, number).status, update(stage, number).attempts) == (inbox.DEAD, 5)
    assert breaks["di belakang"] == 1
    assert answers(stage, 5)[0].body["text"] == "general.error"


def test_an_update_that_nobody_can_read_is_set_aside_and_blocks_nobody(
    stage: Stage, breaks: dict[str, int]
) -> None:
    with stage.session() as session, session.begin():
        strange = Arrival("1", "5", 1, json.dumps({"update_id": 1, "message": {"nonsense": True}}))
        inbox.receive(session, stage.now, "telegram", [strange])
    arrive(stage, 5, "halo", number=900_000)
    worked(stage)
    assert update(stage, 1).status == inbox.ASIDE
    assert breaks == {"halo": 1}


def test_dead_messages_live_again_after_the_bug_was_mended(stage: Stage, breaks: dict[str, int]) -> None:
    number = arrive(stage, 5, "rusak")
    for _ in range(5):
        worked(stage)
        stage.later(minutes=10)
    with stage.session() as session, session.begin():
        assert inbox.revive(session, stage.now) == 1
    assert update(stage, number).status == inbox.NEW


def test_a_pressed_button_is_answered_whatever_it_says(stage: Stage) -> None:
    siti = stage.person()
    siti.presses("", action="a-button-of-last-year:1")
    rows = answers(stage, siti.chat)
    assert [row.target for row in rows if row.op == "answer"] != []
    assert any(row.body.get("text") == "menu.old_button" for row in rows)


def test_two_workers_never_hold_the_same_conversation(
    stage: Stage, engine: Engine, breaks: dict[str, int]
) -> None:
    if engine.dialect.name == "sqlite":
        # One writer at a time: the second would wait for the first one's commit.
        arrive(stage, 5, "halo")
        assert worked(stage) == 1
        assert worked(stage) == 0
        return
    for text in ("satu", "dua"):
        arrive(stage, 5, text)
    arrive(stage, 6, "lain")
    with Session(engine) as one, Session(engine) as two, one.begin(), two.begin():
        first = inbox.waiting(one, stage.now, conversations=1)
        second = inbox.waiting(two, stage.now, conversations=5)
        assert [u.address for queue in first for u in queue] == ["5", "5"]
        assert [u.address for queue in second for u in queue] == ["6"]


def test_old_raw_updates_are_deleted_and_their_effects_stay(stage: Stage) -> None:
    siti = stage.person()
    siti.says("menu")
    before = len(answers(stage, siti.chat))
    with stage.session() as session, session.begin():
        assert inbox.prune(session, stage.now + timedelta(seconds=1)) == 1
    assert len(answers(stage, siti.chat)) == before > 0
    assert outbox.QUEUED in {row.status for row in answers(stage, siti.chat)}


def test_news_of_our_own_waits_for_the_worker_that_is_in_the_conversation(
    stage: Stage, engine: Engine
) -> None:
    arrive(stage, 5, "satu")
    if engine.dialect.name == "sqlite":
        news(stage, 5)
        with stage.session() as session:
            [queue] = inbox.waiting(session, stage.now, conversations=5)
        assert queue[0].sequence == 0
        return
    with Session(engine) as one, one.begin():
        assert len(inbox.waiting(one, stage.now, conversations=5)) == 1
        news(stage, 5)
        with Session(engine) as two, two.begin():
            assert inbox.waiting(two, stage.now, conversations=5) == []
    with Session(engine) as two, two.begin():
        assert len(inbox.waiting(two, stage.now, conversations=5)) == 1


def test_those_behind_a_failed_message_are_due_with_it_and_not_asked_for_before(
    stage: Stage, breaks: dict[str, int]
) -> None:
    number = arrive(stage, 5, "rusak")
    arrive(stage, 5, "di belakang")
    worked(stage)
    due_at = update(stage, number).due_at
    with stage.session() as session:
        assert inbox.next_due(session) == due_at


def test_a_bug_in_the_answer_to_a_button_is_a_bug_of_that_message_alone(stage: Stage) -> None:
    siti, budi = stage.person("Siti"), stage.person("Budi")
    handling = stage.handling()

    def parse(raw: Mapping[str, Any]) -> Message | None:
        message = handling.parsers["telegram"](raw)
        # Half an emoji: no database takes it as the id of what is to be answered.
        broken = message is not None and message.address == str(siti.chat)
        return replace(message, callback_id="\ud83d") if message and broken else message

    number = press(stage, siti.chat, "command:bantuan")
    press(stage, budi.chat, "command:bantuan")
    for _ in range(5):
        with stage.session() as session, session.begin():
            work(session, stage.now, replace(handling, parsers={"telegram": parse}), 16)
        stage.later(minutes=10)
    assert update(stage, number).status == inbox.DEAD
    assert answers(stage, siti.chat) == []
    assert [row.op for row in answers(stage, budi.chat)] == ["send", "answer"]


def test_only_what_a_person_sends_counts_as_their_word(stage: Stage) -> None:
    siti = stage.person("Siti")

    def heard() -> Any:
        with stage.session() as session:
            return session.scalar(select(Account.last_inbound_at).where(Account.address == str(siti.chat)))

    arrive(stage, siti.chat, "menu")
    worked(stage)
    wrote = heard()
    assert wrote == stage.now
    stage.later(hours=1)
    with stage.session() as session, session.begin():
        news = json.dumps({"internal": "share.done"})
        inbox.receive(session, stage.now, "telegram", [Arrival("internal:1", str(siti.chat), 0, news)])
    assert worked(stage) == 1
    assert heard() == wrote


def test_of_two_reviewers_in_one_batch_one_decides_and_each_is_told(stage: Stage) -> None:
    """The second one's refusal undoes the first, which is then done again from what really stands there."""
    budi, rudi = (stage.person(name, "BAPPEDA", role="controller") for name in ("Budi", "Rudi"))
    number = scene.item(stage, status=states.CHECKED)
    for who in (budi, rudi):
        press(stage, who.chat, f"review.approve:{number}:1.0:checked")
    assert worked(stage) == 2
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.APPROVED
    texts = [{row.body.get("text") for row in answers(stage, who.chat)} for who in (budi, rudi)]
    assert sum("reviewing.approved" in said for said in texts) == 1
    assert sum("reviewing.somebody_first" in said for said in texts) == 1
