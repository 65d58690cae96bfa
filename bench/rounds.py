"""What the program does by itself all the time, and a search: each must cost little, however many people.

    python -m bench.rounds [--quick] [--engine sqlite postgresql] [--people 36000] [--items 8000] [--plans]

Milliseconds of one round, its commit included. `--plans` prints how the engine carries out the newest
results of a release and the audience that is looked through.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, ExecutionContext, event, select, text, update
from sqlalchemy.orm import Session

from bench import ground
from bot.storage import database
from models.content import content, states
from models.content.content import Item
from models.editorial import searching, waits
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import audit, people
from models.people.people import Account, Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import holding, releases
from models.releases.releases import Release
from tests import seeding

REPEATS = 25
WAITING = 200  # items that wait for their reviewers
PROGRAMME = Programme()
WORDS = (
    "Puskesmas melayani pemeriksaan kesehatan gratis setiap hari kerja bagi keluarga di seluruh kabupaten "
    "kota provinsi pendaftaran dibuka pagi petugas membantu warga membawa kartu keluarga dan tanda pengenal "
    "jalan desa jembatan sawah irigasi pupuk bibit pasar harga sekolah guru murid beasiswa perpustakaan"
).split()


@dataclass(frozen=True)
class Round:
    """One thing that is done again and again; `what` takes a session and the moment."""

    name: str
    what: Callable[[Session, datetime], object]


def _prose(start: int, number: int) -> str:
    return " ".join(WORDS[(start * 31 + nth * nth + nth) % len(WORDS)] for nth in range(number))


def items(session: Session, number: int, now: datetime) -> None:
    """So many closed items of earlier weeks, with texts as long as teams write them."""
    author = session.scalars(select(Person.id).order_by(Person.id.desc())).first()
    opds = session.scalars(select(Opd.id).order_by(Opd.id)).all()
    for nth in range(number):
        session.add(
            Item(
                opd_id=opds[nth % len(opds)],
                author_id=author,
                week=f"{2020 + nth % 6}-W{1 + nth % 52:02}",
                status=states.CLOSED,
                version=1,
                title=f"{_prose(nth, 6)} {nth}",
                what=_prose(nth + 1, 30),
                why=_prose(nth + 2, 25),
                caption=_prose(nth + 3, 60),
                source_url="https://jambiprov.go.id/berita",
                no_media=True,
                created_at=now,
                updated_at=now - timedelta(minutes=nth),
            )
        )
    session.flush()


def waiting(session: Session, now: datetime) -> None:
    """Items that have waited for quality control since yesterday; each was raised once already."""
    author = session.get_one(Person, session.scalars(select(Person.id).order_by(Person.id.desc())).first())
    home, since = session.scalars(select(Opd.id)).first(), now - timedelta(hours=30)
    seeding.official(session, "tag", home)
    judge = seeding.official(session, "tag", home)
    people.meet(session, "telegram", "7", "TAG", now).person_id = judge.id
    for nth in range(WAITING):
        item = content.Item(
            opd_id=home, author_id=author.id, week="2027-W01", status=states.EDITED, version=1,
            title=f"Menunggu {nth}", created_at=since, updated_at=since,
        )  # fmt: skip
        session.add(item)
        session.flush()
        for act, before, after in (
            ("start", "", states.DRAFT),
            ("submit", states.DRAFT, states.SUBMITTED),
            ("endorse", states.SUBMITTED, states.EDITED),
            (waits.REMIND, states.EDITED, states.EDITED),
        ):
            audit.record(session, since, act, "item", item.id, before=before, after=after)
        session.flush()


def blocked(session: Session) -> None:
    """Every twentieth person has blocked the bot, which knows it."""
    session.execute(update(Account).where(Account.id % 20 == 0).values(status=people.BLOCKED))


def urgent(session: Session, now: datetime) -> None:
    """An urgent item of the province is out since a day, the week's release is running."""
    author = session.scalars(select(Person.id).order_by(Person.id.desc())).first()
    item = Item(
        opd_id=None, author_id=author, week="", status=states.APPROVED, version=1, urgent=True,
        title="Kabar palsu bantuan", created_at=now, updated_at=now, no_media=True,
    )  # fmt: skip
    session.add(item)
    session.flush()
    yesterday = now - timedelta(days=1)
    releases.open_one(session, yesterday, now + timedelta(days=6), province="Jambi", by=None, item=item)
    releases.start(session, weeks.of(now, PROGRAMME), yesterday, now + timedelta(days=6), province="Jambi")


