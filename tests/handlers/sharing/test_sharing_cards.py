"""The card's further buttons: its picture, the words for other channels, and what data is saved with."""

from typing import Any

import pytest

from models.content import captions, states, variants
from models.messages import files
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import one


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return scene.receiver(stage, media=True)


def test_the_picture_comes_on_request_for_who_saves_data(stage: Stage, siti: Chatter) -> None:
    item = scene.cards(stage, siti)[0].item_id
    answer = one(siti.presses("", action=f"share.media:{item}"))
    assert answer.row.body["media"] > 0
    assert one(siti.presses("", action="share.media")).row.body["media"] == answer.row.body["media"]


def test_the_picture_of_what_is_not_out_is_not_shown(stage: Stage, siti: Chatter) -> None:
    hidden = scene.item(stage, "DISDIK", title="Rahasia", media=True, status=states.SUBMITTED)
    assert "media" not in one(siti.presses("", action=f"share.media:{hidden}")).row.body


def test_the_words_to_copy_come_again(siti: Chatter) -> None:
    answer = one(siti.presses("", action="share.text"))
    assert answer.text == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"


def test_the_card_offers_words_for_other_channels(stage: Stage, siti: Chatter) -> None:
    assert siti.hears()[0].actions["Teks untuk kanal lain"] == "share.channels"


def test_channels_with_words_of_their_own_are_chosen_first(stage: Stage, siti: Chatter) -> None:
    item = scene.cards(stage, siti)[0].item_id
    assert item is not None
    with stage.session() as session, session.begin():
        variants.write(session, item, "instagram", ["Khusus Instagram."])
    asked = one(siti.presses("Teks untuk kanal lain"))
    assert list(asked.actions) == ["1. WhatsApp, Facebook, TikTok, X, YouTube", "2. Instagram"]
    heading, words = siti.says("2")
    assert "Instagram" in heading.text
    assert words.text == "Khusus Instagram.\n\nSaya ASN Pemprov Jambi"
    assert words.actions == {}
    assert one_text(siti, "1. WhatsApp").startswith("Ayo ke Puskesmas!")


def one_text(who: Chatter, label: str) -> str:
    """The words of a channel: the message below its heading, and nothing else in it."""
    _, words = who.presses(label)
    return words.text


def test_where_all_channels_have_the_same_words_nobody_is_asked(stage: Stage, siti: Chatter) -> None:
    heading, words = siti.presses("Teks untuk kanal lain")
    assert "WhatsApp, Instagram, Facebook, TikTok, X, YouTube" in heading.text
    assert words.text == "Ayo ke Puskesmas! #JambiSehat\n\nSaya ASN Pemprov Jambi"


def test_x_gets_a_shortened_text_with_the_source(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage, caption="Imunisasi gratis di Puskesmas. " * 20)
    scene.release(stage)
    siti.presses("Teks untuk kanal lain")
    text = one_text(siti, "2. X")
    assert captions.x_length(text) <= captions.X_LENGTH
    assert "https://dinkes.jambiprov.go.id/imunisasi" in text
    assert text.endswith("Saya ASN Pemprov Jambi")


@pytest.mark.parametrize("action", ["share.for:{}:mars", "share.for:x:x", "share.for:999999:x"])
def test_a_button_for_no_channel_or_item_is_an_old_one(stage: Stage, siti: Chatter, action: str) -> None:
    answer = one(siti.presses("", action=action.format(scene.cards(stage, siti)[0].item_id)))
    assert answer.key.endswith(":refused")


def test_the_words_of_an_item_that_is_not_out_are_nobodys(stage: Stage, siti: Chatter) -> None:
    hidden = scene.item(stage, "DISDIK", title="Rahasia", status=states.SUBMITTED, caption="Rahasia sekali")
    answer = one(siti.presses("", action=f"share.for:{hidden}:x"))
    assert answer.key.endswith(":refused")


def saver(stage: Stage, **item: Any) -> Chatter:
    """Somebody who saves data and has received an item with a picture."""
    who = stage.person("Siti")
    with stage.session() as session, session.begin():
        scene.person(session, who).saver = True
    scene.item(stage, media=True, **item)
    scene.release(stage)
    return who


def test_who_saves_data_gets_a_small_picture_and_the_size_of_the_whole(stage: Stage) -> None:
    siti = saver(stage, small=True)
    card = siti.hears()[0]
    with stage.session() as session:
        small = session.get_one(files.Media, card.row.body["media"])
        assert (small.purpose, small.size) == ("small", 9000)
        original = session.query(files.Media).filter_by(small_id=small.id).one()
    assert "with_media" not in card.row.body
    assert any(label.startswith("Gambar lengkap (9") for label in card.actions)
    assert one(siti.presses("Gambar lengkap")).row.body["media"] == original.id


def test_who_saves_data_gets_an_album_on_request_only(stage: Stage) -> None:
    siti = saver(stage, small=True, album=3)
    assert [heard.row.part for heard in siti.hears()] == ["card", "caption"]
    assert "Gambar lengkap (2,9 MB)" in siti.hears()[0].actions
    album = one(siti.presses("Gambar lengkap"))
    assert album.row.body == {"text": "", "album": True, "item": album.row.item_id}


def test_a_picture_without_a_small_one_comes_as_words_alone(stage: Stage) -> None:
    siti = saver(stage)
    assert "media" not in siti.hears()[0].row.body


def test_konten_shows_the_album_as_it_went_out(stage: Stage) -> None:
    siti = stage.person("Siti")
    scene.item(stage, media=True, album=2)
    scene.release(stage)
    album, card, words = siti.says("/konten")
    assert album.row.body["album"] is True
    assert "media" not in card.row.body
    assert words.text.startswith("Ayo ke Puskesmas!")
