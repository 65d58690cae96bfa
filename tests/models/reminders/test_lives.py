"""A live stream: its card, and the word one hour before and at the start, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.texts import rendering
from models.content import cards, fields, states
from models.content.content import Item
from models.messages.outbox import Outbound
from models.people import breaks
from models.programme import runs
from models.releases import releases
from models.releases.releases import Release
from models.reminders import lives, reminders
from scheduler import jobs
from tests import scene
from tests.chat import Stage

AT = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # Thursday, 13.00 WIB
URL = "https://www.youtube.com/live/AbCdEfGhIjK"


def stream(stage: Stage, at: datetime = AT) -> int:
    return scene.item(stage, title="Tanya Gubernur", rubric="live", live_at=at, live_url=URL)


def runs_at(stage: Stage, moment: datetime) -> dict[str, str]:
    """What the clock does with streams at a moment."""
    with stage.session() as session:
        due = [one for one in jobs.pending(session, moment, stage.programme) if one.job == "live"]
    done = {}
    for one in due:
        with stage.session() as session, session.begin():
            done[one.period] = jobs.run(session, one, moment, stage.programme)
    return done


def words(stage: Stage) -> list[Outbound]:
    return scene.rows(stage, Outbound.part == lives.PART)


def test_the_card_says_when_and_has_a_button_that_opens_the_stream(stage: Stage) -> None:
    siti = stage.person("Siti")
    stream(stage)
    scene.release(stage)
    card = siti.hears()[0]
    assert "Siaran langsung: Kamis, 26 November 2026, 13.00 WIB" in card.text
    assert card.row.body["buttons"][0] == [{"text": "live.button_watch", "url": URL}]


def test_the_card_of_a_stream_fits_below_a_picture_with_the_longest_fields() -> None:
    most = {name: "a" * fields.LIMITS[name][1] for name in ("title", "what", "why")}
    at = {"text": "live.when", "params": {"at": AT.isoformat()}}
    params = {**most, "source_url": "https://" + "a" * 292, "opd": "a" * 120, "live": at, "province": "Jambi"}
    assert rendering.fits(cards.text(live=True), params, rendering.TELEGRAM_CAPTION, markup="html")


def test_those_who_got_the_card_hear_of_it_one_hour_before_and_at_the_start(stage: Stage) -> None:
    siti, other = stage.person("Siti"), stage.person("Lain", "DISDIK")
    number = stream(stage)
    scene.release(stage)
    assert runs_at(stage, AT - timedelta(hours=1, minutes=1)) == {}
    assert runs_at(stage, AT - timedelta(minutes=59)) == {f"{number}:soon": "1 people"}
    assert runs_at(stage, AT - timedelta(minutes=58)) == {}  # once
    assert runs_at(stage, AT + timedelta(seconds=20)) == {f"{number}:now": "1 people"}
    assert runs_at(stage, AT + timedelta(minutes=1)) == {}
    assert [row.person_id for row in words(stage)] == [siti.person_id, siti.person_id]
    soon, now = siti.hears()[-2:]
    assert "satu jam lagi, 13.00 WIB" in soon.text
    assert "dimulai sekarang" in now.text
    assert soon.row.body["buttons"] == [[{"text": "live.button_watch", "url": URL}]]
    assert other.hears() == []


def test_it_is_none_of_the_two_reminders_of_a_week(stage: Stage) -> None:
    stage.person("Siti")
    stream(stage)
    scene.release(stage)
    runs_at(stage, AT - timedelta(minutes=59))
    runs_at(stage, AT)
    with stage.session() as session, session.begin():
        for nth in (1, 2):
            assert reminders.send(session, "2026-W48", nth, stage.now, stage.programme) == 1


@pytest.mark.parametrize("why", [breaks.WEEK, breaks.LEAVE])
def test_who_wants_no_reminders_hears_nothing(stage: Stage, why: str) -> None:
    siti = stage.person("Siti")
    stream(stage)
    scene.release(stage)
    with stage.session() as session, session.begin():
        reminders.rest(session, scene.person(session, siti), "2026-W48", AT + timedelta(days=1), why)
    assert set(runs_at(stage, AT - timedelta(minutes=59)).values()) == {"0 people"}
    assert set(runs_at(stage, AT).values()) == {"0 people"}


def test_in_the_quiet_hours_only_the_start_is_announced(stage: Stage) -> None:
    stage.person("Siti")
    late = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)  # 21.00 WIB; an hour before it is 20.00, and quiet
    number = stream(stage, late)
    scene.release(stage)
    assert runs_at(stage, late - timedelta(minutes=60)) == {f"{number}:soon": "0 people"}
    assert runs_at(stage, late) == {f"{number}:now": "1 people"}


def test_what_comes_too_late_is_skipped_and_recorded(stage: Stage) -> None:
    stage.person("Siti")
    number = stream(stage)
    scene.release(stage)
    late = runs_at(stage, AT + timedelta(hours=2))
    assert late == {f"{number}:soon": "skipped", f"{number}:now": "skipped"}
    with stage.session() as session:
        assert runs.taken(session, "live", f"{number}:now")
    assert words(stage) == []


def test_a_word_that_waits_ends_when_it_makes_no_sense_any_more(stage: Stage) -> None:
    stage.person("Siti")
    stream(stage)
    scene.release(stage)
    runs_at(stage, AT)
    (row,) = words(stage)
    assert row.expires_at == AT + timedelta(minutes=15)


@pytest.mark.parametrize("status", [states.APPROVED, states.RETURNED, states.CLOSED])
def test_nothing_is_said_of_an_item_that_is_not_out(stage: Stage, status: str) -> None:
    stage.person("Siti")
    number = stream(stage)
    scene.release(stage)
    with stage.session() as session, session.begin():
        session.get_one(Item, number).status = status
    assert runs_at(stage, AT) == {}


def test_a_stopped_release_takes_back_what_waits_and_says_no_more(stage: Stage) -> None:
    stage.person("Siti")
    number = stream(stage)
    scene.release(stage)
    runs_at(stage, AT - timedelta(minutes=59))
    with stage.session() as session, session.begin():
        releases.stop(session, session.query(Release).one(), None, stage.now)
    assert [row.status for row in words(stage)] == ["cancelled"]
    assert runs_at(stage, AT) == {f"{number}:now": "0 people"}
