"""The clock's release where WhatsApp has to approve a message first."""

from sqlalchemy import select

from models.messages.outbox import Outbound
from tests import windowed
from tests.chat import Stage
from tests.scheduler.test_jobs import approve, do, wib


def test_a_release_that_waits_for_a_template_says_so_once_and_goes_out_when_it_is_approved(
    stage: Stage,
) -> None:
    approve(stage)
    windowed.person(stage, "Siti", "+62811")
    noon = wib("11-25 13:00")
    stage.now = noon
    for _ in range(3):
        assert do(stage, "release", "2026-W48", noon) == "waits"
    with stage.session() as session:
        told = select(Outbound).where(Outbound.key.startswith("release:2026-W48:template"))
        assert len(session.scalars(told).all()) == 1
    windowed.approve(stage)
    assert do(stage, "release", "2026-W48", noon) == "3 people"
