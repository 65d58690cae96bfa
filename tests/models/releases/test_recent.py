"""Cards that are read for many people at once are those that are read one by one."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.content.cards import CARD
from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from models.releases import received, recent, releases
from models.releases.releases import Release
from tests import counting, scene
from tests.chat import Stage

STATUSES = (outbox.SENT, outbox.SENDING, outbox.QUEUED, outbox.FAILED, outbox.CANCELLED)


def person(stage: Stage, name: str, opd: str = "DINKES") -> int:
    number = stage.person(name, opd).person_id
    assert number is not None
    return number


def history(stage: Stage, chance: random.Random) -> list[int]:
    """Some people, and the cards of weekly and urgent releases of four weeks, whatever became of them; the
    ids of the people."""
    ids = [person(stage, f"Orang {nth}") for nth in range(5)]
    items = [scene.item(stage, week=f"2026-W{nth + 10}", title=f"Materi {nth}") for nth in range(10)]
    with stage.session() as session, session.begin():
        for nth, item in enumerate(items):
            urgent = chance.random() < 0.4
            start = stage.now - timedelta(hours=chance.randrange(24 * 28))
            release = Release(
                week="" if urgent else f"2026-W{nth + 10}",
                item_id=item if urgent else None,
                started_at=start,
                closes_at=start + timedelta(hours=chance.randrange(1, 24 * 9)),
            )
            session.add(release)
            session.flush()
            for person_id in chance.sample(ids, 4):
                gone = chance.random() < 0.1  # an item that is no more
                session.add(card(stage, release.id, person_id, None if gone else item, chance))
    return ids


def card(stage: Stage, release_id: int, person_id: int, item: int | None, chance: random.Random) -> Outbound:
    return Outbound(
        key=f"release:{release_id}:person:{person_id}:card",
        channel="telegram",
        address=str(person_id),
        priority=outbox.Priority.BULK,
        part=CARD,
        person_id=person_id,
        release_id=release_id,
        item_id=item,
        status=chance.choice(STATUSES),
        due_at=stage.now,
        created_at=stage.now,
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_answers_are_those_of_asking_one_by_one(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    ids = history(stage, chance)
    moments = [stage.now - timedelta(hours=hours) for hours in (0, 0.1, 5, 30, 24 * 6, 24 * 9, 24 * 20)]

    def answers(session: Session) -> list[object]:
        asked = (received.newest, received.closed, received.meant, received.weekly)
        return [ask(session, who, at) for ask in asked for who in ids for at in moments]

    with stage.session() as session:
        alone = answers(session)
    with stage.session() as session:
        recent.ahead(session, ids, stage.now)
        assert answers(session) == alone
    assert any(alone)
    assert not all(alone)


def of_a_week(stage: Stage) -> list[int]:
    everybody = [person(stage, f"Orang {nth}") for nth in range(4)]
    scene.item(stage)
    scene.release(stage)
    return everybody


def test_many_people_cost_two_statements(stage: Stage) -> None:
    ids = of_a_week(stage)
    with stage.session() as session:
        session.connection()
        recent.ahead(session, ids, stage.now)
        with counting.statements(stage.engine) as made:
            for who in ids:
                assert received.newest(session, who, stage.now)
                assert received.closed(session, who, stage.now) is None
    assert len(made) == 2


def test_whoever_was_not_named_before_is_asked_for_alone(stage: Stage) -> None:
    first, *others = of_a_week(stage)
    with stage.session() as session:
        recent.ahead(session, [who for who in others], stage.now)
        assert received.newest(session, first, stage.now)


def test_a_card_that_comes_later_in_the_transaction_is_seen(stage: Stage) -> None:
    late = person(stage, "Siti", "DISDIK")
    of_a_week(stage)
    scene.item(stage, None)  # of the province: for her, too
    with stage.session() as session, session.begin():
        recent.ahead(session, [late], stage.now)
        assert received.newest(session, late, stage.now) is None
        release = releases.of_week(session, weeks.of(stage.now, stage.programme))
        assert release is not None
        assert releases.serve(session, release, stage.now) == 1
        session.execute(update(Outbound).values(status=outbox.SENT))
        assert received.newest(session, late, stage.now)
