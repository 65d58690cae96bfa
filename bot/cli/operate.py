"""`jobs`, `jobs run` and `doctor`."""

import asyncio
import ipaddress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels import SendError
from bot.channels.telegram import Telegram
from bot.cli import common
from bot.cli.common import Stop
from bot.config.settings import Settings
from bot.files.media import Store
from bot.inbound import webhooks
from bot.storage import database, schema
from models.messages import conversations, inbox, outbox
from models.people import people
from models.programme import runs, weeks
from models.programme.programme import Programme
from scheduler import jobs

if TYPE_CHECKING:
    from bot.channels.whatsapp import Account

scheduled = typer.Typer(
    help="What the programme does by itself: see it, or do it now.", rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    app.add_typer(scheduled, name="jobs", invoke_without_command=True)
    app.command("doctor")(doctor)


@scheduled.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """Shows what is due when, and what ran last."""
    if context.invoked_subcommand is not None:
        return
    loaded = common.settings()
    programme, now = loaded.programme, common.clock.now()
    with common.session(loaded) as session:
        week = weeks.of(now, programme)
        typer.echo(f"This week is {week}.")
        if week < programme.started:
            first = weeks.moment(programme.started, programme.release, programme)
            typer.echo(
                f"The programme begins with {programme.started} (programme.started), and nothing goes to the "
                f"people before its first release on {_local(first, programme)}."
            )
        for due in jobs.around(now, programme):
            state = (
                "done" if runs.taken(session, due.job, due.period) else "due" if due.at <= now else "comes"
            )
            typer.echo(f"  {_local(due.at, programme)}  {due.job:<13}{due.period:<12}{state}")
        ran = runs.latest(session, 10)
        typer.echo("Last runs:" if ran else "Nothing has run yet.")
        for run in ran:
            typer.echo(
                f"  {_local(run.at, programme)}  {run.job:<13}{run.period:<12}{run.state}  {run.detail}"
            )


@scheduled.command("run")
def run_one(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(jobs.JOBS)}")],
    at: Annotated[
        str, typer.Option(help="The period that this moment falls in, such as 2026-11-25T13:00 (local time)")
    ] = "",
) -> None:
    """Does a job for the period that a moment falls in, at most once a period."""
    if name not in jobs.JOBS:
        raise Stop(f"there is no job {name!r}; there are: {', '.join(jobs.JOBS)}")
    loaded = common.settings()
    now = _moment(at, loaded.programme) if at else common.clock.now()
    due = jobs.of_moment(name, now, loaded.programme)
    if due is None:
        raise Stop(f"nothing is due for {name} at that moment; see: python -m bot jobs")
    try:
        with common.session(loaded, steady=jobs.is_steady(due)) as session:
            result = jobs.run(session, due, now, loaded.programme)
    except DBAPIError as error:
        if not database.is_passing(error):
            raise
        raise Stop(
            f"{due.job} {due.period} met the running program, and changed nothing; see what it did with "
            "python -m bot jobs, or try again",
            1,
        ) from error
    said = {"taken": "had been done before", "waits": "cannot be done yet: nothing is approved"}
    typer.echo(f"{due.job} {due.period}: {said.get(result, result)}")


