"""The short way: a handler that downloads a picture, decodes it, compares it and answers.

python-telegram-bot polls and handles updates at once as they come, whose number nothing bounds; decoding is
in a thread, so that it does not stop the others. Runs in our own venv, where Pillow is.
"""

import argparse
import asyncio
import io
import sqlite3
import time
import uuid
from pathlib import Path

from PIL import Image
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.peers import store

SAME = 6  # bits of 64
MANY = 100_000  # updates at once: no bound


def fingerprint(data: bytes) -> int:
    """A difference hash of 64 bits, as is usual."""
    with Image.open(io.BytesIO(data)) as picture:
        grey = picture.convert("L").resize((9, 8)).tobytes()
    pairs = [(row * 9 + column, row * 8 + column) for row in range(8) for column in range(8)]
    return sum((grey[at] > grey[at + 1]) << bit for at, bit in pairs)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("url", "token", "folder"):
        options.add_argument(f"--{name}", required=True)
    words = options.parse_args()
    folder = Path(words.folder)
    rows: sqlite3.Connection = store.opened(str(folder / "peer.db"))
    seen: list[int] = []

    async def take(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        assert message.document is not None
        file = await message.document.get_file()
        data = bytes(await file.download_as_bytearray())
        made = await asyncio.to_thread(fingerprint, data)
        again = any((made ^ other).bit_count() <= SAME for other in seen)
        seen.append(made)
        path = folder / f"{uuid.uuid4().hex}.jpg"
        path.write_bytes(data)
        store.keep(rows, update.update_id, message.chat_id, f"{path.name} {again}", time.time())
        await message.reply_text(store.RECEIPT.format(update.update_id))

    async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text("Kirim tangkapan layar Anda ke sini.")

    application = (
        Application.builder()
        .token(words.token)
        .base_url(f"{words.url}/bot")
        .base_file_url(f"{words.url}/file/bot")
        .concurrent_updates(MANY)
        .connection_pool_size(256)
        .pool_timeout(300)
        .read_timeout(300)
        .build()
    )
    application.add_handler(MessageHandler(filters.Document.ALL, take))
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


main()
