"""What lies behind the sample: the rows that the real verbs would have made."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.demo import sample, seeding, topics
from bot.demo.sample import Sample
from bot.files.media import Store
from models.base import Base
from models.content import content, states
from models.figures import headcounts, snapshots
from models.membership import consents
from models.membership.consents import Consent
from models.people import audit, people
from models.people.people import Account, Person
from models.programme import runs
from models.programme.programme import Programme
from models.releases import audiences
from models.whatsapp import windows
from tests.chat import WEDNESDAY, Stage

PROGRAMME = Programme(started="2026-W44", provincial_opd="BIROADPIM")
WEEK = "2026-W48"
MONDAY = WEDNESDAY - timedelta(days=2)


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample.make(300)


@pytest.fixture
def province(stage: Stage, made: Sample, tmp_path: Path) -> Stage:
    """A stage whose roster is the sample's."""
    sample.write(made, tmp_path)
    with stage.session() as session, session.begin():
        seeding.import_agencies(session, tmp_path / "opd.csv", MONDAY)
        seeding.import_roster(session, tmp_path / "roster.csv", MONDAY)
    return stage


def _values(row: Base, *without: str) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns if column.name not in ("id", *without)]
    return {name: getattr(row, name) for name in names}


def test_the_import_brings_everybody_and_a_second_time_changes_nothing(
    province: Stage, made: Sample, tmp_path: Path
) -> None:
    with province.session() as session:
        assert len(session.scalars(select(Person).where(Person.active)).all()) == 300
        assert seeding.preview(session, tmp_path / "roster.csv").empty


def test_the_file_with_mistakes_is_refused_line_by_line(province: Stage, tmp_path: Path) -> None:
    with province.session() as session:
        rejected = seeding.preview(session, tmp_path / "roster-salah.csv").rejected
    assert [(line.line, line.why) for line in rejected] == [
        (5, "roster.nip_wrong"),
        (8, "roster.nip_wrong"),
        (11, "roster.opd_unknown"),
        (14, "roster.phone_wrong"),
        (17, "roster.name_missing"),
        (22, "roster.nip_twice"),
    ]


def test_joining_many_at_once_makes_the_same_rows_as_joining_one_by_one(
    province: Stage, made: Sample
) -> None:
    first, second = [one for one in made.standing(sample.JOINED) if one.channels == (sample.TELEGRAM,)][:2]
    with province.session() as session, session.begin():
        assert seeding.join(session, [first], PROGRAMME, MONDAY) == 1
        account = people.meet(session, "telegram", str(second.chat), second.name, MONDAY)
        people.link(session, account, seeding.person(session, second), MONDAY)
        consents.give(session, account, PROGRAMME.consent_version, MONDAY)
    with province.session() as session:
        for table, own in (
            (Account, ("address", "name", "person_id")),
            (Consent, ("address", "person_id")),
            (audit.Entry, ("actor_id", "subject_id")),
        ):
            query = select(table)
            if table is audit.Entry:
                query = query.where(audit.Entry.act == "link")
            rows = session.scalars(query).all()
            assert len(rows) == 2
            assert _values(rows[0], *own) == _values(rows[1], *own)
        bulk, single = seeding.person(session, first), seeding.person(session, second)
        assert (bulk.joined_at, bulk.consent_version) == (single.joined_at, single.consent_version)
        assert people.takes_part(bulk, PROGRAMME.consent_version)


def test_on_whatsapp_the_account_is_the_number_and_its_window_has_long_been_shut(
    province: Stage, made: Sample
) -> None:
    alone = next(one for one in made.standing(sample.JOINED) if one.channels == (sample.WHATSAPP,))
    both = next(one for one in made.standing(sample.JOINED) if one.channels == sample.CHANNELS)
    with province.session() as session, session.begin():
        assert seeding.join(session, [alone, both], PROGRAMME, MONDAY - timedelta(weeks=4)) == 2
    with province.session() as session:
        accounts = session.scalars(select(Account).order_by(Account.id)).all()
        assert [(one.channel, one.address) for one in accounts] == [
            ("whatsapp", alone.phone), ("telegram", str(both.chat)), ("whatsapp", both.phone),
        ]  # fmt: skip
        assert [windows.is_open(one, MONDAY) for one in accounts] == [False, True, False]
        given = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [(one.channel, one.address) for one in given] == [
            ("whatsapp", alone.phone), ("telegram", str(both.chat)),
        ]  # fmt: skip
        first = people.reachable(session, seeding.person(session, both).id)
        assert first is not None
        assert first.channel == "telegram"  # it costs nothing


