"""What many messages of one transaction each ask for, done once for all of them.

A statement costs the same for one row as for twenty: what nobody has to see before the transaction
ends is gathered, and carried out before the commit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

Doing = Callable[[Session, Sequence[Mapping[str, Any]]], object]
_GATHERED = "gathered"


def gather(session: Session, doing: Doing, what: Mapping[str, Any]) -> None:
    """Has `doing` called with `what`, and with all else that was gathered for it, by `carry_out`."""
    session.info.setdefault(_GATHERED, {}).setdefault(doing, []).append(what)


def carry_out(session: Session, only: Doing | None = None) -> None:
    """Does what was gathered (of one kind with `only`), each kind in the order of its coming."""
    gathered = session.info.get(_GATHERED, {})
    for doing in [only] if only else list(gathered):
        if what := gathered.pop(doing, None):
            doing(session, what)


def forget(session: Session) -> None:
    """Drops what was gathered: what asked for it is undone."""
    session.info.pop(_GATHERED, None)
