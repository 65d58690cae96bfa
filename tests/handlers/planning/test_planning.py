"""`/rencana`: the next eight weeks of an OPD, the board of all, and moving an item."""

import pytest
from sqlalchemy import select

from models.content import drafts, states
from models.content.content import Item
from models.people import roles
from models.programme.programme import Dates, Programme
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import last

WEEK, NEXT, THIRD = "2026-W48", "2026-W49", "2026-W50"


def by(stage: Stage, number: int, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Item, number).author_id = who.person_id or 0


@pytest.fixture
def rina(stage: Stage) -> Chatter:
    return stage.person("Rina", role="planner")


@pytest.fixture
def andi(stage: Stage) -> Chatter:
    return stage.person("Andi", "BAPPEDA", role="controller")


# -- one OPD -----------------------------------------------------------------------------------


def test_a_team_sees_eight_weeks_in_words_and_with_a_sign(stage: Stage, siti: Chatter) -> None:
    scene.item(stage, title="Imunisasi gratis")
    scene.item(stage, week=NEXT, status=states.EDITED, title="Cegah demam berdarah")
    scene.item(stage, week=NEXT, status=states.DRAFT)
    scene.item(stage, "DISDIK", week=THIRD, title="Milik OPD lain")
    heard = siti.says("/rencana")[-1]
    lines = heard.text.splitlines()
    assert lines[0] == "Rencana Dinas Kesehatan"
    assert lines[1] == "1. Rabu 25 Nov ✅ disetujui: Imunisasi gratis"
    assert lines[2] == "2. Rabu 2 Des ⏳ menunggu nilai TAG: Cegah demam berdarah"
    assert "dan 1 konten lain" in lines[3]
    assert lines[4] == "3. Rabu 9 Des ▫ kosong"
    assert "8. Rabu 13 Jan ▫ kosong" in lines
    assert "Tim PPID baru 1 orang" in heard.text
    assert len(heard.actions) == 8
    assert "Milik OPD lain" not in heard.text


def test_a_number_opens_what_stands_in_its_week(stage: Stage, siti: Chatter) -> None:
    first = scene.item(stage)
    several = [scene.item(stage, week=NEXT, status=status) for status in (states.EDITED, states.DRAFT)]
    siti.says("/rencana")
    heard = siti.says("1")[-1]
    assert heard.text.startswith(f"Konten nomor {first}: Imunisasi gratis")
    assert list(heard.actions.values()) == [f"content.show:{first}", f"plan.of:{stage.agency().id}"]
    siti.presses("Kembali ke rencana")
    assert [f"plan.item:{number}" for number in several] == list(siti.says("2")[-1].actions.values())[:2]
    assert siti.says("2")[-1].text.startswith(f"Konten nomor {several[1]}")
    siti.presses("Kembali ke rencana")
    assert "masih kosong" in siti.says("3")[-1].text


def test_an_empty_week_starts_a_draft_that_has_its_week(stage: Stage, siti: Chatter) -> None:
    siti.says("/rencana")
    siti.says("3")
    siti.presses("Ajukan untuk minggu ini")
    with stage.session() as session:
        item = session.scalars(select(Item)).one()
        assert (item.week, item.status, item.author_id) == (THIRD, states.DRAFT, siti.person_id)
        assert "week" not in drafts.missing(item)
    # Pressed again it is the same draft, and whoever wrote it goes on from there.
    siti.presses("", action=f"plan.start:{stage.agency().id}:{THIRD}")
    with stage.session() as session:
        assert len(session.scalars(select(Item)).all()) == 1
    siti.says("/rencana")
    assert "Lanjutkan" in siti.says("3")[-1].actions


def test_drafts_without_a_week_are_counted(stage: Stage, siti: Chatter) -> None:
    number = scene.item(stage, status=states.DRAFT)
    with stage.session() as session, session.begin():
        session.get_one(Item, number).week = ""
    assert "1 konsep belum punya minggu" in last(siti.says("/rencana"))
    heard = siti.presses("", action=f"plan.item:{number}")[-1]
    assert "Jadwal siar" not in heard.text


