"""`/langganan`: the pack one to one, on and off."""

import pytest

from tests import meeting
from tests.chat import Chatter, Stage
from tests.scene import Group


def packs(stage: Stage, who: Chatter) -> int:
    """How often somebody got the pack one to one."""
    return sum(heard.row.body["text"] == "digest.summary" for heard in who.hears() if heard.row.body)


@pytest.fixture
def leader(stage: Stage) -> Chatter:
    return stage.person("Pak Gubernur", "SETDA", role="leader")


def test_who_stops_gets_it_no_more_until_they_want_it_again(stage: Stage, leader: Chatter) -> None:
    group = Group(stage)
    group.hears(stage.person("Bu Kepala", "BAPPEDA", role="controller"), "/rabuan")
    (now,) = leader.says("/langganan")
    assert list(now.actions) == ["Berhenti menerima"]
    assert "dibuka kapan saja dengan /rekap lalu." in now.text
    (stopped,) = leader.presses("Berhenti menerima")
    assert (stopped.op, list(stopped.actions)) == ("edit", ["Terima lagi"])
    assert "tidak lagi dikirim" in leader.presses("", action="pack.stop")[0].text, "pressed twice it is so"
    meeting.announce(stage, meeting.close(stage))
    assert packs(stage, leader) == 0
    assert [heard for heard in stage.heard(group.chat) if heard.row.body["text"] == "digest.summary"]
    assert "tidak menerima" in leader.says("/langganan")[0].text
    leader.says("1")  # the button may be typed
    meeting.announce(stage, meeting.close(stage, "2026-W49"))
    assert packs(stage, leader) == 1


@pytest.mark.parametrize("role", ["", "editor"])
def test_who_may_not_read_the_pack_has_nothing_to_turn(stage: Stage, role: str) -> None:
    other = stage.person("Udin", role=role)
    assert other.says("/langganan")[0].key.endswith(":refused")
    for action in ("pack.stop", "pack.resume"):
        assert other.presses("", action=action)[0].key.endswith(":refused")
