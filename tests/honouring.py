"""What tests of recognition begin with: weeks that are released, shared and closed, and scores of quality
control."""

import datetime as dt
import itertools
from collections.abc import Iterable

from models.content.reviews import Review
from models.digests import digests
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Awards, Programme
from models.recognition import awards
from models.recognition.awards import Award, AwardList
from models.shares import shares
from scheduler import jobs
from tests import proving, scene
from tests.chat import Chatter, Heard, Stage

MONTH = "2026-12"
WEEKS = ("2026-W48", "2026-W49", "2026-W50", "2026-W51", "2026-W52")  # those that close in December
# 1 January 2027 is a holiday, then comes a weekend.
PROGRAMME = Programme(awards=Awards(least_votes=2), holidays=(dt.date(2027, 1, 1),))
LISTED_AT = dt.datetime(2027, 1, 4, 1, 0, tzinfo=dt.UTC)  # Monday, 08.00 WIB
_LINKS = itertools.count(1000)


def open_week(stage: Stage, week: str, *, opds: Iterable[str | None] = ("DINKES", None)) -> dict[str, int]:
    """Releases the items of a week on its Wednesday at 13.00; their numbers by OPD ("" is the province)."""
    stage.now = weeks.moment(week, stage.programme.release, stage.programme)
    made = {
        opd or "": scene.item(stage, opd, week=week, title=f"Pesan {opd or 'provinsi'} {week}")
        for opd in opds
    }
    scene.release(stage, week)
    return made


def shares_link(stage: Stage, who: Chatter, *, minutes: int = 60) -> list[Heard]:
    """Somebody shows a share of the running week, so long after its release."""
    week = weeks.of(stage.now, stage.programme)
    stage.now = weeks.moment(week, stage.programme.release, stage.programme) + dt.timedelta(minutes=minutes)
    return who.says(f"https://youtu.be/dQw4w{next(_LINKS):06}")


def close(stage: Stage, week: str) -> None:
    """The week is over, and its figures are frozen."""
    stage.now = weeks.closing(week, stage.programme)
    with stage.session() as session, session.begin():
        digests.close(session, week, stage.now, stage.programme)


def play(stage: Stage, week: str, *sharing: tuple[Chatter, int]) -> dict[str, int]:
    """A whole week: who shares how many minutes after the release. The items."""
    made = open_week(stage, week)
    for who, minutes in sorted(sharing, key=lambda pair: pair[1]):
        shares_link(stage, who, minutes=minutes)
    close(stage, week)
    return made


def scored(stage: Stage, item: int, judge: Chatter, accurate: int, engaging: int) -> None:
    """What quality control said of the released version of an item."""
    with stage.session() as session, session.begin():
        session.add(
            Review(
                item_id=item, version=1, act="score", person_id=judge.person_id or 0,
                accurate=accurate, engaging=engaging, at=stage.now,
            )
        )  # fmt: skip


def accepted(stage: Stage, who: Chatter) -> int:
    """The newest share of somebody, looked at by the program and accepted; its receipt."""
    proving.examine(stage)
    with stage.session() as session:
        share = shares.newest(session, session.get_one(Person, who.person_id))
        assert share is not None
        return share.id


def make(stage: Stage, at: dt.datetime = LISTED_AT) -> str:
    """What the clock does on the first working day; what came of it."""
    stage.now = at
    due = jobs.of_moment("awards", at, stage.programme)
    assert due is not None
    with stage.session() as session, session.begin():
        return jobs.run(session, due, at, stage.programme)


def places(stage: Stage, category: str, month: str = MONTH) -> list[tuple[int, str]]:
    """The places of a category in the newest list: (place, name or title)."""
    with stage.session() as session:
        found = awards.newest(session, month)
        assert found is not None
        return [(row.place, awards.title(row)) for row in awards.rows(session, found, category)]


def figures(stage: Stage, category: str, month: str = MONTH) -> list[dict[str, object]]:
    """The reasons of the places of a category, in figures."""
    with stage.session() as session:
        found = awards.newest(session, month)
        assert found is not None
        return [row.figures for row in awards.rows(session, found, category)]


def newest(stage: Stage) -> tuple[AwardList, list[Award]]:
    """The newest list and its lines."""
    with stage.session() as session:
        found = awards.newest(session)
        assert found is not None
        return found, list(awards.rows(session, found))
