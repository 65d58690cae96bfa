"""Requests to join, and deciding on them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.membership import admissions
from models.membership.admissions import Admission
from models.people import people
from models.people.people import Account, Opd, Person
from models.refused import Refused
from tests import scene
from tests.chat import WEDNESDAY, Chatter, Stage

NIP = "198502022010012002"


def _account(session: Session, address: str = "900") -> Account:
    found = people.meet(session, "telegram", address, "Ani", WEDNESDAY)
    session.flush()
    return found


def _opd(session: Session, code: str = "DINKES") -> Opd:
    found = people.opd(session, code)
    assert found is not None
    return found


def _ask(
    session: Session, stage: Stage, nip: str = NIP, opd: str = "DINKES"
) -> tuple[Admission, list[Person]]:
    account = _account(session)
    return admissions.ask(session, account, nip, "Ani  Wijaya", _opd(session, opd), stage.now, most_a_day=3)


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    return stage.person("PPID", role="editor")


def test_the_team_of_the_opd_decides_and_admins_only_where_there_is_none(stage: Stage, ppid: Chatter) -> None:
    admin = stage.person("Admin", opd="BKD", role="admin")
    stage.person("Belum", role="creator", joined=False)
    with stage.session() as session, session.begin():
        assert [person.id for person in _ask(session, stage)[1]] == [ppid.person_id]
        assert [person.id for person in _ask(session, stage, opd="BKD")[1]] == [admin.person_id]


def test_a_blocked_team_hears_nothing_so_the_admins_do(stage: Stage, ppid: Chatter) -> None:
    admin = stage.person("Admin", opd="BKD", role="admin")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(ppid.chat), stage.now)
        session.flush()
        assert [person.id for person in _ask(session, stage)[1]] == [admin.person_id]


def test_a_new_request_replaces_the_one_that_waits(stage: Stage, ppid: Chatter) -> None:
    with stage.session() as session, session.begin():
        first, second = _ask(session, stage)[0], _ask(session, stage)[0]
        assert (first.status, second.status) == (admissions.REFUSED, admissions.WAITING)
        assert admissions.waiting(session, scene.person(session, ppid)) == [second]


def test_attempts_are_limited_to_so_many_in_24_hours(stage: Stage, ppid: Chatter) -> None:
    with stage.session() as session, session.begin():
        for _ in range(3):
            _ask(session, stage)
        with pytest.raises(Refused, match="too_often"):
            _ask(session, stage)
        stage.later(hours=24, seconds=1)
        assert _ask(session, stage)[0].status == admissions.WAITING


def test_a_wrong_nip_is_no_request(stage: Stage, ppid: Chatter) -> None:
    with stage.session() as session, session.begin():
        with pytest.raises(Refused, match="nip_wrong"):
            _ask(session, stage, "123")
        assert session.scalars(select(Admission)).all() == []


def test_an_admitted_stranger_becomes_a_person_of_the_roster(stage: Stage, ppid: Chatter) -> None:
    with stage.session() as session, session.begin():
        request, _ = _ask(session, stage)
        admissions.decide(session, request.id, scene.person(session, ppid), True, stage.now)
        person = people.with_nip(session, NIP)
        assert person is not None
        assert (person.name, person.opd.code, person.active) == ("Ani Wijaya", "DINKES", True)
        assert request.person is person
        assert request.account.person is None, "the account is linked by the consent, not before"


def test_somebody_who_left_is_back_and_keeps_the_name_and_phone_of_the_roster(
    stage: Stage, ppid: Chatter
) -> None:
    ani = stage.person("Ani Lestari", joined=False, nip=NIP, phone="+628111")
    with stage.session() as session, session.begin():
        person = scene.person(session, ani)
        person.active, person.left_at = False, stage.now
        request, _ = _ask(session, stage)
        admissions.decide(session, request.id, scene.person(session, ppid), True, stage.now)
        session.refresh(person)
        assert person.active
        assert person.left_at is None
        assert (person.name, person.phone) == ("Ani Lestari", "+628111")


def test_nobody_is_moved_from_another_opd_by_a_request(stage: Stage, ppid: Chatter) -> None:
    stage.person("Ani", opd="BKD", joined=False, nip=NIP)
    with stage.session() as session, session.begin():
        request, _ = _ask(session, stage)
        with pytest.raises(Refused, match="other_opd"):
            admissions.decide(session, request.id, scene.person(session, ppid), True, stage.now)
        session.rollback()


def test_a_request_is_decided_once_and_only_by_those_who_may(stage: Stage, ppid: Chatter) -> None:
    other = stage.person("PPID lain", opd="BKD", role="editor")
    with stage.session() as session, session.begin():
        request, _ = _ask(session, stage)
        with pytest.raises(Refused, match="may_not"):
            admissions.decide(session, request.id, scene.person(session, other), True, stage.now)
        with pytest.raises(Refused, match="reason_missing"):
            admissions.decide(session, request.id, scene.person(session, ppid), False, stage.now, "  ")
        admissions.decide(
            session, request.id, scene.person(session, ppid), False, stage.now, "bukan rekan kami"
        )
        assert (request.status, request.reason) == (admissions.REFUSED, "bukan rekan kami")
        with pytest.raises(Refused, match="request_gone"):
            admissions.decide(session, request.id, scene.person(session, ppid), True, stage.now)
        with pytest.raises(Refused, match="request_gone"):
            admissions.decide(session, 4711, scene.person(session, ppid), True, stage.now)


def test_everybody_sees_only_the_requests_that_are_theirs(stage: Stage, ppid: Chatter) -> None:
    other = stage.person("PPID lain", opd="BKD", role="editor")
    admin, plain = stage.person("Admin", opd="BKD", role="admin"), stage.person("Siti")
    with stage.session() as session, session.begin():
        request, _ = _ask(session, stage)
        assert admissions.waiting(session, scene.person(session, ppid)) == [request]
        assert admissions.waiting(session, scene.person(session, admin)) == [request]
        assert admissions.waiting(session, scene.person(session, other)) == []
        assert admissions.waiting(session, scene.person(session, plain)) == []
