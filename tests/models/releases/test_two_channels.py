"""Somebody with an account on Telegram and one on WhatsApp: the preferred one, else the other, never both."""

from datetime import timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import audit, people
from models.people.people import Person
from models.refused import Refused
from models.releases import audiences, deliveries, releases, rerouting
from models.releases.releases import Release
from models.sending import callbacks
from models.sending.callbacks import Rules
from models.sending.recording import Outcome
from models.sending.setbacks import Kind, Verdict
from tests import scene, windowed
from tests.chat import Chatter, Stage

NUMBER = "+6281317036688"


def both(stage: Stage, preferred: str = "") -> Chatter:
    """Somebody with both accounts, and an open window."""
    who = stage.person("Siti Rahma")
    windowed.account(stage, who, NUMBER, timedelta(hours=1))
    if preferred:
        prefer(stage, who, preferred)
    return who


def prefer(stage: Stage, who: Chatter, channel: str) -> None:
    with stage.session() as session, session.begin():
        people.prefer(session, scene.person(session, who), channel, stage.now)


def block(stage: Stage, channel: str, address: str) -> int:
    with stage.session() as session, session.begin():
        return rerouting.blocked(session, stage.now, channel, address)


def reached(stage: Stage, who: Chatter) -> tuple[str, dict[str, int]]:
    """Where somebody is written to: as one asks for it, and as a release does."""
    assert who.person_id is not None
    with stage.session() as session:
        found = people.reachable(session, who.person_id)
        channels = audiences.measure(session, "2026-W48").channels
    return (found.channel if found else ""), channels


def fail(stage: Stage, reason: str = "refused", where: str = "card") -> None:
    """What goes out now fails for good."""
    (row,) = [row for row in windowed.take(stage) if row.part == where]
    windowed.record(stage, [Outcome(row.id, row.key, outbox.FAILED, reason=reason, attempt=1)])


def test_telegram_comes_first_unless_the_person_chose_otherwise(stage: Stage) -> None:
    scene.item(stage)
    who = both(stage)
    assert reached(stage, who) == ("telegram", {"telegram": 1})
    prefer(stage, who, "whatsapp")
    assert reached(stage, who) == ("whatsapp", {"whatsapp": 1})
    prefer(stage, who, "telegram")
    assert reached(stage, who) == ("telegram", {"telegram": 1})


def test_the_other_account_is_used_when_the_preferred_one_has_blocked_us(stage: Stage) -> None:
    scene.item(stage)
    who = both(stage, "whatsapp")
    block(stage, "whatsapp", NUMBER)
    assert reached(stage, who) == ("telegram", {"telegram": 1})
    block(stage, "telegram", str(who.chat))
    assert reached(stage, who) == ("", {})


def test_a_channel_without_an_account_cannot_be_preferred(stage: Stage) -> None:
    who = stage.person("Siti")
    with pytest.raises(Refused, match=r"joining\.no_account_there"):
        prefer(stage, who, "whatsapp")


