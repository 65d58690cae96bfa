"""Bare aiogram, `--in-flight` messages at once (256 unless told), on uvloop."""

import asyncio

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bench.peers import task


async def main() -> None:
    work = task.given()
    rows = [[InlineKeyboardButton(text=text, callback_data=data)] for text, data in task.BUTTONS]
    buttons = InlineKeyboardMarkup(inline_keyboard=rows)
    most = work.in_flight or 256
    session = AiohttpSession(api=TelegramAPIServer.from_base(work.url), limit=most)
    left = iter(work.chats)

    async with Bot(work.token, session=session) as bot:

        async def lane() -> None:
            for chat in left:
                try:
                    await bot.send_message(chat, task.TEXT, parse_mode="HTML", reply_markup=buttons)
                    work.sent += 1
                except AiogramError as error:
                    work.lost(error)

        work.begin()
        await asyncio.gather(*(lane() for _ in range(most)))
        work.tell()


uvloop.run(main())
