"""How Alembic reaches the database: by the URL it is given, else by the program's own settings."""

import os
from pathlib import Path

from alembic import context
from sqlalchemy import URL, create_engine

from bot.config import settings
from bot.storage import database
from models import tables


def url() -> URL:
    given = context.config.attributes.get("url")
    if isinstance(given, URL):
        return given
    loaded = settings.load(Path("config.yaml"), os.environ)
    return database.url(loaded.database.url.get_secret_value())


def run() -> None:
    where = url()
    if context.is_offline_mode():
        context.configure(url=where, target_metadata=tables.metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(where) if where.get_backend_name() != "sqlite" else database.writing(where)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=tables.metadata,
            render_as_batch=True,  # SQLite cannot alter a table in place
            compare_type=True,
            user_module_prefix="base.",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
