"""Late, early, moved, left, joined: what belongs to which week and OPD."""

from datetime import timedelta

from models.digests import digests
from models.figures import headcounts, snapshots
from models.membership import roster
from models.messages import outbox, pieces
from models.messages.outbox import Outbound
from models.people.people import Person
from models.programme import weeks
from models.proofs import belonging, verdicts
from models.releases import releases
from models.shares import findings, inspections, standings
from models.shares.findings import Seen
from models.shares.shares import Share
from tests import proving, receiving, scene, windowed
from tests.chat import Chatter, Stage
from tests.proving import Prover

WEEK = "2026-W48"
UNSEEN = Seen(findings.UNSEEN)


def close(stage: Stage) -> snapshots.Digest:
    stage.now = max(stage.now, weeks.closing(WEEK, stage.programme))
    with stage.session() as session, session.begin():
        return digests.close(session, WEEK, stage.now, stage.programme)


def active(stage: Stage) -> dict[int, int]:
    with stage.session() as session:
        heads = headcounts.of(session, WEEK, stage.programme)
        counted = {opd: headcounts.active(of) for opd, of in headcounts.by_opd(heads).items()}
        return {opd: number for opd, number in counted.items() if number}


def share(stage: Stage, number: int) -> Share:
    with stage.session() as session:
        return session.get_one(Share, number)


def moves(stage: Stage, who: Chatter, opd: str) -> int:
    agency = stage.agency(opd, f"Dinas {opd}")
    with stage.session() as session, session.begin():
        session.get_one(Person, who.person_id).opd_id = agency.id
    return agency.id


def leaves(stage: Stage, who: Chatter, others: list[tuple[str, str]]) -> None:
    """Somebody is on the next list no longer."""
    rows = [
        (number, {"nip": nip, "nama": name, "kode_opd": "DINKES", "hp": "", "jabatan": ""})
        for number, (nip, name) in enumerate(others, 2)
    ]
    with stage.session() as session, session.begin():
        plan = roster.plan(session, list(roster.entries(rows)))
        assert who.person_id in plan.left
        roster.apply(session, plan, stage.now)


def test_late_proof_is_kept_and_judged_and_changes_no_closed_week(stage: Stage, prover: Prover) -> None:
    before = close(stage).figures
    number = proving.shows(prover)
    proving.examine(stage, Seen(findings.SHOWS))
    assert (share(stage, number).late, share(stage, number).status) == (True, standings.ACCEPTED)
    assert active(stage) == {}
    assert close(stage).figures == before


def test_what_is_decided_after_the_closing_leaves_the_snapshot_as_it_is(stage: Stage, prover: Prover) -> None:
    ppid = stage.person("Ratna", role="creator")
    number = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    before = close(stage).figures
    assert before["active"] == 1
    proving.judge(stage, ppid, verdicts.reject, "other_item")
    assert share(stage, number).status == standings.REJECTED
    assert close(stage).figures == before


def test_a_claim_in_time_that_is_shown_late_is_late(stage: Stage, prover: Prover) -> None:
    number = prover.claims()
    close(stage)
    assert proving.shows(prover) == number
    assert share(stage, number).late


def test_before_the_release_of_the_week_it_is_about_last_weeks_item(stage: Stage, prover: Prover) -> None:
    close(stage)
    stage.later(hours=1)  # 08.30; the release is at 13.00
    about = prover.about()
    assert about is not None
    assert (about.week, about.late) == (WEEK, True)


def test_a_share_belongs_to_the_opd_in_which_the_item_was_received(stage: Stage, prover: Prover) -> None:
    ratna = stage.person("Ratna", role="creator")
    wati = stage.person("Wati", "DISDIK", role="creator")
    old = share(stage, prover.claims()).opd_id
    new = moves(stage, prover.who, "DISDIK")
    number = proving.shows(prover, platform="x")
    other = proving.shows(prover, platform="tiktok")
    proving.examine(stage, UNSEEN)
    assert [share(stage, one).opd_id for one in (number, other)] == [old, old]
    assert (proving.waiting(stage, ratna), proving.waiting(stage, wati)) == (2, 0)
    assert active(stage) == {new: 1}, "participation is that of the present OPD"


