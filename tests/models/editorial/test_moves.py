"""The life of an item: who may take it where, and what each step leaves behind."""

import pytest
from sqlalchemy.orm import Session

from models.content import drafts, states
from models.content.states import (
    APPROVED,
    CHECKED,
    CONFIRMING,
    DRAFT,
    DROPPED,
    EDITED,
    SUBMITTED,
    SYSTEM,
    TRANSITIONS,
)
from models.editorial import listings, moves
from models.people import authors, roles
from models.people.people import Person
from models.refused import Refused
from tests.casting import (
    ALL,
    PROGRAMME,
    cast,
    go,
    past,
    put,
    refusal,
    submitted,
    trail,
    written,
)
from tests.chat import WEDNESDAY

ACTS = sorted({act for _, act in TRANSITIONS})


# -- the ways ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ALL)
def test_an_item_goes_the_ways_of_the_table_and_no_other(
    session: Session, team: dict[str, Person], state: str
) -> None:
    for act in ACTS:
        item, step = written(session, team["submit"]), TRANSITIONS.get((state, act))
        put(session, item, state)
        rows = len(trail(session, item))
        if step is None or step.capability == SYSTEM:
            for by in team.values():
                key = refusal(go, session, item, act, by)
                assert key in ("reviewing.too_late", "submitting.moved_on")
            assert (item.status, len(trail(session, item))) == (state, rows)
        if step is not None:
            actor = None if step.capability == SYSTEM else team[step.capability]
            if actor is None:
                moves.advance(session, item, act, WEDNESDAY)
            else:
                go(session, item, act, actor)
            last = trail(session, item)[-1]
            assert (item.status, last.act, last.before, last.after) == (step.to, act, state, step.to)
            assert last.actor_id == (actor.id if actor else None)
            assert len(trail(session, item)) == rows + 1
        else:
            assert refusal(moves.advance, session, item, act, WEDNESDAY) == "reviewing.too_late"
        put(session, item, DROPPED)  # out of the way of the next


def test_the_program_takes_no_step_of_a_person(session: Session, team: dict[str, Person]) -> None:
    for (state, act), step in TRANSITIONS.items():
        if step.capability != SYSTEM:
            item = written(session, team["submit"])
            put(session, item, state)
            assert refusal(moves.advance, session, item, act, WEDNESDAY) == "reviewing.too_late"
            put(session, item, DROPPED)


def test_an_unfinished_item_is_not_sent(session: Session, team: dict[str, Person]) -> None:
    siti = team["submit"]
    item = drafts.start(session, siti, siti.opd_id, WEDNESDAY)
    drafts.fill(session, item, "title", "Puskesmas buka sampai malam", WEDNESDAY)
    assert drafts.missing(item)[0] == "rubric"
    assert refusal(go, session, item, "submit", siti) == "submitting.incomplete"


# -- who may -----------------------------------------------------------------------------------


def test_nobody_reviews_their_own_item_whatever_roles_they_have(
    session: Session, team: dict[str, Person]
) -> None:
    siti = cast(session, "Siti Serba Bisa", "creator", "editor", "tag", "controller", "admin")
    for state in (*states.WAITING, APPROVED):
        item = submitted(session, siti)
        put(session, item, state)
        for act in {states.FORWARD.get(state, "return"), "return"}:
            assert refusal(go, session, item, act, siti) == "reviewing.own_item"
        assert siti not in moves.reviewers(session, item, PROGRAMME)
        assert item not in listings.to_review(session, siti, PROGRAMME)
        put(session, item, DROPPED)


def test_each_step_is_for_its_own_role(session: Session, team: dict[str, Person]) -> None:
    others = {role: cast(session, f"Petugas {role}", role) for role in roles.ROLES}
    others[""] = cast(session, "Pegawai")
    carries = {"edit": {"editor"}, "check": {"tag"}, "approve": {"controller"}}
    for state, act in states.FORWARD.items():
        for role, person in others.items():
            item = submitted(session, team["submit"])
            put(session, item, state)
            if role in carries[states.REVIEWERS[state]]:
                go(session, item, act, person)
            else:
                assert refusal(go, session, item, act, person) == "roles.may_not"
                assert refusal(go, session, item, "return", person) == "roles.may_not"
            put(session, item, DROPPED)


def test_an_editor_of_another_opd_is_none_here(session: Session, team: dict[str, Person]) -> None:
    joko = cast(session, "Joko", "editor", opd="DISDIK")
    item = submitted(session, team["submit"])
    assert refusal(go, session, item, "endorse", joko) == "roles.may_not"
    assert refusal(drafts.own, session, joko, item.id) == "submitting.unknown"
    assert listings.to_review(session, joko, PROGRAMME) == []


def test_nobody_reviews_one_version_twice_but_everybody_may_review_the_next(
    session: Session, team: dict[str, Person]
) -> None:
    siti, ani = team["submit"], cast(session, "Ani Tiga Peran", "editor", "tag", "controller")
    item = submitted(session, siti)
    go(session, item, "endorse", ani)
    assert refusal(go, session, item, "score", ani) == "reviewing.had_it_before"
    assert listings.to_review(session, ani, PROGRAMME) == []
    assert ani not in moves.reviewers(session, item, PROGRAMME)
    go(session, item, "score", team["check"])
    assert refusal(go, session, item, "approve", ani) == "reviewing.had_it_before"
    go(session, item, "return", ani)  # a fault that is seen late is still a fault
    go(session, item, "submit", siti)
    past(session, item, team["edit"], ani)
    assert item.status == CHECKED


