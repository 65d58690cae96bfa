"""The hashtags of an item: those of the approved list, and where they are put."""

from collections.abc import Iterable, Sequence

from models.content import captions


def written(text: str, approved: Sequence[str]) -> list[str]:
    """The approved hashtags that a text contains, in the order of the list."""
    there = {tag.casefold() for tag in captions.hashtags(text)}
    return [tag for tag in approved if tag.casefold() in there]


def toggled(chosen: str, numbers: Iterable[int], approved: Sequence[str]) -> str:
    """The chosen hashtags ("#A #B") with those of these numbers (from 0) added, or taken out where they
    were in. What is no longer approved goes. A number without a hashtag raises IndexError."""
    now = {tag.casefold() for tag in chosen.split()}
    for number in numbers:
        now ^= {approved[number].casefold()}
    return " ".join(tag for tag in approved if tag.casefold() in now)


def below(text: str, chosen: str) -> str:
    """A text as it is posted: the chosen hashtags stand below it, but for those that are in it already."""
    there = {tag.casefold() for tag in captions.hashtags(text)}
    lacking = [tag for tag in chosen.split() if tag.casefold() not in there]
    return f"{text}\n\n{' '.join(lacking)}" if lacking and text else text
