"""One piece of work in a process of its own, so that its peak of memory is its own."""

import multiprocessing
import re
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def run(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What `work`, a function of a module, returns in a fresh process. Raises RuntimeError where it failed;
    its own words about that are on the screen."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(there, work, args, named))
    child.start()
    there.close()
    try:
        found: T = here.recv()
    except EOFError:
        raise RuntimeError(f"{work.__name__} failed; see above") from None
    finally:
        child.join()
    return found


def _child(answer: Connection, work: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any]) -> None:
    answer.send(work(*args, **named))


def peak() -> float:
    """The peak of this process in MB. That of getrusage begins with what the parent had."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1e3
