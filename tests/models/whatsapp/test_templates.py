"""What WhatsApp takes as the words of a template, and what is known of the approval of each."""

import pytest

from models.whatsapp import templates
from models.whatsapp.templates import APPROVED, NEW, PENDING, problems
from tests.chat import Stage

GOOD = "Yth. {{1}}, konten minggu ini sudah siap. Tekan tombol di bawah."


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{{1}}, konten minggu ini sudah siap.", "begins with a variable"),
        ("*{{1}}*, konten minggu ini sudah siap.", "begins with a variable"),
        ("Konten minggu ini sudah siap, {{1}}", "ends with a variable"),
        ("Konten minggu ini sudah siap, {{1}}.", "ends with a variable"),
        ("Konten minggu {{1}} {{2}} ini sudah siap dibagikan.", "side by side"),
        ("Konten minggu {{1}}, {{2}} ini sudah siap dibagikan.", "side by side"),
        ("Konten {{2}} dan minggu {{1}} ini sudah siap untuk dibagikan.", "in this order"),
        ("Konten {{1}} dan minggu {{3}} ini sudah siap untuk dibagikan.", "in this order"),
        ("Konten {{nama}} ini sudah siap untuk dibagikan.", "in this order"),
        ("Konten {{}} ini sudah siap untuk dibagikan.", "in this order"),
        ("Konten {{1} ini sudah siap untuk dibagikan.", "never closed"),
        ("Yth. {{1}} siap", "need 3 words"),
        ("Yth. {{1}} ada {{2}} siap.", "need 5 words"),
        ("", "no words"),
        (" \n", "no words"),
        ("x" * 1025, "more than 1024"),
    ],
)
def test_words_that_would_be_refused_are_named(body: str, problem: str) -> None:
    assert any(problem in found for found in problems(body)), problems(body)


@pytest.mark.parametrize(
    "body", [GOOD, "Tanpa variabel.", "x" * 1024, "Ada {{1}} dari {{2}} ASN, dan {{1}} itu banyak sekali."]
)
def test_words_that_keep_every_rule_are_taken(body: str) -> None:
    assert problems(body) == []


@pytest.mark.parametrize(
    ("buttons", "problem"),
    [
        (["x" * 26], "more than 25"),
        ([""], "more than 25"),
        (["Ya", "Ya"], "same words"),
        (["{{1}}"], "has a variable"),
        ([f"Tombol {nth}" for nth in range(11)], "more than 10 buttons"),
    ],
)
def test_buttons_that_would_be_refused_are_named(buttons: list[str], problem: str) -> None:
    assert any(problem in found for found in problems(GOOD, buttons))


def test_in_an_open_window_variables_may_stand_anywhere_and_buttons_are_shorter() -> None:
    assert problems("{{1}}", approval=False) == []
    assert problems("{{2}}", approval=False) != []
    assert problems(GOOD, ["x" * 21], approval=False) != []
    assert problems(GOOD, ["x" * 21]) == []


def test_the_version_is_that_of_the_words() -> None:
    assert templates.version({"body": "a", "n": 1}) == templates.version({"n": 1, "body": "a"})
    assert templates.version({"body": "a"}) != templates.version({"body": "b"})


def test_a_changed_text_needs_a_new_approval(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        found = templates.register(session, "konten", "id", "utility", "1")
        assert templates.usable(session) == {}
        templates.created(session, found, "HX1")
        templates.checked(session, found, PENDING, stage.now)
        assert templates.usable(session) == {}
        assert templates.checked(session, found, APPROVED, stage.now)
        assert not templates.checked(session, found, APPROVED, stage.now)
        assert templates.usable(session) == {"konten": "utility"}
        assert templates.sids(session) == {"konten": "HX1"}
        templates.register(session, "konten", "id", "utility", "1")
        assert templates.usable(session) == {"konten": "utility"}
        templates.register(session, "konten", "id", "utility", "2")
        assert templates.usable(session) == {}
        assert (found.state, found.content_sid, found.checked_at) == (NEW, "", None)


def test_another_category_needs_a_new_approval_too(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        found = templates.register(session, "konten", "id", "utility", "1")
        templates.created(session, found, "HX1")
        templates.checked(session, found, APPROVED, stage.now)
        templates.register(session, "konten", "id", "marketing", "1")
        assert templates.usable(session) == {}


def test_a_state_that_does_not_exist_is_refused(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        found = templates.register(session, "konten", "id", "utility", "1")
        with pytest.raises(ValueError, match="no state of a template"):
            templates.checked(session, found, "maybe", stage.now)
