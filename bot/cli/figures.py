"""`digest`."""

import json
from typing import Annotated

import typer

from bot.cli import common
from bot.cli.common import Stop
from bot.texts import rendering
from models.digests import digests, summaries
from models.programme import weeks


def register(app: typer.Typer) -> None:
    app.command("digest")(digest)


def _week(written: str, default: str) -> str:
    try:
        return weeks.parse(written) if written else default
    except ValueError as error:
        raise Stop(str(error)) from error


def digest(
    week: Annotated[str, typer.Option(help="Such as 2026-W48; without it the running week")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON")] = False,
) -> None:
    """Shows the figures of a week: the frozen ones of a closed week, else as they are now."""
    loaded = common.settings()
    with common.reader(loaded) as session:
        name = _week(week, weeks.of(common.clock.now(), loaded.programme))
        figures, frozen = digests.known(session, name, loaded.programme)
        if as_json:
            typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        params = summaries.summary(figures, running=frozen is None, version=frozen.version if frozen else 1)
        typer.echo(
            rendering.render("digest.summary", params, markup="plain", zone=loaded.programme.time_zone)
        )
        typer.echo(f"\n({'snapshot ' + str(frozen.version) if frozen else 'not closed yet'})")
