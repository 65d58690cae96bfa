"""`/ekspor` in chat: what, which week, which form, and who may have whose rows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.reports import exports
from models.digests import digests
from models.people import roles
from models.people.audit import Entry
from models.people.people import Person
from tests import scene
from tests.chat import Chatter, Heard, Stage

WEEK = "2026-W48"


def audited(stage: Stage) -> list[Entry]:
    with stage.session() as session:
        return list(session.scalars(select(Entry).where(Entry.act == "export").order_by(Entry.id)))


def reports(heard: list[Heard]) -> list[str]:
    return [said.row.body["report"] for said in heard if "report" in said.row.body]


def opd_of(stage: Stage, who: Chatter) -> int:
    with stage.session() as session:
        return session.get_one(Person, who.person_id).opd_id


def close(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        digests.close(session, WEEK, stage.now, stage.programme)


def test_a_controller_gets_the_rows_of_all_in_four_steps(stage: Stage, budi: Chatter) -> None:
    stage.person("Tono", "DISDIK")
    (what,) = budi.says("/ekspor")
    assert list(what.actions) == ["Unggahan", "Orang", "Pengiriman", "Data terbuka"]
    (week,) = budi.presses("Orang")
    assert week.text == "Orang: minggu yang mana?"
    assert list(week.actions) == ["Minggu ini", "Minggu lalu", "Ketik nomor minggu"]
    (form,) = budi.presses("Minggu ini")
    assert form.text == "Orang · minggu 25 November – 2 Desember 2026\n2 baris. Dalam bentuk apa?"
    (file,) = budi.presses("Excel")
    (report,) = reports([file])
    assert report.startswith(f"export:people:{WEEK}:xlsx:0:")
    assert "2 baris" in file.text
    (entry,) = audited(stage)
    assert (entry.actor_id, entry.subject_id) == (budi.person_id, "people")
    assert entry.detail == {"first": WEEK, "last": WEEK, "form": "xlsx", "rows": 2, "opd": None}


def test_a_csv_comes_with_its_dictionary_and_the_file_is_made_of_its_name(
    stage: Stage, budi: Chatter
) -> None:
    budi.says("/ekspor")
    for label in ("Orang", "Minggu ini"):
        budi.presses(label)
    heard = budi.presses("CSV")
    report, beside = reports(heard)
    assert beside == "dictionary:people"
    assert heard[1].text == "Arti setiap kolomnya."
    with stage.session() as session:
        paper = exports.paper(session, report.partition(":")[2], stage.programme.zone)
    assert b"Budi Santoso" in paper.data


def test_a_team_gets_the_rows_of_its_own_opd_alone(stage: Stage, siti: Chatter) -> None:
    tono, own = stage.person("Tono", "DISDIK"), opd_of(stage, siti)
    siti.says("/ekspor")
    siti.presses("Orang")
    (form,) = siti.presses("Minggu ini")
    assert "Dinas Kesehatan\n1 baris" in form.text
    (report,) = reports(siti.presses("Excel"))
    assert report.startswith(f"export:people:{WEEK}:xlsx:{own}:")
    with stage.session() as session:
        data = exports.paper(session, f"people:{WEEK}:csv:{own}:1", stage.programme.zone).data
    assert b"Siti Rahma" in data
    assert b"Tono" not in data
    foreign = opd_of(stage, tono)
    for action in (
        "opd:people:{}",
        f"week:people:{{}}:{WEEK}",
        f"form:people:{{}}:{WEEK}:csv",
        "type:people:{}",
    ):
        for opd_id in (foreign, 0):
            heard = siti.presses("", action=f"export.{action.format(opd_id)}")
            assert not reports(heard), action
            assert heard[-1].text.startswith("Maaf, itu hanya untuk petugas yang ditunjuk."), action
    assert len(audited(stage)) == 1


def test_a_team_of_two_opd_is_asked_which(stage: Stage, siti: Chatter) -> None:
    other = stage.agency("DISDIK", "Dinas Pendidikan")
    with stage.session() as session, session.begin():
        roles.grant(session, session.get_one(Person, siti.person_id), "editor", other.id, stage.now, by=None)
    stage.person("Tono", "DISDIK")
    siti.says("/ekspor")
    (which,) = siti.presses("Orang")
    assert set(which.actions) == {"Dinas Kesehatan", "Dinas Pendidikan"}
    siti.presses("Dinas Pendidikan")
    siti.presses("Minggu ini")
    (report,) = reports(siti.presses("Excel"))
    assert f":xlsx:{other.id}:" in report


@pytest.mark.parametrize("role", ["", "leader", "tag"])
def test_whoever_may_not_is_told_so_and_gets_nothing(stage: Stage, role: str) -> None:
    who = stage.person("Rini", role=role)
    heard = who.says("/ekspor")
    assert "Unggahan" not in heard[-1].actions
    for action in ("what:people", "what:open", f"form:people:0:{WEEK}:csv", f"form:open:0:{WEEK}:csv"):
        assert not reports(who.presses("", action=f"export.{action}"))
    assert not audited(stage)


def test_a_role_that_was_taken_away_ends_it_in_the_middle(stage: Stage, budi: Chatter) -> None:
    budi.says("/ekspor")
    budi.presses("Orang")
    budi.presses("Minggu ini")
    with stage.session() as session, session.begin():
        person = session.get_one(Person, budi.person_id)
        roles.revoke(session, person, "controller", None, stage.now, by=None)
    assert not reports(budi.presses("Excel"))
    assert not audited(stage)


@pytest.mark.parametrize("written", ["48", "minggu 48", "2026-W48"])
def test_a_week_may_be_typed(stage: Stage, budi: Chatter, written: str) -> None:
    stage.later(weeks=1)
    budi.says("/ekspor")
    budi.presses("Orang")
    budi.presses("Ketik nomor")
    (form,) = budi.says(written)
    assert "25 November – 2 Desember 2026" in form.text
    assert reports(budi.says("1"))[0].startswith(f"export:people:{WEEK}:xlsx:")


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("kapan saja", "Itu belum berupa nomor minggu"),
        ("99", "Itu belum berupa nomor minggu"),
        ("52", "Data yang pertama: minggu 48 (25 Nov"),
        ("40", "Data yang pertama: minggu 48 (25 Nov"),
    ],
)
def test_a_week_that_is_none_is_said_so_and_asked_again(
    stage: Stage, budi: Chatter, written: str, answer: str
) -> None:
    budi.says("/ekspor")
    budi.presses("Orang")
    budi.presses("Ketik nomor")
    assert budi.says(written)[-1].text.startswith(answer)
    assert "1 baris" in budi.says("48")[-1].text


def test_a_week_without_rows_gives_no_empty_file(stage: Stage, budi: Chatter) -> None:
    budi.says("/ekspor")
    budi.presses("Unggahan")
    assert "belum ada data Unggahan" in budi.presses("Minggu ini")[-1].text


def test_open_data_are_of_closed_weeks_and_everybody_s_who_may_export(stage: Stage, siti: Chatter) -> None:
    siti.says("/ekspor")
    assert "Belum ada minggu yang ditutup" in siti.presses("Data terbuka")[-1].text
    stage.later(weeks=1)
    close(stage)
    siti.says("/ekspor")
    (week,) = siti.presses("Data terbuka")
    assert list(week.actions) == ["Minggu terakhir", "Semua minggu", "Ketik nomor minggu"]
    siti.presses("Semua minggu")
    heard = siti.presses("CSV")
    report, beside = reports(heard)
    assert report.startswith(f"export:open:{WEEK}:csv:0:")
    assert beside == "dictionary:open"
    assert "CC BY 4.0" in heard[0].text
    siti.presses("Ketik nomor")
    assert "belum ditutup" in siti.says("49")[-1].text


def test_several_closed_weeks_are_one_file(stage: Stage, budi: Chatter) -> None:
    stage.later(weeks=2)
    for week in (WEEK, "2026-W49"):
        with stage.session() as session, session.begin():
            digests.close(session, week, stage.now, stage.programme)
    budi.says("/ekspor")
    budi.presses("Data terbuka")
    (form,) = budi.presses("Semua minggu")
    assert "sampai" in form.text
    (report,) = reports(budi.presses("Excel"))
    assert report.startswith(f"export:open:{WEEK}_2026-W49:xlsx:0:")
    assert audited(stage)[-1].detail["rows"] == 2


def test_too_many_rows_for_a_chat_are_for_the_command_line(stage: Stage, budi: Chatter) -> None:
    stage.programme = stage.programme.model_copy(update={"export_rows": 1})
    stage.person("Tono")
    budi.says("/ekspor")
    budi.presses("Orang")
    heard = budi.presses("Minggu ini")
    assert f"python -m bot export people --week {WEEK}" in heard[-1].text
    assert not reports(heard)


def test_the_same_asked_again_is_made_again(stage: Stage, budi: Chatter) -> None:
    budi.says("/ekspor")
    budi.presses("Orang")
    budi.presses("Minggu ini")
    first = reports(budi.presses("Excel"))
    stage.later(seconds=5)
    assert reports(budi.presses("Excel")) != first


def test_it_is_not_for_groups(stage: Stage, budi: Chatter) -> None:
    group = scene.Group(stage)
    group.invites(budi)
    heard = group.hears(budi, "/ekspor")
    assert not [said for said in heard if "Unggahan" in said.actions]


def test_batal_leaves(stage: Stage, budi: Chatter) -> None:
    budi.says("/ekspor")
    budi.presses("Orang")
    budi.presses("Ketik nomor")
    assert budi.presses("Batal")[-1].text == "Baik, tidak ada data yang dikirim."
    stage.now += timedelta(seconds=1)
    assert "baris" not in budi.says("48")[-1].text
