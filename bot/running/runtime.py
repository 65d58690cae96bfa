"""The composition root: builds the parts of one process from the settings, starts them in order and
stops them in reverse."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot.channels import Failure, SendError
from bot.channels import telegram as telegram_channel
from bot.clock import Clock
from bot.config.settings import Settings
from bot.files.media import Store
from bot.outbound.library import Library, Link, Make, Paper
from bot.reports import press
from bot.running import loops
from bot.running.aside import Aside
from bot.running.program import Program
from bot.storage import database, schema
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writers
from bot.telemetry import logs, metrics, observing
from bot.texts import catalogue

if TYPE_CHECKING:
    from bot.channels.whatsapp import WhatsApp
    from bot.running.whatsapp import Contents

log = logs.logger(__name__)
ROLES = ("web", "worker", "sender", "clock")
START_PATIENCE = 60.0  # seconds that a Telegram which is away is waited for at the start


@asynccontextmanager
async def program(
    settings: Settings, clock: Clock | None = None, roles: Collection[str] = ROLES
) -> AsyncIterator[Program]:
    """A program with the parts of these roles, ready to `run`. On SQLite all roles are one process.

    Raises SchemaError when the database has not been migrated, SendError when Telegram refuses us.
    """
    clock = clock or Clock()
    catalogue.current()  # a fault in a sentence is found now, not when somebody should read it
    url = database.url(settings.database.url.get_secret_value())
    async with AsyncExitStack() as stack:
        if url.get_backend_name() == "sqlite":
            stack.enter_context(database.only_process(url))
        wakeups = Wakeups()
        wakeups.start()
        writers, reader = _database(stack, settings, url, wakeups)
        telegram = await _telegram(stack, settings)
        account = await _account(telegram)
        store = _store(stack, settings)
        whatsapp, contents = await _whatsapp(stack, settings, reader)
        number = settings.whatsapp.number if whatsapp else ""
        make = _press(stack, settings, url, account.username, number)
        library = Library(reader, writers("library"), store, clock, make, _links(settings))
        aside = _aside(stack, settings, url)
        made = Program(
            settings,
            clock,
            wakeups,
            writers("library"),
            reader,
            store,
            telegram,
            account,
            whatsapp,
            contents,
            library,
            aside,
            {},
        )
        metrics.watch(lambda: observing.snapshot(reader, clock))
        stack.callback(metrics.watch, None)  # whoever asks for figures later finds no program to ask
        loops.assemble(made, writers, url, roles)
        log.info("ready", roles=sorted(roles), bot=account.username, database=url.get_backend_name())
        yield made


def _database(
    stack: AsyncExitStack, settings: Settings, url: URL, wakeups: Wakeups
) -> tuple[Writers, Engine]:
    """Those who write to the database, and the engine of those who read."""
    engine = database.writing(url, synchronous=settings.database.synchronous)
    stack.callback(engine.dispose)
    reader = database.reading(url, pool_size=settings.database.pool_size)
    stack.callback(reader.dispose)
    schema.check(engine)
    writers = Writers(engine, wakeups, shared=url.get_backend_name() == "sqlite")
    stack.callback(writers.close)
    return writers, reader


def _aside(stack: AsyncExitStack, settings: Settings, url: URL) -> Aside:
    """Where pictures of strangers are decoded and compared."""
    storage = settings.storage
    where = url.render_as_string(hide_password=False)
    at_once = min(storage.at_once, os.cpu_count() or 1)  # what keeps a processor busy gains nothing by more
    aside = Aside("bot.vision.sight:Sight", where, storage.media_url, storage.max_bytes, at_once=at_once)
    stack.push_async_callback(aside.close)
    return aside


def _press(stack: AsyncExitStack, settings: Settings, url: URL, bot_name: str, whatsapp: str) -> Make:
    """Where reports are made."""
    storage, zone = settings.storage, settings.programme.zone
    where = url.render_as_string(hide_password=False)
    aside = Aside(
        "bot.reports.press:Press", where, storage.media_url, storage.max_bytes, bot_name, zone, whatsapp,
        at_once=press.AT_ONCE, niceness=press.NICENESS,
    )  # fmt: skip
    stack.push_async_callback(aside.close)

    async def make(name: str, now: datetime) -> Paper:
        paper: Paper = await aside.call("make", name, now)
        return paper

    return make


async def _telegram(stack: AsyncExitStack, settings: Settings) -> telegram_channel.Telegram:
    telegram = telegram_channel.Telegram(
        settings.telegram.token.get_secret_value(),
        api_url=settings.telegram.api_url,
        paid_broadcast=settings.telegram.paid_broadcast,
        connections=settings.telegram.in_flight + 16,
    )
    await telegram.start()
    stack.push_async_callback(telegram.close)
    return telegram


async def _whatsapp(
    stack: AsyncExitStack, settings: Settings, reader: Engine
) -> "tuple[WhatsApp | None, Contents | None]":
    """The channel where there is an account, and what Twilio has for it. Nothing is asked of Twilio: whoever
    is on Telegram does not wait for it."""
    if not settings.whatsapp.account_sid:
        return None, None
    from bot.running import whatsapp  # the library takes two seconds to load

    contents = whatsapp.Contents()
    with Session(reader) as session:
        contents.read(session)
    channel = whatsapp.channel(settings, contents=contents)
    await channel.start()
    stack.push_async_callback(channel.close)
    return channel, contents


def _links(settings: Settings) -> dict[str, Link]:
    if not settings.whatsapp.account_sid:
        return {}
    from bot.running import whatsapp

    return {"whatsapp": whatsapp.links(settings).make}


async def _account(telegram: telegram_channel.Telegram) -> telegram_channel.Account:
    """Who we are. A server that is away is waited for, for a while; one that refuses us is not."""
    until = time.monotonic() + START_PATIENCE
    while True:
        try:
            return await telegram.me()
        except SendError as error:
            passing = error.kind in (Failure.RETRY, Failure.RETRY_AFTER, Failure.CROWDED)
            if not passing or time.monotonic() > until:
                raise
            log.warning("start_waits_for_telegram", error=error.detail)
            await asyncio.sleep(min(max(1.0, error.retry_after), START_PATIENCE))


def _store(stack: AsyncExitStack, settings: Settings) -> Store:
    store = Store(
        settings.storage.media_url,
        max_bytes=settings.storage.max_bytes,
        at_once=settings.storage.at_once,
    )
    stack.callback(store.close)
    return store
