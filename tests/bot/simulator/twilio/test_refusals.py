"""What Twilio refuses, and with which code: request → exact answer."""

from typing import Any

import aiohttp
import pytest

from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN
from bot.simulator.twilio.errors import WORDS
from tests.bot.simulator.twilio.program import FROM, MESSAGES, Twilio, basic

TO = {"To": "whatsapp:+6281317036688", "From": FROM}
SAY = {**TO, "Body": "x"}
HX = "HX" + "0" * 32

MESSAGE: list[tuple[dict[str, Any], int, str]] = [
    ({"From": FROM, "Body": "x"}, 21604, "A 'To' phone number is required."),
    ({"To": "whatsapp:+6281317036688", "Body": "x"}, 21603, "A 'From' phone number is required."),
    ({**SAY, "To": "whatsapp:081317036688"}, 21211, "Invalid 'To' Phone Number: whatsapp:081317036688"),
    ({**SAY, "To": "whatsapp:+62 813"}, 21211, "Invalid 'To' Phone Number: whatsapp:+62 813"),
    ({**SAY, "To": "whatsapp:"}, 21211, "Invalid 'To' Phone Number: whatsapp:"),
    ({**SAY, "To": "+6281317036688"}, 21910, WORDS[21910]),
    ({**SAY, "From": "+6281100000001"}, 21910, WORDS[21910]),
    ({**SAY, "From": "whatsapp:+6281199999999"}, 63007,
     "Twilio could not find a Channel with the specified From address"),
    ({**TO}, 21619, "A text message body or media urls must be specified."),
    ({**TO, "Body": ""}, 21619, WORDS[21619]),
    ({**TO, "Body": " \n"}, 21619, WORDS[21619]),
    ({**TO, "Body": "x" * 1601}, 21617, "The concatenated message body exceeds the 1600 character limit"),
    ({**TO, "MediaUrl": "ftp://a.id/b.jpg"}, 21620,
     "Media urls: {ftp://a.id/b.jpg} are invalid. Please use only valid http and https urls"),
    ({**TO, "MediaUrl": "gambar.jpg"}, 21620,
     "Media urls: {gambar.jpg} are invalid. Please use only valid http and https urls"),
    ({**SAY, "StatusCallback": "/status"}, 21609, "The StatusCallback URL /status is not a valid URL."),
    ({**SAY, "StatusCallback": "http://my_host.id/s"}, 21609,
     "The StatusCallback URL http://my_host.id/s is not a valid URL."),
    ({**SAY, "ContentVariables": "{}"}, 21654, WORDS[21654]),
    ({**TO, "ContentSid": HX}, 21655, f"The ContentSid {HX} is invalid."),
    ({**TO, "ContentSid": "q1"}, 21655, "The ContentSid q1 is invalid."),
    ({**SAY, "ContentSid": HX}, 20001, "Body beside a ContentSid (Twilio would not send it)"),
    ({**SAY, "Colour": "red"}, 20001, "Unknown parameter Colour of CreateMessage"),
    ({**SAY, "body": "x"}, 20001, "Unknown parameter body of CreateMessage"),
    ({**SAY, "SendAt": "2026-11-25T01:00:00Z"}, 20001,
     "not played by this simulator: CreateMessage.SendAt"),
    ({**SAY, "MessageIntent": "notifications"}, 20001,
     "not played by this simulator: CreateMessage.MessageIntent"),
]  # fmt: skip

BODY = {"body": "Pilih", "actions": [{"title": "Ya", "id": "yes"}]}
ITEMS = [{"id": str(number), "item": f"Pilihan {number}"} for number in range(11)]


def content(kind: str, fields: Any, **more: Any) -> dict[str, Any]:
    return {"language": "id", "types": {kind: fields}, **more}


