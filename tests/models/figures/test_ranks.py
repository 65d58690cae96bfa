"""The rank of an OPD: one definition, whatever the order in which the OPD come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.digests import summaries
from models.figures import figures
from models.figures.figures import Place
from models.figures.weekly import OpdFigures, WeekFigures
from models.recognition import rankings


def opd(code: str, participation: float, band: str = "small") -> OpdFigures:
    return {
        "code": code, "name": f"Dinas {code}", "roster": 40, "active": 20, "participation": participation,
        "band": band,
    }  # fmt: skip


def week(agencies: list[OpdFigures]) -> WeekFigures:
    found: Any = {"week": "2026-W48", "participation": 0.5, "target": 0.5, "opd": agencies, "lacking": []}
    return found  # type: ignore[no-any-return]


TIED = [opd("D", 0.4), opd("B", 0.55), opd("A", 0.6), opd("C", 0.55), opd("E", 0.9, "big")]


def test_equal_ones_share_a_rank_and_the_next_is_left_out() -> None:
    assert figures.ranks(TIED) == {
        "A": Place(1, 4), "B": Place(2, 4), "C": Place(2, 4), "D": Place(4, 4), "E": Place(1, 1),
    }  # fmt: skip


def test_the_page_of_an_opd_and_the_list_of_a_size_say_that_rank() -> None:
    pages = [summaries.page(week(TIED), code) for code in "ABCD"]
    assert [(page["rank"], page["peers"]) for page in pages if page] == [(1, 4), (2, 4), (2, 4), (4, 4)]
    listed = rankings.of_band(week(TIED), "small")
    assert [(rank, one["code"]) for rank, one in listed] == [(1, "A"), (2, "B"), (2, "C"), (4, "D")]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_are_equal_all_are_first(share: float) -> None:
    assert {place.rank for place in figures.ranks([opd(code, share) for code in "ABC"]).values()} == {1}


@given(st.lists(st.tuples(st.sampled_from(["big", "small"]), st.sampled_from([0.0, 0.3, 0.5, 1.0]))))
def test_a_rank_is_one_more_than_how_many_of_the_size_did_better(found: list[tuple[str, float]]) -> None:
    agencies = [opd(f"{number}", share, band) for number, (band, share) in enumerate(found)]
    ranks = figures.ranks(agencies)
    for one in agencies:
        peers = [other["participation"] for other in agencies if other["band"] == one["band"]]
        better = sum(share > one["participation"] for share in peers)
        assert ranks[one["code"]] == (better + 1, len(peers))
