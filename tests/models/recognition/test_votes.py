"""The vote: one voice a month, never for what is one's own, and only while it is open."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select

from models.content import states
from models.content.content import Item
from models.people.people import Person
from models.programme import months
from models.programme.programme import Programme
from models.recognition import votes
from models.recognition.votes import Vote
from models.releases import releases
from models.shares import standings
from models.shares.shares import Share
from tests import honouring, scene
from tests.casting import refusal
from tests.chat import Chatter, Stage
from tests.models.editorial.test_moves_races import compete

PROGRAMME = Programme()
MONTH = "2026-12"


@pytest.fixture
def ballot(stage: Stage, tini: Chatter) -> dict[str, int]:
    """Two items of W49 with scores, and an open vote."""
    honouring.open_week(stage, "2026-W48")
    made = honouring.open_week(stage, "2026-W49")
    honouring.scored(stage, made["DINKES"], tini, 4, 4)
    honouring.scored(stage, made[""], tini, 5, 5)
    stage.now = months.vote_from(MONTH, PROGRAMME)
    return made


def cast(stage: Stage, who: Chatter, item: int) -> bool:
    with stage.session() as session, session.begin():
        return votes.cast(session, session.get_one(Person, who.person_id), item, stage.now, PROGRAMME)


def test_one_person_has_one_voice_and_may_change_it(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti")
    assert cast(stage, siti, ballot["DINKES"])
    assert not cast(stage, siti, ballot[""])
    with stage.session() as session:
        assert session.scalar(select(func.count()).select_from(Vote)) == 1
        assert votes.tally(session, MONTH) == {ballot[""]: 1}


def test_two_taps_at_the_same_moment_are_one_voice(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti")

    def tap(item: int, session: object) -> None:
        votes.cast(session, session.get_one(Person, siti.person_id), item, stage.now, PROGRAMME)  # type: ignore[arg-type,attr-defined]

    for _ in range(4):
        assert compete(stage, [partial(tap, item) for item in ballot.values()]) == ["done", "done"]
    with stage.session() as session:
        assert sum(votes.tally(session, MONTH).values()) == 1


def test_the_best_scored_items_of_the_month_stand_for_election(
    stage: Stage, ballot: dict[str, int], tini: Chatter
) -> None:
    with stage.session() as session:
        standing = votes.candidates(session, MONTH, PROGRAMME)
        assert [(one.item.id, one.points) for one in standing] == [(ballot[""], 10), (ballot["DINKES"], 8)]
        assert [one.quality for one in standing] == [1.0, 0.75]
        assert votes.candidates(session, "2026-11", PROGRAMME) == []  # W48 was not scored
        assert votes.scored(session, "2026-11", PROGRAMME)[1] == 2
        few = Programme.model_validate({"awards": {"candidates": 2}})
        assert len(votes.candidates(session, MONTH, few)) == 2


def test_a_score_for_an_item_of_the_own_opd_does_not_count(stage: Stage, tini: Chatter) -> None:
    made = honouring.open_week(stage, "2026-W49", opds=["BAPPEDA", "DINKES", None])
    stage.agency("PROV", "Sekretariat Daerah")
    home = stage.person("Toni", "PROV", role="tag")
    honouring.scored(stage, made["BAPPEDA"], tini, 5, 5)
    honouring.scored(stage, made[""], home, 5, 5)
    honouring.scored(stage, made["DINKES"], home, 3, 3)
    with stage.session() as session:
        found, without = votes.scored(session, MONTH, PROGRAMME)
        assert [one.item.id for one in found] == [made["DINKES"]]
        assert without == 2


def test_the_newest_score_of_the_released_version_counts(stage: Stage, tini: Chatter) -> None:
    made = honouring.open_week(stage, "2026-W49", opds=["DINKES"])
    honouring.scored(stage, made["DINKES"], tini, 5, 5)
    honouring.scored(stage, made["DINKES"], tini, 2, 3)
    with stage.session() as session:
        (one,) = votes.scored(session, MONTH, PROGRAMME)[0]
        assert one.points == 5
        item = session.get_one(Item, made["DINKES"])
        item.version = 2
        session.flush()
        assert votes.scored(session, MONTH, PROGRAMME) == ([], 1)
        item.version, item.status = 1, states.RETURNED
        session.flush()
        assert votes.scored(session, MONTH, PROGRAMME) == ([], 0)


def test_an_urgent_item_belongs_to_the_month_of_its_release(stage: Stage, tini: Chatter) -> None:
    stage.now = dt.datetime(2026, 12, 10, 3, tzinfo=dt.UTC)
    number = scene.item(stage, week="", urgent=True, status=states.APPROVED)
    with stage.session() as session, session.begin():
        closes = stage.now + dt.timedelta(days=2)
        item = session.get_one(Item, number)
        item.week, item.status = "", states.RELEASED
        releases.open_one(session, stage.now, closes, province="Jambi", by=None, item=item)
    honouring.scored(stage, number, tini, 4, 5)
    with stage.session() as session:
        assert [one.item.id for one in votes.candidates(session, MONTH, PROGRAMME)] == [number]
        assert votes.candidates(session, "2027-01", PROGRAMME) == []


def test_nobody_votes_for_what_they_wrote_edited_or_reviewed(
    stage: Stage, ballot: dict[str, int], tini: Chatter
) -> None:
    ani = stage.person("Ani")
    with stage.session() as session, session.begin():
        session.get_one(Item, ballot["DINKES"]).author_id = ani.person_id or 0
    assert refusal(cast, stage, ani, ballot["DINKES"]) == "voting.own"
    assert refusal(cast, stage, tini, ballot["DINKES"]) == "voting.own"  # gave the score
    assert cast(stage, ani, ballot[""])


def test_the_vote_opens_and_closes_to_the_minute(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti")
    opens, closes = months.vote_from(MONTH, PROGRAMME), months.list_at(MONTH, PROGRAMME)
    for at, open_ in [
        (opens - dt.timedelta(seconds=1), False),
        (opens, True),
        (closes - dt.timedelta(seconds=1), True),
        (closes, False),
    ]:
        stage.now = at
        if open_:
            cast(stage, siti, ballot["DINKES"])
        else:
            assert refusal(cast, stage, siti, ballot["DINKES"]) == "voting.closed"


def test_a_list_that_was_made_by_hand_ends_its_vote(stage: Stage, ballot: dict[str, int]) -> None:
    stage.programme = PROGRAMME
    siti, at = stage.person("Siti"), months.list_at(MONTH, PROGRAMME) - dt.timedelta(hours=2)
    assert at.astimezone(PROGRAMME.zone).day == 1  # January: the list of December is due in two hours
    honouring.make(stage, at)
    assert refusal(cast, stage, siti, ballot["DINKES"]) == "voting.closed"


def test_what_is_no_candidate_gets_no_voice(stage: Stage, ballot: dict[str, int]) -> None:
    assert refusal(cast, stage, stage.person("Siti"), 99) == "voting.no_candidate"


def test_a_share_of_before_the_vote_opened_calls_nobody_to_it(stage: Stage, ballot: dict[str, int]) -> None:
    """Its place may be said, or its proof renewed, when the vote is open: it is no share of those days."""
    siti, opens = stage.person("Siti"), months.vote_from(MONTH, PROGRAMME)
    assert siti.person_id is not None
    for at, called in [(opens - dt.timedelta(seconds=1), ""), (opens, MONTH)]:
        share_id = _shared(stage, siti.person_id, ballot["DINKES"], at)
        with stage.session() as session:
            person = session.get_one(Person, siti.person_id)
            assert votes.calls(session, person, share_id, opens + dt.timedelta(hours=1), PROGRAMME) == called


def _shared(stage: Stage, person_id: int, item_id: int, at: dt.datetime) -> int:
    with stage.session() as session, session.begin():
        opd_id = session.get_one(Person, person_id).opd_id
        share = Share(
            person_id=person_id, opd_id=opd_id, item_id=item_id, week="2026-W52", platform="facebook",
            status=standings.RECEIVED, at=at, updated_at=at,
        )  # fmt: skip
        session.add(share)
        session.flush()
        return share.id
