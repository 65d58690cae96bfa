"""WhatsApp's rules on templates, one after the other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.twilio import templates
from bot.simulator.twilio.store import Content

GOOD = "Bapak/Ibu {{1}}, konten pekan {{2}} sudah siap untuk Anda bagikan."


def content(body: str, *labels: str, language: str = "id", **samples: str) -> Content:
    types: dict[str, dict[str, Any]] = {"twilio/text": {"body": body}}
    if labels:
        actions = [{"title": label, "id": f"id.{number}"} for number, label in enumerate(labels)]
        types = {"twilio/quick-reply": {"body": body, "actions": actions}}
    return Content("HX", None, language, {name[1:]: value for name, value in samples.items()}, types, 0)


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (content(GOOD, "Lihat konten", v1="Siti", v2="48"), ""),
        (content("Konten pekan ini sudah siap."), ""),
        (content("{{1}}, konten pekan ini sudah siap.", v1="x"), "at the beginning or at the end"),
        (content("Konten pekan ini sudah siap, {{1}}", v1="x"), "at the beginning or at the end"),
        (content("Konten pekan ini sudah siap, {{1}}. ", v1="x"), "at the beginning or at the end"),
        (content("Konten pekan ini sudah siap, *{{1}}*!", v1="x"), "at the beginning or at the end"),
        (content("Halo {{1}} {{2}}, konten pekan ini siap.", v1="a", v2="b"), "side by side"),
        (content("Halo {{1}}, {{2}} konten pekan ini siap.", v1="a", v2="b"), "side by side"),
        (content("Halo {{1}}{{2}} konten pekan ini siap.", v1="a", v2="b"), "side by side"),
        (content("Halo {{2}}, konten pekan ini sudah siap.", v2="b"), "numbered from 1 without gaps"),
        (content("Halo {{1}} dan {{3}}, konten pekan ini sudah siap.", v1="a", v3="b"), "without gaps"),
        (content("Halo {{2}} dan {{1}}, konten pekan ini siap.", v1="a", v2="b"), ""),
        (content("Halo {{1}}, konten pekan ini sudah siap."), "variable 1 has no sample"),
        (content("Halo {{1}} ya.", v1="a"), "1 variables need 3 words, there are 2"),
        (content("Halo {{1}} ya - ya.", v1="a"), ""),
        (content(GOOD, "Lihat", language="Indonesia", v1="a", v2="b"), "unknown language Indonesia"),
        (content("x" * 1025), "the body has 1025 characters of 1024"),
        (content("Halo {{1}}, konten ini siap.", v1="x" * 1020), "characters of 1024"),
        (content("Konten siap.", "Lihat {{1}}", v1="a"), "button 'Lihat {{1}}' has a variable"),
        (content("Konten siap.", "Lihat 👀"), "has an emoji"),
        (content("Konten siap.", "*Lihat*"), "has a line break or formatting"),
        (content("satu\n\n\n\ndua"), "four line breaks in a row"),
    ],
)
def test_a_template_is_approved_or_rejected_by_the_rules(one: Content, problem: str) -> None:
    found = templates.problem(one)
    assert (problem in found) if problem else not found
    assert not problem or found.startswith("INVALID_FORMAT: ")


def test_a_decision_takes_its_time() -> None:
    one = content(GOOD, "Lihat")
    assert one.status(100, 60) == "unsubmitted"
    one.submitted = 100
    assert [one.status(now, 60) for now in (100, 129, 130, 159, 160)] == [
        "received", "received", "pending", "pending", "approved",
    ]  # fmt: skip
    one.problem = "INVALID_FORMAT"
    assert one.status(160, 60) == "rejected"
    one.decided = "paused"
    assert one.status(100, 60) == "paused"


def test_the_richest_type_is_shown() -> None:
    types: dict[str, dict[str, Any]] = {
        "twilio/text": {"body": "Balas 1 atau 2"},
        "twilio/quick-reply": {"body": "Pilih", "actions": [{"title": "Ya"}]},
    }
    assert templates.shown(types).type == "twilio/quick-reply"
    types["twilio/card"] = {"title": "Judul", "subtitle": "Kecil", "actions": [
        {"type": "URL", "title": "Buka", "url": "https://a.id"},
        {"type": "QUICK_REPLY", "title": "Ya", "id": "y"},
    ]}  # fmt: skip
    shown = templates.shown(types)
    assert (shown.type, shown.body, [one.id for one in shown.buttons]) == (
        "twilio/card",
        "Judul\nKecil",
        ["y"],
    )


@given(
    st.dictionaries(
        st.from_regex(r"\A[0-9]{1,3}\Z"), st.text(st.characters(exclude_characters="{}")), max_size=5
    )
)
def test_filling_in_leaves_no_variable_and_keeps_the_words(values: dict[str, str]) -> None:
    body = " dan ".join(f"{{{{{name}}}}}" for name in values)
    filled = templates.fill({"a": [body]}, values)
    assert filled == {"a": [" dan ".join(values.values())]}
    assert list(templates.places({"a": [body]})) == list(values)
    assert not templates.places(filled)
