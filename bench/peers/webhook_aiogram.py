"""aiogram's webhook on aiohttp: each update makes one durable SQLite row and one reply.

Its request handler answers 200 at once and handles in the background, as it comes.
"""

import argparse
import sqlite3
import time

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bench.peers import store


def main() -> None:
    words = store.given(argparse.ArgumentParser(description=__doc__))
    rows: sqlite3.Connection = store.opened(words.file)
    dispatcher = Dispatcher()

    @dispatcher.message()  # type: ignore[untyped-decorator, unused-ignore]
    async def take(message: Message, event_update: Update) -> None:
        store.keep(rows, event_update.update_id, message.chat.id, message.text or "", time.time())
        await message.answer(store.RECEIPT.format(event_update.update_id))

    bot = Bot(words.token, session=AiohttpSession(api=TelegramAPIServer.from_base(words.url), limit=256))
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=words.secret).register(application, path="/hook")
    setup_application(application, dispatcher, bot=bot)
    uvloop.install()
    web.run_app(application, host="127.0.0.1", port=words.port, print=lambda *_: None, access_log=None)


main()
