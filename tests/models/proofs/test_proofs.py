"""Shares and their evidence: each message counts once, claims become shares, repeats are asked about."""

from datetime import timedelta

import pytest

from models.messages import outbox
from models.people import people
from models.people.people import Person
from models.programme import weeks
from models.proofs import meaning, proofs
from models.proofs.meaning import About
from models.recognition import records
from models.refused import Refused
from models.releases import releases
from models.shares import shares, standings
from models.shares.shares import Evidence, Share
from tests import scene
from tests.chat import Stage
from tests.proving import Prover

WEEK = "2026-W48"
LINK = "https://www.instagram.com/p/C9aBcDeFgHi"


def share(stage: Stage, share_id: int) -> Share:
    with stage.session() as session:
        return session.get_one(Share, share_id)


def test_a_claim_is_one_row_however_often_it_is_said(stage: Stage, prover: Prover) -> None:
    assert prover.claims() == prover.claims()
    assert scene.count(stage, Share, Share.status == standings.CLAIMED) == 1


def test_a_claim_becomes_the_share_that_proof_shows(stage: Stage, prover: Prover) -> None:
    claimed = prover.claims()
    assert prover.sends(platform="facebook") == (claimed, True)
    assert (share(stage, claimed).status, share(stage, claimed).platform) == (standings.RECEIVED, "facebook")
    assert scene.count(stage, Share) == 1


def test_the_same_message_is_evidence_once(stage: Stage, prover: Prover) -> None:
    assert prover.sends(source="telegram:7", link=LINK)[1]
    assert prover.sends(source="telegram:7", link=LINK) == (0, False)
    assert prover.sends(source="telegram:7") == (0, False)
    assert scene.count(stage, Share) == scene.count(stage, Evidence) == 1


def test_pictures_of_an_album_are_one_share(stage: Stage, prover: Prover) -> None:
    first, new = prover.sends(album="a1")
    assert new
    assert prover.sends(album="a1") == (first, False)
    other, new = prover.sends(album="a2")
    assert new
    assert other != first
    assert scene.count(stage, Evidence) == 3


def test_a_share_that_an_album_brought_back_is_seen_by_the_next_proof_of_the_same_batch(
    stage: Stage, prover: Prover
) -> None:
    first, _ = prover.sends(album="a1", platform="facebook")
    with stage.session() as session, session.begin():
        session.get_one(Share, first).status = standings.REJECTED
    with stage.session() as session, session.begin():  # one transaction, as messages that wait are handled
        person = session.get_one(Person, prover.who.person_id)
        about = meaning.about(session, person, stage.now)
        assert about is not None
        late = proofs.receive(session, person, about, stage.now, source="t:8", kind="photo", album="a1")
        another = proofs.receive(
            session, person, about, stage.now, source="t:9", kind="link", platform="facebook", link=LINK
        )
    assert late
    assert (late.id, late.revived) == (first, True)
    assert another
    assert (another.new, another.again) == (True, True), "a second one on Facebook"


def test_an_album_of_somebody_else_is_another_share(stage: Stage) -> None:
    both = [Prover(stage, stage.person(name)) for name in ("Siti", "Budi")]
    scene.item(stage)
    scene.release(stage)
    assert both[0].sends(album="a1")[0] != both[1].sends(album="a1")[0]


def test_a_link_counts_once_for_a_person_and_names_its_receipt(stage: Stage, prover: Prover) -> None:
    receipt, _ = prover.sends(platform="instagram_feed", link=LINK)
    with pytest.raises(Refused) as refused:
        prover.sends(platform="instagram_feed", link=LINK)
    assert (refused.value.key, refused.value.params) == ("sharing.link_again", {"receipt": receipt})
    assert scene.count(stage, Share) == 1


def test_shares_on_several_platforms_count_each(prover: Prover) -> None:
    prover.sends(platform="facebook")
    prover.sends(platform="tiktok")
    assert prover.record().shares == 2
    assert prover.record().weeks == 1


def test_a_second_share_on_a_platform_finds_the_first_and_may_be_the_same(
    stage: Stage, prover: Prover
) -> None:
    first, _ = prover.sends(platform="facebook")
    second, _ = prover.sends()
    assert prover.places(second, "facebook") == first
    assert prover.record().shares == 2  # as long as nobody says otherwise, both count
    with stage.session() as session, session.begin():
        proofs.merge(session, session.get_one(Share, second), session.get_one(Share, first), stage.now)
    assert prover.record().shares == 1
    assert share(stage, second).status == standings.WITHDRAWN
    assert scene.count(stage, Evidence, Evidence.share_id == first) == 2


