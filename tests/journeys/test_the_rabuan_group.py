"""The Rabuan group: from the invitation to the pack on Wednesday morning."""

import pytest

from models.digests import digests, packs
from models.figures.snapshots import Digest
from models.messages import outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from tests import scene
from tests.chat import Stage
from tests.scene import Group

pytestmark = pytest.mark.telegram_alone("it has no groups")
WEEK = "2026-W48"


def wednesday_morning(stage: Stage) -> Digest:
    """What the clock does when a week closes."""
    stage.now = weeks.closing(WEEK, stage.programme)
    with stage.session() as session, session.begin():
        digest = digests.close(session, WEEK, stage.now, stage.programme)
        packs.announce(session, digest, stage.now, stage.programme, late=False)
        return digest


def test_a_group_is_bound_and_gets_the_pack(stage: Stage) -> None:
    boss, siti = stage.person("Bu Kepala", "BAPPEDA", role="controller"), stage.person("Siti")
    group = Group(stage)
    assert "Mohon petugas yang berwenang mengetik /rabuan" in group.invites(siti)[0].text
    assert group.hears(siti, "/rabuan")[0].key.endswith(":refused")
    assert "Grup ini sekarang terhubung." in group.hears(boss, "/rabuan")[0].text

    scene.item(stage)
    scene.release(stage)
    siti.says("https://youtu.be/dQw4w9WgXcQ")
    assert "Sementara" in group.hears(boss, "/rekap")[0].text

    digest = wednesday_morning(stage)
    pack, *files = stage.heard(group.chat)[-4:]
    assert pack.text.startswith("50% ASN sudah berbagi\n1 dari 2\n")
    assert "\nMinggu 48 (25 Nov – 2 Des)\n" in pack.text
    assert [one.row.body["report"] for one in files] == [
        f"digest-{name}:{digest.id}" for name in ("chart", "workbook", "paper")
    ]

    stage.later(hours=2)
    siti.says("https://x.com/siti/status/1860012345678901234")
    again = group.hears(boss, "/rekap 48")[0]
    assert again.text == pack.text  # the same figures whenever it is asked for again


def test_a_group_that_moves_and_leaves(stage: Stage) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    group = Group(stage)
    group.hears(boss, "/rabuan")
    group.moves(-1009)
    wednesday_morning(stage)
    assert stage.heard(-1009)[-4].text.startswith("0% ASN sudah berbagi")
    group.removes(boss)
    assert scene.statuses(stage, Outbound.address == "-1009") == {outbox.CANCELLED: 5}
    stage.now = weeks.closing("2026-W49", stage.programme)
    with stage.session() as session, session.begin():
        digest = digests.close(session, "2026-W49", stage.now, stage.programme)
        assert packs.announce(session, digest, stage.now, stage.programme, late=False) == 0
