"""Several pictures: in a row, in albums, in pieces; the right share, one question at the most, a receipt."""

import pytest

from models.people.people import Person
from models.programme import weeks
from models.shares import standings
from models.shares.findings import Seen
from tests import proving
from tests.chat import Chatter, Heard, Stage
from tests.hearing import one
from tests.receiving import FIRST, pieces, shares


def questions(heard: list[Heard]) -> int:
    return sum("Di mana" in each.text for each in heard)


# -- several in a row --------------------------------------------------------------------------


def test_pictures_in_a_row_are_asked_about_once(stage: Stage, siti: Chatter, item: int) -> None:
    heard = siti.sends_photo()
    for _ in range(2):
        stage.later(seconds=100)  # each soon after the one before
        heard += siti.sends_photo()
    assert questions(heard) == 1
    assert [said.text for said in heard[1:]] == [
        "Gambar ke-2 untuk bukti nomor 1 sudah masuk.",
        "Gambar ke-3 untuk bukti nomor 1 sudah masuk.",
    ]
    assert pieces(stage) == [1, 1, 1]
    assert "Tempat: Facebook" in one(siti.says("fb")).text


def test_three_places_in_a_row_are_three_shares_with_one_question(
    stage: Stage, siti: Chatter, item: int
) -> None:
    for _ in range(3):
        siti.sends_photo()
    assert "Tempat lain juga" in one(siti.presses("Status WhatsApp")).actions
    siti.presses("Tempat lain juga")
    assert "Tempat lain juga" in one(siti.presses("Facebook")).actions
    siti.presses("Tempat lain juga")
    last = one(siti.says("4"))
    assert "Nomor tanda terima: 3" in last.text
    assert "Tempat lain juga" not in last.actions
    assert [(share.platform, share.status) for share in shares(stage)] == [
        ("whatsapp_story", standings.RECEIVED),
        ("facebook", standings.RECEIVED),
        ("instagram_story", standings.RECEIVED),
    ]
    assert pieces(stage) == [1, 2, 3]
    assert "tidak punya gambar lain" in one(siti.presses("", action="share.more:1")).text
    assert "tidak punya gambar lain" in one(siti.presses("", action="share.also:1:x")).text


@pytest.mark.parametrize("said", ["status wa, ig dan fb", "Status WA\nInstagram\nFacebook", "sw/ig/fb"])
def test_all_places_may_be_named_at_once(stage: Stage, siti: Chatter, item: int, said: str) -> None:
    for _ in range(3):
        siti.sends_photo()
    answer = one(siti.says(said))
    assert "Status WhatsApp: nomor tanda terima 1" in answer.text
    assert "Facebook: nomor tanda terima 3" in answer.text
    assert [share.platform for share in shares(stage)] == ["whatsapp_story", "instagram_feed", "facebook"]
    assert pieces(stage) == [1, 2, 3]


def test_more_places_than_pictures_are_asked_about(stage: Stage, siti: Chatter, item: int) -> None:
    siti.sends_photo()
    assert "Di bagian mana tepatnya?" in one(siti.says("status wa dan fb")).text
    assert [share.platform for share in shares(stage)] == [""]


def test_a_picture_some_minutes_later_is_a_share_of_its_own(stage: Stage, siti: Chatter, item: int) -> None:
    siti.sends_photo()
    stage.later(minutes=2, seconds=1)
    siti.sends_photo()
    assert pieces(stage) == [1, 2]


def test_a_picture_after_the_answer_or_with_a_place_is_a_share_of_its_own(
    stage: Stage, siti: Chatter, item: int
) -> None:
    siti.sends_photo()
    siti.sends_photo(caption="tiktok")
    siti.says("fb")
    siti.sends_photo()
    assert pieces(stage) == [1, 2, 3]
    assert [share.platform for share in shares(stage)] == ["facebook", "tiktok", ""]


def test_two_albums_are_two_shares(stage: Stage, siti: Chatter, item: int) -> None:
    for album in ("a1", "a2", "a1", "a2"):
        siti.sends_photo(album=album)
    assert pieces(stage) == [1, 2, 1, 2]


# -- in pieces ---------------------------------------------------------------------------------


def test_an_album_in_pieces_with_its_words_below_the_last_one(stage: Stage, siti: Chatter, item: int) -> None:
    assert questions(siti.sends_photo(album="a1")) == 1
    stage.later(minutes=4)
    assert siti.sends_photo(album="a1") == []
    stage.later(minutes=9)
    assert "Tempat: Status WhatsApp" in one(siti.sends_photo(album="a1", caption="status wa")).text
    assert pieces(stage) == [1, 1, 1]


def test_the_answer_may_come_before_the_rest_of_the_album(stage: Stage, siti: Chatter, item: int) -> None:
    siti.sends_photo(album="a1")
    siti.says("fb")
    stage.later(minutes=7)
    assert siti.sends_photo(album="a1") == []
    assert siti.sends_photo(album="a1", caption="ig") == [], "what was answered stays"
    assert pieces(stage) == [1, 1, 1]
    assert shares(stage)[0].platform == "facebook"


def test_the_last_piece_may_tell_a_place_that_was_shown_before(
    stage: Stage, siti: Chatter, item: int
) -> None:
    siti.sends_photo(caption="fb")
    siti.sends_photo(album="a1")
    assert "Sama, kirim ulang" in one(siti.sends_photo(album="a1", caption="fb")).actions


def test_an_album_that_began_in_time_is_in_time(stage: Stage, siti: Chatter, item: int) -> None:
    stage.now = weeks.closing(FIRST, stage.programme)
    stage.later(seconds=-30)
    siti.sends_photo(album="a1", caption="fb")
    stage.later(minutes=1)
    siti.sends_photo(album="a1")
    siti.sends_photo(caption="fb")
    assert [share.late for share in shares(stage)] == [False, True]


def test_a_picture_of_late_does_not_join_one_in_time(stage: Stage, siti: Chatter, item: int) -> None:
    stage.now = weeks.closing(FIRST, stage.programme)
    stage.later(seconds=-30)
    siti.sends_photo()
    stage.later(minutes=1)
    siti.sends_photo()
    assert [share.late for share in shares(stage)] == [False, True]


# -- forwarded, files --------------------------------------------------------------------------


def test_what_is_forwarded_counts_like_what_is_sent(stage: Stage, siti: Chatter, item: int) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Anak", "date": 0}
    assert "Tempat: Facebook" in one(siti.sends_photo(caption="fb", forward_origin=origin)).text


def test_a_file_joins_a_picture(stage: Stage, siti: Chatter, item: int) -> None:
    siti.sends_photo()
    siti.sends_document("layar.png", "image/png")
    assert pieces(stage) == [1, 1]


def test_a_share_that_is_merged_leaves_the_queue(stage: Stage, siti: Chatter, item: int) -> None:
    ppid = stage.person("Ratna", role="creator")
    siti.sends_photo(caption="fb")
    siti.sends_photo(caption="fb")
    proving.examine(stage, Seen("unseen"))
    assert proving.waiting(stage, ppid) == 2
    siti.presses("Sama, kirim ulang")
    assert proving.waiting(stage, ppid) == 1


def test_who_has_left_is_told_kindly_and_nothing_is_taken(stage: Stage, siti: Chatter, item: int) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).active = False
    assert "sudah tidak bertugas" in one(siti.sends_photo()).text
    assert shares(stage) == []