def test_somebody_who_writes_for_several_is_asked_for_whom(stage: Stage, siti: Chatter) -> None:
    other = stage.agency("BKD", "Badan Kepegawaian")
    with stage.session() as session, session.begin():
        roles.grant(session, scene.person(session, siti), "editor", other.id, stage.now, by=None)
    assert list(siti.says("/rencana")[-1].actions) == ["Badan Kepegawaian", "Dinas Kesehatan"]
    assert "Rencana Badan Kepegawaian" in last(siti.says("1"))
    assert "Rencana Dinas Kesehatan" in last(siti.says("/rencana kesehatan"))


def test_the_provincial_team_has_a_plan_of_the_province(stage: Stage) -> None:
    tio = stage.person("Tio", "PROV", role="planner")
    scene.item(stage, None, title="Untuk semua", week=NEXT)
    assert "Provinsi Jambi" in tio.says("/rencana")[-1].actions
    assert "Untuk semua" in last(tio.presses("Provinsi Jambi"))
    tio.says("3")
    tio.presses("Ajukan untuk minggu ini")
    with stage.session() as session:
        item = session.scalars(select(Item).where(Item.status == states.DRAFT)).one()
        assert (item.opd_id, item.week) == (None, THIRD)


def test_who_writes_nothing_and_sees_to_nothing_has_no_plan(stage: Stage) -> None:
    plain, number = stage.person("Tono"), scene.item(stage)
    opd = stage.agency().id
    assert "hanya untuk petugas" in last(plain.says("/rencana"))
    for action in (
        "plan.all", "plan.table", "plan.opds:0", "plan.small:0", f"plan.of:{opd}", "plan.of:all",
        f"plan.week:{opd}:{WEEK}", f"plan.item:{number}", f"plan.move:{number}", f"plan.start:{opd}:{NEXT}",
        f"plan.to:{number}:{NEXT}", f"plan.swap:{number}:{WEEK}:{number}:{NEXT}",
    ):  # fmt: skip
        assert "hanya untuk petugas" in last(plain.presses("", action=action)), action


def test_a_team_does_not_see_the_plan_of_another_opd(stage: Stage, siti: Chatter) -> None:
    other, number = stage.agency("BKD", "BKD"), scene.item(stage, "BKD", status=states.DRAFT)
    for action in (f"plan.of:{other.id}", f"plan.week:{other.id}:{WEEK}", f"plan.item:{number}", "plan.all"):
        assert "hanya untuk petugas" in last(siti.presses("", action=action)), action
    assert "belum kami temukan" in last(siti.says("/rencana bkd"))


@pytest.mark.parametrize("payload", ["", "x", "9" * 40, "1:x", "all:2026-W99", "1:2026-W48:1", "1:2:3:4"])
def test_a_forged_payload_is_refused_and_never_a_bug(stage: Stage, andi: Chatter, payload: str) -> None:
    scene.item(stage)
    for action in "of week item start move to swap opds small".split():
        andi.presses("", action=f"plan.{action}:{payload}")
    assert "Menu Satu Pesan" in last(andi.says("menu"))


# -- all OPD -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["controller", "tag", "leader", "admin"])
def test_whoever_sees_to_all_gets_the_picture_with_the_totals_and_the_table(stage: Stage, role: str) -> None:
    boss = stage.person("Andi", "BAPPEDA", role=role)
    for code in ("DINKES", "DISDIK"):
        stage.person("Tono", code)
    scene.item(stage)
    heard = boss.says("/rencana")[-1]
    assert "Siaran Rabu, 25 November 2026: 1 dari 3 OPD siap" in heard.text
    assert "Provinsi Jambi" in heard.actions
    assert "Rabu 2 Des: 0 dari 3" in heard.text
    assert heard.row.body["report"].startswith("plan-chart:2026-W48:")
    assert len(heard.text) < 1024
    table = boss.presses("Unduh tabel")[-1]
    assert table.row.body["report"].startswith("plan-table:2026-W48:")


