"""A week is closed while shares still arrive: its snapshot is one moment of the database."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.digests import corrections, digests
from models.figures.snapshots import Digest
from models.people.people import Opd, Person
from models.programme import weeks
from models.shares.shares import Share
from tests import scene
from tests.chat import Stage

WEEK = "2026-W48"
PEOPLE = 600
AGENCIES = 6


@pytest.fixture
def item(stage: Stage) -> int:
    """Six agencies with 600 people and an item to share."""
    number = scene.item(stage)
    with stage.session() as session, session.begin():
        session.execute(insert(Opd), [{"code": f"D{n}", "name": f"Dinas {n}"} for n in range(AGENCIES)])
        first = session.scalars(text("SELECT min(id) FROM opd WHERE code LIKE 'D_'")).one()
        session.execute(
            insert(Person),
            [
                {"name": f"Orang {n}", "opd_id": first + n % AGENCIES, "active": True, "phone": "",
                 "position": "", "saver": False, "created_at": stage.now}
                for n in range(PEOPLE)
            ],
        )  # fmt: skip
    return number


class Sharing:
    """Somebody shares, one transaction after the other, until `stop`; each on two platforms at once."""

    def __init__(self, engine: Engine, item: int, now: datetime) -> None:
        self.engine, self.item, self.now = engine, item, now
        with Session(engine) as session:
            rows = session.execute(text("SELECT id, opd_id FROM person WHERE name LIKE 'Orang %'")).all()
        self.people: Iterator[tuple[int, int]] = iter([(row[0], row[1]) for row in rows])
        self.stopped = threading.Event()
        self.count = 0
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        for person_id, opd_id in self.people:
            if self.stopped.is_set():
                return
            with Session(self.engine) as session, session.begin():
                for platform in ("facebook", "tiktok"):
                    session.add(
                        Share(
                            person_id=person_id, opd_id=opd_id, item_id=self.item, week=WEEK,
                            platform=platform, status="accepted", late=False, at=self.now,
                            updated_at=self.now,
                        )
                    )  # fmt: skip
            self.count += 1

    def __enter__(self) -> "Sharing":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopped.set()
        self.thread.join()


def consistent(found: Digest) -> None:
    """Every figure of a snapshot tells of the same moment: everybody has shared twice."""
    figures = found.figures
    assert figures["shares"] == 2 * figures["active"]
    assert figures["platforms"]["facebook"] == figures["platforms"]["tiktok"] == figures["active"]
    assert figures["quality"]["accepted"] == figures["shares"]
    assert sum(opd["active"] for opd in figures["opd"]) == figures["active"]
    assert sum(opd["shares"] for opd in figures["opd"]) == figures["shares"]
    assert figures["cohorts"]["new"] == figures["active"]


@pytest.mark.anyio
async def test_a_week_closes_consistently_while_shares_arrive(stage: Stage, item: int) -> None:
    now = weeks.closing(WEEK, stage.programme)
    writer = Writer(stage.engine, Wakeups())
    writer.start()
    try:
        with Sharing(stage.engine, item, stage.now) as sharing:
            while sharing.count < 20:
                await asyncio.sleep(0.01)
            before = sharing.count
            number = await writer.write(
                lambda session: digests.close(session, WEEK, now, stage.programme).id, steady=True
            )
            while sharing.count == before:  # others go on writing meanwhile or afterwards
                await asyncio.sleep(0.01)
    finally:
        writer.close()
    with Session(stage.engine) as session:
        found = session.get_one(Digest, number)
        consistent(found)
        assert found.figures["active"] >= before
        assert session.scalar(text("SELECT count(*) FROM participation")) == found.figures["active"]
        # What came after the moment of the closing is a matter of a correction, which finds it.
        missed = session.scalar(text("SELECT count(DISTINCT person_id) FROM share")) or 0
        assert missed > found.figures["active"]
        correction = corrections.proposed(session, WEEK, stage.programme)
        assert correction is not None
        assert correction.changes["active"] == [found.figures["active"], missed]
