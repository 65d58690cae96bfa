"""Whatever comes, the simulator answers in Twilio's way and lives."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bot.simulator.client import SimulatorError
from bot.simulator.twilio.phone_routes import ROUTES
from bot.simulator.twilio.spec import OPERATIONS
from tests.bot.simulator.twilio.program import FROM, MESSAGES, Twilio

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("{{1}}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["language", "types", "variables", "friendly_name", "body", "actions", "items", "media"]
)
TYPES = st.dictionaries(
    st.sampled_from(
        ["twilio/text", "twilio/quick-reply", "twilio/list-picker", "twilio/media", "twilio/card"]
    ),
    st.dictionaries(st.sampled_from(["body", "actions", "items", "media", "title", "button"]), VALUES),
)


def examples(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Some values, the same in every run."""
    found: list[Any] = []

    @seed(6)
    @settings(
        max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


@pytest.mark.anyio
async def test_any_form_is_answered_with_a_code(twilio: Twilio) -> None:
    parameters = sorted(OPERATIONS["CreateMessage"].parameters)
    forms = st.dictionaries(
        st.sampled_from(parameters), st.text(st.characters(codec="utf-8"), max_size=20), max_size=6
    )
    for form in await asyncio.to_thread(examples, forms, 100):
        data = {"To": "whatsapp:+6281317036688", "From": FROM, **form}
        status, body = await twilio.ask("POST", MESSAGES, data=data)
        assert status == 201 or body["more_info"].endswith(str(body["code"])), (form, body)


@pytest.mark.anyio
async def test_any_json_is_answered_with_a_code(twilio: Twilio) -> None:
    whole = st.fixed_dictionaries({"language": st.just("id"), "types": TYPES, "variables": VALUES})
    bodies = VALUES | st.dictionaries(NAMES, VALUES) | whole
    for one in await asyncio.to_thread(examples, bodies, 120):
        status, body = await twilio.ask("POST", "/v1/Content", json=one)
        assert status in {201, 400}, (one, body)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[" * 100_000, b'{"language": "\\ud800", "types": {}}', b"\xff", b"1" * 9999]
)
async def test_broken_json_is_refused(twilio: Twilio, raw: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    status, body = await twilio.ask("POST", "/v1/Content", data=raw, headers=kind)
    assert (status, body["code"]) == (400, 20001)


@pytest.mark.anyio
@pytest.mark.parametrize("given", ["[" * 100_000, '{"1": "\\ud800"}', "1" * 9999])
async def test_broken_variables_are_refused(twilio: Twilio, given: str) -> None:
    sid = await twilio.content("twilio/text", {"body": "Halo {{1}}"}, v1="Siti")
    form = {"To": "whatsapp:+6281317036688", "From": FROM, "ContentSid": sid, "ContentVariables": given}
    status, body = await twilio.ask("POST", MESSAGES, data=form)
    assert (status, body["code"]) == (400, 21656)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    [
        "PageSize=%C2%B2",
        f"PageSize={'9' * 5000}",
        "DateSent=0001-01-01T00:00:00%2B14:00",
        "Page=-1",
        "To=%00",
    ],
)
async def test_odd_queries_are_answered(twilio: Twilio, query: str) -> None:
    status, _ = await twilio.ask("GET", f"{MESSAGES}?{query}")
    assert status in {200, 400}


@pytest.mark.anyio
async def test_the_phones_refuse_nonsense_in_words(twilio: Twilio, siti: str) -> None:
    nonsense = [
        {"as": siti, "do": "say", "text": "\ud800"},
        {"as": [], "do": {}},
        {"people": 5},
        {"actions": [7]},
    ]
    for method, path in sorted(ROUTES):
        for body in nonsense:
            if method == "GET":
                continue
            try:
                await twilio.phones.people.call(method, path, json.loads(json.dumps(body)))
            except SimulatorError as error:
                assert "Internal" not in str(error)
    assert await twilio.phones.say(siti, "masih ada")