def test_the_picture_is_made_anew_only_when_something_changed(stage: Stage, andi: Chatter) -> None:
    def name() -> str:
        return str(andi.says("/rencana")[-1].row.body["report"])

    before = name()
    stage.later(minutes=5)
    assert name() == before
    scene.item(stage, "BAPPEDA", week=NEXT, status=states.DRAFT)
    assert name() != before


def test_a_controller_finds_one_of_43_by_a_part_of_the_name_or_by_page(stage: Stage, andi: Chatter) -> None:
    for number in range(43):
        stage.person("Tono", f"OPD{number:02}", joined=False)
    stage.agency("OPD07")
    assert "Rencana Dinas OPD07" in last(andi.says("/rencana opd07"))
    assert "Semua OPD" in andi.hears()[-1].actions
    andi.says("/rencana")
    assert "Rencana Dinas OPD11" in last(andi.says("opd11"))
    andi.says("/rencana")
    assert "belum kami temukan" in last(andi.says("xqzw"))
    page = andi.presses("Pilih OPD")[-1]
    assert "Pilih OPD (44)" in page.text
    assert "Sebelumnya" not in str(page.actions)
    seen = [label for label in page.actions if "OPD" in label or "BAPPEDA" in label]
    for _ in range(5):
        page = andi.presses("Berikutnya")[-1]
        seen += [label for label in page.actions if "OPD" in label or "BAPPEDA" in label]
    assert "Berikutnya" not in str(page.actions)
    assert len({label.partition(" ")[2] for label in seen}) == 44
    assert "Rencana Dinas OPD" in last(andi.says("2"))


def test_a_leader_reads_and_changes_nothing(stage: Stage) -> None:
    boss, number = stage.person("Pak Kadis", "BAPPEDA", role="leader"), scene.item(stage, status=states.DRAFT)
    assert "Rencana Dinas Kesehatan" in last(boss.presses("", action=f"plan.of:{stage.agency().id}"))
    assert list(boss.says("1")[-1].actions) == ["Kembali ke rencana"]
    assert list(boss.presses("", action=f"plan.week:{stage.agency().id}:{NEXT}")[-1].actions) == [
        "Kembali ke rencana"
    ]
    assert "hanya untuk petugas" in last(boss.presses("", action=f"plan.to:{number}:{NEXT}"))
    assert scene.found(stage, number).week == WEEK


def test_teams_that_are_too_small_are_listed_by_page(stage: Stage, andi: Chatter) -> None:
    for number in range(9):
        stage.person("Tono", f"OPD{number:02}", role="creator")
    assert "Tim PPID di bawah 3 orang: 10 OPD" in last(andi.says("/rencana"))
    first = andi.presses("Tim terlalu kecil (10)")[-1]
    assert "• Dinas BAPPEDA: 0 orang" in first.text
    assert "• Dinas OPD08: 1 orang" in andi.presses("Berikutnya")[-1].text


# -- to another week ---------------------------------------------------------------------------


def test_a_planner_moves_an_item_and_its_author_hears_of_it(
    stage: Stage, siti: Chatter, rina: Chatter, andi: Chatter
) -> None:
    number = scene.item(stage, status=states.CHECKED)
    taken = scene.item(stage, week=THIRD, title="Sudah ada")
    by(stage, number, siti)
    rina.says("/rencana")
    rina.says("1")
    offered = rina.presses("Pindahkan")[-1]
    assert f"• Rabu 9 Des: konten nomor {taken}, Sudah ada" in offered.text
    assert list(offered.actions)[:2] == ["Rabu 2 Des", "Rabu 9 Des (terisi)"]
    assert "sudah ada konten" in last(rina.presses("Rabu 9 Des"))
    rina.presses("", action=f"plan.move:{number}")
    assert "pindah ke Rabu, 2 Desember 2026" in last(rina.presses("Rabu 2 Des"))
    assert scene.found(stage, number).week == NEXT
    told = siti.hears()[-1].text
    assert "dipindahkan oleh Rina" in told
    assert "Semula: Rabu, 25 November 2026" in told
    assert "Sekarang: Rabu, 2 Desember 2026" in told
    assert andi.hears() == []  # of what is not approved yet the controllers need not hear
    assert "dari Rabu 25 Nov ke Rabu 2 Des" in last(siti.says(f"/konten {number}"))


