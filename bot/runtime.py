"""The composition root: builds the parts of one process from the settings, starts them in order and
stops them in reverse."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot import (
    database,
    leader,
    listener,
    logs,
    metrics,
    observing,
    schema,
    serving,
    supervisor,
    web,
    wordlists,
)
from bot.aside import Aside
from bot.channels import Failure, SendError
from bot.channels import telegram as telegram_channel
from bot.clock import Clock
from bot.compose import Composer
from bot.examiner import Examiner
from bot.fetcher import Fetcher
from bot.intake import Intake
from bot.janitor import Janitor
from bot.library import Library
from bot.linking import Linker
from bot.media import Store
from bot.poller import Poller
from bot.reconciler import Reconciler
from bot.reports import makers, reading
from bot.sender import Limits, Sender
from bot.settings import Settings
from bot.supervisor import Loop
from bot.texts import catalogue, rendering
from bot.throttle import Throttle
from bot.ticker import Ticker
from bot.wakeups import Wakeups
from bot.worker import Handling, Worker
from bot.writer import Writer, Writers
from handlers import menu
from handlers.turn import Surroundings
from models import files, outbox, sending
from models.outbox import Priority
from models.refused import Refused

log = logs.logger(__name__)
ROLES = ("web", "worker", "sender", "clock")
START_PATIENCE = 60.0  # seconds that a Telegram which is away is waited for at the start


@dataclass(slots=True)
class Program:
    """The parts of one process. `loops` run until the process is told to stop."""

    settings: Settings
    clock: Clock
    wakeups: Wakeups
    writer: Writer  # of the worker and of whoever has no writer of its own
    reader: Engine
    store: Store
    telegram: telegram_channel.Telegram
    account: telegram_channel.Account
    library: Library
    aside: Aside
    loops: dict[str, Loop]

    async def run(self) -> None:
        """Runs all loops until cancelled. One that fails is logged and begins again after a pause; only
        what no second try can mend ends the program: CannotStartError."""
        async with asyncio.TaskGroup() as group:
            for name, loop in self.loops.items():
                group.create_task(supervisor.keep_going(name, loop))


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
    async with contextlib.AsyncExitStack() as stack:
        if url.get_backend_name() == "sqlite":
            stack.enter_context(database.only_process(url))
        wakeups = Wakeups()
        wakeups.start()
        engine = database.writing(url, synchronous=settings.database.synchronous)
        stack.callback(engine.dispose)
        reader = database.reading(url, pool_size=settings.database.pool_size)
        stack.callback(reader.dispose)
        schema.check(engine)
        writers = Writers(engine, wakeups, shared=url.get_backend_name() == "sqlite")
        stack.callback(writers.close)
        telegram = telegram_channel.Telegram(
            settings.telegram.token.get_secret_value(),
            api_url=settings.telegram.api_url,
            paid_broadcast=settings.telegram.paid_broadcast,
            connections=settings.telegram.in_flight + 16,
        )
        await telegram.start()
        stack.push_async_callback(telegram.close)
        account = await _account(telegram)
        store = Store(
            settings.storage.media_url,
            max_bytes=settings.storage.max_bytes,
            at_once=settings.storage.at_once,
        )
        stack.callback(store.close)
        library = Library(
            reader,
            writers("library"),
            store,
            clock,
            makers.makers(store, account.username, settings.programme.zone),
        )
        aside = Aside(
            "bot.sight:Sight",
            url.render_as_string(hide_password=False),
            settings.storage.media_url,
            settings.storage.max_bytes,
            at_once=settings.storage.at_once,
        )
        stack.push_async_callback(aside.close)
        made = Program(
            settings, clock, wakeups, writers("library"), reader, store, telegram, account, library, aside, {}
        )
        metrics.watch(lambda: observing.snapshot(reader, clock))
        _assemble(made, writers, url, roles)
        log.info("ready", roles=sorted(roles), bot=account.username, database=url.get_backend_name())
        yield made


async def _account(telegram: telegram_channel.Telegram) -> telegram_channel.Account:
    """Who we are. A server that is away is waited for, for a while; one that refuses us is not."""
    until = time.monotonic() + START_PATIENCE
    while True:
        try:
            return await telegram.me()
        except SendError as error:
            passing = error.kind in (Failure.RETRY, Failure.RETRY_AFTER)
            if not passing or time.monotonic() > until:
                raise
            log.warning("start_waits_for_telegram", error=error.detail)
            await asyncio.sleep(min(max(1.0, error.retry_after), START_PATIENCE))


def _assemble(made: Program, writers: Writers, url: URL, roles: Collection[str]) -> None:
    settings, clock = made.settings, made.clock
    channels = {"telegram": made.telegram}
    if url.get_backend_name() == "postgresql":
        made.loops["listener"] = lambda: listener.listen(url, made.wakeups)
    if "web" in roles:
        intake = Intake(writers("intake"), clock, "telegram")
        made.loops["web"] = _web(made, intake)
    if "worker" in roles:
        reader = reading.Reader(made.store)
        handling = _handling(made, reader)
        # While one waits for an answer of the server, another one thinks; SQLite has one writer anyway.
        for number in range(1, 1 + (1 if writers.shared else settings.worker.at_once)):
            name = f"worker-{number}"
            made.loops[name] = Worker(writers(name), clock, handling, batch=settings.worker.batch).run
        fetcher = Fetcher(
            writers("fetcher"),
            clock,
            channels,
            made.store,
            at_once=settings.storage.at_once,
            read_ahead=reader.read,
            put=partial(made.aside.call, "put"),
        )
        made.loops["fetcher"] = fetcher.run
        made.loops["examiner"] = _examiner(made, writers).run
        if settings.content.check_links:
            made.loops["linker"] = Linker(writers("linker"), clock).run
    if "sender" in roles:
        sender, reconciler = _sender(made, writers)
        begin = _at_start(made, alone=url.get_backend_name() == "sqlite")

        async def send() -> None:
            await sender.writer.write(begin)
            await _together(sender.run, reconciler.run)()

        made.loops["sender"] = lambda: leader.lead(url, "sender", send)
    if "clock" in roles:
        ticker = Ticker(writers("clock"), clock, settings.programme)
        janitor = Janitor(writers("janitor"), made.store)
        made.loops["clock"] = lambda: leader.lead(url, "clock", _together(ticker.run, janitor.run))
        # Polling is the clock's: there is one of it, and Telegram allows one poller.
        if settings.telegram.mode == "polling":
            poller = Poller(made.telegram, writers("poller"), clock)
            made.loops["poller"] = lambda: leader.lead(url, "poller", _polling(made, poller))
        else:
            made.loops["webhook"] = _set_webhook(made)


def _handling(made: Program, reader: reading.Reader) -> Handling:
    settings = made.settings

    def table(session: Session, media_id: int) -> list[tuple[int, Mapping[str, str]]]:
        media = session.get_one(files.Media, media_id)
        read = reader.read(media.key, media.name)
        if read.problems:
            raise Refused(read.problems[0].key, **read.problems[0].params)
        return [(row.line, row.cells) for row in read.rows]

    around = Surroundings(
        settings.programme,
        made.account.username,
        settings.telegram.messages_per_second,
        table,
        words=wordlists.load(settings.content),
        signature=rendering.signature(settings.programme.province_short),
        check_links=settings.content.check_links,
        label=partial(rendering.known_label, zone=settings.programme.time_zone),
    )
    return Handling(
        {"telegram": made.telegram.parse},
        around,
        attempts=settings.worker.attempts,
        backoff=timedelta(seconds=settings.worker.backoff_seconds),
    )


def _examiner(made: Program, writers: Writers) -> Examiner:
    look = partial(made.aside.call, "look")
    at_once = made.settings.storage.at_once
    return Examiner(writers("examiner"), made.clock, made.settings.programme, look, at_once=at_once)


def _sender(made: Program, writers: Writers) -> tuple[Sender, Reconciler]:
    limits, settings = made.settings.telegram, made.settings.sender
    throttle = Throttle(
        rate=limits.messages_per_second,
        chat_rate=limits.per_chat_per_second,
        group_per_minute=int(limits.per_group_per_minute),
    )
    sender = Sender(
        writers("sender"),
        made.reader,
        made.clock,
        {"telegram": made.telegram},
        {"telegram": throttle},
        Composer(made.settings.programme),
        made.library,
        Limits(
            in_flight=limits.in_flight,
            rate=limits.messages_per_second,
            chat_gap=1 / limits.per_chat_per_second,
            lease=settings.lease_seconds,
            attempts=settings.attempts,
            backoff=settings.backoff_seconds,
            backoff_cap=settings.backoff_cap_seconds,
        ),
    )
    release = made.settings.release
    return sender, Reconciler(
        writers("reconciler"),
        made.clock,
        sender.open_rows,
        pause_failures=release.pause_failures,
        pause_least=release.pause_least,
    )


def _together(*loops: Loop) -> Loop:
    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(loop())

    return both


def _polling(made: Program, poller: Poller) -> Loop:
    async def poll() -> None:
        await made.telegram.delete_webhook()
        await poller.run()

    return poll


def _set_webhook(made: Program) -> Loop:
    async def register() -> None:
        settings = made.settings
        await made.telegram.set_webhook(
            settings.web.public_url + settings.telegram.webhook_path,
            settings.telegram.webhook_secret.get_secret_value(),
        )
        log.info("webhook_set", url=settings.web.public_url)

    return register


def _web(made: Program, intake: Intake) -> Loop:
    settings = made.settings
    application = web.application(
        reader=made.reader,
        clock=made.clock,
        intakes={"telegram": intake},
        telegram_secret=settings.telegram.webhook_secret.get_secret_value(),
        telegram_path=settings.telegram.webhook_path,
    )
    return serving.serve(application, settings.web.host, settings.web.port)


def _at_start(made: Program, *, alone: bool) -> Callable[[Session], None]:
    """What the active sender does first: the commands that everybody sees, and, where there is one
    process only, what its predecessor was sending when it ended."""
    commands = menu.default_commands()
    stamp = hashlib.sha256(repr(commands).encode()).hexdigest()[:12]

    def begin(session: Session) -> None:
        now = made.clock.now()
        if alone and (again := sending.reclaim(session, now, owners_gone=True)):
            log.warning("sent_again_after_a_crash", rows=again)
        body = {"commands": [list(command) for command in commands], "scope": "default"}
        key = f"commands:{made.account.id}:{stamp}"
        outbox.queue(session, now, key, "telegram", "", op="commands", body=body, priority=Priority.NOTICE)

    return begin
