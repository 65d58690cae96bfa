"""The catalogue as a whole: what the code says is there, what is there is said, and it fits."""

import re
from typing import Any

import pytest

from bot.texts import catalogue, formats, rendering, template
from models.content import fields
from models.proofs import verdicts
from tests.bot.texts import scan
from tests.bot.texts.scan import Use

TEXTS = catalogue.current("id").texts
PLACES = catalogue.current("id").places
CODE = scan.code()
ITEM = scan.item_fields()
SAMPLES: dict[str, Any] = {
    "number": 1_234_567,
    "percent": 0.98765,
    "points": -0.98765,
    "bar": 0.43,
    "rupiah": 123_456_789,
    "date": "2026-11-25T02:00:00Z",
    "day": "2026-11-25T02:00:00Z",
    "calendar": "2026-11-25T02:00:00Z",
    "short": "2026-11-25T02:00:00Z",
    "month": "2026-11",
    "time": "2026-11-25T02:00:00Z",
    "datetime": "2026-11-25T02:00:00Z",
    "week": "2026-W53",
    "numbered": "2026-W53",
    "nth": "2026-W53",
    "duration": 93_784,
    "size": 1_468_006,
    "phone": "+6281317036688",
    "nip": "197001011995031005",
    "list": ["Dinas Pemberdayaan Perempuan dan Anak"] * 5,
}
LONG = 250  # characters of a parameter of which nothing else is known
LONGEST = {name: most for name, (_, most) in fields.LIMITS.items()} | {"opd": 120}
LONGEST |= {"receipt": 12, "platform": 30, "who": 80, "late": 100, "doubts": 220, "plea": verdicts.NOTE}
LONGEST |= {"category": 40, "subject": 140}
BUTTON = 24
# Jargon, English where Indonesian has a word, and forms that are too familiar or misspelt.
FORBIDDEN = re.compile(
    r"\b(kamu|kalian|aku|lo|gue|submit|upload|download|link|klik|share|screenshot|password|login|error|"
    r"update|feedback|approve|reject|draft|file|deadline|reminder|broadcast|next|skip|save|edit|user|"
    r"silahkan|nomer|ijin|hapal|aktifitas|di kirim|di bagikan|stakeholder|engagement|insight)\b",
    re.IGNORECASE,
)


def sample(key: str, *, longest: bool) -> dict[str, Any]:
    """Parameters for a text: as long as they come, or short ones as in a button."""
    made = {}
    for name, forms in template.slots(TEXTS[key]).items():
        form = next(iter(sorted(forms)))
        length = LONGEST.get(name, LONG) if longest else 4
        words = "https://" + "a" * LONG * 2 if name.endswith("_url") else "kata " * LONG
        made[name] = SAMPLES[form] if form else words[:length]
    return made


def needed(key: str, use: Use) -> set[str]:
    """What a use must name: neither the item's fields, where it has one, nor what may be left out."""
    from_item = ITEM if use.with_item else set()
    return set(template.slots(TEXTS[key])) - template.optional_slots(TEXTS[key]) - from_item


def captions() -> set[str]:
    """Texts that are sent under a picture."""
    return {key for use, key in CODE.said() if use.with_file and key in TEXTS} | (
        {"sharing.card"} & set(TEXTS)
    )


def buttons() -> set[str]:
    said = {key for use, key in CODE.said() if use.call == "Button"}
    return {key for key in TEXTS if key in said or key.startswith("button.") or ".button_" in key}


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == set(formats.FORMATS)


def test_what_the_code_says_is_in_the_catalogue() -> None:
    missing = sorted({f"{use.place}: {key}" for use, key in CODE.said() if key not in TEXTS})
    assert not missing, "\n" + "\n".join(missing)


def test_a_sentence_gets_no_parameter_that_it_does_not_know() -> None:
    unknown = [
        f"{use.place}: {key} has no {', '.join(sorted(extra))}"
        for use, key in CODE.said()
        if key in TEXTS and len(use.keys) == 1 and (extra := use.given - set(template.slots(TEXTS[key])))
    ]
    assert not unknown, "\n" + "\n".join(unknown)


def test_a_sentence_gets_every_parameter_that_it_needs() -> None:
    lacking = [
        f"{use.place}: {key} needs {', '.join(sorted(absent))}"
        for use, key in CODE.said()
        if key in TEXTS and use.complete and (absent := needed(key, use) - use.given)
    ]
    assert not lacking, "\n" + "\n".join(lacking)


def test_every_text_is_said_somewhere() -> None:
    unused = [f"{PLACES[key]}: {key}" for key in TEXTS if not CODE.says(key)]
    assert not unused, "\n" + "\n".join(unused)


@pytest.mark.parametrize(
    "key",
    ["book.forgotten", "opening.forgotten", "reviewing.told_forgotten", "joining.why_forgotten", "gone.x"],
)
def test_a_text_that_nobody_says_is_found_though_others_like_it_are_put_together(key: str) -> None:
    assert not CODE.says(key)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_fits_its_channel_even_with_long_parameters(key: str) -> None:
    limit = rendering.TELEGRAM_CAPTION if key in captions() else rendering.TELEGRAM_TEXT
    params = sample(key, longest=True)
    assert rendering.fits(key, params, limit, markup="html"), f"{PLACES[key]}: longer than {limit}"
    assert rendering.render(key, params, markup="whatsapp")


@pytest.mark.parametrize("key", sorted(buttons()))
def test_a_button_is_short(key: str) -> None:
    label = rendering.label(key, sample(key, longest=False))
    assert len(label) <= BUTTON, f"{PLACES[key]}: {label!r} has {len(label)} characters"
    assert "\n" not in TEXTS[key]


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_uses_words_that_everybody_knows(key: str) -> None:
    words = template.SLOT.sub("", re.sub(r"/[a-z_]+|https?://\S+|`[^`]*`", "", TEXTS[key]))
    found = FORBIDDEN.findall(words) + re.findall(r"\banda\b", words)
    assert not found, f"{PLACES[key]}: {found}"


def test_the_scan_sees_keys_and_parameters() -> None:
    found = scan.Code([], set(), set())
    scan.read(
        "\n".join(
            [
                "turn.say('a.one' if x else 'a.two', name=n, buttons=[[Button('b.yes', 'do', {'n': 1})]])",
                "raise Refused('a.no', **why)",
                "turn.tell(person, 'about', 'a.three', item=4)",
                "Post('a.four', params={'x': 1, **more}, media=3)",
                "line = {'text': 'a.five', 'params': {'y': 1}}",
                "other(text='a.six', y=f'a.seven_{z}')",
            ]
        ),
        "x.py",
        found,
    )
    seen = {tuple(use.keys): use for use in found.uses}
    assert seen["a.one", "a.two"].given == {"name"}
    assert seen[("b.yes",)].given == {"n"}
    assert not seen[("a.no",)].complete
    assert seen[("a.three",)].with_item
    assert seen[("a.four",)].with_file
    assert seen[("a.four",)].given == {"x"}
    assert not seen[("a.four",)].complete
    assert seen[("a.five",)].given == {"y"}
    assert seen[("a.five",)].complete
    assert ("a.six",) in seen
    assert any(re.fullmatch(pattern, "a.seven_b") for pattern in found.patterns)
