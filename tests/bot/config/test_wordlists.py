"""The files of words: an operator's mistakes are named before anybody chats."""

from pathlib import Path

import pytest

from bot.config import settings, wordlists


def refused(folder: Path, text: str, setting: str = "campaign_words") -> str:
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(wordlists.WordlistError) as caught:
        wordlists.load(settings.Content(**{setting: str(folder / "words.yaml")}))
    return str(caught.value)


def test_an_own_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("phrases:\n  - Nomor  Satu\nordinary:\n", encoding="utf-8")
    words = wordlists.load(settings.Content(campaign_words=str(tmp_path / "words.yaml")))
    assert words.campaign.phrases == ("nomor satu",)
    assert words.jargon.phrases["dalam rangka"] == "untuk"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phrases:\n  - coblos\n  - '!!'\n", "line 1) is '!!'; it should be one or more words"),
        ("phrases:\n  - 2\n", 'line 1) is 2; it should be text; put it between quotes ("…")'),
        ("frases:\n  - coblos\n", "line 1): there is no such setting; did you mean phrases?"),
        ("phrases: coblos\n", "line 1) is 'coblos'; it should be a list"),
        ("- coblos\n", "line 1: the file must consist of"),
        ("phrases: [\n", "this is not YAML"),
    ],
)
def test_a_mistake_in_the_campaign_list_is_named_with_its_line(
    tmp_path: Path, text: str, expected: str
) -> None:
    message = refused(tmp_path, text)
    assert expected in message
    assert "words.yaml" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phrases:\n  guna: untuk\n  dalam rangka:\n", "phrases.dalam rangka"),
        ("phrases:\n  guna: untuk\n  dalam rangka:\n", "line 3) is empty; it should be text"),
        ("phrases:\n  guna: untuk\n  '(x)': y\n", "line 3) is '(x)'; it should be one or more words"),
        ("phrases:\n  guna: untuk\n  guna: agar\n", "line 3: phrases.guna is set twice (first in line 2)"),
        ("phrases:\n  - guna\n", "line 1)"),
    ],
)
def test_a_mistake_in_the_jargon_list_is_named_with_its_line(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert expected in refused(tmp_path, text, "jargon_words")


def test_a_file_that_is_not_there_is_named_by_its_setting(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text('content:\n  jargon_words: "words/none.yaml"\nweb: {port: -1}\n', encoding="utf-8")
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(config, {})
    assert "2 settings need your attention" in str(caught.value)
    assert "content.jargon_words is 'words/none.yaml'; it should be the path of a file" in str(caught.value)
