"""The real program in processes of its own, against the real simulator: what faults and benches use."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator import process

ROOT = Path(__file__).resolve().parents[1]
BYTECODE = ("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")  # where what is compiled is kept


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(url: str, api_url: str, folder: Path, **settings: object) -> dict[str, str]:
    """What `python -m bot` needs to know; `settings` override config.yaml (`sender__lease_seconds=5`)."""
    overrides = {f"SATU_PESAN__{name.upper()}": str(value) for name, value in settings.items()}
    compiled = {name: os.environ[name] for name in BYTECODE if name in os.environ}
    return {
        **compiled,
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": url,
        "TELEGRAM_TOKEN": process.TOKEN,
        "TELEGRAM_API_URL": api_url,
        "SATU_PESAN__STORAGE__MEDIA_URL": f"file://{folder / 'media'}",
        **overrides,
    }


@dataclass
class Running:
    """One `python -m bot run`. Its log goes to `log`."""

    process: "subprocess.Popen[bytes]"
    log: Path
    started: float = field(default_factory=time.monotonic)

    def kill(self) -> None:
        """SIGKILL: a power cut."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def launch(env: dict[str, str], folder: Path, role: str = "all") -> Running:
    """Starts `python -m bot run --role ROLE` in `folder`'s name, not waiting for it to be ready."""
    log = folder / f"{role}-{time.monotonic_ns()}.log"
    with log.open("wb") as target:
        started = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--role", role],
            cwd=ROOT,
            env=env,
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    return Running(started, log)


@contextlib.contextmanager
def running(env: dict[str, str], folder: Path, *roles: str) -> Iterator[list[Running]]:
    """One process for each role (all, when none is named), stopped at the end."""
    started = [launch(env, folder, role) for role in roles or ("all",)]
    try:
        yield started
    finally:
        for one in started:
            one.stop()


def command(env: dict[str, str], *words: str) -> str:
    """Runs `python -m bot WORDS`; what it printed. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"python -m bot {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
