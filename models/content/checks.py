"""What a person should look at before an item is sent for review, and the reviewer as well.

Warnings only: whatever is found here, the author may send the item all the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from models.content import captions, tags
from models.content.content import Item
from models.content.wordlists import Wordlists

CHANNELS = ("x", "whatsapp", "instagram", "tiktok")


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - it is one, and is called `checks.Warning` everywhere
    """`key` says what is the matter: campaign, hashtag, too_long, too_many_hashtags or jargon (and what only
    the chat can tell: source_closed, source_hidden, live_outside). `params` are what its sentence needs."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


def of(
    item: Item,
    words: Wordlists,
    hashtags: Sequence[str] = (),
    signature: str = "",
    further: Sequence[tuple[str, str]] = (),
) -> list[Warning]:
    """All that stands out in an item, the gravest first.

    `hashtags` are the approved ones with their "#" (none: every hashtag will do); `signature` is the
    line that is posted below every caption, and counts where a channel has a limit. `further` are the
    item's other texts, each with the channel that it is for ("" for all).
    """
    own = {channel for channel, _ in further if channel}
    for_all = [item.caption, *(text for channel, text in further if not channel)]
    texts = [item.caption, *(text for _, text in further)]
    written = "\n\n".join((item.title, item.what, item.why, *texts))
    posted = [tags.below(text, item.hashtags or "") for text in for_all]
    if signature:
        posted = [f"{text}\n\n{signature}" for text in posted]
    return [
        *_campaign(written, words),
        *_hashtags("\n\n".join(texts), hashtags),
        *_lengths(posted, own),
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


def _lengths(posted: Sequence[str], own: Collection[str]) -> list[Warning]:
    """Of the texts that take turns, the longest counts; a channel with a text of its own gets none."""
    longest: dict[str, captions.Excess] = {}
    for excess in (one for text in posted for one in captions.excesses(text)):
        known = longest.get(excess.channel)
        if excess.channel not in own and (known is None or excess.length > known.length):
            longest[excess.channel] = excess
    found = [
        Warning(
            "too_long", {"channel": channel, "length": longest[channel].length, "most": longest[channel].most}
        )
        for channel in CHANNELS
        if channel in longest
    ]
    number = max(len(captions.hashtags(text)) for text in posted)
    if number > captions.INSTAGRAM_HASHTAGS and "instagram" not in own:
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
