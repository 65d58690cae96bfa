"""A correction is a new version that says what changed; nothing else of a closed week moves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.digests import corrections, digests
from models.digests.corrections import Correction
from models.figures import snapshots
from models.figures.snapshots import LastActive, Participation
from models.membership import roster
from models.people import audit, people
from models.people.people import Opd, Person
from models.programme import weeks
from models.refused import Refused
from models.shares.shares import Share
from tests import scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"


@pytest.fixture
def cast(stage: Stage) -> dict[str, Chatter]:
    """Four people of two OPD, of whom three have shared when the week closes."""
    found = {name: stage.person(name) for name in ("Siti", "Budi", "Rina")}
    found["Udin"] = stage.person("Udin", "DISDIK")
    scene.item(stage)
    scene.item(stage, "DISDIK", title="Beasiswa")
    scene.release(stage)
    for number, name in enumerate(("Siti", "Budi", "Udin")):
        found[name].says(f"https://x.com/{name.lower()}/status/186001234567890123{number}")
    stage.now = weeks.closing(WEEK, stage.programme)
    with stage.session() as session, session.begin():
        digests.close(session, WEEK, stage.now, stage.programme)
    stage.later(hours=3)
    return found


def proposed(stage: Stage) -> Correction | None:
    with stage.session() as session:
        return corrections.proposed(session, WEEK, stage.programme)


def amend(stage: Stage, by: Chatter) -> snapshots.Digest:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, by.person_id)
        return corrections.amend(session, WEEK, stage.now, stage.programme, person)


def becomes(stage: Stage, who: Chatter, status: str) -> None:
    with stage.session() as session, session.begin():
        session.execute(update(Share).where(Share.person_id == who.person_id).values(status=status))


def changes(stage: Stage) -> dict[str, Any]:
    found = proposed(stage)
    assert found is not None
    return found.changes


def test_where_nothing_happened_there_is_nothing_to_correct(stage: Stage, cast: dict[str, Chatter]) -> None:
    assert proposed(stage) is None
    with pytest.raises(Refused, match=r"correction\.nothing"):
        amend(stage, cast["Siti"])


def test_a_week_that_runs_cannot_be_corrected(stage: Stage) -> None:
    with pytest.raises(Refused, match=r"correction\.not_closed"):
        proposed(stage)


def test_a_rejection_after_the_closing_takes_somebody_out_and_an_appeal_brings_them_back(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["Budi"], "rejected")
    said = changes(stage)
    assert said["active"] == [3, 2]
    assert said["opd"] == [["Dinas Kesehatan", 2, 1]]
    assert said["rejected"] == [0, 1]
    second = amend(stage, cast["Siti"])
    assert (second.version, second.figures["active"], second.changes) == (2, 2, said)
    assert second.figures["trend"][-1]["participation"] == second.figures["participation"] == 0.5

    becomes(stage, cast["Budi"], "accepted")
    third = amend(stage, cast["Siti"])
    assert (third.version, third.figures["active"], third.changes["active"]) == (3, 3, [2, 3])


def test_earlier_versions_stay_and_who_was_active_follows_the_newest(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    becomes(stage, cast["Udin"], "withdrawn")
    amend(stage, cast["Siti"])
    with stage.session() as session:
        first, second = snapshots.versions(session, WEEK)
        assert (first.figures["active"], second.figures["active"]) == (3, 2)
        assert snapshots.newest(session, WEEK) == second
        active = set(session.scalars(select(Participation.person_id)))
        assert active == {cast["Siti"].person_id, cast["Budi"].person_id}
        assert set(session.scalars(select(LastActive.person_id))) == active
        entry = session.scalars(select(audit.Entry).where(audit.Entry.act == "correct")).one()
        assert (entry.before, entry.after, entry.detail["active"]) == ("1", "2", [3, 2])


def test_who_left_moved_or_came_since_changes_no_closed_week(stage: Stage, cast: dict[str, Chatter]) -> None:
    stage.person("Orang Baru")
    with stage.session() as session, session.begin():
        left = session.get_one(Person, cast["Siti"].person_id)
        left.active, left.left_at = False, stage.now
        other = people.opd(session, "DISDIK")
        assert other is not None
        session.get_one(Person, cast["Budi"].person_id).opd_id = other.id
    assert proposed(stage) is None


def test_what_arrived_in_time_and_was_handled_afterwards_counts_for_who_was_on_the_roster(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        opd = session.scalars(select(Opd).where(Opd.code == "DINKES")).one()
        shared = session.scalars(select(Share).limit(1)).one()
        newcomer = Person(name="Baru", opd_id=opd.id, created_at=stage.now)
        session.add(newcomer)
        session.flush()
        for person_id in (cast["Rina"].person_id, newcomer.id):
            session.add(
                Share(
                    person_id=person_id, opd_id=opd.id, item_id=shared.item_id, week=WEEK, platform="x",
                    status="received", late=False, at=stage.now, updated_at=stage.now,
                )
            )  # fmt: skip
    said = changes(stage)
    assert said["active"] == [3, 4]
    assert said["opd"] == [["Dinas Kesehatan", 2, 3]]


def comes_in_time(stage: Stage, person_id: int | None) -> None:
    """A proof that had come before the closing is handled, and accepted, afterwards."""
    with stage.session() as session, session.begin():
        shared = session.scalars(select(Share).limit(1)).one()
        opd_id = session.get_one(Person, person_id).opd_id
        session.add(
            Share(
                person_id=person_id, opd_id=opd_id, item_id=shared.item_id, week=WEEK, platform="x",
                status="accepted", late=False, at=stage.now, updated_at=stage.now,
            )
        )  # fmt: skip


def frozen(session: Session) -> set[tuple[int, int]]:
    return {(row.person_id, row.opd_id) for row in session.scalars(select(Participation))}


def imports(stage: Stage, *lines: tuple[str, str]) -> None:
    """The roster becomes these people, (name, OPD)."""
    with stage.session() as session, session.begin():
        nips = {person.name: person.nip for person in session.scalars(select(Person))}
        entries = [
            roster.Entry(n, str(nips[name]), name, opd, "", "") for n, (name, opd) in enumerate(lines, 1)
        ]
        roster.apply(session, roster.plan(session, entries), stage.now)


ALL = {"Siti": "DINKES", "Budi": "DINKES", "Rina": "DINKES", "Udin": "DISDIK"}


def test_whoever_is_taken_out_and_moves_comes_back_to_the_opd_in_which_they_counted(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    with stage.session() as session:
        first = snapshots.newest(session, WEEK)
        assert first is not None
        there = frozen(session)
    becomes(stage, cast["Budi"], "rejected")
    amend(stage, cast["Siti"])
    with stage.session() as session, session.begin():
        other = people.opd(session, "DISDIK")
        assert other is not None
        moved = update(Share).where(Share.person_id == cast["Budi"].person_id)
        session.execute(moved.values(status="accepted", opd_id=other.id))  # what an appeal does not do
        session.get_one(Person, cast["Budi"].person_id).opd_id = other.id
    third = amend(stage, cast["Siti"])
    assert [(one["code"], one["active"]) for one in third.figures["opd"]] == [
        (one["code"], one["active"]) for one in first.figures["opd"]
    ]
    with stage.session() as session:
        assert frozen(session) == there


def test_whoever_moved_since_is_gained_where_they_were_when_the_week_closed(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    imports(stage, *(ALL | {"Rina": "DISDIK"}).items())
    comes_in_time(stage, cast["Rina"].person_id)
    assert changes(stage)["opd"] == [["Dinas Kesehatan", 2, 3]]


def test_whoever_was_off_the_roster_and_came_back_is_not_gained(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    with stage.session() as session, session.begin():
        rina = session.get_one(Person, cast["Rina"].person_id)
        rina.active, rina.left_at = False, stage.now - timedelta(days=2)
    imports(stage, *ALL.items())
    comes_in_time(stage, cast["Rina"].person_id)
    found = proposed(stage)
    assert found is not None
    assert "active" not in found.changes


def test_a_verdict_between_reading_and_writing_leaves_figures_and_people_of_one_moment(
    stage: Stage, cast: dict[str, Chatter]
) -> None:
    """On PostgreSQL it is committed in the middle of the correction's own transaction; SQLite has one writer
    at a time, and there it comes between what was proposed and what is made of it."""
    becomes(stage, cast["Udin"], "rejected")
    with stage.session() as session:
        found = corrections.proposed(session, WEEK, stage.programme)
        assert found is not None
        if stage.engine.dialect.name == "sqlite":
            session.rollback()
        becomes(stage, cast["Budi"], "rejected")
        by = session.get_one(Person, cast["Siti"].person_id)
        second = corrections.make(session, found, stage.now, by)
        session.commit()
        assert second.figures["active"] == len(frozen(session)) == 2
    assert changes(stage)["active"] == [2, 1], "what came between is another correction"


def test_what_comes_late_corrects_nothing(stage: Stage, cast: dict[str, Chatter]) -> None:
    stage.now += timedelta(minutes=1)
    cast["Rina"].says("https://x.com/rina/status/1860012345678901299")
    assert proposed(stage) is None
