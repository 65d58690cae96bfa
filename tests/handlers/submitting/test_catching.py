"""The short way: a picture with words below it starts a draft, unless it is the proof of a share."""

import pytest
from sqlalchemy import select, update

from handlers.submitting import catching
from models.content import albums, fields, sources, states
from models.content.content import Item
from models.messages import files
from models.messages.files import Media
from models.shares import shares
from tests import receiving, scene
from tests.chat import Chatter, Stage
from tests.handlers.submitting.drafting import SOURCE, WHAT, WHY, items, writes
from tests.hearing import last

WORDS = (
    "Puskesmas Rawasari kini buka sampai malam! Pulang kerja masih sempat berobat, ajak keluarga ya. "
    f"Selengkapnya {SOURCE} #jambisehat"
)

PROOF = "Sudah saya unggah tadi malam, alhamdulillah banyak yang membaca"


@pytest.fixture
def released(stage: Stage, siti: Chatter) -> int:
    """An item that everybody has received; its number."""
    number = scene.item(stage)
    scene.release(stage)
    return number


def test_a_picture_with_words_becomes_a_draft_with_what_they_tell(stage: Stage, siti: Chatter) -> None:
    asked = siti.sends_photo(caption=WORDS, file_id="foto")
    assert {"Ini konten baru", "Ini bukti saya"} == set(asked[-1].actions)
    assert "Langkah 1/10" in last(siti.presses("Ini konten baru"))
    [item] = items(stage)
    assert item.title == "Puskesmas Rawasari kini buka sampai malam!"
    assert (item.caption, item.source_url, item.hashtags) == (WORDS, SOURCE, "#JambiSehat")
    assert item.media_id is not None
    with stage.session() as session:
        assert sources.result(session, item) == sources.WAITING


def test_only_what_is_missing_is_asked_and_it_is_sent_after_five_taps_and_two_messages(
    stage: Stage, siti: Chatter
) -> None:
    siti.sends_photo(caption=WORDS)
    siti.presses("Ini konten baru")
    assert "Langkah 3/10: Apa" in last(siti.presses("Capaian"))
    siti.says(WHAT)
    assert "Langkah 8/10: Minggu siar" in last(siti.says(WHY))
    siti.presses("Rabu 2 Des")
    siti.presses("Ya, boleh")
    assert "Konten nomor 1" in last(siti.presses("Kirim untuk diperiksa"))
    assert items(stage)[0].status == states.SUBMITTED


def test_the_same_picture_may_be_a_proof_and_is_not_lost(stage: Stage, siti: Chatter, released: int) -> None:
    siti.sends_photo(caption=PROOF, file_id="layar")
    assert receiving.shares(stage) == []
    heard = siti.presses("Ini bukti saya")
    assert "Nomor tanda terima" in last(heard)
    [share] = receiving.shares(stage)
    assert (share.item_id, share.person_id) == (released, siti.person_id)
    assert items(stage)[1].status == states.DROPPED
    with stage.session() as session:
        [evidence] = session.scalars(select(shares.Evidence))
        assert evidence.media_id is not None
        media = session.get_one(Media, evidence.media_id)
        assert (media.purpose, media.notify) == ("proof", "")
    assert "tidak ada lagi" in last(siti.presses("", action="submit.proof:2"))


def test_a_proof_that_was_refused_as_content_is_fetched_again_under_its_own_rules(
    stage: Stage, siti: Chatter, released: int
) -> None:
    siti.sends_photo(caption=PROOF)
    with stage.session() as session, session.begin():
        session.execute(update(Media).values(status=files.FAILED, error="measuring.picture_too_narrow"))
    siti.says("bukti")
    with stage.session() as session:
        assert {media.status for media in session.scalars(select(Media))} == {files.REMOTE}


def test_before_anything_was_released_a_proof_stays_a_draft(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption=WORDS)
    assert "Belum ada konten yang disiarkan" in last(siti.presses("Ini bukti saya"))
    assert [item.status for item in items(stage)] == [states.DRAFT]


