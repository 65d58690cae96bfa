"""What the bot said, as tests read it."""

from tests.chat import Chatter, Heard


def last(heard: list[Heard]) -> str:
    """The words of the last answer."""
    return heard[-1].text


def text(heard: list[Heard]) -> str:
    """The words of all answers."""
    return "\n".join(each.text for each in heard)


def one(heard: list[Heard]) -> Heard:
    """The only answer."""
    assert len(heard) == 1, [each.text for each in heard]
    return heard[0]


def newest(who: Chatter) -> str:
    """The words that somebody was sent last."""
    return who.hears()[-1].text
