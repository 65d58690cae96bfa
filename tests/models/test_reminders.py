"""Reminders: a table of who gets one, and the promises that hold whatever happens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models import batching, outbox, people, proofs, releases, reminders, shares, standings, weeks
from models.outbox import Outbound
from models.people import Person
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"
FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 10.00 WIB
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has received the week's item."""
    who = stage.person("Siti")
    scene.item(stage, media=True)
    scene.release(stage)
    return who


def remind(stage: Stage, nth: int = 1, at: datetime = FRIDAY) -> int:
    stage.now = at
    with stage.session() as session, session.begin():
        return reminders.send(session, WEEK, nth, stage.now, stage.programme)


def reminders_of(stage: Stage, who: Chatter) -> list[Outbound]:
    return scene.rows(stage, Outbound.part == reminders.REMINDER, Outbound.person_id == who.person_id)


def prove(stage: Stage, who: Chatter, status: str = standings.RECEIVED) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        about = proofs.about(session, person, stage.now)
        assert about is not None
        if status == standings.CLAIMED:
            proofs.claim(session, person, about, stage.now)
            return
        taken = proofs.receive(session, person, about, stage.now, source=f"s{who.chat}", kind="photo")
        assert taken is not None
        session.get_one(shares.Share, taken.id).status = status


def rest(stage: Stage, who: Chatter, until: datetime, why: str = reminders.LEAVE) -> None:
    with stage.session() as session, session.begin():
        reminders.rest(session, session.get_one(Person, who.person_id), WEEK, until, why)


def change(stage: Stage, who: Chatter, **values: object) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        for name, value in values.items():
            setattr(person, name, value)


def stop(stage: Stage, _who: Chatter) -> None:
    with stage.session() as session, session.begin():
        release = releases.of_week(session, WEEK)
        assert release is not None
        releases.stop(session, release, None, stage.now)


def not_received(stage: Stage, who: Chatter) -> None:
    scene.turned_out(stage, scene.cards(stage, who), outbox.FAILED, "refused")


def block(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(who.chat), stage.now)


Happening = Callable[[Stage, Chatter], None]
CASES: list[tuple[str, Happening, int]] = [
    ("received and did nothing", lambda *_: None, 1),
    ("says so, but showed nothing", lambda stage, who: prove(stage, who, standings.CLAIMED), 1),
    ("has shown it", prove, 0),
    ("has shown it and was accepted", lambda stage, who: prove(stage, who, standings.ACCEPTED), 0),
    ("was rejected", lambda stage, who: prove(stage, who, standings.REJECTED), 1),
    ("never received it", not_received, 0),
    ("is on leave", lambda stage, who: rest(stage, who, FRIDAY + timedelta(days=3)), 0),
    ("was on leave", lambda stage, who: rest(stage, who, FRIDAY - timedelta(hours=1)), 1),
    (
        "wants none this week",
        lambda stage, who: rest(stage, who, weeks.closing(WEEK, stage.programme), "week"),
        0,
    ),
    ("has left the service", lambda stage, who: change(stage, who, active=False), 0),
    ("has withdrawn the consent", lambda stage, who: change(stage, who, joined_at=None), 0),
    ("has blocked us", block, 0),
    ("the release was stopped", stop, 0),
]


@pytest.mark.parametrize(("why", "happens", "number"), CASES, ids=[case[0] for case in CASES])
def test_who_is_reminded(stage: Stage, siti: Chatter, why: str, happens: Happening, number: int) -> None:
    happens(stage, siti)
    assert remind(stage) == number, why
    assert len(reminders_of(stage, siti)) == number


def test_a_repeated_job_reminds_nobody_twice(stage: Stage, siti: Chatter) -> None:
    assert (remind(stage), remind(stage)) == (1, 0)


