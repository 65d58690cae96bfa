"""What tests of recognition begin with."""

import pytest

from tests import honouring
from tests.chat import Chatter, Stage
from tests.honouring import PROGRAMME, WEEKS


@pytest.fixture
def town(stage: Stage, tini: Chatter, budi: Chatter) -> dict[str, Chatter]:
    """Two steady people, a scored item, a controller of another OPD, and a list."""
    stage.programme = PROGRAMME
    people = {"siti": stage.person("Siti"), "wati": stage.person("Wati"), "budi": budi, "tini": tini}
    for week in WEEKS[:2]:
        made = honouring.play(stage, week, (people["siti"], 10), (people["wati"], 20))
    honouring.scored(stage, made["DINKES"], tini, 4, 4)
    honouring.scored(stage, made[""], tini, 4, 4)
    honouring.make(stage)
    return people
