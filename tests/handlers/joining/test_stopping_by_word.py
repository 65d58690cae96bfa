"""STOP, BERHENTI and the like leave at once, whatever was asked; and nothing that waited follows."""

import json

import pytest

from models.messages import inbox, outbox
from models.messages.inbox import Arrival
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.sending.recording import Outcome
from tests import scene, windowed
from tests.chat import Stage
from tests.handlers.joining.joining import joined
from tests.hearing import text

NUMBER = "+6281317036688"


def writes(stage: Stage, body: str, **more: str) -> list[str]:
    """Somebody at NUMBER writes by WhatsApp; the keys of what is said in answer."""
    number = next(stage.updates)
    form = {
        "MessageSid": f"SM{number}",
        "From": f"whatsapp:{NUMBER}",
        "Body": body,
        "ProfileName": "S",
        **more,
    }
    with stage.session() as session, session.begin():
        inbox.receive(session, stage.now, "whatsapp", [Arrival(f"SM{number}", NUMBER, 1, json.dumps(form))])
    stage.work()
    rows = scene.rows(stage, Outbound.key.startswith(f"reply:whatsapp:SM{number}"))
    return [row.body["text"] for row in rows]


@pytest.mark.parametrize("word", ["STOP", "Berhenti!", "unsubscribe", "Stop langganan"])
def test_a_word_is_enough_and_the_answer_says_how_to_come_back(stage: Stage, word: str) -> None:
    siti = stage.person("Siti Rahma")
    heard = [one for one in siti.says(word) if one.op == "send"]
    assert len(heard) == 1
    assert "sudah berhenti" in heard[0].text
    assert "MULAI" in heard[0].text
    assert not joined(stage, siti.person_id)
    assert "Anda Siti R." in text(siti.says("mulai"))


@pytest.mark.parametrize("command", ["/ajukan", "/konten", "/peran", "/berhenti", "/usul"])
def test_it_leaves_from_any_question(stage: Stage, command: str) -> None:
    siti = stage.person("Siti Rahma", role="creator")
    if command == "/ajukan":
        siti.says("/ajukan")
        siti.says("capaian")  # the title is asked for next
    else:
        siti.says(command)
    assert "sudah berhenti" in text(siti.says("stop"))
    assert not joined(stage, siti.person_id)


@pytest.mark.parametrize("words", ["jangan stop dulu", "stop hoaks", "kapan berhenti?", "batal"])
def test_other_words_with_it_are_no_stop(stage: Stage, words: str) -> None:
    siti = stage.person("Siti Rahma")
    siti.says(words)
    assert joined(stage, siti.person_id)


def test_who_never_joined_is_left_alone(stage: Stage) -> None:
    stranger = stage.stranger()
    assert "tidak akan mengirim pesan" in text(stranger.says("stop"))
    with stage.session() as session:
        found = people.account(session, "telegram", str(stranger.chat))
        assert found is not None
        assert found.status == people.BLOCKED
    assert "Bagikan nomor saya" in text(stranger.says("mulai"))


def a_waiting_card(stage: Stage) -> int:
    """A release that Siti, who was silent for days, has been asked about; she has not answered."""
    windowed.approve(stage)
    siti = windowed.person(stage, "Siti Rahma", NUMBER)
    scene.item(stage)
    scene.release(stage, send=False)
    assert [row.op for row in windowed.deliver(stage, 2)] == ["template"]
    with stage.session() as session, session.begin():  # and an answer of days ago that never went out
        windowed.write(session, stage.now, "old", NUMBER, priority=outbox.Priority.REPLY)
    windowed.deliver(stage)
    assert windowed.found(stage, "old").status == outbox.WAITING
    assert siti.person_id is not None
    return siti.person_id


@pytest.mark.parametrize("more", [{}, {"OptOutType": "STOP"}], ids=["ours", "twilios"])
def test_nothing_that_waited_follows_a_stop(stage: Stage, more: dict[str, str]) -> None:
    person = a_waiting_card(stage)
    said = writes(stage, "STOP", **more)
    assert said == ([] if more else ["joining.stopped"]), "Twilio has confirmed its own"
    gone = windowed.deliver(stage, 3)
    assert [row.body["text"] for row in gone if row.op == "send"] == said
    assert {card.status for card in scene.cards(stage)} == {outbox.SKIPPED}
    assert windowed.found(stage, "old").status == outbox.CANCELLED
    assert not joined(stage, person)


