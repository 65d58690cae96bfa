"""The libraries that others would take, used as their own pages show, in a venv of their own.

aiogram asks for an older pydantic than we do. The venv is made on first use, from bench/peers.lock;
delete `.venv-peers` to have it made again. A peer prints one line of JSON: what it did.
"""

import asyncio
import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-peers"
LOCK = ROOT / "bench" / "peers.lock"


def python() -> Path:
    """The interpreter of the peers' venv, which is made if it is not there or the lock has changed."""
    found, stamp = HOME / "bin" / "python", HOME / "made-from.lock"
    if found.exists() and stamp.exists() and stamp.read_text() == LOCK.read_text():
        return found
    print(f"  … making {HOME.name} from {LOCK.name}, once", file=sys.stderr, flush=True)
    venv.create(HOME, with_pip=True, clear=True)
    subprocess.run([found, "-m", "pip", "install", "-qq", "--require-hashes", "-r", LOCK], check=True)
    stamp.write_text(LOCK.read_text())
    return found


def command(name: str, *words: object) -> list[str]:
    """The words that run a peer: `python -m bench.peers.NAME WORDS`."""
    return [str(python()), "-W", "ignore", "-m", f"bench.peers.{name}", *map(str, words)]


async def run(name: str, *words: object, seconds: float = 180.0) -> dict[str, Any]:
    """Runs a peer to its end; what it said. Raises RuntimeError when it failed, TimeoutError."""
    return await _told(name, command(name, *words), seconds)


async def run_here(name: str, *words: object, seconds: float = 180.0) -> dict[str, Any]:
    """As `run`, of a peer whose library we have ourselves."""
    command_ = [sys.executable, "-W", "ignore", "-m", f"bench.peers.{name}", *map(str, words)]
    return await _told(name, command_, seconds)


async def _told(name: str, command: Sequence[str], seconds: float) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            out, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"{name} failed:\n{complaints.decode()[-2000:]}")
    said: dict[str, Any] = json.loads(out.splitlines()[-1])
    return said
