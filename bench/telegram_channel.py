"""How many messages a second the Telegram channel sends, and where its time goes.

    python -m bench.telegram_channel [--messages 5000] [--in-flight 256] [--latency 50] [--profile]

The server is another process, so that with two cores only the client's own cost is measured.
`--typed` sends through PTB's `Bot.send_message` for comparison.
"""

import argparse
import asyncio
import cProfile
import multiprocessing
import pstats
import resource
import time
from multiprocessing.connection import Connection

import uvloop
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels import Outgoing, OutgoingButton
from bot.channels.telegram import Telegram
from bot.channels.telegram_transport import AiohttpRequest

TEXT = "<b>Satu Pesan</b>: jalan Sungai Duren selesai. Bagikan di akun Anda, lalu kirim buktinya. " * 5
BUTTONS = (
    (OutgoingButton("Sudah saya bagikan", "share:1361"),),
    (OutgoingButton("Teks untuk kanal lain", "texts:1361"), OutgoingButton("Hemat data", "saver:1")),
)


def serve(port: Connection, latency: float) -> None:
    """A server that answers every sendMessage as Telegram would, after `latency` seconds."""

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        await asyncio.sleep(latency)
        chat = {"id": int(str(form["chat_id"])), "first_name": "Siti", "type": "private"}
        author = {"id": 7, "is_bot": True, "first_name": "Satu Pesan", "username": "satu_pesan_bot"}
        sent = {"message_id": 1, "from": author, "chat": chat, "date": 1_790_000_000, "text": form["text"]}
        sent["entities"] = [{"type": "bold", "offset": 0, "length": 10}]
        return web.json_response({"ok": True, "result": sent})

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/sendMessage", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    uvloop.run(run())


async def flood(url: str, count: int, in_flight: int, typed: bool) -> float:
    """Sends `count` messages with `in_flight` at once; seconds."""
    channel = Telegram("1:bench", api_url=url)
    request = AiohttpRequest()
    bot = Bot("1:bench", base_url=f"{url}/bot", request=request, get_updates_request=AiohttpRequest())
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.action) for button in row]
            for row in BUTTONS
        ]
    )
    await channel.start()
    await request.initialize()
    left = iter(range(count))

    async def lane() -> None:
        for number in left:
            if typed:
                await bot.send_message(number, TEXT, "HTML", reply_markup=keyboard)
            else:
                await channel.send(Outgoing("send", str(number), TEXT, BUTTONS))

    started = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(in_flight)))
    taken = time.perf_counter() - started
    await channel.close()
    await request.shutdown()
    return taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=5000)
    options.add_argument("--in-flight", type=int, default=256)
    options.add_argument("--latency", type=float, default=50.0, help="of the server, in milliseconds")
    options.add_argument("--typed", action="store_true")
    options.add_argument("--profile", action="store_true")
    options.add_argument("--loop", choices=("asyncio", "uvloop"), default="uvloop")
    given = options.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, given.latency / 1000), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{here.recv()}"
    work = flood(url, given.messages, given.in_flight, given.typed)
    before = resource.getrusage(resource.RUSAGE_SELF)
    profile = cProfile.Profile()
    if given.profile:
        profile.enable()
    taken = uvloop.run(work) if given.loop == "uvloop" else asyncio.run(work)
    profile.disable()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / given.messages
    print(f"{given.messages / taken:,.0f} messages/s, {cpu * 1e6:,.0f} µs of CPU each")
    if given.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    server.terminate()


if __name__ == "__main__":
    main()
