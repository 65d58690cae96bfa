"""A closed week: frozen, sent once, compared with its like."""

from datetime import date
from typing import cast

import pytest
from sqlalchemy import update

from models.content import states
from models.content.content import Item
from models.digests import digests, packs, summaries
from models.figures import figures
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.messages import conversations, outbox
from models.messages.outbox import Outbound
from models.programme import weeks
from models.programme.programme import Programme
from tests import counting, scene
from tests.chat import Stage

WEEK = "2026-W48"
JAMBI = Programme()


def close(stage: Stage, week: str = WEEK) -> Digest:
    with stage.session() as session, session.begin():
        return digests.close(session, week, stage.now, stage.programme)


def a_week(stage: Stage) -> int:
    """A released week in which one of two has shown a share; the item."""
    siti = stage.person("Siti")
    stage.person("Budi")
    item = scene.item(stage)
    scene.release(stage)
    siti.says("https://x.com/siti/status/1860012345678901234")
    return item


def test_a_closed_week_stays_what_it_was(stage: Stage) -> None:
    item = a_week(stage)
    stage.now = weeks.closing(WEEK, stage.programme)
    first = close(stage)
    assert (first.figures["active"], first.figures["roster"]) == (1, 2)
    stage.person("Rina").says("https://x.com/rina/status/1860012345678901235")
    again = close(stage)
    assert (again.id, again.version, again.figures) == (first.id, 1, first.figures)
    with stage.session() as session:
        assert session.get_one(Item, item).status == states.CLOSED


def test_a_card_that_is_still_on_its_way_when_the_week_closes_was_not_received(stage: Stage) -> None:
    a_week(stage)
    with stage.session() as session, session.begin():
        session.execute(update(Outbound).where(Outbound.part == "card").values(status=outbox.QUEUED))
        running = digests.figures(session, WEEK, stage.programme)
    assert (running["received"], running["not_received"]) == (0, 0), "nothing has gone out yet"
    stage.now = weeks.closing(WEEK, stage.programme)
    frozen = close(stage).figures
    assert (frozen["received"], frozen["not_received"]) == (0, 2)


def test_late_proof_changes_no_figure_but_its_own(stage: Stage) -> None:
    a_week(stage)
    budi = stage.person("Udin")
    with stage.session() as session:
        before = digests.figures(session, WEEK, stage.programme)
    stage.sent()
    stage.now = weeks.closing(WEEK, stage.programme)
    assert "terlambat" in budi.says("https://x.com/udin/status/1860012345678901236")[-1].text
    with stage.session() as session:
        after = digests.figures(session, WEEK, stage.programme)
    assert (after["active"], after["shares"]) == (before["active"], before["shares"])
    assert after["proofs"] == {**before["proofs"], "late": 1}


def test_a_snapshot_says_beside_its_figures_what_a_trend_reads(stage: Stage) -> None:
    silent = close(stage, "2026-W47")
    assert (silent.participation, silent.released) == (0.0, False)
    a_week(stage)
    stage.now = weeks.closing(WEEK, stage.programme)
    told = close(stage)
    assert (told.participation, told.released) == (told.figures["participation"], True) == (0.5, True)


def test_of_the_weeks_before_all_figures_are_read_of_the_newest_alone(stage: Stage) -> None:
    a_week(stage)
    with stage.session() as session, session.begin():
        for number in range(37, 48):
            figures = {"participation": 0.4, "opd": [{"code": "DINKES", "participation": number / 100}]}
            session.add(Digest(week=f"2026-W{number}", version=1, figures=figures, at=stage.now))
    with stage.session() as session, counting.statements(stage.engine) as asked:
        found = digests.figures(session, WEEK, stage.programme, over=True)
    assert (len(found["trend"]), found["opd"][0]["previous"]) == (12, 0.47)
    whole = [one for one in asked if "digest.figures" in one.statement]
    assert len(whole) == 1
    assert "digest.id = " in whole[0].statement


def test_the_trend_is_read_from_snapshots_and_ends_with_the_week(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        for number, week in enumerate(["2026-W35", "2026-W46", "2026-W47"]):
            session.add(Digest(week=week, version=1, figures={"participation": number / 10}, at=stage.now))
        session.add(Digest(week="2026-W47", version=2, figures={"participation": 0.4}, at=stage.now))
    a_week(stage)
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme, over=True)
    assert [(point["week"], point["participation"]) for point in found["trend"]] == [
        ("2026-W46", 0.1),  # thirteen weeks ago is beyond the trend of twelve
        ("2026-W47", 0.4),  # the newest version counts
        (WEEK, 0.5),
    ]
    assert found["previous"] == 0.4


def test_a_week_without_a_release_is_left_out_of_trend_forecast_alarm_and_comparison(stage: Stage) -> None:
    """As after Lebaran: six steady weeks, one without a release, and the next with one."""
    stage.programme = stage.programme.model_copy(update={"started": "2026-W20"})  # month four is over
    shares = {f"2026-W{number}": 0.5 for number in range(41, 47)}
    with stage.session() as session, session.begin():
        for week, share in shares.items():
            session.add(Digest(week=week, version=1, figures={"participation": share}, at=stage.now))
        silent = digests.close(session, "2026-W47", stage.now, stage.programme)
    assert (silent.figures["released"], silent.figures["previous"]) == (False, None)
    assert silent.figures["goal"]["falling"] is False
    a_week(stage)
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme, over=True)
    assert [point["week"] for point in found["trend"]] == [*shares, WEEK]
    assert found["previous"] == 0.5
    assert found["goal"]["falling"] is False


