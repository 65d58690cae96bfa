"""Addresses of posts as people copy them from their apps. The posts do not exist."""

import random
import string

_LETTERS = string.ascii_letters + string.digits
SHAPES = (
    ("facebook", "https://www.facebook.com/{name}/posts/pfbid0{letters30}"),
    ("facebook", "https://www.facebook.com/share/p/{letters16}/?mibextid=oFDknk"),
    ("instagram_feed", "https://www.instagram.com/p/{letters11}/?igsh={letters12}=="),
    ("tiktok", "https://www.tiktok.com/@{name}/video/7{digits18}?is_from_webapp=1"),
    ("x", "https://x.com/{name}/status/1{digits18}?s=20"),
    ("threads", "https://www.threads.com/@{name}/post/{letters11}?xmt={letters16}"),
    ("whatsapp_channel", "https://whatsapp.com/channel/0029Va{letters16}/1{digits2}"),
    ("youtube", "https://youtube.com/shorts/{letters11}?si={letters16}"),
)


def address(dice: random.Random, name: str) -> str:
    """One of them, different each time; `name` is the account's (letters and digits)."""
    _, shape = dice.choice(SHAPES)
    return shape.format(
        name=name,
        letters11=_some(dice, _LETTERS, 11),
        letters12=_some(dice, _LETTERS, 12),
        letters16=_some(dice, _LETTERS, 16),
        letters30=_some(dice, _LETTERS, 30),
        digits2=_some(dice, string.digits, 2),
        digits18=_some(dice, string.digits, 18),
    )


def _some(dice: random.Random, letters: str, length: int) -> str:
    return "".join(dice.choices(letters, k=length))