def test_a_place_that_does_not_exist_is_refused(prover: Prover) -> None:
    number, _ = prover.sends()
    with pytest.raises(Refused, match=r"sharing\.platform_unknown"):
        prover.places(number, "friendster")


def test_nobody_touches_the_share_of_somebody_else(stage: Stage, prover: Prover) -> None:
    number, _ = prover.sends()
    budi = stage.person("Budi")
    with stage.session() as session, pytest.raises(Refused, match=r"sharing\.unknown"):
        shares.own(session, session.get_one(Person, budi.person_id), number)


def test_proof_after_the_week_closed_counts_for_its_item_and_is_late(stage: Stage, prover: Prover) -> None:
    stage.now = weeks.closing(WEEK, stage.programme) - timedelta(seconds=1)
    on_time = share(stage, prover.sends()[0])
    stage.later(seconds=1)
    late = share(stage, prover.sends()[0])
    assert [(on_time.week, on_time.late), (late.week, late.late)] == [(WEEK, False), (WEEK, True)]


def test_proof_is_about_the_newest_card_that_came(stage: Stage, prover: Prover) -> None:
    stage.later(days=7)
    newer = scene.item(stage, title="Baru")
    scene.release(stage, send=False)
    about = prover.about()
    assert about is not None
    assert (about.week, about.late) == (WEEK, True)  # the new card has not come yet
    stage.sent()
    assert prover.about() == About(newer, "2026-W49")


def test_without_any_release_there_is_nothing_to_be_about(stage: Stage) -> None:
    assert Prover(stage, stage.person()).about() is None


@pytest.mark.parametrize("why", ["failed", "stopped", "unreachable", "joined later"])
def test_who_shared_what_never_arrived_is_heard_all_the_same(stage: Stage, why: str) -> None:
    who = stage.person("Siti") if why != "joined later" else None
    if why == "unreachable":
        with stage.session() as session, session.begin():
            people.block(session, "telegram", str(who.chat if who else 0), stage.now)
    item = scene.item(stage)
    release = scene.release(stage, send=False)
    if why == "failed":
        scene.turned_out(stage, scene.cards(stage), outbox.FAILED, "refused")
    if why in ("stopped", "joined later"):
        with stage.session() as session, session.begin():
            releases.stop(session, session.get_one(releases.Release, release), None, stage.now)
    prover = Prover(stage, who or stage.person("Siti"))
    assert prover.about() == About(item, WEEK)


def test_who_has_no_item_anywhere_is_told_so(stage: Stage) -> None:
    budi = stage.person("Budi", "DISDIK")
    stage.person("Siti", "DINKES")
    scene.item(stage, "DINKES")
    scene.release(stage)
    assert Prover(stage, budi).about() is None


@pytest.mark.parametrize(
    ("released", "active", "length"),
    [
        (["2026-W48"], {"2026-W48"}, 1),
        (["2026-W48"], set(), 0),
        (["2026-W48", "2026-W47", "2026-W46"], {"2026-W47", "2026-W46"}, 2),  # this week is not over
        (["2026-W48", "2026-W47", "2026-W46"], {"2026-W48", "2026-W46"}, 1),
        (["2026-W48", "2026-W46"], {"2026-W48", "2026-W46"}, 2),  # in 47 there was nothing to share
        (["2026-W47", "2026-W46"], {"2026-W46"}, 0),
        ([], set(), 0),
    ],
)
def test_a_streak_counts_weeks_that_had_something_to_share(
    released: list[str], active: set[str], length: int
) -> None:
    assert records.streak(released, active, "2026-W48") == length


def test_a_record_shows_claims_but_does_not_count_them(prover: Prover) -> None:
    prover.claims()
    record = prover.record()
    assert [entry.status for entry in record.this_week] == [standings.CLAIMED]
    assert (record.weeks, record.shares, record.streak) == (0, 0, 0)


def test_a_record_goes_on_from_week_to_week(stage: Stage, prover: Prover) -> None:
    prover.sends(platform="facebook")
    stage.later(days=7)
    scene.item(stage, title="Baru")
    scene.release(stage)
    prover.sends(platform="x")
    record = prover.record()
    assert (record.weeks, record.shares, record.streak) == (2, 2, 2)
    assert [entry.platform for entry in record.this_week] == ["x"]
