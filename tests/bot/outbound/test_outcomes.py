"""Results of rows that the sender held when it made the call, and that somebody else has by now."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.outbound import outcomes
from bot.outbound.outcomes import Result
from models.messages import outbox, pieces
from models.sending.recording import Outcome
from models.whatsapp import spending
from tests import doubted, windowed
from tests.chat import Stage

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("status", [outbox.SENT, outbox.FAILED, outbox.QUEUED])
def test_what_became_of_a_row_that_somebody_else_has_has_no_consequences(stage: Stage, status: str) -> None:
    doubted.begun(stage, "lost")
    doubted.crash(stage)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "ours", doubted.NUMBER)
        for leader in ("lost", "ours"):
            after = {"follows": leader, "status": outbox.WAITING}
            windowed.write(session, stage.now, f"after {leader}", doubted.NUMBER, **after)
    windowed.take(stage)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "behind", doubted.NUMBER)
    touched: list[str] = []
    results = [made(stage, key, status, touched) for key in ("lost", "ours")]
    with stage.session() as session, session.begin():
        outcomes.write(session, stage.now, "me", results, 0.0)
    assert touched == ["ours"]
    assert windowed.found(stage, "lost").unsettled, "it is being asked about"
    assert windowed.found(stage, "after lost").status == outbox.WAITING
    ends = {outbox.SENT: outbox.QUEUED, outbox.FAILED: outbox.CANCELLED, outbox.QUEUED: outbox.WAITING}
    assert windowed.found(stage, "after ours").status == ends[status]
    with stage.session() as session:
        assert pieces.known(session, "whatsapp", {"SMlost", "SMours"}) == {"SMours"}
        said = spending.said(session, stage.now - HOUR, stage.now + HOUR)
    assert said == (1 if status == outbox.SENT else 0)
    # By the later of the two: what is behind "lost" is not kept back.
    behind = timedelta(minutes=5) if status == outbox.QUEUED else timedelta()
    assert windowed.found(stage, "behind").due_at == stage.now + behind


def made(stage: Stage, key: str, status: str, touched: list[str]) -> Result:
    """What the sender says became of a row, with all that can follow from it."""
    row, minutes = windowed.found(stage, key), {"ours": 5, "lost": 50}[key]

    def effect(_session: Session, _now: datetime) -> None:
        touched.append(key)

    outcome = Outcome(
        row.id, key, status, f"SM{key}", reason="refused" if status == outbox.FAILED else "",
        due_at=stage.now + timedelta(minutes=minutes) if status == outbox.QUEUED else None,
        pieces=(f"SM{key}",),
    )  # fmt: skip
    return Result(outcome, row.priority, row.address, row.channel, holds_back=True, effect=effect)
