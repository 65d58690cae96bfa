"""An item whose author is gone is not lost: somebody else of the team goes on with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.content import states
from models.content.content import Item
from models.editorial import adoptions, moves
from models.membership import leaving
from models.people import breaks, people, roles
from models.people.people import Person
from models.refused import Refused
from models.reminders import reminders
from tests import casting, scene
from tests.chat import Chatter, Stage


def draft(stage: Stage, who: Chatter, status: str = states.DRAFT) -> int:
    with stage.session() as session, session.begin():
        item = casting.written(session, scene.person(session, who))
        item.status = status
        return item.id


def absence(stage: Stage, number: int) -> str:
    with stage.session() as session:
        return adoptions.absence(session, session.get_one(Item, number), stage.now, stage.programme)


def loses_the_role(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        roles.revoke(session, scene.person(session, who), "creator", None, stage.now, by=None)


def leaves_the_service(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        scene.person(session, who).active = False


def withdraws(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        account = people.account(session, "telegram", str(who.chat))
        assert account is not None
        leaving.stop(session, account, stage.now)


def rests(stage: Stage, who: Chatter, days: int, why: str = breaks.LEAVE) -> None:
    with stage.session() as session, session.begin():
        until = stage.now + timedelta(days=days)
        reminders.rest(session, scene.person(session, who), "2026-W48", until, why)


GONE: dict[str, Callable[[Stage, Chatter], None]] = {
    adoptions.NO_ROLE: loses_the_role,
    adoptions.LEFT: leaves_the_service,
    "withdrawn": withdraws,
    adoptions.AWAY: lambda stage, who: rests(stage, who, 14),
}


@pytest.mark.parametrize("how", GONE)
@pytest.mark.parametrize("status", states.OPEN_TO_AUTHOR)
def test_one_of_the_team_goes_on_with_it_as_its_author(
    stage: Stage, siti: Chatter, ani: Chatter, how: str, status: str
) -> None:
    number = draft(stage, siti, status)
    GONE[how](stage, siti)
    ani.says("/konten")
    seen = ani.presses("", action=f"content.show:{number}")[-1]
    assert "Lanjutkan" in seen.actions
    asked = ani.presses("Lanjutkan")[-1]
    assert "Anda menjadi penulisnya" in asked.text
    taken, *_, preview = ani.presses("Ya, saya lanjutkan")
    assert "sekarang Anda lanjutkan" in taken.text
    assert "Kirim untuk diperiksa" in preview.actions
    with stage.session() as session:
        item = session.get_one(Item, number)
        row = casting.trail(session, item)[-1]
        assert (item.author_id, item.status) == (ani.person_id, status)
        assert (row.act, row.actor_id, row.reason) == ("adopt", ani.person_id, "Siti Rahma")
        assert row.detail["was"] == siti.person_id
    assert "Ani Lestari melanjutkan konten ini, menggantikan Siti Rahma" in _story(ani, number)


def _story(who: Chatter, number: int) -> str:
    return who.says(f"/riwayat {number}")[-1].text


def test_who_took_it_over_never_reviews_it(stage: Stage, siti: Chatter, ani: Chatter) -> None:
    rudi = stage.person("Rudi", role="editor")
    number = draft(stage, siti)
    loses_the_role(stage, siti)
    ani.presses("", action=f"adopt.take:{number}")
    ani.presses("Kirim untuk diperiksa")
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        assert item.status == states.SUBMITTED
        assert [one.name for one in moves.reviewers(session, item, stage.programme)] == ["Rudi"]
        with pytest.raises(Refused) as refused:
            moves.move(
                session, item, "endorse", session.get_one(Person, ani.person_id), stage.now, stage.programme
            )
        assert refused.value.key == "reviewing.own_item"
    assert rudi.hears()


@pytest.mark.parametrize("days", [3, 6])
def test_a_short_leave_takes_nothing_from_anybody(
    stage: Stage, siti: Chatter, ani: Chatter, days: int
) -> None:
    number = draft(stage, siti)
    rests(stage, siti, days)
    assert absence(stage, number) == ""
    assert "Lanjutkan" not in ani.presses("", action=f"content.show:{number}")[-1].actions
    assert "sudah ada yang mengerjakan" in ani.presses("", action=f"adopt.take:{number}")[-1].text
    with stage.session() as session:
        assert session.get_one(Item, number).author_id == siti.person_id


def test_no_reminders_for_a_week_is_no_leave(stage: Stage, siti: Chatter) -> None:
    number = draft(stage, siti)
    rests(stage, siti, 14, breaks.WEEK)
    assert absence(stage, number) == ""


@pytest.mark.parametrize("status", [*states.WAITING, *states.PLANNED, states.DROPPED])
def test_what_is_not_with_its_author_is_not_taken_over(stage: Stage, siti: Chatter, status: str) -> None:
    number = draft(stage, siti, status)
    leaves_the_service(stage, siti)
    assert absence(stage, number) == ""


def test_nobody_of_another_team_takes_it(stage: Stage, siti: Chatter) -> None:
    tono, boss = (
        stage.person("Tono", "DISHUB", role="creator"),
        stage.person("Bu", "BAPPEDA", role="controller"),
    )
    number = draft(stage, siti)
    loses_the_role(stage, siti)
    for who in (tono, boss):
        who.presses("", action=f"adopt.take:{number}")
    assert "Lanjutkan" not in boss.presses("", action=f"content.show:{number}")[-1].actions
    with stage.session() as session:
        assert session.get_one(Item, number).author_id == siti.person_id


def test_of_two_who_take_it_the_first_has_it_and_who_was_replaced_is_told(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    rudi = stage.person("Rudi", role="creator")
    number = draft(stage, siti)
    rests(stage, siti, 30)
    ani.presses("", action=f"adopt.take:{number}")
    assert "Ani Lestari" in rudi.presses("", action=f"adopt.take:{number}")[-1].text
    (told,) = siti.hears()
    assert "dilanjutkan oleh Ani Lestari" in told.text
