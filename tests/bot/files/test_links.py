"""Links to files of our own store: good for an hour, for one file, and for nobody who makes them up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.links import VALID, Links

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LINKS = Links("auth-token-of-this-test", "https://pesan.example/satu")


def token(url: str) -> str:
    return url.removeprefix("https://pesan.example/satu/media/").partition("/")[0]


def test_a_link_names_its_file_for_an_hour() -> None:
    url = LINKS.make(42, "poster.jpg", NOW)
    assert url.startswith("https://pesan.example/satu/media/42.")
    assert url.endswith("/poster.jpg")
    assert timedelta(hours=1) == VALID
    for minutes, found in ((0, 42), (59, 42), (60, None), (600, None)):
        assert LINKS.check(token(url), NOW + timedelta(minutes=minutes)) == found


def test_a_link_for_people_lasts_as_long_as_is_said() -> None:
    made = token(LINKS.make(42, "film.mp4", NOW, timedelta(days=8)))
    assert LINKS.check(made, NOW + timedelta(days=7, hours=23)) == 42
    assert LINKS.check(made, NOW + timedelta(days=8)) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda whole: "",
        lambda whole: whole[:-1],
        lambda whole: whole + "A",
        lambda whole: whole[:-1] + ("A" if whole[-1] != "A" else "B"),
        lambda whole: whole.replace("42.", "43.", 1),
        lambda whole: whole.replace("42.", "042.", 1),
        lambda whole: whole.replace("42.", "４２.", 1),
        lambda whole: whole.replace("42.", "-42.", 1),
        lambda whole: whole.replace(whole.split(".")[1], str(int(whole.split(".")[1]) + 3600)),
        lambda whole: whole.split(".")[2],
        lambda whole: whole.upper(),
        lambda whole: whole + "\n",
        lambda whole: "42." + "9" * 30 + "." + "A" * 43,
    ],
)  # fmt: skip
def test_what_was_changed_is_no_link(forge: object) -> None:
    assert callable(forge)
    assert LINKS.check(forge(token(LINKS.make(42, "a", NOW))), NOW) is None


def test_another_token_of_the_account_makes_other_links() -> None:
    other = Links("another-token", "https://pesan.example/satu")
    assert other.check(token(LINKS.make(42, "a", NOW)), NOW) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Poster Imunisasi (1).jpg", "Poster-Imunisasi-1-.jpg"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "file"),
        ("", "file"),
        (".hidden", "hidden"),
        ("héllo😀.pdf", "h-llo-.pdf"),
        ("a/b\\c?d#e%2f.png", "a-b-c-d-e-2f.png"),
        ("x" * 200 + ".mp4", "x" * 76 + ".mp4"),
    ],
)
def test_the_name_of_a_file_is_the_end_of_an_address_and_no_path(name: str, shown: str) -> None:
    assert LINKS.make(1, name, NOW).rpartition("/")[2] == shown


@given(st.integers(1, 10**12), st.integers(0, 3599))
def test_every_file_can_be_linked(media_id: int, seconds: int) -> None:
    made = token(LINKS.make(media_id, "x", NOW))
    assert LINKS.check(made, NOW + timedelta(seconds=seconds)) == media_id


@given(st.text(st.sampled_from("0123456789.-_AaZz"), max_size=80))
def test_nothing_made_up_is_a_link(made_up: str) -> None:
    assert LINKS.check(made_up, NOW) is None
