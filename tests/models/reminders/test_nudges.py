"""Who is reminded before a release, of what, and where the button leads."""

import pytest

from models.content import states
from models.content.content import Item
from models.editorial import moves
from models.figures import staffing
from models.messages.outbox import Outbound
from models.people import people, roles
from models.people.people import Opd, Person
from models.reminders import nudges
from tests import scene
from tests.chat import Chatter, Heard, Stage

WEEK, NEXT = "2026-W48", "2026-W49"


def remind(stage: Stage, nth: int = 1) -> tuple[int, int]:
    with stage.session() as session, session.begin():
        return nudges.remind(session, NEXT, nth, stage.now, stage.programme)


def newest(who: Chatter) -> Heard:
    return who.hears()[-1]


def also(stage: Stage, who: Chatter, role: str) -> None:
    with stage.session() as session, session.begin():
        roles.grant(session, scene.person(session, who), role, None, stage.now, by=None)


def by(stage: Stage, number: int, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Item, number).author_id = who.person_id or 0


@pytest.mark.parametrize("status", [states.APPROVED, states.RELEASED])
def test_an_opd_with_an_approved_item_is_left_in_peace(stage: Stage, status: str) -> None:
    siti = stage.person("Siti", role="creator")
    andi = stage.person("Andi", role="controller")
    scene.item(stage, week=NEXT, status=status)
    assert remind(stage) == (0, 0)
    assert siti.hears() == andi.hears() == []


@pytest.mark.parametrize(
    ("status", "sentence", "button"),
    [
        ("", "Belum ada yang dimulai", "plan.start:{opd}:2026-W49"),
        (states.DRAFT, "belum selesai", "plan.item:{item}"),
        (states.RETURNED, "menunggu perbaikan dari Penulis", "plan.item:{item}"),
        (states.SUBMITTED, "menunggu diperiksa editor", "plan.item:{item}"),
        (states.EDITED, "menunggu nilai dari TAG", "plan.item:{item}"),
        (states.CHECKED, "menunggu persetujuan pengendali", "plan.item:{item}"),
        (states.CONFIRMING, "menunggu persetujuan kedua", "plan.item:{item}"),
        (states.DROPPED, "Belum ada yang dimulai", "plan.start:{opd}:2026-W49"),
    ],
)
def test_what_is_missing_is_one_sentence_fitted_to_the_state(
    stage: Stage, status: str, sentence: str, button: str
) -> None:
    siti = stage.person("Siti", role="creator")
    number = scene.item(stage, week=NEXT, status=status) if status else 0
    remind(stage)
    heard = newest(siti)
    assert "Siaran Rabu, 2 Desember 2026, 13.00 WIB belum punya konten dari Dinas Kesehatan" in heard.text
    assert sentence in heard.text
    assert list(heard.actions.values()) == [button.format(opd=stage.agency().id, item=number)]


def test_whoever_can_act_is_led_to_where_they_act(stage: Stage) -> None:
    siti, budi = stage.person("Siti", role="creator"), stage.person("Budi", role="editor")
    number = scene.item(stage, week=NEXT, status=states.RETURNED)
    by(stage, number, siti)
    remind(stage)
    assert list(newest(siti).actions.values()) == [f"submit.resume:{number}"]
    assert list(newest(budi).actions.values()) == [f"plan.item:{number}"]
    with stage.session() as session, session.begin():
        session.get_one(Item, number).status = states.SUBMITTED
    remind(stage, 2)
    assert list(newest(siti).actions.values()) == [f"plan.item:{number}"]
    assert list(newest(budi).actions.values()) == [f"review.open:{number}"]


