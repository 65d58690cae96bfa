"""Rows of unknown fate on a channel that can be asked: kept back, matched with what it has, then settled."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models import outbox, sending, settling
from models.recording import Outcome
from models.settling import ANY, Listed, Unknown, fingerprint
from tests import windowed
from tests.chat import Stage

NUMBER = "+6281317036688"
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)
GONE = timedelta(minutes=5)


def unknown(number: int, words: str, *, at: int = 0, to: str = NUMBER) -> Unknown:
    when = NOON + timedelta(seconds=at)
    return Unknown(number, f"k{number}", "whatsapp", to, when, fingerprint(to, words))


def listed(name: str, words: str, *, at: int = 1, to: str = NUMBER) -> Listed:
    return Listed(name, to, words, NOON + timedelta(seconds=at))


# -- which message is which row --------------------------------------------------------------------


def test_the_same_words_to_the_same_number_since_then_are_the_row() -> None:
    assert settling.match([unknown(1, "Halo *Siti*\n")], [listed("SM1", "Halo  *Siti*")]) == {1: "SM1"}


def test_other_words_another_number_or_an_earlier_message_are_not() -> None:
    others = [
        listed("SM1", "Halo Budi"),
        listed("SM2", "Halo", to="+62811"),
        listed("SM3", "Halo", at=-30),
    ]
    assert settling.match([unknown(1, "Halo")], others) == {}


def test_clocks_may_differ_by_some_seconds() -> None:
    assert settling.match([unknown(1, "Halo")], [listed("SM1", "Halo", at=-8)]) == {1: "SM1"}


def test_a_message_is_one_rows_at_the_most_and_the_oldest_goes_to_the_oldest() -> None:
    rows = [unknown(2, "Halo", at=5), unknown(1, "Halo")]
    assert settling.match(rows, [listed("SM9", "Halo", at=2)]) == {1: "SM9"}
    messages = [listed("SM2", "Halo", at=6), listed("SM1", "Halo", at=1)]
    assert settling.match(rows, messages) == {1: "SM1", 2: "SM2"}


def test_what_is_another_rows_is_left_out() -> None:
    assert settling.match([unknown(1, "Halo")], [listed("SM1", "Halo")], {"SM1"}) == {}


def test_a_row_without_words_takes_what_those_with_words_leave() -> None:
    rows = [unknown(1, ""), unknown(2, "Halo", at=1)]
    assert rows[0].fingerprint == ANY
    messages = [listed("SM1", "Halo", at=2), listed("SM2", "Yth. Siti", at=3)]
    assert settling.match(rows, messages) == {2: "SM1", 1: "SM2"}


texts = st.sampled_from(["", "Halo", "Apa kabar", "Terima kasih"])


@given(st.lists(st.tuples(texts, st.integers(0, 50)), max_size=8), st.lists(texts, max_size=8))
def test_no_message_is_given_to_two_rows_and_none_to_a_row_of_other_words(
    rows: list[tuple[str, int]], bodies: list[str]
) -> None:
    asked = [unknown(number, words, at=at) for number, (words, at) in enumerate(rows)]
    have = [listed(f"SM{number}", words, at=20) for number, words in enumerate(bodies)]
    found = settling.match(asked, have)
    assert len(set(found.values())) == len(found)
    for row in asked:
        if row.id in found and row.fingerprint != ANY:
            (message,) = [one for one in have if one.external_id == found[row.id]]
            assert fingerprint(NUMBER, message.body) == row.fingerprint


# -- the rows --------------------------------------------------------------------------------------


def begun(stage: Stage, *keys: str, marked: bool = True) -> None:
    """Rows that were handed to the channel when the sender died."""
    windowed.person(stage, "Siti", NUMBER, timedelta(hours=1))
    with stage.session() as session, session.begin():
        for key in keys:
            windowed.write(session, stage.now, key, NUMBER)
    rows = windowed.take(stage)
    with stage.session() as session, session.begin():
        if marked:
            settling.mark(session, {row.id: fingerprint(NUMBER, f"Halo {row.key}") for row in rows})


def crash(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return sending.reclaim(session, stage.now, owners_gone=True)


def asked_about(stage: Stage) -> list[Unknown]:
    with stage.session() as session:
        return settling.unsettled(session, stage.now)


def test_after_a_crash_a_row_is_kept_back_until_the_channel_was_asked(stage: Stage) -> None:
    begun(stage, "a", "b")
    assert crash(stage) == 2
    assert windowed.take(stage) == []
    first, second = asked_about(stage)
    assert (first.key, first.address, first.tried_at) == ("a", NUMBER, stage.now)
    messages = [Listed("SM1", NUMBER, "Halo a", stage.now)]
    found = settling.match([first, second], messages)
    with stage.session() as session, session.begin():
        assert settling.settle(session, stage.now, found, [second.id]) == 2
    assert (windowed.found(stage, "a").status, windowed.found(stage, "a").external_id) == ("sent", "SM1")
    assert windowed.found(stage, "a").resent == 0
    assert [row.key for row in windowed.take(stage)] == ["b"]
    assert windowed.found(stage, "b").resent == 1
    assert asked_about(stage) == []


def test_a_row_that_had_not_been_handed_over_simply_goes_out(stage: Stage) -> None:
    begun(stage, "a", marked=False)
    crash(stage)
    assert [row.key for row in windowed.take(stage)] == ["a"]


def test_a_call_that_broke_off_is_asked_about_when_it_would_be_tried_again(stage: Stage) -> None:
    begun(stage, "a")
    row = windowed.found(stage, "a")
    due = stage.now + timedelta(seconds=5)
    again = Outcome(row.id, row.key, outbox.QUEUED, due_at=due, attempt=1, unknown=True)
    windowed.record(stage, [again])
    assert asked_about(stage) == []
    stage.later(seconds=5)
    assert [one.key for one in asked_about(stage)] == ["a"]
    assert windowed.take(stage) == []


def test_many_calls_that_broke_off_are_written_down_together(stage: Stage) -> None:
    begun(stage, "a", "b")
    rows = [windowed.found(stage, key) for key in ("a", "b")]
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, unknown=True) for row in rows])
    assert [one.key for one in asked_about(stage)] == ["a", "b"]
    assert [windowed.found(stage, key).resent for key in ("a", "b")] == [0, 0]


def test_a_call_that_was_refused_is_not_asked_about(stage: Stage) -> None:
    begun(stage, "a")
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, attempt=1)])
    assert [one.key for one in windowed.take(stage)] == ["a"]


def test_what_followed_a_message_that_had_arrived_goes_on(stage: Stage) -> None:
    begun(stage, "a")
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "b", NUMBER, status=outbox.WAITING, follows="a")
    crash(stage)
    (one,) = asked_about(stage)
    with stage.session() as session, session.begin():
        settling.settle(session, stage.now, {one.id: "SM1"}, [], gap=1.0)
        assert settling.known(session, "whatsapp", ["SM1", "SM2"]) == {"SM1"}
    assert windowed.found(stage, "b").due_at == stage.now + timedelta(seconds=1)


def test_a_row_that_was_taken_back_meanwhile_stays_so(stage: Stage) -> None:
    begun(stage, "a")
    crash(stage)
    (one,) = asked_about(stage)
    with stage.session() as session, session.begin():
        outbox.cancel(session, outbox.Outbound.key == "a", reason="left")
        assert settling.settle(session, stage.now, {}, [one.id]) == 0
    assert windowed.found(stage, "a").status == outbox.CANCELLED


def test_a_row_that_is_kept_back_does_not_expire_before_it_is_known(stage: Stage) -> None:
    begun(stage, "a")
    crash(stage)
    with stage.session() as session, session.begin():
        row = session.query(outbox.Outbound).one()
        row.expires_at = stage.now
        session.flush()
        assert sending.expire(session, stage.now + GONE) == 0


def test_telegram_sends_again_what_it_cannot_be_asked_about(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        outbox.queue(session, stage.now, "t", "telegram", "1", body={"text": "general.back"})
    (row,) = windowed.take(stage)
    assert crash(stage) == 1
    assert windowed.found(stage, "t").resent == 1
    (row,) = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, unknown=True)])
    assert (windowed.found(stage, "t").resent, windowed.found(stage, "t").unsettled) == (2, False)
    assert [one.key for one in windowed.take(stage)] == ["t"]
