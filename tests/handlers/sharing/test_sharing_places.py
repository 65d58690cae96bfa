"""Where a share was made: inferred, pressed, typed as a number or in a few words."""

import json

import pytest

from handlers import places
from models.shares import standings
from models.shares.shares import Evidence
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import one
from tests.receiving import LINK, shares


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return scene.receiver(stage, media=True)


def test_a_pressed_place_replaces_the_question(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    answer = one(siti.presses("Facebook"))
    assert (answer.op, shares(stage)[0].platform) == ("edit", "facebook")
    assert "Tempat: Facebook" in answer.text
    assert answer.actions == {}


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("5", "facebook"),
        ("fb", "facebook"),
        ("ig story", "instagram_story"),
        ("Status WA kak", "whatsapp_story"),
    ],
)
def test_the_place_may_be_typed_as_a_number_or_in_words(
    stage: Stage, siti: Chatter, said: str, platform: str
) -> None:
    siti.sends_photo()
    assert one(siti.says(said)).op == "send"
    assert shares(stage)[0].platform == platform


def test_a_place_that_may_be_two_is_asked_for_exactly(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    asked = one(siti.says("di wa kak"))
    assert asked.text.startswith("Di bagian mana tepatnya?")
    siti.says("2")
    assert shares(stage)[0].platform == "whatsapp_group"


def test_words_below_the_picture_answer_the_question_before_it_is_asked(stage: Stage, siti: Chatter) -> None:
    answer = one(siti.sends_photo(caption="Sudah di TikTok ya"))
    assert "Tempat: TikTok" in answer.text
    assert shares(stage)[0].platform == "tiktok"


def test_a_link_below_the_picture_tells_the_place_and_is_kept(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption=f"ini {LINK}")
    assert shares(stage)[0].platform == "instagram_feed"
    with stage.session() as session:
        piece = session.query(Evidence).one()
        assert (piece.kind, piece.link) == ("photo", "https://www.instagram.com/p/C9aBcDeFgHi")


def test_a_second_share_on_a_platform_asks_which_it_is(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption="fb")
    asked = one(siti.sends_photo(caption="facebook"))
    assert list(asked.actions) == ["Unggahan lain", "Sama, kirim ulang"]
    assert "unggahan lain" in asked.text
    merged = one(siti.presses("Sama, kirim ulang"))
    first, second = shares(stage)
    assert f"Nomor tanda terima: {first.id}" in merged.text
    assert (first.status, second.status) == (standings.RECEIVED, standings.WITHDRAWN)


def test_another_post_on_the_same_platform_counts(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption="fb")
    siti.sends_photo()
    assert one(siti.presses("Facebook")).op == "edit"
    assert one(siti.says("1")).text.startswith("Terima kasih! Bukti Anda sudah kami catat.")
    assert [share.status for share in shares(stage)] == [standings.RECEIVED] * 2


def test_the_place_of_somebody_elses_share_cannot_be_set(stage: Stage, siti: Chatter) -> None:
    budi = stage.person("Budi")
    siti.sends_photo()
    number = shares(stage)[0].id
    for action in (
        f"share.place:{number}:x",
        f"share.same:{number}",
        f"share.other:{number}",
        "share.same:x",
    ):
        assert one(budi.presses("", action=action)).text.startswith("Bukti itu tidak kami temukan.")
    assert shares(stage)[0].platform == ""


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("ig story", "instagram_story"),
        ("story instagram", "instagram_story"),
        ("IG", "instagram_feed"),
        ("cerita instagram", "instagram_story"),
        ("status", "whatsapp_story"),
        ("sw", "whatsapp_story"),
        ("grup keluarga", "whatsapp_group"),
        ("wa grup", "whatsapp_group"),
        ("status fb", "facebook"),
        ("tik tok", "tiktok"),
        ("yt shorts", "youtube"),
        ("twitter", "x"),
        ("lainnya", "other"),
        ("wa", ""),  # a status or a group?
        ("story", ""),  # on which of them?
        ("fb dan ig", ""),
        ("", ""),
        ("saya tadi pagi membagikannya kepada teman di fb", ""),
    ],
)
def test_a_few_words_name_a_place(said: str, platform: str) -> None:
    assert places.named(said) == platform


def test_buttons_fit_into_what_telegram_carries(siti: Chatter) -> None:
    asked = one(siti.sends_photo())
    assert all(len(action.encode()) <= 64 for action in asked.actions.values())
    assert json.dumps(asked.row.body)
