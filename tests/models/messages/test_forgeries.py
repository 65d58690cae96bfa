"""Refused calls of webhooks: the admins are told of many, once an hour at the most."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.messages import forgeries
from models.messages.forgeries import Alarm, Refusal
from models.messages.outbox import Outbound
from models.people.roles import Role
from tests.chat import Stage

ALARM = Alarm(20, timedelta(minutes=10))


@pytest.fixture(autouse=True)
def people(stage: Stage) -> None:
    """An admin, a controller, and somebody who takes part."""
    names = {"Ani Admin": "admin", "Kiki Kontrol": "controller", "Siti Rahma": ""}
    for name, role in names.items():
        who = stage.person(name)
        with stage.session() as session, session.begin():
            if role:
                session.add(Role(person_id=who.person_id, role=role, at=stage.now))


def refused(stage: Stage, **number: int) -> int:
    with stage.session() as session, session.begin():
        return forgeries.note(session, stage.now, number, ALARM)


def told(stage: Stage) -> Iterable[dict[str, object]]:
    with stage.session() as session:
        chosen = select(Outbound.body).where(Outbound.key.startswith(forgeries.ABOUT)).order_by(Outbound.id)
        return session.scalars(chosen).all()


def test_few_are_nobodys_business(stage: Stage) -> None:
    assert refused(stage, whatsapp=10, telegram=9) == 0
    assert told(stage) == []


def test_many_are_told_to_the_admins_alone_with_the_numbers_of_each_channel(stage: Stage) -> None:
    refused(stage, whatsapp=15)
    stage.later(minutes=9)
    assert refused(stage, whatsapp=1, telegram=4) == 1
    params = {"minutes": 10, "whatsapp": 16, "telegram": 4}
    assert told(stage) == [{"text": "webhooks.refused", "params": params}]


def test_what_is_longer_ago_does_not_count(stage: Stage) -> None:
    refused(stage, whatsapp=19)
    stage.later(minutes=10)
    assert refused(stage, whatsapp=19) == 0


def test_a_flood_is_told_once_an_hour(stage: Stage) -> None:
    for _ in range(125):
        refused(stage, telegram=1000)
        stage.later(minutes=1)
    assert len(list(told(stage))) == 3


def test_counts_of_yesterday_are_not_kept(stage: Stage) -> None:
    refused(stage, whatsapp=3)
    stage.later(days=1, minutes=1)
    refused(stage, whatsapp=4)
    with stage.session() as session:
        assert session.scalars(select(func.sum(Refusal.number))).one() == 4
