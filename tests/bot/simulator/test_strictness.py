"""What the simulator refuses, and in which words: request → exact answer."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.simulator.spec import METHODS
from tests.bot.simulator.refusals import BAD, inline
from tests.simulated import Simulated


@dataclass(frozen=True)
class Stage:
    """A private chat with a text, a photo and a document of the bot, and a group with a person's command."""

    sim: Simulated
    values: dict[str, Any]

    def fill(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("$"):
            return self.values[value[1:]]
        if isinstance(value, dict):
            return {name: self.fill(item) for name, item in value.items()}
        return [self.fill(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
async def stage(sim: Simulated, user: int, small: bytes) -> Stage:
    people = sim.people
    text = await sim.ok("sendMessage", {"chat_id": user, "text": "Halo"})
    photo = await sim.ok("sendPhoto", {"chat_id": user}, photo=small)
    document = await sim.ok("sendDocument", {"chat_id": user}, document=b"%PDF-1.7 x")
    group = await people.create_group("Rapat Rabuan", user)
    await people.add_bot(user, group)
    values = {
        "user": user,
        "start": 1,
        "text": text["message_id"],
        "picture": photo["message_id"],
        "photo_id": photo["photo"][-1]["file_id"],
        "document_id": document["document"]["file_id"],
        "group": group,
        "theirs": await people.say(user, "/keputusan", chat_id=group),
    }
    return Stage(sim, values)


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "params", "description"), BAD)
async def test_a_bad_request_is_refused_in_telegrams_words(
    stage: Stage, method: str, params: dict[str, Any], description: str
) -> None:
    before = (await stage.sim.people.stats())["sent"]
    status, body = await stage.sim.api(method, stage.fill(params))
    expected = {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    assert (status, body) == (400, expected)
    assert (await stage.sim.people.stats())["sent"] == before


@pytest.mark.anyio
async def test_texts_at_the_limits_are_taken(sim: Simulated, user: int, picture: bytes) -> None:
    await sim.ok("sendMessage", {"chat_id": user, "text": "x" * 4096})
    await sim.ok("sendMessage", {"chat_id": user, "text": "😀" * 2048})
    await sim.ok("sendMessage", {"chat_id": user, "text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"})
    await sim.ok("sendPhoto", {"chat_id": user, "caption": "x" * 1024}, photo=picture)
    button = {"text": "x", "callback_data": "é" * 32}
    await sim.ok("sendMessage", {"chat_id": user, "text": "x", "reply_markup": inline(button)})


@pytest.mark.anyio
async def test_a_wrong_token_gets_401_and_an_unknown_method_404(sim: Simulated) -> None:
    async with aiohttp.ClientSession() as session:

        async def get(path: str) -> tuple[int, Any]:
            async with session.get(sim.url + path) as response:
                return response.status, await response.json()

        assert await get("/bot1:wrong/getMe") == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        assert (await get("/botnonsense/getMe"))[0] == 401
        assert await get(f"/bot{sim.token}/getCoffee") == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
        )


@pytest.mark.anyio
async def test_every_kind_of_body_says_the_same(sim: Simulated, user: int) -> None:
    url = f"{sim.url}/bot{sim.token}/SENDmessage"
    params = {"chat_id": str(user), "text": "satu & dua +3%"}
    multipart = aiohttp.FormData(params, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        answers = [
            await (await session.get(url, params=params)).json(),
            await (await session.post(url, params=params)).json(),
            await (await session.post(url, data=params)).json(),
            await (await session.post(url, json={**params, "chat_id": user, "parse_mode": None})).json(),
            await (await session.post(url, data=multipart)).json(),
        ]
    assert [answer["result"]["text"] for answer in answers] == [params["text"]] * 5


@pytest.mark.anyio
async def test_methods_that_nobody_plays_are_known_and_counted(sim: Simulated) -> None:
    before = (await sim.people.stats())["not_played"].get("sendDice", 0)
    await sim.api("sendDice", {"chat_id": 1})
    assert (await sim.people.stats())["not_played"]["sendDice"] == before + 1


def test_all_methods_of_bot_api_10_1_are_known() -> None:
    assert len(METHODS) == 180
    assert METHODS["sendcontact"].required == ("chat_id", "phone_number", "first_name")
    parameters = METHODS["sendmessage"].parameters or frozenset()
    assert {"chat_id", "text", "reply_parameters", "allow_paid_broadcast"} <= parameters
    assert not parameters & {"read_timeout", "api_kwargs", "reply_to_message_id"}


@pytest.mark.anyio
async def test_permanent_failures_get_403(sim: Simulated) -> None:
    people = sim.people
    stranger, blocker, gone = [await people.create_user(name) for name in ("Ani", "Budi", "Citra")]
    for number in (blocker, gone):
        await people.start(number)
    await people.block(blocker)
    await people.delete_account(gone)
    expected = {
        stranger: "Forbidden: bot can't initiate conversation with a user",
        blocker: "Forbidden: bot was blocked by the user",
        gone: "Forbidden: user is deactivated",
    }
    for chat, description in expected.items():
        status, body = await sim.api("sendMessage", {"chat_id": chat, "text": "x"})
        assert (status, body) == (403, {"ok": False, "error_code": 403, "description": description})


@pytest.mark.anyio
async def test_a_group_that_moved_or_threw_the_bot_out_says_so(sim: Simulated, user: int) -> None:
    people = sim.people
    group = await people.create_group("Rapat", user)
    say = {"chat_id": group, "text": "x"}
    assert (await sim.api("sendMessage", say))[1][
        "description"
    ] == "Forbidden: bot is not a member of the group chat"
    await people.add_bot(user, group)
    await sim.ok("sendMessage", say)
    new = await people.migrate(user, group)
    status, body = await sim.api("sendMessage", say)
    assert (status, body["description"]) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert body["parameters"] == {"migrate_to_chat_id": new}
    await sim.ok("sendMessage", {"chat_id": new, "text": "x"})
    await people.remove_bot(user, new)
    status, body = await sim.api("sendMessage", {"chat_id": new, "text": "x"})
    assert (status, body["description"]) == (403, "Forbidden: bot was kicked from the supergroup chat")


@pytest.mark.anyio
async def test_own_messages_older_than_48_hours_are_not_deleted(sim: Simulated, user: int) -> None:
    young, old = [
        (await sim.ok("sendMessage", {"chat_id": user, "text": "x"}))["message_id"] for _ in range(2)
    ]
    await sim.people.clock(advance=48 * 3600 - 60)
    await sim.ok("deleteMessage", {"chat_id": user, "message_id": young})
    await sim.people.clock(advance=120)
    for method, params in (
        ("deleteMessage", {"message_id": old}),
        ("deleteMessages", {"message_ids": [old]}),
    ):
        status, body = await sim.api(method, {"chat_id": user, **params})
        assert (status, body["description"]) == (400, "Bad Request: message can't be deleted for everyone")
    await sim.ok("editMessageText", {"chat_id": user, "message_id": old, "text": "Ditarik"})


@pytest.mark.anyio
async def test_a_callback_is_answered_once_and_within_15_minutes(sim: Simulated, user: int) -> None:
    button = inline({"text": "Ya", "callback_data": "ya"})
    sent = await sim.ok("sendMessage", {"chat_id": user, "text": "Benar?", "reply_markup": button})
    first, second = [await sim.people.press(user, sent["message_id"], "ya") for _ in range(2)]
    await sim.ok("answerCallbackQuery", {"callback_query_id": first, "text": "x" * 200})
    await sim.people.clock(advance=15 * 60 + 5)
    for late in (first, second):
        status, body = await sim.api("answerCallbackQuery", {"callback_query_id": late})
        assert (status, body["description"]) == (
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        )


@pytest.mark.anyio
async def test_uploads_beyond_the_limits_are_refused(sim: Simulated, user: int) -> None:
    async def said(kind: str, data: bytes) -> tuple[int, str]:
        status, body = await sim.api(f"send{kind}", {"chat_id": user}, **{kind.lower(): data})
        return status, body["description"]

    assert await said("Photo", b"no picture") == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert await said("Photo", bytes(10 * 1024 * 1024 + 1)) == (
        400,
        "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
    )
    assert await said("Document", b"") == (400, "Bad Request: file must be non-empty")
    assert await said("Document", bytes(50 * 1024 * 1024 + 1)) == (413, "Request Entity Too Large")
    big = await sim.ok("sendDocument", {"chat_id": user}, document=bytes(20 * 1024 * 1024 + 1))
    status, body = await sim.api("getFile", {"file_id": big["document"]["file_id"]})
    assert (status, body["description"]) == (400, "Bad Request: file is too big")


@pytest.mark.anyio
async def test_a_deleted_message_cannot_be_edited_in_a_race(sim: Simulated, user: int) -> None:
    sent = await sim.ok("sendMessage", {"chat_id": user, "text": "x"})
    target = {"chat_id": user, "message_id": sent["message_id"]}
    both = await asyncio.gather(
        sim.api("deleteMessage", target), sim.api("editMessageText", {**target, "text": json.dumps(target)})
    )
    assert [status for status, _ in both] in ([200, 400], [200, 200])
    assert (await sim.api("editMessageText", {**target, "text": "z"}))[1]["description"] == (
        "Bad Request: message to edit not found"
    )
