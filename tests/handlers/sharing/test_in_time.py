"""In time is what was sent in time, however late it is handled."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.messages import inbox
from models.programme import weeks
from tests import receiving, scene
from tests.chat import Chatter, Stage
from tests.receiving import FIRST

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/"
HALF_MINUTE = timedelta(seconds=30)
SEQUENCE = itertools.count(900_000)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    who = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    return who


def closing(stage: Stage) -> datetime:
    return weeks.closing(FIRST, stage.programme)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def arrives(stage: Stage, who: Chatter, raw: dict[str, Any], at: datetime, handled: datetime) -> None:
    """A message that is in the inbox at one time, and handled at another."""
    number = next(SEQUENCE)
    stage.now = at
    arrival = inbox.Arrival(str(number), str(who.chat), number, json.dumps({"update_id": number, **raw}))
    with stage.session() as session, session.begin():
        inbox.receive(session, at, "telegram", [arrival])
    stage.now = handled
    stage.work()


@pytest.mark.parametrize(
    ("sent", "late"),
    [
        (-HALF_MINUTE, False),
        (-timedelta(hours=9), False),  # the program was down all night
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (-inbox.KEPT - timedelta(minutes=1), True),  # Telegram keeps nothing for so long: no time to trust
    ],
    ids=["half_a_minute", "a_night", "the_last_second", "too_late", "unbelievable"],
)
def test_the_time_of_the_channels_own_server_counts(
    stage: Stage, siti: Chatter, sent: timedelta, late: bool
) -> None:
    stage.now = closing(stage) + HALF_MINUTE
    siti.sends_photo("facebook", date=seconds(closing(stage) + sent))
    (share,) = receiving.shares(stage)
    assert (share.week, share.late) == (FIRST, late)


@pytest.mark.parametrize("what", ["photo", "link"])
def test_what_waited_in_the_inbox_is_in_time(stage: Stage, siti: Chatter, what: str) -> None:
    raw = siti._message(text=LINK) if what == "link" else siti._message(photo=[_size()])
    del raw["message"]["date"]  # nobody says when it was sent: it was in time when it was here in time
    arrives(stage, siti, raw, closing(stage) - HALF_MINUTE, closing(stage) + HALF_MINUTE)
    (share,) = receiving.shares(stage)
    assert (share.week, share.late) == (FIRST, False)
    assert share.at == closing(stage) - HALF_MINUTE


def _size() -> dict[str, Any]:
    return {"file_id": "p", "file_unique_id": "u", "width": 1080, "height": 1920, "file_size": 99}


def test_a_phone_that_is_ahead_of_us_changes_nothing(stage: Stage, siti: Chatter) -> None:
    stage.now = closing(stage) - HALF_MINUTE
    siti.sends_photo("facebook", date=seconds(stage.now + timedelta(hours=3)))
    (share,) = receiving.shares(stage)
    assert (share.late, share.at) == (False, stage.now)


def test_what_was_sent_before_a_release_is_not_about_its_item(stage: Stage) -> None:
    siti = stage.person("Siti")
    last, this = receiving.two_weeks(stage)
    siti.sends_photo("facebook", date=seconds(stage.now - timedelta(hours=3)))
    siti.sends_photo("tiktok")
    taken = [(share.item_id, share.late) for share in receiving.shares(stage)]
    assert taken == [(last, False), (this, False)], "both in time: it was sent before its week closed"


def test_a_picture_that_was_taken_for_content_counts_from_when_it_was_sent(stage: Stage) -> None:
    editor = stage.person("Ratna", role="editor")
    scene.item(stage)
    scene.release(stage)
    stage.now = closing(stage) - HALF_MINUTE
    editor.sends_photo("Posyandu hari ini ramai sekali, terima kasih kepada semua kader yang bertugas.")
    stage.now = closing(stage) + HALF_MINUTE
    editor.presses("Ini bukti")
    (share,) = receiving.shares(stage)
    assert (share.week, share.late) == (FIRST, False)
