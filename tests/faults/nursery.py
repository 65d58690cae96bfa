"""Where programs are born: everything is imported once, and each program is a fork of that.

What runs in the child is `python -m bot WORDS`, in a process of its own that can be killed; only the
seconds of importing, of reading the sentences and of mapping the tables are saved, which matters when a
hundred programs are started in a row.

With KILL_AT in its environment a program is killed (SIGKILL) at one step of its own, to the line: at the n-th
"call" or "return" of a function, written "bot/outbound/sender.py Sender._send call 3".
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy.orm import configure_mappers

from bot.texts import catalogue

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "bot.cli",
    "models.tables",
    "sqlite3",
    "uvicorn.protocols.http.auto",
    "apscheduler.executors.asyncio",
)
# Its library takes two seconds, and half of it comes only when it is used.
TWILIO = ("bot.running.whatsapp", "twilio.rest.api", "twilio.rest.content", "twilio.rest.messaging")
Tracer = Callable[[FrameType, str, Any], Any]


class Nursery:
    """`born` starts programs; `close` ends the nursery, and with it whatever it has started."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._pids: list[int] = []
        self._asking = threading.Lock()

    def born(
        self,
        env: dict[str, str],
        words: list[str],
        log: Path,
        *,
        errors: Path | None = None,
        folder: Path = ROOT,
    ) -> int:
        """Starts `python -m bot WORDS` with this environment in `folder`; its process id. It prints into
        `log`, and what goes to stderr into `errors` where that is another file."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "env": env,
            "words": words,
            "log": str(log),
            "errors": str(errors or log),
            "folder": str(folder),
        }
        with self._asking:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            pid = int(self._process.stdout.readline())
            self._pids.append(pid)
        return pid

    def close(self) -> None:
        for pid in self._pids:
            kill(pid)
        self._process.communicate()


def code_of(log: Path) -> Path:
    """Where the exit code of the process with this log stands, once it has ended by itself."""
    return log.with_suffix(".code")


def lives(pid: int) -> bool:
    """Whether a process is there. The nursery buries its dead at once."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill(pid: int, number: signal.Signals = signal.SIGKILL, seconds: float = 30.0) -> bool:
    """Sends a signal and waits until the process is gone; False when it is still there after so long."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return True
    until = time.monotonic() + seconds
    while lives(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def _kill_at(step: str) -> None:
    """Has this process die at a step. Python tells of every call, in every thread, and of the returns from
    the one function alone: a program that was told of them all would take twice as long for everything."""
    file, name, event, count = step.split()
    left = int(count)

    def met() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def inside(_frame: FrameType, what: str, _argument: object) -> Tracer:
        if what == "return":
            met()
        return inside

    def look(frame: FrameType, _call: str, _argument: object) -> Tracer | None:
        if frame.f_code.co_qualname != name or not frame.f_code.co_filename.endswith(file):
            return None
        if event == "return":
            frame.f_trace_lines = False
            return inside
        met()
        return None

    threading.settrace(look)
    sys.settrace(look)


def _child(order: dict[str, Any]) -> None:
    from bot import cli

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(order["log"]).open("wb", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    if order["errors"] != order["log"]:
        with Path(order["errors"]).open("wb", buffering=0) as errors:
            os.dup2(errors.fileno(), 2)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = ["python -m bot", *order["words"]]
    if step := os.environ.pop("KILL_AT", ""):
        _kill_at(step)
    try:
        cli.main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _import(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)


def _serve() -> None:
    _import(PROGRAM)
    catalogue.current()
    configure_mappers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order, code = json.loads(line), 0
        if "TWILIO_ACCOUNT_SID" in order["env"]:
            _import(TWILIO)
        pid = os.fork()
        if pid == 0:
            os.close(0)
            os.open(os.devnull, os.O_RDONLY)
            try:
                _child(order)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                code = 1
            code_of(Path(order["log"])).write_text(str(code))
            os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
