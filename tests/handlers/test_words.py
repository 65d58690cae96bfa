"""How people write the number of an item, agree, and greet."""

import pytest

from handlers import words


@pytest.mark.parametrize(
    ("text", "number", "named"),
    [
        ("42", 42, False),
        (" #42 ", 42, True),
        ("konten 42", 42, True),
        ("Konten nomor 42", 42, True),
        ("KONTEN #42", 42, True),
        ("no. 42", 42, True),
        ("nomor42", 42, True),
        ("konten", None, False),
        ("konten 42 vaksin", None, False),
        ("minggu 42", None, False),
        ("4.2", None, False),
        ("1234567890", None, False),
        ("²", None, False),
        ("", None, False),
    ],
)
def test_the_number_of_an_item_is_read_as_it_is_written(text: str, number: int | None, named: bool) -> None:
    assert words.item_number(text) == number
    assert words.names_item(text) is named


@pytest.mark.parametrize("text", ["ya", "Ya!", "iya", "YES"])
def test_a_plain_yes_is_one(text: str) -> None:
    assert words.says_plainly_yes(text)


@pytest.mark.parametrize("text", ["ok", "oke", "setuju", "betul", "ya sudah", "", "tidak"])
def test_what_is_said_of_many_things_is_no_plain_yes(text: str) -> None:
    assert not words.says_plainly_yes(text)


@pytest.mark.parametrize(
    "text", ["Halo", "Selamat pagi, Bu!", "makasih min", "Assalamualaikum", "terima kasih"]
)
def test_a_greeting_or_thanks_says_nothing_else(text: str) -> None:
    assert words.greets(text)


@pytest.mark.parametrize("text", ["", "bu", "Selamat datang di Jambi", "halo, saya guru", "facebook"])
def test_what_says_more_than_a_greeting_is_none(text: str) -> None:
    assert not words.greets(text)
