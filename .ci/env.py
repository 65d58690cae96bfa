"""Runs a command in the project's own environment, which is made first where it is missing.

    python3 .ci/env.py python -m bot demo     what the program needs (requirements.lock)
    python3 .ci/env.py pytest                 that and the tools (requirements-dev.lock)
    python3 .ci/env.py --run COMMAND          another command with what the program needs, no more

The environment is `.venv` beside this folder. A stamp in it says which lock it was made from, so the
second start goes straight to the command. Only the standard library is used; the syntax is old enough
for a Python that is too old to be told so.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP = VENV / ".ready"
UNDER_WAY = VENV / ".installing"
LOG = VENV / "install.log"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
OLDEST = (3, 11)

# What pip says, and what it means to somebody who only wanted to start a program.
TROUBLES = (
    (
        "No space left on device|Errno 28|disk full",
        "The disk is full. About 1 GB is needed: free some and start again.",
    ),
    (
        "DO NOT MATCH THE HASHES",
        "A package that was downloaded is not the one that the lock names, and was not installed. "
        "Start again; if it stays so, ask who runs your package index or proxy.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|SSLError",
        "The package index could not be trusted (TLS). "
        "Behind the proxy of an office, set PIP_CERT to its certificate.",
    ),
    (
        "NewConnectionError|NameResolution|name resolution|Connection refused|Network is unreachable"
        "|timed out|ProxyError|Max retries|Could not find a version|No matching distribution",
        "The packages could not be fetched. Is this machine online, and does it reach a package index? "
        "Start again when it does.",
    ),
    ("Permission denied|Read-only file system", "You may not write to this folder."),
)


def say(text: str) -> None:
    """To stderr: stdout belongs to the command."""
    sys.stderr.write("env: " + text + "\n")
    sys.stderr.flush()


def stop(text: str) -> NoReturn:
    say(text)
    raise SystemExit(1)


def fingerprint(kind: str) -> str:
    return hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()


def is_ready(kind: str) -> bool:
    """Whether the environment is whole, stands where it was made, and fits the lock of today.

    The tools' lock contains the program's (`.ci/lock` sees to it), so it serves for both.
    """
    try:
        lock, root, python = STAMP.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    if root != str(ROOT) or os.path.realpath(PYTHON) != python or not Path(python).exists():
        return False
    return lock in {fingerprint("dev"), fingerprint(kind)}


def another_python() -> str:
    """A Python on the PATH that is new enough, or nothing."""
    import shutil

    found = (shutil.which(f"python3.{minor}") for minor in range(14, OLDEST[1] - 1, -1))
    return next((path for path in found if path), "")


def check_python() -> None:
    """Goes on with another Python when this one is too old."""
    if sys.version_info >= OLDEST:
        return
    other = another_python()
    if other and not WINDOWS:
        os.execv(other, [other, *sys.argv])
    needed, found = (".".join(str(part) for part in parts[:2]) for parts in (OLDEST, sys.version_info))
    stop(
        f"Python {needed} or newer is needed; {sys.executable} is {found}.\n"
        "     Debian 12, Ubuntu 24.04 and python.org have it."
    )


def prepare(kind: str) -> None:
    """Makes `.venv` and installs the lock into it; the stamp comes last."""
    import time

    check_python()
    started = time.monotonic()
    fresh = make_venv()
    lines = (ROOT / LOCKS[kind]).read_text(encoding="utf-8").splitlines()
    count = sum("==" in line and line[:1].isalnum() for line in lines)
    hint = " (first time: about two minutes)" if fresh else ""
    say(f"installing {count} packages into .venv{hint} …")
    UNDER_WAY.touch()  # a later start knows by this file that pip was cut short, and begins anew
    install(kind)
    new = STAMP.with_name(".ready.new")
    new.write_text("\n".join([fingerprint(kind), str(ROOT), os.path.realpath(PYTHON)]), encoding="utf-8")
    new.replace(STAMP)
    UNDER_WAY.unlink()
    say(f"ready after {time.monotonic() - started:.0f} s")


def make_venv() -> bool:
    """Whether a new one had to be made; one that works is kept and only brought up to date."""
    import importlib.util
    import subprocess

    if VENV.exists() and not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
        stop(f"{VENV} is not an environment of Python's. Move it away and start again.")
    if PYTHON.exists() and not UNDER_WAY.exists() and not moved():
        code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
        if subprocess.call([PYTHON, "-c", code], stderr=subprocess.DEVNULL) == 0:
            return False
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop(
            "this Python cannot make environments: a part of it (venv, ensurepip) is not installed.\n"
            "     On Debian and Ubuntu: apt-get install python3-venv. Then start again."
        )
    say(f"making .venv with {sys.executable}")
    result = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=plain(), check=False,
    )  # fmt: skip
    if result.returncode:
        explain(result.stdout.decode("utf-8", "replace"))
    return True


def moved() -> bool:
    """Whether the folder was made elsewhere: its commands would start what is (or was) there."""
    try:
        return STAMP.read_text(encoding="utf-8").splitlines()[1] != str(ROOT)
    except (OSError, IndexError):
        return False


def install(kind: str) -> None:
    """Everything that the lock names, each file checked against its hash. Output goes to a log."""
    import subprocess

    options = "--quiet --disable-pip-version-check --no-input --no-user --require-hashes --no-deps"
    command = [str(PYTHON), "-m", "pip", "install", *options.split(), "--no-compile", "-r", LOCKS[kind]]
    with LOG.open("wb") as log:
        code = subprocess.call(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=plain()
        )
    if code:
        explain(LOG.read_text(encoding="utf-8", errors="replace"))


def explain(output: str) -> NoReturn:
    """Ends with a sentence, and with what pip said itself."""
    import re

    lines = [
        line for line in output.splitlines() if line.strip() and not line.startswith("WARNING: Location")
    ]
    for line in lines[-12:]:
        sys.stderr.write("     | " + line + "\n")
    for pattern, sentence in TROUBLES:
        if re.search(pattern, output, re.IGNORECASE):
            stop(sentence)
    stop(f"the environment could not be made. Everything pip said is in {LOG}")


def plain() -> dict[str, str]:
    """Our environment without what would make Python look elsewhere."""
    away = {
        "PYTHONHOME",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "__PYVENV_LAUNCHER__",
    }
    return {name: value for name, value in os.environ.items() if name not in away}


class OneAtATime:
    """Holds this very file locked, so that two starts do not install at once; nothing is left behind."""

    def __enter__(self) -> None:
        self.file = Path(__file__).open("rb")
        if WINDOWS:
            import msvcrt

            self.file.seek(1 << 30)  # a lock there hinders nobody from reading the file
            msvcrt.locking(self.file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
            return
        import fcntl

        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting: another start is installing")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def run(command: list[str]) -> None:
    """Becomes the command, in the root of the project and with the environment's programs first."""
    os.environ["VIRTUAL_ENV"] = str(VENV)
    os.environ["PATH"] = str(SCRIPTS) + os.pathsep + os.environ.get("PATH", os.defpath)
    os.environ.pop("PYTHONHOME", None)
    keep_bytecode()
    os.chdir(ROOT)
    program = str(SCRIPTS / command[0])
    if WINDOWS or not Path(program).exists():
        import shutil

        program = shutil.which(command[0]) or ""
        if not program:
            stop(f"there is no command {command[0]}")
    if WINDOWS:
        import subprocess

        raise SystemExit(subprocess.call([program, *command[1:]]))
    os.execv(program, [program, *command[1:]])


def keep_bytecode() -> None:
    """Who wants no `__pycache__` beside the sources (many containers do) gets them in the environment.

    The packages come uncompiled, to be installed sooner; with nowhere to keep what is compiled, each start of
    the program would spend five seconds on compiling them again.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "bytecode"))


def main(arguments: list[str]) -> None:
    only_run = arguments[:1] == ["--run"]
    command = arguments[1:] if only_run else arguments
    if not command or command[0].startswith("-"):
        sys.stderr.write(str(__doc__))
        raise SystemExit(2)
    of_program = command[0] in {"python", "python3"} and command[1:3] == ["-m", "bot"]
    kind = "run" if only_run or of_program else "dev"
    try:
        if not is_ready(kind):
            with OneAtATime():
                if not is_ready(kind):  # the other start may have made it meanwhile
                    prepare(kind)
    except KeyboardInterrupt:
        say("interrupted; the next start begins anew")
        raise SystemExit(130) from None
    except OSError as error:
        explain(str(error))
    run(command)


if __name__ == "__main__":
    main(sys.argv[1:])
