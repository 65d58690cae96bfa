"""The cards of the newest releases of many people, read in one go.

Nearly every proof asks for two cards of its sender. Whoever handles many messages in one transaction says
before whose they are (`ahead`); the first question then brings the answers for all of them. What is older
than that is asked for one by one, as ever.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import base
from models.content.cards import CARD
from models.messages.outbox import Outbound
from models.releases import memo
from models.releases.releases import Release

SPAN = timedelta(days=14)  # the week that runs, the one before, and some air


class Sent(NamedTuple):
    """A card's row, with what is to be known of its release; `weekly` ones are no urgent ones."""

    release_id: int
    week: str
    weekly: bool
    started_at: datetime
    closes_at: datetime
    item_id: int | None
    opd_id: int | None
    status: str


@dataclass(slots=True)
class Recent:
    """The cards of all releases that closed after `since`, or have not closed, for some people; of each the
    newest release first."""

    since: datetime
    people: Collection[int]
    _cards: dict[int, list[Sent]] | None = field(default=None)

    def of(self, session: Session, person_id: int) -> list[Sent]:
        """Those of one of the people."""
        if self._cards is None:
            self._cards = _read(session, self.since, self.people)
        return self._cards.get(person_id, [])


_release, _row = base.table(Release).c, base.table(Outbound).c
_RELEASES = (
    select(_release.id, _release.week, _release.item_id, _release.started_at, _release.closes_at)
    .where(_release.closes_at > bindparam("since"))
    .order_by(_release.started_at.desc())
)
_CARDS = select(_row.person_id, _row.release_id, _row.item_id, _row.opd_id, _row.status).where(
    _row.person_id.in_(bindparam("people", expanding=True)),
    _row.part == CARD,
    _row.release_id.in_(bindparam("releases", expanding=True)),
)


def _read(session: Session, since: datetime, people: Collection[int]) -> dict[int, list[Sent]]:
    releases = session.execute(_RELEASES, {"since": since}).all()
    found = defaultdict[int, dict[int, Sent]](dict)
    if not releases:
        return {}
    asked = {"people": sorted(people), "releases": [release.id for release in releases]}
    by_id = {release.id: release for release in releases}
    for row in session.execute(_CARDS, asked):
        release = by_id[row.release_id]
        found[row.person_id][row.release_id] = Sent(
            release.id, release.week, release.item_id is None, release.started_at, release.closes_at,
            row.item_id, row.opd_id, row.status,
        )  # fmt: skip
    return {
        person_id: [cards[release.id] for release in releases if release.id in cards]
        for person_id, cards in found.items()
    }


def ahead(session: Session, people: Collection[int], now: datetime) -> None:
    """From now on the cards of these people are read together, as soon as one of them is asked for."""
    memo.keep(session, Recent(now - SPAN, frozenset(people)))


def known(session: Session, person_id: int) -> Recent | None:
    """What is read of this person together with others; None where nobody said so before."""
    kept: Recent | None = memo.kept(session)
    return kept if kept is not None and person_id in kept.people else None
