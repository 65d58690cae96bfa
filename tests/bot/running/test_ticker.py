"""The clock with a pack that cannot be made: somebody is told, once, and told when it came after all."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.clock import Clock
from bot.running.ticker import Ticker
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.figures.snapshots import Digest
from models.programme.programme import Programme
from tests import scene
from tests.chat import Chatter, Stage

pytestmark = pytest.mark.anyio
WIB = Programme().zone


def at(clock: str) -> datetime:
    """A time of the Wednesday of the meeting."""
    return datetime.fromisoformat(f"2026-12-02T{clock}").replace(tzinfo=WIB)


async def look(stage: Stage, *times: str) -> None:
    """The clock looks at these times."""
    writer, clock = Writer(stage.engine, Wakeups()), Clock()
    writer.start()
    try:
        for time in times:
            clock.move_to(at(time))
            await Ticker(writer, clock, stage.programme).look()
    finally:
        writer.close()


def breaks(stage: Stage, figures: dict[str, Any]) -> None:
    """A snapshot of before says so little that nothing can be compared with it."""
    with stage.session() as session, session.begin():
        session.add(Digest(week="2026-W47", version=1, figures=figures, at=stage.now))


def said(boss: Chatter) -> list[str]:
    return [heard.row.body["text"] for heard in boss.hears() if heard.row.body["text"].startswith("digest.")]


async def test_a_pack_that_cannot_be_made_is_told_once_and_when_it_came_after_all(stage: Stage) -> None:
    boss = stage.person("Andi", role="controller")
    scene.item(stage)
    scene.release(stage)
    breaks(stage, {"opd": [{"code": "DINKES"}]})
    await look(stage, "07:36", "07:39")
    assert said(boss) == [], "it may yet come"
    await look(stage, "07:41", "07:42", "08:10")
    assert said(boss) == ["digest.not_made"]
    with stage.session() as session, session.begin():
        session.execute(update(Digest).values(figures={"participation": 0.4}))
    await look(stage, "08:11", "08:12")
    after = said(boss)
    assert after.count("digest.made_after_all") == 1
    (news,) = [heard for heard in boss.hears() if heard.row.body["text"] == "digest.made_after_all"]
    assert news.text.endswith("dapat dibaca dengan /rekap 48."), "bare it is the week that has just begun"
    assert after.count("digest.summary") == 1


async def test_a_pack_that_comes_on_time_or_after_a_clock_was_down_is_no_trouble(stage: Stage) -> None:
    boss = stage.person("Andi", role="controller")
    await look(stage, "08:15", "08:16")
    assert "digest.summary" in said(boss)
    assert not {"digest.not_made", "digest.made_after_all"} & set(said(boss))
