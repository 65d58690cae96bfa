"""What controllers decide on a list: who may, in which order, and what is kept of it."""

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.content import states
from models.content.content import Item
from models.people.audit import Entry
from models.people.people import Person
from models.recognition import awards, certificates, shortlists, wishes
from models.recognition.awards import CONFIRMED, LISTED, PASSED, REVOKED, Award
from models.shares import standings
from models.shares.shares import Share
from tests import honouring
from tests.casting import refusal
from tests.chat import Chatter, Stage
from tests.honouring import MONTH, PROGRAMME
from tests.models.editorial.test_moves_races import compete
from tests.models.recognition.deciding import (
    REASON,
    confirm,
    decide,
    front,
    lines,
    papers,
    replace,
    states_of,
    take_back,
)


def test_the_first_place_is_confirmed_and_gets_its_certificate(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    confirm(stage, town["budi"])
    assert states_of(stage, "steady") == [CONFIRMED, LISTED]
    (paper,) = papers(stage)
    assert (paper.name, paper.agency, paper.number) == ("Siti", "Dinas Kesehatan", "001/SP/XII/2026")
    with stage.session() as session:
        entries = session.scalars(select(Entry).where(Entry.act.in_(("confirm", "issue")))).all()
        assert {entry.actor_id for entry in entries} == {town["budi"].person_id}


def test_whoever_is_passed_over_is_followed_by_the_next_and_the_reason_is_kept(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    replace(stage, town["budi"])
    assert [awards.title(row) for row in lines(stage)] == ["Wati"]
    confirm(stage, town["budi"])
    assert states_of(stage, "steady") == [PASSED, CONFIRMED]
    _, rows = honouring.newest(stage)
    assert [row.reason for row in rows if row.status == PASSED] == [REASON]
    assert [paper.name for paper in papers(stage)] == ["Wati"]


def test_a_category_may_be_left_without_a_winner(stage: Stage, town: dict[str, Chatter]) -> None:
    assert replace(stage, town["budi"]) is not None
    assert replace(stage, town["budi"]) is None
    assert front(stage) == []


def test_those_who_share_a_place_win_together(stage: Stage, town: dict[str, Chatter]) -> None:
    assert len(front(stage, "content")) == 2
    confirm(stage, town["budi"], "content")
    assert states_of(stage, "content") == [CONFIRMED, CONFIRMED]
    assert {(paper.name, paper.detail != "") for paper in papers(stage)} == {
        ("Dinas Kesehatan", True),
        ("Provinsi Jambi", True),
    }
    assert len({paper.code for paper in papers(stage)}) == 2


def test_two_controllers_at_the_same_moment_confirm_once(stage: Stage, town: dict[str, Chatter]) -> None:
    desi = stage.person("Desi", "KOMINFO", role="controller")
    shown = front(stage)[0].id
    with stage.session() as session:
        of = awards.newest(session, MONTH)
        assert of is not None
        number = of.id

    def press(who: Chatter, session: Session) -> None:
        by = session.get_one(Person, who.person_id)
        found = session.get_one(awards.AwardList, number)
        shortlists.confirm(session, found, "steady", shown, by, stage.now, PROGRAMME)

    outcome = compete(stage, [partial(press, who) for who in (town["budi"], desi)])
    assert sorted(outcome) == ["award.confirmed_before", "done"]
    assert len(papers(stage)) == 1


def test_certificates_of_two_categories_at_the_same_moment_have_numbers_of_their_own(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    desi = stage.person("Desi", "KOMINFO", role="controller")
    of, _ = honouring.newest(stage)
    shown = {category: front(stage, category)[0].id for category in ("steady", "opd_small")}

    def press(who: Chatter, category: str, session: Session) -> None:
        by = session.get_one(Person, who.person_id)
        found = session.get_one(awards.AwardList, of.id)
        shortlists.confirm(session, found, category, shown[category], by, stage.now, PROGRAMME)

    tries = [partial(press, town["budi"], "steady"), partial(press, desi, "opd_small")]
    assert compete(stage, tries) == ["done", "done"]
    assert sorted(paper.number for paper in papers(stage)) == ["001/SP/XII/2026", "002/SP/XII/2026"]


def test_what_was_shown_is_what_is_confirmed(stage: Stage, town: dict[str, Chatter]) -> None:
    shown = front(stage)[0].id
    replace(stage, town["budi"])
    assert refusal(decide, stage, shortlists.confirm, town["budi"], "steady", shown) == "award.changed"
    assert refusal(decide, stage, shortlists.replace, town["budi"], shown) == "award.changed"


def test_only_a_controller_decides(stage: Stage, town: dict[str, Chatter]) -> None:
    for who in ("siti", "tini"):
        assert refusal(confirm, stage, town[who]) == "roles.may_not"
        assert refusal(replace, stage, town[who]) == "roles.may_not"


def test_who_says_no_after_the_list_was_made_is_not_seen_on_it(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        siti = session.get_one(Person, town["siti"].person_id)
        wishes.say(session, siti, stage.now, PROGRAMME, wanted_=False)
    assert [row.person_id for row in front(stage)] == [town["wati"].person_id]
    with stage.session() as session, session.begin():
        session.get_one(Person, town["wati"].person_id).active = False
    assert front(stage) == []


def test_an_item_that_was_taken_back_and_a_share_that_was_rejected_win_nothing(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    first, second = front(stage, "content")
    with stage.session() as session, session.begin():
        session.get_one(Item, first.item_id).status = states.RETURNED
        share = session.scalars(select(Share).where(Share.person_id == town["siti"].person_id)).first()
        assert share is not None
        share.status = standings.ACCEPTED
        session.add(
            Award(
                list_id=first.list_id, category="creative", place=1, person_id=share.person_id,
                figures={"points": 15, "raters": 2, "needed": 2, "receipt": share.id},
            )
        )  # fmt: skip
    assert [row.id for row in front(stage, "content")] == [second.id]
    assert len(front(stage, "creative")) == 1
    with stage.session() as session, session.begin():
        session.get_one(Share, share.id).status = standings.REJECTED
    assert front(stage, "creative") == []


def test_a_list_is_made_anew_as_a_further_version_until_something_is_decided(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    def again() -> int:
        with stage.session() as session, session.begin():
            by = session.get_one(Person, town["budi"].person_id)
            return shortlists.again(session, MONTH, stage.now, PROGRAMME, by).version

    old = front(stage, "content")
    assert refusal(again) == "award.same"
    honouring.scored(stage, old[0].item_id or 0, town["tini"], 5, 5)
    assert again() == 2
    with stage.session() as session:
        first = session.scalars(select(awards.AwardList).where(awards.AwardList.version == 1)).one()
        assert [row.place for row in awards.rows(session, first, "content")] == [1, 1]
    assert [row.place for _, row in enumerate(front(stage, "content"))] == [1]

    def confirm_old() -> None:
        with stage.session() as session, session.begin():
            by = session.get_one(Person, town["budi"].person_id)
            of = session.get_one(awards.AwardList, first.id)
            shortlists.confirm(session, of, "content", old[0].id, by, stage.now, PROGRAMME)

    assert refusal(confirm_old) == "award.newer"
    confirm(stage, town["budi"])
    assert refusal(again) == "award.decided_on"


@pytest.mark.parametrize("reason", ["", "a b", "x" * 301])
def test_a_reason_has_to_say_something(stage: Stage, town: dict[str, Chatter], reason: str) -> None:
    shown = front(stage)[0].id

    def pass_over() -> None:
        with stage.session() as session, session.begin():
            by, of = session.get_one(Person, town["budi"].person_id), awards.newest(session, MONTH)
            assert of is not None
            shortlists.replace(session, of, shown, by, reason, stage.now, PROGRAMME)

    assert refusal(pass_over) == "award.reason_length"


def test_what_was_taken_back_makes_room_for_the_next(stage: Stage, town: dict[str, Chatter]) -> None:
    confirm(stage, town["budi"])
    (paper,) = papers(stage)
    assert front(stage) == []
    take_back(stage, town["budi"], paper)
    assert states_of(stage, "steady") == [REVOKED, LISTED]
    confirm(stage, town["budi"])
    assert [(one.name, one.revoked_at is None) for one in papers(stage)] == [("Siti", False), ("Wati", True)]
    assert papers(stage)[1].number == "002/SP/XII/2026"
    with stage.session() as session:
        siti = session.get_one(Person, town["siti"].person_id)
        assert certificates.own(session, siti) == []
