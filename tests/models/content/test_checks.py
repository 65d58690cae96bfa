"""The warnings of an item, as one list."""

from models.content import checks
from models.content.content import Item
from models.content.wordlists import Campaign, Jargon, Wordlists

WORDS = Wordlists(Campaign(phrases=("coblos~", "paslon")), Jargon(phrases={"dalam rangka": "untuk"}))
TAGS = ("#JambiMantap", "#JambiSehat")


def item(**fields: str) -> Item:
    written = {"title": "Posyandu buka", "what": "Ada imunisasi.", "why": "Anak sehat.", "caption": "Ayo!"}
    return Item(**{**written, **fields})


def keys(warnings: list[checks.Warning]) -> list[str]:
    return [warning.key for warning in warnings]


def test_an_ordinary_item_has_no_warning() -> None:
    assert checks.of(item(caption="Ayo ke Posyandu! #jambisehat"), WORDS, TAGS, "Saya ASN") == []


def test_words_are_looked_for_in_every_field_that_people_read() -> None:
    for field in ("title", "what", "why", "caption"):
        found = checks.of(item(**{field: "Dalam rangka mencoblos"}), WORDS)
        assert keys(found) == ["campaign", "jargon"], field


def test_two_fields_do_not_make_a_phrase_together() -> None:
    assert checks.of(item(title="Tulang dalam", what="Ayam. Rangka kuat"), WORDS) == []


def test_campaigning_is_one_warning_and_each_word_in_it_is_named_once() -> None:
    [warning] = checks.of(item(title="Coblos paslon", caption="coblos PASLON, mencoblos"), WORDS)
    assert warning == checks.Warning("campaign", {"words": ["Coblos", "paslon", "mencoblos"]})


def test_jargon_is_named_once_as_it_was_first_written() -> None:
    [warning] = checks.of(item(what="Dalam rangka ini", caption="dalam rangka itu"), WORDS)
    assert warning == checks.Warning("jargon", {"words": "Dalam rangka", "plain": "untuk"})


def test_an_unknown_hashtag_is_named_with_the_nearest_that_is_approved() -> None:
    caption = "Ayo #JambiMntap #JambiMantap #jambi_sehat #jambimntap"
    assert checks.of(item(caption=caption), WORDS, TAGS) == [
        checks.Warning("hashtag", {"tag": "#JambiMntap", "nearest": "#JambiMantap"}),
        checks.Warning("hashtag", {"tag": "#jambi_sehat", "nearest": "#JambiSehat"}),
    ]
    assert checks.of(item(caption=caption), WORDS, ()) == []


def test_the_line_below_the_caption_counts_for_a_channel() -> None:
    caption = "a" * 270
    assert checks.of(item(caption=caption), WORDS) == []
    [warning] = checks.of(item(caption=caption), WORDS, (), "Saya ASN Pemprov Jambi")
    assert warning == checks.Warning("too_long", {"channel": "x", "length": 294, "most": 280})


def test_more_than_thirty_hashtags_are_too_many_for_instagram() -> None:
    assert checks.of(item(caption="#Ayo " * 30), WORDS) == []
    [warning] = checks.of(item(caption="#Ayo " * 31), WORDS)
    assert warning == checks.Warning("too_many_hashtags", {"number": 31, "most": 30})


def test_the_gravest_comes_first() -> None:
    found = checks.of(item(title="Dalam rangka coblos", caption="#Ayo " + "a" * 2300), WORDS, TAGS)
    assert keys(found) == ["campaign", "hashtag", "too_long", "too_long", "too_long", "too_long", "jargon"]
    assert [one.params["channel"] for one in found[2:6]] == ["x", "whatsapp", "instagram", "tiktok"]


def test_every_further_text_is_looked_at_as_well() -> None:
    further = [("", "Ayo coblos #JambiMntap"), ("x", "Dalam rangka itu #Lain")]
    found = checks.of(item(), WORDS, TAGS, "", further)
    assert keys(found) == ["campaign", "hashtag", "hashtag", "jargon"]


def test_the_longest_of_the_texts_that_take_turns_counts_once_for_a_channel() -> None:
    further = [("", "b" * 285), ("", "c" * 282)]
    [warning] = checks.of(item(caption="a" * 281), WORDS, (), "", further)
    assert warning.params == {"channel": "x", "length": 285, "most": 280}


def test_a_channel_with_a_text_of_its_own_gets_none_of_the_others() -> None:
    assert checks.of(item(caption="a" * 300), WORDS, (), "", [("x", "pendek saja")]) == []
    tagged = "#Ayo " * 31
    assert checks.of(item(caption=tagged), WORDS, (), "", [("instagram", "pendek saja")]) == []


def test_chosen_hashtags_stand_below_the_caption_and_count() -> None:
    caption = "a" * 270
    assert checks.of(item(caption=caption), WORDS, TAGS) == []
    [warning] = checks.of(item(caption=caption, hashtags="#JambiMantap"), WORDS, TAGS)
    assert warning.params["length"] == 270 + 2 + 12
