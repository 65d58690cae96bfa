"""Which of a million stored pictures are near to one that has just come: per look-up, and exactly.

    python -m bench.neighbours [--quick] [--engine sqlite postgresql] [--pictures 1000000] [--people 350]

Pictures come in clusters, one an item, as honest people's screenshots do: `--people` of them around a hash of
the item, up to six bits away. Each look-up is compared with all stored hashes one by one (numpy, in memory):
a hash that is missing or too many is a fault, and the bench says how many there were.
"""

import time
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from bench import ground
from bot.storage import database
from models import base
from models.content import states
from models.content.content import Item
from models.people.people import Opd, Person
from models.shares import likenesses, standings
from models.shares.likenesses import Likeness
from models.shares.shares import Evidence, Share
from tests import seeding

LOOK_UPS = 300
CHUNK = 10_000
SPREAD = 6  # bits by which a picture lies off its item at the most
TILES = bytes(448)
Hashes = NDArray[np.uint64]


def hashes(pictures: int, people: int, seed: int = 1) -> Hashes:
    """Clusters of `people` hashes, each up to SPREAD bits from that of its item."""
    dice = np.random.default_rng(seed)
    centres = dice.integers(0, 2**64, pictures // people + 1, dtype=np.uint64)
    found = np.repeat(centres, people)[:pictures]
    for _ in range(SPREAD):
        bits = dice.integers(0, 64, pictures, dtype=np.uint64)
        found ^= np.where(dice.random(pictures) < 0.6, np.uint64(1) << bits, np.uint64(0))
    return found


def fill(engine: Engine, stored: Hashes, people: int) -> None:
    """An item and a share for each cluster; evidence and fingerprint for each hash."""
    now = datetime.now(UTC)
    seeding.seed(engine, 10, now=now)
    with Session(engine) as session, session.begin():
        author, opd = session.scalars(select(Person.id)).first(), session.scalars(select(Opd.id)).first()
        first = 1 + (session.scalar(select(func.max(Item.id))) or 0)
        clusters = range(first, first + len(stored) // people + 1)
        item = {
            "opd_id": opd, "author_id": author, "week": "2026-W01", "status": states.CLOSED, "version": 1,
            "title": "Bench", "no_media": True, "created_at": now, "updated_at": now,
        }  # fmt: skip
        session.execute(insert(Item), [{"id": number, **item} for number in clusters])
        share = {
            "person_id": author, "opd_id": opd, "week": "2026-W01", "platform": "facebook",
            "status": standings.ACCEPTED, "late": False, "at": now, "updated_at": now,
        }  # fmt: skip
        session.execute(insert(Share), [{"id": number, "item_id": number, **share} for number in clusters])
    evidence = {"kind": "photo", "album": "", "link": "", "post": "", "at": now, "attempts": 0}
    signed = stored.view(np.int64).tolist()
    for start in range(0, len(stored), CHUNK):
        numbers = range(start, min(start + CHUNK, len(stored)))
        with Session(engine) as session, session.begin():
            session.execute(
                insert(base.table(Evidence)),
                [
                    {"id": n + 1, "share_id": first + n // people, "source": f"b{n}", **evidence}
                    for n in numbers
                ],
            )
            session.execute(
                insert(base.table(Likeness)), [_row(n, first, people, signed[n]) for n in numbers]
            )


def settle(engine: Engine) -> None:
    """What PostgreSQL does by itself within minutes of so many new rows (autovacuum)."""
    vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(vacuum))


def _row(number: int, first: int, people: int, whole: int) -> dict[str, object]:
    parts = {f"band{nth}": part for nth, part in enumerate(likenesses.bands(whole))}
    own = {"evidence_id": number + 1, "item_id": first + number // people}
    return {**own, "whole": whole, "tiles": TILES, **parts}


def measure(engine: Engine, stored: Hashes, people: int, look_ups: int) -> list[object]:
    """Milliseconds of a look-up (median, 99%), of one with the tiles of the own item, of comparing with every
    hash in memory, how many were found on average, and how many look-ups were not exact."""
    dice = np.random.default_rng(2)
    ours, whole_item, brute, found, faults = [], [], [], 0, 0
    with Session(engine) as session:
        first = session.scalar(select(func.min(Likeness.item_id))) or 0
        likenesses.neighbours(session, 0)
        for number in dice.integers(0, len(stored), look_ups).tolist():
            asked = int(stored[number]) ^ (1 << int(dice.integers(0, 64)))  # a copy, recompressed
            whole = asked - 2**64 if asked >= 2**63 else asked
            began = time.perf_counter()
            near = likenesses.neighbours(session, whole)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            likenesses.near(session, whole, first + number // people, share_id=0)
            whole_item.append(time.perf_counter() - began)
            began = time.perf_counter()
            close = np.bitwise_count(stored ^ np.uint64(asked)) <= likenesses.RADIUS
            brute.append(time.perf_counter() - began)
            found += len(near)
            faults += near != (np.flatnonzero(close) + 1).tolist()
    return [
        *ground.milliseconds(ours, 0.5, 0.99),
        *ground.milliseconds(whole_item, 0.5),
        *ground.milliseconds(brute, 0.5),
        found / look_ups,
        faults,
    ]


def main() -> None:
    options = ground.options(__doc__, ground.ENGINES)
    options.add_argument("--pictures", type=int, default=1_000_000)
    options.add_argument("--people", type=int, default=350, help="who share an item")
    options.add_argument("--quick", action="store_true", help="20,000 pictures, 50 look-ups")
    words = options.parse_args()
    pictures, look_ups = (20_000, 50) if words.quick else (words.pictures, LOOK_UPS)
    stored, rows = hashes(pictures, words.people), list[list[object]]()
    for name in words.engine:
        ground.say(f"{ground.NAMES[name]}: {pictures:,} pictures of items that {words.people} people share")
        with ground.database_of(name) as (url, _):
            engine = database.writing(database.url(url))
            fill(engine, stored, words.people)
            settle(engine)
            rows.append([ground.NAMES[name], *measure(engine, stored, words.people, look_ups)])
            engine.dispose()
    head = ("engine", "near ms", "99% ms", "with item ms", "numpy all ms", "found", "not exact")
    ground.report(f"Near pictures among {pictures:,} ({look_ups} look-ups)", head, rows)


if __name__ == "__main__":
    main()
