"""Who may do what."""

import pytest
from sqlalchemy import select

from models.people import roles
from models.people.audit import Entry
from models.refused import Refused
from tests import scene
from tests.chat import WEDNESDAY, Stage


def test_a_role_of_an_opd_counts_for_that_opd_only(stage: Stage) -> None:
    editor = stage.person("Editor", role="editor")
    elsewhere = stage.agency("BKD", "BKD").id
    with stage.session() as session:
        person = scene.person(session, editor)
        assert roles.may(session, person, "submit", person.opd_id)
        assert roles.may(session, person, "submit")
        assert not roles.may(session, person, "submit", elsewhere)
        assert not roles.may(session, person, "approve")
        assert roles.agencies(session, person, "invite") == [person.opd_id]
        with pytest.raises(Refused, match="may_not"):
            roles.require(session, person, "submit", elsewhere)


def test_a_role_of_the_programme_counts_everywhere(stage: Stage) -> None:
    admin = stage.person("Admin", role="admin")
    elsewhere = stage.agency("BKD", "BKD").id
    with stage.session() as session:
        person = scene.person(session, admin)
        assert roles.may(session, person, "admit", elsewhere)
        assert roles.agencies(session, person, "admit") is None
        assert roles.agencies(session, person, "approve") == []


def test_somebody_who_left_may_nothing(stage: Stage) -> None:
    admin = stage.person("Admin", role="admin")
    with stage.session() as session, session.begin():
        person = scene.person(session, admin)
        person.active = False
        session.flush()
        assert not roles.may(session, person, "roles")
        assert not roles.may(session, None, "roles")
        assert roles.holders(session, "roles") == []


def test_a_role_is_held_once_and_every_change_is_an_audit_row(stage: Stage) -> None:
    admin, siti = stage.person("Admin", role="admin"), stage.person("Siti")
    with stage.session() as session, session.begin():
        person = scene.person(session, siti)
        by = admin.person_id
        assert roles.grant(session, person, "creator", None, WEDNESDAY, by=by)
        assert not roles.grant(session, person, "creator", person.opd_id, WEDNESDAY, by=by)
        assert roles.grant(session, person, "controller", person.opd_id, WEDNESDAY, by=by)
        assert [(role.role, role.opd_id) for role in roles.of(session, person.id)] == [
            ("controller", None),
            ("creator", person.opd_id),
        ]
        assert roles.revoke(session, person, "creator", None, WEDNESDAY, by=by)
        assert not roles.revoke(session, person, "creator", None, WEDNESDAY, by=by)
        mine = select(Entry).where(Entry.actor_id == by, Entry.act.in_(("grant", "revoke")))
        acts = session.scalars(mine.order_by(Entry.id)).all()
        assert [(entry.act, entry.before, entry.after) for entry in acts] == [
            ("grant", "", "creator"),
            ("grant", "", "controller"),
            ("revoke", "creator", ""),
        ]


def test_there_is_no_role_of_another_name(stage: Stage) -> None:
    siti = stage.person("Siti")
    with stage.session() as session, pytest.raises(Refused, match=r"roles\.unknown"):
        roles.grant(session, scene.person(session, siti), "boss", None, WEDNESDAY, by=None)


def test_the_last_admin_cannot_be_removed(stage: Stage) -> None:
    first, second = stage.person("A", role="admin"), stage.person("B", role="admin")
    with stage.session() as session, session.begin():
        one, other = scene.person(session, first), scene.person(session, second)
        assert roles.revoke(session, one, "admin", None, WEDNESDAY, by=one.id)
        with pytest.raises(Refused, match="last_admin"):
            roles.revoke(session, other, "admin", None, WEDNESDAY, by=other.id)


def test_an_admin_who_left_does_not_count_as_the_one_who_stays(stage: Stage) -> None:
    first, second = stage.person("A", role="admin"), stage.person("B", role="admin")
    with stage.session() as session, session.begin():
        scene.person(session, second).active = False
        session.flush()
        with pytest.raises(Refused, match="last_admin"):
            roles.revoke(session, scene.person(session, first), "admin", None, WEDNESDAY, by=None)


def test_a_team_lists_everybody_once_with_each_role(stage: Stage) -> None:
    budi, ani = stage.person("Budi", role="editor"), stage.person("Ani", role="creator")
    with stage.session() as session, session.begin():
        person = scene.person(session, budi)
        roles.grant(session, person, "planner", None, WEDNESDAY, by=None)
        assert [(who.name, role) for who, role in roles.team(session, person.opd_id)] == [
            ("Ani", "creator"),
            ("Budi", "editor"),
            ("Budi", "planner"),
        ]
        assert [who.id for who in roles.ppid(session, person.opd_id)] == [ani.person_id, budi.person_id]
        assert roles.end_in(session, person.id, person.opd_id, WEDNESDAY, by=None) == 2
        assert [who.id for who in roles.ppid(session, person.opd_id)] == [ani.person_id]
