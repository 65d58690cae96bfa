"""A correction in chat: only platforms, and what the PPID teams hear of their own OPD."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.digests import packs
from models.figures import snapshots
from models.messages.outbox import Outbound
from models.shares.shares import Share
from tests import meeting, scene
from tests.chat import Chatter, Heard, Stage
from tests.meeting import WEEK
from tests.scene import Group


@pytest.fixture
def cast(stage: Stage) -> dict[str, Chatter]:
    """A controller with a bound group, an editor of each of two OPD, and somebody of each who has shared."""
    found = {"boss": stage.person("Bu Kepala", "BAPPEDA", role="controller")}
    for opd in ("DINKES", "DISDIK"):
        found[f"editor {opd}"] = stage.person(f"Editor {opd}", opd, role="editor")
        found[opd] = stage.person(f"Pegawai {opd}", opd)
    Group(stage).hears(found["boss"], "/rabuan")
    scene.item(stage)
    scene.item(stage, "DISDIK", title="Beasiswa")
    scene.release(stage)
    for number, opd in enumerate(("DINKES", "DISDIK"), 1):
        meeting.share(found[opd], number)
    meeting.announce(stage, meeting.close(stage))
    stage.later(hours=3)
    return found


def becomes(stage: Stage, who: Chatter, **values: object) -> None:
    with stage.session() as session, session.begin():
        session.execute(update(Share).where(Share.person_id == who.person_id).values(**values))


def corrects(boss: Chatter) -> list[Heard]:
    boss.says("/koreksi 48")
    return boss.presses("Buat versi baru")


def news(who: Chatter) -> list[Heard]:
    return [heard for heard in who.hears() if heard.row.body["text"] == "correction.team"]


def test_a_platform_alone_is_proposed_and_told(stage: Stage, cast: dict[str, Chatter]) -> None:
    becomes(stage, cast["DINKES"], platform="facebook")
    (shown,) = cast["boss"].says("/koreksi 48")
    assert "• Facebook: 0 → 1 unggahan\n• X (Twitter): 2 → 1 unggahan" in shown.text
    cast["boss"].presses("Buat versi baru")
    (told,) = [heard for heard in stage.heard(-1001) if "dikoreksi (versi 2)" in heard.text]
    assert "• Facebook: 0 → 1 unggahan" in told.text
    (own,) = news(cast["editor DINKES"])
    assert "• Facebook: 0 → 1 unggahan" in own.text


def test_the_team_of_the_opd_hears_what_its_figures_were_and_are_and_opens_its_page(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["DINKES"], status="rejected")
    (shown,) = cast["boss"].says("/koreksi 48")
    assert "tim PPID yang angka OPD-nya berubah" in shown.text
    cast["boss"].presses("Buat versi baru")
    (told,) = news(cast["editor DINKES"])
    assert told.text == (
        "Dinas Kesehatan · minggu 48 (25 Nov – 2 Des 2026)\n"
        "Angka OPD Anda dikoreksi (versi 2):\n"
        "• ASN yang berbagi: 1 → 0\n"
        "• Unggahan berbukti: 1 → 0\n"
        "• Bukti sedang diperiksa: 1 → 0\n"
        "• Bukti ditolak: 0 → 1\n"
        "• X (Twitter): 1 → 0 unggahan\n\n"
        "Sekarang 0% sudah berbagi: 0 dari 2 ASN"
    )
    page = cast["editor DINKES"].presses("Lihat halaman OPD")[0]
    assert page.text.startswith("Dinas Kesehatan · minggu 48")
    assert "0% sudah berbagi: 0 dari 2 ASN" in page.text
    rows = scene.rows(stage, Outbound.key.startswith(f"digest:{WEEK}:2:"))
    assert rows[0].key == told.key, "before anybody else"


def test_a_team_whose_figures_did_not_change_hears_nothing_though_its_rank_did(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["DINKES"], status="rejected")
    corrects(cast["boss"])
    assert news(cast["editor DISDIK"]) == []
    assert news(cast["DINKES"]) == [], "who is not of the team"
    assert len(news(cast["editor DINKES"])) == 1


def test_of_each_version_a_team_hears_once(stage: Stage, cast: dict[str, Chatter]) -> None:
    becomes(stage, cast["DINKES"], status="rejected")
    corrects(cast["boss"])
    with stage.session() as session, session.begin():
        digest = snapshots.newest(session, WEEK)
        assert digest is not None
        packs.correct(session, digest, stage.now, stage.programme)
    assert len(news(cast["editor DINKES"])) == 1
    becomes(stage, cast["DINKES"], status="accepted")
    corrects(cast["boss"])
    assert "• ASN yang berbagi: 0 → 1" in news(cast["editor DINKES"])[1].text


def test_at_night_a_team_is_left_alone_until_the_morning(stage: Stage, cast: dict[str, Chatter]) -> None:
    stage.now = stage.now.astimezone(stage.programme.zone).replace(hour=21)
    becomes(stage, cast["DINKES"], status="rejected")
    corrects(cast["boss"])
    (told,) = news(cast["editor DINKES"])
    assert told.row.due_at - stage.now >= timedelta(hours=9)
    with stage.session() as session:
        group = select(Outbound).where(Outbound.key == f"digest:{WEEK}:2:correction:telegram:-1001")
        assert session.scalars(group).one().due_at == stage.now
