"""Near pictures are found exactly: what the bands find is what comparing with every row finds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from models.people.people import Person
from models.shares import likenesses
from models.shares.likenesses import Likeness
from models.shares.shares import Evidence, Share
from tests import proving, scene
from tests.chat import Stage
from tests.proving import Prover

HASHES = st.integers(min_value=-(2**63), max_value=2**63 - 1)


@given(HASHES, st.sets(st.integers(0, 63), max_size=likenesses.RADIUS))
def test_what_differs_in_seven_bits_shares_a_band_but_for_one_bit(whole: int, flipped: set[int]) -> None:
    other = whole
    for bit in flipped:
        other ^= 1 << bit
    pairs = zip(likenesses.bands(whole), likenesses.bands(other), strict=True)
    assert min((one ^ two).bit_count() for one, two in pairs) <= 1
    assert likenesses.distance(whole, other) == len(flipped)


def evidence(stage: Stage, number: int) -> list[int]:
    """So many pieces of evidence of people who have shared an item."""
    scene.item(stage)
    who = [stage.person(f"Orang {nth}") for nth in range(2)]
    scene.release(stage)
    share_ids = [proving.shows(Prover(stage, one)) for one in who]
    with stage.session() as session, session.begin():
        row = {"kind": "photo", "album": "", "link": "", "post": "", "at": stage.now, "attempts": 0}
        session.execute(
            insert(Evidence),
            [
                {**row, "share_id": share_ids[nth % 2], "source": f"many:{nth}", "media_id": None}
                for nth in range(number)
            ],
        )
    return [one.id for share_id in share_ids for one in proving.evidence(stage, share_id)]


def signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


@pytest.mark.parametrize("radius", [0, 3, 7])
def test_a_look_up_finds_what_comparing_with_every_row_finds(stage: Stage, radius: int) -> None:
    dice = random.Random(radius)
    numbers = evidence(stage, 400)
    centre = dice.getrandbits(64)
    hashes = {}
    for number in numbers:
        value = centre if number % 2 else dice.getrandbits(64)
        for bit in dice.sample(range(64), dice.randint(0, 12)):
            value ^= 1 << bit
        hashes[number] = signed(value)
    with stage.session() as session, session.begin():
        for number, value in hashes.items():
            likenesses.keep(session, number, 1, value, b"")
    for asked in (signed(centre), *list(hashes.values())[:20]):
        wanted = [number for number, value in hashes.items() if likenesses.distance(asked, value) <= radius]
        with stage.session() as session:
            assert likenesses.neighbours(session, asked, radius) == sorted(wanted)


def test_more_than_the_bands_promise_is_not_asked_of_them(stage: Stage) -> None:
    with stage.session() as session, pytest.raises(ValueError, match="within 7 bits"):
        likenesses.neighbours(session, 0, 8)


@pytest.mark.parametrize("same_item", [True, False])
def test_only_other_shares_that_count_are_near(stage: Stage, same_item: bool) -> None:
    item = scene.item(stage)
    other = item if same_item else scene.item(stage, "DISDIK")
    people = [stage.person(name) for name in ("Siti", "Budi", "Wati")]
    scene.release(stage)
    share_ids = [proving.shows(Prover(stage, who)) for who in people]
    numbers = [proving.evidence(stage, share_id)[0].id for share_id in share_ids]
    with stage.session() as session, session.begin():
        for number in numbers:
            likenesses.keep(session, number, item, -5, b"tiles")
        session.get_one(Share, share_ids[0]).status = "withdrawn"
    with stage.session() as session:
        (found,) = likenesses.near(session, -5, other, share_ids[2])
        budi = session.get_one(Person, people[1].person_id)
        assert (found.share_id, found.person_id, found.tiles) == (share_ids[1], budi.id, b"tiles")


def test_a_later_look_replaces_the_fingerprint(stage: Stage) -> None:
    (number, *_) = evidence(stage, 1)
    with stage.session() as session, session.begin():
        likenesses.keep(session, number, 1, 1, b"first")
        likenesses.keep(session, number, 1, 2, b"second")
    with stage.session() as session:
        kept = session.get_one(Likeness, number)
        assert (kept.tiles, kept.whole, kept.band3) == (b"second", 2, 2)
