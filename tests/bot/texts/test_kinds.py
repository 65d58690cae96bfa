"""Texts whose key is put together from a kind: one for each kind that there is, and none for any other."""

import pytest

from bot.texts import catalogue
from models.releases import holding
from models.whatsapp import templates

TEXTS = catalogue.current("id").texts
KINDS = {
    "releasing.why_": {*holding.REASONS.values(), "other"},
    # What is approved is not missing; and the sentence around it.
    "releasing.template_": {*templates.STATES} - {templates.APPROVED} | {"missing"},
    "channel.": {"telegram", "whatsapp"},
}


@pytest.mark.parametrize("prefix", KINDS)
def test_there_is_a_text_for_each_kind_and_for_no_other(prefix: str) -> None:
    assert {key.removeprefix(prefix) for key in TEXTS if key.startswith(prefix)} == KINDS[prefix]
