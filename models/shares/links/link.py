"""What a link comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A post: its platform (one of `shares.PLATFORMS`), its address in the normal form, and its id.

    `post` is the id as the platform names it, unique among the posts of `platform`; "" where a short link
    hides it. Two links of one platform with the same `post` are the same post, even where their addresses
    differ because one names the author by number and the other by name (Facebook).
    """

    platform: str
    url: str
    post: str = ""
