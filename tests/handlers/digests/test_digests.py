"""`/rabuan` and `/rekap`: who may see what, where, and of which week."""

import pytest

from models.digests import digests
from models.messages import conversations, outbox
from models.messages.outbox import Outbound
from models.people import roles
from models.people.people import Person
from models.programme import weeks
from tests import scene
from tests.chat import Chatter, Stage
from tests.scene import Group

LINK = "https://x.com/siti/status/1860012345678901234"


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller, in a programme where one of three ASN of Dinas Kesehatan has shared."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    siti = stage.person("Siti Rahma")
    stage.person("Budi Santoso")
    stage.person("Rina Marlina")
    scene.item(stage)
    scene.release(stage)
    siti.says(LINK)
    return who


def ppid(stage: Stage, name: str = "Pak Editor") -> Chatter:
    who = stage.person(name)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        roles.grant(session, person, "editor", None, stage.now, by=None)
    return who


def close(stage: Stage) -> None:
    stage.now = weeks.closing("2026-W48", stage.programme)
    with stage.session() as session, session.begin():
        digests.close(session, "2026-W48", stage.now, stage.programme)


def bound(stage: Stage) -> list[str]:
    with stage.session() as session:
        return [group.address for group in conversations.groups(session)]


def test_the_running_week_is_called_provisional(boss: Chatter) -> None:
    (answer,) = boss.says("/rekap")
    assert "Sementara: minggunya belum ditutup." in answer.text
    assert "25% ASN sudah berbagi\n1 dari 4" in answer.text
    assert "report" not in answer.row.body


def test_a_closed_week_is_the_frozen_snapshot_with_its_chart(stage: Stage, boss: Chatter) -> None:
    close(stage)
    stage.person("Orang Baru")
    answer, *files = boss.says("/rekap 48")
    assert "1 dari 4" in answer.text
    assert "Sementara" not in answer.text
    reports = [one.row.body["report"].partition(":")[0] for one in files]
    assert reports == ["digest-chart", "digest-workbook", "digest-paper"]


@pytest.mark.parametrize("said", ["/rekap 49", "/rekap 47", "/rekap 2027-W48"])
def test_a_week_without_figures_is_explained(boss: Chatter, said: str) -> None:
    (answer,) = boss.says(said)
    assert answer.text == (
        "Untuk minggu itu belum ada angka.\n"
        "Yang pertama: minggu 48 (25 Nov – 2 Des 2026). Yang terbaru: minggu 48 (25 Nov – 2 Des 2026).\n"
        "Misalnya /rekap 48."
    )


def test_what_is_no_week_is_explained(boss: Chatter) -> None:
    assert "misalnya /rekap 48" in boss.says("/rekap kemarin")[0].text


def test_a_ppid_sees_the_page_of_the_own_opd_and_opens_the_names(stage: Stage, boss: Chatter) -> None:
    editor = ppid(stage)
    (answer,) = editor.says("/rekap")
    assert answer.text.startswith("Dinas Kesehatan · minggu 48 (25 Nov – 2 Des 2026)\nSementara")
    assert "25% sudah berbagi: 1 dari 4 ASN" in answer.text
    assert "Peringkat 1 dari 2 OPD seukuran" in answer.text
    assert answer.text.endswith("Belum berbagi: 3 ASN")
    assert "belum ada. Ketik /ajukan" in answer.text
    assert list(answer.actions) == ["Lihat siapa yang belum"]
    assert "• Budi Santoso\n• Pak Editor\n" in editor.presses("Lihat siapa yang belum")[0].text


def test_a_ppid_sees_the_closed_week_as_it_was_frozen(stage: Stage, boss: Chatter) -> None:
    editor = ppid(stage)
    scene.item(stage, week="2026-W49", title="Siap")
    close(stage)
    (answer,) = editor.says("/rekap 48")
    assert "Sementara" not in answer.text
    assert "Konten untuk siaran berikutnya sudah siap." in answer.text


