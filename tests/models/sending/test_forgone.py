"""Messages in pieces, some of which are out; rows about which nobody answers, or that had their tries."""

from datetime import timedelta

from models.messages import outbox, pieces
from models.people import people
from models.releases import rerouting
from models.sending import forgone, matching, settling
from models.sending.recording import Outcome
from models.sending.settling import BOUND, Found, Listed, fingerprint
from tests import doubted, windowed
from tests.chat import Stage

SURE = timedelta(minutes=1)


# -- messages in pieces ----------------------------------------------------------------------------


def test_after_a_crash_in_the_middle_only_what_is_not_out_goes_out(stage: Stage) -> None:
    one = doubted.in_pieces(stage, "Satu", "Dua", "Tiga")
    found = matching.match([one], [Listed("SM1", doubted.NUMBER, "Satu", stage.now)])
    assert doubted.settle(stage, found, []) == 0
    assert windowed.take(stage) == [], "the others may still be on their way"
    (again,) = doubted.asked_about(stage)
    assert again.out == ("SM1",)
    stage.later(minutes=2)
    assert doubted.settle(stage, {}, [one.id]) == 1
    (row,) = windowed.take(stage)
    assert row.pieces == "SM1"
    assert windowed.found(stage, "a").resent == 1


def test_pieces_that_are_found_later_are_added_to_those_that_were(stage: Stage) -> None:
    one = doubted.in_pieces(stage, "Satu", "Dua")
    doubted.settle(stage, {one.id: Found(("SM1",), whole=False)}, [])
    (again,) = doubted.asked_about(stage)
    found = matching.match([again], [Listed("SM2", doubted.NUMBER, "Dua", stage.now)])
    assert doubted.settle(stage, found, []) == 1
    row = windowed.found(stage, "a")
    assert (row.status, row.external_id, row.pieces) == (outbox.SENT, "SM2", "SM1,SM2")
    with stage.session() as session:
        assert settling.known(session, "whatsapp", ["SM1", "SM2", "SM3"]) == {"SM1", "SM2"}


def test_pieces_of_an_attempt_that_failed_are_kept_for_the_next_one(stage: Stage) -> None:
    doubted.begun(stage, "a")
    row = windowed.found(stage, "a")
    windowed.record(
        stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, attempt=1, pieces=("SM1",))]
    )
    (again,) = windowed.take(stage)
    assert pieces.split(again.pieces) == ("SM1",)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now)])
    (again,) = windowed.take(stage)
    assert again.pieces == "SM1", "an error of another kind says nothing about them"
    windowed.record(stage, [Outcome(row.id, row.key, outbox.SENT, "SM2", pieces=("SM1", "SM2"))])
    row = windowed.found(stage, "a")
    assert (row.external_id, row.pieces) == ("SM2", "SM1,SM2")


# -- those about which nobody answers --------------------------------------------------------------


def test_rows_are_asked_about_at_growing_intervals_and_when_an_answer_is_certain(stage: Stage) -> None:
    doubted.begun(stage, "a")
    doubted.crash(stage)
    asked = []
    began = stage.now
    while stage.now < began + timedelta(minutes=30):
        if rows := doubted.asked_about(stage):
            asked.append(int((stage.now - began).total_seconds()))
            with stage.session() as session, session.begin():
                settling.later(session, stage.now, rows, SURE)
        stage.later(seconds=1)
    assert asked == [0, 5, 10, 20, 40, 60, 120, 240, 480, 960]


