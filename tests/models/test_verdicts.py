"""What becomes of a share: clean ones at once, the others by a person, appeals by somebody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import audit, findings, standings, verdicts, worklists
from models.findings import Seen
from models.inspections import Inspection
from models.people import Person
from models.programme import Proofs
from models.refused import Refused
from models.shares import Share
from tests import proving, scene
from tests.chat import Chatter, Stage
from tests.proving import Prover

SHOWS, UNSEEN = Seen(findings.SHOWS, score=0.9), Seen(findings.UNSEEN)
LINK = "https://www.instagram.com/p/C9aBcDeFgHi"


@pytest.fixture
def siti(stage: Stage) -> Prover:
    who = stage.person("Siti")
    scene.item(stage)
    scene.release(stage)
    return Prover(stage, who)


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    return stage.person("Ratna", role="creator")


@pytest.fixture
def editor(stage: Stage) -> Chatter:
    return stage.person("Edi", role="editor")


def state(stage: Stage, share_id: int) -> str:
    with stage.session() as session:
        return session.get_one(Share, share_id).status


def judge(
    stage: Stage,
    who: Chatter,
    act: Callable[..., object] = verdicts.accept,
    *more: str,
) -> int:
    """Takes what is next and decides it; the share's id."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        look = worklists.take(session, person, stage.now, stage.programme)
        assert look is not None, "nothing waits"
        act(session, look, person, stage.now, stage.programme, *more)
        return look.share_id


def appeal(stage: Stage, who: Chatter, share_id: int, words: str = "Itu memang unggahan saya.") -> None:
    with stage.session() as session, session.begin():
        person, share = session.get_one(Person, who.person_id), session.get_one(Share, share_id)
        verdicts.appeal(session, share, person, words, stage.now, stage.programme)


