"""What is done with the pictures of strangers, all of it in a process aside (`bot/running/aside.py`): keeping
them, and looking at them with what the database knows."""

import pickle
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.files.media import Store, Stored
from bot.storage import database
from bot.vision.looking import Looked, Looker
from models.proofs import copying, examining
from models.proofs.copying import Later
from models.proofs.examining import Task
from models.shares import findings, inspections, likenesses
from models.shares.findings import Seen
from models.shares.likenesses import Near

OTHERS = 4  # items of before that a picture may show instead


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was seen in a picture. `whole` and `tiles` are its fingerprint; None and b"" where it cannot be
    read. `kept` is for `Sight.compare`, and means nothing elsewhere."""

    seen: list[Seen]
    whole: int | None = None
    tiles: bytes = b""
    kept: bytes = b""


@dataclass(frozen=True, slots=True)
class Compared:
    """Who sent the same before, one at the most, and which later pieces turn out to be copies of it."""

    same: list[Seen]
    later: list[Later]


class Sight:
    """Reads the database at `url`, and the store at `media_url`, whose files have `max_bytes` at most.

    Everything here blocks. No transaction is open while a picture is looked at: it would keep the database
    from forgetting what is old, for as long as the look takes.
    """

    def __init__(self, url: str, media_url: str, max_bytes: int) -> None:
        self.reader = database.reading(database.url(url), pool_size=1)
        self.store = Store(media_url, max_bytes=max_bytes, at_once=1)
        self.looker = Looker(self.store)

    def put(self, source: Path, now: datetime) -> Stored:
        """As `Store.put`."""
        return self.store.put(source, now)

    def look(self, task: Task) -> Sighted:
        """Looks at a piece of evidence that is a picture: what it shows."""
        data = self.store.get(task.key)
        with Session(self.reader) as session:
            own = examining.files_of(session, task.item_id)
            others = examining.others(session, task, OTHERS)
        looked = self.looker.look(data, task.item_id, own, others)
        made = looked.fingerprint
        if made is None:
            return Sighted(looked.seen)
        return Sighted(looked.seen, made.whole, made.tiles, pickle.dumps(looked))

    def compare(self, task: Task, kept: bytes) -> Compared:
        """Lays it over those that may be the same upload. Its fingerprint has been stored by now: of two that
        are looked at in one moment the one that is stored last finds the other."""
        looked: Looked = pickle.loads(kept) if kept else Looked([])  # noqa: S301 - our own
        with Session(self.reader) as session:
            later = copying.copied(session, task)
            if looked.fingerprint is None:
                return Compared([], later)
            nearby = likenesses.near(session, looked.fingerprint.whole, task.item_id, task.share_id)
            before = [one for one in nearby if one.evidence_id < task.evidence_id]
            after = [one for one in nearby if one.evidence_id > task.evidence_id]
            known = findings.known_twice(session, [one.evidence_id for one in after])
        known.update(one.evidence_id for one in later)
        unknown = [one for one in after if one.evidence_id not in known]
        same = [
            Seen(_kind(task, one), other_id=one.evidence_id)
            for one in self.looker.same(looked, before, self._picture)[:1]
        ]
        copies = self.looker.same(looked, unknown, self._picture)
        return Compared(same, [*later, *(Later(one.evidence_id, _kind(task, one)) for one in copies)])

    def _picture(self, evidence_id: int) -> bytes | None:
        with Session(self.reader) as session:
            key = inspections.picture(session, evidence_id)
        try:
            return self.store.get(key) if key else None
        except FileNotFoundError:
            return None  # deleted when its time was over


def _kind(task: Task, other: Near) -> str:
    return findings.OWN_AGAIN if other.person_id == task.person_id else findings.SAME_UPLOAD
