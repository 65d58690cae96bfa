"""What runs all the time beside the sender, so that nothing is ever stuck: leases that ran out,
people of an audience without a row, rows that wait for a leader that is gone, releases that are done."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.programme.programme import Programme
from models.releases import deliveries, holding, releases, watching
from models.sending import forgone, recording, sending
from models.whatsapp import openers, windows

log = logs.logger(__name__)
EVERY_SECONDS = 2.0
# Rounds, a minute: whoever joins is served by that alone (`releases.welcome`), this finds the others.
AUDIENCE_EVERY = 30


class Reconciler:
    """Rounds of checks, as long as `run` is not cancelled. `held` are rows that the sender holds.

    A release pauses itself when at least `pause_least` of its newest results are there, and of them the
    share `pause_failures` or more failed. A row of unknown fate that was tried `attempts` times goes out
    no more.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        held: Callable[[], set[int]],
        *,
        pause_failures: float = 0.2,
        pause_least: int = 50,
        programme: Programme | None = None,
        attempts: int = 8,
    ) -> None:
        self.programme = programme or Programme()
        self.writer, self.clock, self.held = writer, clock, held
        self.pause_failures, self.pause_least = pause_failures, pause_least
        self.attempts = attempts

    async def run(self) -> None:
        """Until cancelled; begins with what a predecessor left."""
        number = 0
        while True:
            try:
                await self.round(audience=number % AUDIENCE_EVERY == 0)
                number += 1
            except DBAPIError as error:
                log.warning("reconciler_waits_for_database", error=str(error.orig))
            except Exception:  # sending goes on, and the next round may do better
                log.exception("reconciler_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self, *, audience: bool) -> None:
        """One round of checks, each in a transaction of its own."""
        now = self.clock.now()
        held = self.held()
        again = await self.writer.write(lambda session: sending.reclaim(session, now, held=held))
        if again:
            log.warning("leases_ran_out", rows=again)
        silent = await self.writer.write(lambda session: forgone.silent(session, now, self.attempts))
        if silent:
            log.warning("fate_stays_unknown", rows=silent)
        await self.writer.write(lambda session: sending.expire(session, now))
        await self.writer.write(recording.orphans)
        if audience:
            await self.writer.write(lambda session: windows.found_open(session, now))
            await self.writer.write(lambda session: openers.keep(session, now, self.programme))

        def look(session: Session) -> list[str]:
            for release in deliveries.reopen(session, now):
                log.info("release_goes_on", release_id=release.id)
            ended = releases.settle(session, now, audience=audience)
            for release in [*releases.running(session), *ended]:
                held = holding.look(
                    session, release, now, failures=self.pause_failures, least=self.pause_least
                )
                if held is not None:
                    log.warning("release_paused_itself", release_id=release.id, failed=held.failed)
                _show(session, release, now, self.programme)
            watching.correct(session, now, self.programme)
            return [release.week for release in ended]

        for week in await self.writer.write(look):
            log.info("release_finished", week=week)


def _show(session: Session, release: releases.Release, now: datetime, programme: Programme) -> None:
    """The progress message; a bug in it must not keep a release from being over."""
    try:
        with session.begin_nested():
            watching.follow(session, release, now, programme)
    except DBAPIError:
        raise
    except Exception:
        log.exception("progress_cannot_be_shown", week=release.week)
