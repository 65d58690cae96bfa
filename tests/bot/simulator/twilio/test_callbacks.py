"""Status callbacks: their fields and signatures, and what goes wrong with them in real life."""

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN
from bot.simulator.twilio import signing
from bot.simulator.twilio.errors import FAILURES, UNDELIVERED
from bot.simulator.twilio.store import STATUSES
from tests.bot.simulator.twilio.program import FROM, Twilio, validates


@pytest.mark.anyio
async def test_a_message_is_reported_sent_delivered_and_read(twilio: Twilio, siti: str) -> None:
    sid = await twilio.send(siti, body="halo")
    await twilio.program.got("/status", 2)
    assert await twilio.phones.read(siti) == 1
    forms = await twilio.program.got("/status", 3)
    assert [one["MessageStatus"] for one in forms] == ["sent", "delivered", "read"]
    assert [one.get("EventType") for one in forms] == [None, "DELIVERED", "READ"]
    install = forms[0]["ChannelInstallSid"]
    assert install.startswith("XE")
    assert forms[0] == {
        "SmsSid": sid,
        "SmsStatus": "sent",
        "MessageStatus": "sent",
        "ChannelToAddress": f"{siti[:-4]}XXXX",
        "To": f"whatsapp:{siti}",
        "ChannelPrefix": "whatsapp",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "StructuredMessage": "false",
        "From": FROM,
        "ApiVersion": "2010-04-01",
        "ChannelInstallSid": install,
    }
    assert all(one.genuine for one in twilio.program.requests)
    kinds = {one.headers["Content-Type"] for one in twilio.program.requests}
    assert kinds == {"application/x-www-form-urlencoded; charset=UTF-8"}
    assert await twilio.phones.read(siti) == 0


@pytest.mark.anyio
async def test_who_writes_has_read(twilio: Twilio, siti: str) -> None:
    await twilio.send(siti, body="halo")
    await twilio.program.got("/status", 2)
    await twilio.phones.say(siti, "ya")
    assert (await twilio.program.got("/status", 3))[-1]["MessageStatus"] == "read"


@pytest.mark.anyio
async def test_without_a_status_callback_nothing_comes(twilio: Twilio, siti: str) -> None:
    form = {"To": f"whatsapp:{siti}", "From": FROM, "Body": "diam"}
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    assert (await twilio.ask("POST", path, data=form))[0] == 201
    await twilio.phones.answers(siti, 0)
    await twilio.end_of(await twilio.send(siti, body="lapor"))
    assert len(twilio.program.forms("/status")) == 2


@pytest.mark.anyio
async def test_callbacks_may_come_doubled_shuffled_and_late(twilio: Twilio, siti: str) -> None:
    await twilio.phones.settings(doubled=True, shuffled=True, late=0.05)
    await twilio.send(siti, body="halo")
    forms = await twilio.program.got("/status", 4)
    assert [one["MessageStatus"] for one in forms] == ["delivered", "sent", "delivered", "sent"]
    await twilio.phones.read(siti)
    forms = await twilio.program.got("/status", 6)
    assert [one["MessageStatus"] for one in forms[4:]] == ["read", "read"]


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "tries"), [(500, 2), (503, 2), (404, 1), (302, 1)])
async def test_a_callback_is_repeated_after_a_server_error_only(
    twilio: Twilio, siti: str, status: int, tries: int
) -> None:
    twilio.program.answers = [web.Response(status=status)]
    sid = await twilio.send(siti, body="halo")
    await twilio.end_of(sid)
    forms = twilio.program.forms("/status")
    assert [one["MessageStatus"] for one in forms] == ["sent"] * tries + ["delivered"]
    tokens = [one.headers["I-Twilio-Idempotency-Token"] for one in twilio.program.requests]
    assert len(set(tokens)) == 2


@pytest.mark.anyio
async def test_a_callback_is_repeated_when_nobody_answers(twilio: Twilio, siti: str) -> None:
    form = {
        "To": f"whatsapp:{siti}",
        "From": FROM,
        "Body": "x",
        "StatusCallback": "http://127.0.0.1:9/s#rc=2",
    }
    before = (await twilio.phones.stats())["calls"]
    await twilio.ask("POST", f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json", data=form)
    await twilio.phones.answers(siti, 0)
    while (await twilio.phones.stats())["pending_callbacks"]:
        await twilio.phones.people.clock()
    after = (await twilio.phones.stats())["calls"]
    assert after["status retried"] - before.get("status retried", 0) == 4
    assert after["status lost"] - before.get("status lost", 0) == 2


@pytest.mark.anyio
async def test_only_known_statuses_are_ever_reported_and_each_once(twilio: Twilio, siti: str) -> None:
    for code in sorted(FAILURES):
        await twilio.phones.fail_next(siti, code)
        form = await twilio.end_of(await twilio.send(siti, body=f"gagal {code}"))
        assert form["ErrorCode"] == str(code)
        assert form["MessageStatus"] == ("undelivered" if code in UNDELIVERED else "failed")
    await twilio.end_of(await twilio.send(siti, body="baik"))
    await twilio.phones.read(siti)
    forms = await twilio.program.got("/status", len(FAILURES) + 3)
    assert {one["MessageStatus"] for one in forms} <= STATUSES
    pairs = [(one["MessageSid"], one["MessageStatus"]) for one in forms]
    assert len(pairs) == len(set(pairs))
    assert all((one["MessageStatus"] in {"failed", "undelivered"}) == ("ErrorCode" in one) for one in forms)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=10), st.text(max_size=20), max_size=8))
def test_whatever_the_fields_the_library_takes_the_signature(form: dict[str, str]) -> None:
    url = "https://satu.example.id/webhooks/twilio?x=1"
    try:
        "".join([*form, *form.values()]).encode()
    except UnicodeEncodeError:
        return  # half of a surrogate pair: no form has it
    signature = signing.headers(AUTH_TOKEN, url, form)["X-Twilio-Signature"]
    assert validates(url, form, signature)
    assert not validates(url + "2", form, signature)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.id/s", signing.Target("http://a.id/s", 1, 15.0)),
        ("http://a.id/s?x=1#rc=0", signing.Target("http://a.id/s?x=1", 0, 15.0)),
        ("http://a.id/s#rc=9&rt=2500", signing.Target("http://a.id/s", 5, 2.5)),
        ("http://a.id/s#rt=99000&rc=x", signing.Target("http://a.id/s", 1, 15.0)),
    ],
)
def test_a_fragment_overrides_the_connection(url: str, expected: signing.Target) -> None:
    assert signing.target(url, 1) == expected