def test_a_draft_of_which_nobody_has_chosen_the_week_counts_as_begun(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    number = scene.item(stage, status=states.DRAFT)
    with stage.session() as session, session.begin():
        session.get_one(Item, number).week = ""
    remind(stage)
    assert f"Konsep nomor {number}" in newest(siti).text


def test_each_reminder_goes_out_once_however_often_it_is_tried(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    assert remind(stage) == (1, 1)
    assert remind(stage) == (1, 0)
    assert len(siti.hears()) == 1
    assert remind(stage, 2) == (1, 1)
    assert len(siti.hears()) == 2


def test_those_who_left_or_have_not_joined_are_not_written_to(stage: Stage) -> None:
    gone = stage.person("Gina", role="creator")
    absent = stage.person("Ani", role="editor", joined=False)
    plain = stage.person("Siti")
    with stage.session() as session, session.begin():
        scene.person(session, gone).active = False
    assert remind(stage) == (1, 0)
    assert gone.hears() == absent.hears() == plain.hears() == []


def test_controllers_get_the_number_how_far_they_are_and_who_has_to_be_called(stage: Stage) -> None:
    andi = stage.person("Andi", "BAPPEDA", role="controller")
    stage.person("Siti", "DINKES", role="creator")
    stage.person("Ani", "DISDIK", role="creator", joined=False)
    stage.person("Tono", "DISHUB")
    stage.agency("KOSONG", "OPD tanpa orang")
    scene.item(stage, "DISHUB", week=NEXT, status=states.CHECKED)
    scene.item(stage, "DINKES", week=NEXT, status=states.DRAFT)
    scene.item(stage, "BAPPEDA", week=NEXT)
    assert remind(stage)[0] == 3
    said = newest(andi)
    assert "3 OPD belum punya konten untuk siaran Rabu, 2 Desember 2026, 13.00 WIB" in said.text
    assert "• 1 belum memulai\n• 1 masih konsep\n• 1 menunggu persetujuan" in said.text
    assert "dihubungi langsung (2 OPD):\n• Dinas DISDIK\n• Dinas DISHUB" in said.text
    assert "3 dari OPD itu timnya di bawah 3 orang" in said.text
    assert "KOSONG" not in said.text
    assert "OPD tanpa orang" not in said.text
    assert list(said.actions.values()) == ["command:rencana", "command:tinjau"]


def test_many_opd_without_anybody_are_named_in_part(stage: Stage) -> None:
    andi = stage.person("Andi", "BAPPEDA", role="controller")
    for number in range(43):
        stage.person("Tono", f"OPD{number:02}", joined=False)
    remind(stage)
    said = newest(andi).text
    assert "44 OPD belum punya konten" in said
    assert "dan 34 OPD lain" in said
    assert len(said) < 1024


def test_a_team_that_is_too_small_is_told_once_a_week(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    enough = [stage.person(f"Tio {nth}", "DISDIK", role="creator") for nth in range(3)]

    def tell(week: str = WEEK) -> int:
        with stage.session() as session, session.begin():
            return nudges.remind_small_teams(session, week, stage.now)

    assert tell() == 1
    assert "Tim PPID Dinas Kesehatan baru 1 orang" in newest(siti).text
    assert [who.hears() for who in enough] == [[], [], []]
    assert tell() == 0
    assert tell(NEXT) == 1


def test_a_team_counts_people_not_roles_and_those_of_an_opd_with_people_alone(stage: Stage) -> None:
    siti = stage.person("Siti", role="creator")
    for role in ("editor", "planner", "controller"):
        also(stage, siti, role)
    stage.person("Ani", role="editor", joined=False)
    stage.person("Tono", "DISHUB")
    gone = stage.person("Gina", role="planner")
    stage.agency("KOSONG", "OPD tanpa orang")
    with stage.session() as session, session.begin():
        scene.person(session, gone).active = False
        found = [
            (team.opd.code, team.people, team.joined) for team in staffing.small(staffing.teams(session))
        ]
        assert found == [("DISHUB", 0, 0), ("DINKES", 2, 1)]
        assert people.opd(session, "KOSONG") in session.query(Opd).all()
        session.get_one(Person, gone.person_id).active = True
        assert [team.opd.code for team in staffing.small(staffing.teams(session))] == ["DISHUB"]


def plan_rows(stage: Stage) -> dict[str, list[str]]:
    """The states of the reminders to teams, by the name of whoever they are for."""
    found: dict[str, list[str]] = {}
    for row in scene.rows(stage, Outbound.key.like("plan:%:opd:%")):
        with stage.session() as session:
            name = session.get_one(Person, row.person_id).name
        found.setdefault(name, []).append(row.status)
    return found


def test_who_is_approved_before_the_reminder_went_out_gets_none(stage: Stage) -> None:
    """The item of one OPD is approved while the reminders are still queued; those of the other stay."""
    stage.person("Siti", role="creator")
    stage.person("Tono", "DISHUB", role="creator")
    boss = stage.person("Andi", "BAPPEDA", role="controller")
    number = scene.item(stage, week=NEXT, status=states.CHECKED)
    remind(stage)
    stage.sent()
    remind(stage, 2)
    assert plan_rows(stage) == {"Siti": ["sent", "queued"], "Tono": ["sent", "queued"]}
    with stage.session() as session, session.begin():
        item, by_ = session.get_one(Item, number), scene.person(session, boss)
        moves.move(session, item, "return", by_, stage.now, stage.programme, reason="Angkanya keliru.")
    assert plan_rows(stage)["Siti"] == ["sent", "queued"]  # it still has none
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        item.status = states.CHECKED
        item.version += 1
        moves.move(session, item, "approve", scene.person(session, boss), stage.now, stage.programme)
    assert plan_rows(stage) == {"Siti": ["sent", "cancelled"], "Tono": ["sent", "queued"]}


def test_an_urgent_item_fills_no_place_of_a_week_so_its_team_is_still_reminded(stage: Stage) -> None:
    stage.person("Siti", role="creator")
    boss = stage.person("Andi", "BAPPEDA", role="controller")
    number = scene.item(stage, week=NEXT, status=states.CHECKED, urgent=True)
    remind(stage)
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        moves.move(session, item, "approve", scene.person(session, boss), stage.now, stage.programme)
    assert plan_rows(stage) == {"Siti": ["queued"]}
