"""The loops of one process, by the roles that it has: each is built here from the program's parts."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot.channels import Channel
from bot.config import wordlists
from bot.files.fetcher import Fetcher
from bot.files.handout import Handout
from bot.files.janitor import Janitor
from bot.inbound import web
from bot.inbound.callbacks import Callbacks
from bot.inbound.handling import Handling
from bot.inbound.intake import Intake
from bot.inbound.poller import Poller
from bot.inbound.refusals import Refusals, Teller
from bot.inbound.worker import Worker
from bot.outbound.compose import Composer
from bot.outbound.downloads import Downloads
from bot.outbound.sender import Sender
from bot.outbound.settler import Settler
from bot.reports import reading
from bot.running import lanes, serving
from bot.running.linking import Linker
from bot.running.program import Program
from bot.running.reconciler import Reconciler
from bot.running.supervisor import Loop
from bot.running.ticker import Ticker
from bot.storage import leader, listener
from bot.storage.writer import Writers
from bot.telemetry import logs
from bot.texts import rendering
from bot.vision.examiner import Examiner
from handlers import menu
from handlers.turn import Surroundings
from models.messages import files, outbox
from models.messages.forgeries import Alarm
from models.messages.outbox import Priority
from models.refused import Refused
from models.sending import callbacks, sending
from models.sending.callbacks import Rules

log = logs.logger(__name__)


def assemble(made: Program, writers: Writers, url: URL, roles: Collection[str]) -> None:
    """Adds the loops of these roles to a program."""
    channels = _channels(made)
    if url.get_backend_name() == "postgresql":
        made.loops["listener"] = lambda: listener.listen(url, made.wakeups)
    if "web" in roles:
        _add_web(made, writers, channels)
    if "worker" in roles:
        _add_work(made, writers, url, channels)
    if "sender" in roles:
        _add_sending(made, writers, url)
    if "clock" in roles:
        _add_time(made, writers, url)


def _add_work(made: Program, writers: Writers, url: URL, channels: Mapping[str, Channel]) -> None:
    """What came in is handled; files are fetched and looked at; sources are opened."""
    settings, clock = made.settings, made.clock
    reader = reading.Reader(made.store)
    handling = _handling(made, reader)
    # While one waits for an answer of the server, another one thinks; SQLite has one writer anyway.
    for number in range(1, 1 + (1 if writers.shared else settings.worker.at_once)):
        name = f"worker-{number}"
        worker = Worker(writers(name), clock, handling, batch=settings.worker.batch, alone=writers.shared)
        made.loops[name] = worker.run
    fetcher = Fetcher(
        writers("fetcher"),
        clock,
        channels,
        made.store,
        at_once=settings.storage.at_once,
        read_ahead=reader.read,
        put=partial(made.aside.call, "put"),
        discard={"whatsapp": made.whatsapp.discard} if made.whatsapp else {},
    )
    made.loops["fetcher"] = fetcher.run
    made.loops["examiner"] = _examiner(made, writers).run
    if settings.content.check_links:
        made.loops["linker"] = Linker(writers("linker"), clock).run
    if made.whatsapp is not None:
        after = _after_sending(made, writers)
        made.loops["reports"] = lambda: leader.lead(url, "reports", after)


def _add_sending(made: Program, writers: Writers, url: URL) -> None:
    """What is queued goes out."""
    sender, reconciler = _sender(made, writers)
    begin = _at_start(made, alone=url.get_backend_name() == "sqlite")

    async def send() -> None:
        await sender.writer.write(begin)
        await _together(sender.run, reconciler.run)()

    made.loops["sender"] = lambda: leader.lead(url, "sender", send)
    if made.contents is not None:
        made.loops["contents"] = partial(made.contents.run, writers("contents"))


def _add_time(made: Program, writers: Writers, url: URL) -> None:
    """What is due is done; Telegram is asked for what is new."""
    settings = made.settings
    ticker = Ticker(writers("clock"), made.clock, settings.programme)
    janitor = Janitor(writers("janitor"), made.store)
    runs = [ticker.run, janitor.run]
    if made.whatsapp is not None:
        from bot.outbound.approving import Approver

        runs.append(Approver(writers("approver"), made.clock, settings.whatsapp, settings.programme).run)
    made.loops["clock"] = lambda: leader.lead(url, "clock", _together(*runs))
    # Polling is the clock's: there is one of it, and Telegram allows one poller.
    if settings.telegram.mode == "polling":
        poller = Poller(made.telegram, writers("poller"), made.clock)
        made.loops["poller"] = lambda: leader.lead(url, "poller", _polling(made, poller))
    else:
        made.loops["webhook"] = _set_webhook(made)


def _channels(made: Program) -> dict[str, Channel]:
    """The channels that this installation has, by name."""
    channels: dict[str, Channel] = {"telegram": made.telegram}
    if made.whatsapp is not None:
        channels["whatsapp"] = made.whatsapp
    return channels


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
        whatsapp=settings.whatsapp.number if made.whatsapp else "",
    )
    return Handling(
        {name: channel.parse for name, channel in _channels(made).items()},
        around,
        attempts=settings.worker.attempts,
        backoff=timedelta(seconds=settings.worker.backoff_seconds),
    )


def _examiner(made: Program, writers: Writers) -> Examiner:
    look, compare = partial(made.aside.call, "look"), partial(made.aside.call, "compare")
    programme, at_once = made.settings.programme, made.settings.storage.at_once
    return Examiner(writers("examiner"), made.clock, programme, look, compare, at_once=at_once)


def _sender(made: Program, writers: Writers) -> tuple[Sender, Reconciler]:
    sender = Sender(
        writers("sender"),
        made.reader,
        made.clock,
        lanes.build(made),
        Composer(made.settings.programme, _downloads(made)),
        lanes.limits(made),
        made.settings.programme,
        {"whatsapp": made.whatsapp.bodies} if made.whatsapp is not None else {},
        writers("recorder"),
    )
    release = made.settings.release
    return sender, Reconciler(
        writers("reconciler"),
        made.clock,
        sender.open_rows,
        pause_failures=release.pause_failures,
        pause_least=release.pause_least,
        programme=made.settings.programme,
        attempts=made.settings.sender.attempts,
    )


def _downloads(made: Program) -> dict[str, Downloads]:
    """What goes out in place of files that a channel does not take."""
    if made.whatsapp is None:
        return {}
    from bot.running import whatsapp

    return {"whatsapp": Downloads(whatsapp.links(made.settings).make, made.clock)}


def _after_sending(made: Program, writers: Writers) -> Loop:
    """What becomes of messages on WhatsApp: what is reported of them, and what has to be asked for."""
    from bot.channels import whatsapp_errors

    assert made.whatsapp is not None, "there is nothing to ask without it"
    rules = Rules(whatsapp_errors.VERDICTS, lanes.limits(made).patience, made.settings.programme)
    applying = Callbacks(writers("reports"), made.clock, rules)
    settling = Settler(
        writers("settler"),
        made.clock,
        {"whatsapp": made.whatsapp.recent},
        gap=1 / made.settings.telegram.per_chat_per_second,
        attempts=made.settings.sender.attempts,
        sure=timedelta(seconds=made.settings.whatsapp.settle_seconds),
    )
    return _together(applying.run, settling.run)


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


def _add_web(made: Program, writers: Writers, channels: Collection[str]) -> None:
    """Webhooks are heard; what was refused there is told."""
    settings = made.settings
    refusals = {name: Refusals(name) for name in channels}
    intakes = {name: Intake(writers("intake"), made.clock, name) for name in channels}
    twilio = handout = None
    if made.whatsapp is not None:
        from bot.inbound import webhooks
        from bot.running import whatsapp

        statuses = webhooks.reports(writers("intake"), made.clock, callbacks.note)
        twilio = whatsapp.webhook(settings, intakes["whatsapp"], statuses, refusals["whatsapp"])
        handout = Handout(made.reader, made.store, made.clock, whatsapp.links(settings))
    application = web.application(
        reader=made.reader,
        clock=made.clock,
        intakes=intakes,
        telegram_secret=settings.telegram.webhook_secret.get_secret_value(),
        telegram_path=settings.telegram.webhook_path,
        twilio=twilio,
        handout=handout,
        refusals=refusals["telegram"],
    )
    made.loops["web"] = serving.serve(application, settings.web.host, settings.web.port)
    alarm = Alarm(settings.web.refused_alarm, timedelta(minutes=settings.web.refused_minutes))
    made.loops["refusals"] = Teller(writers("refusals"), made.clock, [*refusals.values()], alarm).run


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
