"""What was on its way to somebody who stops."""

from models.membership import leaving
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Post
from models.people import people
from tests import scene
from tests.chat import Chatter, Stage


def _queue(stage: Stage, who: Chatter, key: str, priority: Priority, part: str = "") -> None:
    with stage.session() as session, session.begin():
        outbox.queue(
            session,
            stage.now,
            key,
            "telegram",
            str(who.chat),
            Post("general.error"),
            priority=priority,
            part=part,
            person_id=who.person_id,
        )


def _stop(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        account = people.account(session, "telegram", str(who.chat))
        assert account is not None
        leaving.stop(session, account, stage.now)


def test_what_is_queued_for_somebody_who_stops_is_taken_back_and_replies_are_not(stage: Stage) -> None:
    siti, budi = stage.person("Siti"), stage.person("Budi")
    for who in (siti, budi):
        _queue(stage, who, f"reply:{who.chat}", Priority.REPLY)
        _queue(stage, who, f"notice:{who.chat}", Priority.NOTICE)
        _queue(stage, who, f"reminder:{who.chat}", Priority.BULK, "reminder")
        _queue(stage, who, f"card:{who.chat}", Priority.BULK, "card")
    _stop(stage, siti)
    mine = {row.key.partition(":")[0]: (row.status, row.reason) for row in scene.rows(stage)[:4]}
    assert mine == {
        "reply": (outbox.QUEUED, ""),
        "notice": (outbox.CANCELLED, "withdrawn"),
        "reminder": (outbox.CANCELLED, "withdrawn"),
        "card": (outbox.SKIPPED, "withdrawn"),
    }
    assert scene.statuses(stage, Outbound.person_id == budi.person_id) == {outbox.QUEUED: 4}


def test_what_was_sent_stays_sent(stage: Stage) -> None:
    siti = stage.person("Siti")
    _queue(stage, siti, "card", Priority.BULK, "card")
    stage.sent()
    _stop(stage, siti)
    assert scene.statuses(stage) == {outbox.SENT: 1}


def test_a_release_counts_those_who_stopped_as_skipped(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage)
    scene.release(stage, send=False)
    _stop(stage, siti)
    assert {row.status for row in scene.cards(stage)} == {outbox.SKIPPED}
    scene.settle(stage)
    assert {(row.status, row.reason) for row in scene.cards(stage)} == {(outbox.SKIPPED, "withdrawn")}
