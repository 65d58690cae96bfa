"""What a person posts: hashtags that are not there yet, and words that fit each channel."""

import pytest

from models.content import captions, content, postings, tags, variants
from tests import scene
from tests.chat import Stage

SIGNED = "Saya ASN Pemprov Jambi"
LINK = "https://dinkes.jambiprov.go.id/imunisasi"


@pytest.mark.parametrize(
    ("text", "hashtags", "made"),
    [
        ("Ayo!", "#JambiSehat #JambiMantap", "Ayo!\n\n#JambiSehat #JambiMantap"),
        ("Ayo! #jambisehat", "#JambiSehat #JambiMantap", "Ayo! #jambisehat\n\n#JambiMantap"),
        ("Ayo! #JambiSehat", "#JambiSehat", "Ayo! #JambiSehat"),
        ("Ayo!", "", "Ayo!"),
    ],
)
def test_hashtags_stand_below_a_text_once(text: str, hashtags: str, made: str) -> None:
    assert tags.below(text, hashtags) == made


def test_a_text_that_fits_on_x_stays_whole() -> None:
    assert postings.for_x("Ayo!", "#JambiSehat", LINK, SIGNED) == f"Ayo!\n\n#JambiSehat\n\n{SIGNED}"


def test_hashtags_that_were_added_go_before_any_word_does() -> None:
    text = "kata " * 49 + "akhir"
    assert postings.for_x(text, "#JambiSehat", LINK, SIGNED) == f"{text}\n\n{SIGNED}"


@pytest.mark.parametrize("word", ["kata ", "panjangsekali ", "😀 ", "á "])
def test_a_long_text_ends_at_a_word_on_x_and_keeps_the_source(word: str) -> None:
    short = postings.for_x(word * 200, "#JambiSehat", LINK, SIGNED)
    body, rest = short.split("…")
    assert rest == f"\n{LINK}\n\n{SIGNED}"
    assert set(body.split()) == {word.strip()}
    assert captions.x_length(short) <= captions.X_LENGTH
    assert captions.x_length(short) > captions.X_LENGTH - 35  # no more is lost than must be


def test_a_source_that_stands_in_what_is_kept_is_not_written_twice() -> None:
    short = postings.for_x(f"Baca {LINK} " + "kata " * 100, "", LINK, SIGNED)
    assert short.count(LINK) == 1
    assert captions.x_length(short) <= captions.X_LENGTH


def test_one_endless_word_leaves_the_source_alone() -> None:
    assert postings.for_x("a" * 400, "", LINK, SIGNED) == f"{LINK}\n\n{SIGNED}"


def test_channels_with_the_same_words_are_one_text_and_own_words_another(stage: Stage) -> None:
    number = scene.item(stage, hashtags="#JambiMantap")
    with stage.session() as session, session.begin():
        variants.write(session, number, "", ["Kedua"])
        variants.write(session, number, "instagram", ["Untuk Instagram"])
        item = session.get_one(content.Item, number)
        person = 2 if variants.turn(["a", "b"], 2, number) == "b" else 3
        found = postings.of_channels(session, item, person, SIGNED)
    assert {posting.channels: posting.text for posting in found} == {
        ("whatsapp", "facebook", "tiktok", "x", "youtube"): f"Kedua\n\n#JambiMantap\n\n{SIGNED}",
        ("instagram",): f"Untuk Instagram\n\n#JambiMantap\n\n{SIGNED}",
    }
