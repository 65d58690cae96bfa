"""A tiny bot on python-telegram-bot for the page's tests: it answers everything a chat can show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from tests.simulated import Simulated

WELCOME = (
    "<b>Selamat datang, Ibu Siti.</b>\nSetiap Rabu Anda menerima <i>satu pesan</i> untuk dibagikan.\n"
    "<blockquote>Satu ASN, <b>Satu Pesan</b> Publik</blockquote>\n"
    "Ketik /bantuan atau buka https://jambiprov.go.id #JambiMantap"
)
CHOICES = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Sudah saya bagikan", callback_data="sudah")],
        [
            InlineKeyboardButton("Teks kanal lain", callback_data="ubah"),
            InlineKeyboardButton("Nanti", callback_data="penting"),
        ],
        [InlineKeyboardButton("Tunggu sebentar", callback_data="tunggu")],
        [InlineKeyboardButton("Buka situs", url="https://jambiprov.go.id")],
    ]
)
KEYS = ReplyKeyboardMarkup(
    [
        [KeyboardButton("Bagikan nomor saya", request_contact=True)],
        [KeyboardButton("Bantuan"), KeyboardButton("Batal")],
    ],
    resize_keyboard=True,
    one_time_keyboard=True,
    input_field_placeholder="Pilih tombol di bawah",
)


def picture(colour: str, size: tuple[int, int] = (1200, 900)) -> bytes:
    """A JPEG that can be told from others."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((size[0] // 5, size[1] // 5, size[0] * 4 // 5, size[1] * 4 // 5), fill="white")
    draw.rectangle((size[0] // 3, size[1] // 3, size[0] * 2 // 3, size[1] * 2 // 3), fill=colour)
    buffer = BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


class EchoBot:
    """`gate` lets the callback "tunggu" be answered; `payloads` are the deep links that came."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.payloads: list[str] = []

    async def message(self, update: Update, context: Any) -> None:
        message = update.message
        assert message is not None
        if message.contact:
            await message.reply_text(
                f"Nomor Anda {message.contact.phone_number}", reply_markup=ReplyKeyboardRemove()
            )
        elif message.photo:
            await message.reply_photo(message.photo[-1].file_id, caption="Terima kasih, fotonya kami terima.")
        elif message.document:
            await message.reply_text(
                f"Berkas {message.document.file_name} ({message.document.mime_type})", do_quote=True
            )
        elif message.video:
            await message.reply_text("Videonya kami terima.")
        elif message.text:
            await self._text(update, message.text)

    async def _text(self, update: Update, text: str) -> None:
        message = update.message
        assert message is not None
        command, _, rest = text.partition(" ")
        if command == "/start":
            self.payloads.append(rest)
            await message.reply_html(WELCOME, reply_markup=CHOICES)
        elif command == "/nomor":
            await message.reply_text("Silakan bagikan nomor Anda.", reply_markup=KEYS)
        elif command == "/foto":
            await message.reply_photo(
                picture("teal"), caption="<b>Poster</b> pekan ini", parse_mode="HTML", reply_markup=CHOICES
            )
        elif command == "/album":
            colours = ("teal", "maroon", "darkslateblue")
            await message.reply_media_group(
                [InputMediaPhoto(picture(colour)) for colour in colours], caption="Tiga foto"
            )
        elif command == "/salin":
            await message.reply_html("<pre>Posyandu keliling\n#JambiMantap</pre>")
        elif command == "/buku":
            await message.reply_document(
                b"%PDF-1.7 buku", filename="Rabuan 2026-W48.pdf", caption="Paket Rabuan"
            )
        elif command == "/banyak":
            for number in range(1, 31):
                await message.reply_text(f"Pesan nomor {number}")
        else:
            await message.reply_text(f"Anda menulis: {text}")

    async def callback(self, update: Update, context: Any) -> None:
        query = update.callback_query
        assert query is not None
        if query.data == "tunggu":
            await self.gate.wait()
            await query.answer("Sudah selesai menunggu")
        elif query.data == "penting":
            await query.answer("Kami ingatkan lagi pada hari Jumat.", show_alert=True)
        elif query.data == "ubah":
            await query.edit_message_text("Teks untuk <b>kanal lain</b>", parse_mode="HTML")
            await query.answer()
        else:
            await query.answer("Terima kasih, sudah dicatat")


@asynccontextmanager
async def running(sim: Simulated) -> AsyncIterator[EchoBot]:
    """The bot, polling that simulator until the end."""
    echo = EchoBot()
    application: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder().token(sim.token).base_url(sim.base_url).base_file_url(sim.base_file_url)
        .concurrent_updates(True).build()
    )  # fmt: skip
    application.add_handler(CallbackQueryHandler(echo.callback))
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, echo.message)
    )
    async with application:
        await application.bot.set_my_commands(
            [
                BotCommand("menu", "Semua pilihan Anda"),
                BotCommand("saya", "Catatan berbagi saya"),
                BotCommand("bantuan", "Cara memakai"),
            ]
        )
        await application.bot.set_my_description("Setiap Rabu satu pesan publik untuk Anda bagikan.")
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(poll_interval=0.0, timeout=2)
        try:
            yield echo
        finally:
            echo.gate.set()
            await application.updater.stop()
            await application.stop()
