"""Deep links, which only an application on the phone can open. They name no post that others could see."""

import re

_SCHEMES = (
    (r"fb[a-z0-9-]*|facebook", "facebook"),
    (r"instagram[a-z-]*", "instagram"),
    (r"snssdk\d+|musically|tiktok", "tiktok"),
    (r"twitter|twitterauth", "x"),
    (r"vnd\.youtube|youtube", "youtube"),
    (r"barcelona", "threads"),
    (r"whatsapp[a-z-]*", "whatsapp"),
)
_OPENERS = "intent|android-app"
# As a finder needs it.
BEGINNING = rf"(?:{'|'.join(pattern for pattern, _ in _SCHEMES)}|{_OPENERS})://|vnd\.youtube:"

# The package or host that Android's own kinds name. Threads is a part of Instagram's, so it comes first.
_NAMED = (
    (r"com\.instagram\.barcelona|threads\.(?:net|com)", "threads"),
    (r"com\.instagram|instagram\.com", "instagram"),
    (r"com\.facebook|facebook\.com", "facebook"),
    (r"com\.zhiliaoapp|com\.ss\.android|tiktok\.com", "tiktok"),
    (r"com\.twitter|twitter\.com|//x\.com", "x"),
    (r"android\.youtube|youtube\.com|youtu\.be", "youtube"),
    (r"com\.whatsapp|whatsapp\.com|wa\.me", "whatsapp"),
)


def platform(written: str) -> str:
    """The platform whose application would open it; "" for what is no deep link, or that of another."""
    text = written.strip().lower()
    if re.match(rf"(?:{_OPENERS})://", text):
        return next((name for pattern, name in _NAMED if re.search(pattern, text)), "")
    for pattern, name in _SCHEMES:
        if re.match(rf"(?:{pattern})://", text) or (name == "youtube" and text.startswith("vnd.youtube:")):
            return name
    return ""
