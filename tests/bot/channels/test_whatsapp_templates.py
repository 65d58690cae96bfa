"""The templates that ship with the program: each keeps every rule of WhatsApp, and says who writes."""

import pytest

from bot.channels import whatsapp_templates
from bot.channels.whatsapp_templates import OPEN, Definition
from handlers import routes
from models import openers, templates
from tests.chat import Stage

ALL = whatsapp_templates.load("Jambi")
OPENERS = [ALL[name] for name in openers.NAMES]


def named(one: Definition) -> str:
    return one.name


@pytest.mark.parametrize("one", ALL.values(), ids=named)
def test_every_template_keeps_every_rule(one: Definition) -> None:
    assert one.problems() == []


def test_there_is_an_opener_for_everything_that_may_wait_and_a_shape_for_every_number_of_buttons() -> None:
    assert set(ALL) == {
        *openers.NAMES,
        *(f"buttons-{number}" for number in range(1, 4)),
        *(f"list-{number}" for number in range(1, 11)),
    }


@pytest.mark.parametrize("one", OPENERS, ids=named)
def test_an_opener_says_who_writes_and_has_a_button_that_the_program_hears(one: Definition) -> None:
    assert "Satu Pesan" in one.body
    assert "Pemerintah Provinsi Jambi" in one.body
    assert one.category == templates.UTILITY
    assert [action for _, action in one.buttons] == [OPEN]
    assert OPEN in routes.BUTTONS
    assert len(one.body) <= 250  # read at a glance on a small phone


@pytest.mark.parametrize("one", OPENERS, ids=named)
def test_an_opener_can_be_filled_whatever_is_known_of_the_person(one: Definition) -> None:
    assert one.filled({"nama": "Siti\n R."}) == {"1": "Siti R."}
    assert one.filled({}) == {"1": "Bapak/Ibu"}
    with pytest.raises(ValueError, match="has no umur"):
        one.filled({"umur": 3})


def test_quick_replies_are_made_as_the_content_api_takes_them() -> None:
    assert ALL["buttons-2"].types() == {
        "twilio/quick-reply": {
            "body": "{{1}}",
            "actions": [
                {"type": "QUICK_REPLY", "title": "{{2}}", "id": "{{3}}"},
                {"type": "QUICK_REPLY", "title": "{{4}}", "id": "{{5}}"},
            ],
        }
    }


def test_a_list_is_made_as_the_content_api_takes_it() -> None:
    made = ALL["list-10"].types()["twilio/list-picker"]
    assert (made["body"], made["button"], len(made["items"])) == ("{{1}}", "{{2}}", 10)
    assert made["items"][9] == {"item": "{{30}}", "id": "{{31}}", "description": "{{32}}"}
    assert len(ALL["list-10"].numbered()) == 32


def test_line_breaks_stay_where_nobody_has_to_approve_them() -> None:
    filled = ALL["buttons-1"].filled({"body": "Satu\nDua", "title1": "Ya", "id1": "yes"})
    assert filled == {"1": "Satu\nDua", "2": "Ya", "3": "yes"}


def test_another_province_is_another_text_and_needs_an_approval_of_its_own() -> None:
    other = whatsapp_templates.load("Jawa Barat")["konten"]
    assert other.version != ALL["konten"].version
    assert other.friendly_name != ALL["konten"].friendly_name
    assert ALL["konten"].friendly_name.startswith("satu_pesan_konten_")


def test_registering_makes_a_row_of_each_and_changes_nothing_the_second_time(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        assert len(whatsapp_templates.register(session, ALL)) == len(ALL)
        found = templates.known(session, "konten")
        assert found is not None
        templates.created(session, found, "HX1")
        whatsapp_templates.register(session, ALL)
        assert templates.sids(session) == {"konten": "HX1"}
