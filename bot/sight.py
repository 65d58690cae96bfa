"""What is done with the pictures of strangers, all of it in a process aside (`bot/aside.py`): keeping them,
and looking at them with what the database knows."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot import database
from bot.looking import Looked, Looker
from bot.media import Store, Stored
from models import examining, findings, inspections, likenesses
from models.examining import Task
from models.findings import Seen

OTHERS = 4  # items of before that a picture may show instead


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was seen in a picture, `same` apart: who sent it before. `whole` and `tiles` are its fingerprint;
    None and b"" where it cannot be read."""

    seen: list[Seen]
    same: list[Seen]
    whole: int | None = None
    tiles: bytes = b""


class Sight:
    """Reads the database at `url`, and the store at `media_url`, whose files have `max_bytes` at most.

    Everything here blocks.
    """

    def __init__(self, url: str, media_url: str, max_bytes: int) -> None:
        self.reader = database.reading(database.url(url), pool_size=1)
        self.store = Store(media_url, max_bytes=max_bytes, at_once=1)
        self.looker = Looker(self.store)

    def put(self, source: Path, now: datetime) -> Stored:
        """As `Store.put`."""
        return self.store.put(source, now)

    def look(self, task: Task) -> Sighted:
        """Looks at a piece of evidence that is a picture. No transaction is open meanwhile: it would keep
        the database from forgetting what is old, for as long as the look takes."""
        data = self.store.get(task.key)
        with Session(self.reader) as session:
            own = examining.files_of(session, task.item_id)
            others = examining.others(session, task, OTHERS)
        looked = self.looker.look(data, task.item_id, own, others)
        if looked.fingerprint is None:
            return Sighted(looked.seen, [])
        same = self._same(task, looked, looked.fingerprint.whole)
        return Sighted(looked.seen, same, looked.fingerprint.whole, looked.fingerprint.tiles)

    def _same(self, task: Task, looked: Looked, whole: int) -> list[Seen]:
        """Of whom the same picture was there before; the likeliest one."""
        with Session(self.reader) as session:
            nearby = likenesses.near(session, whole, task.item_id, task.share_id, task.evidence_id)
        same = self.looker.same(looked, nearby, self._picture)
        return [
            Seen(
                findings.OWN_AGAIN if one.person_id == task.person_id else findings.SAME_UPLOAD,
                other_id=one.evidence_id,
            )
            for one in same[:1]
        ]

    def _picture(self, evidence_id: int) -> bytes | None:
        with Session(self.reader) as session:
            key = inspections.picture(session, evidence_id)
        try:
            return self.store.get(key) if key else None
        except FileNotFoundError:
            return None  # deleted when its time was over
