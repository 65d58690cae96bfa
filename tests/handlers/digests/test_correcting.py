"""`/koreksi`: what moves a closed week and what does not, who may make a new version, and who hears of it."""

import pytest
from sqlalchemy import select

from models.figures import snapshots
from models.messages.outbox import Outbound
from models.people.audit import Entry
from models.people.people import Opd, Person
from models.proofs import verdicts
from models.shares import inspections, shares
from models.shares.shares import Share
from tests import meeting, scene
from tests.chat import Chatter, Stage
from tests.meeting import WEEK
from tests.scene import Group


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller with a bound group; five of seven of Dinas Kesehatan have shared, one was rejected."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    stage.agency("DISDIK", "Dinas Pendidikan")
    for name in ("Ani Lestari", "Dewi Editor"):
        stage.person(name, role="editor", chat=9000 + len(name))
    people = [stage.person(f"Pegawai {n}", chat=5000 + n) for n in range(1, 6)]
    Group(stage).hears(who, "/rabuan")
    scene.item(stage)
    scene.release(stage)
    for number, one in enumerate(people, 1):
        meeting.share(one, number)
    stage.later(days=5)
    decide(stage, 5, "reject", "Ani Lestari")
    meeting.close(stage)
    stage.later(hours=3)
    return who


def of_person(stage: Stage, number: int) -> int:
    """The share of the n-th person."""
    with stage.session() as session:
        chosen = select(Share.id).join(Person, Person.id == Share.person_id)
        return session.scalars(chosen.where(Person.name == f"Pegawai {number}")).one()


def decide(stage: Stage, number: int, how: str, by: str) -> None:
    """Somebody of the team accepts or rejects the share of the n-th person, or that person appeals."""
    share_id = of_person(stage, number)
    with stage.session() as session, session.begin():
        share = session.get_one(Share, share_id)
        person = session.scalars(select(Person).where(Person.name == by)).one()
        if how == "appeal":
            verdicts.appeal(session, share, person, "ini benar milik saya", stage.now, stage.programme)
            return
        look = inspections.current(session, share_id) or inspections.open_one(
            session, share, inspections.SAMPLE, stage.now
        )
        assert look is not None
        if how == "accept":
            verdicts.accept(session, look, person, stage.now, stage.programme)
        else:
            verdicts.reject(session, look, person, stage.now, stage.programme, "not_theirs")


def withdraw(stage: Stage, number: int) -> None:
    share_id = of_person(stage, number)
    with stage.session() as session, session.begin():
        share = shares.locked(session, share_id)
        verdicts.withdraw(session, share, session.get_one(Person, share.person_id), stage.now)


def change(stage: Stage, number: int, **fields: object) -> None:
    """What the roster says of the n-th person from now on."""
    with stage.session() as session, session.begin():
        person = session.scalars(select(Person).where(Person.name == f"Pegawai {number}")).one()
        for name, value in fields.items():
            setattr(person, name, value)


def proposal(boss: Chatter) -> str:
    return boss.says("/koreksi 48")[0].text


def versions(stage: Stage) -> list[dict[str, object]]:
    with stage.session() as session:
        return [
            {name: one.figures[name] for name in ("active", "roster", "shares")}
            for one in snapshots.versions(session, WEEK)
        ]


FIRST = {"active": 4, "roster": 8, "shares": 4}


def test_a_week_in_which_nothing_changed_is_said_to_be_so(boss: Chatter) -> None:
    assert "Tidak ada yang berubah" in proposal(boss)
    # Without a number it is the newest closed week.
    (said,) = boss.says("/koreksi")
    assert said.text.startswith("Tidak ada yang berubah")
    assert said.text.endswith("dibaca dengan /rekap 48.")
    assert said.text == boss.says("/koreksi minggu lalu")[0].text == boss.says("/koreksi 26 November")[0].text


def test_a_proof_rejected_since_takes_its_person_out(stage: Stage, boss: Chatter) -> None:
    decide(stage, 1, "reject", "Ani Lestari")
    assert "• Dinas Kesehatan: 4 → 3 ASN yang berbagi" in proposal(boss)


def test_an_appeal_that_was_won_brings_its_person_in(stage: Stage, boss: Chatter) -> None:
    decide(stage, 5, "appeal", "Pegawai 5")
    assert "Bukti sedang diperiksa" in proposal(boss)
    assert "ASN yang berbagi" not in proposal(boss), "what is appealed counts for nobody yet"
    decide(stage, 5, "accept", "Dewi Editor")
    assert "• Dinas Kesehatan: 4 → 5 ASN yang berbagi" in proposal(boss)


def test_a_share_withdrawn_after_the_closing_counts_no_more(stage: Stage, boss: Chatter) -> None:
    withdraw(stage, 2)
    text = proposal(boss)
    assert "• ASN yang berbagi: 4 → 3" in text
    assert "• Unggahan berbukti: 4 → 3" in text


