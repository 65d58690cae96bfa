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
from models import copying, examining, findings, inspections, likenesses
from models.copying import Later
from models.examining import Task
from models.findings import Seen
from models.likenesses import Near
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
            if later := copying.copied(session, task):
                copying.tell(session, task, later, now, self.programme)
            seen = [*examining.unseen(task), *copying.twice(session, task)]
            examining.done(session, task, seen, now, self.programme)

    async def _examine(self, task: Task) -> None:
        """A look in three steps. The fingerprint is kept before anything is compared: of two copies that are
        looked at in the same moment the one that is kept last is compared with the other."""
        try:
            looked = await asyncio.wait_for(asyncio.to_thread(self._look, task), PATIENCE)
            if (made := looked.fingerprint) is not None:
                await self.writer.write(
                    lambda session: likenesses.keep(
                        session, task.evidence_id, task.item_id, made.whole, made.tiles
                    )
                )
            same, later = await asyncio.wait_for(asyncio.to_thread(self._compared, task, looked), PATIENCE)
        except DBAPIError:
            raise
        except Exception:
            log.exception("evidence_cannot_be_examined", evidence_id=task.evidence_id)
            await self.writer.write(
                lambda session: examining.failed(session, task, self.clock.now(), self.programme)
            )
            return
        if later:
            await self.writer.write(
                lambda session: copying.tell(session, task, later, self.clock.now(), self.programme)
            )

        def note(session: Session) -> str | None:
            seen = [*looked.seen, *copying.twice(session, task), *same]
            return examining.done(session, task, seen, self.clock.now(), self.programme)

        state = await self.writer.write(note)
        metrics.evidence_examined.labels(looked.seen[0].kind if looked.seen else "link").inc()
        if state:
            metrics.shares_judged.labels(state).inc()

    def _look(self, task: Task) -> Looked:
        if not task.pictured:
            return Looked(list(examining.unseen(task)))
        if task.attempts > examining.ATTEMPTS:  # whatever it does to this program: a person looks
            return Looked([Seen(findings.UNREADABLE)])
        data = self.store.get(task.key)
        with Session(self.reader) as session:
            return self.looker.look(
                data,
                task.item_id,
                examining.files_of(session, task.item_id),
                examining.others(session, task, OTHERS),
            )

    def _compared(self, task: Task, looked: Looked) -> tuple[list[Seen], list[Later]]:
        """The first earlier picture that is the same upload; and the later ones, of which nobody knew."""
        with Session(self.reader) as session:
            later = copying.copied(session, task)
            if looked.fingerprint is None:
                return [], later
            nearby = likenesses.near(session, looked.fingerprint.whole, task.item_id, task.share_id)
            before = [one for one in nearby if one.evidence_id < task.evidence_id]
            after = [one for one in nearby if one.evidence_id > task.evidence_id]
            known = findings.known_twice(session, [one.evidence_id for one in after])
            known.update(one.evidence_id for one in later)
            unknown = [one for one in after if one.evidence_id not in known]

            def read(number: int) -> bytes | None:
                return self._read(inspections.picture(session, number))

            same = self.looker.same(looked, before, read)[:1]
            copies = self.looker.same(looked, unknown, read)
        seen = [Seen(_kind(task, one), other_id=one.evidence_id) for one in same]
        return seen, [*later, *(Later(one.evidence_id, _kind(task, one)) for one in copies)]

    def _read(self, key: str) -> bytes | None:
        try:
            return self.store.get(key) if key else None
        except FileNotFoundError:
            return None  # deleted when its time was over


def _kind(task: Task, other: Near) -> str:
    return findings.OWN_AGAIN if other.person_id == task.person_id else findings.SAME_UPLOAD
