"""Every way in which a proof comes: one share of the right item, and at most one question."""

from collections.abc import Callable

import pytest

from models.shares import findings, standings
from models.shares.findings import Seen
from tests import proving, receiving, scene
from tests.chat import Chatter, Heard, Stage
from tests.receiving import FIRST, SECOND, shares

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/?igsh=abc"
MOBILE = "https://m.facebook.com/story.php?story_fbid=1234567890123456&id=100044123456789&mibextid=x"
Way = Callable[[Stage, Chatter], list[Heard]]


def photo(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo(), *siti.presses("Facebook")]


def photo_with_its_place(_stage: Stage, siti: Chatter) -> list[Heard]:
    return siti.sends_photo("sudah ya bu, di fb")


def photo_with_a_link(_stage: Stage, siti: Chatter) -> list[Heard]:
    return siti.sends_photo(f"ini buktinya {MOBILE}")


def photo_with_other_words(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo("izin melapor bunda"), *siti.says("fb")]


def file(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_document("Screenshot_2026.png", "image/png"), *siti.says("5")]


def paper(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_document("bukti.pdf", "application/pdf"), *siti.says("facebook")]


def album(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo(album="a"), *siti.sends_photo(album="a"), *siti.presses("Facebook")]


def album_with_its_place_below_the_first(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [
        *siti.sends_photo("facebook", album="a"),
        *siti.sends_photo(album="a"),
        *siti.sends_photo(album="a"),
    ]


def album_with_its_place_below_the_last(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo(album="a"), *siti.sends_photo("facebook", album="a")]


def album_in_pieces(stage: Stage, siti: Chatter) -> list[Heard]:
    heard = siti.sends_photo(album="a")
    stage.later(minutes=7)
    heard += siti.sends_photo(album="a")
    stage.later(minutes=7)
    return [*heard, *siti.sends_photo("facebook", album="a")]


def several_in_a_row(stage: Stage, siti: Chatter) -> list[Heard]:
    heard = []
    for _ in range(3):
        heard += siti.sends_photo()
        stage.later(seconds=40)
    return [*heard, *siti.presses("Facebook")]


def forwarded(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo(forwarded=True), *siti.presses("Facebook")]


def after_the_button(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.presses("Sudah saya bagikan"), *siti.sends_photo("facebook")]


def before_the_button(_stage: Stage, siti: Chatter) -> list[Heard]:
    return [*siti.sends_photo("facebook"), *siti.presses("Sudah saya bagikan")]


def after_sudah(stage: Stage, siti: Chatter) -> list[Heard]:
    heard = siti.says("uwis bu")
    stage.later(days=1)
    return [*heard, *siti.sends_photo("facebook")]


def in_the_middle_of_another_question(_stage: Stage, siti: Chatter) -> list[Heard]:
    siti.says("/cari")
    return siti.sends_photo("facebook")


def after_a_restart(stage: Stage, siti: Chatter) -> list[Heard]:
    heard = siti.sends_photo()
    stage.engine.dispose()
    return [*heard, *siti.says("5")]


def link_alone(_stage: Stage, siti: Chatter) -> list[Heard]:
    return siti.says(MOBILE)


def link_among_words(_stage: Stage, siti: Chatter) -> list[Heard]:
    return siti.says(f"Izin melapor, sudah saya bagikan: {MOBILE} terima kasih")


APART = pytest.param(
    album_in_pieces,
    marks=pytest.mark.telegram_alone(
        "it has no albums: pictures that come minutes apart are of different postings"
    ),
)
WAYS = (
    photo, photo_with_its_place, photo_with_a_link, photo_with_other_words, file, paper, album,
    album_with_its_place_below_the_first, album_with_its_place_below_the_last, APART, several_in_a_row,
    forwarded, after_the_button, before_the_button, after_sudah,
    in_the_middle_of_another_question, after_a_restart, link_alone, link_among_words,
)  # fmt: skip


def questions(heard: list[Heard]) -> int:
    return sum("Di mana Anda membagikannya?" in one.text for one in heard)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_is_one_share_with_a_receipt_and_at_most_one_question(stage: Stage, way: Way) -> None:
    siti = stage.person("Siti Rahma")
    item = scene.item(stage)
    scene.release(stage)
    heard = way(stage, siti)
    assert questions(heard) <= 1
    (share,) = shares(stage)
    assert (share.item_id, share.week, share.platform, share.late) == (item, FIRST, "facebook", False)
    assert any("Nomor tanda terima: 1" in one.text for one in heard)
    proving.examine(stage, Seen(findings.SHOWS, score=0.9))
    # A film or a paper shows nothing to a program, and is looked at by a person.
    assert [one.status for one in shares(stage)] == [standings.ACCEPTED]
    (said,) = siti.says("/bukti")
    assert "Unggahan yang dihitung: 1" in said.text


def test_two_pictures_with_two_places_are_two_shares_however_close_they_come(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    scene.item(stage)
    scene.release(stage)
    siti.sends_photo("fb")
    siti.sends_photo("ig story")
    assert [share.platform for share in shares(stage)] == ["facebook", "instagram_story"]


def reply_to_its_card(stage: Stage, siti: Chatter, last: int) -> list[Heard]:
    return siti.sends_photo("facebook", reply_to=receiving.row(stage, siti, last))


def by_its_words(_stage: Stage, siti: Chatter, _last: int) -> list[Heard]:
    return siti.sends_photo("fb, yang minggu lalu")


def link_with_words(_stage: Stage, siti: Chatter, _last: int) -> list[Heard]:
    return siti.says(f"minggu kemarin {MOBILE}")


def by_the_button_of_its_card(_stage: Stage, siti: Chatter, last: int) -> list[Heard]:
    return [*siti.presses("", action=f"share.done:{last}"), *siti.sends_photo("facebook")]


def by_the_button_on_the_receipt(_stage: Stage, siti: Chatter, _last: int) -> list[Heard]:
    return [*siti.sends_photo("facebook"), *siti.presses("Untuk minggu lalu")]


def said_afterwards(_stage: Stage, siti: Chatter, _last: int) -> list[Heard]:
    return [*siti.sends_photo("facebook"), *siti.says("itu untuk minggu lalu ya")]


@pytest.mark.parametrize(
    "way",
    [
        reply_to_its_card, by_its_words, link_with_words, by_the_button_of_its_card,
        by_the_button_on_the_receipt, said_afterwards,
    ],
    ids=lambda way: way.__name__,
)  # fmt: skip
def test_each_way_to_last_weeks_item_is_late_and_leaves_this_weeks_open(
    stage: Stage, way: Callable[[Stage, Chatter, int], list[Heard]]
) -> None:
    siti = stage.person("Siti Rahma")
    last, this = receiving.two_weeks(stage)
    heard = way(stage, siti, last)
    assert questions(heard) == 0
    counted = [share for share in shares(stage) if share.status == standings.RECEIVED]
    assert [(share.item_id, share.week, share.late) for share in counted] == [(last, FIRST, True)]
    siti.says(LINK)
    newest = shares(stage)[-1]
    assert (newest.item_id, newest.week, newest.late) == (this, SECOND, False)