def test_a_ppid_reads_of_no_pack_while_the_week_runs(stage: Stage, boss: Chatter) -> None:
    """One of four has shared, far below the target; the page of the closed week says what the pack said."""
    editor = ppid(stage)
    assert "perlu dibantu" not in editor.says("/rekap")[0].text
    close(stage)
    assert "perlu dibantu" in editor.says("/rekap 48")[0].text


def test_a_ppid_reads_of_a_week_without_a_release_what_was_sent_on_wednesday(stage: Stage) -> None:
    editor = ppid(stage)
    close(stage)
    assert "Minggu itu tidak ada konten untuk dibagikan." in editor.says("/rekap 48")[0].text


def test_everybody_else_is_shown_the_way_to_their_own_record(stage: Stage, boss: Chatter) -> None:
    (answer,) = stage.person("Udin").says("/rekap")
    assert "/saya" in answer.text
    assert "25%" not in answer.text


def test_an_invited_bot_greets_and_says_who_may_bind_the_group(stage: Stage, boss: Chatter) -> None:
    (greeting,) = Group(stage).invites(boss)
    assert "Rapat Rabuan" in greeting.text
    assert "/rabuan" in greeting.text
    assert bound(stage) == []


def test_rabuan_binds_the_group_once(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    assert "sekarang terhubung" in group.hears(boss, "/rabuan")[0].text
    assert "Rabu, 2 Desember 2026, 07.30 WIB" in group.hears(boss, "/rabuan@satupesan_bot")[0].text
    assert bound(stage) == ["-1001"]


@pytest.mark.parametrize("who", ["asn", "ppid", "stranger"])
def test_rabuan_is_refused_to_who_may_not(stage: Stage, boss: Chatter, who: str) -> None:
    someone = (
        stage.stranger() if who == "stranger" else ppid(stage) if who == "ppid" else stage.person("Udin")
    )
    (answer,) = Group(stage).hears(someone, "/rabuan")
    assert answer.key.endswith(":refused")
    assert bound(stage) == []


def test_rabuan_in_private_says_how_it_is_done(boss: Chatter) -> None:
    assert "Tambahkan @satupesan_bot ke grupnya" in boss.says("/rabuan")[0].text


def test_rabuan_lepas_unbinds(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    group.hears(boss, "/rabuan")
    assert "tidak lagi menerima" in group.hears(boss, "/rabuan lepas")[0].text
    assert "memang belum terhubung" in group.hears(boss, "/rabuan lepas")[0].text
    assert bound(stage) == []


def test_a_group_that_removes_the_bot_gets_nothing_more(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    group.hears(boss, "/rabuan")
    group.removes(boss)
    assert bound(stage) == []
    assert scene.statuses(stage, Outbound.address == "-1001") == {outbox.CANCELLED: 1}


def test_a_group_that_moves_stays_bound_and_what_is_queued_moves_along(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    group.hears(boss, "/rabuan")
    group.moves(-1009)
    assert bound(stage) == ["-1009"]
    assert scene.statuses(stage, Outbound.address == "-1009") == {outbox.QUEUED: 1}
    assert group.invites(boss) == []  # Telegram reports the new group as joined; it is known


def test_rekap_in_the_bound_group_is_for_those_who_may_see_all(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    assert "belum terhubung" in group.hears(boss, "/rekap")[0].text
    group.hears(boss, "/rabuan")
    assert "25% ASN sudah berbagi" in group.hears(boss, "/rekap")[0].text
    assert group.hears(stage.person("Udin"), "/rekap")[0].key.endswith(":refused")


def test_in_the_group_nobody_who_is_missing_is_named(stage: Stage, boss: Chatter) -> None:
    group, editor = Group(stage), ppid(stage)
    group.hears(boss, "/rabuan")
    (answer,) = group.hears(editor, "/rekap")
    assert "Belum berbagi: 3 ASN" in answer.text
    assert "Lihat siapa yang belum" not in answer.actions


def test_what_people_talk_about_in_the_group_is_not_answered(stage: Stage, boss: Chatter) -> None:
    assert Group(stage).hears(boss, "sudah sarapan?") == []
