"""What a channel reports of a message that took several calls; the reason that each code gives a failure."""

import pytest

from bot.channels import whatsapp_errors
from models.messages import outbox, pieces
from models.messages.outbox import Outbound
from models.releases import holding
from models.sending import callbacks, settling
from models.sending.callbacks import Rules
from models.sending.setbacks import Kind, Verdict
from tests import windowed
from tests.chat import Stage
from tests.models.sending.test_callbacks import NUMBER, applied, report, sent, state


def in_two(stage: Stage, key: str = "a") -> None:
    """A message that went out in two pieces."""
    sent(stage, "SM2", key)
    with stage.session() as session, session.begin():
        row = session.query(Outbound).where(Outbound.key == key).one()
        row.pieces = "SM1,SM2"
        pieces.note(session, {row.id: ("SM1", "SM2")})


def test_a_message_in_pieces_is_where_the_last_of_them_is(stage: Stage) -> None:
    in_two(stage)
    for reports, reached in (
        ([("SM2", "delivered", "")], ""),
        ([("SM1", "sent", "")], "sent"),
        ([("SM2", "read", "")], "sent"),
        ([("SM1", "delivered", "")], "delivered"),
        ([("SM1", "read", "")], "read"),
    ):
        report(stage, *reports)
        assert applied(stage) == len(reports)
        assert state(stage) == (outbox.SENT, reached, "")
    assert windowed.found(stage, "a").delivered_at == stage.now


@pytest.mark.parametrize("failed", ["SM1", "SM2"])
def test_a_message_in_pieces_has_failed_with_one_of_them(stage: Stage, failed: str) -> None:
    in_two(stage)
    other = "SM2" if failed == "SM1" else "SM1"
    report(stage, (other, "delivered", ""), (failed, "undelivered", "63024"))
    assert applied(stage) == 2
    assert state(stage) == (outbox.FAILED, "undelivered", "number")
    report(stage, (other, "read", ""))
    assert applied(stage) == 1
    assert state(stage) == (outbox.FAILED, "undelivered", "number")


def test_a_report_of_a_piece_comes_before_the_message_is_out(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER)
        row = session.query(Outbound).one()
        row.pieces = "SM1"
        pieces.note(session, {row.id: ("SM1",)})
    report(stage, ("SM1", "failed", "63024"))
    assert applied(stage) == 0
    with stage.session() as session, session.begin():
        row = session.query(Outbound).one()
        row.status, row.external_id, row.pieces = outbox.SENT, "SM2", "SM1,SM2"
        pieces.note(session, {row.id: ("SM1", "SM2")})
    stage.later(seconds=2)
    assert applied(stage) == 1
    assert state(stage) == (outbox.FAILED, "failed", "number")


def test_pieces_of_an_attempt_that_was_given_up_are_nobodys(stage: Stage) -> None:
    in_two(stage)
    with stage.session() as session, session.begin():
        row = session.query(Outbound).one()
        row.external_id, row.pieces = "SM4", "SM3,SM4"
        pieces.note(session, {row.id: ("SM3", "SM4")})
    report(stage, ("SM1", "failed", "63024"), ("SM2", "failed", "63024"))
    assert applied(stage) == 0
    report(stage, ("SM3", "delivered", ""), ("SM4", "delivered", ""))
    assert applied(stage) == 2
    assert state(stage) == (outbox.SENT, "delivered", "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [("21610", "blocked"), ("63014", "blocked"), ("63024", "refused"), ("", "refused")],
)  # fmt: skip
def test_a_failure_has_the_reason_of_its_code_in_the_channels_own_table(
    stage: Stage, code: str, reason: str
) -> None:
    sent(stage)
    report(stage, ("SM1", "failed", code))
    with stage.session() as session, session.begin():
        callbacks.apply(session, stage.now, 10, Rules(whatsapp_errors.VERDICTS))
    assert state(stage) == (outbox.FAILED, "failed", reason)
    assert holding.why_text(reason) != holding.why_text("a reason that nobody has")


# -- a file that is lost ---------------------------------------------------------------------------

NOT_FETCHED, FAULT = "63019", "63012"
TRIED_AGAIN = Rules({code: Verdict(Kind.AGAIN, "channel") for code in (NOT_FETCHED, FAULT)})


def marked(stage: Stage, *marks: str) -> None:
    """A message in two pieces, of which the channel was told this."""
    in_two(stage)
    with stage.session() as session, session.begin():
        session.query(Outbound).one().fingerprint = ",".join(marks)


def told(stage: Stage, *reports: tuple[str, str, str]) -> tuple[str, str, str, str]:
    """Where the row is after these reports, which come one by one: its state, the pieces that are out, and
    the error."""
    for one in reports:
        report(stage, one)
        with stage.session() as session, session.begin():
            assert callbacks.apply(session, stage.now, 10, TRIED_AGAIN).met == 1
    row = windowed.found(stage, "a")
    return row.status, row.delivery, row.pieces, row.error


LOST, ARRIVED = ("SM1", "failed", NOT_FETCHED), ("SM2", "delivered", "")


@pytest.mark.parametrize("order", [(LOST, ARRIVED), (ARRIVED, LOST)])
def test_a_lost_picture_does_not_bring_its_words_again(
    stage: Stage, order: tuple[tuple[str, str, str], ...]
) -> None:
    marked(stage, settling.FILE, "words")
    assert told(stage, *order) == (outbox.SENT, "delivered", "SM1,SM2", "failed 63019")
    row = windowed.found(stage, "a")
    assert (row.attempts, row.delivered_at) == (0, stage.now)
    assert told(stage, ("SM2", "read", "")) == (outbox.SENT, "read", "SM1,SM2", "failed 63019")
    stage.later(minutes=20)
    assert windowed.take(stage) == []


def test_words_that_are_lost_go_out_again_without_their_picture(stage: Stage) -> None:
    marked(stage, settling.FILE, "words")
    assert told(stage, ("SM2", "failed", FAULT)) == (outbox.QUEUED, "", "SM1", FAULT)


def test_a_message_of_which_everything_was_lost_goes_out_again(stage: Stage) -> None:
    marked(stage, settling.FILE, "words")
    assert told(stage, LOST, ("SM2", "failed", NOT_FETCHED)) == (outbox.QUEUED, "", "", NOT_FETCHED)


def test_the_last_picture_of_an_album_goes_out_again_by_itself(stage: Stage) -> None:
    marked(stage, settling.FILE, settling.FILE)
    assert told(stage, ("SM2", "failed", NOT_FETCHED)) == (outbox.QUEUED, "", "SM1", NOT_FETCHED)


def test_words_that_are_lost_before_other_words_go_out_again(stage: Stage) -> None:
    marked(stage, "some", "words")
    assert told(stage, ("SM1", "failed", FAULT)) == (outbox.QUEUED, "", "", FAULT)
