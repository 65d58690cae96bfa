"""Words that an item should do without: lists that an operator edits, and the search for them.

How a phrase is written: small or capital letters are the same; it is found as whole words only, with
the little endings of speech (-nya, -lah, -kah, -pun). A word with "~" behind it is a stem and takes
the Indonesian affixes along: "coblos~" finds mencoblos, dicoblos, pencoblosan and coblosan.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.content import captions

_PHRASE = re.compile(r"[^\W_]+(?:[-/'’.][^\W_]+)*~?(?: [^\W_]+(?:[-/'’.][^\W_]+)*~?)*")
_ENDING = "(?:nya|lah|kah|pun)?"
_PREFIX = "(?:di|ber|ter|ke|se|per|pe|pem|pen|peng|pel|me|mem|men|meng|memper|diper)?"
# The first letter of a stem that melts into the prefix: pilih → memilih, coblos stays.
_MELTS = {"p": "m", "t": "n", "k": "ng", "s": "ny"}
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_TAG = re.compile(r"[#＃]\w+")


def _phrase(written: str) -> str:
    """Raises PydanticCustomError for what could never be found in a text."""
    phrase = unicodedata.normalize("NFKC", " ".join(written.split()))
    if not _PHRASE.fullmatch(phrase):
        expected = 'one or more words with single spaces, such as "dalam rangka" or "coblos~"'
        raise PydanticCustomError("impossible", "{expected}", {"expected": expected})
    return phrase.casefold()


Phrase = Annotated[str, Field(min_length=2, max_length=80), AfterValidator(_phrase)]
Suggestion = Annotated[str, Field(min_length=1, max_length=80)]


@dataclass(frozen=True, slots=True)
class Hit:
    """`phrase` of the list was found as `words` at `place` of the text, counted in characters."""

    phrase: str
    words: str
    place: int


class Campaign(BaseModel):
    """Words of election campaigning. `ordinary` are phrases that contain one and mean something else."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    phrases: tuple[Phrase, ...] = ()
    ordinary: tuple[Phrase, ...] = ()

    @cached_property
    def sought(self) -> tuple[str, ...]:
        return _longest_first([*self.phrases, *self.ordinary])

    def found(self, text: str) -> list[Hit]:
        """The campaigning in a text, in its order."""
        ordinary = frozenset(self.ordinary)
        return [hit for hit in _search(self.sought, text) if hit.phrase not in ordinary]


class Jargon(BaseModel):
    """Bureaucratic words: phrase → what says the same plainly."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    phrases: Mapping[Phrase, Suggestion] = {}

    @cached_property
    def sought(self) -> tuple[str, ...]:
        return _longest_first(self.phrases)

    def found(self, text: str) -> list[tuple[Hit, str]]:
        """The jargon in a text with its plain words, in its order."""
        return [(hit, self.phrases[hit.phrase]) for hit in _search(self.sought, text)]


@dataclass(frozen=True, slots=True)
class Wordlists:
    """The lists of one programme; empty ones find nothing."""

    campaign: Campaign = field(default_factory=Campaign)
    jargon: Jargon = field(default_factory=Jargon)


def _longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)))


def _search(phrases: Iterable[str], text: str) -> list[Hit]:
    """Every phrase in the text; of two that overlap the longer one."""
    readable = _readable(text)
    hits: list[Hit] = []
    left = readable
    for phrase in phrases:
        for found in list(_pattern(phrase).finditer(left)):
            hits.append(Hit(phrase, " ".join(found[0].split()), found.start()))
            left = f"{left[: found.start()]}{'|' * len(found[0])}{left[found.end() :]}"
    return sorted(hits, key=lambda hit: hit.place)


def _readable(text: str) -> str:
    """The text as somebody reads it: no addresses, plain letters, "#PilihNomor2" in its words."""
    plain = unicodedata.normalize("NFKC", captions.without_links(text))
    return _TAG.sub(lambda tag: _CAPITALS.sub(" ", tag[0]), plain)


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(_word(word) for word in phrase.split(" "))
    return re.compile(rf"(?<!\w){words}{_ENDING}(?!\w)", re.IGNORECASE)


def _word(word: str) -> str:
    if not word.endswith("~"):
        return re.escape(word)
    stem = word[:-1]
    return f"(?:{'|'.join(_forms(stem))})(?:kan|an|i)?{_ENDING}"


def _forms(stem: str) -> Iterator[str]:
    yield _PREFIX + re.escape(stem)
    if melted := _MELTS.get(stem[0]):
        yield f"(?:me|pe){melted}{re.escape(stem[1:])}"
