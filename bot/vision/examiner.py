"""Has every piece of evidence looked at once, soon after it is here, apart from handling messages.

A bounded number at a time: a flood waits in the database, not in memory. The looking itself is done
elsewhere (`bot/vision/sight.py`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.programme.programme import Programme
from models.proofs import copying, examining, judging
from models.proofs.examining import Task
from models.shares import findings, likenesses
from models.shares.findings import Seen

if TYPE_CHECKING:
    from bot.vision.sight import Compared, Sighted  # OpenCV comes along, which this process never needs

log = logs.logger(__name__)
LEASE = timedelta(minutes=5)
PATIENCE = 240.0  # seconds that a look may take, on a machine that others keep busy
BATCH = 64

Look = Callable[[Task], Awaitable["Sighted"]]
Compare = Callable[[Task, bytes], Awaitable["Compared"]]


class Examiner:
    """Has up to `at_once` pictures looked at at a time, as long as `run` is not cancelled.

    `look` looks at one, `compare` lays it over others; what takes too long is cancelled.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        programme: Programme,
        look: Look,
        compare: Compare,
        *,
        at_once: int = 2,
    ) -> None:
        self.writer, self.clock, self.programme = writer, clock, programme
        self.look, self.compare, self.at_once = look, compare, at_once

    async def run(self) -> None:
        """Until cancelled."""
        news = self.writer.wakeups.subscribe("evidence")
        while True:
            try:
                tasks = await self.writer.write(
                    lambda session: examining.due(session, self.clock.now(), BATCH, LEASE)
                )
                await self._examine_all(tasks)
                if len(tasks) < BATCH:
                    await wakeups.wait(news, 2.0)
            except DBAPIError as error:
                log.warning("examiner_waits_for_database", error=str(error.orig))
                await asyncio.sleep(1)

    async def _examine_all(self, tasks: list[Task]) -> None:
        """Links and whatever else is no picture need no look: all of them in one transaction."""
        plain = [task for task in tasks if not task.pictured]
        if plain:
            try:
                await self.writer.write(
                    lambda session: judging.together(session, plain, self.clock.now(), self.programme)
                )
            except DBAPIError:
                raise
            except Exception:
                log.exception("evidence_is_judged_one_by_one", number=len(plain))
            else:
                tasks = [task for task in tasks if task.pictured]
        places = asyncio.Semaphore(self.at_once)

        async def one(task: Task) -> None:
            # Whatever one piece meets, the others are looked at; its lease brings it back.
            async with places:
                try:
                    await self._examine(task)
                except DBAPIError as error:
                    log.warning("examiner_waits_for_database", error=str(error.orig))
                except Exception:
                    log.exception("evidence_cannot_be_noted", evidence_id=task.evidence_id)

        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(one(task))

    async def _examine(self, task: Task) -> None:
        """A look in three steps. The fingerprint is kept before anything is compared: of two copies that are
        looked at in the same moment the one that is kept last is compared with the other."""
        if task.attempts > examining.ATTEMPTS:  # whatever it does to this program: a person looks
            unreadable = [Seen(findings.UNREADABLE)]
            await self.writer.write(
                lambda session: examining.done(session, task, unreadable, self.clock.now(), self.programme)
            )
            return
        try:
            sighted = await asyncio.wait_for(self.look(task), PATIENCE)
            await self.writer.write(lambda session: self._keep(session, task, sighted))
            compared = await asyncio.wait_for(self.compare(task, sighted.kept), PATIENCE)
        except DBAPIError:
            raise
        except Exception:
            log.exception("evidence_cannot_be_examined", evidence_id=task.evidence_id)
            await self.writer.write(
                lambda session: examining.failed(session, task, self.clock.now(), self.programme)
            )
            return
        if compared.later:
            await self.writer.write(
                lambda session: copying.tell(session, task, compared.later, self.clock.now(), self.programme)
            )
        state = await self.writer.write(lambda session: self._note(session, task, sighted, compared))
        metrics.evidence_examined.labels(sighted.seen[0].kind if sighted.seen else "link").inc()
        if state:
            metrics.shares_judged.labels(state).inc()

    def _keep(self, session: Session, task: Task, sighted: "Sighted") -> None:
        if sighted.whole is not None:
            likenesses.keep(session, task.evidence_id, task.item_id, sighted.whole, sighted.tiles)

    def _note(self, session: Session, task: Task, sighted: "Sighted", compared: "Compared") -> str | None:
        seen = [*sighted.seen, *copying.twice(session, task), *compared.same]
        return examining.done(session, task, seen, self.clock.now(), self.programme)
