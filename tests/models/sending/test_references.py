"""A report that brings our own name of a message back: it settles what nobody knew, and nothing else."""

from datetime import timedelta

import pytest

from models.messages import outbox, pieces
from models.messages.outbox import Outbound
from models.people.people import Account
from models.sending import callbacks, references, reported, settling
from models.sending.callbacks import Applied, Report, Rules
from models.sending.recording import Outcome
from models.sending.references import Reference
from models.sending.setbacks import Kind, Verdict
from tests import doubted, windowed
from tests.chat import Stage
from tests.doubted import NUMBER

RULES = Rules({"63024": Verdict(Kind.FINAL, "number"), "63012": Verdict(Kind.AGAIN, "channel")})
LATER = timedelta(seconds=2)


def ref(stage: Stage, piece: int = 1, number: int = 1, key: str = "a") -> str:
    return references.of_piece(references.of(windowed.found(stage, key).id, key), piece, number)


def report(
    stage: Stage, reference: str, name: str = "SM1", status: str = "sent", code: str = "", to: str = NUMBER
) -> None:
    with stage.session() as session, session.begin():
        callbacks.note(session, stage.now, "whatsapp", [Report(name, status, code, reference, to)])


def apply(stage: Stage) -> Applied:
    with stage.session() as session, session.begin():
        return callbacks.apply(session, stage.now, 100, RULES)


def applied(stage: Stage) -> int:
    """As the loop does: until nothing is to be done now; how many rows were settled."""
    settled = 0
    while (done := apply(stage)).met + done.named:
        settled += done.settled
    return settled


def in_doubt(stage: Stage, pieces_: int = 1) -> None:
    """The sender died while this message was under way."""
    doubted.begun(stage, "a", marked=False)
    mark(stage, pieces_)
    doubted.crash(stage)
    assert windowed.found(stage, "a").unsettled


def mark(stage: Stage, number: int = 1) -> None:
    with stage.session() as session, session.begin():
        marks = [settling.fingerprint(NUMBER, f"Halo {nth}") for nth in range(number)]
        settling.mark(session, {windowed.found(stage, "a").id: marks})


def state(stage: Stage) -> tuple[str, str, str, bool]:
    row = windowed.found(stage, "a")
    return row.status, row.external_id, row.delivery, row.unsettled


def test_a_reference_says_which_row_and_which_piece_and_nothing_else_is_one() -> None:
    written = references.of_piece(references.of(47, "release:17:person:934"), 2, 3)
    found = references.read(written)
    assert found == Reference(47, written.split("-")[1], 2, 3)
    assert len(written) < 24
    assert "934" not in written.split("-")[1:2]
    for wrong in ("", "x", "2f", references.of(47, "a"), "2f-0123456789-0-1", "2f-0123456789-3-2",
                  f"{written}-1", f" {written}", "zz-0123456789-1-1"):  # fmt: skip
        assert references.read(wrong) is None, wrong


def test_the_first_report_on_a_message_of_unknown_fate_settles_it_at_once(stage: Stage) -> None:
    in_doubt(stage)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "b", NUMBER, follows="a", status=outbox.WAITING)
    report(stage, ref(stage))
    assert applied(stage) == 1
    assert state(stage) == (outbox.SENT, "SM1", reported.SENT_ON, False)
    assert windowed.found(stage, "a").resent == 0
    assert windowed.found(stage, "b").status == outbox.QUEUED
    assert [row.key for row in windowed.take(stage)] == ["b"], "nothing goes out twice"


def test_reports_in_any_order_leave_the_same(stage: Stage) -> None:
    in_doubt(stage)
    for status in ("read", "delivered", "sent"):
        report(stage, ref(stage), status=status)
    assert applied(stage) == 1
    assert state(stage) == (outbox.SENT, "SM1", reported.READ, False)


def test_a_first_report_that_it_failed_ends_it_or_has_another_try_as_its_code_says(stage: Stage) -> None:
    in_doubt(stage)
    report(stage, ref(stage), status="undelivered", code="63024")
    applied(stage)
    row = windowed.found(stage, "a")
    assert (row.status, row.reason, row.unsettled) == (outbox.FAILED, "number", False)


def test_a_report_that_comes_before_our_answer_waits_for_it(stage: Stage) -> None:
    doubted.begun(stage, "a")
    report(stage, ref(stage), status="delivered")
    assert applied(stage) == 0
    assert windowed.found(stage, "a").status == outbox.SENDING
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, "a", outbox.SENT, "SM1")])
    stage.now += LATER
    applied(stage)
    assert state(stage) == (outbox.SENT, "SM1", reported.DELIVERED, False)


def test_a_report_that_comes_before_the_sender_dies_settles_its_row_soon_after(stage: Stage) -> None:
    doubted.begun(stage, "a")
    report(stage, ref(stage))
    for _ in range(10):  # however long the call takes
        assert applied(stage) == 0
        stage.now += LATER
    doubted.crash(stage)
    assert applied(stage) == 1
    assert state(stage)[:2] == (outbox.SENT, "SM1")


