"""Every figure has one sentence, in the catalogue, in the workbook and in the guide."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bot.reports import headlines, meanings
from bot.reports.meanings import MEANINGS, Meaning
from bot.texts import catalogue
from models.digests import summaries
from models.figures import snapshots, weekly
from models.programme import weeks
from models.recognition import records
from scheduler import jobs
from tests import meeting, scene
from tests.chat import Stage
from tests.meeting import WEEK

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
    assert callable(named(meaning))


def named(meaning: Meaning) -> Any:
    module, _, name = meaning.where.rpartition(".")
    return getattr(importlib.import_module(module), name)


def called(work: Callable[[], object]) -> set[str]:
    """The functions that a piece of work calls, by module and name."""
    found = set[str]()

    def note(frame: FrameType, event: str, _given: object) -> None:
        if event == "call":
            found.add(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def test_the_named_functions_are_those_that_make_the_figures_of_a_week(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    meeting.share(siti)

    def told() -> None:
        """The week closes, and its figures are said: in the message, on the page of an OPD, to a person."""
        meeting.tick(stage, weeks.closing(WEEK, stage.programme) + jobs.SETTLING)
        with stage.session() as session:
            digest = snapshots.newest(session, WEEK)
            assert digest is not None
            figures: Any = digest.figures
            summaries.summary(figures)
            summaries.page(figures, "DINKES")
            records.of(session, scene.person(session, siti), WEEK)

    functions = {meaning.where for meaning in MEANINGS if not isinstance(named(meaning), type)}
    assert functions - called(told) == set()
    settings = [meaning.figure for meaning in MEANINGS if isinstance(named(meaning), type)]
    assert settings == ["target"]


@pytest.mark.parametrize(
    ("figure", "where"),
    [
        ("agencies", "models.figures.headcounts.by_opd"),
        ("rank", "models.figures.figures.ranks"),
        ("not_received", "models.digests.digests.not_received"),
        ("own_item", "models.content.readiness.own_items"),
        ("ready", "models.content.readiness.ready"),
        ("waiting_review", "models.content.readiness.waiting"),
    ],
)
def test_of_functions_that_are_all_called_the_one_that_decides_is_named(figure: str, where: str) -> None:
    (found,) = (meaning for meaning in MEANINGS if meaning.figure == figure)
    assert found.where == where


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
    assert f"{words[sum(forecasts.FALL_WEEKS)]} minggu dan minggu itu ditutup" in meanings.sentence("falling")
    assert f"{words[snapshots.TREND_WEEKS]} minggu" in meanings.sentence("trend")
    assert f"{words[snapshots.TREND_WEEKS - 1]} minggu ke belakang" in meanings.sentence("previous")
    assert f"{words[headcounts.MONTHS]} bulan" in meanings.sentence("cohort")
    assert headcounts.QUIET_WEEKS == 2
    assert f"{words[headcounts.KNOWN_WEEKS - headcounts.QUIET_WEEKS]} minggu" in meanings.sentence("stopped")


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
