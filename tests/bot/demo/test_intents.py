"""What the crowd has in mind: the mix that was asked for, and the same for the same seed."""

import random
from collections import Counter

import pytest

from bot.demo import intents, links
from bot.demo.intents import Moment, Way, Whim
from models.shares import links as addresses

CHATS = range(20_000)


def test_the_same_person_has_the_same_in_mind_every_time() -> None:
    assert intents.of(7, 500_123, 0.5) == intents.of(7, 500_123, 0.5)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.55, 1.0])
def test_the_rate_is_the_share_that_takes_part_at_once(rate: float) -> None:
    found = Counter(intents.of(7, chat, rate).moment for chat in CHATS)
    assert found[Moment.CARD] / len(CHATS) == pytest.approx(rate, abs=0.015)


def test_whoever_takes_part_at_a_low_rate_does_so_at_a_higher_one_as_well() -> None:
    low = {chat for chat in range(2_000) if intents.of(7, chat, 0.3).moment is Moment.CARD}
    high = {chat for chat in range(2_000) if intents.of(7, chat, 0.6).moment is Moment.CARD}
    assert low < high


def test_the_ways_to_prove_are_mixed_as_they_are_in_life() -> None:
    ways = Counter(intents.of(7, chat, 1.0).way for chat in CHATS)
    shares = {way: number / len(CHATS) for way, number in ways.items()}
    assert shares == pytest.approx(
        {Way.PHOTO: 0.60, Way.LINK: 0.25, Way.CLAIM: 0.10, Way.ALBUM: 0.05}, abs=0.015
    )


def test_nobody_who_takes_part_blocks_the_bot() -> None:
    found = [intents.of(7, chat, 0.5) for chat in CHATS]
    assert {intent.moment for intent in found if intent.whim is not Whim.NOTHING} == {Moment.NEVER}
    assert any(intent.whim is Whim.BLOCK for intent in found)


def test_some_who_take_no_part_write_that_they_stop() -> None:
    found = [intents.of(7, chat, 0.5) for chat in CHATS]
    stopping = [intent for intent in found if intent.whim is Whim.STOP]
    nobody = sum(intent.moment is Moment.NEVER for intent in found)
    assert len(stopping) / nobody == pytest.approx(intents.STOPS, abs=0.004)
    assert {intent.words for intent in stopping} == set(intents.STOP_WORDS)


def test_who_has_something_in_mind_opens_what_waits_and_of_the_others_most() -> None:
    found = [intents.of(7, chat, 0.5) for chat in CHATS]
    idle = [one for one in found if one.moment is Moment.NEVER and one.whim is Whim.NOTHING]
    assert all(
        one.opens(0) for one in found if one.moment is not Moment.NEVER or one.whim is not Whim.NOTHING
    )
    assert all(one.opens(1) for one in found if one.moment is Moment.FIRST_REMINDER)
    assert all(one.opens(2) for one in found if one.moment is Moment.LAST_REMINDER)
    for nth, share in ((0, intents.OPENS_CONTENT), (1, intents.OPENS_REMINDER)):
        opening = sum(one.opens(nth) for one in idle) / len(idle)
        assert opening == pytest.approx(share, abs=0.02)


def test_every_address_is_a_post_of_the_platform_that_it_was_made_for() -> None:
    wanted = {platform for platform, _ in links.SHAPES}
    found = {
        addresses.recognise(links.address(random.Random(seed), f"asn{seed}")).platform for seed in range(200)
    }
    assert found == wanted


def test_no_two_people_have_the_same_address() -> None:
    made = {links.address(random.Random(seed), f"asn{seed}") for seed in range(2_000)}
    assert len(made) == 2_000
