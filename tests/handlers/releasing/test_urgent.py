"""An urgent clarification: approved, sent at once, proved for itself, and apart from the week."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models.content import drafts, readiness, states
from models.content.content import Item
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Person
from models.releases import releases, urgent, weekly
from models.releases.releases import Release
from models.reminders import reminders
from models.shares import standings
from models.shares.shares import Share
from tests import scene
from tests.chat import Chatter, Stage

NIGHT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 22.00 WIB


def clarification(stage: Stage, opd: str | None = None, status: str = states.APPROVED) -> int:
    return scene.item(
        stage, opd, title="Kabar palsu bantuan", status=status, urgent=True, rubric=urgent.RUBRIC
    )


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    return stage.person("Bu Kepala", "BAPPEDA", role="controller")


def of_item(stage: Stage, number: int) -> Release | None:
    with stage.session() as session:
        return session.scalar(select(Release).where(Release.item_id == number))


def shares(stage: Stage) -> list[tuple[int, str, str]]:
    with stage.session() as session:
        return [
            (row.item_id, row.week, row.status) for row in session.scalars(select(Share).order_by(Share.id))
        ]


def test_a_controller_approves_it_and_sends_it_with_two_presses(stage: Stage, boss: Chatter) -> None:
    siti = stage.person("Siti")
    number = clarification(stage, status=states.CHECKED)
    approved = boss.presses("", action=f"review.approve:{number}:1.0:checked")[-1]
    assert "belum disiarkan" in approved.text
    (preview,) = boss.presses("Siarkan sekarang")
    assert "Penerima: 2 ASN" in preview.text
    heard = boss.presses("Siarkan", action=preview.actions["Siarkan"])
    started, progress = (one for one in heard if one.key.startswith("reply:"))
    assert "klarifikasi nomor " in started.text
    assert "Terkirim 0 dari 2 ASN" in progress.text
    card = scene.cards(stage, siti)[0]
    assert card.item_id == number
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.RELEASED


def test_one_of_an_opd_goes_to_that_opd_alone(stage: Stage, boss: Chatter) -> None:
    siti, budi = stage.person("Siti", "DINKES"), stage.person("Budi", "DISDIK")
    boss.presses("", action=f"release.send:{clarification(stage, 'DINKES')}")
    assert [len(scene.cards(stage, who)) for who in (siti, budi, boss)] == [1, 0, 0]


def test_it_goes_out_beside_the_release_of_the_week_and_takes_no_place_in_it(
    stage: Stage, boss: Chatter
) -> None:
    siti = stage.person("Siti")
    scene.item(stage, "DINKES")
    scene.release(stage)
    boss.presses("", action=f"release.send:{clarification(stage, 'DINKES')}")
    assert len(scene.cards(stage, siti)) == 2
    with stage.session() as session:
        week = releases.of_week(session, "2026-W48")
        assert week is not None
        assert week.item_id is None
        assert len(readiness.ready(readiness.of(session, "2026-W48"), "2026-W48")) == 1


def test_it_goes_out_only_once(stage: Stage, boss: Chatter) -> None:
    number = clarification(stage)
    boss.presses("", action=f"release.send:{number}")
    assert "sudah disiarkan" in boss.presses("", action=f"release.send:{number}")[0].text
    assert scene.count(stage, Release) == 1


def test_in_the_quiet_hours_it_has_to_be_said_twice(stage: Stage, boss: Chatter) -> None:
    stage.now = NIGHT
    number = clarification(stage)
    assert "jam tenang" in boss.presses("", action=f"release.send:{number}")[0].text
    (asked,) = boss.presses("", action=f"release.urgent:{number}")
    assert "jam tenang" in asked.text
    (kept,) = boss.presses("Batal")
    assert "belum disiarkan" in kept.text
    assert of_item(stage, number) is None
    boss.presses("", action=asked.actions["Tetap siarkan sekarang"])
    assert of_item(stage, number) is not None


@pytest.mark.parametrize("status", [states.CHECKED, states.RETURNED, states.CLOSED])
def test_what_is_not_approved_is_not_sent(stage: Stage, boss: Chatter, status: str) -> None:
    number = clarification(stage, status=status)
    assert "belum disetujui" in boss.presses("", action=f"release.send:{number}")[0].text
    assert scene.count(stage, Release) == 0


def test_nobody_else_can_send_it(stage: Stage) -> None:
    siti = stage.person("Siti")
    number = clarification(stage)
    for verb in ("urgent", "send", "loud"):
        assert siti.presses("", action=f"release.{verb}:{number}")[0].key.endswith(":refused")
    assert scene.count(stage, Release) == 0


def test_its_button_counts_for_it_and_the_weeks_button_for_the_week(stage: Stage, boss: Chatter) -> None:
    siti = stage.person("Siti")
    weekly = scene.item(stage, "DINKES")
    scene.release(stage)
    stage.later(hours=1)
    number = clarification(stage)
    boss.presses("", action=f"release.send:{number}")
    stage.sent()
    siti.presses("", action=f"share.done:{number}")
    siti.sends_photo("status wa")
    # What is sent next can only be meant for the week's item, which is still to be shown.
    siti.sends_photo("facebook")
    assert shares(stage) == [(number, "", standings.RECEIVED), (weekly, "2026-W48", standings.RECEIVED)]


def test_who_said_to_have_shared_the_weeks_item_proves_that_one(stage: Stage, boss: Chatter) -> None:
    siti = stage.person("Siti")
    weekly = scene.item(stage, "DINKES")
    scene.release(stage)
    siti.says("sudah")
    stage.later(hours=1)
    boss.presses("", action=f"release.send:{clarification(stage)}")
    stage.sent()
    siti.sends_photo("status wa")
    assert shares(stage) == [(weekly, "2026-W48", standings.RECEIVED)]


def test_its_proof_is_not_participation_of_the_week_and_stops_no_reminder(
    stage: Stage, boss: Chatter
) -> None:
    siti = stage.person("Siti")
    scene.item(stage, "DINKES")
    scene.release(stage)
    stage.later(hours=1)
    number = clarification(stage)
    boss.presses("", action=f"release.send:{number}")
    stage.sent()
    siti.sends_photo("status wa")
    with stage.session() as session, session.begin():
        assert urgent.figures(session, weekly.begun(session, "2026-W48", stage.programme)) == [
            {"id": number, "title": "Kabar palsu bantuan", "received": 2, "active": 1}
        ]
        assert reminders.send(session, "2026-W48", 1, stage.now, stage.programme) == 1
    rows = scene.rows(stage, Outbound.part == reminders.REMINDER)
    assert [row.item_id for row in rows] != [number]


def test_who_joins_later_gets_both_at_once(stage: Stage, boss: Chatter) -> None:
    scene.item(stage, "DINKES", album=1, media=True)
    scene.release(stage)
    boss.presses("", action=f"release.send:{clarification(stage)}")
    late = stage.person("Baru")
    with stage.session() as session, session.begin():
        assert releases.welcome(session, session.get_one(Person, late.person_id), stage.now) == 2
        assert releases.welcome(session, session.get_one(Person, late.person_id), stage.now) == 0
    parts = [row.part for row in scene.rows(stage, Outbound.person_id == late.person_id)]
    assert sorted(parts) == ["album", "caption", "caption", "card", "card"]


def test_siar_shows_it_beside_the_week(stage: Stage, boss: Chatter) -> None:
    scene.item(stage, "BAPPEDA")
    scene.release(stage)
    number = clarification(stage)
    boss.presses("", action=f"release.send:{number}")
    also, _ = boss.says("/siar")
    assert "di luar jadwal" in also.text
    (shown,) = boss.presses(f"Nomor {number}")
    assert "klarifikasi" in shown.text
    assert "Jeda" in shown.actions


def test_its_rows_end_a_week_later_and_no_week_closes_it_before(stage: Stage, boss: Chatter) -> None:
    stage.person("Siti")
    boss.presses("", action=f"release.send:{clarification(stage)}")
    stage.later(days=7)
    ended = scene.settle(stage)
    assert [release.status for release in ended] == [releases.FINISHED]
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.CANCELLED: 2}


def test_an_author_marks_a_draft_and_it_needs_no_week_of_its_own(stage: Stage) -> None:
    author = stage.person("Andi", role="creator")
    with stage.session() as session, session.begin():
        person = scene.person(session, author)
        item = drafts.start(session, person, person.opd_id, stage.now)
        urgent.mark(session, item, stage.now, stage.programme)
        assert (item.urgent, item.rubric, item.week) == (True, urgent.RUBRIC, "2026-W48")
        assert "week" not in drafts.missing(item)


def test_an_author_marks_it_in_chat_and_no_week_is_asked_for(stage: Stage, boss: Chatter) -> None:
    siti = stage.person("Siti", role="creator")
    stage.later(hours=4)  # this week's release is over: no item of the week could be sent any more
    siti.says("/ajukan")
    siti.says("klarifikasi mendesak")
    for words in (
        "Kabar bantuan tunai itu palsu",
        "Beredar kabar bantuan tunai lewat tautan. Kabar itu tidak benar.",
        "Warga yang mengisi tautan itu dapat kehilangan uangnya.",
        "Kabar bantuan tunai itu palsu. Jangan isi tautannya, ya!",
        "tanpa gambar",
        "https://dinsos.jambiprov.go.id/berita/1",
    ):
        siti.says(words)
    preview = siti.says("ya")[-1].text
    assert "Disiarkan: begitu disetujui" in preview
    assert "sudah tersimpan" in siti.presses("Kirim untuk diperiksa")[-1].text
    with stage.session() as session:
        item = session.scalars(select(Item)).one()
        assert (item.urgent, item.rubric, item.status) == (True, urgent.RUBRIC, states.SUBMITTED)
