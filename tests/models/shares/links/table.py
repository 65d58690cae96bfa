"""Tables of addresses as tests read them: the post once, then every way in which apps and people write it."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from models.refused import Refused
from models.shares import links, shares
from models.shares.links import Link


@dataclass(frozen=True)
class Shape:
    """One written address, and the post that it leads to."""

    written: str
    link: Link

    def __str__(self) -> str:
        return self.written[:100].encode("ascii", "backslashreplace").decode()


def shapes(platform: str, normal: str, post: str, written: str) -> list[Shape]:
    """A row for every line of `written`, all of one post."""
    link = Link(platform, normal, post)
    return [Shape(line.strip(), link) for line in written.strip().splitlines()]


def check(shape: Shape) -> None:
    """The address gives its post, the normal form gives itself, and a sentence around it changes nothing."""
    assert links.recognise(shape.written) == shape.link
    assert links.recognise(shape.link.url) == shape.link
    assert shape.link.platform in shares.PLATFORMS
    said = links.find(f"Sudah saya bagikan: {shape.written} , terima kasih")
    assert [links.recognise(one) for one in said] == [shape.link]


def check_enough(table: Iterable[Shape]) -> None:
    """Fifty and more, no one twice; one normal form belongs to one post."""
    table = list(table)
    written = [shape.written for shape in table]
    assert len(set(written)) == len(written) >= 50
    known = {shape.link.url: shape.link for shape in table}
    assert all(known[shape.link.url] == shape.link for shape in table)


def check_refused(written: str, platform: str, page: str) -> None:
    """The refusal says what the address leads to, and shows a link of the same platform."""
    with pytest.raises(Refused) as refused:
        links.recognise(written)
    assert refused.value.key == "sharing.link_no_post"
    assert refused.value.params == {
        "page": {"text": f"sharing.page_{page}"},
        "example": {"text": f"sharing.example_{platform}"},
    }


def refusals(text: str) -> list[tuple[str, str]]:
    """Rows of "page address", one a line."""
    rows = [line.strip().partition(" ") for line in text.strip().splitlines()]
    return [(page, address.strip()) for page, _, address in rows]
