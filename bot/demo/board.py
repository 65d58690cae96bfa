"""What the demo prints: one line a step, with a moving bar while it runs on a terminal."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)


class CheckError(Exception):
    """A step did not do what it should have done; the message is what was found instead."""


def expect(condition: object, found: str) -> None:
    """Raises CheckError with what was found, unless the condition holds."""
    if not condition:
        raise CheckError(found)


def same(what: str, found: object, wanted: object) -> None:
    """Raises CheckError unless both are equal."""
    expect(found == wanted, f"{what}: {found}, not {wanted}")


def number(value: float) -> str:
    """1361 → "1,361"."""
    return f"{value:,.0f}"


def reason(error: BaseException) -> str:
    """What went wrong first, in words, out of however many groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{error}" if isinstance(error, CheckError | TimeoutError) else f"{type(error).__name__}: {error}"


class Step:
    """A step under way. `note` is printed behind its title when it is done."""

    def __init__(self, progress: Progress | None, title: str) -> None:
        self.note = ""
        self._progress = progress
        self._title = title
        self._task = progress.add_task(title, total=None) if progress else None

    def show(self, done: float, total: float, text: str = "") -> None:
        """Moves the bar to done of total."""
        if self._progress is not None and self._task is not None:
            shown = f"{self._title}  [dim]{escape(text)}[/dim]" if text else self._title
            self._progress.update(self._task, completed=done, total=total or None, description=shown)


class Board:
    """Prints steps to a console; lines only where it is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self.failed = ""

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """One step: a tick, its title, its note and its time; a cross and the reason where it fails."""
        started = time.monotonic()
        with self._bar() as progress:
            step = Step(progress, title)
            try:
                yield step
            except Exception as error:
                self.failed = title
                self._line("[bold red]✗[/bold red]", title, reason(error), started)
                raise
        self._line("[bold green]✓[/bold green]", title, step.note, started)

    @contextmanager
    def _bar(self) -> Iterator[Progress | None]:
        if not self.console.is_terminal:
            yield None
            return
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        ) as progress:
            yield progress

    def _line(self, mark: str, title: str, note: str, started: float) -> None:
        seconds = f"{time.monotonic() - started:.1f} s"
        self.console.print(f"{mark} [bold]{escape(title)}[/bold]  {escape(note)}  [dim]{seconds}[/dim]")

    def say(self, text: str = "") -> None:
        self.console.print(escape(text))


def run(work: Callable[[], Coroutine[Any, Any, None]], board: Board) -> int:
    """Runs the demo to its end; the exit code: 0, 1 when a step failed, 130 when it was interrupted."""
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with suppress(ImportError):  # not made for Windows
        import uvloop

        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work())
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not board.failed:
            board.console.print_exception()
        board.say(f"The demo failed at: {board.failed or 'its start'}: {reason(error)}")
        return 1
    return 0
