"""python-telegram-bot with its AIORateLimiter, as its own page shows; `--retries` is its max_retries."""

import asyncio

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application

from bench.peers import task


async def main() -> None:
    work = task.given()
    application = (
        Application.builder()
        .token(work.token)
        .base_url(f"{work.url}/bot")
        .rate_limiter(AIORateLimiter(max_retries=work.retries))
        .build()
    )
    buttons = InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data)] for text, data in task.BUTTONS]
    )

    async def send(chat: int) -> None:
        try:
            await application.bot.send_message(chat, task.TEXT, parse_mode="HTML", reply_markup=buttons)
            work.sent += 1
        except TelegramError as error:
            work.lost(error)

    async with application:
        work.begin()
        await asyncio.gather(*(send(chat) for chat in work.chats))
        work.tell()


asyncio.run(main())
