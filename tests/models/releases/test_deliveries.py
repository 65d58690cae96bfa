"""A release that had finished, and goes on: messages of it failed afterwards, and are tried again."""

from datetime import timedelta

from sqlalchemy import delete

from models.messages import outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.programme import weeks
from models.releases import deliveries, releases, watching
from models.releases.releases import Release
from models.sending.callbacks import StatusReport
from tests import scene, windowed
from tests.chat import Chatter, Stage
from tests.setbacks import LATER, report

NUMBER = "+6281317036688"
HOUR = timedelta(hours=1)


def finished(stage: Stage, watcher: str = "") -> tuple[int, Chatter]:
    """A release that went out and whose end was told, and who is told of it."""
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    windowed.person(stage, "Siti", NUMBER, HOUR)
    scene.item(stage)
    number = scene.release(stage, send=False)
    if watcher:
        with stage.session() as session, session.begin():
            outbox.queue(session, stage.now, "reply:1", watcher, str(boss.chat), Post("general.error"))
            session.query(Outbound).filter_by(key="reply:1").update({"status": outbox.SENT})
            watching.watch(session.get_one(Release, number), watcher, str(boss.chat), "reply:1")
    windowed.deliver(stage, 2)
    a_round(stage)
    assert status(stage, number) == releases.FINISHED
    return number, boss


def a_round(stage: Stage) -> None:
    """What the reconciler does with releases."""
    with stage.session() as session, session.begin():
        deliveries.reopen(session, stage.now)
        ended = releases.settle(session, stage.now)
        for release in [*releases.running(session), *ended]:
            watching.follow(session, release, stage.now, stage.programme)


def fails_later(stage: Stage) -> None:
    """The channel reports that the card did not arrive, and it is to be tried again."""
    (card,) = [row for row in scene.cards(stage) if row.channel == "whatsapp"]
    report(stage, card.id, LATER)
    assert windowed.found(stage, card.key).status == outbox.QUEUED
    with stage.session() as session, session.begin():  # another message, of another name
        session.query(Outbound).filter_by(id=card.id).update({"due_at": stage.now, "attempts": 0})
        session.execute(delete(StatusReport))


def ends_again(stage: Stage) -> None:
    a_round(stage)
    with stage.session() as session, session.begin():
        unsent = Outbound.status.in_((outbox.QUEUED, outbox.WAITING))
        for row in session.query(Outbound).filter(Outbound.release_id.is_not(None), unsent):
            row.status, row.external_id = outbox.SENT, f"SM{row.id}"
    a_round(stage)


def status(stage: Stage, number: int) -> str:
    with stage.session() as session:
        return session.get_one(Release, number).status


def told(boss: Chatter) -> int:
    """How often somebody was told the end of it."""
    return len([heard for heard in boss.hears() if heard.text.startswith("Siaran selesai")])


def test_a_release_whose_messages_failed_later_runs_again_and_can_be_held(stage: Stage) -> None:
    number, _ = finished(stage)
    stage.later(minutes=5)
    fails_later(stage)
    a_round(stage)
    with stage.session() as session, session.begin():
        release = session.get_one(Release, number)
        assert (release.status, release.counted_from) == (releases.RUNNING, stage.now)
        releases.pause(session, release, None, stage.now)
    assert [row.part for row in windowed.take(stage) if row.release_id == number] == []


def test_who_joins_after_the_end_gets_theirs_and_the_release_stays_finished(stage: Stage) -> None:
    number, _ = finished(stage)
    stage.later(minutes=5)
    stage.person("Budi")
    a_round(stage)
    a_round(stage)
    assert status(stage, number) == releases.FINISHED
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.SENT: 1, outbox.QUEUED: 1}


def test_nothing_runs_again_when_the_week_is_over(stage: Stage) -> None:
    number, _ = finished(stage)
    fails_later(stage)
    stage.now = weeks.closing("2026-W48", stage.programme)
    with stage.session() as session, session.begin():
        assert deliveries.reopen(session, stage.now) == []
    assert status(stage, number) == releases.FINISHED


def test_the_end_of_what_nobody_watches_is_told_again_after_an_hour(stage: Stage) -> None:
    number, boss = finished(stage)
    assert told(boss) == 1
    for minutes, times in ((40, 1), (25, 2), (40, 2), (25, 3)):
        stage.later(minutes=minutes)
        fails_later(stage)
        ends_again(stage)
        assert status(stage, number) == releases.FINISHED
        assert told(boss) == times


def test_a_message_that_is_watched_shows_the_new_end_at_once(stage: Stage) -> None:
    _, boss = finished(stage, "telegram")
    stage.later(minutes=5)
    fails_later(stage)
    ends_again(stage)
    assert told(boss) == 2
