"""A message that opens a window on WhatsApp: noted when it reached us, and what waited goes on its way."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels import telegram_inbound
from bot.inbound.handling import Handling, work
from handlers.message import Kind, Message
from models.messages import inbox, outbox
from models.messages.inbox import Arrival
from models.messages.outbox import Outbound
from models.people import people
from models.releases import releases
from tests import scene, windowed
from tests.chat import Stage

NUMBER = "+6281317036688"


def parse(raw: Mapping[str, Any]) -> Message:
    return Message(
        "whatsapp", NUMBER, Kind(raw["kind"]), action=raw.get("action", ""), text=raw.get("text", "")
    )


def arrive(stage: Stage, **raw: str) -> None:
    number = next(stage.updates)
    with stage.session() as session, session.begin():
        inbox.receive(
            session, stage.now, "whatsapp", [Arrival(f"SM{number}", NUMBER, number, json.dumps(raw))]
        )


def worked(stage: Stage) -> None:
    around = stage.handling().around
    handling = Handling({"telegram": telegram_inbound.parse, "whatsapp": parse}, around)
    with stage.session() as session, session.begin():
        work(session, stage.now, handling, 16)


def opens(stage: Stage) -> None:
    """The button of an opener is pressed."""
    arrive(stage, kind="button", action="window.open")
    worked(stage)


def said(stage: Stage) -> list[str]:
    """What was said in answer."""
    return [row.body["text"] for row in scene.rows(stage, Outbound.key.startswith("reply:"))]


def heard(stage: Stage) -> datetime | None:
    """When the person was heard last."""
    with stage.session() as session:
        found = people.account(session, "whatsapp", NUMBER)
        return found.last_inbound_at if found else None


def a_waiting_card(stage: Stage) -> None:
    windowed.approve(stage)
    windowed.person(stage, "Siti", NUMBER)
    scene.item(stage)
    scene.release(stage, send=False)
    windowed.take(stage)
    windowed.deliver(stage)


def card(stage: Stage) -> str:
    (found,) = scene.cards(stage)
    return found.status


@pytest.mark.parametrize(
    "raw", [{"kind": "button", "action": "window.open"}, {"kind": "text", "text": "halo"}]
)
def test_any_message_lets_go_of_what_waited(stage: Stage, raw: dict[str, str]) -> None:
    a_waiting_card(stage)
    arrive(stage, **raw)
    worked(stage)
    assert card(stage) == outbox.QUEUED
    assert "card" in [row.part for row in windowed.deliver(stage)]


def test_the_button_of_an_opener_says_nothing_where_the_content_follows(stage: Stage) -> None:
    a_waiting_card(stage)
    opens(stage)
    assert said(stage) == []


def test_the_button_of_an_opener_that_is_pressed_again_is_answered(stage: Stage) -> None:
    a_waiting_card(stage)
    opens(stage)
    windowed.deliver(stage, 2)
    opens(stage)
    assert said(stage) == ["opening.nothing"]


def test_who_stops_us_is_sent_nothing_more(stage: Stage) -> None:
    a_waiting_card(stage)
    arrive(stage, kind="blocked")
    worked(stage)
    assert card(stage) == outbox.WAITING


def test_the_window_counts_from_when_the_message_reached_us_not_from_when_it_was_handled(
    stage: Stage,
) -> None:
    a_waiting_card(stage)
    arrive(stage, kind="text", text="halo")
    came = stage.now
    stage.later(hours=3)
    worked(stage)
    assert heard(stage) == came


def test_an_older_message_that_is_handled_later_takes_nothing_back(stage: Stage) -> None:
    a_waiting_card(stage)
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", NUMBER)
        assert found is not None
        newest = found.last_inbound_at = stage.now + timedelta(seconds=1)
    arrive(stage, kind="text", text="halo")
    worked(stage)
    assert heard(stage) == newest


def test_somebody_new_has_an_open_window_from_the_first_message_on(stage: Stage) -> None:
    arrive(stage, kind="text", text="halo")
    came = stage.now
    stage.later(minutes=1)
    worked(stage)
    assert heard(stage) == came


def test_content_that_is_just_being_sent_is_content_that_waits(stage: Stage) -> None:
    a_waiting_card(stage)
    arrive(stage, kind="text", text="halo")
    worked(stage)
    assert "card" in [row.part for row in windowed.take(stage)]
    with stage.session() as session, session.begin():
        outbox.cancel(session, Outbound.part == "caption", reason="none")  # a card without words to copy
        outbox.cancel(session, Outbound.part == "", reason="none")
    before = len(said(stage))
    opens(stage)
    assert said(stage)[before:] == []


def test_of_a_paused_release_the_button_says_that_the_content_follows(stage: Stage) -> None:
    a_waiting_card(stage)
    with stage.session() as session, session.begin():
        (release,) = releases.running(session)
        releases.pause(session, release, None, stage.now)
    opens(stage)
    assert said(stage) == ["opening.held"]


@pytest.mark.parametrize("taken", [False, True], ids=["queued", "being sent"])
def test_the_button_of_an_opener_is_answered_though_a_reply_to_something_else_is_on_its_way(
    stage: Stage, taken: bool
) -> None:
    a_waiting_card(stage)
    opens(stage)
    windowed.deliver(stage, 3)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "answer", NUMBER, priority=outbox.Priority.REPLY)
    if taken:
        assert [row.key for row in windowed.take(stage)] == ["answer"]
    opens(stage)
    assert said(stage) == ["opening.answered"]
