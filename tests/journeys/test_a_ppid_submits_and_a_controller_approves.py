"""A PPID writes an item, a controller returns it, the PPID mends it, the controller approves it.

Editor and quality control do their part without a detour; theirs is told in the journey of a whole team.
"""

from concurrent.futures import ThreadPoolExecutor

from bot.storage import database
from models.content import states
from models.content.content import Item
from tests import scene
from tests.chat import Chatter, Heard, Stage
from tests.hearing import last, newest

TITLE = "Puskesmas Rawasari buka sampai malam"
WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00."
SOURCE = "dinkes.jambiprov.go.id/berita/malam"
Crew = tuple[Chatter, Chatter]  # an editor of the OPD, and quality control


def writes_an_item(siti: Chatter, title: str = TITLE) -> list[Heard]:
    """From /ajukan to the preview, without a detour."""
    siti.says("/ajukan")
    for words in ("capaian", title, WHAT, WHY, CAPTION):
        siti.says(words)
    siti.sends_photo(file_id="foto-loket")
    siti.says(SOURCE)
    siti.presses("Rabu 2 Des")
    return siti.presses("Ya, boleh untuk umum")


def passes(editor: Chatter, judge: Chatter) -> None:
    """Both pass on the first item of their queue."""
    editor.says("/tinjau")
    editor.presses("Teruskan")
    judge.says("/tinjau")
    judge.presses("Beri nilai")
    judge.says("4")
    judge.says("4")
    judge.presses("Tanpa catatan")


def test_from_the_first_question_to_the_approval(
    stage: Stage, siti: Chatter, budi: Chatter, crew: Crew
) -> None:
    siti_is_asked_one_thing_after_another(siti)
    the_preview_is_what_an_asn_will_get(stage, siti)
    passes(*crew)
    budi_hears_of_it_and_sends_it_back_with_a_reason(budi)
    siti_reads_why_and_mends_one_field(siti)
    passes(*crew)
    budi_approves_the_second_version(siti, budi)
    everything_that_happened_can_be_read(siti)


def siti_is_asked_one_thing_after_another(siti: Chatter) -> None:
    assert "Langkah 1/10: Jenis konten" in last(siti.says("/ajukan"))
    assert "Langkah 2/10: Judul" in last(siti.says("capaian"))
    assert "Langkah 3/10: Apa" in last(siti.says(TITLE))
    assert "Langkah 4/10: Kenapa" in last(siti.says(WHAT))
    assert "Langkah 5/10: Takarir" in last(siti.says(WHY))
    assert "Langkah 6/10: Gambar" in last(siti.says(CAPTION))
    assert "Langkah 7/10: Sumber" in last(siti.sends_photo(file_id="foto-loket"))
    weeks = siti.says(SOURCE)
    assert "Langkah 8/10: Minggu siar" in last(weeks)
    assert "disetujui sebelum Rabu, 25 November 2026, 13.00 WIB" in last(weeks)


def the_preview_is_what_an_asn_will_get(stage: Stage, siti: Chatter) -> None:
    """The preview is what an ASN will get: the card with its picture, the caption by itself."""
    assert "Langkah 9/10" in last(siti.presses("Rabu 2 Des"))
    card, caption, question = siti.presses("Ya, boleh untuk umum")
    assert TITLE in card.text
    assert WHY in card.text
    assert card.row.body["media"] == scene.found(stage, 1).media_id
    assert caption.text.startswith(CAPTION)
    assert "Langkah 10/10" in question.text
    assert "Disiarkan: Rabu, 2 Desember 2026, 13.00 WIB" in question.text
    assert "Konten nomor 1" in last(siti.presses("Kirim untuk diperiksa"))


def budi_hears_of_it_and_sends_it_back_with_a_reason(budi: Chatter) -> None:
    assert "Konten nomor 1: Puskesmas Rawasari" in newest(budi)
    seen = budi.presses("Periksa")
    assert [TITLE in seen[0].text, CAPTION in seen[1].text] == [True, True]
    assert "Sumber: https://dinkes.jambiprov.go.id/berita/malam" in last(seen)
    assert "Tulis alasannya" in last(budi.presses("Kembalikan"))
    assert "dikembalikan kepada Siti Rahma" in last(budi.says("Jam buka di sumber tertulis 20.00."))


def siti_reads_why_and_mends_one_field(siti: Chatter) -> None:
    """Siti reads why, mends one field, and sends it again."""
    assert "Catatan: Jam buka di sumber tertulis 20.00." in newest(siti)
    assert "Catatan pemeriksa: Jam buka" in last(siti.presses("Perbaiki"))
    siti.presses("Ubah")
    assert WHAT in last(siti.presses("Ubah “Apa”"))
    mended = siti.says(WHAT.replace("21.00", "20.00"))
    assert "20.00" in mended[0].text
    siti.presses("Kirim untuk diperiksa")


