"""That there is a vote: who hears of it, where, and how often."""

import re

import pytest

from models.people.people import Person
from models.programme import months
from models.recognition import votes
from tests import honouring
from tests.chat import Chatter, Heard, Stage
from tests.hearing import text
from tests.honouring import MONTH, PROGRAMME

CALL = "🗳️ Pemungutan suara konten terbaik Desember 2026 sampai Senin 4 Jan, 08.00 WIB: /suara"
LINK = "https://x.com/{}/status/18600123456789012{:02}"


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """Somebody who takes part; whom the item of each week reaches."""
    return stage.person("Siti Rahma")


@pytest.fixture
def ballot(stage: Stage, siti: Chatter, tini: Chatter) -> dict[str, int]:
    """Two items with scores in December, the first day of the vote, and the week's item in every hand."""
    stage.programme = PROGRAMME
    made = honouring.open_week(stage, "2026-W49")
    for item in made.values():
        honouring.scored(stage, item, tini, 4, 4)
    honouring.open_week(stage, "2026-W53")
    stage.later(minutes=5)
    assert months.vote_from(MONTH, PROGRAMME) < stage.now < months.list_at(MONTH, PROGRAMME)
    return made


def shares(who: Chatter, number: int) -> list[Heard]:
    return who.says(LINK.format(f"asn{who.chat}", number))


def calls(heard: list[Heard]) -> int:
    return sum(CALL in one.text for one in heard)


def test_one_receipt_a_month_says_that_there_is_a_vote(
    stage: Stage, siti: Chatter, ballot: dict[str, int]
) -> None:
    (first,) = shares(siti, 1)
    assert first.text == (
        "Terima kasih! Bukti Anda sudah kami catat.\n"
        "Tempat: X (Twitter)\n"
        "Nomor tanda terima: 1\n"
        f"{CALL}\n\n"
        "Dibagikan di tempat lain juga? Kirim saja buktinya ke sini."
    )
    assert "Konten terbaik" in siti.says("/suara")[0].text
    for number in (2, 3):
        stage.later(hours=20)
        heard = shares(siti, number)
        heard += siti.presses("Unggahan lain")
        assert "Bukti Anda sudah kami catat" in heard[-1].text
        assert calls(heard) == 0


def test_a_picture_whose_place_is_asked_for_says_it_once_the_place_is_known(
    stage: Stage, siti: Chatter, ballot: dict[str, int]
) -> None:
    asked = siti.sends_photo()
    assert calls(asked) == 0, "one question a message"
    stage.later(minutes=1)
    assert calls(siti.sends_photo(caption="fb")) == 0, "the first one will say it"
    assert calls(siti.presses("", action="share.place:1:whatsapp_story")) == 1


def test_of_two_links_in_one_message_one_receipt_says_it(
    stage: Stage, siti: Chatter, ballot: dict[str, int]
) -> None:
    heard = siti.says("https://youtu.be/dQw4w9WgXcQ https://x.com/siti/status/1860012345678901234")
    assert len(heard) == 2
    assert calls(heard) == 1


def test_a_claim_is_no_receipt(stage: Stage, siti: Chatter, ballot: dict[str, int]) -> None:
    assert calls(siti.says("sudah")) == 0
    stage.later(minutes=1)
    assert calls(shares(siti, 1)) == 1


def test_who_has_voted_is_not_asked_to(stage: Stage, siti: Chatter, ballot: dict[str, int]) -> None:
    siti.presses("", action=f"vote.for:{ballot['DINKES']}")
    assert calls(shares(siti, 1)) == 0


def test_before_and_after_the_vote_nothing_is_said(
    stage: Stage, siti: Chatter, ballot: dict[str, int]
) -> None:
    open_at = stage.now
    for moment in (months.vote_from(MONTH, PROGRAMME), months.list_at(MONTH, PROGRAMME)):
        stage.now = moment
        with stage.session() as session:
            first = stage.now == months.vote_from(MONTH, PROGRAMME)
            assert votes.is_open(session, stage.now, PROGRAMME) == (MONTH if first else "")
    heard = shares(siti, 1)
    assert "sudah kami catat" in heard[0].text
    assert calls(heard) == 0
    assert open_at < stage.now


def test_a_month_without_a_scored_item_has_no_vote(stage: Stage, siti: Chatter) -> None:
    stage.programme = PROGRAMME
    honouring.open_week(stage, "2026-W53")
    stage.later(minutes=5)
    assert calls(shares(siti, 1)) == 0
    assert "Pilih konten" not in siti.says("/menu")[0].text


def test_the_menu_has_the_vote_as_long_as_it_is_open(
    stage: Stage, siti: Chatter, ballot: dict[str, int]
) -> None:
    open_card = siti.says("/menu")[0]
    number = re.search(r"(\d)\. Pilih konten terbaik bulan ini", open_card.text)
    assert number
    assert "Mana yang paling berguna" in siti.says(number[1])[0].text
    siti.presses("", action=f"vote.for:{ballot['DINKES']}")
    assert "Pilih konten terbaik" in siti.says("/menu")[0].text, "a voice may be changed"
    stage.now = months.list_at(MONTH, PROGRAMME)
    assert "Pilih konten terbaik" not in siti.says("/menu")[0].text


# -- /privasi ------------------------------------------------------------------------------------


def test_privasi_names_what_is_stored_of_vote_award_and_certificate_and_not_the_choice(
    stage: Stage, siti: Chatter, budi: Chatter, ballot: dict[str, int]
) -> None:
    before = text(siti.says("/privasi"))
    assert "Pemungutan suara dan penghargaan\nPilihan Anda kami simpan" in before
    assert "siapa memilih apa tidak pernah ditampilkan" in before
    siti.presses("", action=f"vote.for:{ballot['DINKES']}")
    shares(siti, 1)
    honouring.close(stage, "2026-W53")
    said = text(siti.says("/privasi"))
    assert "Suara Anda yang tersimpan: 1 (satu setiap bulan)" in said
    with stage.session() as session:
        person = session.get_one(Person, siti.person_id)
        assert votes.cast_by(session, person) == 1
    assert "Pesan DINKES" not in said, "what was chosen is shown nowhere"
    siti.presses("", action="record.named:0")
    assert "Anda tidak ikut dalam penghargaan bulanan." in text(siti.says("/privasi"))
    assert "Siapa memilih apa tidak pernah ditampilkan" in text(stage.stranger().says("/privasi"))