def _moment(written: str, programme: Programme) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Stop(f"--at {written!r} is no moment; write it like 2026-11-25T13:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=programme.zone)


def _local(moment: datetime, programme: Programme) -> str:
    return f"{moment.astimezone(programme.zone):%a %d %b %Y %H:%M}"


def doctor() -> None:
    """Looks whether everything that the bot needs is there, and says what to mend."""
    loaded = common.settings()
    checks = [_database(loaded), _telegram(loaded), *_whatsapp(loaded), _storage(loaded)]
    typer.echo("")
    if not all(checks):
        raise Stop("Something needs your attention; see the lines with ✗.", 1)
    typer.echo("Everything is in order.")


def _say(good: bool, what: str) -> bool:
    typer.echo(f"{'✓' if good else '✗'} {what}")
    return good


def _database(loaded: Settings) -> bool:
    url = database.url(loaded.database.url.get_secret_value())
    engine = database.writing(url)
    try:
        schema.check(engine)
        with Session(engine) as session:
            _say(True, f"database: {url.render_as_string(hide_password=True)}")
            return _rows(session, loaded)
    except schema.SchemaError as error:
        return _say(False, str(error))
    except DBAPIError as error:
        return _say(False, f"the database cannot be reached: {error.orig}")
    finally:
        engine.dispose()


def _rows(session: Session, loaded: Settings) -> bool:
    roster = session.scalar(select(people.Person.id).where(people.Person.active).limit(1))
    waiting, unsent = inbox.counts(session), outbox.counts(session)
    groups = conversations.groups(session)
    good = _say(
        roster is not None, "roster" if roster else "no roster; run: python -m bot import-roster FILE"
    )
    good &= _say(
        bool(groups),
        f"Rabuan groups: {len(groups)}" if groups else "no Rabuan group: add the bot to it and type /rabuan",
    )
    dead = waiting.get(inbox.DEAD, 0)
    good &= _say(dead == 0, f"inbox: {waiting.get(inbox.NEW, 0)} waiting, {dead} given up")
    _say(True, f"outbox: {unsent.get(outbox.QUEUED, 0)} queued, {unsent.get(outbox.FAILED, 0)} failed")
    del loaded
    return good


def _telegram(loaded: Settings) -> bool:
    if not loaded.telegram.token.get_secret_value():
        return _say(False, "no TELEGRAM_TOKEN: get one from @BotFather and set it in the environment")

    async def ask() -> str:
        telegram = Telegram(loaded.telegram.token.get_secret_value(), api_url=loaded.telegram.api_url)
        await telegram.start()
        try:
            return (await telegram.me()).username
        finally:
            await telegram.close()

    try:
        return _say(True, f"Telegram: @{asyncio.run(ask())}, by {loaded.telegram.mode}")
    except SendError as error:
        return _say(False, f"Telegram refuses us: {error.detail}")


def _whatsapp(loaded: Settings) -> list[bool]:
    """Nothing where there is no account: WhatsApp is no must."""
    if not loaded.whatsapp.account_sid:
        return []
    try:
        said = asyncio.run(_ask_twilio(loaded))
        good = _say(said.status == "active", f"WhatsApp: the account {said.name} is {said.status}")
    except SendError as error:
        good = _say(False, f"WhatsApp: Twilio refuses us: {error.detail}")
    sender, address = loaded.whatsapp.sender, loaded.web.public_url
    good &= _say(
        bool(sender),
        f"WhatsApp: we write as {sender.removeprefix('whatsapp:')}"
        if sender
        else "WhatsApp: set TWILIO_WHATSAPP_FROM to our number, written whatsapp:+6281234567890",
    )
    if _is_public(address) or (address and loaded.whatsapp.api_url):
        return [good, _say(True, f"WhatsApp: Twilio brings messages to {address}{webhooks.TWILIO_PATH}")]
    needed = "Twilio needs a public https address, such as https://pesan.jambiprov.go.id"
    return [good, _say(False, f"WhatsApp: PUBLIC_URL is {address or 'empty'}; {needed}")]


def _is_public(url: str) -> bool:
    """Whether a stranger could reach an address, as far as its form tells. Twilio takes no underscore."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" and ipaddress.ip_address(host).is_global
    except ValueError:
        named = "." in host and "_" not in host and not host.endswith((".local", ".localhost", ".internal"))
        return parts.scheme == "https" and named


async def _ask_twilio(loaded: Settings) -> "Account":
    from bot.running import whatsapp

    channel = whatsapp.channel(loaded)
    await channel.start()
    try:
        return await channel.account()
    finally:
        await channel.close()


def _storage(loaded: Settings) -> bool:
    try:
        kept = Store(loaded.storage.media_url).put(b"satu pesan", common.clock.now())
    except (OSError, ValueError) as error:
        return _say(False, f"storage.media_url {loaded.storage.media_url}: {error}")
    return _say(bool(kept.key), f"file store: {loaded.storage.media_url}")