def budi_approves_the_second_version(siti: Chatter, budi: Chatter) -> None:
    """Budi approves the second version, and Siti hears when it will go out."""
    assert "versi 2" in last(budi.says("/tinjau"))
    approved = last(budi.presses("Setujui"))
    assert "disetujui" in approved
    assert "Tidak ada lagi yang menunggu" in approved
    assert "disetujui oleh Budi Santoso" in newest(siti)
    assert "Rabu, 2 Desember 2026, 13.00 WIB" in newest(siti)


def everything_that_happened_can_be_read(siti: Chatter) -> None:
    story = last(siti.says("/riwayat 1"))
    for event in (
        "dimulai oleh Siti",
        "dikirim oleh Siti",
        "dikembalikan oleh Budi Santoso",
        "disetujui oleh",
    ):
        assert event in story


def test_nobody_decides_on_an_own_item_or_on_that_of_another_opd_s_team(
    stage: Stage, siti: Chatter, crew: Crew
) -> None:
    adi = stage.person("Adi Controller", "BAPPEDA", role="controller")
    joko = stage.person("Joko", "DISDIK", role="creator")
    writes_an_item(siti)
    siti.presses("Kirim")
    passes(*crew)

    # Another OPD's team neither reads it nor decides on it.
    assert "tidak ada di daftar Anda" in last(joko.says("/konten 1"))
    assert "hanya untuk petugas" in last(joko.presses("", action="review.open:1"))
    assert "hanya untuk petugas" in last(joko.presses("", action="review.approve:1:1.0:checked"))
    assert "tidak ada lagi" in last(joko.presses("", action="submit.resume:1"))
    assert scene.found(stage, 1).status == states.CHECKED

    # A controller who wrote the provincial item sees it neither in the queue nor by its number.
    writes_an_item(adi, "Pelayanan terpadu provinsi dibuka")
    assert "belum ada pemeriksa lain" in last(adi.presses("Kirim"))
    assert "Konten nomor 1" in last(adi.says("/tinjau"))
    adi.presses("Setujui")
    assert "hanya konten Anda sendiri (1)" in last(adi.says("/tinjau"))
    assert "Ini konten Anda sendiri" in last(adi.says("/tinjau 2"))
    assert "Ini konten Anda sendiri" in last(adi.presses("", action="review.endorse:2:1.0:submitted"))
    assert scene.found(stage, 2).status == states.SUBMITTED


def test_the_second_of_two_reviewers_hears_who_was_first(
    stage: Stage, siti: Chatter, budi: Chatter, crew: Crew
) -> None:
    rudi = stage.person("Rudi Hartono", "BAPPEDA", role="controller")
    writes_an_item(siti)
    siti.presses("Kirim")
    passes(*crew)
    for reviewer in (budi, rudi):
        reviewer.says("/tinjau")
    rudi.presses("Kembalikan")
    budi.presses("Setujui")
    stage.later(minutes=2)
    # Rudi was already writing his reason.
    assert "sudah disetujui oleh Budi Santoso pada 25 Nov, 10.00 WIB" in last(rudi.says("Angkanya keliru."))
    assert scene.found(stage, 1).status == states.APPROVED
    # Having read that, he may still return it before it is released.
    assert "sudah disetujui oleh Budi Santoso" in last(rudi.says("/tinjau 1"))
    rudi.presses("Kembalikan")
    rudi.says("Angkanya keliru.")
    assert "dikembalikan oleh Rudi Hartono" in newest(siti)
    assert scene.found(stage, 1).status == states.RETURNED


def test_two_reviewers_press_at_the_same_moment(stage: Stage, siti: Chatter, crew: Crew) -> None:
    reviewers = [stage.person(name, "BAPPEDA", role="controller") for name in ("Budi", "Rudi")]
    writes_an_item(siti)
    siti.presses("Kirim")
    passes(*crew)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: who.presses("", action="review.approve:1:1.0:checked"), reviewers))
    answers = [newest(who) for who in reviewers]
    assert sum("Akan disiarkan" in answer for answer in answers) == 1
    assert sum("sudah disetujui oleh" in answer for answer in answers) == 1
    assert sum("disetujui oleh" in heard.text for heard in siti.hears()) == 1


def test_a_restart_in_the_middle_of_a_draft_loses_nothing(
    stage: Stage, siti: Chatter, database_url: str
) -> None:
    siti.says("/ajukan")
    siti.says("capaian")
    siti.says(TITLE)
    siti.says(WHAT)

    # The program ends; another process goes on with the same database.
    stage.engine.dispose()
    engine = database.writing(database.url(database_url), synchronous="OFF")
    try:
        stage.engine = engine
        assert "Langkah 5/10: Takarir" in last(siti.says(WHY))
        # She is called away, and comes back a day later by /ajukan.
        assert "konsep" in last(siti.says("batal")).lower()
        stage.later(days=1)
        offered = last(siti.says("/ajukan"))
        assert TITLE in offered
        assert "Langkah 5/10: Takarir" in last(siti.presses("Lanjutkan"))
        with stage.session() as session:
            draft = session.get_one(Item, 1)
            assert (draft.title, draft.what, draft.why) == (TITLE, WHAT, WHY)
    finally:
        engine.dispose()
