"""The release of a week: started once, held, ended, looked after, and tried again for those who lack it."""

import threading

import pytest

from models.content import states
from models.content.content import Item
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import audit, people
from models.people.people import Person
from models.programme import weeks
from models.refused import Refused
from models.releases import deliveries, received, releases
from models.releases.releases import Release
from models.sending import sending
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"


def change(stage: Stage, act: str, release_id: int, by: Chatter | None = None) -> object:
    """pause, resume, stop or retry, in a transaction of its own."""
    with stage.session() as session, session.begin():
        release = session.get_one(Release, release_id)
        person = session.get_one(Person, by.person_id) if by else None
        verb = getattr(releases, act, None) or getattr(deliveries, act)
        return verb(session, release, person, stage.now)


def status(stage: Stage, release_id: int) -> str:
    with stage.session() as session:
        return session.get_one(Release, release_id).status


def progress(stage: Stage, release_id: int) -> releases.Progress:
    with stage.session() as session:
        return releases.progress(session, release_id)


def claim(stage: Stage) -> list[str]:
    """The keys that a sender would get now."""
    with stage.session() as session, session.begin():
        halted = releases.halted(session)
        rows = sending.claim(session, stage.now, "me", stage.now, limit=100, bulk=100, halted=halted)
        return [row.key for row in rows]


def a_release(stage: Stage, number: int = 3) -> tuple[int, list[Chatter]]:
    """A running release with so many people in its audience; nothing has gone out."""
    people_ = [stage.person(f"Orang {nth}") for nth in range(number)]
    scene.item(stage)
    return scene.release(stage, send=False), people_


def test_a_release_takes_its_items_along_and_leaves_an_audit_row(stage: Stage) -> None:
    stage.person()
    item = scene.item(stage)
    release = scene.release(stage)
    with stage.session() as session:
        assert session.get_one(Item, item).status == states.RELEASED
    assert scene.count(stage, audit.Entry, audit.Entry.subject == "release", audit.Entry.act == "start") == 1
    assert progress(stage, release) == releases.Progress(1, 1, 0, 0, 0, 0)


def test_a_week_is_released_once(stage: Stage) -> None:
    stage.person()
    scene.item(stage)
    scene.release(stage)
    with pytest.raises(Refused, match=r"releasing\.already"):
        scene.release(stage)


def test_nothing_approved_is_no_release(stage: Stage) -> None:
    stage.person()
    scene.item(stage, status=states.SUBMITTED)
    with pytest.raises(Refused, match=r"releasing\.nothing"):
        scene.release(stage)


def test_a_week_that_is_over_is_not_released(stage: Stage) -> None:
    scene.item(stage)
    stage.now = weeks.closing(WEEK, stage.programme)
    with pytest.raises(Refused, match=r"releasing\.too_late"):
        scene.release(stage, WEEK)


def test_of_two_who_start_the_same_release_exactly_one_does(stage: Stage) -> None:
    for number in range(5):
        stage.person(f"Orang {number}")
    scene.item(stage)
    gate, outcomes = threading.Barrier(2), []

    def start() -> None:
        gate.wait()
        try:
            scene.release(stage, send=False)
            outcomes.append("started")
        except Refused as refused:
            outcomes.append(refused.key)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["releasing.already", "started"]
    assert scene.count(stage, Release) == 1
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.QUEUED: 5}


def test_a_paused_release_gives_nothing_to_the_sender_and_goes_on_where_it_was(stage: Stage) -> None:
    release, _ = a_release(stage)
    change(stage, "pause", release)
    assert claim(stage) == []
    change(stage, "resume", release)
    assert len(claim(stage)) == 3


def test_a_reply_goes_out_while_a_release_is_paused(stage: Stage) -> None:
    release, _ = a_release(stage)
    change(stage, "pause", release)
    with stage.session() as session, session.begin():
        outbox.queue(session, stage.now, "reply:1", "telegram", "1", body={"text": "general.back"})
    assert claim(stage) == ["reply:1"]


def test_stopping_cancels_what_has_not_gone_out(stage: Stage) -> None:
    release, everybody = a_release(stage)
    scene.turned_out(stage, scene.cards(stage, everybody[0]), outbox.SENT)
    assert change(stage, "stop", release) == 5  # two cards, three captions
    assert status(stage, release) == releases.STOPPED
    assert progress(stage, release) == releases.Progress(3, 1, 0, 0, 2, 0)


def test_a_row_that_comes_back_after_the_stop_is_not_sent(stage: Stage) -> None:
    release, _ = a_release(stage, 1)
    assert len(claim(stage)) == 1  # it is on its way …
    change(stage, "stop", release)
    with stage.session() as session, session.begin():
        sending.reclaim(session, stage.now, owners_gone=True)  # … and returns to be tried again
    assert claim(stage) == []
    scene.settle(stage)
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.CANCELLED: 1}


