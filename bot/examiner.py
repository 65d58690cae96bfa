"""Looks at every piece of evidence once, soon after it is here, apart from handling messages.

A bounded number at a time: a flood waits in the database, not in memory.
"""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import logs, metrics, wakeups
from bot.clock import Clock
from bot.looking import Looked, Looker
from bot.media import Store
from bot.writer import Writer
from models import examining, findings, inspections, likenesses
from models.examining import Task
from models.findings import Seen
from models.programme import Programme

log = logs.logger(__name__)
LEASE = timedelta(minutes=5)
PATIENCE = 120.0  # seconds that a look may take
BATCH = 64
OTHERS = 4  # items of before that a picture may show instead


class Examiner:
    """Examines up to `at_once` pictures at a time, as long as `run` is not cancelled."""

    def __init__(
        self,
        reader: Engine,
        writer: Writer,
        clock: Clock,
        store: Store,
        programme: Programme,
        *,
        at_once: int = 2,
    ) -> None:
        self.reader, self.writer, self.clock, self.store = reader, writer, clock, store
        self.programme, self.at_once = programme, at_once
        self.looker = Looker(store)

    async def run(self) -> None:
        """Until cancelled."""
        news = self.writer.wakeups.subscribe("evidence")
        while True:
            try:
                tasks = await self.writer.write(
                    lambda session: examining.due(session, self.clock.now(), BATCH, LEASE)
                )
                if tasks:
                    await self._examine_all(tasks)
                    continue
                await wakeups.wait(news, 2.0)
            except DBAPIError as error:
                log.warning("examiner_waits_for_database", error=str(error.orig))
                await asyncio.sleep(1)

    async def _examine_all(self, tasks: list[Task]) -> None:
        """Links and whatever else is no picture need no look: all of them in one transaction."""
        plain = [task for task in tasks if not task.pictured]
        if plain:
            try:
                await self.writer.write(lambda session: self._judge_all(session, plain))
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

    def _judge_all(self, session: Session, tasks: list[Task]) -> None:
        now = self.clock.now()
        for task in tasks:
            seen = [*examining.unseen(task), *examining.twice(session, task)]
            examining.done(session, task, seen, now, self.programme)

    async def _examine(self, task: Task) -> None:
        try:
            looked, same = await asyncio.wait_for(asyncio.to_thread(self._look, task), PATIENCE)
        except Exception:
            log.exception("evidence_cannot_be_examined", evidence_id=task.evidence_id)
            await self.writer.write(
                lambda session: examining.failed(session, task, self.clock.now(), self.programme)
            )
            return

        def note(session: Session) -> str | None:
            seen = [*looked.seen, *examining.twice(session, task), *same]
            if looked.fingerprint is not None:
                made = looked.fingerprint
                likenesses.keep(session, task.evidence_id, task.item_id, made.whole, made.tiles)
            return examining.done(session, task, seen, self.clock.now(), self.programme)

        state = await self.writer.write(note)
        metrics.evidence_examined.labels(looked.seen[0].kind if looked.seen else "link").inc()
        if state:
            metrics.shares_judged.labels(state).inc()

    def _look(self, task: Task) -> tuple[Looked, list[Seen]]:
        if not task.pictured:
            return Looked(list(examining.unseen(task))), []
        if task.attempts > examining.ATTEMPTS:  # whatever it does to this program: a person looks
            return Looked([Seen(findings.UNREADABLE)]), []
        data = self.store.get(task.key)
        with Session(self.reader) as session:
            looked = self.looker.look(
                data,
                task.item_id,
                examining.files_of(session, task.item_id),
                examining.others(session, task, OTHERS),
            )
            if looked.fingerprint is None:
                return looked, []
            nearby = likenesses.near(
                session, looked.fingerprint.whole, task.item_id, task.share_id, task.evidence_id
            )
            same = self.looker.same(
                looked, nearby, lambda number: self._read(inspections.picture(session, number))
            )
        return looked, [
            Seen(
                findings.OWN_AGAIN if one.person_id == task.person_id else findings.SAME_UPLOAD,
                other_id=one.evidence_id,
            )
            for one in same[:1]
        ]

    def _read(self, key: str) -> bytes | None:
        try:
            return self.store.get(key) if key else None
        except FileNotFoundError:
            return None  # deleted when its time was over