def sent(session: Session, now: datetime) -> None:
    """Everything has gone out within the last hour but the last tenth of the weekly release; of a hundred
    one has failed."""
    running = session.scalars(select(Release.id).where(Release.item_id.is_(None))).one()
    rows = session.scalars(
        select(Outbound.id).where(Outbound.status.in_(outbox.UNSENT)).order_by(Outbound.id)
    )
    mine = session.scalars(
        select(Outbound.id).where(Outbound.release_id == running).order_by(Outbound.id)
    ).all()
    ends = mine[len(mine) * 9 // 10]
    done = [number for number in rows if not mine[0] <= number or number < ends]
    statement = update(Outbound).execution_options(synchronize_session=False)
    begin = now - timedelta(hours=1)
    for first in range(0, len(done), 500):
        some = done[first : first + 500]
        at = begin + timedelta(seconds=3600 * first / len(done))
        session.execute(
            statement.where(Outbound.id.in_(some)), {"status": outbox.SENT, "sent_at": at, "due_at": at}
        )
    failed = [number for nth, number in enumerate(done) if nth % 100 == 0]
    for first in range(0, len(failed), 500):
        some = failed[first : first + 500]
        session.execute(
            statement.where(Outbound.id.in_(some)),
            {"status": outbox.FAILED, "reason": "refused", "sent_at": None},
        )


def prepare(engine: Engine, count: int, number: int, now: datetime) -> None:
    seeding.seed(engine, count, now=now)
    for step in (blocked, lambda session: items(session, number, now), lambda session: waiting(session, now)):
        with Session(engine) as session, session.begin():
            step(session)
    with Session(engine) as session, session.begin():
        urgent(session, now)
    with Session(engine) as session, session.begin():
        sent(session, now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


def rounds(engine: Engine) -> list[Round]:
    with Session(engine) as session:
        running = session.scalars(select(Release.id).where(Release.item_id.is_(None))).one()
        reader = session.scalars(select(Person.id).order_by(Person.id)).first()

    def hold(session: Session, now: datetime) -> object:
        return holding.look(session, session.get_one(Release, running), now, failures=0.2, least=50)

    def find(word: str) -> Callable[[Session, datetime], object]:
        def look(session: Session, _now: datetime) -> object:
            person = session.get_one(Person, reader)
            return searching.find(session, person, searching.Wish(words=word), 0, "")

        return look

    return [
        Round(f"waits.look, {WAITING} waiting", lambda session, now: waits.look(session, now, PROGRAMME)),
        Round("holding.look", hold),
        Round("releases.settle, audience", releases.settle),
        Round("releases.settle", lambda session, now: releases.settle(session, now, audience=False)),
        Round("search, a usual word", find("beasiswa")),
        Round("search, a word that is nowhere", find("tetanus")),
    ]


def timed(engine: Engine, one: Round, now: datetime, repeats: int) -> list[object]:
    """Best and median of the milliseconds, and the statements of the last round."""
    seconds, statements = [], 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    for _ in range(repeats):
        statements = 0
        event.listen(engine, "before_cursor_execute", count)
        began = time.perf_counter()
        with Session(engine) as session, session.begin():
            one.what(session, now)
        seconds.append(1000 * (time.perf_counter() - began))
        event.remove(engine, "before_cursor_execute", count)
    return [min(seconds), ground.median(seconds), statements]


def plans(engine: Engine, rounds_: list[Round], now: datetime) -> None:
    """Prints how the engine carries out the statements of some rounds."""
    explain = (
        "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)"
        if engine.dialect.name == "postgresql"
        else "EXPLAIN QUERY PLAN"
    )
    for one in rounds_[1:3]:
        found: list[tuple[str, Any]] = []

        def keep(
            _c: Connection, _cursor: Any, statement: str, values: Any, _context: ExecutionContext,
            _many: bool, found: list[tuple[str, Any]] = found,
        ) -> None:  # fmt: skip
            found.append((statement, values))

        event.listen(engine, "before_cursor_execute", keep)
        with Session(engine) as session, session.begin():
            one.what(session, now)
        event.remove(engine, "before_cursor_execute", keep)
        for statement, values in found:
            if "outbox" not in statement:
                continue
            with engine.connect() as connection, connection.begin() as transaction:
                rows = connection.exec_driver_sql(f"{explain} {statement}", values).all()
                transaction.rollback()
            print(f"\n{one.name}: {' '.join(statement.split())[:110]} …")
            print("\n".join(str(row[-1]) for row in rows), flush=True)


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--people", type=int, default=36_000)
    options.add_argument("--items", type=int, default=8_000)
    options.add_argument("--plans", action="store_true", help="how the engine carries them out, as well")
    options.add_argument("--quick", action="store_true", help="1,500 people, 500 items, 5 rounds")
    words = options.parse_args()
    repeats = 5 if words.quick else REPEATS
    if words.quick:
        words.people, words.items = 1500, 500
    rows: list[list[object]] = []
    for name in words.engine:
        ground.say(f"{ground.NAMES[name]}: {words.people:,} people, {words.items:,} items")
        with ground.database_of(name) as (url, _):
            engine = database.writing(database.url(url))
            now = datetime.now(UTC)
            prepare(engine, words.people, words.items, now)
            for one in rounds(engine):
                cells = timed(engine, one, now, repeats)
                rows.append([f"{ground.NAMES[name]}: {one.name}", *cells])
            if words.plans:
                plans(engine, rounds(engine), now)
            engine.dispose()
    ground.report(
        f"One round, for {words.people:,} people (best and median of {repeats})",
        ("round", "best ms", "median ms", "statements"),
        rows,
    )


if __name__ == "__main__":
    main()
