"""What waits for somebody in `/periksa`, and who has it before them."""

import pytest

from models.people.people import Person
from models.proofs import verdicts, worklists
from models.refused import Refused
from models.shares.inspections import Inspection
from models.shares.shares import Share
from tests import proving, scene
from tests.chat import Chatter, Stage
from tests.proving import UNSEEN, Prover


def test_nobody_gets_what_a_colleague_has_before_them_until_the_time_is_over(
    stage: Stage, prover: Prover, ppid: Chatter, editor: Chatter
) -> None:
    proving.shows(prover)
    proving.examine(stage, UNSEEN)

    def take(who: Chatter) -> Inspection | None:
        with stage.session() as session, session.begin():
            person = session.get_one(Person, who.person_id)
            return worklists.take(session, person, stage.now, stage.programme)

    first = take(ppid)
    assert first is not None
    assert take(editor) is None
    again = take(ppid)
    assert again is not None, "what is before somebody already stays before them"
    assert again.id == first.id
    stage.later(minutes=stage.programme.proofs.hold_minutes + 1)
    assert take(editor) is not None
    with pytest.raises(Refused, match=r"inspecting\.taken"), stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        verdicts.accept(session, session.get_one(Inspection, first.id), person, stage.now, stage.programme)


def test_what_was_skipped_comes_after_all_others_and_to_colleagues_at_once(
    stage: Stage, prover: Prover, ppid: Chatter, editor: Chatter
) -> None:
    first, second = proving.shows(prover), proving.shows(Prover(stage, stage.person("Budi")))
    proving.examine(stage, UNSEEN)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        look = worklists.take(session, person, stage.now, stage.programme)
        assert look is not None
        worklists.skip(session, look, person)
    assert proving.judge(stage, ppid) == second
    with stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        assert worklists.take(session, person, stage.now, stage.programme) is None
        assert worklists.skipped(session, person, stage.now, stage.programme) == 1
    assert proving.judge(stage, editor) == first


def test_nobody_looks_at_an_own_share(stage: Stage, ppid: Chatter, editor: Chatter) -> None:
    scene.item(stage)
    scene.release(stage)
    proving.shows(Prover(stage, ppid))
    proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, ppid) == 0
    assert proving.waiting(stage, editor) == 1


def test_what_waits_too_long_is_seen_by_controllers_of_any_opd(stage: Stage, prover: Prover) -> None:
    controller = stage.person("Joko", "BAPPEDA", role="controller")
    proving.shows(prover)
    proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, controller) == 0
    stage.later(hours=stage.programme.proofs.escalate_hours)
    assert proving.waiting(stage, controller) == 1


def test_the_team_of_another_opd_sees_nothing(stage: Stage, prover: Prover) -> None:
    other = stage.person("Wati", "DISDIK", role="editor")
    proving.shows(prover)
    proving.examine(stage, UNSEEN)
    stage.later(days=30)
    assert proving.waiting(stage, other) == 0


def test_withdrawing_takes_a_share_out_of_the_queue(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, prover.who.person_id)
        verdicts.withdraw(session, session.get_one(Share, receipt), person, stage.now)
    assert proving.waiting(stage, ppid) == 0
    assert prover.record().shares == 0
