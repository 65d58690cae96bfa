"""How many rows a sender holds: a release never takes every hand."""

import pytest

from bot.outbound.hands import Hands
from bot.running.lanes import AHEAD


@pytest.mark.parametrize(
    "hands",
    [Hands(256, 30.0), Hands(256, 1000.0), Hands(128, 80.0, AHEAD), Hands(64, 80.0, AHEAD), Hands(32, 30.0)],
    ids=["Telegram", "Telegram, paid broadcast", "WhatsApp", "WhatsApp with few hands", "few hands"],
)
def test_answers_find_a_hand_while_a_release_holds_all_that_it_may(hands: Hands) -> None:
    free, bulk = hands.room()
    assert free == hands.in_flight
    hands.take(dict.fromkeys(range(bulk), True), free, bulk)
    free, bulk = hands.room()
    assert free >= hands.in_flight // 8
    assert bulk == 0


def test_a_rate_is_kept_where_an_answer_takes_half_a_second() -> None:
    assert Hands(128, 80.0, AHEAD).for_releases / 80.0 >= 0.5
    assert Hands(256, 30.0).for_releases / 30.0 >= 0.5


def test_a_few_hands_are_not_filled_one_by_one() -> None:
    hands = Hands(64, 80.0)
    hands.take(dict.fromkeys(range(hands.for_releases), True), 64, hands.for_releases)
    assert not hands.wanted()
    hands.free(range(3))
    assert hands.room()[1] == 0
    hands.free(range(hands.for_releases // 2))
    assert hands.room()[1] == hands.for_releases // 2
    assert hands.wanted()


def test_what_a_stopped_sender_still_has_to_write_keeps_its_hands() -> None:
    hands = Hands(16, 30.0)
    hands.take({1: True, 2: False, 3: True}, 16, 8)
    hands.keep([2, 3])
    assert hands.rows() == {2, 3}
