"""What a person should look at before an item is sent for review, and the reviewer as well.

Warnings only: whatever is found here, the author may send the item all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from models import captions
from models.content import Item
from models.wordlists import Wordlists

CHANNELS = ("x", "whatsapp", "instagram", "tiktok")


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - it is one, and is called `checks.Warning` everywhere
    """`key` says what is the matter: campaign, hashtag, too_long, too_many_hashtags or jargon; `params`
    are the values of its sentence."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


def of(item: Item, words: Wordlists, hashtags: Sequence[str] = (), signature: str = "") -> list[Warning]:
    """All that stands out in an item, the gravest first.

    `hashtags` are the approved ones with their "#" (none: every hashtag will do); `signature` is the
    line that is posted below every caption, and counts where a channel has a limit.
    """
    written = "\n\n".join((item.title, item.what, item.why, item.caption))
    posted = f"{item.caption}\n\n{signature}" if signature else item.caption
    return [
        *_campaign(written, words),
        *_hashtags(item.caption, hashtags),
        *_lengths(posted),
        *_jargon(written, words),
    ]


def _campaign(text: str, words: Wordlists) -> list[Warning]:
    """All words in one warning: they have one reason (neutrality of civil servants, SKB 2/2022)."""
    found = _once(hit.words for hit in words.campaign.found(text))
    return [Warning("campaign", {"words": found})] if found else []


def _hashtags(caption: str, approved: Sequence[str]) -> list[Warning]:
    known = {tag.casefold(): tag for tag in approved}
    if not known:
        return []
    return [
        Warning("hashtag", {"tag": tag, "nearest": known[_nearest(tag.casefold(), known)]})
        for tag in _once(captions.hashtags(caption))
        if tag.casefold() not in known
    ]


def _nearest(tag: str, known: Iterable[str]) -> str:
    found: str = process.extract(tag, list(known), scorer=fuzz.ratio, limit=1)[0][0]
    return found


def _lengths(posted: str) -> list[Warning]:
    found = [
        Warning("too_long", {"channel": excess.channel, "length": excess.length, "most": excess.most})
        for excess in sorted(captions.excesses(posted), key=lambda one: CHANNELS.index(one.channel))
    ]
    number = len(captions.hashtags(posted))
    if number > captions.INSTAGRAM_HASHTAGS:
        found.append(Warning("too_many_hashtags", {"number": number, "most": captions.INSTAGRAM_HASHTAGS}))
    return found


def _jargon(text: str, words: Wordlists) -> list[Warning]:
    """One for each phrase of the list, however often and in whatever form it stands there."""
    first: dict[str, Warning] = {}
    for hit, plain in words.jargon.found(text):
        first.setdefault(hit.phrase, Warning("jargon", {"words": hit.words, "plain": plain}))
    return list(first.values())


def _once(words: Iterable[str]) -> list[str]:
    """Each once, whatever its capitals, as it was written first."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return list(found.values())
