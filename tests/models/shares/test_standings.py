"""The one table of a share's states: no way around a person, and nothing after a withdrawal."""

import pytest

from models.shares import standings
from models.shares.standings import ACCEPTED, APPEALED, CLAIMED, RECEIVED, REJECTED, TRANSITIONS, WITHDRAWN

STATES = ("", CLAIMED, RECEIVED, ACCEPTED, REJECTED, APPEALED, WITHDRAWN)
ACTS = ("claim", "show", "pass", "accept", "reject", "appeal", "add", "withdraw")
EXPECTED = {
    "": {"claim": CLAIMED, "show": RECEIVED},
    CLAIMED: {"show": RECEIVED, "withdraw": WITHDRAWN},
    RECEIVED: {"pass": ACCEPTED, "accept": ACCEPTED, "reject": REJECTED, "withdraw": WITHDRAWN},
    ACCEPTED: {"accept": ACCEPTED, "reject": REJECTED, "withdraw": WITHDRAWN},
    REJECTED: {"appeal": APPEALED, "add": RECEIVED, "withdraw": WITHDRAWN},
    APPEALED: {"accept": ACCEPTED, "reject": REJECTED, "withdraw": WITHDRAWN},
    WITHDRAWN: {},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_pair_of_state_and_act_is_as_written(state: str, act: str) -> None:
    assert standings.after(state, act) == EXPECTED[state].get(act)


def test_the_program_alone_never_rejects() -> None:
    assert {after for (_, act), after in TRANSITIONS.items() if act == "pass"} == {ACCEPTED}
    assert {act for (_, act), after in TRANSITIONS.items() if after == REJECTED} == {"reject"}
