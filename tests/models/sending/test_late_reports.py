"""What is reported of a message on WhatsApp after its row has gone over to Telegram."""

from datetime import timedelta

import pytest

from models.messages import outbox
from models.messages.outbox import Outbound
from models.releases import deliveries, releases
from models.releases.releases import Release
from models.sending import callbacks, settling
from models.sending.callbacks import Rules
from models.sending.recording import Outcome
from models.sending.setbacks import Kind, Verdict
from tests import scene, windowed
from tests.chat import Chatter, Stage
from tests.models.releases.test_two_channels import NUMBER, both

RULES = Rules({"63024": Verdict(Kind.FINAL, "number")})


def report(stage: Stage, name: str, status: str, code: str = "") -> int:
    """What the channel says; how many reports met their row."""
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [(name, status, code)])
        return callbacks.apply(session, stage.now, 10, RULES).met


def gone_over(stage: Stage) -> tuple[Chatter, int, str]:
    """A card that WhatsApp took and then could not deliver, and goes out on Telegram now; the release, and
    the name of the dead message."""
    who = both(stage, "whatsapp")
    scene.item(stage)
    number = scene.release(stage, send=False)
    (card,) = windowed.deliver(stage)
    assert report(stage, f"SM{card.id}", "undelivered", "63024") == 1
    (found,) = scene.cards(stage, who)
    assert (found.channel, found.status) == ("telegram", outbox.QUEUED)
    return who, number, f"SM{card.id}"


def card(stage: Stage, who: Chatter) -> Outbound:
    (found,) = scene.cards(stage, who)
    return found


def progress(stage: Stage, number: int) -> releases.Progress:
    with stage.session() as session:
        return releases.progress(session, number)


@pytest.mark.parametrize("status", ["failed", "sent"])
def test_a_late_failure_of_the_dead_message_is_no_news_of_the_one_that_comes(
    stage: Stage, status: str
) -> None:
    who, _, name = gone_over(stage)
    assert report(stage, name, status, "63024") == 1, "nobody looks at it again for a day"
    assert (card(stage, who).channel, card(stage, who).status) == ("telegram", outbox.QUEUED)
    assert [row.part for row in windowed.deliver(stage, 2)] == ["card", "caption"]
    assert report(stage, name, "delivered") == 1
    found = card(stage, who)
    assert (found.channel, found.status, found.delivery) == ("telegram", outbox.SENT, "")


def test_who_got_it_after_all_gets_no_second_copy(stage: Stage) -> None:
    who, number, name = gone_over(stage)
    stage.later(minutes=2)
    assert report(stage, name, "read") == 1
    found = card(stage, who)
    assert (found.channel, found.address, found.status, found.instead_of) == (
        "whatsapp", NUMBER, outbox.SENT, "",
    )  # fmt: skip
    assert (found.external_id, found.delivery, found.delivered_at) == (name, "read", stage.now)
    assert [(row.part, row.channel, row.address) for row in windowed.deliver(stage, 2)] == [
        ("caption", "whatsapp", NUMBER)
    ]
    assert progress(stage, number) == releases.Progress(1, 1, 0, 0, 0, 0)


def test_who_got_it_after_all_is_counted_though_the_second_copy_failed(stage: Stage) -> None:
    who, number, name = gone_over(stage)
    (row,) = [row for row in windowed.take(stage) if row.part == "card"]
    windowed.record(stage, [Outcome(row.id, row.key, outbox.FAILED, reason="blocked", attempt=1)])
    assert progress(stage, number).failed == 1
    assert report(stage, name, "delivered") == 1
    assert card(stage, who).status == outbox.SENT
    assert progress(stage, number) == releases.Progress(1, 1, 0, 0, 0, 0)
    assert [row.part for row in windowed.deliver(stage)] == ["caption"]


def test_what_was_taken_back_meanwhile_stays_taken_back(stage: Stage) -> None:
    who, number, name = gone_over(stage)
    with stage.session() as session, session.begin():
        releases.stop(session, session.get_one(Release, number), None, stage.now)
    assert report(stage, name, "delivered") == 1
    assert card(stage, who).status == outbox.CANCELLED


def test_part_of_a_message_is_not_the_message(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    scene.item(stage)
    scene.release(stage, send=False)
    (row,) = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.SENT, "SMb", pieces=("SMa", "SMb"))])
    report(stage, "SMa", "undelivered", "63024")
    assert card(stage, who).channel == "telegram"
    report(stage, "SMb", "delivered")
    assert card(stage, who).channel == "telegram"
    report(stage, "SMa", "delivered")
    assert card(stage, who).channel == "whatsapp"


def test_the_dead_message_is_not_taken_for_another_one(stage: Stage) -> None:
    """The provider lists it still."""
    _, _, name = gone_over(stage)
    with stage.session() as session:
        assert settling.known(session, "whatsapp", [name, "SMother"]) == {name}


def test_the_dead_message_of_what_is_tried_again_by_hand_stays_known(stage: Stage) -> None:
    windowed.person(stage, "Siti Rahma", NUMBER, timedelta(hours=1))
    scene.item(stage)
    number = scene.release(stage, send=False)
    (row,) = windowed.deliver(stage)
    report(stage, f"SM{row.id}", "failed", "63024")
    with stage.session() as session, session.begin():
        assert deliveries.retry(session, session.get_one(Release, number), None, stage.now) == 1
    with stage.session() as session:
        assert settling.known(session, "whatsapp", [f"SM{row.id}"]) == {f"SM{row.id}"}


def test_the_dead_message_of_a_card_that_is_renewed_with_the_audience_stays_known(stage: Stage) -> None:
    who = both(stage, "whatsapp")
    scene.item(stage)
    scene.release(stage, send=False)
    (row,) = windowed.deliver(stage)
    rules = Rules({"63014": Verdict(Kind.BLOCKED, "blocked")})
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [(f"SM{row.id}", "failed", "63014")])
        callbacks.apply(session, stage.now, 10, rules)
    scene.settle(stage)
    assert (card(stage, who).channel, card(stage, who).status) == ("telegram", outbox.QUEUED)
    with stage.session() as session:
        assert settling.known(session, "whatsapp", [f"SM{row.id}"]) == {f"SM{row.id}"}