def test_conversations_that_are_never_settled_keep_back_no_other(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        for nth in range(60):
            windowed.write(session, stage.now, f"k{nth:02}", f"+62811{nth:02}")
        session.flush()
        for row in session.query(outbox.Outbound):
            row.unsettled, row.fingerprint = True, "x"
            row.tried_at = row.doubted_at = stage.now
    seen = set()
    for _ in range(2):
        with stage.session() as session, session.begin():
            due = settling.unsettled(session, stage.now)
            assert len(due) <= 50
            for channel, address, since in due:
                assert since == stage.now
                seen.add(address)
                settling.later(session, stage.now, settling.of(session, channel, address), SURE)
    assert len(seen) == 60


def test_what_nobody_answers_about_for_an_hour_goes_out_again_and_is_counted(stage: Stage) -> None:
    doubted.begun(stage, "a")
    doubted.crash(stage)
    stage.now += BOUND - timedelta(seconds=1)
    assert doubted.silent(stage) == 0
    stage.later(seconds=1)
    assert doubted.silent(stage) == 1
    row = windowed.found(stage, "a")
    assert (row.status, row.resent, row.unsettled, row.doubted_at) == (outbox.QUEUED, 1, False, None)
    assert [one.key for one in windowed.take(stage)] == ["a"]
    assert doubted.silent(stage) == 0


def test_what_nobody_answers_about_and_is_too_late_ends_and_says_why(stage: Stage) -> None:
    doubted.begun(stage, "a", "b")
    doubted.crash(stage)
    with stage.session() as session, session.begin():
        for row in session.query(outbox.Outbound):
            row.expires_at = stage.now + timedelta(minutes=10)
    stage.now += BOUND
    assert doubted.silent(stage) == 2
    for key in ("a", "b"):
        row = windowed.found(stage, key)
        assert (row.status, row.reason, row.resent) == (outbox.EXPIRED, forgone.UNKNOWN, 0)


def test_what_never_arrived_and_is_too_late_ends_like_any_other(stage: Stage) -> None:
    doubted.begun(stage, "a")
    doubted.crash(stage)
    with stage.session() as session, session.begin():
        row = session.query(outbox.Outbound).one()
        row.expires_at = stage.now
        number = row.id
    assert doubted.settle(stage, {}, [number]) == 1
    found = windowed.found(stage, "a")
    assert (found.status, found.reason, found.unsettled) == (outbox.EXPIRED, "too late", False)


def test_what_was_tried_as_often_as_it_may_be_fails_once_it_is_known_not_to_have_arrived(
    stage: Stage,
) -> None:
    doubted.begun(stage, "a")
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "b", doubted.NUMBER, status=outbox.WAITING, follows="a")
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, attempt=1, unknown=True)])
    assert windowed.found(stage, "b").status == outbox.WAITING
    with stage.session() as session, session.begin():
        assert forgone.failed(session, stage.now, {row.id}, "why") == 1
    found = windowed.found(stage, "a")
    assert (found.status, found.reason, found.error) == (outbox.FAILED, "channel", "why")
    assert windowed.found(stage, "b").status == outbox.CANCELLED


def test_an_hour_without_an_answer_ends_what_was_tried_as_often_as_it_may_be(stage: Stage) -> None:
    doubted.begun(stage, "a")
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, attempt=1, unknown=True)])
    stage.now += BOUND
    assert doubted.silent(stage, attempts=1) == 1
    assert windowed.found(stage, "a").status == outbox.FAILED


def test_whoever_stops_us_takes_nothing_to_the_other_channel_that_may_have_arrived(stage: Stage) -> None:
    who = windowed.person(stage, "Siti", doubted.NUMBER, timedelta(hours=1))
    with stage.session() as session, session.begin():
        person = session.get_one(people.Person, who.person_id)
        people.link(session, people.meet(session, "telegram", "77", "Siti", stage.now), person, stage.now)
        for key in ("a", "b"):
            windowed.write(session, stage.now, key, doubted.NUMBER, person_id=who.person_id)
    windowed.take(stage)
    row = windowed.found(stage, "a")
    with stage.session() as session, session.begin():
        settling.mark(session, {row.id: [fingerprint(doubted.NUMBER, "Halo")]})
    doubted.crash(stage)
    with stage.session() as session, session.begin():
        rerouting.blocked(session, stage.now, "whatsapp", doubted.NUMBER)
    assert windowed.found(stage, "b").channel == "telegram"
    found = windowed.found(stage, "a")
    assert (found.channel, found.status, found.unsettled) == ("whatsapp", outbox.QUEUED, True)