def test_only_those_who_had_joined_before_take_part_and_the_known_blockers_are_out_of_reach(
    province: Stage, made: Sample
) -> None:
    with province.session() as session, session.begin():
        number = seeding.join(session, made.people, PROGRAMME, MONDAY)
        assert number == len(made.standing(sample.JOINED, sample.KNOWN, sample.SILENT))
    with province.session() as session:
        blocked = seeding.person(session, made.standing(sample.KNOWN)[0])
        silent = seeding.person(session, made.standing(sample.SILENT)[0])
        assert people.reachable(session, blocked.id) is None
        assert people.reachable(session, silent.id) is not None


def test_items_are_written_and_approved_by_two_people_and_can_be_released(
    province: Stage, made: Sample, tmp_path: Path
) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    written = [topics.TOPICS["PUPR"], topics.TOPICS["BAPPEDA"], topics.PROVINCIAL]
    with province.session() as session, session.begin():
        seeding.join(session, made.people, PROGRAMME, MONDAY)
        seeding.appoint(session, made, MONDAY)
        assert seeding.write_items(session, made, written, WEEK, store, PROGRAMME, MONDAY) == 3
        items = session.scalars(select(content.Item)).all()
        assert all(item.status == states.APPROVED for item in items)
        assert all(item.decided_by not in (None, item.author_id) for item in items)
        assert [item.opd_id is None for item in items] == [False, False, True]
        joined = len(made.standing(sample.JOINED, sample.KNOWN, sample.SILENT))
        assert audiences.measure(session, WEEK).people == joined


def test_earlier_weeks_are_marked_as_samples_and_make_a_trend(province: Stage, made: Sample) -> None:
    with province.session() as session, session.begin():
        seeding.join(session, made.people, PROGRAMME, MONDAY - timedelta(weeks=4))
        assert seeding.remember(session, WEEK, PROGRAMME, seed=1) == 4
        past = [digest.figures for digest in snapshots.closed(session, WEEK)]
        assert [point["week"] for point in past] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
        assert past[0]["participation"] < past[-1]["participation"]
        rows = session.scalars(select(snapshots.Digest)).all()
        assert {row.reason for row in rows} == {seeding.MARK}


def test_the_figures_of_earlier_weeks_are_those_of_the_people_who_are_said_to_have_shared(
    province: Stage, made: Sample
) -> None:
    with province.session() as session, session.begin():
        seeding.join(session, made.people, PROGRAMME, MONDAY - timedelta(weeks=4))
        seeding.remember(session, WEEK, PROGRAMME, seed=1)
        seen = set[int]()
        for digest in snapshots.closed(session, WEEK):
            shared = select(snapshots.Participation).where(snapshots.Participation.week == digest.week)
            rows = session.scalars(shared).all()
            figures: Any = digest.figures
            assert (
                len(rows) == figures["active"] == sum(one["active"] for one in figures["cohorts"]["months"])
            )
            assert Counter(row.opd_id for row in rows) == {
                agency.id: one["active"]
                for one in figures["opd"]
                if one["active"] and (agency := people.opd(session, one["code"]))
            }
            assert figures["cohorts"]["new"] == len({row.person_id for row in rows} - seen)
            seen.update(row.person_id for row in rows)
        heads = headcounts.of(session, WEEK, PROGRAMME)
        assert headcounts.roster(heads) > len(seen) > 0


def test_most_of_those_who_share_in_a_week_have_shared_before(province: Stage, made: Sample) -> None:
    with province.session() as session, session.begin():
        seeding.join(session, made.people, PROGRAMME, MONDAY - timedelta(weeks=4))
        seeding.remember(session, WEEK, PROGRAMME, seed=1)
        *_, last = snapshots.closed(session, WEEK)
        figures: Any = last.figures
        assert 0 < figures["cohorts"]["new"] < figures["active"] / 2
        assert figures["cohorts"]["stopped"] < figures["active"]


def test_the_jobs_of_earlier_weeks_are_done_but_for_the_summary_of_the_last(province: Stage) -> None:
    with province.session() as session, session.begin():
        seeding.remember(session, WEEK, PROGRAMME, seed=1)
        assert runs.taken(session, "release", "2026-W47")
        assert runs.taken(session, "digest", "2026-W46")
        assert not runs.taken(session, "digest", "2026-W47")
        assert not runs.taken(session, "release", WEEK)


def test_who_has_no_item_for_the_played_week_is_reminded_in_the_play_not_before_it(province: Stage) -> None:
    with province.session() as session, session.begin():
        seeding.remember(session, WEEK, PROGRAMME, seed=1)
        assert runs.taken(session, "readiness", "2026-W47:2")
        assert runs.taken(session, "teams", "2026-W47")
        assert [runs.taken(session, "readiness", f"{WEEK}:{nth}") for nth in (1, 2)] == [False, False]
