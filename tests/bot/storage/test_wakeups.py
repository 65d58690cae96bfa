"""Who waits is woken by others, and by this process once."""

import asyncio

import pytest

from bot.storage import database, listener
from bot.storage.wakeups import Wakeups, wait
from bot.storage.writer import Writer
from models import base

SOON = 0.3  # seconds in which a word that comes would have come


def heard(payload_of: Wakeups | None) -> bool:
    """Whether somebody who waits for the inbox hears what this process, or (None) another one, tells."""

    async def scene() -> bool:
        wakeups = Wakeups()
        wakeups.start()
        event = wakeups.subscribe("inbox")
        wakeups.told((payload_of or wakeups).payload("inbox"))
        return await wait(event, SOON)

    return asyncio.run(scene())


def test_others_are_heard() -> None:
    assert heard(Wakeups())


def test_we_do_not_hear_ourselves() -> None:
    assert not heard(None)


@pytest.mark.parametrize("ours", [True, False], ids=["our own writer", "another process"])
def test_a_commit_wakes_each_process_once(postgres_database: str, ours: bool) -> None:
    """On the wire of PostgreSQL: what our own writer tells comes back to us, and wakes nobody again."""

    async def scene() -> tuple[bool, bool]:
        url = database.url(postgres_database)
        here, there = Wakeups(), Wakeups()
        here.start()
        there.start()
        event = here.subscribe("inbox")
        listening = asyncio.create_task(listener.listen(url, here))
        engine = database.writing(url)
        writer = Writer(engine, here if ours else there)
        writer.start()
        try:
            assert await wait(event, 20), "it listens, and wakes everybody since word may have been missed"
            await writer.write(lambda session: base.wake(session, "inbox"))
            return await wait(event, 20), await wait(event, SOON)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            writer.close()
            engine.dispose()

    assert asyncio.run(scene()) == (True, False)
