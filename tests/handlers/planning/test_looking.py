"""`/konten`: a team's list, an item with its state, and what other OPD have brought out."""

from models.content import states
from tests.chat import Chatter, Stage
from tests.handlers.submitting.drafting import CAPTION, TITLE, put, writes
from tests.hearing import last


def test_the_list_of_a_team_has_pages_with_buttons_and_numbers(stage: Stage, siti: Chatter) -> None:
    for number in range(10):
        writes(siti, 2, title=f"Judul nomor {number}")
        stage.later(minutes=1)
    heard = siti.says("/konten")
    assert "Daftar konten (10)" in last(heard)
    assert "1. Konten nomor 10: Judul nomor 9 – masih konsep" in last(heard)
    assert "Berikutnya ▶" in heard[-1].actions
    assert "Konten nomor 9: Judul nomor 8" in last(siti.says("2"))
    siti.says("/konten")
    page = siti.presses("Berikutnya")
    assert "Konten nomor 1: Judul nomor 0" in last(page)
    assert "◀ Sebelumnya" in page[-1].actions


def test_an_item_shows_its_state_its_history_and_what_can_be_done(siti: Chatter) -> None:
    writes(siti)
    siti.presses("Simpan dulu")
    heard = siti.says("/konten 1")
    assert "Status: masih konsep" in last(heard)
    assert "dimulai oleh Siti Rahma" in last(heard)
    assert {"Lihat isinya", "Lanjutkan"} <= set(heard[-1].actions)
    assert TITLE in siti.presses("Lihat isinya")[0].text
    assert "tidak ada di daftar Anda" in last(siti.says("/konten 99"))


def test_everybody_may_look_at_and_share_the_items_of_other_opd(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina", "PUPR")
    joko = stage.person("Joko", "DISDIK", role="creator")
    assert "belum ada konten" in last(rina.presses("", action="content.others"))
    writes(siti)
    writes(joko, title="Sekolah sehat di pinggir kota")
    for number in (1, 2):
        put(stage, number, status=states.RELEASED, week="2026-W48")
    heard = rina.presses("", action="content.others")
    assert list(heard[-1].actions) == ["Dinas DISDIK", "Dinas Kesehatan"]
    card, caption = rina.says("2")
    assert TITLE in card.text
    assert CAPTION in caption.text
    rina.presses("", action="content.others")
    assert "Sekolah sehat" in rina.says("disd")[0].text
    rina.presses("", action="content.others")
    assert "dari OPD bernama “kehutanan”" in last(rina.says("kehutanan"))
    # Her own OPD has none, so /konten shows the others'; Siti sees her own team's.
    assert "Konten OPD lain" in last(rina.says("/konten"))
    assert "Daftar konten" in last(siti.says("/konten"))


def test_a_search_for_an_opd_is_left_by_menu_and_batal(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina", "PUPR")
    writes(siti)
    put(stage, 1, status=states.RELEASED, week="2026-W48")
    rina.presses("", action="content.others")
    assert "Menu" in last(rina.says("menu"))


def test_an_asn_sees_the_own_item_of_the_week_once_more(stage: Stage, siti: Chatter) -> None:
    rina = stage.person("Rina")
    writes(siti)
    put(stage, 1, status=states.RELEASED, week="2026-W48")
    card, caption = rina.says("/konten")
    assert TITLE in card.text
    assert set(card.actions) == {"Sudah saya bagikan", "Konten OPD lain", "Cari konten"}
    assert CAPTION in caption.text
