"""What tests have done in processes aside."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.files.pictures import Refused
from bot.outbound.library import Paper
from bot.reports.press import Press


class Strange(Exception):  # noqa: N818
    """It cannot travel: made anew from its arguments it would lack one."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one)
        self.two = two


class Hand:
    """`folder` is where those who work at the same time can see each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def who(self) -> int:
        return os.getpid()

    def niceness(self) -> int:
        return os.getpriority(os.PRIO_PROCESS, 0)

    def together(self, count: int) -> tuple[int, int]:
        """Waits until so many are at it; its process, and how many there were in the end."""
        mine = self.folder / str(os.getpid())
        mine.touch()
        met = self.folder / "met"
        until = time.monotonic() + 60
        while not met.exists() and time.monotonic() < until:
            if len(list(self.folder.iterdir())) >= count:
                met.touch()
            time.sleep(0.005)
        here = len(list(self.folder.iterdir())) - 1
        mine.unlink()
        return os.getpid(), here

    def refuses(self) -> None:
        raise Refused("media.too_large", size=7)

    def fails(self) -> None:
        raise Strange(1, 2)

    def prints(self) -> str:
        os.write(1, b"a library says something\n")
        return "said"

    def dies(self) -> None:
        os._exit(9)

    def hangs(self) -> None:
        (self.folder / f"hangs-{os.getpid()}").touch()
        time.sleep(600)


class SlowPress(Press):
    """Takes a processor for as long as it takes until there is a file "go" in `folder`: a big export."""

    def __init__(self, folder: Path, *args: Any) -> None:
        super().__init__(*args)
        self.folder = folder

    def make(self, name: str, now: datetime) -> Paper:
        (self.folder / "begun").touch()
        until = time.monotonic() + 60
        while not (self.folder / "go").exists() and time.monotonic() < until:
            sum(range(100_000))
        return super().make(name, now)
