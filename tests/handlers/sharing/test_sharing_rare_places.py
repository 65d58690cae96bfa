"""Threads and WhatsApp's channels: places of their own, said in words, by a link, or behind [Lainnya]."""

import pytest

from handlers import places
from models.shares.shares import PLATFORMS, RARE
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import one
from tests.receiving import shares

THREADS = "https://www.threads.com/@siti.r/post/C9aBcDeFgHi?xmt=AQ"
CHANNEL = "https://whatsapp.com/channel/0029VaAbCdEfGhIjKlMnOpQr/123"
MOST = 10  # entries of a list in WhatsApp (a list-picker of Twilio's)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return scene.receiver(stage, media=True)


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("threads", "threads"),
        ("di Threads ya bu", "threads"),
        ("thread", "threads"),
        ("saluran wa", "whatsapp_channel"),
        ("channel wa", "whatsapp_channel"),
        ("wa channel", "whatsapp_channel"),
        ("Saluran WhatsApp", "whatsapp_channel"),
        ("saluran", "whatsapp_channel"),
        ("di saluran kantor", "whatsapp_channel"),
        ("saluran youtube", "youtube"),
        ("channel yt", "youtube"),
        ("channel", ""),  # of YouTube, WhatsApp or Telegram?
        ("threads dan ig", ""),
        ("grup wa", "whatsapp_group"),
        ("status wa", "whatsapp_story"),
        ("linkedin", "other"),
    ],
)
def test_a_few_words_name_a_rare_place(said: str, platform: str) -> None:
    assert places.named(said) == platform


def test_several_places_may_be_rare_ones(siti: Chatter) -> None:
    assert places.several("saluran wa, threads dan fb") == ["whatsapp_channel", "threads", "facebook"]


@pytest.mark.parametrize(
    ("link", "platform", "name"),
    [(THREADS, "threads", "Threads"), (CHANNEL, "whatsapp_channel", "Saluran WhatsApp")],
)
def test_a_link_of_a_rare_place_needs_no_question(
    stage: Stage, siti: Chatter, link: str, platform: str, name: str
) -> None:
    answer = one(siti.says(link))
    assert f"Tempat: {name}" in answer.text
    assert [share.platform for share in shares(stage)] == [platform]


def test_the_question_fits_a_small_phone_and_a_list_of_whatsapp(siti: Chatter) -> None:
    asked = one(siti.sends_photo())
    assert len(asked.actions) <= MOST
    assert list(asked.actions)[-1] == f"{len(asked.actions)}. Lainnya"
    rare = one(siti.presses("Lainnya"))
    assert rare.op == "edit"
    assert list(rare.actions) == ["1. Threads", "2. Saluran WhatsApp", "3. Lainnya"]


@pytest.mark.parametrize("way", ["pressed", "numbers", "words"])
@pytest.mark.parametrize(("number", "platform"), list(enumerate(RARE, start=1)))
def test_each_rare_place_is_two_taps_away(
    stage: Stage, siti: Chatter, number: int, platform: str, way: str
) -> None:
    siti.sends_photo()
    receipt = shares(stage)[0].id
    if way == "pressed":
        siti.presses("Lainnya")
        answer = one(siti.presses("", action=f"share.place:{receipt}:{platform}"))
    else:
        siti.says("9" if way == "numbers" else "lainnya")
        answer = one(siti.says(str(number)))
    assert answer.text.startswith("Terima kasih! Bukti Anda sudah kami catat.")
    assert [share.platform for share in shares(stage)] == [platform]


def test_a_further_picture_may_be_of_a_rare_place(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo()
    siti.sends_photo()
    siti.presses("Facebook")
    siti.presses("Tempat lain juga")
    siti.presses("Lainnya")
    siti.presses("Threads")
    assert [share.platform for share in shares(stage)] == ["facebook", "threads"]


def test_every_platform_can_be_reached_by_buttons(stage: Stage, siti: Chatter) -> None:
    asked = one(siti.sends_photo())
    rare = one(siti.presses("Lainnya"))
    named = [action.rpartition(":")[2] for action in (*asked.actions.values(), *rare.actions.values())]
    assert [name for name in named if name != "else"] == list(PLATFORMS)
