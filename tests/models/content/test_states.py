"""The table of ways: what it lets happen, and that no way leads around a review."""

from collections.abc import Container

import pytest

from models.content import states
from models.content.states import (
    APPROVED,
    CHECKED,
    CLOSED,
    CONFIRMING,
    DRAFT,
    DROPPED,
    EDITED,
    RELEASED,
    REPLACED,
    RETURNED,
    SUBMITTED,
    SYSTEM,
    TRANSITIONS,
)

ALL = {
    DRAFT, SUBMITTED, EDITED, CHECKED, CONFIRMING, APPROVED, RETURNED, RELEASED, CLOSED, REPLACED, DROPPED,
}  # fmt: skip
OUT = {APPROVED, RELEASED, CLOSED}


def reachable(without: Container[str]) -> set[str]:
    """The states that a draft can come to when nobody does any of these acts."""
    known = {DRAFT}
    while True:
        found = {
            step.to for (state, act), step in TRANSITIONS.items() if state in known and act not in without
        }
        if found <= known:
            return known
        known |= found


def test_every_state_can_be_reached() -> None:
    assert reachable(()) == ALL
    assert {state for state, _ in TRANSITIONS} | {step.to for step in TRANSITIONS.values()} == ALL


@pytest.mark.parametrize(
    ("review", "as_far_as"),
    [
        ("endorse", {DRAFT, SUBMITTED, RETURNED, DROPPED}),
        ("score", {DRAFT, SUBMITTED, RETURNED, DROPPED, EDITED}),
        ("approve", {DRAFT, SUBMITTED, RETURNED, DROPPED, EDITED, CHECKED, CONFIRMING, REPLACED}),
    ],
)
def test_no_way_leads_around_any_of_the_three_reviews(review: str, as_far_as: set[str]) -> None:
    assert reachable({review}) == as_far_as
    assert not as_far_as & OUT


def test_a_first_approval_alone_releases_nothing() -> None:
    """From where the first of two controllers has approved, only an approval leads on."""
    ways = {act: step.to for (state, act), step in TRANSITIONS.items() if state == CONFIRMING}
    assert {to for act, to in ways.items() if act != "approve"} == {DRAFT, RETURNED, REPLACED}


def test_every_review_is_for_other_eyes_and_only_quality_control_gives_scores() -> None:
    for (_, act), step in TRANSITIONS.items():
        assert step.review == (step.capability in ("edit", "check", "approve"))
        assert step.own == (step.capability == "submit")
        assert step.reason == (act == "return")
        assert step.scores == (act == "score")


def test_each_review_has_its_own_capability() -> None:
    assert states.REVIEWERS == {SUBMITTED: "edit", EDITED: "check", CHECKED: "approve", CONFIRMING: "approve"}
    assert set(states.FORWARD) == set(states.WAITING)


def test_from_every_review_there_is_a_way_back_to_the_author() -> None:
    for state in (*states.WAITING, APPROVED):
        assert TRANSITIONS[state, "return"].to == RETURNED
        assert TRANSITIONS[state, "return"].capability == states.REVIEWERS.get(state, "approve")


def test_what_was_approved_changes_by_the_program_or_by_a_return() -> None:
    for (state, act), step in TRANSITIONS.items():
        if state in (APPROVED, RELEASED):
            assert step.capability == SYSTEM or act == "return"
    assert not [state for state, _ in TRANSITIONS if state in (CLOSED, REPLACED, DROPPED)]
