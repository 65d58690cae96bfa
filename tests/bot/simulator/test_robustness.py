"""Nonsense in any parameter of any played method gets an answer in Telegram's form, never a crash."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.simulator.bot_api import PLAYED
from bot.simulator.spec import METHODS
from tests.simulated import Simulated

NONSENSE: list[Any] = [
    "", "x", -1, 2**70, 1.5, True, [], [1], [[]], [{}], {}, {"type": []}, {"inline_keyboard": 1},
    {"keyboard": [[1]]}, {"type": "chat_member", "chat_id": "$user", "user_id": "x"}, "{", "null", "\x00",
    [{"command": 1}], {"type": "photo", "media": "x", "caption": 5}, [{"type": "photo", "media": 1}] * 2,
    {"type": "photo", "media": "$photo", "width": "wide", "caption_entities": 5},
    {"inline_keyboard": [[{"text": 1}]]}, {"message_id": []}, {"url": {}},
]  # fmt: skip
SLOW = {"getUpdates": {"timeout"}, "leaveChat": {"chat_id"}}


def _filled(value: Any, values: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return values[value]
    if isinstance(value, dict):
        return {name: _filled(item, values) for name, item in value.items()}
    return [_filled(item, values) for item in value] if isinstance(value, list) else value


@pytest.mark.anyio
@pytest.mark.parametrize("method", sorted(PLAYED))
async def test_nonsense_is_answered(sim: Simulated, user: int, small: bytes, method: str) -> None:
    sent = await sim.ok("sendPhoto", {"chat_id": user}, photo=small)
    values = {"$user": user, "$photo": sent["photo"][-1]["file_id"]}
    sound = {
        "chat_id": user, "from_chat_id": user, "message_id": sent["message_id"], "user_id": user, "text": "x",
        "photo": values["$photo"], "media": {"type": "photo", "media": values["$photo"]}, "action": "typing",
        "message_ids": [999], "url": "",
    }  # fmt: skip
    names = sorted((METHODS[method.lower()].parameters or frozenset()) - SLOW.get(method, set()))
    base = {name: value for name, value in sound.items() if name in names}
    url = f"{sim.url}/bot{sim.token}/{method}"
    gate = asyncio.Semaphore(8)

    async with aiohttp.ClientSession() as session:

        async def status(name: str, value: Any) -> tuple[int, str, Any]:
            async with gate, session.post(url, json={**base, name: _filled(value, values)}) as response:
                body = await response.json(content_type=None)
                assert body["ok"] or body["description"]
                return response.status, name, value

        if method == "getUpdates":
            gate = asyncio.Semaphore(1)
        answers = await asyncio.gather(*(status(name, value) for name in names for value in NONSENSE))
    assert [answer for answer in answers if answer[0] not in {200, 400}] == []
