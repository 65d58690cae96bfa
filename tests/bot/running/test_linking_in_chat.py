"""What an author hears of a source: once, soon, and never of somebody else's."""

import asyncio
import socket
from collections.abc import Callable

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import select

from bot.clock import Clock
from bot.running import linking
from bot.running.linking import Linker
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.content import sources
from models.content.sources import CLOSED, SourceCheck
from models.messages import inbox
from tests.bot.sites import PUBLIC, Names, serving
from tests.chat import Chatter, Heard, Stage
from tests.handlers.submitting.drafting import SOURCE, writes


async def _look_up(stage: Stage, until: Callable[[Stage], bool], **status: int) -> list[str]:
    clock = Clock()
    clock.move_to(stage.now)
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    async with serving() as site:
        site.status = {f"/{path}": code for path, code in status.items()}
        resolver = _AtPort(Names(dinkes=[PUBLIC]), site.port)  # all the web stands on this machine here
        linker = Linker(writer, clock, gate=site.gate, resolver=resolver)
        task = asyncio.create_task(linker.run())
        async with asyncio.timeout(20):
            while not until(stage):
                await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    writer.close()
    return [path for _, path, _ in site.asked]


class _AtPort(AbstractResolver):
    """Every name at the port of the test's own server."""

    def __init__(self, names: Names, port: int) -> None:
        self.names, self.port = names, port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return await self.names.resolve(host, self.port, family)

    async def close(self) -> None:
        """Nothing to close."""


def looked_up(stage: Stage) -> bool:
    with stage.session() as session:
        return sources.WAITING not in set(session.scalars(select(SourceCheck.status)))


def found(stage: Stage, **status: int) -> list[str]:
    """The loop opens what waits; then the worker handles what came of it."""
    asked = asyncio.run(_look_up(stage, looked_up, **status))
    stage.later(minutes=1)
    stage.work()
    return asked


def heard_since(who: Chatter, act: Callable[[], object]) -> list[Heard]:
    after = who.hears()[-1].row.id
    act()
    return who.hears(after)


PLAIN = SOURCE.replace("https://dinkes.jambiprov.go.id/berita/malam", "http://dinkes.jambiprov.go.id/malam")


def gives(who: Chatter, source: str = PLAIN) -> None:
    writes(who, 6)
    who.says(source)


def test_an_author_hears_of_a_source_that_is_not_there_and_may_go_on(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    [told] = heard_since(siti, lambda: found(stage, malam=404))
    assert "belum bisa dibuka" in told.text
    assert PLAIN in told.text
    siti.says("ya")
    preview = siti.says("ya")[-1].text
    assert "Tautan sumber belum bisa dibuka" in preview
    assert "Sumber diperiksa: belum dapat dibuka" in preview
    assert "Langkah 7/10" in siti.presses("Ganti tautan")[-1].text
    siti.says(PLAIN.replace("malam", "siang"))
    assert heard_since(siti, lambda: found(stage, malam=404)) == []
    siti.says("ya")
    preview = siti.presses("", action="submit.resume:1")[-1].text
    assert "Sumber diperiksa: dapat dibuka" in preview
    assert "belum bisa dibuka" not in preview
    siti.presses("Kirim untuk diperiksa")
    editor = stage.person("Edi", role="editor")
    assert "Sumber diperiksa: dapat dibuka" in editor.presses("", action="review.open:1")[-1].text


def test_the_same_source_once_more_is_looked_up_once_more(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    assert len(heard_since(siti, lambda: found(stage, malam=404))) == 1
    siti.presses("Ganti tautan")
    siti.says(PLAIN)
    assert len(heard_since(siti, lambda: found(stage, malam=500))) == 1


@pytest.mark.parametrize("status", [403, 429])
def test_a_source_that_does_not_show_itself_to_us_is_a_warning_and_no_alarm(
    stage: Stage, siti: Chatter, status: int
) -> None:
    gives(siti)
    assert heard_since(siti, lambda: found(stage, malam=status)) == []  # it may well be right
    siti.says("ya")
    preview = siti.says("ya")[-1].text
    assert "Situs sumber ada, tetapi isinya tidak diperlihatkan kepada kami" in preview
    assert "situsnya menjawab, tetapi tidak diperlihatkan kepada kami" in preview
    assert "dapat dibuka" not in preview
    siti.presses("Kirim untuk diperiksa")
    editor = stage.person("Edi", role="editor")
    card = editor.presses("", action="review.open:1")[-1].text
    assert "Sumber tidak dapat kami lihat, mohon dibuka sendiri" in card


def test_a_check_that_was_under_way_when_the_program_ended_is_done_after_all(
    stage: Stage, siti: Chatter
) -> None:
    gives(siti)
    with stage.session() as session, session.begin():
        assert len(sources.to_check(session, stage.now, 4, linking.LEASE)) == 1
        assert sources.to_check(session, stage.now, 4, linking.LEASE) == []
    stage.later(minutes=2)
    assert found(stage) == ["/malam"]
    with stage.session() as session:
        assert session.scalars(select(SourceCheck.status)).all() == [sources.OPENED]


def test_what_never_ends_is_given_up_and_no_row_waits_for_ever(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    with stage.session() as session, session.begin():
        for _ in range(sources.ATTEMPTS):
            assert sources.to_check(session, stage.now, 4, linking.LEASE)
            stage.later(minutes=2)
        assert sources.to_check(session, stage.now, 4, linking.LEASE) == []
        assert sources.next_due(session) is None


def test_nobody_hears_of_somebody_elses_source_and_no_result_is_told_twice(
    stage: Stage, siti: Chatter
) -> None:
    rina = stage.person("Rina")
    gives(siti)
    found(stage, malam=404)
    for action in ("source.closed:1", "source.closed:99", "source.closed:x", "source.closed:"):
        assert rina.presses("", action=action) == []
    with stage.session() as session, session.begin():
        sources.checked(session, 1, stage.now, CLOSED)
        events = session.scalars(
            select(inbox.Update).where(inbox.Update.external_id.like("internal:source%"))
        )
        assert len(events.all()) == 1
