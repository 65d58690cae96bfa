"""Words that are nearly right: people write as they speak. And the numbers of buttons and commands."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from models.refused import Refused

# As somebody writes the number of an item: "42", "#42", "konten 42", "konten nomor 42".
_ITEM = re.compile(
    r"(?P<named>konten|konsep)?\s*(?P<sign>nomor|nomer|no\.?|#)?\s*(?P<number>[0-9]{1,9})", re.IGNORECASE
)
DONE = frozenset(
    "sudah sudahh udah udh sdh dah ok oke okay done beres selesai siap share shared dibagikan".split()
)
_LEAVING = {
    **dict.fromkeys(("0", "menu", "bantuan", "help"), "menu"),
    **dict.fromkeys(("batal", "cancel"), "batal"),
}
_YES = frozenset("ya iya y yes ok oke setuju betul benar".split())
# "Ok" and "setuju" are said of many things: where something is dropped, only a plain yes is one.
_PLAINLY_YES = frozenset("ya iya yaa y yes".split())
_NO = frozenset("tidak tdk gak ga nggak bukan no n batal".split())


def plain(text: str) -> str:
    """Lower case, letters and digits only, stretched letters shortened ("Sudaaah!!" → "sudah")."""
    text = re.sub(r"[^\w\s]", " ", text.lower())
    return " ".join(re.sub(r"(\D)\1{2,}", r"\1", word) for word in text.split())


def leaving(text: str) -> str:
    """The command meant by a word that leaves whatever was going on; "" when it is none."""
    return _LEAVING.get(plain(text), "")


def says_done(text: str) -> bool:
    """Whether somebody says that they have shared: "sudah", "udah kak", "done"; at most five words."""
    said = plain(text).split()
    if not said or len(said) > 5 or "belum" in said or "blm" in said or _NO & set(said):
        return False
    return any(word in DONE or _near(word, DONE) for word in said)


def says_yes(text: str) -> bool:
    return plain(text) in _YES


def says_plainly_yes(text: str) -> bool:
    """Whether somebody says yes and nothing else: for what cannot be taken back."""
    return plain(text) in _PLAINLY_YES


def says_no(text: str) -> bool:
    return plain(text) in _NO


def _near(word: str, known: Iterable[str]) -> bool:
    return len(word) >= 5 and process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=85) is not None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; "" when none is near."""
    found = process.extractOne(plain(word), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else ""


def number(argument: str, otherwise: str = "menu.old_button") -> int:
    """The number in a button's payload or behind a command. Raises Refused for anything else."""
    if not (argument.isascii() and argument.isdecimal()) or len(argument) > 9:
        raise Refused(otherwise)
    return int(argument)


def item_number(text: str) -> int | None:
    """The number of an item, where a text is nothing else: "42", "#42", "konten nomor 42"."""
    found = _ITEM.fullmatch(text.strip())
    return int(found["number"]) if found else None


def names_item(text: str) -> bool:
    """Whether a text says that its number is that of an item: "#42" and "konten 42", and not "42" alone."""
    found = _ITEM.fullmatch(text.strip())
    return found is not None and bool(found["named"] or found["sign"])