def test_of_a_message_in_pieces_it_is_known_which_are_out(stage: Stage) -> None:
    in_doubt(stage, 3)
    report(stage, ref(stage, 2, 3), "SM2")
    assert applied(stage) == 0
    row = windowed.found(stage, "a")
    assert (row.status, row.pieces, row.unsettled) == (outbox.QUEUED, ",SM2", True)
    report(stage, ref(stage, 1, 3), "SM1")
    applied(stage)
    assert windowed.found(stage, "a").pieces == "SM1,SM2"
    report(stage, ref(stage, 3, 3), "SM3")
    assert applied(stage) == 1
    row = windowed.found(stage, "a")
    assert (row.status, row.pieces, row.external_id) == (outbox.SENT, "SM1,SM2,SM3", "SM3")


def test_the_last_piece_says_that_all_are_out_and_the_others_have_their_names_later(stage: Stage) -> None:
    in_doubt(stage, 2)
    report(stage, ref(stage, 2, 2), "SM2", "delivered")
    assert applied(stage) == 1
    assert windowed.found(stage, "a").pieces == ",SM2"
    report(stage, ref(stage, 1, 2), "SM1", "sent")
    applied(stage)
    row = windowed.found(stage, "a")
    assert (row.status, row.pieces, row.external_id) == (outbox.SENT, "SM1,SM2", "SM2")
    report(stage, ref(stage, 1, 2), "SM1", "read")
    report(stage, ref(stage, 2, 2), "SM2", "read")
    applied(stage)
    assert windowed.found(stage, "a").delivery == reported.READ


def test_what_was_given_up_and_has_not_gone_out_again_stays_once(stage: Stage) -> None:
    in_doubt(stage)
    doubted.settle(stage, {}, [windowed.found(stage, "a").id])
    assert not windowed.found(stage, "a").unsettled
    report(stage, ref(stage))
    assert applied(stage) == 1
    assert windowed.take(stage) == []


def test_the_first_of_two_messages_changes_nothing_of_the_second_and_is_nobody_elses(stage: Stage) -> None:
    in_doubt(stage)
    doubted.settle(stage, {}, [windowed.found(stage, "a").id])
    [row] = windowed.take(stage)
    windowed.record(stage, [Outcome(row.id, "a", outbox.SENT, "SM2")])
    report(stage, ref(stage), "SM1", "undelivered", "63024")
    assert applied(stage) == 0
    assert state(stage) == (outbox.SENT, "SM2", "", False)
    with stage.session() as session:
        assert settling.known(session, "whatsapp", {"SM1"}) == {"SM1"}


def test_what_is_said_late_of_a_message_that_had_failed_settles_no_new_try(stage: Stage) -> None:
    doubted.begun(stage, "a")
    row = windowed.found(stage, "a")
    windowed.record(stage, [Outcome(row.id, "a", outbox.SENT, "SM1")])
    report(stage, ref(stage), status="failed", code="63012")
    applied(stage)
    assert windowed.found(stage, "a").status == outbox.QUEUED
    report(stage, ref(stage), status="delivered")
    assert applied(stage) == 0
    assert windowed.found(stage, "a").status == outbox.QUEUED


@pytest.mark.parametrize("wrong", ["no such row", "another key", "another address", "nonsense"])
def test_a_reference_to_nothing_of_ours_is_ignored_and_counted(stage: Stage, wrong: str) -> None:
    in_doubt(stage)
    before = state(stage)
    number = windowed.found(stage, "a").id
    reference = {
        "no such row": references.of_piece(references.of(number + 1, "a"), 1, 1),
        "another key": references.of_piece(references.of(number, "b"), 1, 1),
        "another address": ref(stage),
        "nonsense": "x" * 90,
    }[wrong]
    report(stage, reference, to="+6281200000009" if wrong == "another address" else NUMBER)
    done = apply(stage)
    assert (done.met, done.named, done.settled, done.strange) == (0, 0, 0, 1)
    stage.now += timedelta(hours=1)
    assert apply(stage) == Applied(0)
    assert state(stage) == before


def test_a_message_whose_row_went_over_to_the_other_channel_stays_where_it_arrived(stage: Stage) -> None:
    in_doubt(stage)
    with stage.session() as session, session.begin():  # as models/releases/rerouting.py leaves it
        row = session.query(Outbound).one()
        row.channel, row.address, row.instead_of, row.unsettled = "telegram", "7", "whatsapp", False
        row.person_id = session.query(Account).filter_by(address=NUMBER).one().person_id
    report(stage, ref(stage), status="delivered")
    applied(stage)
    row = windowed.found(stage, "a")
    assert (row.status, row.channel, row.address, row.external_id) == (outbox.SENT, "whatsapp", NUMBER, "SM1")
    with stage.session() as session:
        assert pieces.known(session, "whatsapp", {"SM1"}) == {"SM1"}
