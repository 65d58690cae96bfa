"""The templates that ship with the program: each keeps every rule of WhatsApp, and says who writes."""

import pytest

from bot.channels import whatsapp_templates
from bot.channels.whatsapp_templates import OPEN, Definition
from handlers import routes
from models.whatsapp import openers, templates

ALL = whatsapp_templates.load("Jambi")
OPENERS = list(ALL.values())


def named(one: Definition) -> str:
    return one.name


@pytest.mark.parametrize("one", ALL.values(), ids=named)
def test_every_template_keeps_every_rule(one: Definition) -> None:
    assert one.problems() == []


def test_there_is_an_opener_for_everything_that_may_wait_and_nothing_else() -> None:
    assert set(ALL) == set(openers.NAMES)


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


def test_an_opener_is_made_as_the_content_api_takes_it() -> None:
    made = ALL["konten"].types()["twilio/quick-reply"]
    assert made["body"].startswith("Yth. {{1}}, ")
    assert made["actions"] == [{"type": "QUICK_REPLY", "title": "Lihat konten", "id": OPEN}]
    assert ALL["konten"].numbered() == {"1": "Siti R."}


def test_another_province_is_another_text_and_needs_an_approval_of_its_own() -> None:
    other = whatsapp_templates.load("Jawa Barat")["konten"]
    assert other.version != ALL["konten"].version
    assert other.friendly_name != ALL["konten"].friendly_name
    assert ALL["konten"].friendly_name.startswith("satu_pesan_konten_")
