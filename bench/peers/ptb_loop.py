"""The usual recipe: python-telegram-bot, one message after the other, with a pause of 0.05 s.

`--in-flight 0` (the default) keeps the pause; 1 leaves it out.
"""

import asyncio

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bench.peers import task


async def main() -> None:
    work = task.given()
    buttons = InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data)] for text, data in task.BUTTONS]
    )
    async with Bot(work.token, base_url=f"{work.url}/bot") as bot:
        work.begin()
        for chat in work.chats:
            try:
                await bot.send_message(chat, task.TEXT, parse_mode="HTML", reply_markup=buttons)
                work.sent += 1
            except TelegramError as error:
                work.lost(error)
            if not work.in_flight:
                await asyncio.sleep(0.05)
        work.tell()


asyncio.run(main())
