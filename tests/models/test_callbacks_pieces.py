"""What a channel reports of a message that took several calls; the reason that each code gives a failure."""

import pytest

from bot.channels import whatsapp_errors
from models import callbacks, holding, outbox, pieces
from models.callbacks import Rules
from models.outbox import Outbound
from tests import windowed
from tests.chat import Stage
from tests.models.test_callbacks import NUMBER, applied, report, sent, state


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
