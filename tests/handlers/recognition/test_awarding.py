"""`/penghargaan`: the list in words, decisions on it, and who is told."""

import pytest
from sqlalchemy import select

from models.people import people
from models.recognition.awards import LISTED, Award
from models.recognition.certificates import Certificate
from tests import honouring
from tests.chat import Chatter, Heard, Stage
from tests.honouring import PROGRAMME, WEEKS


def said(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


@pytest.fixture
def town(stage: Stage, tini: Chatter, budi: Chatter) -> dict[str, Chatter]:
    """Two who share the first place, and a team; the list is made."""
    stage.programme = PROGRAMME
    people = {
        "siti": stage.person("Siti Rahma"),
        "wati": stage.person("Wati Ningsih"),
        "rina": stage.person("Rina Dewi", role="creator"),
        "budi": budi,
    }
    for week in WEEKS[:2]:
        made = honouring.play(stage, week, (people["siti"], 10), (people["wati"], 10))
    honouring.scored(stage, made["DINKES"], tini, 4, 4)
    honouring.make(stage)
    return people


def test_before_there_is_a_list_its_day_is_said(stage: Stage, budi: Chatter) -> None:
    assert "Selasa, 1 Desember 2026, 08.00 WIB" in said(budi.says("/penghargaan"))
    assert "/penghargaan 2026-11" in said(budi.says("/penghargaan kemarin"))


def test_an_empty_list_says_why(stage: Stage, budi: Chatter) -> None:
    stage.programme = PROGRAMME
    honouring.make(stage)
    assert "0 dari 6 kategori punya calon" in said(budi.hears())
    answer = said(budi.presses("Lihat daftarnya"))
    assert answer.count("belum ada calon") == 6
    assert "0 minggu yang ditutup" in answer
    assert "nilai TAG saja" in answer


def test_those_who_share_a_place_are_confirmed_together_or_one_is_replaced(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    (shown,) = budi.presses("ASN paling tekun")
    assert "Siti Rahma dan Wati Ningsih" in shown.text
    assert "1. Siti Rahma" in shown.text
    assert "1. Wati Ningsih" in shown.text
    assert list(shown.actions) == ["Sahkan", "Ganti Siti Rahma", "Ganti Wati Ningsih", "Semua kategori"]
    budi.presses("Ganti Siti Rahma")
    assert "Urutan berikutnya: Wati Ningsih" in said(budi.says("Sedang menjalani pemeriksaan."))
    budi.presses("Sahkan")
    assert "Selamat, Wati Ningsih!" in said(town["wati"].hears())
    assert "Selamat" not in said(town["siti"].hears())
    assert "pemeriksaan" not in said(town["siti"].hears()) + said(town["rina"].hears())


def test_tidak_jadi_asks_for_no_reason_any_more(stage: Stage, town: dict[str, Chatter]) -> None:
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    budi.presses("ASN paling tekun")
    budi.presses("Ganti Siti Rahma")
    budi.presses("Tidak jadi")
    budi.says("Ini bukan alasan.")
    assert {row.status for row in honouring.newest(stage)[1]} == {LISTED}


def test_who_may_not_decide_hears_it_before_a_reason_is_written(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    desi = stage.person("Desi", role="controller")  # of the OPD of everybody on the list
    desi.says("/penghargaan")
    desi.presses("ASN paling tekun")
    refused = said(desi.presses("Ganti Siti Rahma"))
    assert "Budi" in refused
    assert "alasan" not in refused.lower()
    desi.says("Sedang menjalani pemeriksaan.")
    assert {row.status for row in honouring.newest(stage)[1]} == {LISTED}
    town["budi"].says("/penghargaan")
    town["budi"].presses("ASN paling tekun")
    town["budi"].presses("Sahkan")
    desi.says("/penghargaan")
    desi.presses("ASN paling tekun")
    assert said(desi.presses("Cabut 001")) == refused


def test_a_reason_that_says_nothing_is_asked_for_again(stage: Stage, town: dict[str, Chatter]) -> None:
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    budi.presses("ASN paling tekun")
    budi.presses("Ganti Siti Rahma")
    assert "5 sampai 300 huruf" in said(budi.says("ok"))
    assert "dilewati" in said(budi.says("Pindah ke provinsi lain."))


def test_an_opds_certificate_goes_to_its_team_and_an_items_to_its_author_and_team(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    for button in ("OPD kecil terbaik", "Konten terbaik"):
        budi.says("/penghargaan")
        budi.presses(button)
        budi.presses("Sahkan")
    handed = [one for one in town["rina"].hears() if "Selamat, Rina Dewi!" in one.text]
    assert [one.row.body["report"] for one in handed] == ["certificate:1", "certificate:2"]
    assert "Untuk Dinas Kesehatan" in handed[0].text
    assert "Untuk konten “Pesan DINKES 2026-W49”" in handed[1].text
    with stage.session() as session:
        names = session.execute(select(Certificate.name, Certificate.agency)).all()
        assert [tuple(row) for row in names] == [("Dinas Kesehatan", ""), ("Dinas Kesehatan", "")]


def test_a_winner_who_cannot_be_reached_is_said_and_the_paper_can_be_printed(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        for who in ("siti", "wati"):
            people.block(session, "telegram", str(town[who].chat), stage.now)
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    budi.presses("ASN paling tekun")
    assert said(budi.presses("Sahkan")).count("mohon sampaikan langsung") == 2
    budi.says("/penghargaan")
    (shown,) = budi.presses("ASN paling tekun")
    assert list(shown.actions)[:2] == ["Unduh 001/SP/XII/2026", "Cabut 001/SP/XII/2026"]
    assert budi.presses("Unduh 001")[0].row.body["report"] == "certificate:1"


def test_the_announcement_names_no_one_who_has_said_no_since(stage: Stage, town: dict[str, Chatter]) -> None:
    budi = town["budi"]
    assert "belum ada yang dapat diumumkan" in said(budi.presses("", action="award.announce:1"))
    budi.presses("Lihat daftarnya")
    budi.presses("ASN paling tekun")
    budi.presses("Sahkan")
    assert "Siti Rahma" in said(budi.presses("Teks pengumuman"))
    town["siti"].says("/saya")
    town["siti"].presses("Tak ikut penghargaan")
    text = said(budi.presses("Teks pengumuman"))
    assert "Siti Rahma" not in text
    assert "ASN Paling Tekun: Wati Ningsih, dari Dinas Kesehatan." in text


def test_made_again_the_list_says_which_version_it_is(
    stage: Stage, town: dict[str, Chatter], tini: Chatter
) -> None:
    budi = town["budi"]
    budi.presses("Lihat daftarnya")
    assert "Hasilnya sama" in said(budi.presses("Hitung ulang"))
    with stage.session() as session:
        item = session.scalars(select(Award.item_id).where(Award.item_id.is_not(None))).first()
    honouring.scored(stage, item or 0, tini, 5, 5)
    answer = said(budi.presses("Hitung ulang"))
    assert "Ini hitungan ke-2" in answer
    assert "Hitungan ke-2" in answer
    assert "sudah dihitung ulang" in said(budi.presses("", action="award.see:1:steady"))


def test_winners_hear_of_it_when_the_quiet_hours_are_over(stage: Stage, town: dict[str, Chatter]) -> None:
    stage.later(hours=14)  # 22.00 WIB
    budi = town["budi"]
    budi.says("/penghargaan")
    budi.presses("ASN paling tekun")
    budi.presses("Sahkan")
    handed = town["siti"].hears()[-1]
    assert "Selamat, Siti Rahma!" in handed.text
    assert handed.row.due_at.astimezone(PROGRAMME.zone).hour == 7