CONTENT: list[tuple[Any, str]] = [
    ([], "body must be an object"),
    ({"types": {}}, "language is required"),
    ({"language": "id"}, "types is required"),
    ({"language": "id", "types": {}}, "types has no content type"),
    ({"language": 7, "types": {}}, "language must be of type string"),
    (content("twilio/text", {"body": "x"}, colour="red"), "unknown field colour"),
    (content("twilio/tekst", {"body": "x"}), "unknown field types.twilio/tekst"),
    (content("twilio/carousel", {"body": "x", "cards": []}),
     "not played by this simulator: CreateContent.twilio/carousel"),
    (content("twilio/text", {}), "types.twilio/text.body is required"),
    (content("twilio/text", {"body": ["x"]}), "types.twilio/text.body must be of type string"),
    (content("twilio/text", {"body": "Halo {{}}"}), "variable {{}} is not well formed"),
    (content("twilio/text", {"body": "Halo {{nama anda}}"}), "variable {{nama anda}} is not well formed"),
    (content("twilio/text", {"body": "Halo {{1}"}), "a variable's braces are not well formed"),
    (content("twilio/text", {"body": "x"}, variables={"1": 5}), "variables must have strings as values"),
    (content("twilio/text", {"body": "x" * 1601}),
     "twilio/text: the body has 1601 characters of 1600"),
    (content("twilio/quick-reply", {"body": "x", "actions": []}), "twilio/quick-reply: 1 to 10 actions"),
    (content("twilio/quick-reply", {**BODY, "body": "x" * 1025}),
     "twilio/quick-reply: the body has 1025 characters of 1024"),
    (content("twilio/quick-reply", {"body": "x", "actions": [{"id": "a"}]}),
     "types.twilio/quick-reply.actions[0].title is required"),
    (content("twilio/quick-reply", {"body": "x", "actions": [{"title": "x" * 21}]}),
     f"twilio/quick-reply: label '{'x' * 21}' has 21 characters of 1 to 20"),
    (content("twilio/quick-reply", {"body": "x", "actions": [{"title": "Ya"}, {"title": "Ya", "id": "2"}]}),
     "twilio/quick-reply: two buttons have the same label"),
    (content("twilio/quick-reply", {"body": "x", "actions": [{"title": "Ya", "type": "URL"}]}),
     "types.twilio/quick-reply.actions[0].type must be one of QUICK_REPLY"),
    (content("twilio/list-picker", {"body": "x", "button": "Pilih", "items": ITEMS}),
     "twilio/list-picker: 1 to 10 items"),
    (content("twilio/list-picker", {"body": "x", "button": "Pilih", "items": [{"id": "1"}]}),
     "types.twilio/list-picker.items[0].item is required"),
    (content("twilio/list-picker", {"body": "x", "button": "P" * 21, "items": ITEMS[:2]}),
     "twilio/list-picker: the list's button has 21 characters of 20"),
    (content("twilio/list-picker", {"body": "x", "button": "Pilih", "items": [*ITEMS[:1], *ITEMS[:1]]}),
     "twilio/list-picker: two buttons have the same id"),
    (content("twilio/media", {"body": "x", "media": []}), "twilio/media: exactly one media"),
    (content("twilio/card", {"title": "x"}), "twilio/card: a title and at least one more field"),
]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize(("form", "code", "message"), MESSAGE)
async def test_a_bad_message_is_refused_with_twilios_code(
    twilio: Twilio, form: dict[str, Any], code: int, message: str
) -> None:
    before = (await twilio.phones.stats())["messages"]
    status, body = await twilio.ask("POST", MESSAGES, data=form)
    more = f"https://www.twilio.com/docs/errors/{code}"
    assert (status, body) == (400, {"code": code, "message": message, "more_info": more, "status": 400})
    assert (await twilio.phones.stats())["messages"] == before


@pytest.mark.anyio
@pytest.mark.parametrize(("body", "message"), CONTENT)
async def test_a_bad_template_is_refused_with_its_reason(twilio: Twilio, body: Any, message: str) -> None:
    status, answer = await twilio.ask("POST", "/v1/Content", json=body)
    assert (status, answer["code"], answer["message"]) == (400, 20001, message)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "given", ["", "x", "[]", '"x"', '{"1": ""}', '{"1": null}', '{"1": 5}', "{'1': 'x'}"]
)
async def test_variables_that_are_no_json_of_strings_are_refused(twilio: Twilio, given: str) -> None:
    sid = await twilio.content("twilio/text", {"body": "Halo {{1}}"}, v1="Siti")
    form = {**TO, "ContentSid": sid, "ContentVariables": given}
    status, body = await twilio.ask("POST", MESSAGES, data=form)
    if not given:  # a blank field is as good as none
        assert (status, body["body"]) == (201, "Halo Siti")
    else:
        assert (status, body["code"]) == (400, 21656)


@pytest.mark.anyio
async def test_a_line_break_in_a_variable_is_refused_where_the_page_of_21656_is_taken_at_its_word(
    twilio: Twilio,
) -> None:
    sid = await twilio.content("twilio/text", {"body": "Halo {{1}}"}, v1="Siti")
    form = {**TO, "ContentSid": sid, "ContentVariables": '{"1": "Siti\\nRahma"}'}
    assert (await twilio.ask("POST", MESSAGES, data=form))[0] == 201
    await twilio.phones.settings(one_line=True)
    status, body = await twilio.ask("POST", MESSAGES, data=form)
    assert (status, body["code"]) == (400, 21656)


