"""Whoever gains or loses by a decision on a list, or whose OPD does, leaves it to somebody else."""

import pytest

from models.content.content import Item
from models.people import roles
from models.people.people import Person
from models.recognition.awards import CONFIRMED, Award
from tests import honouring
from tests.casting import refusal
from tests.chat import Chatter, Stage
from tests.models.recognition.deciding import confirm, front, gone, move, papers, replace, take_back, written


def test_whoever_is_on_the_list_decides_on_nothing(stage: Stage, town: dict[str, Chatter]) -> None:
    with stage.session() as session, session.begin():
        siti = session.get_one(Person, town["siti"].person_id)
        roles.grant(session, siti, "controller", None, stage.now, by=None)
    assert [row.person_id for row in front(stage)] == [town["wati"].person_id]  # no longer eligible herself
    assert refusal(confirm, stage, town["siti"]) == "award.on_list"
    assert refusal(replace, stage, town["siti"]) == "award.on_list"


def test_the_only_controller_who_is_on_the_list_reads_that_another_is_needed(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        siti = session.get_one(Person, town["siti"].person_id)
        roles.grant(session, siti, "controller", None, stage.now, by=None)
    gone(stage, town["budi"])
    assert refusal(confirm, stage, town["siti"]) == "award.on_list_alone"


def test_the_author_of_an_item_on_the_list_decides_on_nothing(stage: Stage, town: dict[str, Chatter]) -> None:
    stage.person("Desi", role="controller")
    with stage.session() as session, session.begin():
        number = front(stage, "content")[0].item_id
        session.get_one(Item, number).author_id = town["budi"].person_id or 0
    assert refusal(confirm, stage, town["budi"]) == "award.on_list"


@pytest.mark.parametrize("category", ["opd_small", "steady", "content"])
def test_the_own_opd_its_people_and_its_items_are_for_somebody_else_as_long_as_there_is_one(
    stage: Stage, town: dict[str, Chatter], category: str
) -> None:
    own = stage.person("Desi", role="controller")
    written(stage, town["siti"])
    for verb in (confirm, replace):
        assert refusal(verb, stage, own, category) == "award.own_opd"
    confirm(stage, town["budi"], category)
    paper = papers(stage)[0]
    assert refusal(take_back, stage, own, paper) == "award.own_opd"
    gone(stage, town["budi"])
    take_back(stage, own, paper)
    if front(stage, category):
        confirm(stage, own, category)


def test_an_item_of_the_province_is_of_the_opd_in_which_it_was_written(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    desi = stage.person("Desi", "KOMINFO", role="controller")
    written(stage, town["siti"])
    written(stage, stage.person("Rama", "KOMINFO"), provincial=True)
    assert refusal(confirm, stage, desi, "content") == "award.own_opd"
    confirm(stage, town["budi"], "content")


def test_nobody_passes_over_a_rival_of_the_own_people(stage: Stage, town: dict[str, Chatter]) -> None:
    stage.person("Rama", "KOMINFO")
    move(stage, town["wati"], "KOMINFO")  # the second place
    desi = stage.person("Desi", "KOMINFO", role="controller")
    assert refusal(replace, stage, desi) == "award.own_opd"
    confirm(stage, desi)  # to the loss of the own, nobody minds
    assert refusal(take_back, stage, desi, papers(stage)[0]) == "award.own_opd"
    take_back(stage, town["budi"], papers(stage)[0])


def test_who_may_not_decide_either_is_nobody_to_wait_for(stage: Stage, town: dict[str, Chatter]) -> None:
    desi = stage.person("Desi", role="controller")
    with stage.session() as session, session.begin():
        number = front(stage, "content")[0].item_id
        session.get_one(Item, number).author_id = town["budi"].person_id or 0
    assert refusal(confirm, stage, town["budi"]) == "award.on_list"
    confirm(stage, desi)


@pytest.mark.parametrize("how", ["person", "author"])
def test_whoever_is_on_the_list_takes_nothing_back(stage: Stage, town: dict[str, Chatter], how: str) -> None:
    confirm(stage, town["budi"], "content")
    desi = stage.person("Desi", "KOMINFO", role="controller")
    of, rows = honouring.newest(stage)
    with stage.session() as session, session.begin():
        if how == "person":
            line = {"category": "creative", "place": 1, "person_id": desi.person_id, "figures": {}}
            session.add(Award(list_id=of.id, **line))
        else:
            number = next(row.item_id for row in rows if row.status == CONFIRMED)
            session.get_one(Item, number).author_id = desi.person_id or 0
    assert refusal(take_back, stage, desi, papers(stage)[0]) == "award.on_list"
