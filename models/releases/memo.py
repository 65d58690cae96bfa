"""Where a session keeps what was read of many people's cards at once (`recent.py`), until cards come."""

from typing import Any

from sqlalchemy.orm import Session

_MEMO = "recent_cards"


def keep(session: Session, what: Any) -> None:
    """Instead of what was kept before."""
    session.info[_MEMO] = what


def kept(session: Session) -> Any:
    """What was kept; None where it is out of date, or nothing was."""
    return session.info.get(_MEMO)


def forget(session: Session) -> None:
    """Cards have come, or the transaction is over: what is asked for is read anew."""
    session.info.pop(_MEMO, None)