def test_the_choice_is_recorded_once(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    prefer(stage, who, "whatsapp")
    assert scene.count(stage, audit.Entry, audit.Entry.act == "prefer") == 1


def test_an_item_comes_once_on_the_preferred_channel(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    scene.item(stage)
    scene.release(stage, send=False)
    prefer(stage, who, "telegram")
    scene.settle(stage)
    assert [(row.channel, row.address) for row in scene.cards(stage)] == [("whatsapp", NUMBER)]


def test_a_card_that_fails_goes_out_on_the_other_channel_once_with_its_words(stage: Stage) -> None:
    who = both(stage)
    scene.item(stage)
    number = scene.release(stage, send=False)
    fail(stage)
    card, caption = scene.rows(stage, Outbound.release_id == number)
    assert (card.channel, card.address, card.status, card.instead_of) == (
        "whatsapp", NUMBER, outbox.QUEUED, "telegram",
    )  # fmt: skip
    assert (caption.channel, caption.status) == ("whatsapp", outbox.WAITING)
    with stage.session() as session:
        assert releases.progress(session, number) == releases.Progress(1, 0, 0, 0, 0, 1)
    fail(stage)
    (card,) = scene.cards(stage, who)
    assert (card.channel, card.status) == ("whatsapp", outbox.FAILED)
    with stage.session() as session:
        assert deliveries.reasons(session, number) == {"refused": 1}


def test_a_card_that_is_reported_to_have_failed_goes_out_on_the_other_channel(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    scene.item(stage)
    number = scene.release(stage, send=False)
    (card,) = windowed.deliver(stage)
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [(f"SM{card.id}", "undelivered", "63024")])
        callbacks.apply(session, stage.now, 10, Rules({"63024": Verdict(Kind.FINAL, "number")}))
    (found,) = scene.cards(stage, who)
    assert (found.channel, found.status, found.external_id) == ("telegram", outbox.QUEUED, "")
    assert [row.part for row in windowed.deliver(stage, 2)] == ["card", "caption"]
    with stage.session() as session:
        assert releases.progress(session, number) == releases.Progress(1, 1, 0, 0, 0, 0)


def test_a_card_whose_account_blocked_us_comes_on_the_other_channel(stage: Stage) -> None:
    both(stage)
    scene.item(stage)
    scene.release(stage, send=False)
    (row,) = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.FAILED, reason="blocked")])
    block(stage, row.channel, row.address)
    scene.settle(stage)
    assert [(card.channel, card.status) for card in scene.cards(stage)] == [("whatsapp", outbox.QUEUED)]
    assert [one.part for one in windowed.deliver(stage, 2)] == ["card", "caption"]


def test_a_notice_to_an_account_that_blocked_us_moves_along_and_a_reply_does_not(stage: Stage) -> None:
    who = both(stage)
    with stage.session() as session, session.begin():
        for key, priority in (("n", outbox.Priority.NOTICE), ("r", outbox.Priority.REPLY)):
            outbox.queue(
                session, stage.now, key, "telegram", str(who.chat), body={"text": "general.back"},
                priority=priority, person_id=who.person_id,
            )  # fmt: skip
    assert block(stage, "telegram", str(who.chat)) == 1
    assert (windowed.found(stage, "n").channel, windowed.found(stage, "n").status) == ("whatsapp", "queued")
    assert windowed.found(stage, "r").status == outbox.CANCELLED


@pytest.mark.parametrize("reason", [rerouting.BROKEN])
def test_what_no_channel_can_send_is_not_tried_on_the_other(stage: Stage, reason: str) -> None:
    both(stage)
    scene.item(stage)
    scene.release(stage, send=False)
    fail(stage, reason)
    (card,) = scene.cards(stage)
    assert (card.channel, card.status) == ("telegram", outbox.FAILED)


def test_nothing_of_a_stopped_release_goes_to_the_other_channel(stage: Stage) -> None:
    both(stage)
    scene.item(stage)
    number = scene.release(stage, send=False)
    (row,) = windowed.take(stage)
    with stage.session() as session, session.begin():
        releases.stop(session, session.get_one(Release, number), None, stage.now)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.FAILED, reason="refused")])
    (card,) = scene.cards(stage)
    assert (card.channel, card.status) == ("telegram", outbox.FAILED)


def test_who_has_one_channel_alone_stays_failed(stage: Stage) -> None:
    stage.person("Budi")
    scene.item(stage)
    scene.release(stage, send=False)
    fail(stage)
    assert [card.status for card in scene.cards(stage)] == [outbox.FAILED]


def test_the_preferred_channel_is_kept_when_an_account_is_let_go(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", NUMBER)
        assert found is not None
        people.unlink(session, found, stage.now)
        assert session.get_one(Person, who.person_id).preferred == "whatsapp"
    assert reached(stage, who)[0] == "telegram"
