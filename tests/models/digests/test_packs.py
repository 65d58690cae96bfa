"""The pack on its way: who gets it in which order, who hears that it did not arrive, what goes out again."""

from datetime import timedelta

import pytest

from models.digests import packs
from models.figures.snapshots import Digest
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.sending.recording import Outcome
from tests import meeting, scene, windowed
from tests.chat import Chatter, Heard, Stage
from tests.meeting import WEEK
from tests.scene import Group


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller whose group is bound; one of three ASN has shared."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    siti = stage.person("Siti Rahma", role="creator")
    stage.person("Budi Santoso")
    Group(stage).hears(who, "/rabuan")
    scene.item(stage)
    scene.release(stage)
    meeting.share(siti)
    stage.sent()
    return who


@pytest.fixture
def digest(stage: Stage, boss: Chatter) -> Digest:
    found = meeting.close(stage)
    assert meeting.announce(stage, found) == 1
    return found


def of_group() -> tuple[object, ...]:
    return (Outbound.address == "-1001", Outbound.key.startswith("digest:"))


def parts(stage: Stage) -> list[Outbound]:
    return scene.rows(stage, *of_group())


def thrown_out(stage: Stage) -> None:
    """What the sender writes down when Telegram says that we are not in the group any more."""
    words = parts(stage)[0]
    scene.turned_out(stage, [words], outbox.FAILED, "blocked")
    with stage.session() as session, session.begin():
        outbox.cancel(session, Outbound.address == words.address, reason="blocked")


