"""Every request of a demo week to Twilio, and every answer of the simulator, held against Twilio's OpenAPI.

    python -m bench.openapi [--people 600] [--spec FOLDER] [--answers]

Stoplight's Prism (installed by npm below data/prism on first use) stands between the program and the
simulator and judges both directions. `--spec` is the folder spec/json of a checkout of Twilio's repository;
else the files are fetched from GitHub, from one commit. Ends with exit code 1 when a request of ours did not
fit, or went to a path that Twilio does not have. `--answers` shows which answers of the simulator did not.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections import Counter
from pathlib import Path

import aiohttp
from aiohttp import web

from bench import ground
from bench.openapi import crossing, official, prism
from bench.openapi.crossing import Heard
from bot.channels import whatsapp_transport
from bot.demo import board, week
from bot.demo.board import Board
from bot.simulator import process
from tests import programs

HOME = programs.ROOT / "data" / "prism"


async def refuse(request: web.Request) -> web.Response:
    """Stands where the simulator will be: Prism judges what is answered."""
    await request.read()
    return web.json_response({"code": 21604, "message": "'To' is required", "status": 400}, status=400)


async def awake(url: str, port: int, heard: Heard) -> None:
    """A message to nobody has to be noticed: a checker that finds nothing has to be one that could. `port` is
    where Prism passes it on to. Raises MissingError."""
    address = f"{url}/2010-04-01/Accounts/{process.ACCOUNT_SID}/Messages.json"
    login = whatsapp_transport.basic((process.ACCOUNT_SID, process.AUTH_TOKEN))
    async with (
        crossing.answering(port, refuse),
        aiohttp.ClientSession() as http,
        http.post(address, data={"Body": "to nobody"}, headers={"Authorization": login}) as answer,
    ):
        await answer.read()
    if not heard.request:
        raise prism.MissingError("Prism has let a message to nobody pass")
    heard.forget()


async def played(people: int, spec: Path | None, heard: Heard) -> None:
    """The week, through Prism, whose word goes into `heard`. Raises MissingError, and whatever ended it."""
    installed = await asyncio.to_thread(prism.install, HOME)
    with tempfile.TemporaryDirectory(prefix="openapi-") as made, contextlib.ExitStack() as stack:
        folder = Path(made)
        port, between = programs.free_port(), programs.free_port()
        files = await asyncio.to_thread(official.prepare, folder, spec)
        upstream = f"http://127.0.0.1:{port}"
        prisms = {
            prefix: stack.enter_context(prism.proxy(installed, file, upstream))
            for prefix, file in files.items()
        }
        async with crossing.opened(prisms, between, upstream, heard):
            url = f"http://127.0.0.1:{between}"
            await awake(url, port, heard)
            await week.play(people, Board(), folder / "demo", port, chat_rate=20.0, twilio_url=url)


def shown(title: str, found: Counter[tuple[str, str]]) -> None:
    rows = [(operation, sentence, number) for (operation, sentence), number in found.most_common()]
    print(f"\n{title}: {found.total():,}")
    if rows:
        print(ground.table(("operation", "what", "times"), rows))


def main() -> None:
    options = ground.options(__doc__)
    options.add_argument("--people", type=int, default=600)
    options.add_argument("--spec", type=Path, help="spec/json of a checkout of twilio-oai")
    options.add_argument("--answers", action="store_true", help="the simulator's answers as well")
    words: argparse.Namespace = options.parse_args()
    heard = Heard()
    code = board.run(lambda: played(words.people, words.spec, heard), Board())
    rows = [
        (name, number, _of(heard.request, name), _of(heard.response, name))
        for name, number in heard.exchanges.most_common()
    ]
    ground.report(
        f"A demo week of {words.people:,} people, checked by Prism against Twilio's OpenAPI",
        ("operation", "requests", "of them unfit", "answers unfit"),
        rows,
    )
    shown("Requests that do not fit", heard.request)
    if words.answers:
        shown("Answers that do not fit", heard.response)
    for name, number in [*heard.refused.items(), *heard.strange.items()]:
        print(f"{number:,} × {name}")
    sys.exit(code or int(bool(heard.request) or bool(heard.strange)))


def _of(found: Counter[tuple[str, str]], name: str) -> int:
    return sum(number for (operation, _), number in found.items() if operation == name)


if __name__ == "__main__":
    main()
