"""What comes to a share that was decided, or taken back, before all of it was here; and its time."""

from datetime import timedelta

import pytest

from models.people.people import Person
from models.shares import findings, inspections, standings
from models.shares.findings import Seen
from models.shares.shares import Share
from tests import proving, receiving, scene
from tests.chat import Chatter, Heard, Stage
from tests.receiving import pieces, shares

SHOWS, UNSEEN = Seen(findings.SHOWS, score=0.9), Seen(findings.UNSEEN)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    who = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    return who


@pytest.fixture
def ratna(stage: Stage) -> Chatter:
    return stage.person("Ratna Dewi", role="creator")


@pytest.fixture
def edi(stage: Stage) -> Chatter:
    return stage.person("Edi Saputra", role="editor")


def one(heard: list[Heard]) -> Heard:
    assert len(heard) == 1, [each.text for each in heard]
    return heard[0]


def rejected(stage: Stage, siti: Chatter, ratna: Chatter) -> None:
    """The first picture of an album was looked at, and rejected by a person."""
    siti.sends_photo("facebook", album="a1")
    proving.examine(stage, UNSEEN)
    ratna.says("/periksa")
    ratna.presses("Tolak")
    ratna.presses("Belum tampak dibagikan")
    assert [share.status for share in shares(stage)] == [standings.REJECTED]
    stage.later(minutes=5)


