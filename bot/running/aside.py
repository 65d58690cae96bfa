"""Work that takes processor time is done aside: in a few processes, of low priority where it has time.

Pictures are decoded and compared there, so that no flood of them keeps a person waiting who asks something,
and one that brings its decoder down brings down nothing else. A process is started when it is needed and
ends when it has had nothing to do for a while, which gives its memory back; it ends with us, too, however
we end, because its standard input does.
"""

import asyncio
import contextlib
import importlib
import os
import pickle
import signal
import struct
import sys
from pathlib import Path
from typing import IO, Any

IDLE_SECONDS = 60.0
NICENESS = 5  # of 19: others come first, and yet it gets on where they always want something
_LENGTH = struct.Struct(">Q")
_ROOT = Path(__file__).resolve().parents[2]


class EndedError(Exception):
    """The process ended before it answered: its decoder crashed, or somebody ended it."""


class Aside:
    """Calls methods of an object that lives in each of up to `at_once` processes.

    `made` says of what: "bot.vision.sight:Sight", made there with `args`. `niceness` says how much others
    come first, from 0 to 19. Belongs to one event loop.
    """

    def __init__(
        self,
        made: str,
        *args: Any,
        at_once: int = 2,
        idle: float = IDLE_SECONDS,
        niceness: int = NICENESS,
    ) -> None:
        self.at_once, self._first, self._idle_seconds = at_once, (made, args), idle
        self._niceness = niceness
        self._places = asyncio.Semaphore(at_once)
        self._idle: list[asyncio.subprocess.Process] = []
        self._ending: list[asyncio.subprocess.Process] = []
        self._timer: asyncio.TimerHandle | None = None

    async def call(self, name: str, *args: Any) -> Any:
        """What the method returns, or raises; arguments and result travel as pickles.

        Waits until one of the processes is free. Raises EndedError. Whoever is cancelled while waiting ends
        the process with it: nobody waits for its answer any more.
        """
        async with self._places:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                good, value = await _ask(process, (name, args))
            except BaseException as error:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                self._ends(process)
                if isinstance(error, asyncio.IncompleteReadError | ConnectionError):
                    raise EndedError(f"the process that was to {name} has ended") from error
                raise
            self._idle.append(process)
            self._rest_later()
        if not good:
            raise value
        return value

    async def close(self) -> None:
        """Ends the processes; call it when nobody waits for one any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._rest()
        for process in self._ending:
            try:
                await asyncio.wait_for(process.wait(), 5)
            except TimeoutError:
                process.kill()
                await process.wait()
        self._ending.clear()

    async def _start(self) -> asyncio.subprocess.Process:
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.running.aside", str(self._niceness),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            # Its parallel work is that there are several of it.
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(_framed(self._first))
        return process

    def _rest_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._rest)

    def _rest(self) -> None:
        for process in self._idle:
            self._ends(process)
        self._idle.clear()

    def _ends(self, process: asyncio.subprocess.Process) -> None:
        """Remembered until it has: it is waited for at the end."""
        assert process.stdin is not None
        process.stdin.close()
        self._ending = [one for one in self._ending if one.returncode is None]
        self._ending.append(process)


async def _ask(process: asyncio.subprocess.Process, question: object) -> tuple[bool, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(_framed(question))
    await process.stdin.drain()
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    answer: tuple[bool, Any] = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our own
    return answer


def _framed(message: object) -> bytes:
    data = pickle.dumps(message)
    return _LENGTH.pack(len(data)) + data


# -- in the other process ------------------------------------------------------------------------


def main() -> None:
    """Answers one question after the other, until there will be no more."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever started us says when it is over
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):  # Windows knows no niceness
        os.nice(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    questions = sys.stdin.buffer
    first = _read(questions)
    if first is None:
        return
    made, args = first
    module, _, name = made.partition(":")
    worker = getattr(importlib.import_module(module), name)(*args)
    with contextlib.suppress(BrokenPipeError):  # nobody listens any more
        while (question := _read(questions)) is not None:
            answers.write(_framed(_answer(worker, *question)))
            answers.flush()


def _read(questions: IO[bytes]) -> Any:
    head = questions.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    return pickle.loads(questions.read(length))  # noqa: S301 - of the process that started us


def _answer(worker: object, name: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, getattr(worker, name)(*args)
    except Exception as error:
        try:  # some cannot travel
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        except Exception:
            return False, RuntimeError(repr(error))
        return False, error


if __name__ == "__main__":
    main()
