"""What becomes of a share: clean ones at once, the others by a person."""

import pytest

from models.people.people import Person
from models.programme.programme import Proofs
from models.proofs import verdicts
from models.refused import Refused
from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.inspections import Inspection
from tests import proving
from tests.chat import Chatter, Stage
from tests.proving import SHOWS, UNSEEN, Prover

LINK = "https://www.instagram.com/p/C9aBcDeFgHi"


def test_what_shows_the_item_is_accepted_at_once(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(prover)
    assert proving.state(stage, receipt) == standings.RECEIVED
    assert proving.examine(stage, SHOWS) == [standings.ACCEPTED]
    assert proving.waiting(stage, ppid) == 0


def test_a_link_that_nobody_else_sent_is_accepted_at_once(stage: Stage, prover: Prover) -> None:
    receipt, _ = prover.sends(platform="instagram_feed", link=LINK)
    proving.examine(stage)
    assert proving.state(stage, receipt) == standings.ACCEPTED


def test_the_link_of_somebody_else_waits_for_a_person(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    first, _ = prover.sends(platform="instagram_feed", link=LINK)
    budi = Prover(stage, stage.person("Budi"))
    second, _ = budi.sends(platform="instagram_feed", link=LINK)
    proving.examine(stage)
    assert (proving.state(stage, first), proving.state(stage, second)) == (
        standings.ACCEPTED,
        standings.RECEIVED,
    )
    with stage.session() as session:
        (seen,) = findings.of_share(session, second)
    assert (seen.kind, seen.other_id) == (findings.SAME_LINK, proving.evidence(stage, first)[0].id)
    assert proving.waiting(stage, ppid) == 1


def test_a_doubt_counts_until_a_person_has_rejected_it(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    assert prover.record().shares == 1
    proving.judge(stage, ppid, verdicts.reject, "other_item")
    assert prover.record().shares == 0
    said = prover.who.hears()[-1]
    assert str(receipt) in said.text
    assert set(said.actions.values()) == {f"share.resend:{receipt}", f"appeal.ask:{receipt}"}


def test_one_of_many_clean_ones_is_looked_at_all_the_same(
    stage: Stage, prover: Prover, ppid: Chatter
) -> None:
    stage.programme = stage.programme.model_copy(update={"proofs": Proofs(sample=1)})
    receipt = proving.shows(prover)
    proving.examine(stage, SHOWS)
    assert proving.state(stage, receipt) == standings.ACCEPTED
    assert proving.waiting(stage, ppid) == 1
    proving.judge(stage, ppid, verdicts.reject, "not_shared")
    assert proving.state(stage, receipt) == standings.REJECTED


def test_the_sample_is_as_large_as_the_rate_says() -> None:
    for rate in (0.0, 0.02, 0.5, 1.0):
        drawn = sum(verdicts.drawn(number, rate) for number in range(1, 20_001))
        assert abs(drawn / 20_000 - rate) < 0.005


def test_a_programme_may_have_everything_looked_at(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    stage.programme = stage.programme.model_copy(update={"proofs": Proofs(accept_clean=False)})
    receipt = proving.shows(prover)
    proving.examine(stage, SHOWS)
    assert proving.state(stage, receipt) == standings.RECEIVED
    assert proving.waiting(stage, ppid) == 1


def test_a_further_picture_of_an_accepted_share_is_looked_at_and_may_raise_a_doubt(
    stage: Stage, prover: Prover, ppid: Chatter
) -> None:
    first, _ = prover.sends(album="a1")
    proving.examine(stage, SHOWS)
    assert proving.state(stage, first) == standings.ACCEPTED
    prover.sends(album="a1")
    proving.examine(stage, Seen(findings.SAME_UPLOAD))
    assert proving.waiting(stage, ppid) == 1
    proving.judge(stage, ppid)
    stage.later(minutes=1)
    prover.sends(album="a1")
    proving.examine(stage, SHOWS)
    assert proving.waiting(stage, ppid) == 0
    prover.sends(album="a1")
    proving.examine(stage, Seen(findings.SAME_UPLOAD))
    assert proving.waiting(stage, ppid) == 1, "this was not known to who decided before"


def test_two_who_decide_in_the_same_moment_get_one_outcome(
    stage: Stage, prover: Prover, ppid: Chatter, editor: Chatter
) -> None:
    receipt = proving.shows(prover)
    proving.examine(stage, UNSEEN)
    proving.judge(stage, ppid, verdicts.reject, "other_item")
    (look,) = proving.looks(stage, receipt)
    with pytest.raises(Refused, match=r"inspecting\.decided"), stage.session() as session, session.begin():
        person = session.get_one(Person, editor.person_id)
        verdicts.accept(session, session.get_one(Inspection, look.id), person, stage.now, stage.programme)
    assert proving.state(stage, receipt) == standings.REJECTED


def test_a_reason_of_ones_own_needs_words(stage: Stage, prover: Prover, ppid: Chatter) -> None:
    proving.shows(prover)
    proving.examine(stage, UNSEEN)
    for reason, note, key in (
        ("else", " ", "inspecting.note_missing"),
        ("else", "x" * 301, "inspecting.note_long"),
        ("ugly", "", "inspecting.reason_unknown"),
    ):
        with pytest.raises(Refused, match=key.replace(".", r"\.")):
            proving.judge(stage, ppid, verdicts.reject, reason, note)
