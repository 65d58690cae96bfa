"""The command line in tests: each command is a process of its own, with its own environment and folder.

A start from nothing spends three seconds of a processor on importing, and some tests need ten. So they are
forked from one process that has imported everything (`tests/faults/nursery.py`), which ends with the tests.
"""

import atexit
import functools
import subprocess
import tempfile
import time
from pathlib import Path

from tests.faults import nursery
from tests.faults.nursery import ROOT, Nursery


def run(
    env: dict[str, str], *words: str, folder: Path = ROOT, seconds: float = 120.0
) -> "subprocess.CompletedProcess[bytes]":
    """`python -m bot WORDS` with this environment, in `folder`. Raises TimeoutExpired after so long."""
    with tempfile.TemporaryDirectory(prefix="satu-pesan-command-") as kept:
        said, wrong = Path(kept, "said"), Path(kept, "wrong")
        pid = _nursery().born(env, list(words), said, errors=wrong, folder=folder)
        until = time.monotonic() + seconds
        while nursery.lives(pid):
            if time.monotonic() > until:
                nursery.kill(pid)
                raise subprocess.TimeoutExpired(words, seconds, said.read_bytes(), wrong.read_bytes())
            time.sleep(0.005)
        code = int(nursery.code_of(said).read_text())
        return subprocess.CompletedProcess(words, code, said.read_bytes(), wrong.read_bytes())


def told(
    env: dict[str, str], *words: str, folder: Path = ROOT, seconds: float = 120.0
) -> "subprocess.CompletedProcess[str]":
    """As `run`, and what it said as text."""
    done = run(env, *words, folder=folder, seconds=seconds)
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


@functools.cache
def _nursery() -> Nursery:
    made = Nursery()
    atexit.register(made.close)
    return made