def test_who_left_or_moved_since_changes_nothing(stage: Stage, boss: Chatter) -> None:
    with stage.session() as session:
        elsewhere = session.scalars(select(Opd.id).where(Opd.code == "DISDIK")).one()
    change(stage, 1, active=False, left_at=stage.now)
    change(stage, 2, opd_id=elsewhere)
    stage.person("Orang Baru")
    assert "Tidak ada yang berubah" in proposal(boss)
    decide(stage, 3, "reject", "Ani Lestari")
    withdraw(stage, 2)  # who moved is taken out of where they counted
    assert "• Dinas Kesehatan: 4 → 2 ASN yang berbagi" in proposal(boss)
    boss.presses("Buat versi baru")
    assert versions(stage)[1] == {"active": 2, "roster": 8, "shares": 2}


def test_who_left_between_two_versions_may_still_win_an_appeal(stage: Stage, boss: Chatter) -> None:
    decide(stage, 5, "appeal", "Pegawai 5")
    change(stage, 5, active=False, left_at=stage.now)
    withdraw(stage, 1)
    stage.later(days=1)
    boss.says("/koreksi 48")
    boss.presses("Buat versi baru")
    decide(stage, 5, "accept", "Dewi Editor")
    assert "• Dinas Kesehatan: 3 → 4 ASN yang berbagi" in proposal(boss)


def test_a_new_version_is_made_once_told_to_those_who_got_the_pack_and_audited(
    stage: Stage, boss: Chatter
) -> None:
    leader = stage.person("Pak Gubernur", "SETDA", role="leader")
    decide(stage, 1, "reject", "Ani Lestari")
    shown = boss.says("/koreksi 48")[0]
    assert list(shown.actions) == ["Buat versi baru", "Batal"]
    (made,) = [said for said in boss.presses("Buat versi baru") if "sudah dibuat" in said.text]
    assert made.text.startswith("Versi 2 rekap minggu 25 November – 2 Desember 2026 sudah dibuat")
    assert versions(stage) == [FIRST, {"active": 3, "roster": 8, "shares": 3}]
    for chat in (-1001, leader.chat, boss.chat):
        (news,) = [said for said in stage.heard(chat) if "dikoreksi (versi 2)" in said.text]
        assert "• Dinas Kesehatan: 4 → 3 ASN yang berbagi" in news.text
        assert "Pegawai" not in news.text
    again = boss.presses("", action=shown.actions["Buat versi baru"])
    assert "Tidak ada yang berubah" in again[0].text
    assert len(versions(stage)) == 2
    with stage.session() as session:
        rows = session.scalars(select(Entry).where(Entry.act == "correct")).all()
        assert [(row.actor_id, row.subject_id, row.before, row.after) for row in rows] == [
            (boss.person_id, WEEK, "1", "2")
        ]


def test_what_changed_while_the_controller_read_is_shown_before_it_is_made(
    stage: Stage, boss: Chatter
) -> None:
    decide(stage, 1, "reject", "Ani Lestari")
    boss.says("/koreksi 48")
    decide(stage, 2, "reject", "Ani Lestari")
    (anew,) = boss.presses("Buat versi baru")
    assert "berubah lagi" in anew.text
    assert "4 → 2 ASN yang berbagi" in anew.text
    assert len(versions(stage)) == 1
    boss.presses("Buat versi baru")
    assert versions(stage)[1]["active"] == 2


def test_batal_leaves_the_week_as_it_was(stage: Stage, boss: Chatter) -> None:
    decide(stage, 1, "reject", "Ani Lestari")
    boss.says("/koreksi 48")
    assert "tetap seperti semula" in boss.presses("Batal")[0].text
    assert versions(stage) == [FIRST]


@pytest.mark.parametrize("role", ["", "editor", "tag", "leader", "admin"])
def test_nobody_but_a_controller_corrects(stage: Stage, boss: Chatter, role: str) -> None:
    decide(stage, 1, "reject", "Ani Lestari")
    shown = boss.says("/koreksi 48")[0]
    other = stage.person("Orang Lain", role=role)
    assert other.says("/koreksi 48")[0].key.endswith(":refused")
    pressed = other.presses("", action=shown.actions["Buat versi baru"])
    assert pressed[0].key.endswith(":refused")
    assert versions(stage) == [FIRST]
    assert not scene.rows(stage, Outbound.key.contains(":correction:"))


@pytest.mark.parametrize("said", ["/koreksi 49", "/koreksi kemarin"])
def test_a_week_that_is_not_closed_or_none_is_explained(boss: Chatter, said: str) -> None:
    assert boss.says(said)[0].key.endswith(":refused")
