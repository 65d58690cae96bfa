"""Those who read the pack one to one and did not get it: who hears of it, when, and what goes out again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.digests import packs
from models.figures.snapshots import Digest
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people, roles
from models.whatsapp import windows
from tests import meeting, missed, scene, windowed
from tests.chat import Chatter, Stage
from tests.meeting import WEEK


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    return missed.boss(stage)


@pytest.fixture
def leaders(stage: Stage, boss: Chatter) -> list[Chatter]:
    return missed.leaders(stage)


def test_nobody_is_told_while_it_is_on_its_way_nor_when_it_is_there(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    stage.later(minutes=14)
    assert (missed.watch(stage), missed.arrived(stage)) == (0, False)
    missed.arrives(stage)
    stage.later(hours=1)
    assert (missed.watch(stage), missed.arrived(stage)) == (0, True)


def test_all_who_did_not_get_it_are_told_of_in_one_message_and_once(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    ali, beni, cecep = leaders
    missed.arrives(stage, *leaders)
    missed.blocks(stage, ali)
    stage.later(minutes=3)
    assert missed.watch(stage) == 0, "others may still fail, or arrive"
    missed.fails(stage, beni)
    stage.later(minutes=12)
    assert [missed.watch(stage) for _ in range(3)] == [1, 0, 0]
    (alarm,) = missed.alarms(boss)
    assert alarm.text == (
        "3 orang belum menerima rekap minggu 25 November – 2 Desember 2026:\n"
        "• Pak Ali: memblokir bot ini, atau akunnya tidak ada lagi\n"
        "• Pak Beni: aplikasi pesannya sedang bermasalah\n"
        "• Pak Cecep: belum sampai, kami masih mencoba\n\n"
        "Rekapnya dapat dibaca dengan mengetik /rekap 48.\n"
        "Tekan tombol di bawah untuk mengirimnya sekali lagi kepada yang gagal."
    )
    assert list(alarm.actions) == ["Kirim lagi"]
    missed.fails(stage, cecep)
    assert [missed.watch(stage), missed.watch(stage)] == [1, 0], "now that it has failed it can be sent again"
    assert missed.alarms(boss)[1].text.startswith("1 orang belum menerima")


def test_where_nothing_is_on_its_way_any_more_they_are_told_at_once(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    missed.arrives(stage, leaders[0])
    missed.blocks(stage, leaders[0])
    assert missed.watch(stage) == 1
    assert not missed.arrived(stage), "it may be sent again"


def test_what_is_only_slow_has_no_button(stage: Stage, boss: Chatter, leaders: list[Chatter]) -> None:
    missed.arrives(stage, leaders[0])
    stage.later(minutes=15)
    assert [missed.watch(stage), missed.watch(stage)] == [1, 0]
    (alarm,) = missed.alarms(boss)
    assert alarm.actions == {}


def test_who_lacks_one_part_is_said_to_lack_a_part(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    words, chart, *_ = missed.parts(stage, leaders[0])
    missed.arrives(stage)
    scene.turned_out(stage, [chart], outbox.FAILED, packs.BROKEN)
    assert missed.watch(stage) == 1
    assert "• Pak Ali: baru sebagian, isinya tidak dapat dibuat" in missed.alarms(boss)[0].text
    assert missed.send_again(stage) == (1, 0)
    assert missed.states(stage, leaders[0]) == [outbox.SENT, outbox.QUEUED, outbox.SENT, outbox.SENT]
    assert words.key == missed.parts(stage, leaders[0])[1].follows


def test_of_many_the_first_are_named(stage: Stage, boss: Chatter) -> None:
    many = [stage.person(f"Orang {n:02}", "SETDA", role="leader") for n in range(10)]
    meeting.announce(stage, meeting.close(stage))
    missed.arrives(stage, *many)
    for who in many:
        missed.fails(stage, who, "network")
    assert missed.watch(stage) == 1
    text = missed.alarms(boss)[0].text
    assert "10 orang belum" in text
    assert "• Orang 07: pesannya ditolak oleh aplikasi pesannya\n• dan 2 orang lain" in text


def test_what_fails_once_more_is_told_once_more(stage: Stage, boss: Chatter, leaders: list[Chatter]) -> None:
    missed.arrives(stage, leaders[0])
    for _ in range(2):
        missed.fails(stage, leaders[0])
        assert [missed.watch(stage), missed.watch(stage)] == [1, 0]
        stage.later(minutes=1)
        assert missed.send_again(stage) == (1, 0)
        assert missed.states(stage, leaders[0]) == [outbox.QUEUED, *[outbox.WAITING] * 3]
    missed.arrives(stage)
    assert (missed.watch(stage), missed.arrived(stage), missed.send_again(stage)) == (
        0,
        True,
        (0, 0),
    )


def test_who_does_not_want_it_any_more_or_stopped_a_part_of_it_is_nobody_s_failure(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    ali, beni, _ = leaders
    missed.arrives(stage, ali, beni)
    missed.fails(stage, ali)
    with stage.session() as session, session.begin():
        packs.subscribe(session, scene.person(session, ali), stage.now, wanted=False)
        outbox.cancel(session, Outbound.person_id == beni.person_id, reason="withdrawn")
    assert (missed.watch(stage), missed.arrived(stage), missed.send_again(stage)) == (
        0,
        True,
        (0, 0),
    )


def test_at_night_the_controllers_are_left_alone(stage: Stage, boss: Chatter, leaders: list[Chatter]) -> None:
    missed.arrives(stage, leaders[0])
    stage.now = stage.now.astimezone(stage.programme.zone).replace(hour=22)
    missed.fails(stage, leaders[0])
    assert missed.watch(stage) == 1
    assert missed.alarms(boss)[0].row.due_at - stage.now >= timedelta(hours=8)


def test_what_could_not_be_written_is_written_from_the_snapshot(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    as_it_should_be = [row.body for row in missed.parts(stage, leaders[0])]
    with stage.session() as session, session.begin():
        session.get_one(Outbound, missed.parts(stage, leaders[0])[0].id).body = {"text": "digest.summary"}
    missed.fails(stage, leaders[0], packs.BROKEN)
    assert missed.send_again(stage) == (1, 0)
    assert [row.body for row in missed.parts(stage, leaders[0])] == as_it_should_be


def test_readers_of_a_correction_are_watched_as_those_of_the_pack(
    stage: Stage, boss: Chatter, leaders: list[Chatter]
) -> None:
    missed.arrives(stage, leaders[0])
    missed.fails(stage, leaders[0])
    assert missed.watch(stage) == 1
    stage.later(hours=1)
    with stage.session() as session, session.begin():
        first = session.scalars(select(Digest)).one()
        second = Digest(week=WEEK, version=2, figures=first.figures, changes={"shares": [2, 1]}, at=stage.now)
        session.add(second)
        session.flush()
        packs.correct(session, second, stage.now, stage.programme)
    missed.arrives(stage, leaders[1])
    mine = (Outbound.person_id == leaders[1].person_id, Outbound.key.contains(":correction:"))
    scene.turned_out(stage, scene.rows(stage, *mine), outbox.FAILED, packs.BROKEN)
    assert missed.watch(stage) == 1
    assert "Pak Beni: baru sebagian" in missed.alarms(boss)[1].text
    assert missed.send_again(stage) == (2, 0)
    (row,) = scene.rows(stage, *mine)
    assert (row.status, row.body["text"]) == (outbox.QUEUED, "correction.announced")


# -- on WhatsApp -----------------------------------------------------------------------------------


@pytest.fixture
def far(stage: Stage, boss: Chatter) -> Chatter:
    """Somebody on WhatsApp alone who has not written for days, with the pack held until they do."""
    windowed.approve(stage)
    who = windowed.person(stage, "Pak Jauh", "+6281317036688")
    with stage.session() as session, session.begin():
        roles.grant(session, scene.person(session, who), "leader", None, stage.now, by=None)
    meeting.announce(stage, meeting.close(stage))
    with stage.session() as session, session.begin():
        account = people.reachable(session, who.person_id or 0)
        assert account is not None
        account.last_inbound_at = stage.now - timedelta(days=3)
    windowed.deliver(stage, 4)
    return who


def test_what_waits_for_a_window_is_no_failure_however_long(
    stage: Stage, boss: Chatter, far: Chatter
) -> None:
    words = missed.parts(stage, far)[0]
    assert (words.status, words.follows) == (outbox.WAITING, windows.name("whatsapp", words.address))
    stage.later(days=2)
    assert (missed.watch(stage), missed.arrived(stage)) == (0, False)
    with stage.session() as session, session.begin():  # they write
        account = people.reachable(session, far.person_id or 0)
        assert account is not None
        account.last_inbound_at = stage.now
        windows.opened(session, stage.now, "whatsapp", [words.address])
    stage.later(minutes=1)
    assert missed.watch(stage) == 0, "it was let go a minute ago"
    stage.later(minutes=15)
    assert missed.watch(stage) == 1
    windowed.deliver(stage)
    stage.later(minutes=1)
    assert missed.states(stage, far) == [outbox.SENT, *[outbox.QUEUED] * 3]
    assert missed.watch(stage) == 0, "the files go out now"
    windowed.deliver(stage)
    assert missed.arrived(stage)


def test_an_opener_that_does_not_arrive_is_a_failure_and_what_goes_out_again_needs_one_anew(
    stage: Stage, boss: Chatter, far: Chatter
) -> None:
    words = missed.parts(stage, far)[0]
    with stage.session() as session, session.begin():
        windows.lost(session, stage.now, "whatsapp", words.address, "number", "undelivered 63024")
    assert missed.watch(stage) == 1
    assert "• Pak Jauh: pesannya ditolak" in missed.alarms(boss)[0].text
    assert missed.send_again(stage) == (1, 0)
    first, *files = missed.parts(stage, far)
    assert (first.status, first.follows, first.expires_at) == (outbox.QUEUED, None, None)
    assert {(row.status, row.follows) for row in files} == {(outbox.WAITING, first.key)}
    windowed.take(stage)
    assert missed.parts(stage, far)[0].follows == windows.name("whatsapp", words.address)


def test_what_whatsapp_reports_as_lost_after_it_took_it_is_noticed_by_the_clock(
    stage: Stage, boss: Chatter, far: Chatter
) -> None:
    missed.arrives(stage, far)
    with stage.session() as session, session.begin():
        windows.opened(session, stage.now, "whatsapp", [missed.parts(stage, far)[0].address])
        account = people.reachable(session, far.person_id or 0)
        assert account is not None
        account.last_inbound_at = stage.now
    windowed.deliver(stage, 4)
    assert "pack_watch" not in meeting.tick(stage, stage.now + timedelta(minutes=1))
    missed.fails(stage, far, "number")
    assert meeting.tick(stage, stage.now + timedelta(minutes=1))["pack_watch"] == "waits"
    assert len(missed.alarms(boss)) == 1
