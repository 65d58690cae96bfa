"""`run` and `migrate`."""

import asyncio
import gc
import signal
import sys
from typing import Annotated, Literal

import typer
from sqlalchemy.exc import DBAPIError

from bot.channels import Failure, SendError
from bot.cli import common
from bot.cli.common import Stop
from bot.config.settings import Settings
from bot.running import runtime, supervisor
from bot.storage import database, schema

Role = Literal["all", "web", "worker", "sender", "clock"]


def register(app: typer.Typer) -> None:
    app.command("run")(run)
    app.command("migrate")(migrate)


def run(
    role: Annotated[
        Role, typer.Option(help="Which part to run. Parts in several processes need PostgreSQL.")
    ] = "all",
) -> None:
    """Runs the bot until it is stopped (Ctrl-C or SIGTERM)."""
    loaded = common.settings(["TELEGRAM_TOKEN"])
    url = database.url(loaded.database.url.get_secret_value())
    if role != "all" and url.get_backend_name() == "sqlite":
        raise Stop("SQLite is for one process: use --role all, or set DATABASE_URL to a PostgreSQL URL")
    roles = runtime.ROLES if role == "all" else (role,)
    _suit_the_interpreter()
    try:
        import uvloop

        uvloop.run(_until_stopped(loaded, roles))
    except (schema.SchemaError, database.AlreadyRunningError) as error:
        raise Stop(str(error)) from error
    except SendError as error:
        if error.kind is Failure.HALT_CHANNEL:
            raise Stop(f"Telegram refuses us ({error.detail}); is TELEGRAM_TOKEN right?") from error
        raise Stop(f"Telegram cannot be reached at {loaded.telegram.api_url}: {error.detail}") from error
    except DBAPIError as error:
        raise Stop(f"the database cannot be reached: {error.orig}") from error


def _suit_the_interpreter() -> None:
    """Settings for a process of a few threads that runs for months; Python's own are for scripts.

    A thread that waits for the database gets the interpreter back after 0.5 ms, not 5: each message
    waits for several answers, and the loop works meanwhile. What is loaded by now stays, and is not
    looked through for garbage any more; the rest is looked through less often (both: a third more
    proofs a second).
    """
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


async def _until_stopped(loaded: Settings, roles: tuple[str, ...]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with runtime.program(loaded, roles=roles) as program:
        running = asyncio.create_task(program.run())
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            waiting.cancel()
            why: Stop | None = None
            try:
                await running
            except* supervisor.CannotStartError as group:  # raised in here, it would come out as a group
                why = Stop(str(group.exceptions[0]))
            if why is not None:
                raise why
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def migrate() -> None:
    """Creates the tables, or brings them up to date. Repeating it changes nothing."""
    loaded = common.settings()
    try:
        schema.migrate(database.url(loaded.database.url.get_secret_value()))
    except DBAPIError as error:
        raise Stop(f"the database cannot be reached: {error.orig}") from error
    typer.echo("The database is up to date.")
