"""`/keputusan`: one question at a time, by buttons and by words; in the group read, in private written."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models.digests import decisions
from models.digests.decisions import Decision
from models.people.audit import Entry
from tests import meeting, scene
from tests.chat import Chatter, Stage
from tests.meeting import press
from tests.scene import Group

MEETING = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)  # Wednesday 09.30 WIB


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    stage.now = MEETING
    return stage.person("Bu Kepala", "BAPPEDA", role="controller")


def record(
    boss: Chatter, due: str = "Rabu depan", text: str = "Dinas Kesehatan menambah satu editor"
) -> None:
    boss.says("/keputusan")
    boss.presses("Catat keputusan")
    boss.says(text)
    boss.says("Sekretaris Dinas Kesehatan")
    boss.says(due)
    boss.presses("Simpan")


def found(stage: Stage) -> list[Decision]:
    with stage.session() as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def test_a_decision_is_written_down_in_three_answers_and_a_confirmation(stage: Stage, boss: Chatter) -> None:
    (empty,) = boss.says("/keputusan")
    assert empty.text == "Tidak ada keputusan yang masih berjalan."
    assert "Apa yang diputuskan rapat?" in boss.presses("Catat keputusan")[0].text
    assert "Siapa yang melaksanakan?" in boss.says("Dinas Kesehatan menambah satu editor")[0].text
    (when,) = boss.says("Sekretaris Dinas Kesehatan")
    assert list(when.actions) == [
        "Rabu depan, 9 Des",
        "Dua minggu lagi, 16 Des",
        "Akhir bulan, 31 Des",
        "Batal",
    ]
    (sure,) = boss.presses("Rabu depan")
    assert sure.text == (
        "Dinas Kesehatan menambah satu editor\nPelaksana: Sekretaris Dinas Kesehatan\n"
        "Tenggat: Rabu, 9 Desember 2026\n\nSimpan?"
    )
    assert found(stage) == []
    assert "Tersimpan sebagai keputusan nomor 1." in boss.presses("Simpan")[0].text
    (made,) = found(stage)
    assert (made.due.isoformat(), made.week, made.by) == ("2026-12-09", "2026-W48", boss.person_id)


@pytest.mark.parametrize(
    ("said", "due"),
    [("1", "2026-12-09"), ("2", "2026-12-16"), ("3", "2026-12-31"), ("25 november", "2027-11-25"),
     ("2 minggu lagi", "2026-12-16"), ("Jumat", "2026-12-04")],
)  # fmt: skip
def test_the_day_may_be_typed(stage: Stage, boss: Chatter, said: str, due: str) -> None:
    record(boss, said)
    assert found(stage)[0].due.isoformat() == due


def test_what_is_not_understood_is_asked_again_and_nothing_is_lost(stage: Stage, boss: Chatter) -> None:
    boss.says("/keputusan")
    boss.presses("Catat keputusan")
    assert "belum terbaca" in boss.says("ya")[0].text
    boss.says("Dinas Kesehatan menambah satu editor")
    boss.says("Sekretaris")
    assert "Harinya belum kami pahami." in boss.says("segera")[0].text
    assert "sudah lewat" in boss.says("1/12/2026")[0].text
    boss.says("Rabu depan")
    (again,) = boss.says("begitu saja")
    assert "tekan Simpan" in again.text
    assert "Dinas Kesehatan menambah satu editor" in again.text
    boss.presses("Simpan")
    assert len(found(stage)) == 1


def test_batal_saves_nothing_and_an_old_simpan_saves_nothing_twice(stage: Stage, boss: Chatter) -> None:
    record(boss)
    assert boss.presses("", action="decision.save")[0].key.endswith(":refused")
    boss.presses("Catat keputusan")
    assert "tidak ada yang disimpan" in boss.presses("Batal")[0].text
    assert len(found(stage)) == 1


def test_simpan_of_an_older_draft_saves_nothing_and_that_of_the_newer_saves_it(
    stage: Stage, boss: Chatter
) -> None:
    def draft(text: str) -> str:
        boss.says("/keputusan")
        boss.presses("Catat keputusan")
        for answer in (text, "Sekretaris"):
            boss.says(answer)
        return boss.says("Rabu depan")[0].actions["Simpan"]

    older, newer = draft("Keputusan yang pertama"), draft("Keputusan yang kedua")
    assert boss.presses("", action=older)[0].key.endswith(":refused")
    assert found(stage) == []
    boss.presses("", action=newer)
    assert [decision.text for decision in found(stage)] == ["Keputusan yang kedua"]


def test_an_old_button_to_a_page_that_is_gone_shows_the_last_one(stage: Stage, boss: Chatter) -> None:
    for number in range(8):
        record(boss, text=f"Keputusan ke-{number}")
    (first,) = boss.says("/keputusan")
    onward = first.actions["Berikutnya ▶"]
    assert "Keputusan ke-7" in boss.presses("", action=onward)[0].text
    boss.presses("", action="decision.done:8")
    boss.presses("Tanpa catatan")
    assert "7. Keputusan ke-6" in boss.presses("", action=onward)[0].text


def test_the_list_has_what_is_late_first_and_what_was_done_since_the_last_meeting(
    stage: Stage, boss: Chatter
) -> None:
    record(boss, "16 Desember", "Yang belum waktunya")
    record(boss, "Jumat", "Yang terlambat nanti")
    record(boss, "Jumat", "Yang selesai")
    boss.says("/keputusan")
    boss.says("2")
    boss.presses("Selesai")
    boss.presses("Tanpa catatan")
    stage.later(days=5)
    (listed,) = boss.says("/keputusan")
    assert listed.text == (
        "Keputusan yang masih berjalan (2)\n\n"
        "1. ⚠️ Yang terlambat nanti\n   Sekretaris Dinas Kesehatan, lewat tenggat Jumat, 4 Desember 2026\n"
        "2. Yang belum waktunya\n   Sekretaris Dinas Kesehatan, sampai Rabu, 16 Desember 2026\n\n"
        "Baru ditutup:\n✅ Yang selesai"
    )


def test_a_decision_is_finished_moved_and_dropped_each_with_a_note(stage: Stage, boss: Chatter) -> None:
    for text in ("Yang pertama", "Yang kedua", "Yang ketiga"):
        record(boss, "Jumat", text)
    for number, label, answers, said in (
        (1, "Selesai", ["sudah ada dua editor"], "tercatat selesai"),
        (2, "Ubah tenggat", ["Rabu depan", "orangnya cuti"], "tenggatnya sekarang Rabu, 9 Desember 2026"),
        (3, "Batalkan keputusan", ["anggarannya tidak ada"], "keputusan ini dibatalkan"),
    ):
        boss.presses("", action=f"decision.open:{number}")
        boss.presses(label)
        for answer in answers:
            (last,) = boss.says(answer)
        assert said in last.text
    with stage.session() as session:
        rows = session.scalars(select(Entry).where(Entry.subject == "decision").order_by(Entry.id)).all()
        assert [(row.act, row.actor_id, row.reason) for row in rows[3:]] == [
            ("finish", boss.person_id, "sudah ada dua editor"),
            ("postpone", boss.person_id, "orangnya cuti"),
            ("drop", boss.person_id, "anggarannya tidak ada"),
        ]
    (card,) = boss.presses("", action="decision.open:1")
    assert "Keadaan: selesai\nCatatan: sudah ada dua editor\nDicatat oleh Bu Kepala" in card.text
    assert list(card.actions) == ["Daftar keputusan"]
    assert "sudah ditutup" in boss.presses("", action="decision.done:1")[0].text


def test_a_decision_is_not_dropped_without_a_reason(stage: Stage, boss: Chatter) -> None:
    record(boss)
    boss.presses("", action="decision.open:1")
    (asked,) = boss.presses("Batalkan keputusan")
    assert list(asked.actions) == ["Batal"]
    assert "tulis alasannya" in boss.says("a")[0].text
    assert found(stage)[0].status == decisions.OPEN


def test_in_the_group_the_list_is_read_and_nothing_is_written(stage: Stage, boss: Chatter) -> None:
    record(boss)
    group = Group(stage)
    assert "belum terhubung" in group.hears(boss, "/keputusan")[0].text
    group.hears(boss, "/rabuan")
    (listed,) = group.hears(boss, "/keputusan")
    assert "1. Dinas Kesehatan menambah satu editor" in listed.text
    assert "@satupesan_bot" in listed.text
    assert listed.actions == {}
    for action in ("decision.new", "decision.done:1", "decision.drop:1", "decision.save", "decision.open:1"):
        assert [said.op for said in press(group, boss, "", action=action)] == ["answer"], action
    assert found(stage)[0].status == decisions.OPEN
    assert group.hears(stage.person("Udin"), "/keputusan")[0].key.endswith(":refused")


@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("", False, False), ("editor", False, False), ("leader", True, False), ("tag", True, False),
    ("admin", True, True),
])  # fmt: skip
def test_who_reads_and_who_writes(stage: Stage, boss: Chatter, role: str, reads: bool, writes: bool) -> None:
    record(boss)
    other = stage.person("Orang Lain", role=role)
    (said,) = other.says("/keputusan")
    assert ("menambah satu editor" in said.text) is reads
    assert ("Catat keputusan" in said.actions) is writes
    for action in ("decision.new", "decision.open:1", "decision.done:1"):
        assert other.presses("", action=action)[0].key.endswith(":refused") is not writes


def test_the_pack_counts_what_is_late_and_leads_to_what_is_open_and_done(stage: Stage, boss: Chatter) -> None:
    Group(stage).hears(boss, "/rabuan")
    record(boss, "Jumat", "Yang terlambat")
    record(boss, "16 Desember", "Yang berjalan")
    record(boss, "Jumat", "Yang selesai")
    boss.presses("", action="decision.done:3")
    boss.presses("Tanpa catatan")
    meeting.announce(stage, meeting.close(stage, "2026-W49"))
    (pack,) = [
        heard for heard in stage.heard(-1001) if heard.row.body["text"] == "digest.summary" and heard.actions
    ]
    assert (
        "• 2 keputusan berjalan, 1 terlambat\n– ⚠️ Sekretaris Dinas Kesehatan, 4 Des: Yang terlambat\n– "
        in pack.text
    )
    assert "Yang selesai" not in pack.text
    matters = press(Group(stage), boss, "Perlu diputuskan")[0].text
    assert "• 1 keputusan rapat lewat tenggat\n• 1 keputusan rapat masih berjalan" in matters
    listed = press(Group(stage), boss, "Keputusan")[0].text
    assert "⚠️ Yang terlambat" in listed
    assert "✅ Yang selesai" in listed
    assert scene.count(stage, Decision) == 3