def test_a_week_that_is_not_over_is_compared_with_none_and_raises_no_alarm(stage: Stage) -> None:
    """Six steady weeks, and a Thursday on which hardly anybody could have shared already."""
    stage.programme = stage.programme.model_copy(update={"started": "2026-W20"})  # month four is over
    figures = {"participation": 0.9, "opd": [{"code": "DINKES", "participation": 0.9}]}
    with stage.session() as session, session.begin():
        for number in range(42, 48):
            session.add(Digest(week=f"2026-W{number}", version=1, figures=figures, at=stage.now))
    a_week(stage)
    stage.programme = stage.programme.model_copy(update={"target_months": 12})
    with stage.session() as session:
        running = digests.figures(session, WEEK, stage.programme)
        over = digests.figures(session, WEEK, stage.programme, over=True)
    assert (running["previous"], running["opd"][0]["previous"]) == (None, None)
    assert (over["previous"], over["opd"][0]["previous"]) == (0.9, 0.9)
    assert (running["goal"]["falling"], over["goal"]["falling"]) == (False, True)
    assert running["goal"]["value"] == pytest.approx(0.9, abs=1e-6), "as the six weeks before say"
    assert (over["goal"]["value"] or 1) < 0.8
    assert running["goal"]["path"] == over["goal"]["path"] > 0
    assert running["trend"] == over["trend"]
    assert running["trend"][-1] == {"week": WEEK, "participation": 0.5}


def test_who_shared_before_a_week_without_a_release_and_after_it_has_not_stopped(stage: Stage) -> None:
    """Siti shares in W48; W49 and W50 have no release."""
    a_week(stage)
    for week in (WEEK, "2026-W49", "2026-W50"):
        stage.now = weeks.closing(week, stage.programme)
        found = close(stage, week).figures
        assert (week, found["cohorts"]["stopped"]) == (week, 0)


def test_the_pack_of_a_week_without_a_release_says_so_and_names_nobody(stage: Stage) -> None:
    stage.person("Siti")
    stage.now = weeks.closing(WEEK, stage.programme)
    digest = close(stage)
    said = summaries.pack(digest, late=True)[0].params
    assert said["notes"] == [{"text": "digest.no_release"}]
    assert (said["best"], said["weakest"]) == ("", "")
    found = cast(WeekFigures, digest.figures)
    page = summaries.page(found, "DINKES")
    assert page is not None
    assert (page["named"], page["note"]) == ("", {"text": "digest.no_release"})


def test_in_a_week_that_is_not_over_no_opd_has_been_named_in_the_pack(stage: Stage) -> None:
    a_week(stage)
    stage.person("Rina", "DISDIK")
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    running, over = (summaries.page(found, "DISDIK", running=running) for running in (True, False))
    assert running is not None
    assert over is not None
    assert (running["named"], over["named"]) == ("", {"text": "digest.named"})
    assert (running["note"], over["note"]) == ({"text": "digest.provisional"}, "")


def test_readiness_counts_the_opd_that_have_people(stage: Stage) -> None:
    a_week(stage)
    stage.person("Rina", "DISDIK")
    stage.agency("KOSONG", "Dinas tanpa ASN")
    scene.item(stage, "DISDIK", week="2026-W49", title="Beasiswa")
    scene.item(stage, "DINKES", week="2026-W49", title="Belum", status=states.SUBMITTED)
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    assert (found["ready"], found["agencies"], found["lacking"]) == (1, 2, ["Dinas Kesehatan"])
    assert found["waiting_review"] == 1


@pytest.mark.parametrize(("roster", "band"), [(1, "small"), (149, "small"), (150, "middle"), (500, "big")])
def test_an_opd_is_compared_with_those_of_its_size(roster: int, band: str) -> None:
    assert figures.band(roster) == band


def test_the_target_date_is_three_months_after_the_start() -> None:
    assert digests.target_date(Programme(started="2026-W48")) == date(2027, 2, 25)
    assert digests.target_date(Programme(started="2026-W48", target_months=14)) == date(2028, 1, 25)


def test_the_pack_goes_to_every_bound_group_once(stage: Stage) -> None:
    a_week(stage)
    with stage.session() as session, session.begin():
        for address in ("-100", "-200"):
            conversations.bind(session, "telegram", address, "Rabuan", None, stage.now)
    stage.now = weeks.closing(WEEK, stage.programme)
    digest = close(stage)
    for _ in range(2):
        with stage.session() as session, session.begin():
            assert packs.announce(session, digest, stage.now, stage.programme, late=False) == 2
    rows = scene.rows(stage, Outbound.key.startswith("digest:"))
    assert [(row.address, row.body.get("report", "")) for row in rows] == [
        (address, report and f"{report}:{digest.id}")
        for address in ("-100", "-200")
        for report in ("", "digest-chart", "digest-workbook", "digest-paper")
    ]


def test_the_page_of_an_opd_ranks_it_among_its_peers(stage: Stage) -> None:
    a_week(stage)
    stage.person("Rina", "DISDIK")
    with stage.session() as session:
        found = digests.figures(session, WEEK, stage.programme)
    page = summaries.page(found, "DISDIK")
    assert page is not None
    assert (page["rank"], page["peers"], page["active"], page["roster"]) == (2, 2, 0, 1)
    assert summaries.page(found, "TIDAKADA") is None
