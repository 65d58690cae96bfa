"""Of which week a proof is: what it replies to, what is said with it, and what was pressed before it."""

import pytest

from models.programme import weeks
from models.shares import standings
from models.shares.findings import Seen
from tests import proving, receiving, scene
from tests.chat import Chatter, Stage
from tests.hearing import one
from tests.receiving import FIRST, SECOND, pieces, shares

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/"
MOVE = "Untuk minggu lalu"


# -- of which week -----------------------------------------------------------------------------


def test_a_reply_to_last_weeks_card_is_about_last_weeks_item(
    stage: Stage, siti: Chatter, items: tuple[int, int]
) -> None:
    last, this = items
    heard = one(siti.sends_photo("fb", **receiving.replying(siti, receiving.card(stage, siti, last))))
    assert "terlambat" in heard.text
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
