"""What Twilio's refusals mean, over real HTTP; and what the same codes mean in a status callback."""

from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.channels import Failure, Outgoing, SendError
from bot.channels import whatsapp_errors as errors
from bot.channels.whatsapp_errors import CODES, FAILURES, Meaning
from models.sending.setbacks import Kind, Verdict
from tests.bot.channels.twilio_server import channel, created, refusal, serving
from tests.programs import free_port

pytestmark = pytest.mark.anyio
HI = Outgoing("send", "+6281317036688", "a")


async def failing(answer: web.Response, **settings: object) -> SendError:
    async with serving(answer) as server, channel(server, **settings) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(HI)
    assert len(server.calls) == 1  # nothing is repeated by the library
    return caught.value


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_code_of_the_table_means_what_the_table_says(code: int) -> None:
    rule = CODES[code]
    error = await failing(refusal(400, code, "as Twilio puts it"))
    assert error.kind is FAILURES[rule.meaning]
    assert error.detail == f"{code} {rule.text} (Unable to create record: as Twilio puts it)"
    assert (error.retry_after > 0) == (rule.meaning is Meaning.LATER)
    assert not error.maybe_sent


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (21610, Meaning.OPT_OUT), (63014, Meaning.OPT_OUT),
        (21211, Meaning.PERMANENT), (21614, Meaning.PERMANENT),
        (63003, Meaning.PERMANENT), (63024, Meaning.PERMANENT),
        (63016, Meaning.NEEDS_TEMPLATE),
        (63018, Meaning.LATER), (63032, Meaning.LATER), (63049, Meaning.LATER),
        (20429, Meaning.NOW),
        (20003, Meaning.HALT), (63007, Meaning.HALT), (63051, Meaning.HALT),
        (21408, Meaning.HALT), (63013, Meaning.HALT), (63015, Meaning.HALT),
        (20404, Meaning.HALT), (21659, Meaning.HALT), (21660, Meaning.HALT),
        (63008, Meaning.LATER), (63038, Meaning.LATER), (63041, Meaning.LATER),
        (63040, Meaning.TEMPLATE), (63042, Meaning.TEMPLATE),
    ],
)  # fmt: skip
def test_the_codes_that_matter_most(code: int, meaning: Meaning) -> None:
    assert errors.meaning(code) is errors.meaning(str(code)) is meaning


def test_every_meaning_has_a_failure_and_a_reason_and_is_used() -> None:
    assert set(FAILURES) == set(errors.REASONS) == set(Meaning) == {rule.meaning for rule in CODES.values()}
    assert all(rule.text for rule in CODES.values())
    assert all((rule.seconds >= 900) == (rule.meaning is Meaning.LATER) for rule in CODES.values())


@pytest.mark.parametrize(
    ("status", "kind", "maybe"),
    [
        (400, Failure.PERMANENT, False),
        (404, Failure.PERMANENT, False),
        (409, Failure.PERMANENT, False),
        (401, Failure.HALT_CHANNEL, False),
        (403, Failure.HALT_CHANNEL, False),
        (429, Failure.CROWDED, False),
        (500, Failure.RETRY, True),
        (502, Failure.RETRY, True),
        (503, Failure.RETRY, False),
        (504, Failure.RETRY, True),
    ],
)
async def test_an_unknown_code_is_judged_by_the_status(status: int, kind: Failure, maybe: bool) -> None:
    error = await failing(refusal(status, 99999))
    assert (error.kind, error.maybe_sent) == (kind, maybe)
    plain = await failing(web.Response(status=status, text="<html>no JSON</html>"))
    assert (plain.kind, plain.maybe_sent) == (kind, maybe)


@pytest.mark.parametrize(("status", "answered"), [(500, True), (502, True), (504, False), (524, False)])
async def test_who_says_that_it_failed_is_done_with_a_call_unless_a_gateway_did_not_wait(
    status: int, answered: bool
) -> None:
    error = await failing(web.Response(status=status, text="<html>no JSON</html>"))
    assert (error.maybe_sent, error.answered) == (True, answered)


async def test_a_refusal_in_the_newer_form_is_read_as_well() -> None:
    body = {"type": "https://t", "title": "Gone", "status": 400, "code": 63016, "detail": "outside"}
    error = await failing(web.json_response(body, status=400))
    assert error.kind is Failure.NEEDS_TEMPLATE
    assert "outside" in error.detail


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 1.0), ("99999", 300.0)])
async def test_everybody_waits_for_as_long_as_twilio_says(header: str, seconds: float) -> None:
    error = await failing(refusal(429, 20429, **{"Retry-After": header}))
    assert (error.kind, error.retry_after) == (Failure.RETRY_AFTER, seconds)


@pytest.mark.parametrize("header", ["", "soon"])
async def test_where_twilio_names_no_time_nobody_waits_but_this_one(header: str) -> None:
    error = await failing(refusal(429, 20429, **({"Retry-After": header} if header else {})))
    assert (error.kind, error.retry_after) == (Failure.CROWDED, 0.0)


