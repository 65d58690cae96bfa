"""What waits for the program's look: each piece once, whatever happens to it meanwhile."""

from datetime import timedelta

import pytest

from models.proofs import examining
from models.proofs.examining import Task
from models.refused import Refused
from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.shares import Evidence, Share
from tests import proving, scene
from tests.chat import Stage
from tests.proving import Prover

LINK = "https://www.instagram.com/p/C9aBcDeFgHi"
LEASE = timedelta(minutes=5)


def due(stage: Stage) -> list[Task]:
    with stage.session() as session, session.begin():
        return examining.due(session, stage.now, 10, LEASE)


def reject(stage: Stage, share_id: int) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Share, share_id).status = standings.REJECTED


def test_what_is_looked_at_is_nobody_elses_until_the_lease_ends(stage: Stage, prover: Prover) -> None:
    prover.sends(platform="instagram_feed", link=LINK)
    assert [task.attempts for task in due(stage)] == [1]
    assert due(stage) == []
    stage.now += LEASE
    assert [task.attempts for task in due(stage)] == [2], "a look that ended the program was an attempt"


def test_what_fails_again_and_again_goes_to_a_person(stage: Stage, prover: Prover) -> None:
    prover.sends(platform="instagram_feed", link=LINK)
    for _ in range(examining.ATTEMPTS):
        (task,) = due(stage)
        with stage.session() as session, session.begin():
            examining.failed(session, task, stage.now, stage.programme)
        stage.now += timedelta(hours=1)
    assert due(stage) == []
    with stage.session() as session:
        assert [one.kind for one in findings.of_share(session, task.share_id)] == [findings.UNREADABLE]


def test_evidence_that_was_moved_to_another_item_meanwhile_is_looked_at_once_more(
    stage: Stage, prover: Prover
) -> None:
    receipt = proving.shows(prover)
    other = scene.item(stage, "DISDIK", title="Lain")
    number = proving.evidence(stage, receipt)[0].id
    task = Task(number, receipt, 1, other, "2026-W48", "photo", "", "k", "image/jpeg", "", 1)
    with stage.session() as session, session.begin():
        assert examining.done(session, task, [Seen(findings.SHOWS)], stage.now, stage.programme) is None
    with stage.session() as session:
        assert session.get_one(Evidence, number).examine_at == stage.now
        assert findings.of_share(session, receipt) == []


def test_a_link_that_was_rejected_may_be_sent_again(stage: Stage, prover: Prover) -> None:
    first, _ = prover.sends(platform="instagram_feed", link=LINK)
    with pytest.raises(Refused, match="link_again"):
        prover.sends(platform="instagram_feed", link=LINK)
    reject(stage, first)
    again, new = prover.sends(platform="instagram_feed", link=LINK)
    assert new
    assert again != first
