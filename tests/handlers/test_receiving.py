"""Receiving: in whatever form and order it comes, the right share, one question at the most, a receipt."""

import pytest

from models import standings, weeks
from models.findings import Seen
from models.people import Person
from tests import proving, receiving, scene
from tests.chat import Chatter, Heard, Stage
from tests.receiving import FIRST, SECOND, pieces, shares

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/"
MOVE = "Untuk minggu lalu"


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma")


@pytest.fixture
def item(stage: Stage, siti: Chatter) -> int:
    number = scene.item(stage)
    scene.release(stage)
    return number


@pytest.fixture
def items(stage: Stage, siti: Chatter) -> tuple[int, int]:
    """Last week's item and this week's."""
    return receiving.two_weeks(stage)


def one(heard: list[Heard]) -> Heard:
    assert len(heard) == 1, [each.text for each in heard]
    return heard[0]


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


# -- of which week -----------------------------------------------------------------------------


def test_a_reply_to_last_weeks_card_is_about_last_weeks_item(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    last, this = items
    heard = one(siti.sends_photo("fb", **receiving.replying(siti, receiving.card(stage, siti, last))))
    assert "susulan" in heard.text
    siti.sends_photo("fb", **receiving.replying(siti, receiving.card(stage, siti, this)))
    siti.sends_photo("ig", **receiving.replying(siti, "424242"))  # to something else
    assert [(share.item_id, share.week, share.late) for share in shares(stage)] == [
        (last, FIRST, True),
        (this, SECOND, False),
        (this, SECOND, False),
    ]


def test_the_pictures_after_a_reply_belong_to_it_while_its_place_is_asked_for(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    siti.sends_photo(**receiving.replying(siti, receiving.card(stage, siti, items[0])))
    siti.sends_photo()
    siti.sends_photo(caption="ig")
    siti.says("fb")
    siti.sends_photo()
    assert [share.item_id for share in shares(stage)] == [items[0], items[0], items[1]]
    assert pieces(stage) == [1, 1, 2, 3]


def test_a_reply_to_a_card_is_a_proof_also_of_who_makes_content(stage: Stage, siti: Chatter) -> None:
    ppid = stage.person("Ratna", role="creator")
    item = scene.item(stage)
    scene.release(stage)
    card = receiving.card(stage, ppid, item)
    long = "Sudah saya bagikan kepada semua teman dan keluarga di rumah, semoga bermanfaat."
    assert "Di mana" in one(ppid.sends_photo(long, **receiving.replying(ppid, card))).text
    assert len(shares(stage)) == 1


def test_a_reply_to_a_receipt_is_about_its_item(stage: Stage, siti: Chatter, items: tuple[int, int]) -> None:
    last, _ = items
    siti.sends_photo("fb", **receiving.replying(siti, receiving.card(stage, siti, last)))
    notice = receiving.named(stage, siti.hears()[-1].row.id)
    siti.sends_photo("ig", **receiving.replying(siti, notice))
    assert [share.item_id for share in shares(stage)] == [last, last]


def test_a_reply_to_somebody_elses_message_is_about_the_newest_item(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    budi = stage.person("Budi")
    siti.sends_photo("fb", **receiving.replying(siti, receiving.card(stage, siti, items[0])))
    notice = receiving.named(stage, siti.hears()[-1].row.id)
    budi.sends_photo("fb", **receiving.replying(budi, notice))
    assert shares(stage)[-1].item_id == items[1]


def test_after_a_release_a_picture_is_about_the_new_item_whatever_was_claimed(
    stage: Stage, siti: Chatter
) -> None:
    last = scene.item(stage, title="Imunisasi gratis")
    scene.release(stage)
    siti.says("sudah")
    stage.now = weeks.closing(FIRST, stage.programme)
    this = scene.item(stage, title="Pasar murah")
    scene.release(stage)
    siti.sends_photo(caption="fb")
    assert [(share.item_id, share.status) for share in shares(stage)] == [
        (last, standings.CLAIMED),
        (this, standings.RECEIVED),
    ]


@pytest.mark.parametrize("act", ["caption", "link", "claim"])
def test_words_may_say_that_it_is_last_weeks(
    stage: Stage, siti: Chatter, items: tuple[int, int], act: str
) -> None:
    if act == "caption":
        siti.sends_photo(caption="fb, untuk minggu lalu")
    else:
        siti.says(f"{LINK} yang minggu lalu" if act == "link" else "sudah, minggu lalu")
    (share,) = shares(stage)
    assert (share.item_id, share.late) == (items[0], True)


@pytest.mark.parametrize("how", ["button", "label", "words"])
def test_it_may_be_said_afterwards_that_it_was_for_last_week(
    stage: Stage, siti: Chatter, items: tuple[int, int], how: str
) -> None:
    last, this = items
    assert MOVE in one(siti.sends_photo(caption="fb")).actions
    said = {"button": "", "label": "untuk minggu lalu", "words": "itu yang pekan lalu bu"}[how]
    moved = one(siti.presses(MOVE) if how == "button" else siti.says(said))
    assert "konten minggu lalu: Imunisasi gratis" in moved.text
    assert "Nomor tanda terima yang baru: 2" in moved.text
    assert [(share.item_id, share.status, share.late) for share in shares(stage)] == [
        (this, standings.WITHDRAWN, False),
        (last, standings.RECEIVED, True),
    ]
    assert pieces(stage) == [2]
    assert MOVE not in one(siti.sends_photo(caption="fb")).actions, "last week's is proved now"
    assert "tidak dapat dipindahkan" in one(siti.presses("", action="share.before:1")).text


def test_what_was_moved_without_a_place_asks_where(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    siti.sends_photo()
    assert "Di mana" in one(siti.says("minggu lalu")).text
    assert "Tempat: Facebook" in one(siti.says("5")).text
    assert shares(stage)[1].platform == "facebook"


def test_what_is_moved_is_looked_at_anew(stage: Stage, siti: Chatter, items: tuple[int, int]) -> None:
    siti.sends_photo(caption="fb")
    proving.examine(stage, Seen("other_item"))
    ppid = stage.person("Ratna", role="creator")
    assert proving.waiting(stage, ppid) == 1
    siti.presses(MOVE)
    assert proving.waiting(stage, ppid) == 0
    assert proving.examine(stage, Seen("shows")) == [standings.ACCEPTED]


def test_the_small_button_is_not_there_without_a_card_of_last_week(
    stage: Stage, siti: Chatter, item: int
) -> None:
    assert one(siti.sends_photo(caption="fb")).actions == {}


def test_the_button_of_last_weeks_card_and_the_picture_after_it_are_about_last_week(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    last, this = items
    press_on(stage, siti, receiving.card(stage, siti, last))
    siti.sends_photo(caption="fb")
    siti.sends_photo(caption="ig")
    assert [(share.item_id, share.status) for share in shares(stage)] == [
        (last, standings.RECEIVED),
        (this, standings.RECEIVED),
    ]


def test_a_pressed_card_is_forgotten_after_two_hours_or_a_newer_card(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    last, this = items
    press_on(stage, siti, receiving.card(stage, siti, last))
    stage.later(hours=2, minutes=1)
    siti.sends_photo(caption="fb")
    assert shares(stage)[-1].item_id == this


def press_on(stage: Stage, who: Chatter, message: str) -> None:
    """[Sudah saya bagikan] below this very message."""
    chat = {"id": who.chat, "type": "private", "first_name": who.name}
    sender = {"id": who.chat, "is_bot": False, "first_name": who.name}
    held = {"message_id": int(message), "date": 0, "chat": chat, "text": "x"}
    query = {"id": f"q{message}", "from": sender, "chat_instance": "1", "data": "share.done", "message": held}
    stage.receive({"callback_query": query}, who.chat)


def test_resending_is_about_the_item_that_was_rejected(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    last, this = items
    siti.sends_photo("fb minggu lalu")
    siti.presses("", action="share.resend:1")
    siti.sends_photo("ig")
    siti.sends_photo("tiktok")
    assert [share.item_id for share in shares(stage)] == [last, last, this]


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
