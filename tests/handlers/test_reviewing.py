"""`/tinjau`: the queue of a reviewer."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models import content, people, roles, states
from models.content import Item
from models.people import Person
from tests.chat import WEDNESDAY, Chatter, Heard, Stage

GOOD = {
    "what": "Mulai 1 Desember Puskesmas Rawasari melayani sampai pukul 21.00.",
    "why": "Warga yang bekerja sampai sore tetap bisa berobat.",
    "caption": "Pulang kerja baru sempat berobat? Kini bisa.",
    "source_url": "https://dinkes.jambiprov.go.id/berita/malam",
}


def last(heard: list[Heard]) -> str:
    return heard[-1].text


def newest(who: Chatter) -> str:
    return who.hears()[-1].text


def submitted(stage: Stage, author: Chatter, title: str, week: str = "2026-W49") -> int:
    """An item that waits for a decision; its number."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, author.person_id)
        item = content.start(session, person, person.opd_id, stage.now)
        for field, value in {"title": title, **GOOD}.items():
            content.fill(session, item, field, value, stage.now)
        content.illustrate(session, item, None, stage.now)
        content.plan(session, item, week, stage.now)
        content.move(session, item, "submit", person, stage.now)
        return item.id


def status(stage: Stage, number: int) -> str:
    with stage.session() as session:
        return session.get_one(Item, number).status


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma", role="creator")


@pytest.fixture
def budi(stage: Stage) -> Chatter:
    return stage.person("Budi Santoso", "BAPPEDA", role="controller")


