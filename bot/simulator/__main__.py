"""`python -m bot.simulator`: starts the simulator; one line of JSON on stdout says when it is ready."""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from bot.simulator import limits
from bot.simulator.faults import KINDS, Faults
from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN, SENDER, TOKEN
from bot.simulator.server import Server
from bot.simulator.twilio.account import Account, check_names
from bot.simulator.world import World


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m bot.simulator", description="A Telegram and a WhatsApp of one's own."
    )
    parser.add_argument("--port", type=int, default=8081, help="0: a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default="satu_pesan_bot")
    parser.add_argument("--name", default="Satu Pesan")
    parser.add_argument("--limiter", choices=limits.KINDS, default="sliding")
    parser.add_argument("--rate", type=float, default=30.0, help="messages a second overall")
    parser.add_argument("--chat-rate", type=float, default=1.0, help="messages a second to one chat")
    parser.add_argument("--group-rate", type=float, default=20.0, help="messages a minute to one group")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every method call")
    parser.add_argument("--faults", type=float, default=0.0, help="share of calls that fail, 0 to 1")
    parser.add_argument("--hold", type=float, default=30.0, help="seconds that a timeout is held")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    parser.add_argument("--program", default="", help="where /program/… goes, a URL")
    parser.add_argument(
        "--twilio-webhook", default="", help="the program's URL for WhatsApp; none: no Twilio"
    )
    parser.add_argument("--twilio-sid", default=ACCOUNT_SID, help="the account, AC and 32 hex digits")
    parser.add_argument("--twilio-token", default=AUTH_TOKEN)
    parser.add_argument("--twilio-sender", default=SENDER, help="the program's WhatsApp number")
    parser.add_argument(
        "--twilio-url", default="", help="where others reach Twilio, when that is not this server itself"
    )
    parser.add_argument("--lifeline", action="store_true", help="ends when stdin is closed")
    options = parser.parse_args()
    try:
        limits.Limiter().set(options.limiter, options.rate, options.chat_rate, options.group_rate)
        Faults().set(options.faults, KINDS, options.hold)
        check_names(options.twilio_sid, options.twilio_sender)
    except ValueError as error:
        parser.error(str(error))
    return options


async def _run(options: argparse.Namespace, folder: Path) -> None:
    faults = Faults(rate=options.faults, hold=options.hold, seed=options.seed)
    world = World(options.token, folder, options.username, options.name, faults=faults)
    world.latency = options.latency_ms / 1000
    world.limiter.set(options.limiter, options.rate, options.chat_rate, options.group_rate)
    server = Server(world, options.program, account=_account(options, world))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if options.lifeline:
        threading.Thread(target=_until_closed, args=(loop, stop), daemon=True).start()
    port = await server.start(options.port)
    ready = {"url": f"http://127.0.0.1:{port}", "token": options.token, "username": options.username}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await server.stop()


def _account(options: argparse.Namespace, world: World) -> Account | None:
    if not options.twilio_webhook:
        return None
    words = (options.twilio_sid, options.twilio_token, options.twilio_sender, options.twilio_webhook)
    return Account(world, *words, base=options.twilio_url)


def _until_closed(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Whoever started us holds the other end: when they die, so do we."""
    while os.read(0, 4096):  # not sys.stdin: its lock would outlive us
        pass
    with contextlib.suppress(RuntimeError):  # it has ended already
        loop.call_soon_threadsafe(stop.set)


def main() -> None:
    options = _options()
    gc.set_threshold(50_000, 20, 50)  # hundreds of thousands of small objects that live long
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):  # not made for Windows
        import uvloop

        factory = uvloop.new_event_loop
    with (
        tempfile.TemporaryDirectory(prefix="simulator-") as folder,
        asyncio.Runner(loop_factory=factory) as runner,
    ):
        runner.run(_run(options, Path(folder)))


if __name__ == "__main__":
    main()
