"""Moving items from week to week, and what is refused of it."""

from typing import Any

import pytest

from models.content.content import Item
from models.programme.programme import Programme
from models.refused import Refused
from models.releases import plans
from tests import scene
from tests.chat import Chatter, Stage


def move(
    stage: Stage, by: Chatter, number: int, week: str, programme: Programme | None = None
) -> plans.Moved:
    with stage.session() as session, session.begin():
        person = scene.person(session, by)
        item = session.get_one(Item, number)
        return plans.move(session, item, week, person, stage.now, programme or stage.programme)


def swap(stage: Stage, by: Chatter, one: int, other: int, expected: tuple[str, str]) -> plans.Moved:
    with stage.session() as session, session.begin():
        pair = session.get_one(Item, one), session.get_one(Item, other)
        return plans.swap(session, *pair, expected, scene.person(session, by), stage.now, stage.programme)


def refusal(do: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        do(*arguments)
    return caught.value.key