async def test_a_wrong_token_halts_the_channel() -> None:
    error = await failing(created(), token="another-token")
    assert error.kind is Failure.HALT_CHANNEL


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "null", '"x"', "{}", '{"sid": null}'])
async def test_an_answer_of_success_that_cannot_be_read_may_mean_that_it_went_out(body: str) -> None:
    error = await failing(web.Response(status=201, text=body, content_type="application/json"))
    assert (error.kind, error.maybe_sent) == (Failure.RETRY, True)


async def test_no_answer_in_time_may_mean_that_it_went_out() -> None:
    async with serving() as server, channel(server, read_timeout=0.2) as whatsapp:
        server.silence = 3.0
        with pytest.raises(SendError) as caught:
            await whatsapp.send(HI)
    assert (caught.value.kind, caught.value.maybe_sent) == (Failure.RETRY, True)
    assert len(server.calls) == 1


async def test_a_connection_that_breaks_may_mean_that_it_went_out() -> None:
    async with serving() as server, channel(server) as whatsapp:
        server.hang_up = True
        with pytest.raises(SendError) as caught:
            await whatsapp.send(HI)
    assert (caught.value.kind, caught.value.maybe_sent) == (Failure.RETRY, True)
    assert len(server.calls) == 1


async def test_what_never_left_this_machine_went_out_to_nobody() -> None:
    async with serving() as server, channel(server, api_url=f"http://127.0.0.1:{free_port()}") as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.send(HI)
    assert (caught.value.kind, caught.value.maybe_sent) == (Failure.RETRY, False)


async def test_a_list_that_is_refused_is_judged_by_its_status() -> None:
    async with serving(refusal(401, 20003)) as server, channel(server) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.recent("+6281317036688", datetime(2026, 11, 25, tzinfo=UTC))
    assert caught.value.kind is Failure.HALT_CHANNEL


async def test_a_closed_channel_has_no_connection_left() -> None:
    async with serving() as server, channel(server) as whatsapp:
        await whatsapp.send(HI)
    with pytest.raises(RuntimeError, match="not started"):
        await whatsapp.send(HI)
    await whatsapp.close()


@pytest.mark.parametrize(
    ("code", "reason"),
    [("63016", "window"), ("21610", "blocked"), ("63024", "refused"), ("63049", "channel"),
     (63015, "channel"), (63021, "refused"), (63001, "channel"), ("63042", "template"),
     ("", "refused"), ("0", "refused"), ("99999", "refused"), ("x", "refused"),
     ("6" * 40, "refused"),
     ("６３０１６", "refused")],
)  # fmt: skip
def test_a_status_callback_fails_for_a_reason_of_the_same_table(code: str | int, reason: str) -> None:
    assert errors.reason(code) == reason


def test_the_verdicts_by_code_are_those_of_the_table() -> None:
    assert errors.VERDICTS["11751"] == Verdict(Kind.FINAL, "refused")
    assert errors.VERDICTS["63016"] == Verdict(Kind.WINDOW, "window")
    assert errors.VERDICTS["63018"] == Verdict(Kind.AGAIN, "channel", 900.0)
    assert {code: errors.reason(code) for code in errors.VERDICTS} == {
        code: verdict.reason for code, verdict in errors.VERDICTS.items()
    }
    assert len(errors.VERDICTS) == len(CODES)
    assert set(errors.KINDS) == set(Meaning)
    assert set(errors.KINDS.values()) == set(Kind)


@pytest.mark.parametrize(
    ("code", "kind", "seconds"),
    [
        (63038, Failure.LATER, 86_400.0),
        (63018, Failure.LATER, 900.0),
        (21611, Failure.LATER, 900.0),
        (30001, Failure.RETRY, 0.0),
        (20003, Failure.HALT_CHANNEL, 0.0),
        (20429, Failure.RETRY_AFTER, 7.0),
        (99999, Failure.RETRY_AFTER, 7.0),
    ],
)
async def test_too_many_requests_are_judged_by_the_code_where_it_has_one(
    code: int, kind: Failure, seconds: float
) -> None:
    error = await failing(refusal(429, code, "as Twilio puts it", **{"Retry-After": "7"}))
    assert (error.kind, error.retry_after) == (kind, seconds)


@pytest.mark.parametrize("body", ["", "no JSON", "[]", '{"code": "x"}', '{"code": null}'])
async def test_too_many_requests_without_a_code_are_everybodys(body: str) -> None:
    error = await failing(web.Response(status=429, text=body, headers={"Retry-After": "7"}))
    assert (error.kind, error.retry_after) == (Failure.RETRY_AFTER, 7.0)


async def test_what_is_no_error_of_twilio_is_a_bug_and_permanent() -> None:
    error = errors.classify(RuntimeError("secret"))
    assert (error.kind, error.detail) == (Failure.PERMANENT, "unexpected RuntimeError")
