"""Twilio's webhook for what people send, over real HTTP: only what Twilio signed is heard, and an answer of
success means stored."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from bot.inbound import webhooks
from bot.inbound.refusals import Refusals
from bot.storage import database
from models.messages.inbox import Update
from tests.bot.twilio_site import FORM, IN, PUBLIC, SM, STATUS, TOKEN, Fields, Site, refused, signature, site
from tests.faults import servers

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with site(engine, database_url, tmp_path) as found:
        yield found


# -- messages --------------------------------------------------------------------------------------


async def test_a_signed_message_is_stored_as_it_came_and_answered_without_words(made: Site) -> None:
    status, kind, body = await made.bring(FORM)
    assert (status, kind) == (200, "text/xml")
    assert body == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    [row] = made.rows()
    assert (row.channel, row.external_id, row.address) == ("whatsapp", SM, "+6281317036688")
    assert json.loads(row.raw) == dict(FORM)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("blank fields are part of it", [*FORM, ("ButtonText", ""), ("Label", "")]),
        ("emoji and accents", [*FORM[:3], ("Body", "Sudah é 😀 東\n& = + % ; \"'"), ("ProfileName", "Ñ")]),
        ("fields that nobody knows", [*FORM, ("Zzz", "1"), ("aaa", "2"), ("ChannelMetadata", '{"a":"b"}')]),
        ("a name that comes several times", [*FORM, ("Zzz", "b"), ("Zzz", "a"), ("Zzz", "b")]),
        ("in another order", list(reversed(FORM))),
        ("spaces at the ends", [*FORM[:3], ("Body", "  halo  ")]),
    ],
)
async def test_what_twilio_signs_is_heard(made: Site, name: str, fields: Fields) -> None:
    assert (await made.bring(fields))[0] == 200, name
    raw = json.loads(made.rows()[0].raw)
    for key, value in fields:
        held = raw[key]
        assert value in held if isinstance(held, list) else held == value


async def test_a_name_that_comes_several_times_is_kept_with_all_its_values(made: Site) -> None:
    await made.bring([*FORM, ("Zzz", "b"), ("Zzz", "a"), ("Zzz", "b")])
    assert json.loads(made.rows()[0].raw)["Zzz"] == ["b", "a", "b"]


async def test_the_query_of_the_address_is_part_of_it(made: Site) -> None:
    assert (await made.bring(FORM, query="?from=jambi&x=%20y"))[0] == 200
    proof = signature(PUBLIC + IN, FORM)
    assert (await made.post(FORM, headers={"X-Twilio-Signature": proof}, query="?from=jambi"))[0] == 403


async def test_the_same_message_brought_twice_is_stored_once(made: Site) -> None:
    assert [(await made.bring(FORM))[0] for _ in range(3)] == [200, 200, 200]
    assert len(made.rows()) == 1


async def test_messages_that_wait_together_share_a_commit_and_all_are_stored(made: Site) -> None:
    commits: list[object] = []
    noted = commits.append
    event.listen(made.engine, "commit", noted)
    forms = [[("MessageSid", f"SM{number}"), *FORM[1:]] for number in range(200)]
    answers = await asyncio.gather(*(made.bring(form) for form in forms))
    event.remove(made.engine, "commit", noted)
    assert {answer[0] for answer in answers} == {200}
    assert {row.external_id for row in made.rows()} == {f"SM{number}" for number in range(200)}
    assert 0 < len(commits) < 150


async def test_a_conversation_is_in_the_order_in_which_it_arrived(made: Site) -> None:
    for sid in ("SMz", "SMa", "SMm"):
        await made.bring([("MessageSid", sid), *FORM[1:]])
    assert [row.external_id for row in sorted(made.rows(), key=lambda row: (row.sequence, row.id))] == [
        "SMz",
        "SMa",
        "SMm",
    ]


FORGED: list[tuple[str, dict[str, str]]] = [
    ("none", {}),
    ("an empty one", {"X-Twilio-Signature": ""}),
    ("nonsense", {"X-Twilio-Signature": "x"}),
    ("no ASCII", {"X-Twilio-Signature": "é"}),
    ("made with another token", {"X-Twilio-Signature": signature(PUBLIC + IN, FORM, "other")}),
    ("made for other words", {"X-Twilio-Signature": signature(PUBLIC + IN, [*FORM[:3], ("Body", "x")])}),
    ("made for the other path", {"X-Twilio-Signature": signature(PUBLIC + STATUS, FORM)}),
    ("made for the address without its beginning",
     {"X-Twilio-Signature": signature("https://pesan.example" + IN, FORM)}),
    ("made for http", {"X-Twilio-Signature": signature(PUBLIC.replace("https", "http") + IN, FORM)}),
    ("cut", {"X-Twilio-Signature": signature(PUBLIC + IN, FORM)[:-1]}),
    ("longer", {"X-Twilio-Signature": signature(PUBLIC + IN, FORM) + "="}),
]  # fmt: skip


@pytest.mark.parametrize("headers", [case[1] for case in FORGED], ids=[case[0] for case in FORGED])
async def test_without_twilios_signature_nothing_is_stored_and_it_is_counted(
    made: Site, headers: dict[str, str]
) -> None:
    before = refused()
    assert (await made.post(FORM, headers=headers))[0] == 403
    assert made.rows() == []
    assert refused() == before + 1


async def test_what_a_proxy_or_a_stranger_says_about_the_address_changes_nothing(made: Site) -> None:
    said = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "1.2.3.4",
        "X-Original-URL": "/webhooks/twilio/status",
        "Forwarded": "host=evil.example;proto=http",
        "Host": "evil.example",
    }
    assert (await made.bring(FORM, **said))[0] == 200
    for url in ("https://evil.example" + IN, "http://evil.example" + IN, made.url + IN):
        proof = {"X-Twilio-Signature": signature(url, FORM)}
        assert (await made.post(FORM, headers=said | proof))[0] == 403
    assert len(made.rows()) == 1


async def test_the_library_that_others_use_signs_the_same(made: Site) -> None:
    validator: Any = RequestValidator
    proof = validator(TOKEN).compute_signature(PUBLIC + IN, dict(FORM))
    assert (await made.post(FORM, headers={"X-Twilio-Signature": proof}))[0] == 200


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "C", ""]), st.text(st.sampled_from("aé 😀+&="))), max_size=6
    )
)
def test_any_form_is_signed_as_twilio_describes_it(fields: list[tuple[str, str]]) -> None:
    assert webhooks.signed(TOKEN, PUBLIC + IN, fields, signature(PUBLIC + IN, fields))
    assert not webhooks.signed(TOKEN, PUBLIC + IN, [*fields, ("x", "y")], signature(PUBLIC + IN, fields))


def test_without_a_token_of_ours_nothing_is_signed() -> None:
    assert not webhooks.signed("", PUBLIC + IN, FORM, signature(PUBLIC + IN, FORM, ""))


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("MessageSid", SM)],
        [("From", "whatsapp:+6281317036688")],
        [("MessageSid", SM), ("From", "+6281317036688")],
        [("MessageSid", "S" * 101), ("From", "whatsapp:+6281317036688")],
        [("MessageSid", ""), ("From", "whatsapp:")],
        [*FORM[:-1], ("SmsStatus", "delivered")],  # a report, brought to the wrong address
    ],
)
async def test_a_signed_form_that_is_no_message_is_refused_with_400(made: Site, fields: Fields) -> None:
    assert (await made.bring(fields))[0] == 400
    assert made.rows() == []


@pytest.mark.parametrize("body", [b"Body=%ff%fe", b"\xff\xfe", b"&".join(b"a=1" for _ in range(1001))])
async def test_a_body_that_is_no_form_is_refused_with_400(made: Site, body: bytes) -> None:
    assert (await made.post(body, headers={"X-Twilio-Signature": "x"}))[0] == 400


async def test_a_form_that_is_far_too_large_is_refused(made: Site) -> None:
    assert (await made.bring([*FORM, ("Zzz", "x" * 1_100_000)]))[0] == 413
    assert made.rows() == []


async def test_json_is_no_form_and_signed_by_nobody(made: Site) -> None:
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature(PUBLIC + IN, FORM)}
    assert (await made.post(json.dumps(dict(FORM)).encode(), headers=headers))[0] == 403


async def test_only_post_is_heard(made: Site) -> None:
    for path in (IN, STATUS):
        assert (await made.get(PUBLIC + path))[0] == 405


async def test_while_the_database_is_away_the_answer_is_503_and_it_is_stored_when_brought_again(
    database_url: str, tmp_path: Path
) -> None:
    engine = database.writing(database.url(database_url), busy_seconds=1)
    async with site(engine, database_url, tmp_path) as made:
        with servers.closed(database_url):
            assert (await made.bring(FORM))[0] == 503
        assert (await made.bring(FORM))[0] == 200
        assert len(made.rows()) == 1
    engine.dispose()


async def test_a_database_that_is_slow_gets_an_answer_in_time_and_the_message_is_stored_once(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with site(engine, database_url, tmp_path, answer_within=0.3) as made:
        with Session(engine) as other:  # somebody holds what our writer needs
            now = made.clock.now()
            other.add(
                Update(channel="whatsapp", external_id=SM, address="x", sequence=1, raw="{}",
                       received_at=now, due_at=now)
            )  # fmt: skip
            other.flush()
            assert (await made.bring(FORM))[0] == 503
            other.rollback()
        async with asyncio.timeout(20):
            while (await made.bring(FORM))[0] != 200:
                await asyncio.sleep(0.05)
        assert [row.address for row in made.rows()] == ["+6281317036688"]


# -- alerts ----------------------------------------------------------------------------------------


async def test_a_refused_call_is_logged_without_what_was_in_it(made: Site) -> None:
    with capture_logs() as logged:
        await made.post([*FORM, ("Body", "rahasia-sekali")], headers={"X-Twilio-Signature": "tipu-muslihat"})
    [line] = [one for one in logged if one["event"] == "webhook_refused"]
    assert line["path"] == IN
    assert line["channel"] == "whatsapp"
    for private in ("rahasia-sekali", "tipu-muslihat", "6281317036688", SM):
        assert private not in str(logged)


async def test_a_burst_of_refused_calls_raises_one_alert(made: Site) -> None:
    with capture_logs() as logged:
        for _ in range(12):
            await made.post(FORM)
    alerts = [one for one in logged if one["log_level"] == "error"]
    assert [(one["event"], one["refused"]) for one in alerts] == [("webhooks_refused_in_a_burst", 5)]


def test_an_alert_needs_many_at_once_and_comes_again_when_it_goes_on() -> None:
    moments = iter((0.0, 50.0, 100.0, 110.0, 120.0, 130.0, 171.0, 172.0, 240.0, 250.0, 260.0))
    refusals = Refusals("whatsapp", burst=3, seconds=60, clock=lambda: next(moments))
    raised = [refusals.note(IN, "no signature") for _ in range(11)]
    assert [number for number, alert in enumerate(raised) if alert] == [3, 6, 10]  # at 110, 171 and 260 s
