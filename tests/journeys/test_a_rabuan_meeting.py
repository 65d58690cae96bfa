"""A Wednesday, from the close at 07.30 to what the meeting decided, and the Wednesday after it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from models.people.people import Person
from models.proofs import verdicts
from models.shares import inspections
from models.shares.shares import Share
from tests import meeting, scene
from tests.chat import Chatter, Heard, Stage, Telegram
from tests.meeting import press
from tests.scene import Group

WIB = ZoneInfo("Asia/Jakarta")


def at(stage: Stage, written: str) -> dict[str, str]:
    """The clock at a local time; what it did then, by job."""
    return meeting.tick(stage, datetime.fromisoformat(f"2026-{written}").replace(tzinfo=WIB))


def pack(stage: Stage, chat: int) -> Heard:
    """The newest thirty-second message of a chat."""
    return [heard for heard in stage.heard(chat) if heard.row.body.get("text") == "digest.summary"][-1]


def rejects(stage: Stage, share_id: int, by: Chatter) -> None:
    """A colleague of the team looks at a proof and finds that it is not theirs."""
    with stage.session() as session, session.begin():
        share = session.get_one(Share, share_id)
        look = inspections.current(session, share_id) or inspections.open_one(
            session, share, inspections.SAMPLE, stage.now
        )
        assert look is not None
        person = session.get_one(Person, by.person_id)
        verdicts.reject(session, look, person, stage.now, stage.programme, "not_theirs")


def the_pack_comes(stage: Stage, group: Group, leader: Chatter, editor: Chatter) -> None:
    """07.30: the team first, then the group and who reads one to one; nobody counted anything."""
    assert at(stage, "12-02T07:30")["digest"] == "version 1 to 1 groups"
    stage.sent()
    page = editor.hears()[-1]
    first = pack(stage, group.chat)
    assert page.row.id < first.row.id < pack(stage, leader.chat).row.id
    assert "44,4% ASN sudah berbagi\n4 dari 9" in first.text
    assert "Belum berbagi: 3 ASN" in page.text
    assert first.text == pack(stage, leader.chat).text


def the_team_looks(stage: Stage, editor: Chatter) -> None:
    """07.40: the PPID looks who is missing, and gets a text that blames nobody."""
    stage.later(minutes=10)
    names = editor.presses("Lihat siapa yang belum")[0]
    assert "• Pegawai 4\n• Pegawai 5" in names.text
    assert "Pegawai" not in editor.presses("Contoh pesan ajakan")[1].text


def the_meeting_looks_further(stage: Stage, group: Group, boss: Chatter) -> None:
    """09.00: the meeting looks further, in the group itself."""
    at(stage, "12-02T09:00")
    ranked = press(group, boss, "Lihat per OPD")[0]
    assert "1. Dinas Kesehatan: 57,1% (4 dari 7)" in ranked.text
    assert "Dinas SETDA" in press(group, boss, "OPD tanpa konten")[0].text
    assert "Tidak ada keputusan" in press(group, boss, "Keputusan")[0].text


def it_decides(group: Group, boss: Chatter) -> None:
    """It decides; a controller writes it down in private, and all of them read it in the group."""
    boss.says("/keputusan")
    boss.presses("Catat keputusan")
    boss.says("Dinas SETDA menyiapkan konten sendiri")
    boss.says("Sekretaris SETDA")
    boss.says("Senin")
    assert "Tenggat: Senin, 7 Desember 2026" in boss.presses("Simpan")[0].text
    assert "sampai Senin, 7 Desember 2026" in group.hears(boss, "/keputusan")[0].text


def it_is_corrected(stage: Stage, group: Group, boss: Chatter, leader: Chatter, editor: Chatter) -> None:
    """In the afternoon a proof turns out to be somebody else's: a new version, and everybody is told."""
    stage.later(hours=4)
    rejects(stage, 1, editor)
    boss.says("/koreksi 48")
    boss.presses("Buat versi baru")
    assert "4 → 3 ASN yang berbagi" in stage.heard(group.chat)[-1].text
    assert "3 dari 9" in leader.says("/rekap 48")[0].text
    assert "4 dari 9" in leader.presses("Versi sebelumnya")[0].text
    stage.sent()


def test_a_wednesday_from_the_pack_to_a_decision_that_comes_back_late(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller", line=Telegram())
    leader = stage.person("Pak Gubernur", "SETDA", role="leader")
    editor = stage.person("Ani Lestari", role="editor")
    people = [stage.person(f"Pegawai {number}") for number in range(6)]
    group = Group(stage)
    group.hears(boss, "/rabuan")
    scene.item(stage)
    scene.release(stage)
    for number, one in enumerate(people[:4], 1):
        meeting.share(one, number)
    stage.sent()

    the_pack_comes(stage, group, leader, editor)
    the_team_looks(stage, editor)
    the_meeting_looks_further(stage, group, boss)
    it_decides(group, boss)
    it_is_corrected(stage, group, boss, leader, editor)

    # Monday, 08.00: its day has come.
    assert at(stage, "12-07T07:59")["decisions"] == "0 people"
    assert at(stage, "12-07T08:00")["decisions"] == "1 people"
    assert "Hari ini tenggat keputusan nomor 1" in boss.hears()[-1].text

    # The next Wednesday it comes back as late, until it is done.
    at(stage, "12-09T07:30")
    assert "• 1 keputusan lewat tenggat" in pack(stage, group.chat).text
    late = press(group, boss, "Keputusan")[0]
    assert "⚠️ Dinas SETDA menyiapkan konten sendiri" in late.text
    assert "lewat tenggat Senin, 7 Desember 2026" in late.text
    boss.presses("Buka keputusan")
    boss.presses("Selesai")
    assert "tercatat selesai" in boss.says("kontennya sudah disetujui")[0].text
    at(stage, "12-16T07:30")
    assert "keputusan" not in pack(stage, group.chat).text.split("Perlu diputuskan")[-1]
    assert "✅ Dinas SETDA" in press(group, boss, "Keputusan")[0].text
