"""What an author does with an item that was sent: taking it back, and a new version of what was approved."""

import pytest
from sqlalchemy import select

from models.content import states, variants, versions
from models.content.content import Item
from models.editorial import moves
from models.messages import files
from tests import scene
from tests.casting import go, past, submitted
from tests.chat import Chatter, Stage
from tests.hearing import last, newest


@pytest.fixture
def crew(stage: Stage) -> list[Chatter]:
    """Editor, quality control, controller."""
    return [
        stage.person("Ani Lestari", role="editor"),
        stage.person("Tini", "BAPPEDA", role="tag"),
        stage.person("Budi Santoso", "BAPPEDA", role="controller"),
    ]


@pytest.fixture
def approved(stage: Stage, siti: Chatter, crew: list[Chatter]) -> int:
    """An approved item with all that an item may have."""
    with stage.session() as session, session.begin():
        made = submitted(session, scene.person(session, siti))
        pictures = [
            files.add(
                session, stage.now, kind="photo", key=f"k{n}", sha256=f"{n}" * 64, mime="image/jpeg",
                size=9, purpose="item",
            )
            for n in range(3)
        ]  # fmt: skip
        made.media, made.no_media = pictures[0], False
        made.hashtags, made.rubric, made.objective, made.consent = (
            "#JambiSehat",
            "testimony",
            "awareness",
            True,
        )
        made.live_at, made.live_url, made.public = stage.now, "https://youtube.com/live/x", True
        variants.hang(session, made.id, [picture.id for picture in pictures[1:]])
        variants.write(session, made.id, "", ["Varian kedua yang lain.", "Varian ketiga yang lain."])
        variants.write(session, made.id, "x", ["Takarir untuk X."])
        past(session, made, *(scene.person(session, who) for who in crew))
        return made.id


def test_a_new_version_has_all_that_the_approved_one_has(stage: Stage, siti: Chatter, approved: int) -> None:
    siti.says(f"/konten {approved}")
    assert "tetap dijadwalkan sampai versi barunya disetujui" in last(siti.presses("Ubah"))
    heard = siti.presses("Ya, buat versi baru")
    assert "Ini konten nomor 2, versi baru dari konten nomor 1" in heard[0].text
    assert "Kirim untuk diperiksa" in heard[-1].actions
    with stage.session() as session:
        old, copy = (session.get_one(Item, number) for number in (approved, 2))
        assert versions.body(session, copy) == versions.body(session, old)
        assert (copy.replaces_id, copy.author_id, copy.opd_id) == (old.id, old.author_id, old.opd_id)
        assert (copy.public, copy.no_media) == (True, False)
        assert (old.status, copy.status) == (states.APPROVED, states.DRAFT)


def test_the_new_version_takes_the_old_one_s_place_when_it_is_approved(
    stage: Stage, siti: Chatter, crew: list[Chatter], approved: int
) -> None:
    ani, tini, budi = crew
    siti.says(f"/ubah {approved}")
    siti.presses("Ya, buat versi baru")
    siti.presses("Ubah")
    siti.presses("Ubah judul")
    siti.says("Puskesmas kini buka sampai pukul 22")
    assert "Konten nomor 2" in last(siti.presses("Kirim untuk diperiksa"))
    assert "Versi baru dari konten nomor 1" in newest(ani)
    card = last(ani.says("/tinjau"))
    assert "Versi baru dari konten nomor 1" in card
    assert "Berubah sejak versi sebelumnya:\n• Judul" in card
    ani.presses("Teruskan")
    tini.says("/tinjau")
    tini.presses("Beri nilai")
    tini.says("5")
    tini.says("5")
    tini.presses("Tanpa catatan")
    assert scene.found(stage, approved).status == states.APPROVED
    budi.says("/tinjau")
    assert "Konten nomor 1, versi sebelumnya, tidak jadi disiarkan" in last(budi.presses("Setujui"))
    assert (scene.found(stage, approved).status, scene.found(stage, 2).status) == (
        states.REPLACED,
        states.APPROVED,
    )
    assert "Konten nomor 1, versi sebelumnya, tidak jadi disiarkan" in newest(siti)
    assert "diganti oleh konten nomor 2" in last(siti.says(f"/riwayat {approved}"))
    assert "sebagai versi baru dari konten nomor 1" in last(siti.says("/riwayat 2"))


