"""Stoplight's Prism as a proxy: it passes everything on, and says in a header what did not fit."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import programs

PACKAGE = "@stoplight/prism-cli@5.16.0"
INSTALL_SECONDS, START_SECONDS = 300, 60


class MissingError(Exception):
    """What Prism needs is not on this machine."""


def install(folder: Path) -> Path:
    """Installs Prism below `folder` unless it is there; its executable. Raises MissingError."""
    prism = folder / "node_modules" / ".bin" / "prism"
    if prism.exists():
        return prism
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError("npm is not here: install Node.js 20 or newer")
    folder.mkdir(parents=True, exist_ok=True)
    asked = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode:
        raise MissingError(f"npm could not install {PACKAGE}: {done.stderr.strip()[-400:]}")
    return prism


@contextmanager
def proxy(prism: Path, spec: Path, upstream: str) -> Iterator[str]:
    """Prism between a caller and `upstream`; the address for the caller."""
    port = programs.free_port()
    log = spec.with_suffix(".log")
    with log.open("w") as out:
        running = subprocess.Popen(
            [str(prism), "proxy", str(spec), upstream, "--port", str(port), "--verboseLevel", "error"],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(port, running, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until it listens. Raises MissingError where it does not."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and running.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise MissingError(f"Prism does not start: {log.read_text().strip()[-400:]}")
