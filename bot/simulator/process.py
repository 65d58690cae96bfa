"""Starting the simulator as a process of its own, from Python."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOKEN = "7000000001:simulated-token-of-satu-pesan-demo-0001"  # noqa: S105 - opens nothing but the simulator
ACCOUNT_SID = "AC5a7b9c1d3e5f70819203a4b5c6d7e8f9"
AUTH_TOKEN = "simulated-auth-token-of-satu-pesan-01"  # noqa: S105 - opens nothing but the simulator
SENDER = "+6281100000001"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Started:
    """A running simulator. `url` has no slash at its end; the Bot API's base is `url + "/bot"`.

    With `twilio_webhook` it serves Twilio's hosts at the same `url`, by default for ACCOUNT_SID, AUTH_TOKEN
    and SENDER. `twilio_url` is another address for these, where somebody stands between.
    """

    url: str
    token: str
    username: str
    process: "subprocess.Popen[str]"
    twilio_url: str = ""

    def stop(self) -> None:
        """Ends it, at the latest after five seconds. May be called twice."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def start(**options: object) -> Started:
    """Starts `python -m bot.simulator` and waits until it listens.

    `options` are those of the command line with underscores (`chat_rate=5`, `limiter="off"`); without a
    `port` a free one is taken. It ends with us, even if we are killed. Raises RuntimeError when it does not
    start.
    """
    words = [sys.executable, "-m", "bot.simulator", "--lifeline", "--port", str(options.pop("port", 0))]
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    line = process.stdout.readline() if process.stdout else ""
    said = json.loads(line) if line else {"url": "", "token": "", "username": ""}
    between = str(options.get("twilio_url") or said["url"])
    started = Started(said["url"], said["token"], said["username"], process, between)
    if not line:
        process.wait()
        started.stop()
        raise RuntimeError(f"the simulator did not start (exit status {process.returncode})")
    return started
