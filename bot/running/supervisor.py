"""Keeps the loops of a process going: a bug in one part, or a server that is away, harms no other."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from bot.telemetry import logs

log = logs.logger(__name__)
Loop = Callable[[], Coroutine[Any, Any, None]]
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between two tries of a loop that fails


class CannotStartError(Exception):
    """A part of the program cannot work as it is set up; the message says what to change."""


async def keep_going(
    name: str, loop: Loop, *, shortest: float = SHORTEST_PAUSE, longest: float = LONGEST_PAUSE
) -> None:
    """Runs `loop` until it returns or is cancelled; one that fails is logged and begins again.

    The pause in between doubles, from `shortest` to `longest` seconds, as long as it fails at once.
    Raises CannotStartError, which no second try can mend.
    """
    pause = shortest
    while True:
        began = time.monotonic()
        try:
            await loop()
        except CannotStartError:
            raise
        except Exception:
            if time.monotonic() - began > longest:
                pause = shortest
            log.exception("loop_failed", loop=name, again_in=pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(longest, pause * 2)
