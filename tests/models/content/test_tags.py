"""Hashtags of an item: which are chosen, and where they are put."""

import pytest

from models.content import tags

APPROVED = ("#A1", "#B2", "#C3")


def test_those_of_the_caption_are_found_whatever_their_capitals() -> None:
    assert tags.written("Ayo #c3, #a1! #Lain https://x.id/#B2", APPROVED) == ["#A1", "#C3"]


def test_a_number_puts_a_hashtag_in_and_takes_it_out() -> None:
    chosen = tags.toggled("", [2, 0], APPROVED)
    assert chosen == "#A1 #C3"
    assert tags.toggled(chosen, [0, 1], APPROVED) == "#B2 #C3"
    assert tags.toggled("#a1 #Gone", [], APPROVED) == "#A1"
    with pytest.raises(IndexError):
        tags.toggled("", [3], APPROVED)


def test_only_what_is_lacking_stands_below_the_text() -> None:
    assert tags.below("Ayo! #a1", "#A1 #B2") == "Ayo! #a1\n\n#B2"
    assert tags.below("Ayo! #A1", "#A1") == "Ayo! #A1"
    assert tags.below("Ayo!", "") == "Ayo!"
    assert tags.below("", "#A1") == ""
