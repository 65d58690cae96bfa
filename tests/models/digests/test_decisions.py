"""What a decision is about: the version that was shown, the week of an item, the time of an election."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models.content import drafts, reviews, states, versions
from models.content.content import Item
from models.content.reviews import Scores
from models.content.states import (
    APPROVED,
    CHECKED,
    CONFIRMING,
    DROPPED,
    EDITED,
    RELEASED,
    REPLACED,
    SUBMITTED,
)
from models.editorial import moves, renewals
from models.people.people import Person
from models.programme.programme import Dates, Programme
from tests.casting import (
    ALL,
    PROGRAMME,
    REASON,
    SCORES,
    cast,
    go,
    past,
    put,
    refusal,
    submitted,
    trail,
    written,
)
from tests.chat import WEDNESDAY

ELECTION = Programme(election=(Dates(begin=date(2026, 12, 5), until=date(2026, 12, 10)),))


# -- what a decision is about ------------------------------------------------------------------


def test_a_reviewer_decides_on_what_was_shown(session: Session, team: dict[str, Person]) -> None:
    siti, ani = team["submit"], team["edit"]
    item = submitted(session, siti)
    first = moves.seen(item)
    drafts.fill(session, item, "title", "Judul dari editor yang lain", WEDNESDAY, ani)
    assert refusal(go, session, item, "endorse", ani, shown=first) == "reviewing.newer"
    go(session, item, "endorse", ani, shown=moves.seen(item))
    edited = moves.seen(item)
    go(session, item, "score", team["check"], shown=edited)
    # Whoever saw it before that step returns nothing by mistake.
    rudi = cast(session, "Rudi", "controller")
    assert refusal(go, session, item, "return", rudi, shown=edited) == "reviewing.somebody_first"
    assert refusal(go, session, item, "return", team["check"], shown=edited) == "reviewing.you_before"
    go(session, item, "return", rudi, shown=moves.seen(item))
    go(session, item, "submit", siti)
    assert (item.version, item.edits) == (2, 0)
    assert refusal(go, session, item, "endorse", ani, shown=first) == "reviewing.newer"


def test_a_return_needs_a_reason_that_says_something(session: Session, team: dict[str, Person]) -> None:
    item = submitted(session, team["submit"])
    for reason in ("", "   ", "no", "x" * 501):
        key = refusal(go, session, item, "return", team["edit"], reason=reason)
        assert (key, item.status) == ("reviewing.reason_missing", SUBMITTED)
    go(session, item, "return", team["edit"], reason=f"  {REASON} ")
    assert (item.reason, trail(session, item)[-1].reason) == (REASON, REASON)


def test_quality_control_gives_two_scores_of_its_range(session: Session, team: dict[str, Person]) -> None:
    item = past(session, submitted(session, team["submit"]), team["edit"])
    for scores, key in (
        (None, "reviewing.scores_missing"),
        (Scores(0, 3), "reviewing.score_wrong"),
        (Scores(3, 6), "reviewing.score_wrong"),
        (Scores(3, 3, "x" * 501), "reviewing.note_long"),
    ):
        assert refusal(go, session, item, "score", team["check"], scores=scores) == key
        session.refresh(item)
        assert (item.status, reviews.scores(session, item)) == (EDITED, None)
    go(session, item, "score", team["check"], scores=SCORES)
    found = reviews.scores(session, item)
    assert found is not None
    assert (found.accurate, found.engaging, found.note) == (4, 5, "Judulnya kuat.")


def test_scores_are_those_of_the_present_version(session: Session, team: dict[str, Person]) -> None:
    item = past(session, submitted(session, team["submit"]), team["edit"], team["check"])
    go(session, item, "return", team["approve"])
    go(session, item, "submit", team["submit"])
    assert reviews.scores(session, item) is None


def test_what_was_sent_is_frozen_for_its_author(session: Session, team: dict[str, Person]) -> None:
    siti, item = team["submit"], written(session, team["submit"])
    for status in set(ALL) - set(states.OPEN_TO_AUTHOR):
        put(session, item, status)
        for by in (None, siti):
            for call in (
                lambda by=by: drafts.fill(session, item, "title", "Judul yang lain", WEDNESDAY, by),
                lambda by=by: drafts.illustrate(session, item, None, WEDNESDAY, by),
                lambda by=by: drafts.plan(session, item, "2026-W50", WEDNESDAY, by),
            ):
                assert refusal(call) == "submitting.frozen"


def test_an_editor_changes_it_only_while_it_waits_for_the_editor(
    session: Session, team: dict[str, Person]
) -> None:
    item = submitted(session, team["submit"])
    for status in set(ALL) - {SUBMITTED, DROPPED}:
        put(session, item, status)
        key = refusal(drafts.own, session, team["edit"], item.id)
        assert key == "submitting.not_to_edit"
    put(session, item, SUBMITTED)
    rows = len(trail(session, item))
    for _ in range(2):  # the second time nothing is changed by it
        drafts.fill(session, item, "title", "Judul dari editor yang lain", WEDNESDAY, team["edit"])
    assert item.edits == 1
    last = trail(session, item)[-1]
    assert (len(trail(session, item)), last.act, last.actor_id) == (rows + 1, "amend", team["edit"].id)
    assert last.before == last.after == SUBMITTED


def test_what_was_submitted_and_what_an_editor_made_of_it_are_kept_apart(
    session: Session, team: dict[str, Person]
) -> None:
    item = submitted(session, team["submit"])
    drafts.fill(session, item, "title", "Judul dari editor yang lain", WEDNESDAY, team["edit"])
    go(session, item, "endorse", team["edit"])
    sent, edited = versions.of(session, item)
    assert (sent.edits, edited.edits) == (0, 1)
    assert versions.differences(sent, edited) == ["title"]
    assert versions.submitted(session, item) is sent
    go(session, item, "return", team["check"])
    drafts.fill(session, item, "why", "Warga yang bekerja tidak perlu izin lagi.", WEDNESDAY)
    go(session, item, "submit", team["submit"])
    assert versions.before(session, item) is edited
    assert versions.changes(session, item, edited) == ["why"]


# -- one item a week, and newer versions of it -------------------------------------------------


def test_the_second_item_for_the_same_week_is_not_approved(session: Session, team: dict[str, Person]) -> None:
    siti, *reviewers = team.values()
    first, second = submitted(session, siti), submitted(session, siti)
    past(session, first, *reviewers)
    past(session, second, *reviewers[:2])
    assert refusal(go, session, second, "approve", reviewers[2]) == "reviewing.week_taken"
    assert second.status == CHECKED
    third = drafts.start(session, siti, siti.opd_id, WEDNESDAY)
    assert refusal(drafts.plan, session, third, "2026-W49", WEDNESDAY) == "submitting.week_taken"


def test_a_newer_version_takes_the_place_of_the_approved_one(
    session: Session, team: dict[str, Person]
) -> None:
    siti, *reviewers = team.values()
    old = past(session, submitted(session, siti), *reviewers)
    new = renewals.begin(session, old, siti, WEDNESDAY, PROGRAMME)
    go(session, new, "submit", siti)
    past(session, new, *reviewers[:2])
    assert old.status == APPROVED  # as long as the new one is not approved, the old one stays
    go(session, new, "approve", reviewers[2])
    assert (old.status, new.status) == (REPLACED, APPROVED)
    assert (trail(session, old)[-1].act, trail(session, old)[-1].reason) == ("replace", str(new.id))


def test_a_newer_version_takes_the_place_of_one_that_an_election_holds_up(
    session: Session, team: dict[str, Person]
) -> None:
    siti, *reviewers = team.values()
    old = past(session, submitted(session, siti), *reviewers)
    new = renewals.begin(session, old, siti, WEDNESDAY, PROGRAMME)
    go(session, new, "submit", siti)
    assert moves.lock_up(session, WEDNESDAY, ELECTION) == [old]
    past(session, new, *reviewers, programme=ELECTION)
    assert (old.status, new.status) == (CONFIRMING, CONFIRMING)
    go(session, new, "approve", cast(session, "Rudi", "controller"), programme=ELECTION)
    assert (old.status, new.status) == (REPLACED, APPROVED)


def test_a_newer_version_of_what_was_released_is_an_item_of_another_week(
    session: Session, team: dict[str, Person]
) -> None:
    siti, *reviewers = team.values()
    old = past(session, submitted(session, siti), *reviewers)
    new = renewals.begin(session, old, siti, WEDNESDAY, PROGRAMME)
    go(session, new, "submit", siti)
    past(session, new, *reviewers[:2])
    put(session, old, RELEASED)
    assert refusal(go, session, new, "approve", reviewers[2]) == "reviewing.old_released"
    new.week = "2026-W50"
    go(session, new, "approve", reviewers[2])
    assert (old.status, new.status) == (RELEASED, APPROVED)


# -- the time of an election -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "until", "locked"),
    [
        ("2026-12-02", "2026-12-02", True),  # the day of its release
        ("2026-12-09", "2026-12-09", True),  # the day on which its week closes
        ("2026-12-05", "2026-12-06", True),
        ("2026-01-01", "2027-12-31", True),
        ("2026-12-10", "2026-12-31", False),
        ("2026-11-01", "2026-12-01", False),
    ],
)
def test_an_item_is_locked_where_its_week_touches_an_election(begin: str, until: str, locked: bool) -> None:
    span = Dates(begin=date.fromisoformat(begin), until=date.fromisoformat(until))
    assert moves.locked(Item(week="2026-W49"), Programme(election=(span,)), WEDNESDAY) is locked


@pytest.mark.parametrize(
    ("begin", "locked"), [("2026-11-25", True), ("2026-12-02", True), ("2026-12-03", False)]
)
def test_an_urgent_item_is_locked_by_when_it_goes_out_and_not_by_its_week(begin: str, locked: bool) -> None:
    span = Dates(begin=date.fromisoformat(begin), until=date(2026, 12, 31))
    item = Item(week="2026-W40", urgent=True)
    assert moves.locked(item, Programme(election=(span,)), WEDNESDAY) is locked


def test_in_an_election_two_controllers_approve(session: Session, team: dict[str, Person]) -> None:
    siti, *reviewers = team.values()
    item = past(session, submitted(session, siti), *reviewers, programme=ELECTION)
    assert item.status == CONFIRMING
    budi, rudi = team["approve"], cast(session, "Rudi", "controller")
    assert refusal(go, session, item, "approve", budi, programme=ELECTION) == "reviewing.had_it_before"
    assert moves.reviewers(session, item, ELECTION) == [rudi]
    go(session, item, "approve", rudi, programme=ELECTION)
    assert item.status == APPROVED
    assert moves.lock_up(session, WEDNESDAY, ELECTION) == []
    acts = [row.act for row in trail(session, item)]
    assert acts == ["start", "submit", "endorse", "score", "approve_first", "approve"]


def test_an_election_set_later_sends_approved_items_back_for_a_second_approval(
    session: Session, team: dict[str, Person]
) -> None:
    siti, *reviewers = team.values()
    item = past(session, submitted(session, siti), *reviewers)
    other = past(session, submitted(session, siti, "2026-W52"), *reviewers)
    assert moves.lock_up(session, WEDNESDAY, PROGRAMME) == []
    assert moves.lock_up(session, WEDNESDAY + timedelta(days=14), ELECTION) == []  # its week is over
    assert moves.lock_up(session, WEDNESDAY, ELECTION) == [item]
    assert (item.status, other.status) == (CONFIRMING, APPROVED)
    budi = team["approve"]
    assert refusal(go, session, item, "approve", budi, programme=ELECTION) == "reviewing.had_it_before"
    go(session, item, "approve", cast(session, "Rudi", "controller"), programme=ELECTION)
    assert moves.lock_up(session, WEDNESDAY, ELECTION) == []
