"""What waits too long, or for nobody, is raised; an election makes approved items wait once more."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.content.content import Item
from models.editorial import moves, waits
from models.messages.outbox import Outbound
from models.people import audit, roles
from models.people.people import Person
from models.programme.programme import Dates, Programme
from scheduler import jobs
from tests import counting
from tests.casting import go, submitted, trail
from tests.chat import WEDNESDAY, Chatter, Heard, Stage

ELECTION = Programme(election=(Dates(begin=date(2026, 12, 1), until=date(2026, 12, 31)),))


def tick(stage: Stage, **later: float) -> dict[str, str]:
    """What the clock does for the hour, some time later; what came of the hourly jobs."""
    stage.later(**later)
    results = {}
    with stage.session() as session, session.begin():
        for due in jobs.pending(session, stage.now, stage.programme):
            if due.job in jobs.HOURLY:
                results[due.job] = jobs.run(session, due, stage.now, stage.programme)
    return results


def waiting(stage: Stage, author: Chatter) -> int:
    with stage.session() as session, session.begin():
        return submitted(session, session.get_one(Person, author.person_id)).id


def step(stage: Stage, number: int, act: str, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        by = session.get_one(Person, who.person_id)
        go(session, session.get_one(Item, number), act, by, programme=stage.programme, now=stage.now)


def acts(stage: Stage, number: int) -> list[str]:
    with stage.session() as session:
        return [row.act for row in trail(session, session.get_one(Item, number))]


def about(who: Chatter, words: str) -> list[Heard]:
    return [heard for heard in who.hears() if words in heard.text]


@pytest.fixture
def adi(stage: Stage) -> Chatter:
    return stage.person("Adi Admin", "BAPPEDA", role="admin")


def test_what_waits_longer_than_promised_is_raised_once_with_those_who_can_act(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    number = waiting(stage, siti)
    assert tick(stage, hours=23)["review_waits"] == "waits"
    assert tick(stage, hours=1)["review_waits"] == "1 items raised"
    (heard,) = about(ani, "Mohon diperiksa hari ini")
    assert "menunggu editor sejak Rabu, 25 November 2026, 10.00 WIB" in heard.text
    assert heard.actions == {"Periksa": f"review.open:{number}"}
    tick(stage, hours=2)
    assert len(about(ani, "Mohon diperiksa")) == 1
    assert not about(budi, "Mohon")
    assert acts(stage, number) == ["start", "submit", "remind"]


def test_after_twice_as_long_controllers_and_admins_hear_who_should_have_acted(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter, adi: Chatter
) -> None:
    number = waiting(stage, siti)
    tick(stage, hours=24)
    tick(stage, hours=24)
    for who in (budi, adi):
        (heard,) = about(who, "Mohon ingatkan mereka")
        assert "Yang dapat memeriksanya: Ani Lestari" in heard.text
    assert not about(ani, "Mohon ingatkan mereka")
    tick(stage, hours=5)
    assert acts(stage, number) == ["start", "submit", "remind", "escalate"]
    with stage.session() as session:
        assert trail(session, session.get_one(Item, number))[-1].reason == "Ani Lestari"


def test_each_step_is_a_wait_of_its_own(stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter) -> None:
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    number = waiting(stage, siti)
    tick(stage, hours=24)
    step(stage, number, "endorse", ani)
    assert tick(stage, hours=23).get("review_waits") == "waits"
    tick(stage, hours=1)
    assert len(about(tini, "Mohon diperiksa")) == 1
    assert len(about(ani, "Mohon diperiksa")) == 1
    assert acts(stage, number) == ["start", "submit", "remind", "endorse", "remind"]


def test_nobody_is_written_to_in_the_quiet_hours(stage: Stage, siti: Chatter, ani: Chatter) -> None:
    waiting(stage, siti)
    stage.now = datetime.fromisoformat("2026-11-26T20:00+07:00")
    assert tick(stage)["review_waits"] == "waits"
    stage.now = datetime.fromisoformat("2026-11-27T06:59+07:00")
    assert tick(stage)["review_waits"] == "waits"
    stage.now = datetime.fromisoformat("2026-11-27T07:00+07:00")
    assert tick(stage)["review_waits"] == "1 items raised"


def test_what_waits_for_nobody_is_told_at_once_with_what_to_do(
    stage: Stage, siti: Chatter, budi: Chatter, adi: Chatter
) -> None:
    with stage.session() as session, session.begin():  # the author is the only editor
        roles.grant(session, session.get_one(Person, siti.person_id), "editor", None, stage.now, by=None)
    stage.person("Eva Susanti", role="editor", joined=False)
    number = waiting(stage, siti)
    assert tick(stage, minutes=1)["review_waits"] == "1 items raised"
    for who in (budi, adi):
        (heard,) = about(who, "tidak ada yang dapat memeriksanya")
        assert "seorang editor selain penulisnya" in heard.text
        assert "belum bergabung: Eva Susanti" in heard.text
        assert "/peran" in heard.text
    tick(stage, hours=2)
    assert acts(stage, number) == ["start", "submit", "stuck"]


def test_whoever_sends_what_nobody_can_review_need_not_wait_for_the_clock(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    """Passed on to quality control, of which there is none."""
    number = waiting(stage, siti)
    ani.says("/tinjau")
    heard = ani.presses("Teruskan")
    assert "belum ada" in heard[-1].text.lower()
    (told,) = about(budi, "tidak ada yang dapat memeriksanya")
    assert "seorang penilai mutu (TAG)" in told.text
    assert acts(stage, number) == ["start", "submit", "endorse", "stuck"]


def test_a_wait_is_counted_from_the_step_and_not_from_an_editor_s_changes(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    number = waiting(stage, siti)
    stage.later(hours=5)
    ani.says("/tinjau")
    ani.presses("Ubah")
    ani.presses("Ubah judul")
    ani.says("Puskesmas kini buka malam")
    with stage.session() as session:
        assert waits.since(session, session.get_one(Item, number)) == WEDNESDAY


def test_an_election_that_comes_later_asks_for_a_second_approval_and_says_so(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    rudi = stage.person("Rudi Hartono", "BAPPEDA", role="controller")
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    number = waiting(stage, siti)
    for act, who in (("endorse", ani), ("score", tini), ("approve", budi)):
        step(stage, number, act, who)
    assert tick(stage)["election"] == "waits"
    stage.programme = ELECTION
    assert tick(stage)["election"] == "1 items wait for a second approval"
    (heard,) = about(rudi, "perlu persetujuan kedua")
    assert heard.actions == {"Periksa": f"review.open:{number}"}
    assert not about(budi, "perlu persetujuan kedua")
    assert about(siti, "menunggu persetujuan kedua")
    rudi.presses("Periksa")
    rudi.presses("Setujui")
    assert tick(stage, hours=1)["election"] == "waits"
    assert acts(stage, number)[-3:] == ["approve", "lock", "approve"]


def test_a_release_in_an_election_takes_nothing_that_one_controller_approved(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    number = waiting(stage, siti)
    for act, who in (("endorse", ani), ("score", tini), ("approve", budi)):
        step(stage, number, act, who)
    stage.programme = ELECTION
    stage.now = WEDNESDAY + timedelta(days=7, hours=3)  # 13.00 of its Wednesday
    (due,) = [one for one in jobs.of_week("2026-W49", ELECTION) if one.job == "release"]
    with stage.session() as session, session.begin():
        assert jobs.run(session, due, stage.now, ELECTION) == "waits"
        assert session.get_one(Item, number).status == "confirming"
        assert moves.lock_up(session, stage.now, ELECTION) == []


def test_the_hourly_jobs_are_of_their_hour_alone(stage: Stage) -> None:
    found = list(jobs.hourly(datetime.fromisoformat("2026-11-25T10:59+07:00"), stage.programme))
    assert {(due.job, due.period) for due in found} == {
        ("election", "2026-11-25T10"),
        ("review_waits", "2026-11-25T10"),
        ("inspections", "2026-11-25T10"),
        ("decisions", "2026-11-25T10"),
    }
    assert list(jobs.hourly(datetime.fromisoformat("2026-11-18T10:59+07:00"), stage.programme)) == []
    late = found[0].at + timedelta(hours=1)
    with stage.session() as session, session.begin():
        assert jobs.run(session, found[0], late, stage.programme) == "skipped"


def test_a_controller_who_is_alone_hears_of_their_own_item(stage: Stage, budi: Chatter) -> None:
    with stage.session() as session, session.begin():
        submitted(session, session.get_one(Person, budi.person_id), provincial=True)
    tick(stage)
    (heard,) = about(budi, "tidak ada yang dapat memeriksanya")
    assert "seorang editor selain penulisnya" in heard.text


def test_looking_at_what_waits_costs_no_more_for_two_hundred_items_than_for_two(
    stage: Stage, siti: Chatter, ani: Chatter
) -> None:
    """None of them is due: half are young, half were raised before."""
    stage.person("Eka", "DISHUB", role="editor")
    homes = [stage.agency("DINKES").id, stage.agency("DISHUB").id]

    def statements() -> int:
        with stage.session() as session, session.begin(), counting.statements(stage.engine) as asked:
            assert waits.look(session, stage.now, stage.programme) == 0
        assert not any("FOR UPDATE" in one.statement for one in asked)
        return len(asked)

    def wait(number: int, since: datetime) -> None:
        with stage.session() as session, session.begin():
            for nth in range(number):
                item = Item(
                    opd_id=homes[nth % 2], author_id=siti.person_id, week="2026-W50",
                    status="submitted", version=1, title=f"Konten {nth}", created_at=since, updated_at=since,
                )  # fmt: skip
                session.add(item)
                session.flush()
                audit.record(session, since, "submit", "item", item.id, before="draft", after="submitted")

    wait(1, stage.now - timedelta(hours=30))
    with stage.session() as session, session.begin():
        assert waits.look(session, stage.now, stage.programme) == 1
    wait(1, stage.now)
    few = statements()
    wait(99, stage.now - timedelta(hours=30))
    with stage.session() as session, session.begin():
        assert waits.look(session, stage.now, stage.programme) == 99
    wait(99, stage.now)
    assert statements() == few
    assert few <= 6  # the BEGIN of SQLite among them


def queued(who: Chatter, words: str) -> list[str]:
    return [heard.row.status for heard in about(who, words)]


def test_a_reminder_that_has_not_gone_out_is_taken_back_when_somebody_acts(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter
) -> None:
    number, other = waiting(stage, siti), waiting(stage, siti)
    tick(stage, hours=48)
    assert queued(ani, "Mohon diperiksa") == []
    assert queued(budi, "Mohon ingatkan mereka") == ["queued", "queued"]
    step(stage, number, "endorse", ani)
    with stage.session() as session:
        rows = session.scalars(select(Outbound).where(Outbound.key.like("item:%:wait:escalate:%"))).all()
        found = {int(row.key.split(":")[1]): (row.status, row.reason) for row in rows}
    assert found == {number: ("cancelled", "overtaken"), other: ("queued", "")}


def test_a_reminder_that_has_gone_out_stays_as_it_is(stage: Stage, siti: Chatter, ani: Chatter) -> None:
    number = waiting(stage, siti)
    tick(stage, hours=24)
    stage.sent()
    step(stage, number, "endorse", ani)
    assert queued(ani, "Mohon diperiksa hari ini") == ["sent"]
