"""Rows to somebody on WhatsApp of which nobody knows whether they arrived, and what the provider lists."""

from datetime import UTC, datetime, timedelta

from models.sending import forgone, sending, settling
from models.sending.settling import Found, Listed, Unknown, fingerprint
from tests import windowed
from tests.chat import Stage

NUMBER = "+6281317036688"
NOON = datetime(2026, 11, 25, 5, tzinfo=UTC)


def unknown(
    number: int, *words: str | None, at: int = 0, to: str = NUMBER, out: tuple[str, ...] = ()
) -> Unknown:
    """A row of as many pieces as there are words."""
    when = NOON + timedelta(seconds=at)
    marks = tuple(fingerprint(to, some) for some in words)
    return Unknown(number, f"k{number}", "whatsapp", to, when, when, marks, out)


def listed(name: str, words: str, *, at: int = 1, to: str = NUMBER, file: bool = False) -> Listed:
    return Listed(name, to, words, NOON + timedelta(seconds=at), file)


def arrived(*names: str) -> Found:
    return Found(names, whole=True)


def begun(stage: Stage, *keys: str, marked: bool = True) -> None:
    """Rows that were handed to the channel when the sender died."""
    windowed.person(stage, "Siti", NUMBER, timedelta(hours=1))
    with stage.session() as session, session.begin():
        for key in keys:
            windowed.write(session, stage.now, key, NUMBER)
    rows = windowed.take(stage)
    with stage.session() as session, session.begin():
        if marked:
            settling.mark(session, {row.id: [fingerprint(NUMBER, f"Halo {row.key}")] for row in rows})


def crash(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return sending.reclaim(session, stage.now, owners_gone=True)


def asked_about(stage: Stage) -> list[Unknown]:
    with stage.session() as session:
        due = settling.unsettled(session, stage.now)
        return [row for channel, address, _ in due for row in settling.of(session, channel, address)]


def settle(stage: Stage, found: dict[int, Found], absent: list[int], gap: float = 0.0) -> int:
    with stage.session() as session, session.begin():
        return settling.settle(session, stage.now, found, absent, gap=gap)


def in_pieces(stage: Stage, *words: str) -> Unknown:
    """A message in pieces that was handed to the channel when the sender died."""
    begun(stage, "a", marked=False)
    row = windowed.found(stage, "a")
    with stage.session() as session, session.begin():
        settling.mark(session, {row.id: [fingerprint(NUMBER, some) for some in words]})
    crash(stage)
    (one,) = asked_about(stage)
    return one


def silent(stage: Stage, attempts: int = 8) -> int:
    with stage.session() as session, session.begin():
        return forgone.silent(session, stage.now, attempts)