def test_the_next_item_is_received_in_the_new_opd(stage: Stage, prover: Prover) -> None:
    new = moves(stage, prover.who, "DISDIK")
    stage.now = weeks.closing(WEEK, stage.programme)
    scene.item(stage, "DISDIK", title="Sekolah gratis")
    scene.release(stage)
    assert share(stage, proving.shows(prover)).opd_id == new


def test_the_open_looks_at_shares_of_who_left_are_voided_and_the_shares_stay(
    stage: Stage, prover: Prover
) -> None:
    stage.person("Ratna", role="creator", nip="198501012010012001")
    with stage.session() as session, session.begin():
        session.get_one(Person, prover.who.person_id).nip = "199001012015012002"
    ppid = stage.person("Edi", role="editor", nip="198601012010011003")
    number = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    later = proving.shows(prover, platform="x")
    assert proving.waiting(stage, ppid) == 1
    leaves(stage, prover.who, [("198501012010012001", "Ratna"), ("198601012010011003", "Edi")])
    assert proving.waiting(stage, ppid) == 0
    assert [look.decision for look in proving.looks(stage, number)] == [inspections.VOID]
    assert proving.examine(stage, UNSEEN) == [standings.RECEIVED]
    assert proving.waiting(stage, ppid) == 0, "nobody is asked about what came just before"
    assert [share(stage, one).status for one in (number, later)] == [standings.RECEIVED] * 2
    assert active(stage) == {}, "who left is counted no more"


def test_who_joins_late_gets_the_running_item_and_may_show_it(stage: Stage, prover: Prover) -> None:
    stage.later(days=3)
    budi = stage.person("Budi")
    with stage.session() as session, session.begin():
        releases.welcome(session, scene.person(session, budi), stage.now)
    stage.sent()
    number = proving.shows(Prover(stage, budi))
    assert (share(stage, number).week, share(stage, number).late) == (WEEK, False)
    assert sum(active(stage).values()) == 1


def test_last_week_is_the_one_that_closed_seven_days_ago_at_the_most(stage: Stage, prover: Prover) -> None:
    def last() -> str:
        with stage.session() as session:
            found = belonging.last_week(session, scene.person(session, prover.who), stage.now)
            return found.week if found else ""

    assert last() == ""
    stage.now = weeks.closing(WEEK, stage.programme)
    assert last() == WEEK
    stage.now += timedelta(days=7) - timedelta(seconds=1)
    assert last() == WEEK
    stage.now += timedelta(seconds=1)
    assert last() == ""


def test_a_share_of_somebody_else_is_never_moved(stage: Stage) -> None:
    who = stage.person("Siti")
    receiving.two_weeks(stage)
    prover = Prover(stage, who)
    number = proving.shows(prover)
    budi = stage.person("Budi")
    with stage.session() as session:
        assert belonging.movable(session, scene.person(session, budi), number, stage.now) is None
        assert belonging.movable(session, scene.person(session, who), number, stage.now) is not None


def test_a_reply_to_the_picture_of_a_card_is_about_its_item(stage: Stage) -> None:
    """On WhatsApp a card with a picture is two messages, and any of them may be swiped."""
    siti, budi = windowed.person(stage, "Siti", "+62811", timedelta(hours=1)), stage.person("Budi")
    item = scene.item(stage)
    scene.release(stage, send=False)
    (card,) = scene.cards(stage, siti)
    with stage.session() as session, session.begin():
        row = session.get_one(Outbound, card.id)
        row.status, row.external_id, row.pieces = outbox.SENT, "SM2", "SM1,SM2"
        pieces.note(session, {card.id: ["SM1", "SM2"]})
    with stage.session() as session:
        for name in ("SM1", "SM2"):
            found = belonging.replied(session, scene.person(session, siti), name, stage.now)
            assert found is not None
            assert found.item_id == item
            assert belonging.replied(session, scene.person(session, budi), name, stage.now) is None
