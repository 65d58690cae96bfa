"""`digest`."""

import json
from typing import Annotated, cast

import typer
from sqlalchemy.orm import Session

from bot.cli import common
from bot.cli.common import Stop
from bot.texts import rendering
from models.digests import digests, summaries
from models.figures import exporting, snapshots
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.programme import weeks
from models.programme.programme import Programme


def register(app: typer.Typer) -> None:
    app.command("digest")(digest)


def _week(written: str, programme: Programme) -> str:
    """The week that is meant, without a word the running one. Raises Stop for what is none."""
    try:
        return weeks.parse(written) if written else weeks.of(common.clock.now(), programme)
    except ValueError as error:
        raise Stop(str(error)) from error


def _known(
    session: Session, week: str, version: int | None, programme: Programme
) -> tuple[WeekFigures, Digest | None]:
    """The figures of a week, or of this version. Raises Stop for one that there is not, and for a week that
    has not been closed and that the programme does not have."""
    if version is None:
        if snapshots.newest(session, week) is None:
            _require(week, programme)
        return digests.known(session, week, programme)
    found = snapshots.version(session, week, version)
    if found is None:
        versions = len(snapshots.versions(session, week))
        raise Stop(
            f"{week} has no version {version}: " + (f"it has {versions}" if versions else "it is not closed")
        )
    return cast(WeekFigures, found.figures), found


def _require(week: str, programme: Programme) -> None:
    try:
        exporting.span(week, week, common.clock.now(), programme)
    except ValueError as error:
        raise Stop(str(error)) from error


def digest(
    week: Annotated[str, typer.Option(help="Such as 2026-W48; without it the running week")] = "",
    version: Annotated[
        int | None, typer.Option(min=1, help="Of a closed week; without it the newest")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON")] = False,
) -> None:
    """Shows the figures of a week: the frozen ones of a closed week, else as they are now."""
    loaded = common.settings()
    with common.reader(loaded) as session:
        name = _week(week, loaded.programme)
        figures, frozen = _known(session, name, version, loaded.programme)
        if as_json:
            state = {"version": frozen.version if frozen else None, "closed": frozen is not None}
            typer.echo(json.dumps({**state, **figures}, ensure_ascii=False, indent=2))
            return
        params = summaries.summary(figures, running=frozen is None, version=frozen.version if frozen else 1)
        typer.echo(
            rendering.render("digest.summary", params, markup="plain", zone=loaded.programme.time_zone)
        )
        typer.echo(f"\n({'snapshot ' + str(frozen.version) if frozen else 'not closed yet'})")
