"""The whole pack, recomputed by plain SQL from raw rows, on programmes made at random: every key it has, of
the week that runs and of each one at the moment when it closes."""

from dataclasses import replace

from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.digests import digests, summaries
from models.figures.weekly import WeekFigures
from tests.models.figures import recounting
from tests.models.figures.asking import Asked, differing
from tests.models.figures.chronicles import EVENTFUL, WEEK, Chronicle, chronicles
from tests.models.figures.playing import fill, play

CROWDED = replace(EVENTFUL, crowd=500)
several = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def known(engine: Engine, week: str, told: Chronicle) -> WeekFigures:
    with Session(engine) as session:
        return digests.known(session, week, told.programme)[0]


@several
@given(chronicles)
@example(EVENTFUL)
@example(CROWDED)
def test_every_figure_of_the_running_week_and_of_each_that_closes_is_what_plain_sql_counts(
    engine: Engine, told: Chronicle
) -> None:
    ask = Asked(engine)
    for week in play(engine, told):
        counted = recounting.week_of(ask, week, told.programme, over=week != WEEK)
        assert differing(known(engine, week, told), counted) == []


@several
@given(chronicles)
@example(EVENTFUL)
@example(replace(EVENTFUL, silent={0, 5, 8}))
def test_the_rank_of_an_agency_is_what_plain_sql_counts_within_its_band(
    engine: Engine, told: Chronicle
) -> None:
    fill(engine, replace(told, length=1))
    figures = known(engine, WEEK, told)
    expected = recounting.ranks(Asked(engine), WEEK)
    pages = {opd["code"]: summaries.page(figures, opd["code"]) for opd in figures["opd"]}
    assert expected == {code: (page["rank"], page["peers"]) for code, page in pages.items() if page}


def test_the_programme_that_is_always_tried_has_nothing_that_is_empty(engine: Engine) -> None:
    """Or the comparison above would say little."""
    fill(engine, EVENTFUL)
    with Session(engine) as session:
        found = digests.figures(session, WEEK, EVENTFUL.programme, over=True)
    empty = [name for name, value in found.items() if value in (0, None, [], {})]
    assert empty == []
    goal, opd = found["goal"], found["opd"]
    assert goal["falling"]
    assert goal["low"] is not None
    assert goal["high"] is not None
    assert goal["high"] - goal["low"] > 0.01
    assert len(found["trend"]) == 10, "two weeks without a release are left out of twelve"
    assert all(found["quality"].values())
    assert found["cohorts"]["new"]
    assert found["cohorts"]["stopped"]
    assert {"", "2026-11"} == {one["month"] for one in found["cohorts"]["months"]}
    assert {one["state"] for one in found["decisions"]} == {"open", "done"}
    assert [bool(one["active"]) for one in found["urgent"]] == [False, True]
    assert all(one["previous"] is not None for one in opd)
    assert len({one["participation"] for one in opd}) > 1
    assert {one["own_item"] for one in opd} == {one["ready"] for one in opd} == {True, False}
    assert len(found["small_teams"]) == len(opd) - 1
