"""Which findings are a reason for a person to look."""

import pytest

from models.shares import findings

DOUBTS = [
    ([findings.SHOWS], []),
    ([], []),  # a link
    ([findings.INCOMPARABLE], []),
    ([findings.UNSEEN], [findings.UNSEEN]),
    ([findings.OTHER_ITEM], [findings.OTHER_ITEM]),
    ([findings.NO_PICTURE], [findings.NO_PICTURE]),
    ([findings.UNREADABLE], [findings.UNREADABLE]),
    ([findings.UNSEEN, findings.SHOWS], []),  # one picture of an album is enough
    ([findings.SHOWS, findings.SAME_FILE], [findings.SAME_FILE]),
    ([findings.SHOWS, findings.SAME_UPLOAD], [findings.SAME_UPLOAD]),
    ([findings.SAME_LINK], [findings.SAME_LINK]),
    ([findings.INCOMPARABLE, findings.OWN_AGAIN], [findings.OWN_AGAIN]),
]


@pytest.mark.parametrize(("kinds", "expected"), DOUBTS)
def test_what_is_a_reason_to_look(kinds: list[str], expected: list[str]) -> None:
    assert findings.doubts(kinds, incomparable=False) == expected


def test_an_item_without_a_picture_is_a_reason_where_the_programme_says_so() -> None:
    assert findings.doubts([findings.INCOMPARABLE], incomparable=True) == [findings.INCOMPARABLE]
    assert findings.doubts([findings.INCOMPARABLE, findings.SHOWS], incomparable=True) == []
