"""Links are judged together: the outcome is that of judging them one by one, in a handful of statements."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.proofs import examining, judging, verdicts
from models.proofs.examining import Task
from models.shares import findings, inspections, standings
from models.shares.shares import Evidence, Share
from tests import counting, proving, scene
from tests.chat import Stage
from tests.proving import Prover

LEASE = timedelta(minutes=5)
Judge = Callable[[Session, list[Task], Stage], object]


def post(number: int) -> str:
    return f"https://www.instagram.com/p/C9aBcDeFg{number:02}"


def one_by_one(session: Session, tasks: list[Task], stage: Stage) -> None:
    for task in tasks:
        judging.one(session, task, stage.now, stage.programme)


def together(session: Session, tasks: list[Task], stage: Stage) -> None:
    judging.together(session, tasks, stage.now, stage.programme)


def judge(stage: Stage, how: Judge) -> None:
    with stage.session() as session, session.begin():
        how(session, examining.due(session, stage.now, 100, LEASE), stage)


def rules(stage: Stage, **changed: Any) -> None:
    proofs = stage.programme.proofs.model_copy(update=changed)
    stage.programme = stage.programme.model_copy(update={"proofs": proofs})


def provers(stage: Stage, number: int) -> list[Prover]:
    people = [stage.person(f"Orang {nth}") for nth in range(number)]
    scene.item(stage)
    scene.release(stage)
    return [Prover(stage, who) for who in people]


def a_mixed_hour(stage: Stage) -> dict[str, int]:
    """All that may have become of a link by the time that it is judged; the shares, by what it is."""
    one, two, three, four, five, six, seven = provers(stage, 7)
    shares = {"alone": one.sends(platform="instagram_feed", link=post(1))[0]}
    shares["first of two"] = two.sends(platform="instagram_feed", link=post(2))[0]
    shares["second of two"] = three.sends(platform="instagram_feed", link=post(2))[0]
    shares["withdrawn"] = four.sends(platform="instagram_feed", link=post(4))[0]
    shares["as one withdrawn"] = five.sends(platform="instagram_feed", link=post(4))[0]
    shares["with a lost picture"] = six.sends(platform="instagram_feed", link=post(6))[0]
    shares["rejected"] = seven.sends(platform="instagram_feed", link=post(7))[0]
    shares["another place"] = seven.sends(platform="x", link="https://x.com/siti/status/1860012345678901234")[
        0
    ]
    with stage.session() as session, session.begin():
        piece = Evidence(
            share_id=shares["with a lost picture"],
            source="x",
            kind="photo",
            at=stage.now,
            examine_at=stage.now,
        )
        session.add(piece)
        verdicts.withdraw(
            session, session.get_one(Share, shares["withdrawn"]), scene.person(session, four.who), stage.now
        )
        session.get_one(Share, shares["rejected"]).status = standings.REJECTED
    return shares


def outcome(stage: Stage, shares: dict[str, int]) -> dict[str, tuple[object, ...]]:
    """State, findings, looks, and whether each piece has been looked at."""
    return {
        name: (
            proving.state(stage, number),
            kinds(stage, number),
            [look.why for look in proving.looks(stage, number)],
            [piece.examine_at is None for piece in proving.evidence(stage, number)],
        )
        for name, number in shares.items()
    }


def kinds(stage: Stage, share_id: int) -> list[str]:
    with stage.session() as session:
        return [found.kind for found in findings.of_share(session, share_id)]


@pytest.mark.parametrize("how", [one_by_one, together], ids=["one by one", "together"])
def test_links_that_are_judged_together_end_as_if_they_had_been_judged_one_by_one(
    stage: Stage, how: Judge
) -> None:
    shares = a_mixed_hour(stage)
    judge(stage, how)
    assert outcome(stage, shares) == {
        "alone": (standings.ACCEPTED, [], [], [True]),
        "first of two": (standings.ACCEPTED, [], [], [True]),
        "second of two": (standings.RECEIVED, [findings.SAME_LINK], [inspections.DOUBT], [True]),
        "withdrawn": (standings.WITHDRAWN, [], [], [True]),
        "as one withdrawn": (standings.ACCEPTED, [], [], [True]),
        "with a lost picture": (
            standings.RECEIVED,
            [findings.UNREADABLE],
            [inspections.DOUBT],
            [True, True],
        ),
        "rejected": (standings.REJECTED, [], [], [True]),
        "another place": (standings.ACCEPTED, [], [], [True]),
    }


@pytest.mark.parametrize("how", [one_by_one, together], ids=["one by one", "together"])
def test_a_sample_of_clean_links_is_looked_at_by_a_person_however_they_were_judged(
    stage: Stage, how: Judge
) -> None:
    rules(stage, sample=1.0)
    (one,) = provers(stage, 1)
    share, _ = one.sends(platform="instagram_feed", link=post(1))
    judge(stage, how)
    assert [look.why for look in proving.looks(stage, share)] == [inspections.SAMPLE]


@pytest.mark.parametrize("how", [one_by_one, together], ids=["one by one", "together"])
def test_where_nothing_is_accepted_without_a_person_links_are_not(stage: Stage, how: Judge) -> None:
    rules(stage, accept_clean=False)
    (one,) = provers(stage, 1)
    share, _ = one.sends(platform="instagram_feed", link=post(1))
    judge(stage, how)
    assert proving.state(stage, share) == standings.RECEIVED
    assert [look.why for look in proving.looks(stage, share)] == [inspections.DOUBT]


def test_a_link_that_was_judged_or_moved_to_another_item_meanwhile_is_left_as_it_is(stage: Stage) -> None:
    one, two = provers(stage, 2)
    done, _ = one.sends(platform="instagram_feed", link=post(1))
    moved, _ = two.sends(platform="instagram_feed", link=post(2))
    with stage.session() as session, session.begin():
        first, second = examining.due(session, stage.now, 100, LEASE)
    with stage.session() as session, session.begin():
        judging.one(session, first, stage.now, stage.programme)
        session.get_one(Share, done).status = standings.REJECTED
    stale = replace(second, item_id=scene.item(stage, "DISDIK", title="Lain"))
    with stage.session() as session, session.begin():
        assert judging.together(session, [first, stale], stage.now, stage.programme) == []
    assert proving.state(stage, done) == standings.REJECTED
    assert proving.evidence(stage, moved)[0].examine_at == stage.now, "it is looked at once more"


def test_a_flood_of_clean_links_costs_a_handful_of_statements(stage: Stage) -> None:
    rules(stage, sample=0.0)
    counts = []
    for number, prover in enumerate(provers(stage, 24), 1):
        prover.sends(platform="instagram_feed", link=post(number))
        if number in (4, 24):
            with stage.session() as session, session.begin():
                tasks = examining.due(session, stage.now, 100, LEASE)
                with counting.statements(stage.engine) as asked:
                    judging.together(session, tasks, stage.now, stage.programme)
                counts.append(len(asked))
    assert counts[1] <= counts[0], "no more for twenty than for four"
