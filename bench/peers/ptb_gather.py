"""python-telegram-bot, `--in-flight` messages at once (30 is where its transport is fastest)."""

import asyncio

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bench.peers import task


async def main() -> None:
    work = task.given()
    buttons = InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data)] for text, data in task.BUTTONS]
    )
    most = work.in_flight or 30
    request = HTTPXRequest(connection_pool_size=most + 8, pool_timeout=60, read_timeout=60)
    left = iter(work.chats)

    async with Bot(work.token, base_url=f"{work.url}/bot", request=request) as bot:

        async def lane() -> None:
            for chat in left:
                try:
                    await bot.send_message(chat, task.TEXT, parse_mode="HTML", reply_markup=buttons)
                    work.sent += 1
                except TelegramError as error:
                    work.lost(error)

        work.begin()
        await asyncio.gather(*(lane() for _ in range(most)))
        work.tell()


asyncio.run(main())
