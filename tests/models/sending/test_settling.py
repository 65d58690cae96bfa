"""Which of the listed messages are which rows of unknown fate, and what becomes of the rows by that."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.messages import outbox
from models.sending import matching, sending, settling
from models.sending.recording import Outcome
from models.sending.settling import ANY, FILE, Found, Listed, fingerprint
from tests import doubted, setbacks, windowed
from tests.chat import Stage

GONE = timedelta(minutes=5)


# -- which message is which row --------------------------------------------------------------------


def test_the_same_words_to_the_same_number_since_then_are_the_row() -> None:
    assert matching.match([doubted.unknown(1, "Halo *Siti*\n")], [doubted.listed("SM1", "Halo  *Siti*")]) == {
        1: doubted.arrived("SM1")
    }


def test_other_words_another_number_or_an_earlier_message_are_not() -> None:
    others = [
        doubted.listed("SM1", "Halo Budi"),
        doubted.listed("SM2", "Halo", to="+62811"),
        doubted.listed("SM3", "Halo", at=-30),
    ]
    assert matching.match([doubted.unknown(1, "Halo")], others) == {}


def test_clocks_may_differ_by_some_seconds() -> None:
    assert matching.match([doubted.unknown(1, "Halo")], [doubted.listed("SM1", "Halo", at=-8)]) == {
        1: doubted.arrived("SM1")
    }


def test_a_message_is_one_rows_at_the_most_and_the_oldest_goes_to_the_oldest() -> None:
    rows = [doubted.unknown(2, "Halo", at=5), doubted.unknown(1, "Halo")]
    assert matching.match(rows, [doubted.listed("SM9", "Halo", at=2)]) == {1: doubted.arrived("SM9")}
    messages = [doubted.listed("SM2", "Halo", at=6), doubted.listed("SM1", "Halo", at=1)]
    assert matching.match(rows, messages) == {1: doubted.arrived("SM1"), 2: doubted.arrived("SM2")}


def test_what_is_another_rows_is_left_out() -> None:
    assert matching.match([doubted.unknown(1, "Halo")], [doubted.listed("SM1", "Halo")], {"SM1"}) == {}


def test_a_row_without_words_takes_what_those_with_words_leave() -> None:
    rows = [doubted.unknown(1, None), doubted.unknown(2, "Halo", at=1)]
    assert rows[0].marks == (ANY,)
    messages = [doubted.listed("SM1", "Halo", at=2), doubted.listed("SM2", "Yth. Siti", at=3)]
    assert matching.match(rows, messages) == {2: doubted.arrived("SM1"), 1: doubted.arrived("SM2")}


def test_a_file_without_words_is_no_message_without_a_file() -> None:
    row = doubted.unknown(1, "")
    assert row.marks == (FILE,)
    assert matching.match([row], [doubted.listed("SM1", "Halo")]) == {}
    assert matching.match([row], [doubted.listed("MM1", "", file=True)]) == {1: doubted.arrived("MM1")}
    assert matching.match([row], [doubted.listed("MM1", "panduan.pdf", file=True)]) == {
        1: doubted.arrived("MM1")
    }


def test_a_message_in_pieces_has_arrived_when_its_last_one_has() -> None:
    row = doubted.unknown(1, "Satu", "Dua", "Tiga")
    first, second = doubted.listed("SM1", "Satu"), doubted.listed("SM2", "Dua", at=2)
    assert matching.match([row], [second, first]) == {1: Found(("SM1", "SM2"), whole=False)}
    last = doubted.listed("SM3", "Tiga", at=3)
    assert matching.match([row], [last, second, first]) == {1: doubted.arrived("SM1", "SM2", "SM3")}


def test_what_was_out_before_is_not_looked_for_again() -> None:
    row = doubted.unknown(1, "Satu", "Dua", out=("SM1",))
    assert matching.match([row], [doubted.listed("SM1", "Satu")], {"SM1"}) == {}
    assert matching.match([row], [doubted.listed("SM2", "Dua")]) == {1: doubted.arrived("SM1", "SM2")}


def test_a_piece_that_is_not_recognised_is_out_where_a_later_one_is() -> None:
    rows = [doubted.unknown(1, "Satu", "Dua")]
    messages = [doubted.listed("SM1", "changed on the way"), doubted.listed("SM2", "Dua", at=2)]
    assert matching.match(rows, messages) == {1: doubted.arrived("", "SM2")}


def test_a_picture_that_took_its_words_along_is_one_message() -> None:
    captioned = doubted.listed("MM1", "Halo", file=True)
    assert matching.match([doubted.unknown(1, "", "Halo")], [captioned]) == {1: doubted.arrived("", "MM1")}


texts = st.sampled_from(["", None, "Halo", "Apa kabar", "Terima kasih"])
rows_of_texts = st.lists(st.tuples(st.lists(texts, min_size=1, max_size=3), st.integers(0, 50)), max_size=8)


@given(rows_of_texts, st.lists(st.sampled_from(["", "Halo", "Apa kabar", "Terima kasih"]), max_size=12))
def test_no_message_is_given_to_two_pieces_and_none_to_one_of_other_words(
    rows: list[tuple[list[str | None], int]], bodies: list[str]
) -> None:
    asked = [doubted.unknown(number, *words, at=at) for number, (words, at) in enumerate(rows)]
    have = {f"SM{number}": doubted.listed(f"SM{number}", words, at=20) for number, words in enumerate(bodies)}
    found = matching.match(asked, list(have.values()))
    given_ = [name for one in found.values() for name in one.names if name]
    assert len(set(given_)) == len(given_)
    for row in asked:
        if row.id not in found:
            continue
        one = found[row.id]
        assert one.names[-1]
        assert one.whole == (len(one.names) == len(row.marks))
        for mark, name in zip(row.marks, one.names, strict=False):
            if name and mark not in (ANY, FILE):
                assert fingerprint(doubted.NUMBER, have[name].body) == mark
            if name and mark == FILE:
                assert have[name].body == ""


# -- the rows --------------------------------------------------------------------------------------


def test_after_a_crash_a_row_is_kept_back_until_the_channel_was_asked(stage: Stage) -> None:
    doubted.begun(stage, "a", "b")
    assert doubted.crash(stage) == 2
    assert windowed.take(stage) == []
    first, second = doubted.asked_about(stage)
    assert (first.key, first.address, first.tried_at) == ("a", doubted.NUMBER, stage.now)
    assert first.doubted_at == stage.now
    messages = [Listed("SM1", doubted.NUMBER, "Halo a", stage.now)]
    found = matching.match([first, second], messages)
    with stage.session() as session, session.begin():
        assert settling.settle(session, stage.now, found, [second.id]) == 2
    assert (windowed.found(stage, "a").status, windowed.found(stage, "a").external_id) == ("sent", "SM1")
    assert windowed.found(stage, "a").resent == 0
    assert [row.key for row in windowed.take(stage)] == ["b"]
    assert windowed.found(stage, "b").resent == 1
    assert doubted.asked_about(stage) == []


def test_a_row_that_had_not_been_handed_over_simply_goes_out(stage: Stage) -> None:
    doubted.begun(stage, "a", marked=False)
    doubted.crash(stage)
    assert [row.key for row in windowed.take(stage)] == ["a"]
    assert windowed.found(stage, "a").resent == 0, "it did not go out before"


def test_a_call_that_broke_off_is_asked_about_when_it_would_be_tried_again(stage: Stage) -> None:
    doubted.begun(stage, "a")
    row = windowed.found(stage, "a")
    due = stage.now + timedelta(seconds=5)
    again = Outcome(row.id, row.key, outbox.QUEUED, due_at=due, attempt=1, unknown=True)
    windowed.record(stage, [again])
    assert doubted.asked_about(stage) == []
    stage.later(seconds=5)
    assert [one.key for one in doubted.asked_about(stage)] == ["a"]
    assert windowed.take(stage) == []


def test_many_calls_that_broke_off_are_written_down_together(stage: Stage) -> None:
    doubted.begun(stage, "a", "b")
    rows = [windowed.found(stage, key) for key in ("a", "b")]
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, unknown=True) for row in rows])
    assert [one.key for one in doubted.asked_about(stage)] == ["a", "b"]
    assert [windowed.found(stage, key).resent for key in ("a", "b")] == [0, 0]


def test_a_call_that_was_refused_is_not_asked_about(stage: Stage) -> None:
    doubted.begun(stage, "a")
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, attempt=1)])
    assert [one.key for one in windowed.take(stage)] == ["a"]


def test_what_followed_a_message_that_had_arrived_goes_on(stage: Stage) -> None:
    doubted.begun(stage, "a")
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "b", doubted.NUMBER, status=outbox.WAITING, follows="a")
    doubted.crash(stage)
    (one,) = doubted.asked_about(stage)
    assert doubted.settle(stage, {one.id: doubted.arrived("SM1")}, [], gap=1.0) == 1
    with stage.session() as session:
        assert settling.known(session, "whatsapp", ["SM1", "SM2"]) == {"SM1"}
    assert windowed.found(stage, "b").due_at == stage.now + timedelta(seconds=1)


def test_a_row_that_was_taken_back_meanwhile_stays_so(stage: Stage) -> None:
    doubted.begun(stage, "a")
    doubted.crash(stage)
    (one,) = doubted.asked_about(stage)
    with stage.session() as session, session.begin():
        outbox.cancel(session, outbox.Outbound.key == "a", reason="left")
        assert settling.settle(session, stage.now, {}, [one.id]) == 0
    assert windowed.found(stage, "a").status == outbox.CANCELLED


def test_a_row_that_is_kept_back_does_not_expire_before_it_is_known(stage: Stage) -> None:
    doubted.begun(stage, "a")
    doubted.crash(stage)
    with stage.session() as session, session.begin():
        row = session.query(outbox.Outbound).one()
        row.expires_at = stage.now
        session.flush()
        assert sending.expire(session, stage.now + GONE) == 0


# -- the other channel -----------------------------------------------------------------------------


def test_telegram_sends_again_what_it_cannot_be_asked_about(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        outbox.queue(session, stage.now, "t", "telegram", "1", body={"text": "general.back"})
    (row,) = windowed.take(stage)
    assert doubted.crash(stage) == 1
    assert windowed.found(stage, "t").resent == 1
    (row,) = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, due_at=stage.now, unknown=True)])
    assert (windowed.found(stage, "t").resent, windowed.found(stage, "t").unsettled) == (2, False)
    assert [one.key for one in windowed.take(stage)] == ["t"]


def test_the_dead_message_is_not_taken_for_the_one_that_came_after_it(stage: Stage) -> None:
    number = setbacks.a_notice(stage)
    dead = Listed(f"SM{number}", doubted.NUMBER, "Halo", stage.now)
    setbacks.report(stage, number, setbacks.NOW)
    stage.later(seconds=5)
    (row,) = windowed.take(stage)
    with stage.session() as session, session.begin():
        settling.mark(session, {row.id: [settling.fingerprint(doubted.NUMBER, "Halo")]})
    windowed.record(stage, [Outcome(row.id, row.key, outbox.QUEUED, unknown=True)])
    new = replace(dead, external_id="SMnew", created_at=stage.now)
    with stage.session() as session:
        unknown = settling.of(session, "whatsapp", doubted.NUMBER)
        taken = settling.known(session, "whatsapp", {"SMnew", dead.external_id})
    assert taken == {dead.external_id}
    assert matching.match(unknown, [dead], taken) == {}
    assert matching.match(unknown, [dead, new], taken) == {number: Found(("SMnew",), whole=True)}
