"""What becomes of a proof, as the person and the team see it: every way in, and every state."""

import pytest

from models.digests import digests
from models.people.people import Person
from models.programme import weeks
from models.proofs import verdicts
from models.releases import releases
from models.shares import findings, inspections, standings
from models.shares.findings import Seen
from tests import proving, receiving, scene
from tests.chat import Chatter, Stage
from tests.receiving import FIRST, shares

SHOWS, UNSEEN = Seen(findings.SHOWS, score=0.9), Seen(findings.UNSEEN)
LINK = "https://www.instagram.com/p/C9aBcDeFgHi/?igsh=abc"


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who has received the week's item."""
    return scene.receiver(stage, "Siti Rahma", title="Imunisasi gratis")


@pytest.fixture
def ratna(stage: Stage) -> Chatter:
    return stage.person("Ratna Dewi", role="creator")


@pytest.fixture
def edi(stage: Stage) -> Chatter:
    return stage.person("Edi Saputra", role="editor")


def states(stage: Stage) -> list[str]:
    return [share.status for share in shares(stage)]


def state_said(who: Chatter, number: int = 1) -> str:
    """The state of a share, in the words of `/bukti`."""
    (said,) = who.says(f"/bukti {number}")
    return next(line for line in said.text.splitlines() if line.startswith("Status")).removeprefix("Status: ")


def test_a_doubtful_picture_is_rejected_appealed_and_accepted(
    stage: Stage, siti: Chatter, ratna: Chatter, edi: Chatter
) -> None:
    (asked,) = siti.sends_photo()
    assert "Nomor tanda terima: 1" in asked.text
    siti.says("status wa")
    assert state_said(siti) == "diterima, sedang diperiksa"
    proving.examine(stage, UNSEEN)
    assert states(stage) == [standings.RECEIVED], "a program rejects nothing"

    (card,) = ratna.says("/periksa")
    assert "Bukti nomor 1 dari Siti Rahma" in card.text
    ratna.presses("Tolak")
    ratna.presses("Belum tampak dibagikan")
    told = siti.hears()[-1]
    assert "belum terlihat bahwa konten itu sudah dibagikan" in told.text
    assert list(told.actions) == ["Kirim ulang", "Banding"]
    assert state_said(siti) == "belum dapat diterima"

    siti.presses("Banding")
    (sent,) = siti.says("Itu status saya, warnanya gelap karena mode malam.")
    assert "diteruskan" in sent.text or "teruskan" in sent.text
    assert state_said(siti) == "banding Anda sedang diperiksa"
    assert "Tidak ada bukti" in ratna.says("/periksa")[-1].text, "not to who rejected it"

    (card,) = edi.says("/periksa")
    assert "banding" in card.text
    assert "mode malam" in card.text
    edi.presses("Terima")
    assert "Bukti Anda dihitung" in siti.hears()[-1].text
    assert state_said(siti) == "diterima dan sudah diperiksa"
    assert states(stage) == [standings.ACCEPTED]


