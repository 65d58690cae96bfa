"""The bot's side of a chat, played by hand, so that every answer is known."""

import asyncio
from typing import Any

from tests.simulated import Simulated

Rows = list[list[tuple[str, str]]]
CARD = [[("Sudah saya bagikan", "share.done")], [("Hemat data", "saver")]]


class Bot:
    """Sends and hears as a bot does, by the Bot API alone."""

    def __init__(self, simulated: Simulated) -> None:
        self.simulated, self._offset = simulated, 0

    async def sends(self, chat: int, text: str, rows: Rows | None = None) -> None:
        params: dict[str, Any] = {"chat_id": str(chat), "text": text}
        if rows:
            keyboard = [[{"text": label, "callback_data": data} for label, data in row] for row in rows]
            params["reply_markup"] = {"inline_keyboard": keyboard}
        await self.simulated.ok("sendMessage", params)

    async def gives(self, chat: int) -> None:
        """The week's item: the card, then the caption."""
        await self.sends(chat, "Judul", CARD)
        await self.sends(chat, "Teks untuk disalin")

    async def hears(self) -> dict[str, Any]:
        """The next update."""
        async with asyncio.timeout(10):
            while True:
                params = {"offset": str(self._offset), "timeout": "5", "limit": "1"}
                for update in await self.simulated.ok("getUpdates", params):
                    self._offset = update["update_id"] + 1
                    return dict(update)
