"""How long a caption is on each channel."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.content import captions

EMOJI = ["👍", "👍🏽", "❤️", "❤", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇮🇩", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©️", "☎", "🧑🏿‍🚒", "🫶"]
LETTERS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz ,!"), max_size=60)
ANYTHING = st.text(max_size=80)


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_weighs_two_on_x_however_many_pieces_it_has(emoji: str) -> None:
    assert captions.x_length(emoji) == 2
    assert captions.x_length(f"Ayo {emoji}{emoji}!") == 9


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Halo, Jambi!", 12),
        ("cafe\u0301", 4),
        ("漢字", 4),
        ("©", 1),
        ("“kutip” – dan", 13),
        ("…", 2),
        ("https://a.id", 23),
        ("Lihat https://dinkes.jambiprov.go.id/berita/malam?id=1#atas.", 6 + 23 + 1),
        ("(dinkes.jambiprov.go.id)", 25),
        ("tulis ke humas@jambiprov.go.id", 30),
        ("selesai.Besok lagi", 18),
        ("pukul 21.00", 11),
    ],
)
def test_what_weighs_how_much_on_x(text: str, length: int) -> None:
    assert captions.x_length(text) == length


@given(LETTERS, st.integers(1, 400), LETTERS)
def test_an_address_weighs_23_on_x_whatever_its_length(before: str, length: int, after: str) -> None:
    address = "https://jambiprov.go.id/" + "a" * length
    assert captions.x_length(f"{before} {address} {after}") == len(before) + len(after) + 2 + 23


@given(LETTERS, st.lists(st.sampled_from(EMOJI), max_size=20))
def test_letters_weigh_one_and_emoji_two(words: str, emoji: list[str]) -> None:
    assert captions.x_length(words + " ".join(emoji)) == len(words) + 2 * len(emoji) + max(0, len(emoji) - 1)


@given(ANYTHING)
def test_a_letter_and_its_accent_count_the_same_composed_or_not(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert captions.x_length(composed) == captions.x_length(apart)
    assert captions.excesses(composed * 40) == captions.excesses(apart * 40)


@given(ANYTHING, ANYTHING)
def test_two_paragraphs_weigh_what_each_of_them_does(one: str, other: str) -> None:
    assert captions.x_length(f"{one}\n\n{other}") == captions.x_length(one) + 2 + captions.x_length(other)


@given(st.integers(0, 2500), st.sampled_from(["a", "👍"]))
def test_a_text_is_too_long_exactly_beyond_the_limit_of_each_channel(length: int, unit: str) -> None:
    units = length * len(unit.encode("utf-16-le")) // 2
    found = {one.channel: (one.length, one.most) for one in captions.excesses(unit * length)}
    limits = {"x": 280, "whatsapp": 700, "instagram": 2200, "tiktok": 2200}
    assert found == {channel: (units, most) for channel, most in limits.items() if units > most}


def test_a_long_address_is_short_on_x_and_long_on_whatsapp() -> None:
    [excess] = captions.excesses("https://jambiprov.go.id/" + "a" * 700)
    assert excess.channel == "whatsapp"


def test_hashtags_are_words_behind_a_mark_and_not_places_in_addresses_or_numbers() -> None:
    text = "#JambiSehat, #1 x#y https://a.id/#atas &#39; ＃Ayo_Vaksin2 (#jambisehat)"
    assert captions.hashtags(text) == ["#JambiSehat", "#Ayo_Vaksin2", "#jambisehat"]


@given(
    st.lists(st.from_regex(r"[a-zA-Zé_][a-zA-Zé_0-9]{0,20}", fullmatch=True), max_size=40),
    st.sampled_from([" ", ", ", "\n", "! ", " https://jambiprov.go.id/a#b "]),
)
def test_every_hashtag_is_found_whatever_stands_between(names: list[str], between: str) -> None:
    tags = [f"#{name}" for name in names]
    assert captions.hashtags(between.join(tags)) == tags


@pytest.mark.parametrize(
    ("channel", "text", "length"),
    [
        ("x", "Buka! https://dinkes.jambiprov.go.id/berita/panjang-sekali 🏥", 6 + 23 + 1 + 2),
        ("instagram", "Buka 🏥", 7),  # UTF-16
        ("whatsapp", "e\u0301", 1),  # composed
        ("youtube", "é🏥", 6),  # bytes
        ("threads", "é🏥", 5),  # an emoji counts its bytes
        ("facebook", "Buka", 4),
        ("tiktok", "", 0),
    ],
)
def test_each_channel_counts_in_its_own_way(channel: str, text: str, length: int) -> None:
    assert captions.length_on(channel, text) == length


@given(text=st.text(max_size=60), more=st.text(max_size=20))
def test_a_longer_text_is_not_shorter_on_a_channel_that_counts_letters(text: str, more: str) -> None:
    for channel in ("facebook", "youtube"):
        joined = captions.length_on(channel, f"{text} {more}")
        assert joined >= captions.length_on(channel, text) >= 0