def test_a_link_is_accepted_without_a_question_and_without_a_person(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    (receipt,) = siti.says(LINK)
    assert "Tempat: Instagram" in receipt.text
    proving.examine(stage)
    assert state_said(siti) == "diterima dan sudah diperiksa"
    assert "Tidak ada bukti" in ratna.says("/periksa")[-1].text


@pytest.mark.telegram_alone("it has no albums: pictures that come minutes apart are of different postings")
def test_an_album_on_a_slow_network_is_one_proof(stage: Stage, siti: Chatter, ratna: Chatter) -> None:
    (asked,) = siti.sends_photo(album="a1")
    proving.examine(stage, UNSEEN)  # the first picture alone shows nothing
    stage.later(minutes=6)
    assert siti.sends_photo(album="a1") == []
    (placed,) = siti.sends_photo(album="a1", caption="fb")
    assert "Nomor tanda terima: 1" in asked.text
    assert "Tempat: Facebook\nNomor tanda terima: 1" in placed.text
    proving.examine(stage, SHOWS)
    (said,) = siti.says("/bukti 1")
    assert "Gambar atau berkas: 3" in said.text
    assert states(stage) == [standings.ACCEPTED]


def test_screenshots_of_three_places_in_a_row(stage: Stage, siti: Chatter) -> None:
    heard = [said for _ in range(3) for said in siti.sends_photo()]
    assert sum(bool(said.actions) for said in heard) == 1, "one question"
    siti.says("status wa")
    for place in ("Instagram", "Facebook"):
        siti.presses("Tempat lain juga")
        siti.presses(place)
    proving.examine(stage, SHOWS)
    assert states(stage) == [standings.ACCEPTED] * 3
    assert len({share.platform for share in shares(stage)}) == 3


def test_a_forwarded_file_after_the_button_was_pressed(stage: Stage, siti: Chatter) -> None:
    siti.presses("Sudah saya bagikan")
    (claimed,) = siti.says("/bukti 1")
    assert "Status: menunggu tangkapan layar" in claimed.text
    siti.sends_document("layar.jpg", "image/jpeg")
    siti.says("5")
    proving.examine(stage, SHOWS)
    assert [(share.platform, share.status) for share in shares(stage)] == [("facebook", standings.ACCEPTED)]


@pytest.mark.parametrize("said", ["👍", "sampun bu", "sdh sy share pak", "siap laksanakan"])
def test_a_claim_becomes_a_proof(stage: Stage, siti: Chatter, said: str) -> None:
    (asked,) = siti.says(said)
    assert "kirim tangkapan layar atau tautan" in asked.text
    assert states(stage) == [standings.CLAIMED]
    with stage.session() as session:
        assert digests.figures(session, FIRST, stage.programme)["active"] == 0
    siti.says(LINK)
    assert states(stage) == [standings.RECEIVED]


def test_a_proof_is_taken_back(stage: Stage, siti: Chatter, ratna: Chatter) -> None:
    siti.sends_photo(caption="fb")
    proving.examine(stage, UNSEEN)
    siti.says("bukti")
    siti.says("1")
    siti.presses("Tarik bukti")
    (done,) = siti.says("ya")
    assert "sudah ditarik" in done.text
    assert state_said(siti) == "sudah Anda tarik, tidak dihitung"
    assert "Tidak ada bukti" in ratna.says("/periksa")[-1].text
    (record,) = siti.says("/saya")
    assert "Unggahan yang dihitung: 0" in record.text


def test_a_late_proof_is_judged_and_the_closed_week_stays(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    stage.now = weeks.closing(FIRST, stage.programme)
    with stage.session() as session, session.begin():
        before = digests.close(session, FIRST, stage.now, stage.programme).figures
    (receipt,) = siti.sends_photo(caption="grup wa")
    assert "dicatat sebagai terlambat" in receipt.text
    proving.examine(stage, UNSEEN)
    (card,) = ratna.says("/periksa")
    assert "Dikirim setelah minggunya ditutup." in card.text
    ratna.presses("Terima")
    assert states(stage) == [standings.ACCEPTED]
    with stage.session() as session, session.begin():
        assert digests.close(session, FIRST, stage.now, stage.programme).figures == before


def test_an_early_one_is_last_weeks_and_the_new_card_is_answered_by_reply_or_words(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    last, this = receiving.two_weeks(stage)
    siti.sends_photo("fb", reply_to=receiving.row(stage, siti, last))
    siti.sends_photo("ig story minggu lalu")
    siti.sends_photo("fb")
    assert [(share.item_id, share.late) for share in shares(stage)] == [
        (last, True),
        (last, True),
        (this, False),
    ]


def test_whoever_moves_is_judged_by_the_old_team_for_what_they_received_there(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    wati = stage.person("Wati", "DISDIK", role="creator")
    new = stage.agency("DISDIK")
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).opd_id = new.id
    siti.sends_photo(caption="fb")
    proving.examine(stage, UNSEEN)
    assert "Tidak ada bukti" in wati.says("/periksa")[-1].text
    assert "Bukti nomor 1" in ratna.says("/periksa")[-1].text
    ratna.presses("Terima")
    assert states(stage) == [standings.ACCEPTED]


def test_whoever_leaves_keeps_what_was_sent_and_sends_nothing_new(
    stage: Stage, siti: Chatter, ratna: Chatter
) -> None:
    siti.sends_photo(caption="fb")
    proving.examine(stage, UNSEEN)
    ratna.says("/periksa")
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).active = False
        assert inspections.void_left(session, stage.now) == 1
    assert "sudah diputuskan" in ratna.presses("Terima")[-1].text
    (said,) = siti.sends_photo()
    assert "sudah tidak bertugas di Dinas Kesehatan" in said.text
    assert states(stage) == [standings.RECEIVED]


def test_whoever_joins_late_shows_the_running_item(stage: Stage, siti: Chatter) -> None:
    stage.later(days=4)
    budi = stage.person("Budi")
    with stage.session() as session, session.begin():
        assert releases.welcome(session, scene.person(session, budi), stage.now) == 1
    stage.sent()
    (receipt,) = budi.sends_photo(caption="fb")
    assert "terlambat" not in receipt.text
    assert [(share.person_id, share.late) for share in shares(stage)] == [(budi.person_id, False)]


def test_the_second_rejection_is_the_last_word_and_another_proof_is_welcome(
    stage: Stage, siti: Chatter, ratna: Chatter, edi: Chatter
) -> None:
    siti.sends_photo(caption="fb")
    proving.examine(stage, UNSEEN)
    for who in (ratna, edi):
        who.says("/periksa")
        who.presses("Tolak")
        who.presses("Bukan konten kita")
        if who is ratna:
            siti.presses("Banding")
            siti.presses("Tanpa penjelasan")
    (said,) = siti.says("/bukti 1")
    assert "Banding" not in said.actions
    siti.presses("Kirim ulang")
    siti.says(LINK)
    proving.examine(stage)
    assert states(stage) == [standings.REJECTED, standings.ACCEPTED]
    assert verdicts.REASONS[0] in {look.reason for look in proving.looks(stage, 1)}
