"""A text with buttons as messages that WhatsApp takes: nothing is lost, and everything within its limit."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import OutgoingButton
from bot.channels import whatsapp_content as content
from bot.channels.whatsapp_content import SHAPES, Part, Words
from bot.texts.markup import utf16_units

WORDS = Words("Lihat pilihan", "Silakan pilih:")
YES, NO = OutgoingButton("Ya", action="yes"), OutgoingButton("Tidak", action="no")
PAGE = OutgoingButton("Buka", url="https://jambiprov.go.id/a")
LONG = OutgoingButton("Teks untuk kanal yang lain lagi", action="long")


def some(number: int, label: str = "Pilihan {}") -> list[list[OutgoingButton]]:
    return [[OutgoingButton(label.format(n), action=f"a:{n}")] for n in range(1, number + 1)]


def rich(shape: str, *values: str) -> Part:
    """What is sent; `plain`, which is not, is looked at apart."""
    return Part(shape=shape, variables={str(n): value for n, value in enumerate(values, start=1)})


def sent(made: list[Part]) -> list[Part]:
    return [replace(part, plain="") for part in made]


CASES: list[tuple[str, str, Any, list[Part]]] = [
    ("words alone", "Halo", (), [Part("Halo")]),
    ("nothing at all", "", (), []),
    ("one button", "Sudah?", [[YES]], [rich("buttons-1", "Sudah?", "Ya", "yes")]),
    ("two buttons", "Sudah?", [[YES], [NO]], [rich("buttons-2", "Sudah?", "Ya", "yes", "Tidak", "no")]),
    ("rows are read in order", "Sudah?", [[YES, NO]],
     [rich("buttons-2", "Sudah?", "Ya", "yes", "Tidak", "no")]),
    ("three buttons", "A", some(3),
     [rich("buttons-3", "A", "Pilihan 1", "a:1", "Pilihan 2", "a:2", "Pilihan 3", "a:3")]),
    ("four buttons are a list", "A", some(4),
     [rich("list-4-plain", "A", "Lihat pilihan",
           *(w for n in range(1, 5) for w in (f"Pilihan {n}", f"a:{n}")))]),
    ("ten buttons are a list", "A", some(10),
     [rich("list-10-plain", "A", "Lihat pilihan",
           *(w for n in range(1, 11) for w in (f"Pilihan {n}", f"a:{n}")))]),
    ("eleven buttons are lines", "A", some(11),
     [Part("A\n\n" + "\n".join(f"{n}. Pilihan {n}" for n in range(1, 12)))]),
    ("a long label is a list with the whole label below", "A", [[YES], [LONG]],
     [rich("list-2", "A", "Lihat pilihan", "Ya", "yes", "Ya",
           "Teks untuk kanal yang…", "long", "Teks untuk kanal yang lain lagi")]),
    ("a label of 21 to 24 is an item of a list", "A", [[OutgoingButton("x" * 21, action="a")]],
     [rich("list-1-plain", "A", "Lihat pilihan", "x" * 21, "a")]),
    ("a label that no list takes is a line", "A", [[OutgoingButton("x" * 73, action="a")]],
     [Part("A\n\n1. " + "x" * 73)]),
    ("an action that is too long is a line", "A", [[OutgoingButton("x", action="a" * 201)]],
     [Part("A\n\n1. x")]),
    ("two of the same label are lines", "A", [[YES], [OutgoingButton("Ya", action="other")]],
     [Part("A\n\n1. Ya\n2. Ya")]),
    ("two of the same action are lines", "A", [[YES], [OutgoingButton("Ya!", action="yes")]],
     [Part("A\n\n1. Ya\n2. Ya!")]),
    ("a page is a line with its address", "A", [[PAGE]], [Part("A\n\nBuka: https://jambiprov.go.id/a")]),
    ("a page beside a button", "A", [[YES, PAGE]],
     [rich("buttons-1", "A\n\nBuka: https://jambiprov.go.id/a", "Ya", "yes")]),
    ("the whole text stands above the buttons", "Judul\n\nIsi\nSudah?", [[YES]],
     [rich("buttons-1", "Judul\n\nIsi\nSudah?", "Ya", "yes")]),
    ("many spaces are one above buttons", "a     b\tc", [[YES]], [rich("buttons-1", "a b c", "Ya", "yes")]),
    ("buttons without words have some", "", [[YES]], [rich("buttons-1", "Silakan pilih:", "Ya", "yes")]),
    ("a number in front of a label is not said twice", "A", some(11, "{} Kanal"),
     [Part("A\n\n" + "\n".join(f"{n}. Kanal" for n in range(1, 12)))]),
    ("another number stays", "A", [[OutgoingButton("7 hari lagi", action="a" * 201)]],
     [Part("A\n\n1. 7 hari lagi")]),
    ("a button without action is no choice", "A", [[OutgoingButton("Batal")]], [Part("A")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "buttons", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_text_with_its_buttons_is_these_messages(text: str, buttons: Any, expected: list[Part]) -> None:
    assert sent(content.parts(text, buttons, SHAPES, WORDS)) == expected


def test_what_twilio_might_not_take_can_be_said_in_plain_words() -> None:
    [part] = content.parts("Judul\n\nSudah?", [[YES, NO]], SHAPES, WORDS)
    assert part.plain == "Judul\n\nSudah?\n\n1. Ya\n2. Tidak"


@pytest.mark.parametrize("number", range(1, 12))
def test_a_shape_that_twilio_does_not_have_becomes_numbered_lines(number: int) -> None:
    lines = "\n".join(f"{n}. Pilihan {n}" for n in range(1, number + 1))
    assert content.parts("A", some(number), (), WORDS) == [Part(f"A\n\n{lines}")]


def test_long_words_go_first_and_the_buttons_follow_with_the_last_of_them() -> None:
    text = "\n\n".join([f"Paragraf {n} " + "kata " * 100 for n in range(8)] + ["Sudah?"])
    *before, last = content.parts(text, [[YES, NO]], SHAPES, WORDS)
    assert len(before) >= 3
    assert all(part.body and not part.shape for part in before)
    assert last.variables["1"].endswith("Sudah?")
    assert list(last.variables.values())[1:] == ["Ya", "yes", "Tidak", "no"]


def test_words_that_are_too_long_is_cut_between_words() -> None:
    *before, last = content.parts("kata " * 400, [[YES]], SHAPES, WORDS)
    assert " ".join(part.body for part in before) + " " + last.variables["1"] == ("kata " * 400).strip()
    assert utf16_units(last.variables["1"]) <= 1024


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_created_at_twilio_has_the_variables_that_are_sent(shape: str) -> None:
    kind, number, *plain = shape.split("-")
    length = 5 if kind == "buttons" else 20 if plain else 40
    choices = [OutgoingButton(f"{n:02} " + "x" * length, action=f"a{n}") for n in range(int(number))]
    assert content.shapes_for(choices)[0] == shape
    [part] = content.parts("A", [choices], SHAPES, WORDS)
    slots = re.findall(r"\{\{(\d+)\}\}", json.dumps(content.types(shape)))
    assert sorted(slots) == sorted(part.variables)
    assert len(slots) == len(set(slots))
    [made] = content.types(shape).values()
    shown = json.loads(
        re.sub(r"\{\{(\d+)\}\}", lambda slot: json.dumps(part.variables[slot[1]])[1:-1], json.dumps(made))
    )
    lines = shown["actions" if kind == "buttons" else "items"]
    assert [line["id"] for line in lines] == [choice.action for choice in choices]
    assert shown["body"] == "A"
    for line, choice in zip(lines, choices, strict=True):
        assert choice.label in line.values()


def test_a_list_with_descriptions_serves_where_there_is_no_plain_one() -> None:
    values = (
        "A",
        "Lihat pilihan",
        *(w for n in range(1, 5) for w in (f"Pilihan {n}", f"a:{n}", f"Pilihan {n}")),
    )
    assert sent(content.parts("A", some(4), ["list-4"], WORDS)) == [rich("list-4", *values)]


# -- properties ------------------------------------------------------------------------------------

CHARS = st.sampled_from("aAz 09.,!?\n\n\t😀é́👨‍👩‍👧*_")
TEXTS = st.text(CHARS, max_size=60).map(lambda text: text * 60)
LABELS = st.text(st.sampled_from("abc dé😀12. "), min_size=1, max_size=90)
BUTTONS = st.lists(
    st.builds(OutgoingButton, LABELS, action=st.text(st.sampled_from("ab:1"), max_size=210)), max_size=14
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(TEXTS, st.integers(20, 1600))
def test_a_split_text_loses_nothing_and_every_piece_fits(text: str, limit: int) -> None:
    pieces = content.split(text, limit)
    assert bare("".join(pieces)) == bare(text)
    assert all(piece == piece.strip() and 0 < utf16_units(piece) <= limit for piece in pieces)


@given(TEXTS, BUTTONS, st.sampled_from([SHAPES, ()]))
def test_no_word_is_lost_and_everything_fits(
    text: str, buttons: list[OutgoingButton], shapes: tuple[str, ...]
) -> None:
    made = content.parts(text, [buttons], shapes, WORDS)
    shown = [part.body or part.variables["1"] for part in made]
    if bare(text):
        assert bare("".join(shown)).startswith(bare(text))
    for part in made:
        assert bool(part.body) != bool(part.shape)
        assert utf16_units(part.body) <= 1600
        if part.shape:
            fits(part)
    choices = [button for button in buttons if button.action and bare(button.label)]
    everything = bare("".join(shown) + "".join(v for part in made for v in part.variables.values()))
    for button in choices:
        # At the end of a line a number of its own may be left out: it stands there as the line's.
        assert bare(re.sub(r"^\s*\d+[.)]?\s+", "", button.label)) in everything


def fits(part: Part) -> None:
    values = part.variables
    assert all(value and not re.search(r"\t| {2}", value) for value in values.values())
    assert not any("\n" in value for name, value in values.items() if name != "1")
    assert utf16_units(values["1"]) <= 1024
    [made] = content.types(part.shape).values()
    for line in made.get("actions", ()):
        assert utf16_units(values[line["title"][2:-2]]) <= 20
        assert len(values[line["id"][2:-2]]) <= 200
    for line in made.get("items", ()):
        assert utf16_units(values[line["item"][2:-2]]) <= 24
        assert len(values[line["id"][2:-2]]) <= 200
        assert utf16_units(values[line["description"][2:-2]]) <= 72 if "description" in line else True
    if "button" in made:
        assert utf16_units(values[made["button"][2:-2]]) <= 20


@given(TEXTS)
def test_a_variable_is_one_line_and_never_empty(text: str) -> None:
    value = content.variable(text)
    assert value
    assert not re.search(r"[\n\t]| {2}", value)