def test_the_rest_of_a_rejected_album_joins_it_and_is_accepted_where_it_shows_the_item(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    rejected(stage, siti, ratna)
    answer = one(siti.sends_photo(album="a1"))
    assert answer.text.startswith("Gambar ini kami tambahkan ke bukti nomor 1.")
    assert siti.sends_photo(album="a1") == [], "said once"
    assert pieces(stage) == [1, 1, 1]
    assert shares(stage)[0].status == standings.RECEIVED
    proving.examine(stage, SHOWS)
    assert shares(stage)[0].status == standings.ACCEPTED


def test_what_still_speaks_against_it_is_for_somebody_who_did_not_reject_it(
    stage: Stage, siti: Chatter, ratna: Chatter, edi: Chatter
) -> None:
    rejected(stage, siti, ratna)
    siti.sends_photo(album="a1")
    proving.examine(stage, UNSEEN)
    assert [look.decision for look in proving.looks(stage, 1)] == ["reject", ""]
    assert proving.waiting(stage, ratna) == 0
    assert "Bukti nomor 1" in one(edi.says("/periksa")).text
    edi.presses("Terima")
    assert shares(stage)[0].status == standings.ACCEPTED


def test_the_rest_of_an_album_that_was_taken_back_is_a_share_of_its_own(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo("facebook", album="a1")
    siti.says("/bukti 1")
    siti.presses("Tarik bukti")
    siti.presses("Ya, tarik")
    stage.later(minutes=5)
    assert "Nomor tanda terima: 2" in one(siti.sends_photo("facebook", album="a1")).text
    assert siti.sends_photo(album="a1") == []
    assert pieces(stage) == [1, 2, 2]
    assert [share.status for share in shares(stage)] == [standings.WITHDRAWN, standings.RECEIVED]


def test_the_rest_of_an_appealed_album_joins_it_in_silence(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    rejected(stage, siti, ratna)
    siti.presses("Banding")
    siti.presses("Tanpa penjelasan")
    assert siti.sends_photo(album="a1") == []
    assert pieces(stage) == [1, 1]
    assert shares(stage)[0].status == standings.APPEALED


# -- when it was proved --------------------------------------------------------------------------------


def test_the_time_of_a_proof_is_its_own_and_not_that_of_the_word(stage: Stage, siti: Chatter) -> None:
    siti.says("sudah")
    said = stage.now
    assert shares(stage)[0].at == said
    stage.later(days=1, hours=2)
    siti.sends_photo("facebook")
    assert shares(stage)[0].at == said + timedelta(days=1, hours=2)
    assert "Dikirim: Kamis, 26 November 2026, 12.00 WIB" in one(siti.says("/bukti 1")).text


# -- the same words everywhere -------------------------------------------------------------------------


def states_said(who: Chatter, command: str) -> list[str]:
    """What a list says of the state of each share, by its number."""
    text = one(who.says(command)).text
    known = (
        "menunggu tangkapan layar", "diterima, sedang diperiksa", "diterima dan sudah diperiksa",
        "belum dapat diterima", "banding Anda sedang diperiksa",
    )  # fmt: skip
    return [name for line in text.splitlines() for name in known if name in line]


def test_saya_and_bukti_say_the_same_of_each_state_and_count_the_same(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    rejected(stage, siti, ratna)
    siti.presses("Banding")
    siti.presses("Tanpa penjelasan")
    siti.sends_photo("tiktok")
    proving.examine(stage, SHOWS)
    siti.sends_photo("ig")
    siti.says("https://x.com/siti/status/1860000000000000000")
    siti.says("/bukti 4")
    siti.presses("Tarik bukti")
    siti.presses("Ya, tarik")
    mine, all_of_them = states_said(siti, "/saya"), states_said(siti, "/bukti")
    assert sorted(mine) == sorted(all_of_them)
    assert len(mine) == 3
    counted = "Unggahan yang dihitung: 2"
    assert counted in one(siti.says("/saya")).text
    assert counted in one(siti.says("/bukti")).text


# -- whoever was away ------------------------------------------------------------------------------------


def leaves(stage: Stage, who: Chatter) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Person, who.person_id).active = False
        session.flush()
        inspections.void_left(session, stage.now)


def returns(stage: Stage, who: Chatter) -> int:
    with stage.session() as session, session.begin():
        session.get_one(Person, who.person_id).active = True
        session.flush()
        assert who.person_id is not None
        return inspections.reopen(session, [who.person_id], stage.now)


@pytest.mark.parametrize("looked_at", ["before", "meanwhile", "afterwards"])
def test_what_is_doubtful_waits_again_when_somebody_returns(
    stage: Stage, siti: Chatter, ratna: Chatter, looked_at: str
) -> None:
    siti.sends_photo("facebook")
    if looked_at == "before":
        proving.examine(stage, UNSEEN)
        assert proving.waiting(stage, ratna) == 1
    leaves(stage, siti)
    if looked_at == "meanwhile":
        proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, ratna) == 0
    returns(stage, siti)
    if looked_at == "afterwards":
        proving.examine(stage, UNSEEN)
    assert proving.waiting(stage, ratna) == 1
    assert returns(stage, siti) == 0, "once"
    ratna.says("/periksa")
    ratna.presses("Terima")
    assert shares(stage)[0].status == standings.ACCEPTED
    assert returns(stage, siti) == 0, "what was decided stays so"


def test_what_is_clean_is_accepted_meanwhile_and_waits_for_nobody(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    siti.sends_photo("facebook")
    leaves(stage, siti)
    proving.examine(stage, SHOWS)
    assert returns(stage, siti) == 0
    assert shares(stage)[0].status == standings.ACCEPTED


def test_an_appeal_waits_again_with_its_words(
    stage: Stage, siti: Chatter, ratna: Chatter, edi: Chatter
) -> None:
    rejected(stage, siti, ratna)
    siti.presses("Banding")
    siti.says("Itu status saya.")
    leaves(stage, siti)
    assert proving.waiting(stage, edi) == 0
    assert returns(stage, siti) == 1
    assert "Itu status saya." in one(edi.says("/periksa")).text
    assert proving.waiting(stage, ratna) == 0


def test_a_receipt_that_was_moved_while_away_is_nobodys(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    receiving.two_weeks(stage)
    siti.sends_photo("facebook")
    siti.presses("Untuk minggu lalu")
    proving.examine(stage, UNSEEN)
    leaves(stage, siti)
    assert returns(stage, siti) == 1
    with stage.session() as session:
        (look,) = (one for one in session.query(inspections.Inspection) if one.decided_at is None)
        assert session.get_one(Share, look.share_id).status == standings.RECEIVED