def test_the_queue_goes_by_week_and_skipping_decides_nothing(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    submitted(stage, siti, "Konten untuk nanti", "2026-W51")
    submitted(stage, siti, "Konten untuk segera", "2026-W49")
    stage.later(minutes=1)
    submitted(stage, siti, "Konten segera kedua", "2026-W49")
    first = budi.says("/tinjau")
    assert "Konten untuk segera" in first[0].text
    assert "Menunggu diperiksa: 3 konten" in last(first)
    assert {"Setujui", "Kembalikan", "Lewati"} == set(first[-1].actions)
    assert "Konten segera kedua" in budi.presses("Lewati")[0].text
    assert "Konten untuk nanti" in budi.says("3")[0].text  # typed instead of [Lewati]
    assert "Masih ada 3 konten" in last(budi.presses("Lewati"))
    assert "Konten untuk segera" in budi.presses("Mulai dari awal")[0].text
    assert {status(stage, number) for number in (1, 2, 3)} == {states.SUBMITTED}


def test_an_approval_tells_the_author_and_leads_to_the_next(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    first = submitted(stage, siti, "Konten pertama kami")
    submitted(stage, siti, "Konten kedua kami", "2026-W50")
    budi.says("/tinjau")
    heard = budi.presses("Setujui")
    assert "Akan disiarkan Rabu, 2 Desember 2026, 13.00 WIB" in last(heard)
    assert "Masih ada 1 konten" in last(heard)
    assert "Kabar baik! Konten 1" in newest(siti)
    assert status(stage, first) == states.APPROVED
    assert "Konten kedua kami" in budi.presses("Konten berikutnya")[0].text


def test_a_return_asks_until_there_is_a_reason(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    budi.says("/tinjau")
    budi.presses("Kembalikan")
    for reason in ("no", "x" * 501):
        assert "Mohon tulis alasannya" in last(budi.says(reason))
        assert status(stage, number) == states.SUBMITTED
    budi.says("Sumbernya tidak dapat dibuka.")
    assert status(stage, number) == states.RETURNED
    assert "Catatan: Sumbernya tidak dapat dibuka." in newest(siti)


def test_a_return_can_be_called_off_before_its_reason(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    budi.says("/tinjau")
    budi.presses("Kembalikan")
    assert "Setujui" in budi.presses("Batal")[-1].actions
    assert status(stage, number) == states.SUBMITTED
    budi.says("ini bukan alasan")
    assert status(stage, number) == states.SUBMITTED


def test_an_approved_item_can_be_returned_until_it_is_released(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    budi.says("/tinjau")
    budi.presses("Setujui")
    heard = budi.says(f"/tinjau {number}")
    assert "sudah disetujui oleh Budi Santoso" in last(heard)
    assert list(heard[-1].actions) == ["Kembalikan"]
    budi.presses("Kembalikan")
    budi.says("Ada kabar baru dari lapangan.")
    assert status(stage, number) == states.RETURNED
    with stage.session() as session, session.begin():
        session.execute(update(Item).values(status=states.RELEASED))
    assert "sekarang sudah disiarkan" in last(budi.says(f"/tinjau {number}"))


def test_a_reviewer_with_an_old_preview_does_not_approve_a_newer_version(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    rudi = stage.person("Rudi Hartono", "BAPPEDA", role="controller")
    number = submitted(stage, siti, "Konten pertama kami")
    old = budi.says("/tinjau")[-1].actions["Setujui"]
    rudi.says("/tinjau")
    rudi.presses("Kembalikan")
    rudi.says("Judulnya kurang jelas.")
    assert "sudah dikembalikan oleh Rudi Hartono" in last(budi.presses("", action=old))
    siti.presses("Perbaiki")
    siti.presses("Kirim untuk diperiksa")
    assert "sudah diperbarui" in last(budi.presses("", action=old))
    assert status(stage, number) == states.SUBMITTED


def test_the_second_item_of_a_week_is_explained_and_can_be_returned(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    submitted(stage, siti, "Konten pertama kami")
    second = submitted(stage, siti, "Konten kedua kami")
    budi.says("/tinjau 1")
    budi.presses("Setujui")
    budi.presses("Konten berikutnya")
    assert "sudah ada Konten 1" in last(budi.presses("Setujui"))
    budi.presses("Kembalikan")
    budi.says("Minggu itu sudah terisi, pilih minggu lain.")
    assert status(stage, second) == states.RETURNED


def test_an_approval_after_the_hour_of_the_release_says_that_it_goes_out_soon(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    submitted(stage, siti, "Konten pertama kami", "2026-W48")
    stage.later(hours=4)
    budi.says("/tinjau")
    assert "akan disiarkan segera" in last(budi.presses("Setujui"))
    assert "akan disiarkan segera" in newest(siti)


def test_nothing_is_approved_for_a_week_that_is_over(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    number = submitted(stage, siti, "Konten pertama kami", "2026-W48")
    stage.now = WEDNESDAY + timedelta(days=7)
    budi.says("/tinjau")
    assert "sudah lewat" in last(budi.presses("Setujui"))
    assert status(stage, number) == states.SUBMITTED


@pytest.mark.parametrize("role", ["editor", "admin", ""])
def test_who_is_no_reviewer_hears_so_and_decides_nothing(stage: Stage, siti: Chatter, role: str) -> None:
    number = submitted(stage, siti, "Konten pertama kami")
    ani = stage.person("Ani", role=role)
    acts = (
        f"review.approve:{number}:1",
        f"review.return:{number}:1:submitted",
        "review.next",
        "review.open:1",
    )
    for heard in (ani.says("/tinjau"), *(ani.presses("", action=act) for act in acts)):
        assert "hanya untuk petugas" in last(heard)
    assert status(stage, number) == states.SUBMITTED


def test_an_empty_queue_an_unknown_number_and_no_number_say_what_to_do(budi: Chatter) -> None:
    assert "Tidak ada konten yang menunggu" in last(budi.says("/tinjau"))
    assert "Konten 42 tidak ada" in last(budi.says("/tinjau 42"))
    assert "Ketik nomor kontennya" in last(budi.says("/tinjau besok"))
    assert "tidak berlaku" in last(budi.presses("", action="review.approve:42:1"))


def test_a_draft_of_somebody_is_not_shown_to_a_reviewer(stage: Stage, siti: Chatter, budi: Chatter) -> None:
    siti.says("/ajukan")
    siti.says("Judul yang belum selesai")
    heard = budi.says("/tinjau 1")
    assert "masih konsep" in last(heard)
    assert "Judul yang belum selesai" not in last(heard)


def test_every_reviewer_but_the_author_hears_of_a_new_item(
    stage: Stage, siti: Chatter, budi: Chatter
) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(people.Person, siti.person_id)
        roles.grant(session, person, "controller", None, stage.now, by=None)
    siti.says("/ajukan")
    siti.presses("Dinas Kesehatan")  # she may write for the province, too
    for words in ("Konten kedua kami", GOOD["what"], GOOD["why"], GOOD["caption"], "tanpa gambar"):
        siti.says(words)
    siti.says(GOOD["source_url"])
    siti.says("ya")
    before = len(siti.hears())
    siti.presses("Kirim untuk diperiksa")
    assert "Ada konten baru" in newest(budi)
    assert not any("Ada konten baru" in heard.text for heard in siti.hears())
    assert len(siti.hears()) == before + 1