@pytest.mark.anyio
async def test_two_media_are_too_many_for_whatsapp(twilio: Twilio) -> None:
    form = [*TO.items(), ("MediaUrl", "http://a.id/1.jpg"), ("MediaUrl", "http://a.id/2.jpg")]
    status, body = await twilio.ask("POST", MESSAGES, data=aiohttp.FormData(form))
    assert (status, body["code"]) == (400, 21623)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "token"),
    [(ACCOUNT_SID, "wrong"), ("AC" + "0" * 32, AUTH_TOKEN), ("", ""), (AUTH_TOKEN, ACCOUNT_SID)],
)
async def test_wrong_credentials_get_401(twilio: Twilio, name: str, token: str) -> None:
    headers = basic(name, token) if name else {}
    async with twilio.session.post(twilio.url + MESSAGES, data=SAY, headers=headers) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'
        assert await response.json() == {
            "code": 20003,
            "message": "Authenticate",
            "more_info": "https://www.twilio.com/docs/errors/20003",
            "status": 401,
        }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", MESSAGES.replace(".json", f"/SM{'0' * 32}.json"), 20404),
        ("GET", MESSAGES.replace(ACCOUNT_SID, "AC" + "0" * 32), 20404),
        ("GET", "/v1/Content/HX0", 20404),
        ("GET", "/2010-04-01/Coffee.json", 20404),
        ("PATCH", MESSAGES, 20004),
        ("GET", f"{MESSAGES}?PageSize=1001", 20007),
        ("GET", f"{MESSAGES}?PageSize=none", 20001),
        ("GET", f"{MESSAGES}?Page=1", 20001),
        ("GET", f"{MESSAGES}?PageToken=PA1", 20001),
        ("GET", f"{MESSAGES}?DateSent%3E=yesterday", 20001),
        ("GET", f"{MESSAGES}?Sort=asc", 20001),
        ("GET", "/v1/Content?PageToken=PT1", 20001),
        ("GET", "/v1/LegacyContent", 20001),
    ],
)
async def test_paths_and_queries_that_are_wrong_say_so(
    twilio: Twilio, method: str, path: str, code: int
) -> None:
    status, body = await twilio.ask(method, path)
    assert (status, body["code"]) == ({20404: 404, 20004: 405}.get(code, 400), code)


@pytest.mark.anyio
async def test_what_is_not_played_is_counted(twilio: Twilio) -> None:
    before = (await twilio.phones.stats())["not_played"].get("CreateMessage.MaxPrice", 0)
    await twilio.ask("POST", MESSAGES, data={**SAY, "MaxPrice": "1"})
    assert (await twilio.phones.stats())["not_played"]["CreateMessage.MaxPrice"] == before + 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "Konten Baru", "category": "UTILITY"},
         "name 'Konten Baru': only lower-case letters, digits and underscores"),
        ({"name": "konten", "category": "NEWS"}, "category is one of UTILITY, MARKETING, AUTHENTICATION"),
        ({"name": "konten"}, "category is required"),
        ({"name": "konten", "category": "UTILITY", "language": "id"}, "unknown field language"),
    ],
)  # fmt: skip
async def test_a_bad_request_for_approval_is_refused(
    twilio: Twilio, asked: dict[str, str], message: str
) -> None:
    sid = await twilio.content("twilio/quick-reply", BODY)
    status, body = await twilio.ask("POST", f"/v1/Content/{sid}/ApprovalRequests/whatsapp", json=asked)
    assert (status, body["code"], body["message"]) == (400, 20001, message)


@pytest.mark.anyio
async def test_a_list_can_not_be_submitted_and_nothing_twice(twilio: Twilio) -> None:
    fields = {"body": "x", "button": "Pilih", "items": ITEMS[:10]}
    asked = {"name": "daftar", "category": "UTILITY"}
    path = "/v1/Content/{}/ApprovalRequests/whatsapp"
    sid = await twilio.content("twilio/list-picker", fields)
    status, body = await twilio.ask("POST", path.format(sid), json=asked)
    assert (status, body["message"]) == (400, "twilio/list-picker is not supported for approval on WhatsApp")
    sid = await twilio.content("twilio/quick-reply", BODY)
    assert (await twilio.ask("POST", path.format(sid), json=asked))[0] == 201
    assert (await twilio.ask("POST", path.format(sid), json=asked))[0] == 400
