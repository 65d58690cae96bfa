"""Reminders: a table of who gets one, and the promises that hold whatever happens."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from bot.texts import rendering
from models import (
    asked,
    batching,
    inspections,
    occasions,
    outbox,
    people,
    proofs,
    recording,
    releases,
    reminders,
    sending,
    shares,
    standings,
    verdicts,
    weeks,
)
from models.outbox import Outbound
from models.people import Person
from models.post import Post
from models.programme import Programme, WeekTime
from models.releases import FINISHED, Release
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
        number = session.scalar(select(func.count()).select_from(shares.Evidence))
        taken = proofs.receive(session, person, about, stage.now, source=f"s{number}", kind="photo")
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


Happening = Callable[[Stage, Chatter], object]


def both(*happenings: Happening) -> Happening:
    def happens(stage: Stage, who: Chatter) -> None:
        for one in happenings:
            one(stage, who)

    return happens


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


def past(*weeks_: str) -> Happening:
    """Earlier weeks, the newest last: "proved", "received" and nothing shown, "nothing" received, or the
    state of what was sent."""

    def happens(stage: Stage, who: Chatter) -> None:
        item = scene.cards(stage, who)[0].item_id
        with stage.session() as session, session.begin():
            person = session.get_one(Person, who.person_id)
            for back, what in enumerate(reversed(weeks_), 1):
                week = weeks.shift(WEEK, -back)
                opens, closes = weeks.opening(week, stage.programme), weeks.closing(week, stage.programme)
                release = Release(week=week, started_at=opens, closes_at=closes, status=FINISHED)
                session.add(release)
                session.flush()
                if what == "nothing":
                    continue
                outbox.queue(
                    session, opens, f"past:{week}:{person.id}", "telegram", "0", Post("x"), part="card",
                    person_id=person.id, release_id=release.id, item_id=item, status=outbox.SENT,
                )  # fmt: skip
                if what != "received":
                    status = standings.ACCEPTED if what == "proved" else what
                    session.add(
                        shares.Share(
                            person_id=person.id, opd_id=person.opd_id, item_id=item, week=week,
                            platform="facebook", status=status, late=False, at=opens, updated_at=opens,
                        )
                    )  # fmt: skip

    return happens


def sent(*statuses: str) -> Happening:
    """Shares of this week, one after the other, that ended up in these states."""

    def happens(stage: Stage, who: Chatter) -> None:
        for status in statuses:
            prove(stage, who, status)

    return happens


def becomes(status: str) -> Happening:
    """What becomes of the newest share."""

    def happens(stage: Stage, who: Chatter) -> None:
        with stage.session() as session, session.begin():
            query = select(shares.Share).where(shares.Share.person_id == who.person_id)
            share = session.scalars(query.order_by(shares.Share.id.desc())).first()
            assert share is not None
            share.status = status

    return happens


def leave(until: datetime) -> Happening:
    return lambda stage, who: rest(stage, who, until)


def not_this_week(stage: Stage, who: Chatter) -> None:
    rest(stage, who, weeks.closing(WEEK, stage.programme), reminders.WEEK)


def back(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        assert reminders.resume(session, session.get_one(Person, who.person_id))


def asks(stage: Stage, who: Chatter) -> None:
    assert later(stage, who, 5) is not None
    stage.sent()


def leaves(stage: Stage, who: Chatter) -> None:
    change(stage, who, active=False)


def withdraws_consent(stage: Stage, who: Chatter) -> None:
    change(stage, who, joined_at=None)


def does_nothing(_stage: Stage, _who: Chatter) -> None:
    pass


STEADILY = past("proved", "proved", "proved", "proved")
TUESDAY = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
NONE = ""
# The rules: what somebody did before Friday's reminder, between it and Monday's, and which text each is.
RULES: list[tuple[str, Happening, Happening, str, str]] = [
    # How they have taken part so far.
    ("never took part", does_nothing, does_nothing, "never_first", "never_last"),
    ("received, never showed any", past(*["received"] * 5), does_nothing, "never_first", "never_last"),
    ("took back the only one", past("withdrawn"), does_nothing, "never_first", "never_last"),
    ("only ever said sudah", past("claimed", "claimed"), does_nothing, "never_first", "never_last"),
    ("once, long ago", past("proved", *["received"] * 5), does_nothing, "sometimes_first", "sometimes_last"),
    ("tried, and was rejected", past("rejected"), does_nothing, "sometimes_first", "sometimes_last"),
    ("three weeks, not yet steady", past(*["proved"] * 3), does_nothing, "sometimes_first", "sometimes_last"),
    ("missed the last", past(*["proved"] * 4, "received"), does_nothing, "sometimes_first", "sometimes_last"),
    ("missed one of four", past("proved", "received", "proved", "proved", "proved"), does_nothing,
     "sometimes_first", "sometimes_last"),
    ("the last four weeks", STEADILY, does_nothing, "always_first", "always_last"),
    ("four since a gap", past("received", *["proved"] * 4), does_nothing, "always_first", "always_last"),
    ("received nothing in between", past("proved", "proved", "nothing", "proved", "proved"), does_nothing,
     "always_first", "always_last"),
    # What they did this week.
    ("said sudah, new", sent("claimed"), does_nothing, "never_first_claimed", "never_last_claimed"),
    ("said sudah, at times", both(past("proved"), sent("claimed")), does_nothing,
     "sometimes_first_claimed", "sometimes_last_claimed"),
    ("said sudah, always", both(STEADILY, sent("claimed")), does_nothing,
     "always_first_claimed", "always_last_claimed"),
    ("said sudah after the first", does_nothing, sent("claimed"), "never_first", "never_last_claimed"),
    ("showed it", sent("received"), does_nothing, NONE, NONE),
    ("showed it, accepted", sent("accepted"), does_nothing, NONE, NONE),
    ("showed it after the first", does_nothing, sent("received"), "never_first", NONE),
    ("was rejected", sent("rejected"), does_nothing, "rejected_first", "rejected_last"),
    ("was rejected, though steady", both(STEADILY, sent("rejected")), does_nothing,
     "rejected_first", "rejected_last"),
    ("was rejected, said sudah again", sent("rejected", "claimed"), does_nothing,
     "rejected_first", "rejected_last"),
    ("was rejected, sent a new one", sent("rejected", "received"), does_nothing, NONE, NONE),
    ("appeals", sent("appealed"), does_nothing, NONE, NONE),
    ("appeals, was rejected again", sent("appealed"), becomes("rejected"), NONE, "rejected_last"),
    ("showed it, rejected afterwards", sent("received"), becomes("rejected"), NONE, "rejected_last"),
    ("showed it, took it back", sent("received"), becomes("withdrawn"), NONE, "never_last"),
    # What they asked for.
    ("on leave", leave(TUESDAY), does_nothing, NONE, NONE),
    ("on leave over the weekend", leave(FRIDAY + timedelta(days=2)), does_nothing, NONE, "never_last"),
    ("leave that is over", leave(FRIDAY - timedelta(hours=1)), does_nothing, "never_first", "never_last"),
    ("leave after the first", does_nothing, leave(TUESDAY), "never_first", NONE),
    ("back earlier", leave(TUESDAY), back, NONE, "never_last"),
    ("not this week", not_this_week, does_nothing, NONE, NONE),
    ("not this week, after all", not_this_week, back, NONE, "never_last"),
    ("later: that was the second", does_nothing, asks, "never_first", NONE),
    # Who cannot be, or is not to be reminded at all.
    ("never received it", not_received, does_nothing, NONE, NONE),
    ("left the service", leaves, does_nothing, NONE, NONE),
    ("withdrew the consent", withdraws_consent, does_nothing, NONE, NONE),
    ("blocked us", block, does_nothing, NONE, NONE),
    ("blocked us after the first", does_nothing, block, "never_first", NONE),
    ("the release was stopped", stop, does_nothing, NONE, NONE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "between", "first", "last"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES]
)
def test_who_is_reminded_and_how(
    stage: Stage, siti: Chatter, before: Happening, between: Happening, first: str, last: str
) -> None:
    before(stage, siti)
    assert remind(stage, 1, FRIDAY) == bool(first)
    assert texts(stage, siti)[:1] == ([f"reminding.{first}"] if first else [])
    stage.sent()
    between(stage, siti)
    known = len(texts(stage, siti))
    assert remind(stage, 2, MONDAY) == bool(last)
    assert texts(stage, siti)[known:] == ([f"reminding.{last}"] if last else [])


def texts(stage: Stage, who: Chatter) -> list[str]:
    return [row.body["text"] for row in reminders_of(stage, who)]


def test_every_text_of_a_reminder_is_in_the_table_and_can_be_said() -> None:
    rows = {text for rule in RULES for text in rule[3:] if text}
    assert len(rows) == 14
    about = {"closes": "2026-12-02T00:30:00+00:00", "title": "Imunisasi gratis"}
    said = [
        rendering.render(f"reminding.{name}", about, markup="plain", zone="Asia/Jakarta") for name in rows
    ]
    assert len(set(said)) == len(rows)
    for text in said:
        assert "Imunisasi gratis" in text
        assert "Rabu, 2 Desember 2026, 07.30 WIB" in text
        assert len(text) < 420  # a screen of a small phone
        assert not re.search(r"\b(belum pernah|tidak pernah|malas|wajib|harus|sanksi|gagal)\b", text)


def test_who_said_sudah_is_not_asked_again_whether_they_have_shared(stage: Stage, siti: Chatter) -> None:
    prove(stage, siti, standings.CLAIMED)
    remind(stage)
    assert list(siti.hears()[-1].actions) == ["Nanti", "Sedang cuti", "Jangan minggu ini"]


def test_leave_that_ends_brings_nothing_of_weeks_that_closed(stage: Stage, siti: Chatter) -> None:
    rest(stage, siti, weeks.closing(WEEK, stage.programme) + timedelta(days=1))
    assert remind(stage) == 0
    stage.now = weeks.closing(WEEK, stage.programme) + timedelta(days=2)
    assert remind(stage, 2, stage.now) == 0
    assert reminders_of(stage, siti) == []


# -- on its way ------------------------------------------------------------------------------------


def claim_row(stage: Stage) -> list[sending.Claimed]:
    with stage.session() as session, session.begin():
        return sending.claim(session, stage.now, "me", stage.now + timedelta(minutes=1), limit=5, bulk=5)


OVER: list[tuple[str, Happening]] = [
    ("proof", lambda _stage, who: who.sends_photo() and None),
    ("leave", leave(TUESDAY)),
    ("not this week", not_this_week),
]


@pytest.mark.parametrize("happens", [over[1] for over in OVER], ids=[over[0] for over in OVER])
@pytest.mark.parametrize("end", ["surrender", "reclaim", "retry"])
def test_one_that_the_sender_has_in_its_hands_is_not_tried_again(
    stage: Stage, siti: Chatter, happens: Happening, end: str
) -> None:
    remind(stage)
    (row,) = claim_row(stage)
    happens(stage, siti)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.SENDING]
    stage.later(minutes=5)
    with stage.session() as session, session.begin():
        if end == "surrender":
            sending.surrender(session, stage.now, "me")
        elif end == "reclaim":
            sending.reclaim(session, stage.now)
        else:
            again = recording.Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, unknown=True)
            assert recording.record(session, stage.now, "me", [again], gap=1.0) == 1
        sending.expire(session, stage.now)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.EXPIRED]


def test_proofs_that_come_together_take_back_together(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    with stage.session() as session, session.begin():
        for number in (siti.person_id or 0, 999, siti.person_id or 0):
            reminders.proved(session, number, WEEK)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_one_that_was_sent_all_the_same_counts(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    (row,) = claim_row(stage)
    siti.sends_photo()
    with stage.session() as session, session.begin():
        recording.record(session, stage.now, "me", [recording.Outcome(row.id, row.key, outbox.SENT)], gap=1.0)
    (row_now,) = reminders_of(stage, siti)
    assert (row_now.status, row_now.reason) == (outbox.SENT, "")


def test_an_appeal_takes_back_what_is_queued(stage: Stage, siti: Chatter) -> None:
    with stage.session() as session, session.begin():
        reminders.proved(session, siti.person_id or 0, WEEK)  # nothing is queued yet: nothing happens
        batching.carry_out(session)
    prove(stage, siti, standings.REJECTED)
    remind(stage)
    with stage.session() as session, session.begin():
        share = session.scalars(select(shares.Share)).one()
        person = session.get_one(Person, siti.person_id)
        look = inspections.Inspection(
            share_id=share.id, opd_id=share.opd_id, why="doubt", words="", opened_at=stage.now,
            decided_at=stage.now, decision="reject", reason="unreadable", note="",
        )  # fmt: skip
        session.add(look)
        session.flush()
        verdicts.appeal(session, share, person, "Itu unggahan saya.", stage.now, stage.programme)
        batching.carry_out(session)
    assert [row.status for row in reminders_of(stage, siti)] == [outbox.CANCELLED]


def test_a_repeated_job_reminds_nobody_twice(stage: Stage, siti: Chatter) -> None:
    assert (remind(stage), remind(stage)) == (1, 0)


def test_the_last_reminder_has_other_words(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    remind(stage, 2, MONDAY)
    first, last = (heard.text for heard in siti.hears()[-2:])
    assert first.startswith("Ada konten baru dari kantor Anda:\nImunisasi gratis")
    assert last.startswith("Masih ada waktu untuk ikut minggu ini:\nImunisasi gratis")
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


def test_one_that_was_kept_back_until_the_evening_does_not_come_at_night(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    assert reminders_of(stage, siti)[0].expires_at == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)  # 20.00 WIB
    with stage.session() as session, session.begin():
        sending.expire(session, datetime(2026, 11, 27, 13, 0, tzinfo=UTC))
    assert remind(stage, 2, MONDAY) == 1  # and it does not count


def test_one_that_is_still_queued_when_the_week_closes_expires_with_it(stage: Stage, siti: Chatter) -> None:
    closes = weeks.closing(WEEK, stage.programme)
    remind(stage, 2, closes - timedelta(minutes=20))
    assert reminders_of(stage, siti)[0].expires_at == closes


def test_there_is_none_where_the_week_is_over_before_the_quiet_hours_are(stage: Stage, siti: Chatter) -> None:
    early = Programme(opens=WeekTime(2, time(6, 30)), digest=WeekTime(2, time(6, 30)))
    with stage.session() as session, session.begin():
        release = releases.of_week(session, WEEK)
        assert release is not None
        release.closes_at = weeks.closing(WEEK, early)
        assert reminders.send(session, WEEK, 2, release.closes_at - timedelta(hours=2), early) == 0


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
        return asked.later(session, person, WEEK, at, stage.now, stage.programme)


def test_one_that_was_asked_for_comes_at_its_time_and_is_one_of_the_two(stage: Stage, siti: Chatter) -> None:
    remind(stage)
    stage.sent()
    assert later(stage, siti, 3) == FRIDAY + timedelta(hours=3)
    assert reminders_of(stage, siti)[1].due_at == FRIDAY + timedelta(hours=3)
    assert later(stage, siti, 5) == FRIDAY + timedelta(hours=5)  # the same one, moved
    assert [row.due_at for row in reminders_of(stage, siti)[1:]] == [FRIDAY + timedelta(hours=5)]
    assert remind(stage, 2, MONDAY) == 0
    stage.sent()
    assert later(stage, siti, 5) is None


def test_one_that_was_asked_for_keeps_the_quiet_hours(stage: Stage, siti: Chatter) -> None:
    stage.now = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)  # 18.00 WIB
    assert later(stage, siti, 3) == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_one_that_was_asked_for_beyond_the_week_is_none(stage: Stage, siti: Chatter) -> None:
    stage.now = weeks.closing(WEEK, stage.programme) - timedelta(hours=2)
    assert later(stage, siti, 3) is None


def test_tomorrow_morning_is_eight_o_clock_here(stage: Stage) -> None:
    late = datetime(2026, 11, 27, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert occasions.tomorrow(late, stage.programme) == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
    assert occasions.tomorrow(late + timedelta(minutes=1), stage.programme) == datetime(
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
