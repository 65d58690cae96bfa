"""Steps that depend on the item, and what an item may have as well: all of it optional, none in the way."""

import pytest
from sqlalchemy import select

from models.content import states, variants
from models.content.content import Item
from models.programme.programme import Programme
from tests.chat import Chatter, Heard, Stage
from tests.handlers.submitting.drafting import CAPTION, SOURCE, STEPS, TITLE, WHAT, WHY, writes
from tests.hearing import last


def item(stage: Stage, number: int = 1) -> Item:
    with stage.session() as session:
        return session.get_one(Item, number)


def texts(stage: Stage) -> list[tuple[str, str]]:
    with stage.session() as session:
        return [(row.channel, row.text) for row in variants.of(session, 1)]


def extra(who: Chatter, name: str) -> list[Heard]:
    who.presses("Lengkapi lagi")
    return who.presses(name)


# -- the shortest way --------------------------------------------------------------------------


def test_the_shortest_way_is_six_messages_and_four_taps(stage: Stage, siti: Chatter) -> None:
    siti.says("/ajukan")
    siti.presses("Capaian")
    for words in (TITLE, WHAT, WHY, CAPTION):
        siti.says(words)
    siti.sends_photo()
    siti.says(SOURCE)
    siti.presses("Rabu 2 Des")
    siti.presses("Ya, boleh untuk umum")
    assert "Konten nomor 1" in last(siti.presses("Kirim untuk diperiksa"))
    assert item(stage).status == states.SUBMITTED


# -- the rubric decides what is asked ----------------------------------------------------------


@pytest.mark.parametrize("rubric", ["Testimoni warga", "OPD Bercerita"])
def test_where_a_citizen_is_shown_the_consent_is_asked_for(stage: Stage, siti: Chatter, rubric: str) -> None:
    siti.says("/ajukan")
    assert "Langkah 2/11" in last(siti.presses(rubric))
    for words in (TITLE, WHAT, WHY, CAPTION):
        siti.says(words)
    assert "Langkah 7/11: Izin warga" in last(siti.says("tanpa gambar"))
    assert "belum dapat dikirim" in last(siti.says("belum ada"))
    assert item(stage).consent is None
    assert "tidak lengkap" not in last(siti.presses("", action="submit.send:1"))
    assert item(stage).status == states.DRAFT
    assert "Langkah 8/11" in last(siti.presses("Sudah, ada izin tertulis"))
    siti.says(SOURCE)
    siti.says("ya")
    preview = siti.says("ya")
    assert "Izin warga: sudah ada, tertulis" in last(preview)
    siti.presses("Kirim untuk diperiksa")
    assert (item(stage).consent, item(stage).status) == (True, states.SUBMITTED)


def test_nobody_to_be_seen_needs_no_consent(stage: Stage, siti: Chatter) -> None:
    for words in ("/ajukan", "testimoni", TITLE, WHAT, WHY, CAPTION, "tanpa gambar"):
        siti.says(words)
    siti.presses("Tidak ada warga tampil")
    for words in (SOURCE, "ya", "ya", "kirim"):
        siti.says(words)
    assert (item(stage).consent, item(stage).status) == (False, states.SUBMITTED)


