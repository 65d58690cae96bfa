"""Where something was posted, as people say it: "ig story", "status wa", "fb"."""

import re

from handlers import words
from models.shares import shares

_STORY = r"(?:story|stori|storie|stories|cerita|status|sw|snap)"
_CHANNEL_OF = r"(?:(?:saluran|channel|chanel|kanal)\s*(?:di\s*)?)?"
# The first that fits counts, so stories stand above their platforms.
_SAID = tuple(
    (platform, re.compile(rf"\b(?:{pattern})\b"))
    for platform, pattern in (
        (
            "instagram_story",
            rf"(?:ig|insta|instagram)\s*{_STORY}|{_STORY}\s*(?:di\s*)?(?:ig|insta|instagram)|igs",
        ),
        (
            "whatsapp_story",
            rf"(?:wa|whatsapp|whatsap)\s*{_STORY}|{_STORY}\s*(?:di\s*)?(?:wa|whatsapp|whatsap)|sw",
        ),
        (
            "whatsapp_channel",
            r"(?:saluran|channel|chanel|kanal)\s*(?:di\s*)?(?:wa|whatsapp|whatsap)|(?:wa|whatsapp|whatsap)\s*"
            r"(?:saluran|channel|chanel|kanal)|saluran(?!\s*(?:di\s*)?(?:youtube|yt|yutub|telegram))",
        ),
        (
            "whatsapp_group",
            r"(?:grup|group|grop|gc|wag)(?:\s*(?:wa|whatsapp|whatsap))?|(?:wa|whatsapp)\s*(?:grup|group|gc)",
        ),
        ("instagram_feed", r"ig|insta|instagram|feed"),
        ("facebook", r"fb|facebook|fesbuk|pesbuk|facebok"),
        ("tiktok", r"tiktok|tik\s*tok|tt"),
        ("youtube", rf"{_CHANNEL_OF}(?:youtube|yt|yutub)|shorts"),
        ("x", r"x|twitter|twiter"),
        ("threads", r"threads?|treads?"),
        ("other", rf"lainnya|lain|linkedin|{_CHANNEL_OF}telegram"),
    )
)

_BETWEEN = re.compile(r"[,;/+&\n]|\b(?:dan|sama|serta)\b", re.IGNORECASE)
_VAGUE = re.compile(rf"\b(?:wa|whatsapp|whatsap|{_STORY})\b")


def named(text: str) -> str:
    """The platform that a few words name; "" where none, or more than one place, is named.

    "story" alone may be two platforms, and a long text is no answer to "where?".
    """
    said = words.plain(text)
    if not said or len(said.split()) > 6:
        return ""
    for platform, pattern in _SAID:
        if found := pattern.search(said):
            rest = said[: found.start()] + " " + said[found.end() :]
            if any(other.search(rest) for name, other in _SAID if _brand(name) != _brand(platform)):
                return ""
            return platform
    # Of the many "status" there are, the one that needs no name is WhatsApp's.
    return "whatsapp_story" if "status" in said.split() else ""


def several(text: str) -> list[str]:
    """The places of a list, in its order: "status wa, ig dan fb". Empty where one of its parts names none,
    or where it is no list."""
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    found = [named(part) for part in parts]
    return found if len(found) > 1 and all(found) and len(set(found)) == len(found) else []


def vague(text: str) -> bool:
    """Whether a few words name a place that may be two: WhatsApp's status or a group, whose story."""
    said = words.plain(text)
    return len(said.split()) <= 6 and _VAGUE.search(said) is not None


def _brand(platform: str) -> str:
    return platform.partition("_")[0]


def text(platform: str) -> dict[str, str]:
    """The name of a platform as a sentence of the catalogue; of an unknown one, too."""
    return {"text": f"platform.{platform if platform in shares.PLATFORMS else 'unknown'}"}
