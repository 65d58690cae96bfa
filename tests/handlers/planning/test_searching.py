"""`/konten` with a word, `/kontenku`, and looking for less by buttons and numbers."""

import pytest

from models.content import rubrics, states
from models.content.content import Item
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import last

WEEK = "2026-W48"


def item(stage: Stage, title: str, opd: str | None = "DISDIK", **values: object) -> int:
    number = scene.item(
        stage,
        opd,
        title=title,
        status=str(values.pop("status", states.CLOSED)),
        week=str(values.pop("week", "2026-W46")),
    )
    with stage.session() as session, session.begin():
        for name, value in values.items():
            setattr(session.get_one(Item, number), name, value)
    return number


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma")


@pytest.fixture
def budi(stage: Stage) -> Chatter:
    return stage.person("Budi", role="creator")


def test_anybody_finds_what_was_released_by_a_word(stage: Stage, siti: Chatter) -> None:
    number = item(stage, "Vaksin untuk balita")
    item(stage, "Jalan baru di Kerinci")
    item(stage, "Vaksin yang belum disetujui", status=states.CHECKED)
    heard = siti.says("/konten VAKSIN")[-1]
    assert "Konten yang ditemukan (1)" in heard.text
    assert "Kata: “vaksin”" in heard.text
    assert "1. Vaksin untuk balita\nDinas DISDIK · 11 Nov · selesai" in heard.text
    shown = siti.says("1")
    assert "Vaksin untuk balita" in shown[0].text
    assert shown[0].row.item_id == number
    assert "Sudah saya bagikan" not in str([one.actions for one in shown])
    assert "Kata: “vaksin”" in last(siti.presses("Kembali ke hasil"))


def test_this_weeks_item_that_was_found_can_be_shared(stage: Stage, siti: Chatter) -> None:
    item(stage, "Vaksin untuk balita", status=states.RELEASED, week=WEEK)
    siti.says("/konten vaksin")
    assert "Sudah saya bagikan" in str([one.actions for one in siti.says("1")])


def test_a_team_member_sees_the_history_of_the_own_teams_items(stage: Stage, budi: Chatter) -> None:
    item(stage, "Vaksin rahasia", "DINKES", status=states.CHECKED)
    item(stage, "Vaksin rahasia lain", "DISDIK", status=states.CHECKED)
    heard = budi.says("/konten vaksin")[-1]
    assert "(1)" in heard.text
    assert "menunggu persetujuan" in heard.text
    assert "Yang terakhir terjadi" in last(budi.says("1"))


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("disdik", "OPD: Dinas DISDIK"),
        ("Dinas DISDIK", "OPD: Dinas DISDIK"),
        ("minggu 46", "Siaran minggu 11 – 18 November 2026"),
        ("w46", "Siaran minggu 11 – 18 November 2026"),
        ("2026-W46", "Siaran minggu 11 – 18 November 2026"),
        ("imunisasi campak", "Kata: “imunisasi campak”"),
        ("warga", "Kata: “warga”"),
        ("photo", "Jenis: Foto kegiatan"),
    ],
)
def test_what_is_typed_is_understood_as_an_opd_a_week_a_rubric_or_words(
    stage: Stage, siti: Chatter, written: str, line: str
) -> None:
    item(stage, "Imunisasi untuk warga", rubric=rubrics.PHOTO)
    heard = siti.says(f"/konten {written}")[-1]
    assert line in heard.text
    assert "Imunisasi untuk warga" in heard.text


def test_this_week_is_a_button_and_words(stage: Stage, siti: Chatter) -> None:
    item(stage, "Minggu lalu")
    item(stage, "Sekarang", status=states.RELEASED, week=WEEK)
    heard = siti.says("/konten minggu ini")[-1]
    assert "Sekarang" in heard.text
    assert "Minggu lalu" not in heard.text
    assert "Minggu ini" not in heard.actions
    both = siti.presses("Tampilkan semua")[-1]
    assert "Minggu lalu" in both.text
    assert "Minggu lalu" not in last(siti.presses("Minggu ini"))