@pytest.mark.parametrize(
    ("before", "act"),
    [((), "resume"), (("pause",), "pause"), (("stop",), "resume"), (("stop",), "pause"), (("stop",), "stop")],
)
def test_what_makes_no_sense_is_refused(stage: Stage, before: tuple[str, ...], act: str) -> None:
    release, _ = a_release(stage)
    for earlier in before:
        change(stage, earlier, release)
    with pytest.raises(Refused, match=r"releasing\.not_now"):
        change(stage, act, release)


def test_a_release_is_finished_when_its_rows_say_so(stage: Stage) -> None:
    release, everybody = a_release(stage)
    assert scene.settle(stage) == []
    scene.turned_out(stage, scene.cards(stage), outbox.SENT)
    assert scene.settle(stage) == []  # the captions are still to come
    captions = scene.rows(stage, Outbound.part == "caption")
    scene.turned_out(stage, captions[1:], outbox.SENT)
    scene.turned_out(stage, captions[:1], outbox.FAILED, "refused")
    assert [ended.id for ended in scene.settle(stage)] == [release]
    assert status(stage, release) == releases.FINISHED
    assert scene.settle(stage) == []
    assert len(everybody) == progress(stage, release).sent


def test_when_the_week_closes_what_is_left_is_cancelled_and_counted(stage: Stage) -> None:
    release, _ = a_release(stage)
    change(stage, "pause", release)
    stage.now = weeks.closing(WEEK, stage.programme)
    assert [ended.id for ended in scene.settle(stage)] == [release]
    assert progress(stage, release).cancelled == 3
    with stage.session() as session:
        assert deliveries.reasons(session, release) == {"week closed": 3}


def test_an_item_approved_later_goes_to_those_who_have_nothing(stage: Stage) -> None:
    stage.person("Siti", "DINKES")
    budi = stage.person("Budi", "DISDIK")
    scene.item(stage, "DINKES")
    scene.release(stage)
    assert scene.cards(stage, budi) == []
    late = scene.item(stage, "DISDIK", title="Beasiswa")
    scene.settle(stage)
    assert [card.item_id for card in scene.cards(stage, budi)] == [late]
    with stage.session() as session:
        assert session.get_one(Item, late).status == states.RELEASED


def test_who_did_not_get_it_is_named_with_the_reason(stage: Stage) -> None:
    release, everybody = a_release(stage)
    scene.turned_out(stage, scene.cards(stage, everybody[0]), outbox.FAILED, "refused")
    scene.turned_out(stage, scene.cards(stage, everybody[2]), outbox.FAILED, "blocked")
    with stage.session() as session:
        total, named = deliveries.failures(session, release, 1)
        assert (total, named) == (2, [("Orang 0", "Dinas Kesehatan", "refused")])
        assert deliveries.reasons(session, release) == {"blocked": 1, "refused": 1}


def test_a_retry_is_for_just_those_who_failed_and_can_be_reached(stage: Stage) -> None:
    release, everybody = a_release(stage, 4)
    ok, refused, blocked, _ = everybody
    scene.turned_out(stage, scene.cards(stage, ok), outbox.SENT)
    scene.turned_out(stage, scene.cards(stage, refused), outbox.FAILED, "refused")
    scene.turned_out(stage, scene.cards(stage, blocked), outbox.FAILED, "blocked")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(blocked.chat), stage.now)
    assert change(stage, "retry", release) == 1
    rows = scene.rows(stage, Outbound.person_id == refused.person_id)
    assert [(row.part, row.status) for row in rows] == [("card", outbox.QUEUED), ("caption", outbox.WAITING)]
    assert [row.status for row in scene.cards(stage, ok)] == [outbox.SENT]
    assert [row.status for row in scene.cards(stage, blocked)] == [outbox.FAILED]
    assert status(stage, release) == releases.RUNNING
    assert change(stage, "retry", release) == 0


def test_nothing_is_retried_after_the_stop_or_the_end_of_the_week(stage: Stage) -> None:
    release, everybody = a_release(stage)
    scene.turned_out(stage, scene.cards(stage, everybody[0]), outbox.FAILED, "refused")
    change(stage, "stop", release)
    with pytest.raises(Refused, match=r"releasing\.not_now"):
        change(stage, "retry", release)
    stage.now = weeks.closing(WEEK, stage.programme)
    with pytest.raises(Refused, match=r"releasing\.over"):
        change(stage, "retry", release)


def test_what_somebody_received_last_is_the_newest_card(stage: Stage) -> None:
    siti = stage.person()
    scene.item(stage, title="Lama")
    first = scene.release(stage)
    stage.later(days=7)
    newer = scene.item(stage, title="Baru")
    second = scene.release(stage, send=False)
    assert siti.person_id is not None
    with stage.session() as session:
        found = received.newest(session, siti.person_id, stage.now)
        assert found is not None
        assert found.release_id == first
    stage.sent(release_id=second)
    with stage.session() as session:
        found = received.newest(session, siti.person_id, stage.now)
        assert found is not None
        assert (found.release_id, found.item_id) == (second, newer)
