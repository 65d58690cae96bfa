"""`/tinjau`: the queue of a reviewer, from the editor to the controller."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.content import measures, states, variants
from models.content.content import Item
from models.editorial import moves
from models.messages import files
from models.people import people, roles
from models.programme.programme import Dates, Programme
from tests import scene
from tests.chat import WEDNESDAY, Chatter, Stage
from tests.handlers.reviewing.reviewing import advanced, submitted
from tests.hearing import last, newest


def test_the_queue_goes_by_week_and_skipping_decides_nothing(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    submitted(stage, siti, "Konten untuk nanti", "2026-W51")
    submitted(stage, siti, "Konten untuk segera", "2026-W49")
    stage.later(minutes=1)
    submitted(stage, siti, "Konten segera kedua", "2026-W49")
    first = ani.says("/tinjau")
    assert "Konten untuk segera" in first[0].text
    assert "Menunggu Anda: 3 konten" in last(first)
    buttons = ["Teruskan", "Kembalikan", "Ubah", "Lewati", "Tanya penulis", "Riwayat"]
    assert list(first[-1].actions) == buttons
    assert "Konten segera kedua" in ani.presses("Lewati")[0].text
    assert "Konten untuk nanti" in ani.says("4")[0].text  # typed instead of [Lewati]
    assert "Masih ada 3 konten" in last(ani.presses("Lewati"))
    assert "Konten untuk segera" in ani.presses("Mulai dari awal")[0].text
    assert {scene.status(stage, number) for number in (1, 2, 3)} == {states.SUBMITTED}


# -- the controller ----------------------------------------------------------------------------


def test_an_approval_tells_the_author_and_leads_to_the_next(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    first = advanced(stage, submitted(stage, siti, "Konten pertama kami"), *crew)
    advanced(stage, submitted(stage, siti, "Konten kedua kami", "2026-W50"), *crew)
    budi.says("/tinjau")
    heard = budi.presses("Setujui")
    assert "✔ Disetujui oleh Anda, 10.00 WIB" in heard[0].text
    assert "Akan disiarkan Rabu, 2 Desember 2026, 13.00 WIB" in last(heard)
    assert "Masih ada 1 konten" in last(heard)
    assert "Kabar baik! Konten nomor 1" in newest(siti)
    assert scene.status(stage, first) == states.APPROVED
    assert "Konten kedua kami" in budi.presses("Konten berikutnya")[0].text


@pytest.mark.parametrize("stage_of", [0, 1, 2])
def test_a_return_asks_until_there_is_a_reason(
    stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter, budi: Chatter, stage_of: int
) -> None:
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), *(ani, tini)[:stage_of])
    reviewer = (ani, tini, budi)[stage_of]
    reviewer.says("/tinjau")
    reviewer.presses("Kembalikan")
    before = scene.status(stage, number)
    for reason in ("no", "x" * 501):
        assert "Mohon tulis alasannya" in last(reviewer.says(reason))
        assert scene.status(stage, number) == before
    edited, _ = reviewer.says("Sumbernya tidak dapat dibuka.")
    assert "↩ Dikembalikan oleh Anda" in edited.text
    assert scene.status(stage, number) == states.RETURNED
    assert "Catatan: Sumbernya tidak dapat dibuka." in newest(siti)


def test_a_return_can_be_called_off_before_its_reason(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), *crew)
    budi.says("/tinjau")
    budi.presses("Kembalikan")
    assert "Setujui" in budi.presses("Batal")[-1].actions
    assert scene.status(stage, number) == states.CHECKED
    budi.says("ini bukan alasan")
    assert scene.status(stage, number) == states.CHECKED


def test_an_approved_item_can_be_returned_until_it_is_released(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), *crew)
    budi.says("/tinjau")
    budi.presses("Setujui")
    heard = budi.says(f"/tinjau {number}")
    assert "sudah disetujui oleh Budi Santoso" in last(heard)
    assert list(heard[-1].actions) == ["Kembalikan", "Tanya penulis", "Riwayat"]
    budi.presses("Kembalikan")
    budi.says("Ada kabar baru dari lapangan.")
    assert scene.status(stage, number) == states.RETURNED
    with stage.session() as session, session.begin():
        session.execute(update(Item).values(status=states.RELEASED))
    assert "sudah disiarkan" in last(budi.says(f"/tinjau {number}"))


def test_a_reviewer_with_an_old_card_does_not_decide_on_a_newer_version(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    eva = stage.person("Eva Susanti", role="editor")
    number = submitted(stage, siti, "Konten pertama kami")
    old = ani.says("/tinjau")[-1].actions["Teruskan"]
    eva.says("/tinjau")
    eva.presses("Kembalikan")
    eva.says("Judulnya kurang jelas.")
    assert "sudah dikembalikan oleh Eva Susanti" in last(ani.presses("", action=old))
    siti.presses("Perbaiki")
    siti.presses("Ubah")
    siti.presses("Ubah judul")
    siti.says("Puskesmas buka sampai malam")
    siti.presses("Kirim untuk diperiksa")
    assert "sudah diperbarui" in last(ani.presses("", action=old))
    assert scene.status(stage, number) == states.SUBMITTED
    # The new card says what is different.
    assert "Berubah sejak versi sebelumnya:\n• Judul" in last(ani.says("/tinjau"))


def test_the_second_item_of_a_week_is_explained_and_can_be_returned(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    second = [advanced(stage, submitted(stage, siti, f"Konten {n} kami"), *crew) for n in "ab"][1]
    budi.says("/tinjau 1")
    budi.presses("Setujui")
    budi.presses("Konten berikutnya")
    assert "sudah ada konten nomor 1" in last(budi.presses("Setujui"))
    budi.presses("Kembalikan")
    budi.says("Minggu itu sudah terisi, pilih minggu lain.")
    assert scene.status(stage, second) == states.RETURNED


def test_an_approval_after_the_hour_of_the_release_says_that_it_goes_out_soon(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    advanced(stage, submitted(stage, siti, "Konten pertama kami", "2026-W48"), *crew)
    stage.later(hours=4)
    budi.says("/tinjau")
    assert "akan disiarkan segera" in last(budi.presses("Setujui"))
    assert "akan disiarkan segera" in newest(siti)


def test_nothing_is_approved_for_a_week_that_is_over(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami", "2026-W48"), *crew)
    stage.now = WEDNESDAY + timedelta(days=7)
    budi.says("/tinjau")
    assert "sudah lewat" in last(budi.presses("Setujui"))
    assert scene.status(stage, number) == states.CHECKED


def test_in_an_election_two_controllers_approve_and_each_hears_why(
    stage: Stage, siti: Chatter, budi: Chatter, crew: tuple[Chatter, Chatter]
) -> None:
    rudi = stage.person("Rudi Hartono", "BAPPEDA", role="controller")
    number = advanced(stage, submitted(stage, siti, "Konten pertama kami"), *crew)
    span = Dates(begin=date(2026, 12, 1), until=date(2026, 12, 31))
    stage.programme = Programme(election=(span,))
    assert "dalam masa pemilu, jadi perlu persetujuan dua pengendali" in last(budi.says("/tinjau"))
    heard = budi.presses("Setujui")
    assert "✔ Persetujuan pertama dari Anda" in heard[0].text
    assert scene.status(stage, number) == states.CONFIRMING
    assert "Anda sudah ikut memeriksa" in last(budi.says(f"/tinjau {number}"))
    assert "persetujuan kedua" in newest(rudi)
    assert "masih menunggu persetujuan kedua" in newest(siti)
    rudi.says("/tinjau")
    rudi.presses("Setujui")
    assert scene.status(stage, number) == states.APPROVED
    assert "disetujui oleh Rudi Hartono" in newest(siti)


# -- what the card says ------------------------------------------------------------------------


def test_the_card_says_what_was_measured_of_the_file(stage: Stage, siti: Chatter, ani: Chatter) -> None:
    number = submitted(stage, siti, "Konten dengan video")
    with stage.session() as session, session.begin():
        media = files.register(
            session, stage.now, "telegram", remote_id="f", unique_id="u", kind="video", purpose="item"
        )
        files.stored(
            session, media.id, key="k", sha256="0" * 64, size=9_000_000, mime="video/mp4",
            width=1080, height=1920, duration=42, codec="h264", sound="aac",
        )  # fmt: skip
        assert measures.of(media).kind == measures.FILM
        session.get_one(Item, number).media_id = media.id
    assert "Berkas: Video 42 detik, 1080 × 1920" in last(ani.says("/tinjau"))


def test_every_text_that_somebody_will_share_is_shown_to_whoever_decides(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    number = submitted(stage, siti, "Konten dengan banyak teks")
    long = "Ajak keluarga berobat malam hari. " * 25
    with stage.session() as session, session.begin():
        variants.write(session, number, "", [f"{n}: {long}" for n in range(5)])
        variants.write(session, number, "x", ["Singkat saja untuk X."])
        session.get_one(Item, number).hashtags = "#JambiSehat"
    heard = ani.says("/tinjau")
    told = "".join(one.text for one in heard)
    assert all(f"{n}: Ajak keluarga" in told for n in range(5))
    assert "X: Singkat saja untuk X." in told
    assert "Tagar: #JambiSehat" in told
    assert max(len(one.text) for one in heard) < 4096


# -- who may not -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["creator", "planner", "leader", ""])
def test_who_is_no_reviewer_hears_so_and_decides_nothing(stage: Stage, siti: Chatter, role: str) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    rina = stage.person("Rina", role=role)
    acts = (
        f"review.endorse:{number}:1.0:submitted",
        f"review.score:{number}:1.0:submitted",
        f"review.approve:{number}:1.0:submitted",
        f"review.return:{number}:1.0:submitted",
        "review.next",
        "review.open:1",
    )
    for heard in (rina.says("/tinjau"), *(rina.presses("", action=act) for act in acts)):
        assert "hanya untuk petugas" in last(heard) or "tidak dapat diputuskan" in last(heard)
    assert scene.status(stage, number) == states.SUBMITTED


def test_a_button_that_somebody_made_up_decides_nothing(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    joko = stage.person("Joko", "DISDIK", role="editor")
    for who, act, said in (
        (budi, f"review.approve:{number}:1.0:submitted", "tidak dapat diputuskan"),
        (budi, f"review.approve:{number}:1.0:checked", "tidak dapat diputuskan"),
        (budi, f"review.endorse:{number}:1.0:submitted", "hanya untuk petugas"),
        (joko, f"review.endorse:{number}:1.0:submitted", "hanya untuk petugas"),
        (ani, f"review.endorse:{number}:1", "tidak berlaku"),
        (ani, f"review.endorse:{number}:x.y:submitted", "tidak berlaku"),
        (ani, "review.endorse:99:1.0:submitted", "tidak berlaku"),
        (ani, f"review.lock:{number}:1.0:approved", "tidak berlaku"),
        (siti, f"review.endorse:{number}:1.0:submitted", "hanya untuk petugas"),
    ):
        assert said in last(who.presses("", action=act)), act
    assert scene.status(stage, number) == states.SUBMITTED


def test_an_empty_queue_an_unknown_number_and_no_number_say_what_to_do(budi: Chatter) -> None:
    assert "Tidak ada konten yang menunggu" in last(budi.says("/tinjau"))
    assert "Konten nomor 42 tidak ada" in last(budi.says("/tinjau 42"))
    assert "Ketik nomor kontennya" in last(budi.says("/tinjau besok"))
    assert "tidak berlaku" in last(budi.presses("", action="review.approve:42:1.0:checked"))


def test_a_draft_of_somebody_is_not_shown_to_a_reviewer(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    siti.says("/ajukan")
    siti.says("Judul yang belum selesai")
    heard = budi.says("/tinjau 1")
    assert "masih konsep" in last(heard)
    assert "Judul yang belum selesai" not in last(heard)


def test_every_editor_but_the_author_hears_of_a_new_item(stage: Stage, ani: Chatter, siti: Chatter) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(people.Person, siti.person_id)
        roles.grant(session, person, "editor", None, stage.now, by=None)
    stage.person("Joko", "DISDIK", role="editor")
    number = submitted(stage, siti, "Konten kedua kami")
    with stage.session() as session:
        item = session.get_one(Item, number)
        assert [one.name for one in moves.reviewers(session, item, stage.programme)] == ["Ani Lestari"]
    assert "hanya konten Anda sendiri (1)" in last(siti.says("/tinjau"))
    assert "Ini konten Anda sendiri" in last(siti.says(f"/tinjau {number}"))