def test_who_changed_the_text_may_pass_it_on_and_does_nothing_more_with_it(
    session: Session, team: dict[str, Person]
) -> None:
    ani = cast(session, "Ani Dua Peran", "editor", "tag")
    item = submitted(session, team["submit"])
    drafts.fill(session, item, "title", "Judul dari editor yang lain", WEDNESDAY, ani)
    assert item in listings.to_review(session, ani, PROGRAMME)
    assert ani in moves.reviewers(session, item, PROGRAMME)
    go(session, item, "endorse", team["edit"])  # another editor was quicker
    assert refusal(go, session, item, "score", ani) == "reviewing.had_it_before"
    assert item not in listings.to_review(session, ani, PROGRAMME)


def test_an_author_sends_and_takes_back_and_nobody_else_does(
    session: Session, team: dict[str, Person]
) -> None:
    siti, colleague = team["submit"], cast(session, "Rina", "creator", "planner")
    item = written(session, siti)
    assert refusal(go, session, item, "submit", colleague) == "roles.may_not"
    go(session, item, "submit", siti)
    assert refusal(go, session, item, "take_back", colleague) == "roles.may_not"
    go(session, item, "take_back", siti)
    assert item.status == DRAFT


def test_who_lost_the_role_or_left_takes_no_step(session: Session, team: dict[str, Person]) -> None:
    siti, ani, tini = team["submit"], team["edit"], team["check"]
    item = submitted(session, siti)
    roles.revoke(session, ani, "editor", ani.opd_id, WEDNESDAY, by=None)
    assert refusal(go, session, item, "endorse", ani) == "roles.may_not"
    assert listings.to_review(session, ani, PROGRAMME) == []
    put(session, item, EDITED)
    tini.active = False
    session.flush()
    assert refusal(go, session, item, "score", tini) == "roles.may_not"
    assert listings.to_review(session, tini, PROGRAMME) == []
    assert moves.reviewers(session, item, PROGRAMME) == []
    roles.revoke(session, siti, "creator", siti.opd_id, WEDNESDAY, by=None)
    assert refusal(go, session, item, "take_back", siti) == "roles.may_not"


def test_an_item_of_the_province_is_edited_by_its_team_a_controller_or_an_admin(
    session: Session, team: dict[str, Person]
) -> None:
    author = cast(session, "Pia", "creator", opd="PROV")
    rudi, adi = cast(session, "Rudi", "controller"), cast(session, "Adi", "admin")
    eva = cast(session, "Eva", "editor", opd="PROV")
    item = submitted(session, author, provincial=True)
    able = moves.reviewers(session, item, PROGRAMME)
    assert {person.name for person in able} == {"Eva", "Rudi", "Adi", "Budi"}
    assert refusal(go, session, item, "endorse", team["edit"]) == "roles.may_not"
    for editor in (eva, rudi, adi):
        assert item in listings.to_review(session, editor, PROGRAMME)
    go(session, item, "endorse", rudi)
    go(session, item, "score", team["check"])
    assert refusal(go, session, item, "approve", rudi) == "reviewing.had_it_before"
    go(session, item, "approve", team["approve"])
    assert item.status == APPROVED


def test_the_queue_of_everybody_is_what_they_may_decide(session: Session, team: dict[str, Person]) -> None:
    pia = cast(session, "Pia", "creator", "editor", opd="PROV")
    crowd = [
        *team.values(),
        pia,
        cast(session, "Serba", "editor", "tag", "controller"),
        cast(session, "Adi", "admin"),
        cast(session, "Joko", "editor", opd="DISDIK"),
    ]
    items = []
    for author, provincial in ((team["submit"], False), (pia, False), (pia, True)):
        for steps in range(3):
            item = submitted(session, author, provincial=provincial)
            if author is pia:
                put(session, item, (SUBMITTED, EDITED, CONFIRMING)[steps])
            else:
                past(session, item, *(crowd[5], team["check"])[:steps])
            items.append(item)
    drafts.fill(session, items[0], "title", "Judul lain dari editor", WEDNESDAY, team["edit"])
    for person in crowd:
        queue = listings.to_review(session, person, PROGRAMME)
        for item in items:
            try:
                moves.require_step(session, item, states.FORWARD[item.status], person, PROGRAMME)
            except Refused:
                assert (item in queue, person in moves.reviewers(session, item, PROGRAMME)) == (False, False)
            else:
                assert (item in queue, person in moves.reviewers(session, item, PROGRAMME)) == (True, True)


def test_a_team_writes_for_its_own_opd_only(session: Session) -> None:
    siti, joko = cast(session, "Siti", "creator"), cast(session, "Joko", "creator", opd="DISDIK")
    assert refusal(drafts.start, session, joko, siti.opd_id, WEDNESDAY) == "roles.may_not"
    assert refusal(drafts.start, session, joko, None, WEDNESDAY) == "roles.may_not"
    item = written(session, siti)
    assert refusal(drafts.own, session, joko, item.id) == "submitting.unknown"
    assert refusal(go, session, item, "submit", joko) == "roles.may_not"


def test_the_provincial_item_is_written_by_controllers_admins_and_the_provincial_team(
    session: Session,
) -> None:
    def whom(person: Person) -> list[str]:
        return [opd.code if opd else "province" for opd in authors.homes(session, person, "PROV")]

    assert whom(cast(session, "Budi", "controller")) == ["province"]
    assert whom(cast(session, "Adi", "admin")) == ["province"]
    assert whom(cast(session, "Pia", "creator", opd="PROV")) == ["PROV", "province"]
    assert whom(cast(session, "Siti", "creator")) == ["DINKES"]
    assert whom(cast(session, "Rina")) == []