def test_controllers_hear_when_an_approved_item_moves(stage: Stage, rina: Chatter, andi: Chatter) -> None:
    number = scene.item(stage)
    rina.presses("", action=f"plan.to:{number}:{NEXT}")
    assert "dipindahkan oleh Rina" in andi.hears()[-1].text
    andi.presses("", action=f"plan.to:{number}:{THIRD}")
    assert "pindah ke Rabu, 9 Desember" in andi.hears()[-1].text
    assert "sudah untuk" in last(andi.presses("", action=f"plan.to:{number}:{THIRD}"))


def test_two_approved_items_are_swapped_once(stage: Stage, rina: Chatter, siti: Chatter) -> None:
    one, other = scene.item(stage, title="Yang pertama"), scene.item(stage, week=NEXT, title="Yang kedua")
    by(stage, other, siti)
    rina.presses("", action=f"plan.move:{one}")
    asked = rina.presses("Rabu 2 Des (terisi)")[-1]
    assert "sudah terisi konten" in asked.text
    action = asked.actions["Tukar"]
    assert len(action.encode()) <= 64
    assert "Minggunya sudah ditukar" in last(rina.presses("Tukar"))
    assert (scene.found(stage, one).week, scene.found(stage, other).week) == (NEXT, WEEK)
    assert "Sekarang: Rabu, 25 November 2026" in siti.hears()[-1].text
    assert "belum dilakukan" in last(rina.presses("", action=action))
    assert scene.found(stage, one).week == NEXT


def test_an_item_that_waits_cannot_push_an_approved_one_away(stage: Stage, rina: Chatter) -> None:
    one, other = scene.item(stage, status=states.EDITED), scene.item(stage, week=NEXT)
    heard = rina.presses("", action=f"plan.to:{one}:{NEXT}")[-1]
    assert f"sudah ada konten nomor {other} yang disetujui" in heard.text
    assert "Tukar" not in heard.actions


def test_an_approved_item_that_comes_into_an_election_waits_for_a_second_controller(
    stage: Stage, rina: Chatter, andi: Chatter
) -> None:
    from datetime import date

    stage.programme = Programme(election=(Dates(begin=date(2026, 12, 10), until=date(2026, 12, 10)),))
    number = scene.item(stage)
    heard = rina.presses("", action=f"plan.move:{number}")[-1]
    assert "Masa pemilu" in heard.text
    assert "menunggu persetujuan kedua" in last(rina.presses("Rabu 9 Des ⚖"))
    assert scene.found(stage, number).status == states.CONFIRMING
    assert [f"review.open:{number}" in heard.actions.values() for heard in andi.hears()] == [False, True]


def test_what_was_released_stays_where_it_is(stage: Stage, rina: Chatter) -> None:
    number = scene.item(stage)
    scene.release(stage)
    assert "Pindahkan" not in rina.presses("", action=f"plan.item:{number}")[-1].actions
    assert "tidak dapat diubah lagi" in last(rina.presses("", action=f"plan.to:{number}:{NEXT}"))
    assert "tidak dapat diubah lagi" in last(rina.presses("", action=f"plan.move:{number}"))


def test_the_plan_goes_on_after_the_release(stage: Stage, siti: Chatter) -> None:
    scene.item(stage)
    scene.release(stage)
    assert "1. Rabu 2 Des" in last(siti.says("/rencana"))
