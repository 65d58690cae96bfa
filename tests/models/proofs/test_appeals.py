"""Appeals: when, by whom, and what is kept of every decision."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.people import audit
from models.people.people import Person
from models.proofs import verdicts
from models.refused import Refused
from models.shares.shares import Share
from tests import proving
from tests.chat import Chatter, Stage
from tests.proving import SHOWS, UNSEEN, Prover


def test_every_decision_of_a_person_has_an_audit_row(
    stage: Stage, prover: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    proving.judge(stage, ppid, verdicts.reject, "else", "Fotonya kosong.")
    proving.appeal(stage, prover.who, receipt)
    proving.judge(stage, editor)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, prover.who.person_id)
        verdicts.withdraw(session, session.get_one(Share, receipt), person, stage.now)
        rows = session.scalars(
            select(audit.Entry).where(audit.Entry.subject == "share").order_by(audit.Entry.id)
        ).all()
        session.flush()
    assert [(row.act, row.before, row.after, row.actor_id) for row in rows] == [
        ("reject", "received", "rejected", ppid.person_id),
        ("appeal", "rejected", "appealed", prover.who.person_id),
        ("accept", "appealed", "accepted", editor.person_id),
        ("withdraw", "accepted", "withdrawn", prover.who.person_id),
    ]
    assert rows[0].detail["note"] == "Fotonya kosong."


def test_an_appeal_goes_to_somebody_else_and_is_possible_once(
    stage: Stage, prover: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    proving.judge(stage, ppid, verdicts.reject, "other_item")
    proving.appeal(stage, prover.who, receipt)
    assert proving.waiting(stage, ppid) == 0
    assert proving.waiting(stage, editor) == 1
    proving.judge(stage, editor, verdicts.reject, "other_item")
    with pytest.raises(Refused, match=r"appeal\.once"):
        proving.appeal(stage, prover.who, receipt)
    assert "final" in prover.who.hears()[-1].text.lower() or "akhir" in prover.who.hears()[-1].text.lower()


def test_an_appeal_has_its_days(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    proving.judge(stage, ppid, verdicts.reject, "other_item")
    stage.now += timedelta(days=stage.programme.proofs.appeal_days, seconds=1)
    with pytest.raises(Refused, match=r"appeal\.late"):
        proving.appeal(stage, prover.who, receipt)


def test_what_was_not_rejected_or_is_somebody_elses_is_not_appealed(
    stage: Stage, prover: Prover, ppid: Chatter
) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, SHOWS)
    with pytest.raises(Refused, match=r"appeal\.not_rejected"):
        proving.appeal(stage, prover.who, receipt)
    with pytest.raises(Refused, match=r"sharing\.unknown"):
        proving.appeal(stage, ppid, receipt)
