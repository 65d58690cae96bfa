"""Plain SQL to the program's database, for checks that trust none of its verbs."""

from typing import Any

from sqlalchemy import text

from bot.demo.stage import Stage

Rows = list[Any]


async def rows(stage: Stage, sql: str, **params: object) -> Rows:
    """What a statement finds in the program's database."""
    return await stage.read(lambda session: list(session.execute(text(sql), params)))


async def one(stage: Stage, sql: str, **params: object) -> Any:
    """The first column of the first row of a statement."""
    return (await rows(stage, sql, **params))[0][0]