def test_filters_are_added_to_each_other_and_taken_away_at_once(stage: Stage, siti: Chatter) -> None:
    item(stage, "Vaksin satu", "DISDIK", rubric=rubrics.PHOTO)
    item(stage, "Vaksin dua", "DINKES", rubric=rubrics.PHOTO)
    item(stage, "Vaksin tiga", "DINKES", rubric=rubrics.STORY)
    siti.says("/konten vaksin")
    siti.presses("Jenis")
    assert "(2)" in last(siti.presses("Foto kegiatan"))
    siti.presses("OPD")
    heard = siti.says("kesehatan")[-1]
    assert "Kata: “vaksin”\nJenis: Foto kegiatan\nOPD: Dinas Kesehatan" in heard.text
    assert "Vaksin dua" in heard.text
    assert "(1)" in heard.text
    assert "(3)" in last(siti.presses("Tampilkan semua"))


def test_pages_turn_by_button_and_by_number(stage: Stage, siti: Chatter) -> None:
    for nth in range(10):
        item(stage, f"Vaksin {nth}")
    first = siti.says("/konten vaksin")[-1]
    assert "(10)" in first.text
    assert list(first.actions)[5] == "Berikutnya ▶"
    second = siti.says("6")[-1]
    assert "Kata: “vaksin”" in second.text
    assert second.text.count("Vaksin ") == 5
    assert "6. " not in second.text
    assert "Vaksin" in siti.says("2")[0].text
    siti.presses("Kembali ke hasil")
    assert "1. Vaksin" in last(siti.presses("", action="find.page:7"))  # beyond the last: the first again


def test_a_page_of_a_search_that_is_over_says_so(stage: Stage, siti: Chatter) -> None:
    item(stage, "Vaksin")
    siti.says("/konten vaksin")
    siti.says("menu")
    assert "sudah ditutup" in last(siti.presses("", action="find.page:1"))


def test_nothing_found_says_what_to_do(stage: Stage, siti: Chatter) -> None:
    item(stage, "Vaksin")
    heard = siti.says("/konten xyzzy")[-1]
    assert "Belum ada konten yang cocok" in heard.text
    assert "Kata: “xyzzy”" in heard.text
    assert list(heard.actions) == ["Jenis", "OPD", "Minggu ini", "Tampilkan semua"]
    assert "Vaksin" in last(siti.says("vaksin"))
    siti.presses("OPD")
    assert "belum kami temukan" in last(siti.says("qqqq"))


def test_an_asn_gets_this_weeks_item_and_a_way_to_search(stage: Stage, siti: Chatter) -> None:
    item(stage, "Vaksin lama")
    item(stage, "Konten kita", "DINKES", status=states.RELEASED, week=WEEK)
    heard = siti.says("/konten")
    assert "Konten kita" in heard[0].text
    assert "Konten yang ditemukan (2)" in last(siti.presses("Cari konten"))


def test_a_teams_list_leads_to_a_search_by_a_word(stage: Stage, budi: Chatter) -> None:
    item(stage, "Vaksin DISDIK")
    item(stage, "Punya tim", "DINKES", status=states.DRAFT)
    heard = budi.says("/konten")[-1]
    assert "Punya tim" in heard.text
    assert "Vaksin DISDIK" not in heard.text
    assert "Vaksin DISDIK" in last(budi.says("vaksin"))


def test_news_of_a_share_is_still_heard_while_searching(stage: Stage, siti: Chatter) -> None:
    scene.item(stage)
    scene.release(stage)
    siti.says("/konten imunisasi")
    assert "Konten yang ditemukan" not in last(siti.says("sudah"))


def test_kontenku_lists_the_own_items_with_their_states(stage: Stage, budi: Chatter, siti: Chatter) -> None:
    assert "Anda belum punya konten" in last(budi.says("/kontenku"))
    number = item(stage, "Konsep saya", "DINKES", status=states.RETURNED, author_id=budi.person_id)
    item(stage, "Punya rekan", "DINKES")
    item(stage, "Tanpa minggu", "DINKES", status=states.DRAFT, author_id=budi.person_id)
    with stage.session() as session, session.begin():
        found = session.query(Item).filter(Item.title == "Tanpa minggu").one()
        found.week = ""
    heard = budi.says("/kontenku")[-1]
    assert "Konten saya (2)" in heard.text
    assert "Konsep saya\nDinas Kesehatan · 11 Nov · dikembalikan" in heard.text
    assert "belum ada minggu · masih konsep" in heard.text
    assert "Punya rekan" not in heard.text
    assert f"Konten nomor {number}" in last(budi.presses("", action=f"find.open:{number}"))
    assert "hanya untuk petugas" in last(siti.says("/kontenku"))