def watch(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return packs.watch(session, stage.now, stage.programme)


def send_again(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return packs.send_again(session, WEEK, stage.now)


def arrived(stage: Stage) -> bool:
    with stage.session() as session:
        return packs.arrived(session, WEEK)


def alarms(who: Chatter) -> list[Heard]:
    return [heard for heard in who.hears() if "belum sampai ke grup" in heard.text]


def test_a_ppid_reads_the_page_of_the_own_opd_before_the_group_reads_who_needs_help(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    rows = scene.rows(stage, Outbound.key.startswith("digest:"))
    texts = [row.body["text"] for row in rows]
    pack = ["digest.summary", "digest.chart", "digest.workbook", "digest.paper"]
    assert texts == ["digest.page", *pack, *pack], "then the group, then who reads one to one"
    assert [row.address for row in rows[1:5]] == ["-1001"] * 4
    assert len({row.priority for row in rows}) == 1, "sent in the order of their ids"
    (siti,) = [row.person_id for row in rows[:1]]
    with stage.session() as session:
        assert session.get_one(Person, siti).name == "Siti Rahma"


def test_the_page_of_a_ppid_reads_well_and_leads_to_who_is_missing(stage: Stage, digest: Digest) -> None:
    row = scene.rows(stage, Outbound.body["text"].as_string() == "digest.page")[0]
    (page,) = [heard for heard in stage.heard(int(row.address)) if heard.key == row.key]
    assert page.text == (
        "Dinas Kesehatan · minggu 48 (25 Nov – 2 Des 2026)\n\n"
        "50% sudah berbagi: 1 dari 2 ASN\n"
        "Seluruh provinsi: 33,3%\n"
        "Peringkat 1 dari 2 OPD seukuran\n"
        "Konten untuk siaran berikutnya belum ada. Ketik /ajukan untuk membuatnya.\n\n"
        "Belum berbagi: 1 ASN"
    )
    assert page.actions == {"Lihat siapa yang belum": f"digest.team:{WEEK}:{_opd(stage)}"}


def _opd(stage: Stage) -> int:
    return meeting.opd_id(stage, "DINKES")


def test_nobody_is_alarmed_while_a_pack_is_on_its_way(stage: Stage, boss: Chatter, digest: Digest) -> None:
    assert not arrived(stage)
    stage.later(minutes=14)
    assert watch(stage) == 0
    stage.sent()
    assert arrived(stage)
    stage.later(hours=1)
    assert watch(stage) == 0


def test_a_pack_that_has_not_arrived_after_a_quarter_of_an_hour_is_told_once(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    stage.later(minutes=15)
    assert [watch(stage) for _ in range(3)] == [1, 0, 0]
    (alarm,) = alarms(boss)
    assert alarm.actions == {}, "it is still being tried"


def test_a_pack_that_failed_is_told_at_once_with_the_reason_and_a_way_to_send_it_again(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    thrown_out(stage)
    assert [watch(stage) for _ in range(2)] == [1, 0]
    (alarm,) = alarms(boss)
    assert "dikeluarkan dari grup itu" in alarm.text
    assert "Rapat Rabuan" in alarm.text
    assert "ketik /rekap 48." in alarm.text, "bare it is the week that has just begun"
    assert "1 dari 3" in boss.says("/rekap 48")[0].text
    assert scene.statuses(stage, *of_group()) == {outbox.FAILED: 1, outbox.CANCELLED: 3}
    stage.later(minutes=5)
    assert "4 pesan" in boss.presses("Kirim ulang")[0].text
    assert scene.statuses(stage, *of_group()) == {outbox.QUEUED: 1, outbox.WAITING: 3}
    assert watch(stage) == 0
    assert "tidak perlu dikirim lagi" in boss.presses("Kirim ulang")[0].text


def test_what_fails_once_more_is_told_once_more(stage: Stage, boss: Chatter, digest: Digest) -> None:
    for _ in range(2):
        thrown_out(stage)
        watch(stage)
        stage.later(minutes=1)
        assert send_again(stage) == 4
    assert len(alarms(boss)) == 2


def test_a_chart_that_cannot_be_drawn_keeps_nobody_from_words_workbook_and_pages(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    words, chart, *files = parts(stage)
    assert words.body["text"] == "digest.summary", "before any file, so that nothing holds it back"
    scene.turned_out(stage, [chart], outbox.FAILED, "broken")
    assert [row.status for row in parts(stage)] == [outbox.QUEUED, outbox.FAILED, *[outbox.WAITING] * 2]
    stage.sent()
    assert watch(stage) == 1
    assert send_again(stage) == 1, "what arrived does not go out again"
    assert len(files) == 2


def test_a_workbook_that_fails_goes_out_again_alone(stage: Stage, boss: Chatter, digest: Digest) -> None:
    rows = parts(stage)
    stage.sent()
    scene.turned_out(stage, rows[2:3], outbox.FAILED, "broken")
    assert watch(stage) == 1
    assert "tidak dapat dibuat" in alarms(boss)[0].text
    assert send_again(stage) == 1
    assert scene.statuses(stage, *of_group()) == {outbox.SENT: 3, outbox.QUEUED: 1}


def test_what_a_program_of_before_queued_and_this_one_cannot_write_is_written_from_the_snapshot(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    as_it_should_be = [row.body for row in parts(stage)]
    older(stage, {"text": "digest.summary", "params": {"week": WEEK}})
    scene.turned_out(stage, parts(stage)[:1], outbox.FAILED, "broken")
    assert watch(stage) == 1
    assert "tidak dapat dibuat" in alarms(boss)[0].text
    assert send_again(stage) == 4
    assert [row.body for row in parts(stage)] == as_it_should_be


def test_a_snapshot_that_says_too_little_for_the_pack_is_told_to_who_sends_it_again(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Digest, digest.id).figures = {"week": WEEK, "participation": 0.5, "opd": []}
    scene.turned_out(stage, parts(stage)[:1], outbox.FAILED, "broken")
    watch(stage)
    assert "program versi lama" in boss.presses("Kirim ulang")[0].text
    assert parts(stage)[0].status == outbox.FAILED, "nothing goes round for ever"


def older(stage: Stage, body: dict[str, object]) -> None:
    """The words of the pack, as a program of before might have queued them."""
    with stage.session() as session, session.begin():
        session.get_one(Outbound, parts(stage)[0].id).body = body


def test_who_may_not_release_may_not_send_again(stage: Stage, boss: Chatter, digest: Digest) -> None:
    scene.turned_out(stage, parts(stage)[:1], outbox.FAILED, "blocked")
    leader = stage.person("Pak Gubernur", "SETDA", role="leader")
    assert leader.presses("", action=f"digest.again:{WEEK}")[0].key.endswith(":refused")
    assert scene.statuses(stage, *of_group())[outbox.FAILED] == 1


def test_the_clock_watches_every_minute_until_the_pack_is_there(
    stage: Stage, boss: Chatter, digest: Digest
) -> None:
    assert meeting.tick(stage, stage.now + timedelta(minutes=1))["pack_watch"] == "waits"
    scene.turned_out(stage, parts(stage)[:1], outbox.FAILED, "blocked")
    assert meeting.tick(stage, stage.now + timedelta(minutes=1))["pack_watch"] == "waits"
    assert len(alarms(boss)) == 1
    send_again(stage)
    assert meeting.tick(stage, stage.now + timedelta(minutes=1))["pack_watch"] == "waits"
    stage.sent()
    assert "pack_watch" not in meeting.tick(stage, stage.now + timedelta(minutes=1))


def test_a_group_that_throws_the_bot_out_is_told_to_the_controllers(stage: Stage, boss: Chatter) -> None:
    Group(stage).removes(boss)
    (heard,) = [heard for heard in boss.hears() if "dikeluarkan dari grup" in heard.text]
    assert "/rabuan" in heard.text


@pytest.mark.parametrize("stopped", [0, 1])
def test_the_files_of_a_pack_go_with_its_words_to_the_other_channel_but_not_what_was_stopped(
    stage: Stage, boss: Chatter, stopped: int
) -> None:
    digest = meeting.close(stage)
    windowed.account(stage, boss, "+6281317036688", timedelta(hours=1))
    with stage.session() as session, session.begin():
        people.prefer(session, scene.person(session, boss), "whatsapp", stage.now)
    meeting.announce(stage, digest)
    mine = (Outbound.person_id == boss.person_id, Outbound.key.startswith("digest:"))
    words, *files = scene.rows(stage, *mine)
    with stage.session() as session, session.begin():
        outbox.cancel(session, Outbound.id.in_([row.id for row in files[:stopped]]), reason="stopped")
    assert words.channel == "whatsapp"
    until = scene.rows(stage, Outbound.id <= words.id, Outbound.status == outbox.QUEUED)
    assert windowed.take(stage, len(until))[-1].id == words.id, "the files are still there"
    windowed.record(stage, [Outcome(words.id, words.key, outbox.FAILED, reason="refused", attempt=1)])
    rows = scene.rows(stage, *mine)
    gone = [outbox.CANCELLED] * stopped
    assert [row.status for row in rows] == [outbox.QUEUED, *gone, *[outbox.WAITING] * (3 - stopped)]
    moved = [row for row in rows if row.status != outbox.CANCELLED]
    assert {(row.channel, row.address) for row in moved} == {("telegram", str(boss.chat))}
    assert [one.key for one in windowed.deliver(stage, 2) if one.person_id == boss.person_id] == [
        row.key for row in moved
    ]
