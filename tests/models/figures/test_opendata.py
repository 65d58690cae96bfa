"""Open data: the same figures as the snapshots, and nobody can be picked out of them."""

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.figures import opendata
from models.figures.opendata import FEW, HIDDEN, PLATFORMS
from models.figures.snapshots import Digest

FIRST = 8  # the column of the first platform
counts = st.integers(0, 7) | st.integers(0, 400)


@st.composite
def agencies(draw: st.DrawFn) -> dict[str, Any]:
    """An OPD of a snapshot, as close to sums as they are in truth: accepted and received make the shares."""
    numbers = draw(st.lists(counts, min_size=len(PLATFORMS), max_size=len(PLATFORMS)))
    total = sum(numbers)
    received = draw(st.integers(0, total))
    roster = draw(st.integers(1, 30) | st.integers(1, 2000))
    active = draw(st.integers(0, roster))
    return {
        "code": "A",
        "name": "Dinas A",
        "roster": roster,
        "active": active,
        "participation": round(active / roster, 6),
        "shares": total,
        "platforms": {name: number for name, number in zip(PLATFORMS, numbers, strict=True) if number},
        "quality": {"accepted": total - received, "waiting": received, "rejected": draw(counts)},
    }


def row(opd: dict[str, Any]) -> tuple[Any, ...]:
    (found,) = opendata.rows([Digest(week="2026-W48", version=2, figures={"opd": [opd]})])
    return found


@given(agencies())
def test_what_is_shown_is_the_figure_of_the_snapshot(opd: dict[str, Any]) -> None:
    shown = row(opd)
    assert shown[:4] == ("2026-W48", 2, "A", "Dinas A")
    known = [
        opd["roster"], opd["active"], opd["participation"], opd["shares"],
        *(opd["platforms"].get(name, 0) for name in PLATFORMS),
        *(opd["quality"][name] for name in opendata.PROOFS),
    ]  # fmt: skip
    for cell, number in zip(shown[4:], known, strict=True):
        assert cell == number or isinstance(cell, str)


@given(agencies())
def test_no_small_number_and_no_small_opd_is_shown(opd: dict[str, Any]) -> None:
    shown = row(opd)
    if opd["roster"] < 10:
        assert shown[4] == "<10"
        assert set(shown[5:]) == {HIDDEN}
        return
    assert not {1, 2} & {cell for place, cell in enumerate(shown[4:]) if place != 2}
    assert isinstance(shown[5], str) == (opd["active"] in (1, 2) or opd["roster"] - opd["active"] in (1, 2))
    assert isinstance(shown[5], str) == isinstance(shown[6], str), "participation tells the number"


@given(agencies())
def test_a_withheld_platform_cannot_be_computed_from_the_others(opd: dict[str, Any]) -> None:
    """Whoever knows the sum of the shares and all that is shown finds more than one solution for each."""
    if opd["roster"] < 10:
        return
    cells = row(opd)[FIRST : FIRST + len(PLATFORMS)]
    sums = [opd["shares"]] if opd["shares"] >= 3 else [1, 2]  # a small sum is withheld too
    left = [total - sum(cell for cell in cells if isinstance(cell, int)) for total in sums]
    few, hidden = cells.count(FEW), cells.count(HIDDEN)
    if not few:
        assert hidden in (0, len(cells))
        assert not hidden or len(cells) > 1
        return
    assert hidden == 1
    solutions = {
        numbers
        for total in left
        for numbers in product((1, 2), repeat=few)
        if total - sum(numbers) == 0 or total - sum(numbers) >= 3
    }
    for place in range(few):
        assert {numbers[place] for numbers in solutions} == {1, 2}


@given(agencies())
def test_a_withheld_proof_cannot_be_computed_from_the_shares(opd: dict[str, Any]) -> None:
    if opd["roster"] < 10:
        return
    accepted, waiting, _ = row(opd)[-3:]
    assert isinstance(accepted, str) == isinstance(waiting, str), "each would tell the other"


def test_a_snapshot_from_before_platforms_were_counted_by_opd_says_nothing_of_them() -> None:
    opd = {"code": "A", "name": "Dinas A", "roster": 20, "active": 10, "participation": 0.5}
    assert row(opd) == ("2026-W48", 2, "A", "Dinas A", 20, 10, 0.5, None, *[None] * (len(PLATFORMS) + 3))
