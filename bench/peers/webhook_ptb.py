"""python-telegram-bot's own webhook: each update makes one durable SQLite row and one reply.

`concurrent_updates` is on, which is more than its pages show; PTB answers 200 before the row exists.
"""

import argparse
import sqlite3
import time

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.peers import store


def main() -> None:
    words = store.given(argparse.ArgumentParser(description=__doc__))
    rows: sqlite3.Connection = store.opened(words.file)

    async def take(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        store.keep(rows, update.update_id, message.chat_id, message.text or "", time.time())
        await message.reply_text(store.RECEIPT.format(update.update_id))

    application = (
        Application.builder()
        .token(words.token)
        .base_url(f"{words.url}/bot")
        .concurrent_updates(256)
        .connection_pool_size(64)
        .pool_timeout(60)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, take))
    application.run_webhook(
        listen="127.0.0.1",
        port=words.port,
        url_path="hook",
        secret_token=words.secret,
        webhook_url=f"http://127.0.0.1:{words.port}/hook",
    )


main()