def test_twilio_may_know_other_words_and_tells_us_of_a_return_too(stage: Stage) -> None:
    person = a_waiting_card(stage)
    assert writes(stage, "SUDAHI", OptOutType="STOP") == []
    assert not joined(stage, person)
    assert writes(stage, "LANJUT", OptOutType="START") == ["joining.confirm"]
    writes(stage, "ya")
    assert joined(stage, person)
    with stage.session() as session:
        assert session.get_one(Person, person).active


def test_any_other_word_lets_go_of_what_waited(stage: Stage) -> None:
    a_waiting_card(stage)
    writes(stage, "halo")
    assert "card" in [row.part for row in windowed.deliver(stage, 2)]


def test_what_was_in_hand_at_the_stop_and_is_tried_again_does_not_go_out(stage: Stage) -> None:
    a_waiting_card(stage)
    writes(stage, "halo")
    (card, *_) = [row for row in windowed.take(stage) if row.part == "card"]
    writes(stage, "STOP")
    windowed.record(stage, [Outcome(card.id, card.key, outbox.QUEUED, due_at=stage.now, attempt=1)])
    gone = [row for row in windowed.deliver(stage, 2) if row.address == NUMBER and row.op == "send"]
    assert [row.body["text"] for row in gone] == ["joining.stopped"]


def test_what_fails_after_a_stop_does_not_come_on_the_other_channel(stage: Stage) -> None:
    number = a_waiting_card(stage)
    writes(stage, "halo")
    with stage.session() as session, session.begin():
        person = session.get_one(Person, number)
        people.link(session, people.meet(session, "telegram", "7", "Siti", stage.now), person, stage.now)
    cards = [row for row in windowed.take(stage) if row.part == "card"]
    writes(stage, "STOP")
    windowed.record(
        stage, [Outcome(row.id, row.key, outbox.FAILED, reason="refused", attempt=1) for row in cards]
    )
    assert [card.channel for card in scene.cards(stage)] == ["whatsapp"]


@pytest.mark.parametrize("words", ["halo", "apa kabar?", "/menu", "ya", "/siapa"])
def test_who_has_stopped_us_and_writes_again_hears_how_to_start_again_and_is_not_asked(
    stage: Stage, words: str
) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("stop")
    for _ in range(2):
        (heard,) = [one for one in siti.says(words) if one.op == "send"]
        assert "Anda sudah berhenti" in heard.text
        assert "ketik MULAI" in heard.text
        assert not heard.actions
    with stage.session() as session:
        account = people.account(session, "telegram", str(siti.chat))
        assert account is not None
        assert account.status == people.BLOCKED, "nothing is sent there before they ask for it"
    assert "Anda Siti R." in text(siti.says("mulai"))
    siti.says("ya")
    assert joined(stage, siti.person_id)


def test_a_stranger_who_has_stopped_us_hears_the_same(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.says("stop")
    assert "ketik MULAI" in text(stranger.says("halo"))
    assert "Bagikan nomor saya" in text(stranger.says("/start"))


def test_what_is_open_to_strangers_is_open_to_who_has_stopped_us(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("stop")
    assert "Data Anda yang kami simpan" in text(siti.says("privasi"))
    assert "Anda sudah berhenti" in text(siti.says("halo"))


def test_who_was_out_of_reach_only_is_heard_as_ever(stage: Stage) -> None:
    windowed.person(stage, "Siti Rahma", NUMBER)
    with stage.session() as session, session.begin():
        people.block(session, "whatsapp", NUMBER, stage.now)
    assert "joining.still_stopped" not in writes(stage, "menu")
    with stage.session() as session:
        account = people.account(session, "whatsapp", NUMBER)
        assert account is not None
        assert account.status == people.ACTIVE


def test_who_left_on_one_channel_hears_it_on_the_other(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    windowed.account(stage, siti, NUMBER)
    assert "joining.stopped" in writes(stage, "STOP")
    assert "Anda sudah berhenti" in text(siti.says("halo"))
    assert "Anda Siti R." in text(siti.says("mulai"))
    siti.says("ya")
    assert joined(stage, siti.person_id)


def test_who_left_and_wants_to_come_back_is_asked_until_they_have_answered(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("stop")
    siti.says("mulai")
    assert "Anda sudah berhenti" not in text(siti.says("apa itu?"))
    siti.says("ya")
    assert joined(stage, siti.person_id)