def test_another_rubric_at_the_preview_asks_for_what_it_needs(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    siti.presses("Ubah")
    siti.presses("Ubah jenis")
    assert "Langkah 7/11: Izin warga" in last(siti.presses("Testimoni"))
    assert "Langkah 11/11" in last(siti.says("tidak ada"))


def test_a_live_broadcast_has_its_time_and_its_address(stage: Stage, siti: Chatter) -> None:
    for words in ("/ajukan", "live", TITLE, WHAT, WHY, CAPTION):
        siti.says(words)
    assert "Langkah 7/12: Waktu siaran" in last(siti.says("tanpa gambar"))
    assert "belum menemukan hari dan jamnya" in last(siti.says("nanti saja"))
    assert "sudah lewat" in last(siti.says("1 November 2026 19.00"))
    assert "Langkah 8/12" in last(siti.says("Kamis 19.00"))
    siti.says("https://www.youtube.com/@pemprovjambi/live")
    siti.says(SOURCE)
    siti.says("ya")
    preview = siti.says("ya")
    assert "Siaran langsung: Kamis, 26 November 2026, 19.00 WIB, https://www.youtube.com" in last(preview)
    assert "di luar minggu" not in last(preview)
    siti.presses("Ubah")
    siti.presses("Ubah minggu")
    assert "di luar minggu siar" in last(siti.presses("Rabu 9 Des"))


def test_what_is_not_for_everybody_is_not_sent(stage: Stage, siti: Chatter) -> None:
    writes(siti, len(STEPS) - 1)
    assert "tidak boleh disiarkan" in last(siti.says("tidak"))
    siti.presses("", action="submit.send:1")
    assert item(stage).status == states.DRAFT
    assert "Periksa sekali lagi" in last(siti.presses("Ya, boleh untuk umum"))


# -- optional ----------------------------------------------------------------------------------


def test_everything_optional_is_offered_with_what_is_there_and_can_be_left(
    stage: Stage, siti: Chatter
) -> None:
    writes(siti)
    heard = siti.presses("Lengkapi lagi")
    assert list(heard[-1].actions) == [
        "Variasi teks",
        "Tagar",
        "Program daerah",
        "Tujuan",
        "Teks per kanal",
        "Kembali",
    ]
    assert "(1 dari 3 yang disarankan)" in last(heard)
    for name in ("Variasi teks", "Program daerah", "Tujuan", "Teks per kanal"):
        siti.presses("", action="submit.complete:1")
        siti.presses(name)
        assert "Periksa sekali lagi" in last(siti.presses("Lewati"))
    assert "Periksa sekali lagi" in last(extra(siti, "Tujuan") and siti.says("lewati"))


def test_variants_are_one_message_each_until_it_is_enough(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    assert "Sekarang ada 1 teks" in last(extra(siti, "Variasi"))
    assert "sekarang ada 2 teks" in last(siti.says("Berobat sepulang kerja? Rawasari buka sampai malam."))
    assert "sudah ada" in last(siti.says("BEROBAT sepulang kerja?  Rawasari buka sampai malam."))
    assert "sudah ada" in last(siti.says(CAPTION))
    assert "baru 6 huruf" in last(siti.says("Ayo ke"))
    assert "Bagus, sekarang ada 3" in last(siti.says("Puskesmas Rawasari kini melayani sampai 21.00."))
    preview = siti.presses("Cukup")
    assert "Variasi teks: 3" in last(preview)
    assert [channel for channel, _ in texts(stage)] == ["", ""]
    extra(siti, "Variasi")
    siti.presses("Hapus semua variasi")
    assert texts(stage) == []


def test_hashtags_of_the_caption_are_chosen_beforehand_and_toggled_by_buttons_and_numbers(
    stage: Stage, siti: Chatter
) -> None:
    for words in ("/ajukan", "foto", TITLE, WHAT, WHY, CAPTION + " #jambisehat"):
        siti.says(words)
    for words in ("tanpa gambar", SOURCE, "ya", "ya"):
        siti.says(words)
    heard = extra(siti, "Tagar")
    assert "✓ 5. #JambiSehat" in last(heard)
    assert "– 3. #JambiMantap" in last(heard)
    toggled = siti.presses("#JambiMantap")
    assert toggled[-1].op == "edit"
    assert "✓ 3. #JambiMantap" in last(toggled)
    siti.says("1 3")
    assert item(stage).hashtags == "#SatuASNSatuPesanPublik #JambiSehat"
    siti.says("2")
    siti.says("jambimelayani")
    assert "belum menemukan tagar" in last(siti.says("9 11"))
    _, caption, preview = siti.presses("Selesai")
    assert item(stage).hashtags == "#SatuASNSatuPesanPublik #SatuASNSatuPesan #JambiMelayani #JambiSehat"
    assert caption.text.splitlines()[2] == "#SatuASNSatuPesanPublik #SatuASNSatuPesan #JambiMelayani"
    assert "Tagar: #SatuASNSatuPesanPublik" in preview.text


def test_programme_and_objective_are_chosen_and_taken_back(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    extra(siti, "Program daerah")
    preview = siti.says("2")
    assert "Program daerah: Jambi Sehat" in last(preview)
    extra(siti, "Tujuan")
    preview = siti.presses("Melakukan sesuatu")
    assert "Tujuan: warga melakukan sesuatu" in last(preview)
    assert (item(stage).regional_programme, item(stage).objective) == ("Jambi Sehat", "action")
    assert "Sekarang dipilih: Jambi Sehat" in last(extra(siti, "Program daerah"))
    siti.presses("Tanpa pilihan")
    assert item(stage).regional_programme == ""
    assert "tidak berlaku" in last(siti.presses("", action="submit.choose:1:regional_programme:9"))


def test_without_a_regional_plan_nobody_is_asked_for_its_programmes(stage: Stage) -> None:
    stage.programme = Programme(regional_programmes=())
    siti = stage.person("Siti Rahma", role="creator")
    writes(siti)
    assert "Program daerah" not in siti.presses("Lengkapi lagi")[-1].actions
    assert "tidak berlaku" in last(siti.presses("", action="submit.redo:1:regional_programme"))


def test_a_channel_has_a_text_of_its_own_within_its_limit(stage: Stage, siti: Chatter) -> None:
    writes(siti)
    heard = extra(siti, "Teks per kanal")
    assert list(heard[-1].actions)[:7] == [
        "Instagram",
        "Facebook",
        "TikTok",
        "X",
        "Status WhatsApp",
        "YouTube",
        "Threads",
    ]
    assert "paling banyak 280" in last(siti.presses("", action="submit.channel:1:x"))
    assert "terlalu panjang: 284 dari 280" in last(siti.says("a" * 260))
    heard = siti.says("Rawasari kini buka sampai 21.00 🏥")
    assert "Teks untuk X sudah saya simpan" in heard[-2].text
    assert "✓ X" in heard[-1].actions
    assert texts(stage) == [("x", "Rawasari kini buka sampai 21.00 🏥")]
    assert "pilih dulu kanalnya" in last(siti.says("teks yang lain untuk kanal mana saja"))
    assert "Teks khusus: 1 kanal" in last(siti.presses("Lewati"))
    siti.presses("", action="submit.channel:1:x")
    siti.presses("Hapus teks ini")
    assert texts(stage) == []


def test_a_text_of_its_own_ends_the_warning_for_that_channel(stage: Stage, siti: Chatter) -> None:
    siti.says("/ajukan")
    for words in ("capaian", TITLE, WHAT, WHY, "Ayo berobat. " * 22, "tanpa gambar", SOURCE, "ya"):
        siti.says(words)
    assert "Terlalu panjang untuk X" in last(siti.says("ya"))
    siti.presses("", action="submit.channel:1:x")
    siti.says("Rawasari kini buka sampai malam.")
    assert "Terlalu panjang" not in last(siti.presses("Lewati"))


def test_an_editor_changes_what_was_sent_and_goes_back_to_deciding(stage: Stage, siti: Chatter) -> None:
    editor = stage.person("Edi", role="editor")
    writes(siti)
    siti.presses("Kirim untuk diperiksa")
    editor.presses("", action="review.open:1")
    editor.presses("Ubah")
    editor.presses("Ubah judul")
    assert "Teruskan" in editor.says("Puskesmas buka malam, kata editor")[-1].actions
    editor.presses("Ubah")
    editor.presses("Lengkapi lagi")
    editor.presses("Variasi")
    editor.says("Sebuah teks lain dari editor untuk ASN.")
    shown = editor.presses("Cukup")
    assert any("Sebuah teks lain dari editor" in heard.text for heard in shown)
    assert item(stage).edits == 2
    assert "izin warga" in last(editor.presses("", action="submit.choose:1:rubric:testimony"))
    assert item(stage).rubric == "achievement"
    assert "Teruskan" in editor.presses("", action="review.open:1")[-1].actions
    assert "sudah dikirim" in last(siti.presses("", action="submit.choose:1:rubric:photo"))


def test_two_drafts_at_once_keep_their_own_answers(stage: Stage, siti: Chatter) -> None:
    writes(siti, 3)
    writes(siti, 2, title="Judul konten yang kedua")
    siti.says("/ajukan")
    siti.presses(f"Lanjutkan “{TITLE}”")
    siti.says(WHY)
    stage.later(days=6)
    siti.says("/ajukan")
    siti.presses("Lanjutkan “Judul konten yang kedua”")
    siti.says("Apa yang terjadi pada konten yang kedua ini.")
    with stage.session() as session:
        first, second = session.scalars(select(Item).order_by(Item.id))
    assert (first.what, first.why) == (WHAT, WHY)
    assert (second.title, second.what) == (
        "Judul konten yang kedua",
        "Apa yang terjadi pada konten yang kedua ini.",
    )
