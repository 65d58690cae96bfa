"""Path, forecast and alarm: arithmetic on a few numbers."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from models.digests import digests
from models.figures import forecasts
from models.figures.weekly import TrendPoint
from models.programme import weeks
from models.programme.programme import Programme

JAMBI = Programme()  # from 2026-W48, half of the roster within three months
TARGET = digests.target_date(JAMBI)


def trend(*shares: float, last: str = "2026-W52") -> list[TrendPoint]:
    names = [weeks.shift(last, -back) for back in range(len(shares) - 1, -1, -1)]
    return [{"week": name, "participation": share} for name, share in zip(names, shares, strict=True)]


def test_the_path_runs_straight_from_nothing_to_the_target() -> None:
    found = [forecasts.path(weeks.shift("2026-W48", n), TARGET, JAMBI) for n in range(-1, 16)]
    assert found[0] == 0
    steps = [round(after - before, 4) for before, after in pairwise(found[:14])]
    assert len(set(steps)) == 1
    assert found[14] == found[15] == JAMBI.target_participation, "and stays there"


@pytest.mark.parametrize("known", [1, 2, 3])
def test_with_few_weeks_there_is_no_forecast(known: int) -> None:
    found = forecasts.goal(trend(*[0.2] * known), TARGET, JAMBI)
    assert (found["value"], found["low"], found["high"]) == (None, None, None)


def logistic(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def test_weeks_on_the_curve_are_carried_on() -> None:
    found = forecasts.goal(trend(*(logistic(-2 + 0.15 * n) for n in range(5))), TARGET, JAMBI)
    left = (TARGET - date(2026, 12, 30)).days / 7  # the week 2026-W52 closes on 30 December
    assert found["value"] == pytest.approx(logistic(-1.4 + 0.15 * left), abs=1e-6)


def test_four_equal_weeks_are_no_promise_that_it_stays_so() -> None:
    found = forecasts.goal(trend(*[0.48] * 4), TARGET, JAMBI)
    weeks_ahead = 1.5 + (TARGET - date(2026, 12, 30)).days / 7  # from the middle of the four
    wide = 1.886 * 0.1 * (1 + 1 / 4 + weeks_ahead**2 / 5) ** 0.5
    odds = np.log(0.48 / 0.52)
    assert found["value"] == pytest.approx(0.48, abs=1e-6)
    assert found["low"] == pytest.approx(logistic(odds - wide), abs=1e-6)
    assert found["high"] == pytest.approx(logistic(odds + wide), abs=1e-6)
    assert (found["low"] or 1) < 0.4


def test_the_more_it_wavers_the_wider_the_range() -> None:
    def wide(waver: float) -> float:
        found = forecasts.goal(trend(*(0.3 + waver * (-1) ** n for n in range(6))), TARGET, JAMBI)
        assert found["value"] is not None
        assert found["low"] is not None
        assert found["high"] is not None
        assert found["low"] <= found["value"] <= found["high"]
        return found["high"] - found["low"]

    assert wide(0.01) < wide(0.03) < wide(0.06)


def test_the_range_is_the_textbooks_80_percent_prediction_interval() -> None:
    """Recomputed by the normal equations with numpy, and the quantile 1.533 of t with four degrees."""
    shares = [0.21, 0.26, 0.24, 0.31, 0.29, 0.33]
    found = forecasts.goal(trend(*shares), TARGET, JAMBI)
    days = np.array(
        [weeks.wednesday(weeks.shift("2026-W52", 1)).toordinal() - 7 * n for n in range(5, -1, -1)]
    )
    matrix = np.stack([np.ones(6), days - days[0]], axis=1)
    odds = np.log(np.array(shares) / (1 - np.array(shares)))
    solved, rest, *_ = np.linalg.lstsq(matrix, odds, rcond=None)
    there = np.array([1, TARGET.toordinal() - days[0]])
    error = np.sqrt(rest[0] / 4 * (1 + there @ np.linalg.inv(matrix.T @ matrix) @ there))
    assert found["value"] == pytest.approx(logistic(there @ solved), abs=1e-5)
    assert found["low"] == pytest.approx(logistic(there @ solved - 1.533 * error), abs=1e-5)
    assert found["high"] == pytest.approx(logistic(there @ solved + 1.533 * error), abs=1e-5)


@pytest.mark.parametrize("shares", [(0.1, 0.3, 0.5, 0.7, 0.85), (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0, 1.0)])
def test_a_forecast_never_promises_everybody_and_never_gives_up(shares: tuple[float, ...]) -> None:
    steep = forecasts.goal(trend(*shares), TARGET, JAMBI)
    assert steep["low"] is not None
    assert steep["high"] is not None
    assert 0.005 <= steep["low"] <= steep["high"] <= 0.995


def test_weeks_at_nothing_do_not_stop_a_forecast_years_ahead() -> None:
    patient = Programme(target_months=60)
    found = forecasts.goal(trend(0.6, 0.5, 0.0, 0.0), digests.target_date(patient), patient)
    assert found["low"] == 0.005


def test_a_forecast_ends_with_the_targets_day() -> None:
    after = forecasts.goal(trend(*[0.5] * 6, last="2027-W09"), TARGET, JAMBI)
    assert after["value"] is None


BEFORE = [0.52, 0.5, 0.51, 0.5]


@pytest.mark.parametrize(
    ("newest", "last", "alarm"),
    [
        ([0.44, 0.43], "2027-W09", True),
        ([0.49, 0.48], "2027-W09", False),  # within what the programme bears
        ([0.55, 0.56], "2027-W09", False),
        ([0.44, 0.43], "2027-W07", False),  # month three: the alarm is for month four and later
        ([0.44, 0.43], "2027-W30", True),
    ],
)
def test_a_fall_in_month_four_or_later_is_an_alarm(newest: list[float], last: str, alarm: bool) -> None:
    assert forecasts.goal(trend(*BEFORE, *newest, last=last), TARGET, JAMBI)["falling"] is alarm


def test_one_bad_week_is_no_alarm() -> None:
    assert not forecasts.falling(trend(*BEFORE, 0.5, 0.46, last="2027-W12"), "2027-W12", JAMBI)


def test_a_week_without_a_release_changes_neither_forecast_nor_alarm() -> None:
    steady = [0.3, 0.32, 0.31, 0.33, 0.34, 0.33]
    known = forecasts.goal(trend(*steady), TARGET, JAMBI)
    silent = forecasts.goal(trend(*steady, 0.0, last="2026-W53"), TARGET, JAMBI, counts=False)
    assert [silent[name] for name in ("value", "low", "high")] == [
        known[name] for name in ("value", "low", "high")
    ]
    assert silent["path"] > known["path"], "the path goes on"
    late = trend(*BEFORE, 0.5, 0.0, last="2027-W12")
    assert forecasts.goal(late, TARGET, JAMBI)["falling"], "as it would be if somebody could have shared"
    late = trend(*BEFORE, 0.5, 0.49, 0.0, last="2027-W12")
    assert not forecasts.goal(late, TARGET, JAMBI, counts=False)["falling"]


def test_the_first_week_without_a_release_knows_no_forecast() -> None:
    found = forecasts.goal(trend(0.0), TARGET, JAMBI, counts=False)
    assert (found["value"], found["falling"]) == (None, False)