def test_a_draft_is_not_opened_by_a_forged_button(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    number = item(stage, "Rahasia", status=states.DRAFT)
    for who in (siti, budi):
        assert "tidak ada di daftar Anda" in last(who.presses("", action=f"find.open:{number}"))
        assert "tidak ada di daftar Anda" in last(who.says(f"/konten {number}"))
        assert "tidak ada di daftar Anda" in last(who.says("/konten 999"))


@pytest.mark.parametrize("payload", ["", "x", "9" * 40, "-1", "1:2", "editor"])
def test_a_forged_payload_is_refused_and_never_a_bug(stage: Stage, siti: Chatter, payload: str) -> None:
    item(stage, "Vaksin")
    for action in "page open again all week rubrics rubric opds opd".split():
        siti.presses("", action=f"find.{action}:{payload}")
    assert "Menu Satu Pesan" in last(siti.says("menu"))


@pytest.mark.parametrize(
    "text", ["%", "_", "*tebal*", "[x](http://a.b)", "a" * 3000, "'; drop table item --"]
)
def test_what_somebody_looks_for_stays_text(stage: Stage, siti: Chatter, text: str) -> None:
    item(stage, "Vaksin")
    heard = siti.says(f"/konten {text}")[-1]
    assert "Belum ada konten yang cocok" in heard.text
    assert text[:20].lower() in heard.text


@pytest.mark.parametrize("way", ["/konten", "content.list:0"])
def test_in_the_list_words_and_numbers_may_be_typed(stage: Stage, budi: Chatter, way: str) -> None:
    number = item(stage, "Vaksin untuk balita", "DINKES")
    for nth in range(9):
        item(stage, f"Jalan baru {nth} tahun 2026", "DINKES")

    def listed() -> None:
        heard = budi.says(way) if way.startswith("/") else budi.presses("", action=way)
        assert "Daftar konten (10)" in last(heard)

    listed()
    assert "Kata: “vaksin”" in last(budi.says("vaksin"))
    for typed in (f"#{number}", f"konten {number}", f"Konten nomor {number}", f"no. {number}"):
        listed()
        assert f"Konten nomor {number}: Vaksin" in last(budi.says(typed)), typed
    listed()
    assert "Konten nomor 10: Jalan baru 8" in last(budi.presses("", action="content.show:10"))
    listed()
    budi.presses("Berikutnya")
    assert "Konten nomor 10: Jalan" in last(budi.says("10")), "no button has this number"
    listed()
    assert "(9)" in last(budi.says("2026"))
    assert "Konten nomor 999 tidak ada" in last(budi.says("konten 999"))


def test_a_team_without_items_is_told_how_to_make_one(stage: Stage, budi: Chatter) -> None:
    heard = budi.says("/konten")
    assert "Tim Anda belum punya konten" in last(heard)
    assert list(heard[-1].actions) == ["Buat konten", "Cari semua konten"]
    assert "Langkah 1/10" in last(budi.says("buat konten"))
    item(stage, "Vaksin untuk balita")
    joni = stage.person("Joni", "DISHUB", role="creator")
    joni.says("/konten")
    assert "Vaksin untuk balita" in last(joni.presses("Cari semua konten"))
    assert list(joni.says("/kontenku")[-1].actions) == ["Buat konten"]
    assert "Langkah 1/10" in last(joni.presses("Buat konten"))


def test_who_makes_nothing_is_not_told_to(stage: Stage) -> None:
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    heard = tini.presses("", action="content.list:0")
    assert "Belum ada konten di daftar Anda" in last(heard)
    assert list(heard[-1].actions) == ["Cari semua konten"]