def test_there_is_one_new_version_at_a_time(stage: Stage, siti: Chatter, approved: int) -> None:
    siti.says(f"/ubah {approved}")
    siti.presses("Ya, buat versi baru")
    siti.presses("Simpan dulu")
    assert "Ini konten nomor 2, versi baru dari konten nomor 1" in siti.says(f"/ubah {approved}")[0].text
    siti.presses("Kirim untuk diperiksa")
    assert "Versi baru dari konten nomor 1 sudah ada: konten nomor 2" in last(siti.says(f"/ubah {approved}"))
    with stage.session() as session:
        assert len(session.scalars(select(Item)).all()) == 2


def test_what_was_released_is_not_replaced(stage: Stage, siti: Chatter, approved: int) -> None:
    siti.says(f"/ubah {approved}")
    with stage.session() as session, session.begin():
        moves.advance(session, session.get_one(Item, approved), "release", stage.now)
    assert "sudah disiarkan, jadi tidak dapat diganti" in last(siti.presses("Ya, buat versi baru"))
    assert "sudah disiarkan" in last(siti.says(f"/ubah {approved}"))


def test_a_new_version_is_its_author_s_alone(stage: Stage, approved: int, crew: list[Chatter]) -> None:
    joko = stage.person("Joko", "DISDIK", role="creator")
    ani = crew[0]
    assert "ditulis orang lain" in last(ani.says(f"/ubah {approved}"))
    assert "ditulis orang lain" in last(ani.presses("", action=f"renew.begin:{approved}"))
    for heard in (joko.says(f"/ubah {approved}"), joko.presses("", action=f"renew.begin:{approved}")):
        assert last(heard).replace(str(approved), "99") == last(joko.says("/ubah 99"))
    assert "Ubah" not in ani.says(f"/konten {approved}")[-1].actions
    with stage.session() as session:
        assert len(session.scalars(select(Item)).all()) == 1


def test_an_author_takes_back_what_waits_after_being_asked(
    stage: Stage, siti: Chatter, crew: list[Chatter]
) -> None:
    ani = crew[0]
    with stage.session() as session, session.begin():
        number = submitted(session, scene.person(session, siti)).id
    card = ani.says("/tinjau")[-1]
    siti.says(f"/konten {number}")
    assert "sekarang menunggu editor" in last(siti.presses("Tarik kembali"))
    assert "tidak ada yang berubah" in last(siti.presses("Tidak"))
    assert scene.found(stage, number).status == states.SUBMITTED
    siti.says(f"/ubah {number}")
    heard = siti.presses("Ya, tarik kembali")
    assert "sudah ditarik kembali" in heard[0].text
    assert "Kirim untuk diperiksa" in heard[-1].actions
    assert scene.found(stage, number).status == states.DRAFT
    assert "sekarang masih konsep" in last(ani.presses("", action=card.actions["Teruskan"]))
    siti.presses("Kirim untuk diperiksa")
    assert "sudah diperbarui" in last(ani.presses("", action=card.actions["Teruskan"]))
    # The question of the version before takes nothing back any more.
    assert "tidak berlaku" in last(siti.presses("", action=f"renew.taken:{number}:1"))
    assert scene.found(stage, number).version == 2


def test_an_author_who_is_too_late_hears_what_it_is_now(
    stage: Stage, siti: Chatter, crew: list[Chatter]
) -> None:
    with stage.session() as session, session.begin():
        made = submitted(session, scene.person(session, siti))
        past(session, made, *(scene.person(session, who) for who in crew[:2]))
        number = made.id
    siti.says(f"/ubah {number}")
    with stage.session() as session, session.begin():
        go(session, session.get_one(Item, number), "approve", scene.person(session, crew[2]))
    heard = siti.presses("Ya, tarik kembali")
    assert "Konten nomor 1 sekarang disetujui" in last(heard)
    assert scene.found(stage, number).status == states.APPROVED


def test_ubah_goes_on_with_a_draft_and_asks_for_a_number(siti: Chatter) -> None:
    siti.says("/ajukan")
    siti.says("capaian")
    siti.says("Judul yang belum selesai")
    siti.says("batal")
    assert "Langkah 3" in last(siti.says("/ubah 1"))
    assert "Ketik nomor kontennya" in last(siti.says("/ubah besok"))
