"""The month's ceiling: raised for one month alone, by who may, once for each time that it is reached."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models.messages.outbox import Outbound
from models.people import roles
from models.people.audit import Entry
from models.people.people import Person
from models.refused import Refused
from models.whatsapp import ceilings, openers
from tests import scene, windowed
from tests.chat import Chatter, Stage
from tests.opening import ask, crowd, programme

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    stage.programme = programme(ceiling=250)
    windowed.approve(stage)
    return stage.person("Budi Santoso", "BAPPEDA", role="controller")


def raise_once(stage: Stage, who: Chatter, step: int = 1, month: date = NOVEMBER) -> int:
    with stage.session() as session, session.begin():
        person = session.get(Person, who.person_id)
        return ceilings.raise_once(session, month, step, person, stage.now, stage.programme)


def of(stage: Stage, month: date) -> int:
    with stage.session() as session:
        return ceilings.of(session, month, stage.programme)


def test_it_is_raised_by_as_much_again_for_this_month_alone(stage: Stage, boss: Chatter) -> None:
    assert of(stage, NOVEMBER) == 250
    assert raise_once(stage, boss) == 500
    assert (of(stage, NOVEMBER), of(stage, DECEMBER)) == (500, 250)
    with stage.session() as session:
        (entry,) = session.scalars(select(Entry).where(Entry.subject == ceilings.SUBJECT))
    assert (entry.actor_id, entry.at, entry.subject_id) == (boss.person_id, stage.now, "2026-11")
    assert (entry.act, entry.before, entry.after) == ("raise", "250", "500")


def test_a_step_is_taken_once_whoever_presses(stage: Stage, boss: Chatter) -> None:
    raise_once(stage, boss)
    other = stage.person("Rina", "BAPPEDA", role="controller")
    with pytest.raises(Refused, match=r"ceiling\.raised_before") as caught:
        raise_once(stage, other)
    assert caught.value.params == {"who": "Budi Santoso", "at": stage.now.isoformat(), "ceiling": 500}
    assert raise_once(stage, other, step=2) == 750
    with pytest.raises(Refused, match=r"menu\.old_button"):
        raise_once(stage, other, step=4)


def test_who_may_not_release_may_not_raise_it(stage: Stage, boss: Chatter) -> None:
    with pytest.raises(Refused, match=r"roles\.may_not"):
        raise_once(stage, stage.person("Siti", role="admin"))
    assert of(stage, NOVEMBER) == 250


def test_of_a_month_that_is_over_or_without_a_ceiling_nothing_is_raised(stage: Stage, boss: Chatter) -> None:
    stage.now = datetime(2026, 11, 30, 18, tzinfo=UTC)  # the first of December at one in the morning
    with pytest.raises(Refused, match=r"ceiling\.over"):
        raise_once(stage, boss)
    stage.programme = programme()
    with pytest.raises(Refused, match=r"ceiling\.none"):
        raise_once(stage, boss, month=DECEMBER)
    assert of(stage, DECEMBER) == 0


def test_when_the_raised_one_is_reached_it_is_asked_again_once(stage: Stage, boss: Chatter) -> None:
    addresses = crowd(stage, 8)
    assert ask(stage, addresses) == 2
    raise_once(stage, boss)
    for left in (3, 0, 0):
        stage.later(minutes=1)
        windowed.deliver(stage)
        assert ask(stage, addresses) == left
    asked = [one for one in boss.hears() if "Batas biaya WhatsApp" in one.text]
    assert [list(one.actions.values()) for one in asked] == [
        ["ceiling.raise:2026-11:1", "ceiling.keep:2026-11:1"],
        ["ceiling.raise:2026-11:2", "ceiling.keep:2026-11:2"],
    ]
    assert "ditambah Rp250 menjadi Rp750" in asked[1].text


def test_it_is_asked_of_the_month_whose_ceiling_is_reached(stage: Stage, boss: Chatter) -> None:
    """The last day of November, with room for one a day: what is due in December is December's money."""
    stage.programme = programme(limit=1, ceiling=100)
    stage.now = datetime(2026, 11, 30, 5, tzinfo=UTC)
    ask(stage, crowd(stage, 3))
    (asked,) = [one for one in boss.hears() if "Batas biaya WhatsApp" in one.text]
    assert "Batas biaya WhatsApp Desember 2026 tercapai" in asked.text
    assert raise_once(stage, boss, month=DECEMBER) == 200


def test_the_question_reaches_a_controller_on_whatsapp_beyond_the_ceiling(stage: Stage) -> None:
    stage.programme = programme(ceiling=100)
    windowed.approve(stage)
    boss = windowed.person(stage, "Budi", "+62899")
    with stage.session() as session, session.begin():
        roles.grant(session, scene.person(session, boss), "controller", None, stage.now, by=None)
    assert ask(stage, crowd(stage, 2)) == 1
    windowed.take(stage)
    asked = scene.rows(stage, Outbound.part == openers.PART, Outbound.address == "+62899")
    assert [row.target for row in asked] == [openers.NEWS]
