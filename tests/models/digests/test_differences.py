"""A correction names all that moved between two versions of a week, and is still read in seconds."""

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.texts import rendering
from models.digests import corrections, differences
from models.digests.corrections import Correction
from models.figures.snapshots import Digest
from models.programme.programme import Programme
from models.shares.shares import Share
from tests import counting, meeting, scene
from tests.chat import Chatter, Stage
from tests.meeting import WEEK


@pytest.fixture
def cast(stage: Stage) -> dict[str, Chatter]:
    """Siti has shared twice, Udin of another OPD once, when the week closes."""
    found = {"Siti": stage.person("Siti"), "Budi": stage.person("Budi")}
    found["Udin"] = stage.person("Udin", "DISDIK")
    scene.item(stage)
    scene.item(stage, "DISDIK", title="Beasiswa")
    scene.release(stage)
    meeting.share(found["Siti"], 1)
    meeting.share(found["Udin"], 2)
    found["Siti"].says("https://www.instagram.com/p/Cabc1234567/")
    meeting.close(stage)
    stage.later(hours=3)
    return found


def becomes(stage: Stage, who: Chatter, on: str = "x", **values: object) -> None:
    """Somebody's share on a platform is otherwise now."""
    with stage.session() as session, session.begin():
        theirs = (Share.person_id == who.person_id, Share.platform == on)
        session.execute(update(Share).where(*theirs).values(**values))


def proposed(stage: Stage, programme: Programme | None = None) -> Correction | None:
    with stage.session() as session:
        return corrections.proposed(session, WEEK, programme or stage.programme)


def changes(stage: Stage) -> dict[str, Any]:
    found = proposed(stage)
    assert found is not None
    return found.changes


def said(found: dict[str, Any]) -> list[str]:
    return [
        rendering.render(line["text"], line["params"], markup="plain") for line in differences.lines(found)
    ]


def test_a_platform_that_was_put_right_is_a_correction_of_its_own(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["Udin"], platform="facebook")
    found = changes(stage)
    assert found["platforms"] == [["facebook", 0, 1], ["x", 2, 1]]
    assert found["opd_other"] == ["Dinas DISDIK"]
    assert found["reach"][0] != found["reach"][1]
    assert "active" not in found
    assert "shares" not in found
    assert said(found)[1:] == [
        "• Facebook: 0 → 1 unggahan",
        "• X (Twitter): 2 → 1 unggahan",
        "• Rincian bukti atau kanal berubah juga di: Dinas DISDIK",
    ]


def test_a_share_less_of_somebody_who_stays_active_is_told_of_the_opd(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["Siti"], status="withdrawn")
    found = changes(stage)
    assert found["opd_shares"] == [["Dinas Kesehatan", 2, 1]]
    assert found["withdrawn"] == [0, 1]
    assert "opd" not in found
    assert "opd_other" not in found
    assert "• Dinas Kesehatan: 2 → 1 unggahan" in said(found)
    assert "• Bukti ditarik: 0 → 1" in said(found)


def test_platforms_that_moved_against_each_other_in_two_opd_are_told(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["Udin"], platform="instagram_feed")
    becomes(stage, cast["Siti"], "instagram_feed", platform="x")
    assert changes(stage) == {"opd_other": ["Dinas DISDIK", "Dinas Kesehatan"]}


def test_what_comes_late_is_told_with_what_counts_and_alone_is_no_correction(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    meeting.share(cast["Budi"], 9)
    with stage.session() as session, session.begin():
        mine = Share.person_id == cast["Budi"].person_id
        session.execute(update(Share).where(mine).values(week=WEEK, late=True))
    assert proposed(stage) is None
    becomes(stage, cast["Udin"], status="rejected")
    assert changes(stage)["late"] == [0, 1]
    assert "• Bukti datang setelah minggunya ditutup: 0 → 1" in said(changes(stage))


def test_another_guess_of_how_many_see_a_share_moves_no_closed_week(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    other = stage.programme.model_copy(update={"views": {"x": 1000}})
    assert proposed(stage, other) is None
    becomes(stage, cast["Siti"], status="accepted")  # what moves no platform moves no estimate
    found = proposed(stage, other)
    assert found is not None
    assert found.changes == {"accepted": [0, 1], "waiting": [3, 2], "opd_other": ["Dinas Kesehatan"]}


def test_a_snapshot_of_before_some_figures_existed_is_compared_in_what_it_knows(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        digest = session.scalars(select(Digest)).one()
        known = ("quality", "reach", "shares", "proofs")
        older = {name: value for name, value in digest.figures.items() if name not in known}
        parts = ("shares", "platforms", "quality")
        older["opd"] = [{k: v for k, v in opd.items() if k not in parts} for opd in older["opd"]]
        digest.figures = older
    assert proposed(stage) is None
    becomes(stage, cast["Udin"], status="rejected")
    assert changes(stage) == {
        "active": [2, 1], "platforms": [["x", 2, 1]], "opd": [["Dinas DISDIK", 1, 0]],
    }  # fmt: skip


def test_the_opd_are_read_once(stage: Stage, cast: dict[str, Chatter]) -> None:
    becomes(stage, cast["Udin"], status="rejected")
    with stage.session() as session, counting.statements(stage.engine) as asked:
        corrections.proposed(session, WEEK, stage.programme)
    assert sum("FROM opd" in " ".join(one.statement.split()) for one in asked) == 1


def test_of_many_that_moved_those_are_named_that_moved_most() -> None:
    found = {
        "platforms": [["x", 1, 2], ["tiktok", 5, 1], ["youtube", 3, 5], ["threads", 9, 3], ["other", 1, 2]],
        "opd": [[f"Dinas {n}", 10, 10 - n] for n in range(1, 5)],
        "opd_shares": [[f"Badan {n}", 10, 10 + n] for n in range(1, 5)],
        "opd_other": [f"Kantor {n}" for n in range(1, 9)],
    }
    assert said(found) == [
        "• Threads: 9 → 3 unggahan",
        "• TikTok: 5 → 1 unggahan",
        "• YouTube: 3 → 5 unggahan",
        "• dan 2 kanal lain",
        "• Dinas 4: 10 → 6 ASN yang berbagi",
        "• Dinas 3: 10 → 7 ASN yang berbagi",
        "• Dinas 2: 10 → 8 ASN yang berbagi",
        "• Dinas 1: 10 → 9 ASN yang berbagi",
        "• Badan 4: 10 → 14 unggahan",
        "• dan 3 OPD lain",
        "• Rincian bukti atau kanal berubah juga di: Kantor 1, Kantor 2, dan Kantor 3\n  serta 5 OPD lain",
    ]


def test_a_snapshot_of_before_says_what_it_said() -> None:
    older = {"active": [9, 8], "rejected": [0, 1], "opd": [["Dinas Kesehatan", 4, 3]]}
    assert said(older) == [
        "• ASN yang berbagi: 9 → 8",
        "• Bukti ditolak: 0 → 1",
        "• Dinas Kesehatan: 4 → 3 ASN yang berbagi",
    ]
