"""Proofs by Twilio's webhook: from the signed POST to the committed share with its queued receipt.

    python -m bench.whatsapp.inbound [--quick] [--engine sqlite postgresql] [--rates 50 200] [--flood 2000]

Twilio's part is played by this process: it signs as Twilio does and POSTs over 40 connections, at an even
pace; then as fast as they are taken. On PostgreSQL once in one process, and once with each part in one of
its own ("apart"). Otherwise as bench.inbound.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp

from bench import ground
from bench.inbound import receipts, stages, until_up
from bench.load import LINKS, PEOPLE, Load
from bench.whatsapp import site
from bot.simulator import process
from tests import programs
from tests.bot.twilio_site import signature

APART = ("web", "worker", "sender", "clock")


class Signed(Load):
    """POSTs forms with Twilio's signature over them."""

    async def _post(self, session: aiohttp.ClientSession, number: int) -> None:
        fields = form(number)
        headers = {
            "X-Twilio-Signature": signature(self.url, fields, process.AUTH_TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.posted[number] = time.perf_counter()
        async with session.post(self.url, data=urlencode(fields), headers=headers) as response:
            await response.read()
            if response.status == 200:
                self.answered[number] = time.perf_counter()


def form(number: int) -> list[tuple[str, str]]:
    """A message with a link: person after person, platform after platform."""
    place = number - 1_000_000
    sender = site.address(place % (PEOPLE - 2))
    link = LINKS[place // PEOPLE % len(LINKS)].format(place)
    return [
        ("MessageSid", f"SM{number:032x}"), ("AccountSid", process.ACCOUNT_SID),
        ("From", f"whatsapp:{sender}"),
        ("To", f"whatsapp:{process.SENDER}"), ("WaId", sender[1:]), ("ProfileName", f"Pegawai {sender}"),
        ("Body", link), ("NumMedia", "0"), ("NumSegments", "1"), ("SmsStatus", "received"),
        ("MessageType", "text"), ("ApiVersion", "2010-04-01"), ("Forwarded", ""),
    ]  # fmt: skip


async def ours(engine: str, words: argparse.Namespace, roles: Sequence[str] = ("all",)) -> list[list[object]]:
    """All stages on one engine, in a process for each role; rows of the table."""
    port = programs.free_port()
    hook = f"http://127.0.0.1:{port}"
    with ground.database_of(engine) as (url, folder):
        site.fill(url, PEOPLE, heard=timedelta(minutes=1))
        async with site.simulator(PEOPLE, "http://127.0.0.1:9/", opened=True) as simulated:
            await site.templates(url, simulated, folder, hook)
            site.release(url, received=True)
            settings = {"web__port": port}
            async with ground.parts(
                url, simulated, folder, roles, settings, site.secrets(simulated, hook)
            ) as running:
                await until_up(f"{hook}/health", lambda: ground.check(running[0]))
                rows = receipts(url, "whatsapp", lambda sid: int(sid[2:], 16))
                load = Signed(f"{hook}/webhooks/twilio", rows)
                name = f"Satu Pesan, {ground.NAMES[engine]}" + (", apart" if len(roles) > 1 else "")
                processes = [one.process for one in running]
                return await stages(name, load, processes, words.rates, words.seconds, words.flood)


async def everything(words: argparse.Namespace) -> None:
    rows = [row for engine in words.engine for row in await ours(engine, words)]
    if "postgresql" in words.engine:
        rows += await ours("postgresql", words, APART)
    ground.report(
        "Proofs by Twilio's webhook, signed, 40 connections",
        ("who", "offered", "committed/s", "200 p50 ms", "p99", "row p50 ms", "p99", "CPU µs each", "lost"),
        rows,
    )


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--rates", nargs="*", type=int, default=[50, 200])
    options.add_argument("--seconds", type=float, default=6.0, help="of each rate")
    options.add_argument("--flood", type=int, default=2000, help="messages of the last stage")
    options.add_argument("--quick", action="store_true", help="two seconds of each rate, 300 messages")
    words = options.parse_args()
    if words.quick:
        words.seconds, words.flood = 2.0, 300
    asyncio.run(everything(words))


if __name__ == "__main__":
    main()