def test_what_shows_the_item_is_accepted_at_once(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(siti)
    assert state(stage, receipt) == standings.RECEIVED
    assert proving.examine(stage, SHOWS) == [standings.ACCEPTED]
    assert proving.waiting(stage, ppid) == 0


def test_a_link_that_nobody_else_sent_is_accepted_at_once(stage: Stage, siti: Prover) -> None:
    receipt, _ = siti.sends(platform="instagram_feed", link=LINK)
    proving.examine(stage)
    assert state(stage, receipt) == standings.ACCEPTED


def test_the_link_of_somebody_else_waits_for_a_person(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    first, _ = siti.sends(platform="instagram_feed", link=LINK)
    budi = Prover(stage, stage.person("Budi"))
    second, _ = budi.sends(platform="instagram_feed", link=LINK)
    proving.examine(stage)
    assert (state(stage, first), state(stage, second)) == (standings.ACCEPTED, standings.RECEIVED)
    with stage.session() as session:
        (seen,) = findings.of_share(session, second)
    assert (seen.kind, seen.other_id) == (findings.SAME_LINK, proving.evidence(stage, first)[0].id)
    assert proving.waiting(stage, ppid) == 1


DOUBTS = [
    ([findings.SHOWS], []),
    ([], []),  # a link
    ([findings.INCOMPARABLE], []),
    ([findings.UNSEEN], [findings.UNSEEN]),
    ([findings.OTHER_ITEM], [findings.OTHER_ITEM]),
    ([findings.NO_PICTURE], [findings.NO_PICTURE]),
    ([findings.UNREADABLE], [findings.UNREADABLE]),
    ([findings.UNSEEN, findings.SHOWS], []),  # one picture of an album is enough
    ([findings.SHOWS, findings.SAME_FILE], [findings.SAME_FILE]),
    ([findings.SHOWS, findings.SAME_UPLOAD], [findings.SAME_UPLOAD]),
    ([findings.SAME_LINK], [findings.SAME_LINK]),
    ([findings.INCOMPARABLE, findings.OWN_AGAIN], [findings.OWN_AGAIN]),
]


@pytest.mark.parametrize(("kinds", "expected"), DOUBTS)
def test_what_is_a_reason_to_look(kinds: list[str], expected: list[str]) -> None:
    assert findings.doubts(kinds, incomparable=False) == expected


def test_an_item_without_a_picture_is_a_reason_where_the_programme_says_so() -> None:
    assert findings.doubts([findings.INCOMPARABLE], incomparable=True) == [findings.INCOMPARABLE]
    assert findings.doubts([findings.INCOMPARABLE, findings.SHOWS], incomparable=True) == []


def test_a_doubt_counts_until_a_person_has_rejected_it(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    assert siti.record().shares == 1
    judge(stage, ppid, verdicts.reject, "other_item")
    assert siti.record().shares == 0
    said = siti.who.hears()[-1]
    assert str(receipt) in said.text
    assert set(said.actions.values()) == {f"share.resend:{receipt}", f"appeal.ask:{receipt}"}


def test_every_decision_of_a_person_has_an_audit_row(
    stage: Stage, siti: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    judge(stage, ppid, verdicts.reject, "else", "Fotonya kosong.")
    appeal(stage, siti.who, receipt)
    judge(stage, editor)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, siti.who.person_id)
        verdicts.withdraw(session, session.get_one(Share, receipt), person, stage.now)
        rows = session.scalars(
            select(audit.Entry).where(audit.Entry.subject == "share").order_by(audit.Entry.id)
        ).all()
        session.flush()
    assert [(row.act, row.before, row.after, row.actor_id) for row in rows] == [
        ("reject", "received", "rejected", ppid.person_id),
        ("appeal", "rejected", "appealed", siti.who.person_id),
        ("accept", "appealed", "accepted", editor.person_id),
        ("withdraw", "accepted", "withdrawn", siti.who.person_id),
    ]
    assert rows[0].detail["note"] == "Fotonya kosong."


def test_an_appeal_goes_to_somebody_else_and_is_possible_once(
    stage: Stage, siti: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    judge(stage, ppid, verdicts.reject, "other_item")
    appeal(stage, siti.who, receipt)
    assert proving.waiting(stage, ppid) == 0
    assert proving.waiting(stage, editor) == 1
    judge(stage, editor, verdicts.reject, "other_item")
    with pytest.raises(Refused, match=r"appeal\.once"):
        appeal(stage, siti.who, receipt)
    assert "final" in siti.who.hears()[-1].text.lower() or "akhir" in siti.who.hears()[-1].text.lower()


def test_an_appeal_has_its_days(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    judge(stage, ppid, verdicts.reject, "other_item")
    stage.now += timedelta(days=stage.programme.proofs.appeal_days, seconds=1)
    with pytest.raises(Refused, match=r"appeal\.late"):
        appeal(stage, siti.who, receipt)


def test_what_was_not_rejected_or_is_somebody_elses_is_not_appealed(
    stage: Stage, siti: Prover, ppid: Chatter
) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, SHOWS)
    with pytest.raises(Refused, match=r"appeal\.not_rejected"):
        appeal(stage, siti.who, receipt)
    with pytest.raises(Refused, match=r"sharing\.unknown"):
        appeal(stage, ppid, receipt)


def test_nobody_gets_what_a_colleague_has_before_them_until_the_time_is_over(
    stage: Stage, siti: Prover, ppid: Chatter, editor: Chatter
) -> None:
    proving.shows(siti)
    proving.examine(stage, UNSEEN)

    def take(who: Chatter) -> Inspection | None:
        with stage.session() as session, session.begin():
            person = session.get_one(Person, who.person_id)
            return worklists.take(session, person, stage.now, stage.programme)

    first = take(ppid)
    assert first is not None
    assert take(editor) is None
    again = take(ppid)
    assert again is not None, "what is before somebody already stays before them"
    assert again.id == first.id
    stage.later(minutes=stage.programme.proofs.hold_minutes + 1)
    assert take(editor) is not None
    with pytest.raises(Refused, match=r"inspecting\.taken"), stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        verdicts.accept(session, session.get_one(Inspection, first.id), person, stage.now, stage.programme)


def test_what_was_skipped_comes_after_all_others_and_to_colleagues_at_once(
    stage: Stage, siti: Prover, ppid: Chatter, editor: Chatter
) -> None:
    first, second = proving.shows(siti), proving.shows(Prover(stage, stage.person("Budi")))
    proving.examine(stage, UNSEEN)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        look = worklists.take(session, person, stage.now, stage.programme)
        assert look is not None
        worklists.skip(session, look, person)
    assert judge(stage, ppid) == second
    with stage.session() as session, session.begin():
        person = session.get_one(Person, ppid.person_id)
        assert worklists.take(session, person, stage.now, stage.programme) is None
        assert worklists.skipped(session, person, stage.now, stage.programme) == 1
    assert judge(stage, editor) == first


def test_nobody_looks_at_an_own_share(stage: Stage, ppid: Chatter, editor: Chatter) -> None:
    scene.item(stage)
    scene.release(stage)
    proving.shows(Prover(stage, ppid))
    proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, ppid) == 0
    assert proving.waiting(stage, editor) == 1


def test_what_waits_too_long_is_seen_by_controllers_of_any_opd(stage: Stage, siti: Prover) -> None:
    controller = stage.person("Joko", "BAPPEDA", role="controller")
    proving.shows(siti)
    proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, controller) == 0
    stage.later(hours=stage.programme.proofs.escalate_hours)
    assert proving.waiting(stage, controller) == 1


def test_the_team_of_another_opd_sees_nothing(stage: Stage, siti: Prover) -> None:
    other = stage.person("Wati", "DISDIK", role="editor")
    proving.shows(siti)
    proving.examine(stage, UNSEEN)
    stage.later(days=30)
    assert proving.waiting(stage, other) == 0


def test_one_of_many_clean_ones_is_looked_at_all_the_same(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    stage.programme = stage.programme.model_copy(update={"proofs": Proofs(sample=1)})
    receipt = proving.shows(siti)
    proving.examine(stage, SHOWS)
    assert state(stage, receipt) == standings.ACCEPTED
    assert proving.waiting(stage, ppid) == 1
    judge(stage, ppid, verdicts.reject, "not_shared")
    assert state(stage, receipt) == standings.REJECTED


def test_the_sample_is_as_large_as_the_rate_says() -> None:
    for rate in (0.0, 0.02, 0.5, 1.0):
        drawn = sum(verdicts.drawn(number, rate) for number in range(1, 20_001))
        assert abs(drawn / 20_000 - rate) < 0.005


def test_a_programme_may_have_everything_looked_at(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    stage.programme = stage.programme.model_copy(update={"proofs": Proofs(accept_clean=False)})
    receipt = proving.shows(siti)
    proving.examine(stage, SHOWS)
    assert state(stage, receipt) == standings.RECEIVED
    assert proving.waiting(stage, ppid) == 1


def test_withdrawing_takes_a_share_out_of_the_queue(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    with stage.session() as session, session.begin():
        person = session.get_one(Person, siti.who.person_id)
        verdicts.withdraw(session, session.get_one(Share, receipt), person, stage.now)
    assert proving.waiting(stage, ppid) == 0
    assert siti.record().shares == 0


def test_a_further_picture_of_an_accepted_share_is_looked_at_and_may_raise_a_doubt(
    stage: Stage, siti: Prover, ppid: Chatter
) -> None:
    first, _ = siti.sends(album="a1")
    proving.examine(stage, SHOWS)
    assert state(stage, first) == standings.ACCEPTED
    siti.sends(album="a1")
    proving.examine(stage, Seen(findings.SAME_UPLOAD))
    assert proving.waiting(stage, ppid) == 1
    judge(stage, ppid)
    stage.later(minutes=1)
    siti.sends(album="a1")
    proving.examine(stage, SHOWS)
    assert proving.waiting(stage, ppid) == 0
    siti.sends(album="a1")
    proving.examine(stage, Seen(findings.SAME_UPLOAD))
    assert proving.waiting(stage, ppid) == 1, "this was not known to who decided before"


def test_two_who_decide_in_the_same_moment_get_one_outcome(
    stage: Stage, siti: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(siti)
    proving.examine(stage, UNSEEN)
    judge(stage, ppid, verdicts.reject, "other_item")
    (look,) = proving.looks(stage, receipt)
    with pytest.raises(Refused, match=r"inspecting\.decided"), stage.session() as session, session.begin():
        person = session.get_one(Person, editor.person_id)
        verdicts.accept(session, session.get_one(Inspection, look.id), person, stage.now, stage.programme)
    assert state(stage, receipt) == standings.REJECTED


def test_a_reason_of_ones_own_needs_words(stage: Stage, siti: Prover, ppid: Chatter) -> None:
    proving.shows(siti)
    proving.examine(stage, UNSEEN)
    for reason, note, key in (
        ("else", " ", "inspecting.note_missing"),
        ("else", "x" * 301, "inspecting.note_long"),
        ("ugly", "", "inspecting.reason_unknown"),
    ):
        with pytest.raises(Refused, match=key.replace(".", r"\.")):
            judge(stage, ppid, verdicts.reject, reason, note)
