"""What the commands share: settings, a session, and errors that are sentences."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config.settings import Settings, SettingsError, load
from bot.storage import database, schema
from bot.telemetry import logs

CONFIG = Path("config.yaml")


class Stop(Exception):  # noqa: N818 - it ends a command, it is no fault of the program
    """Ends the command with a sentence that says what to do, and an exit code."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def settings(require: Collection[str] = ()) -> Settings:
    """The settings of config.yaml in the current folder and the environment. Raises Stop."""
    try:
        loaded = load(CONFIG, os.environ, require)
    except SettingsError as error:
        raise Stop(str(error)) from error
    logs.configure(loaded)
    return loaded


@contextmanager
def session(loaded: Settings, *, steady: bool = False) -> Iterator[Session]:
    """A session on the migrated database, committed at the end unless something is raised. With `steady` it
    sees one state of the database throughout, as `Writer.write` has it."""
    engine = database.writing(
        database.url(loaded.database.url.get_secret_value()), synchronous=loaded.database.synchronous
    )
    try:
        schema.check(engine)
        with Session(engine) as opened, opened.begin():
            if steady:
                database.hold_still(opened)
            yield opened
    except schema.SchemaError as error:
        raise Stop(str(error)) from error
    finally:
        engine.dispose()


@contextmanager
def reader(loaded: Settings) -> Iterator[Session]:
    """A session on the migrated database that sees one state of it and keeps no writer waiting."""
    engine = database.reading(database.url(loaded.database.url.get_secret_value()))
    try:
        schema.check(engine)
        with Session(engine) as opened:
            yield opened
    except schema.SchemaError as error:
        raise Stop(str(error)) from error
    finally:
        engine.dispose()


clock = Clock()