def test_the_rest_of_an_album_belongs_to_it_without_another_question(
    stage: Stage, siti: Chatter, released: int
) -> None:
    siti.sends_photo(caption=WORDS, file_id="satu", album="a1")
    for name in ("dua", "tiga"):
        assert siti.sends_photo(file_id=name, album="a1") == []
    with stage.session() as session:
        assert len(albums.of(session, session.get_one(Item, 2))) == 3
    siti.presses("Ini bukti saya")
    assert len(receiving.shares(stage)) == 1
    with stage.session() as session:
        assert len(list(session.scalars(select(shares.Evidence)))) == 3


def test_left_alone_the_draft_is_found_again(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption=WORDS)
    assert "ketik konten" in last(siti.says("apa ya?"))
    siti.says("menu")
    assert "Puskesmas Rawasari kini buka" in last(siti.says("/ajukan"))
    assert "Langkah 1/10" in last(siti.presses("Lanjutkan"))
    assert items(stage)[0].media_id is not None


@pytest.mark.parametrize(
    "words",
    [
        "Sudah saya bagikan ya",
        "ini buktinya https://www.instagram.com/p/C9aBcDeFgHi/ sudah saya unggah ya",
        "",
        "status wa",
    ],
)
def test_words_about_a_share_make_a_proof_at_once(
    stage: Stage, siti: Chatter, released: int, words: str
) -> None:
    siti.sends_photo(caption=words)
    assert len(items(stage)) == 1
    assert len(receiving.shares(stage)) == 1


def test_who_makes_no_content_is_not_asked(stage: Stage, siti: Chatter, released: int) -> None:
    rina = stage.person("Rina")
    rina.sends_photo(caption=WORDS)
    assert len(items(stage)) == 1
    assert len(receiving.shares(stage)) == 1


def test_an_open_question_gets_the_picture_first(stage: Stage, siti: Chatter) -> None:
    writes(siti, 1)
    siti.sends_photo(caption=WORDS[:90])
    assert len(items(stage)) == 1


def test_who_writes_for_several_says_for_whom(stage: Stage) -> None:
    pia = stage.person("Pia", "PROV", role="creator")
    pia.sends_photo(caption=WORDS)
    assert items(stage)[0].opd_id is not None
    heard = pia.presses("Ini konten baru")
    assert list(heard[-1].actions) == ["Dinas PROV", "Seluruh ASN Provinsi Jambi"]
    assert "Langkah 1/10" in last(pia.presses("Seluruh ASN"))
    assert items(stage)[0].opd_id is None
    siti = stage.person("Siti Rahma", role="creator")
    siti.sends_photo(caption=WORDS)
    assert "hanya untuk petugas" in last(siti.presses("", action="submit.whose:2:all"))


def test_words_too_long_for_a_caption_are_said_and_the_picture_is_kept(stage: Stage, siti: Chatter) -> None:
    heard = siti.sends_photo(caption="Kabar baik dari dinas. " + "kata " * 190)
    assert "paling banyak 900" in heard[0].text
    assert "Ini konten baru" in heard[-1].actions
    [item] = items(stage)
    assert (item.title, item.caption) == ("Kabar baik dari dinas", "")
    assert item.media_id is not None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Posyandu buka lagi\nAyo datang bersama ibu dan anak!", "Posyandu buka lagi"),
        ("#JambiSehat Ayo periksa gratis. Setiap hari kerja.", "Ayo periksa gratis"),
        ("Lihat https://a.go.id/b ya? Semua gratis untuk warga.", "Lihat ya?"),
        ("Pukul 19.30 kita mulai bersama di balai desa", "Pukul 19.30 kita mulai bersama di balai desa"),
        ("Ya! Akhirnya jembatan baru itu dibuka.", "Ya! Akhirnya jembatan baru itu dibuka"),
    ],
)
def test_the_title_is_the_first_sentence_or_line(text: str, title: str) -> None:
    assert catching.headline(text) == title


def test_a_long_first_sentence_is_cut_at_a_word_and_fits() -> None:
    for text in ("kata yang panjang " * 20, "a" * 500, "🏥" * 300, "#tagar " * 30):
        title = catching.headline(text)
        least, most = fields.LIMITS["title"]
        assert least <= fields.length(title) <= most, title
    assert catching.headline("kata yang panjang " * 20).endswith(("kata…", "yang…", "panjang…"))
