"""The Wednesday picture: right, legible, the same for the same figures."""

import io
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from bot.reports import chart, drawing
from bot.reports.drawing import GOOD, INK, LOW, MUTED, RANGE, TRACK
from bot.texts import rendering
from models.digests import summaries
from models.figures import figures as counted
from models.figures.weekly import WeekFigures
from models.shares import shares
from tests.bot.reports import reference, sample
from tests.bot.reports.reference import Pixels

BIG_BAR = 384  # a row of pixels in the middle of the participation bar
LEFT, ROOM = 60, 960
BLOCK = 20  # pixels: about a letter


def pixels(figures: WeekFigures) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(chart.digest_chart(figures))).convert("RGB"))


def of_color(row: Pixels, color: str) -> int:
    wanted = np.array([round(part * 255) for part in to_rgb(color)])
    return int((np.abs(row.astype(int) - wanted).max(axis=-1) <= 3).sum())


def luminance(color: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def reached(share: float) -> WeekFigures:
    figures = sample.week()
    figures["participation"], figures["active"] = share, round(figures["roster"] * share)
    figures["trend"][-1]["participation"] = share
    return figures


def test_the_picture_is_as_wide_as_a_phone_and_not_too_tall() -> None:
    height, width, _ = pixels(sample.week()).shape
    assert width == 1080
    assert 1080 < height < 1920


def test_the_picture_is_the_one_that_was_looked_at() -> None:
    kept = reference.kept(reference.CHART)
    drawn = pixels(sample.demo())
    assert drawn.shape == kept.shape
    assert np.abs(drawn.astype(int) - kept).mean() < 0.5
    assert reference.differing(drawn, kept, BLOCK) == 0


@pytest.mark.parametrize("change", ["name", "forecast", "path", "trend"])
def test_a_picture_that_lost_something_is_not_the_same(change: str) -> None:
    figures: Any = sample.demo()
    if change == "name":
        figures["opd"][0]["name"] = "Biro Administrasi Pemimpin"
    elif change == "forecast":
        figures["goal"]["high"] += 0.05
    elif change == "path":
        figures["goal"]["path"] += 0.05
    else:
        figures["trend"][2]["participation"] += 0.05
    kept = reference.kept(reference.CHART)
    assert reference.differing(pixels(figures), kept, BLOCK) > 0


def test_in_a_week_without_a_release_no_opd_is_named_as_needing_help() -> None:
    figures: Any = sample.demo()
    figures["released"] = False
    without = pixels(figures)
    for opd in figures["opd"]:
        opd["name"], opd["participation"] = "Dinas Lain", 0.0
    assert np.array_equal(pixels(figures), without)
    assert of_color(without[480:], LOW) == 0
    assert without.shape[0] < pixels(sample.demo()).shape[0]


def trend_of(figures: Any) -> Pixels:
    """The plot of the trend panel, without its legend."""
    return pixels(figures)[600:800]


def test_the_forecast_is_a_range_and_ends_where_it_says() -> None:
    figures: Any = sample.demo()
    drawn = trend_of(figures)
    wedge = [of_color(drawn[:, x], RANGE) for x in range(600, 950, 50)]
    assert wedge == sorted(wedge)
    assert wedge[-1] >= 25
    figures["goal"]["low"] = figures["goal"]["high"] = figures["goal"]["value"] = None
    assert of_color(trend_of(figures), RANGE) < 50  # at the edges of letters
    assert pixels(figures).shape == pixels(sample.demo()).shape


def test_the_path_ends_on_the_target_on_its_day() -> None:
    figures: Any = sample.demo()
    with_path = pixels(figures)
    del figures["goal"]
    assert pixels(figures).shape[0] < with_path.shape[0]  # a snapshot of before there was a goal
    figures = sample.demo()
    figures["goal"]["path"] = figures["target"]  # flat: it lies on the line of the target
    flat = pixels(figures)
    apart = np.abs(with_path.astype(int) - flat).max(axis=-1) > 60
    rows = np.nonzero(apart[600:810].any(axis=1))[0]
    assert rows.max() - rows.min() > 60  # from near the base up to the target
    columns = np.nonzero(apart[600:810].any(axis=0))[0]
    assert columns.min() < 200
    assert 900 < columns.max() < 965


def test_after_the_day_of_the_target_there_is_neither_path_nor_forecast() -> None:
    late = pixels(sample.week(name="2027-W10"))
    assert late.shape[0] < pixels(sample.week(name="2027-W06")).shape[0]
    assert of_color(late, RANGE) < 50


def test_a_picture_without_its_head_begins_with_the_trend() -> None:
    whole = pixels(sample.demo())
    bare = np.asarray(Image.open(io.BytesIO(chart.digest_chart(sample.demo(), head=False))).convert("RGB"))
    head = whole.shape[0] - bare.shape[0]
    assert np.array_equal(whole[head + 20 :], bare[20:])


def test_the_picture_is_mostly_white_and_not_blank() -> None:
    ink = (pixels(sample.week()).min(axis=-1) < 200).mean()
    assert 0.05 < ink < 0.35


@pytest.mark.parametrize("share", [0.0, 0.123, 0.434])
def test_the_bar_is_as_long_as_the_participation_and_says_that_the_target_is_missed(share: float) -> None:
    row = pixels(reached(share))[BIG_BAR]
    assert of_color(row, LOW) == pytest.approx(ROOM * share, abs=2)
    assert of_color(row, GOOD) == 0


@pytest.mark.parametrize("share", [0.5, 0.75, 1.0])
def test_the_bar_changes_its_colour_when_the_target_is_reached(share: float) -> None:
    row = pixels(reached(share))[BIG_BAR]
    mark = of_color(row, INK)  # the mark of the target lies on the bar
    assert of_color(row, GOOD) == pytest.approx(ROOM * share - mark, abs=5)
    assert of_color(row, LOW) == 0
    assert mark == pytest.approx(6, abs=1)


def test_the_same_figures_give_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(chart.digest_chart, [sample.week(), sample.week()])
    assert first == second
    assert first != chart.digest_chart(reached(0.6))


def test_text_is_dark_enough_and_the_colours_stay_apart_in_grey() -> None:
    for color in (INK, MUTED):
        assert contrast(color, "white") >= 7
    assert contrast(GOOD, LOW) >= 3
    for color in (GOOD, LOW):
        assert contrast(color, TRACK) >= 2
    assert contrast(GOOD, RANGE) >= 4  # the range's end is marked in the dark colour
    assert contrast(INK, RANGE) >= 7
    grey = Image.open(io.BytesIO(chart.digest_chart(sample.week()))).convert("L")
    used = [level for count, level in grey.getcolors() or [] if isinstance(level, int) and count > 20_000]
    # What covers much of the picture (white, track, both colours, ink) are levels that an eye tells apart.
    assert len(used) >= 5
    assert all(abs(one - other) >= 20 for one, other in combinations(used, 2))


@pytest.mark.parametrize(
    "figures",
    [
        sample.week(),
        reached(1.0),
        sample.week(previous=None, length=1),
        sample.week(agencies=1),
        sample.week(agencies=0),
        sample.week() | {"platforms": {}},
        sample.week() | {"roster": 5_000_000, "active": 12_345, "participation": 0.002469, "target": 1.0},
        sample.week() | {"previous": 1.0, "target_date": "2027-09-30"},
        sample.demo(),
        sample.demo(600),
        sample.week(name="2027-W06"),
        sample.week(name="2027-W10"),
        sample.week(name="2026-W50", length=3),
    ],
)
def test_nothing_leaves_the_margins_whatever_the_figures(figures: Any) -> None:
    picture = pixels(figures)
    assert picture[:, : LEFT - 8].min() == 255
    assert picture[:, LEFT + ROOM + 8 :].min() == 255
    assert picture[-10:].min() == 255


def test_a_week_without_agencies_or_trend_is_a_shorter_picture() -> None:
    bare = sample.week(length=1, agencies=0) | {"platforms": {}}
    assert pixels(bare).shape[0] < 600


def test_names_are_text_whatever_is_in_them() -> None:
    figures = sample.week(agencies=3)
    figures["opd"][0]["name"] = "Dinas $x^2$ \\frac 🚀 部门 " + "Panjang " * 20
    assert pixels(figures).shape[1] == 1080


def test_a_long_name_is_cut_to_its_room() -> None:
    for room in (60, 200, 466):
        kept = drawing.fitted("Dinas Pemberdayaan Perempuan, Perlindungan Anak dan KB", 27, room)
        assert kept.endswith("…")
        assert drawing.text_width(kept, 27) <= room
    assert drawing.fitted("Dinas Kesehatan", 27, 466) == "Dinas Kesehatan"


def test_every_band_of_the_figures_is_drawn() -> None:
    assert {name for _, name in counted.BANDS} == set(chart.BANDS)


@pytest.mark.parametrize("platform", [*shares.PLATFORMS, "unknown"])
def test_every_platform_has_a_name(platform: str) -> None:
    assert rendering.label(f"platform.{platform}", {})


def test_of_equals_those_are_named_that_the_message_names() -> None:
    ranked = [sample.opd(number, 1000, 0.8 if number == 0 else 0.0) for number in range(6)]
    told = summaries.weakest(ranked, 0.5)
    assert len(told) == 3
    assert chart.named(ranked, 0.5)[1:] == told[::-1]


def test_named_agencies_are_the_leaders_and_the_weakest_and_nobody_twice() -> None:
    shares = (0.9, 0.8, 0.6, 0.45, 0.4, 0.3, 0.1)
    ranked = [sample.opd(number, 1000, share) for number, share in enumerate(shares)]
    assert [opd["participation"] for opd in chart.named(ranked, 0.5)] == [0.9, 0.4, 0.3, 0.1]
    assert [opd["participation"] for opd in chart.named(ranked[:4], 0.5)] == [0.9, 0.8, 0.6, 0.45]
    assert [opd["participation"] for opd in chart.named(ranked[5:], 0.5)] == [0.3, 0.1]
    assert [opd["participation"] for opd in chart.named(ranked[:2], 0.5)] == [0.9, 0.8]
