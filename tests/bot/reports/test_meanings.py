"""Every figure has one sentence, in the catalogue, in the workbook and in the guide."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import headlines, meanings
from bot.reports.meanings import MEANINGS, Meaning
from bot.texts import catalogue
from models.digests import summaries
from models.figures import weekly
from tests.bot.reports import sample

GUIDE = Path(__file__).parents[3] / "docs" / "angka.md"
# Where a part of the figures stands in a snapshot.
PARTS = {
    "": weekly.WeekFigures,
    "trend.": weekly.TrendPoint,
    "opd.": weekly.OpdFigures,
    "quality.": weekly.Quality,
    "opd.quality.": weekly.Quality,
    "cohorts.": weekly.Cohorts,
    "cohorts.months.": weekly.Cohort,
    "goal.": weekly.Goal,
    "reach.": weekly.Reach,
}
KEYS = {before + key for before, part in PARTS.items() for key in part.__annotations__}
DEFINED = {key for meaning in MEANINGS for key in meaning.keys}


def test_every_key_of_a_snapshot_has_a_definition() -> None:
    whole = {before.removesuffix(".") for before in PARTS}  # a part is defined by its own keys
    assert (KEYS - DEFINED).issubset(whole)


def test_nothing_is_defined_that_a_snapshot_does_not_have() -> None:
    assert DEFINED.issubset(KEYS)


def test_every_sentence_belongs_to_a_figure_and_is_one_sentence() -> None:
    texts = catalogue.current().texts
    figures = [meaning.figure for meaning in MEANINGS]
    assert len(figures) == len(set(figures))
    assert {key for key in texts if key.startswith("define.")} == {f"define.{name}" for name in figures}
    for meaning in MEANINGS:
        assert meaning.sentence.endswith(".")
        assert ". " not in meaning.sentence
        assert 5 <= len(meaning.sentence.split()) <= 50


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.figure)
def test_the_function_that_counts_a_figure_exists(meaning: Meaning) -> None:
    module, _, name = meaning.where.rpartition(".")
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.figure)
def test_the_guide_has_every_sentence_word_by_word_and_an_example(meaning: Meaning) -> None:
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    assert f"- **{meaning.name}.** {meaning.sentence} _Contoh:_" in guide


def test_the_sentences_name_the_bounds_that_the_code_has() -> None:
    from models.figures import figures, forecasts, headcounts, snapshots, staffing

    words = {3: "tiga", 4: "empat", 6: "enam", 8: "delapan", 11: "sebelas", 12: "dua belas"}
    (big, _), (middle, _), _ = figures.BANDS
    assert f"besar {big} " in meanings.sentence("band")
    assert f"sedang {middle} sampai {big - 1} " in meanings.sentence("band")
    assert f"kurang dari {words[staffing.LEAST]} orang" in meanings.sentence("small_teams")
    assert f"paling banyak {words[forecasts.FITTED]} minggu" in meanings.sentence("forecast")
    assert f"sedikitnya {words[forecasts.LEAST]} minggu" in meanings.sentence("forecast")
    assert f"{forecasts.LATE_DAYS} hari" in meanings.sentence("falling")
    assert f"{words[sum(forecasts.FALL_WEEKS)]} minggu diketahui" in meanings.sentence("falling")
    assert f"{words[snapshots.TREND_WEEKS]} minggu" in meanings.sentence("trend")
    assert f"{words[snapshots.TREND_WEEKS - 1]} minggu ke belakang" in meanings.sentence("previous")
    assert f"{words[headcounts.MONTHS]} bulan" in meanings.sentence("cohort")
    assert headcounts.QUIET_WEEKS == 2
    assert f"{words[headcounts.KNOWN_WEEKS - headcounts.QUIET_WEEKS]} minggu" in meanings.sentence("stopped")


@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from([0.0, 0.3, 0.5, 0.51, 1.0])), max_size=12))
def test_a_rank_is_the_one_that_the_page_of_the_opd_tells(agencies: list[tuple[int, float]]) -> None:
    week: Any = sample.week(agencies=0)
    week["opd"] = [sample.opd(number, *agency) for number, agency in enumerate(agencies)]
    ranks = meanings.ranks(week["opd"])
    for opd in week["opd"]:
        page = summaries.page(week, opd["code"])
        assert page is not None
        assert ranks[opd["code"]] == (page["rank"], page["peers"])


@pytest.mark.parametrize(
    ("now", "before", "points"),
    [(0.434, 0.47, -3.6), (0.5, 0.5, 0.0), (0.5004, 0.5, 0.0), (1.0, 0.0, 100.0), (0.5, None, None)],
)
def test_a_change_is_told_in_points_with_one_decimal(now: float, before: Any, points: Any) -> None:
    assert meanings.points(now, before) == points


def test_what_an_old_snapshot_lacks_is_not_known_and_not_zero() -> None:
    found = headlines.of({"participation": 0.25, "roster": 8})
    assert (found["participation"].value, found["roster"].value) == (0.25, 8)
    others = set(found) - {"participation", "roster"}
    assert {found[name].value for name in others} == {None}