def test_the_last_reminder_has_other_words(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    remind(stage, 2, MONDAY)
    first, last = (heard.text for heard in siti.hears()[-2:])
    assert first.startswith("Konten minggu ini masih menunggu Anda:\nImunisasi gratis")
    assert last.startswith("Pengingat terakhir untuk konten minggu ini:\nImunisasi gratis")
    assert "Rabu, 2 Desember 2026, 07.30 WIB" in last


def test_nobody_gets_more_than_two_in_a_week(stage: Stage, siti: Chatter) -> None:
    assert remind(stage) == 1
    stage.sent()
    assert remind(stage, 2, MONDAY) == 1
    stage.sent()
    assert remind(stage, 3, MONDAY + timedelta(hours=4)) == 0


def test_what_was_taken_back_does_not_count_against_the_two(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    with stage.session() as session, session.begin():
        reminders.proved(session, siti.person_id or 0, WEEK)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]
    assert remind(stage, 2, MONDAY) == 1


def test_one_that_falls_into_the_quiet_hours_waits_until_seven(stage: Stage, siti: Chatter) -> None:
    remind(stage, 1, datetime(2026, 11, 27, 15, 0, tzinfo=UTC))  # 22.00 WIB
    assert reminders_of(stage, siti)[0].due_at == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_one_that_is_still_queued_when_the_week_closes_expires_with_it(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    assert reminders_of(stage, siti)[0].expires_at == weeks.closing(WEEK, stage.programme)


def test_there_is_none_after_the_week(stage: Stage, siti: Chatter) -> None:
    assert remind(stage, 2, weeks.closing(WEEK, stage.programme)) == 0


def test_stopping_a_release_takes_back_its_queued_reminders(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    stop(stage, siti)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_proof_takes_back_what_is_queued(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    siti.sends_photo()
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_the_picture_comes_along_by_reference_or_on_request(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    assert reminders_of(stage, siti)[0].body["with_media"] is True
    change(stage, siti, saver=True)
    remind(stage, 2, MONDAY)
    last = reminders_of(stage, siti)[1]
    assert "with_media" not in last.body
    assert siti.hears()[-1].actions["Lihat gambar"] == "share.media"


def later(stage: Stage, who: Chatter, hours: float) -> datetime | None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        at = stage.now + timedelta(hours=hours)
        return reminders.later(session, person, WEEK, at, stage.now, stage.programme)


def test_one_that_was_asked_for_comes_at_its_time_and_is_one_of_the_two(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    stage.sent()
    assert later(stage, siti, 3) == FRIDAY + timedelta(hours=3)
    assert reminders_of(stage, siti)[1].due_at == FRIDAY + timedelta(hours=3)
    assert later(stage, siti, 5) is None
    assert remind(stage, 2, MONDAY) == 0


def test_one_that_was_asked_for_keeps_the_quiet_hours(stage: Stage, siti: Chatter) -> None:
    stage.now = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)  # 18.00 WIB
    assert later(stage, siti, 3) == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_one_that_was_asked_for_beyond_the_week_is_none(stage: Stage, siti: Chatter) -> None:
    stage.now = weeks.closing(WEEK, stage.programme) - timedelta(hours=2)
    assert later(stage, siti, 3) is None


def test_tomorrow_morning_is_eight_o_clock_here(stage: Stage) -> None:
    late = datetime(2026, 11, 27, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert reminders.tomorrow(late, stage.programme) == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert reminders.tomorrow(late + timedelta(minutes=1), stage.programme) == datetime(
        2026, 11, 29, 1, 0, tzinfo=UTC
    )


def test_not_this_week_never_shortens_a_leave(stage: Stage, siti: Chatter) -> None:
    month = FRIDAY + timedelta(days=30)
    rest(stage, siti, month)
    rest(stage, siti, weeks.closing(WEEK, stage.programme), reminders.WEEK)
    with stage.session() as session:
        assert session.get_one(reminders.Rest, siti.person_id).until == month
    rest(stage, siti, FRIDAY + timedelta(days=3))  # a new leave is the one that counts
    with stage.session() as session:
        assert session.get_one(reminders.Rest, siti.person_id).until == FRIDAY + timedelta(days=3)
