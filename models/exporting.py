"""Rows for the exports: shares, people and deliveries, each with its plain columns."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from models.cards import CARD
from models.content import Item
from models.outbox import Outbound
from models.people import Opd, Person
from models.releases import Release
from models.shares import Evidence, Share

SHARES = (
    "tanda_terima", "minggu", "opd", "nama", "konten", "kanal", "status", "terlambat", "waktu", "tautan",
)  # fmt: skip
PEOPLE = ("opd", "nama", "jabatan", "aktif", "bergabung", "hemat_data")
DELIVERIES = ("minggu", "opd", "nama", "konten", "status", "alasan", "dikirim", "percobaan", "ulang")


def shares(session: Session, week: str) -> Iterator[tuple[Any, ...]]:
    """All shares of a week: one row a share, with its first link where one was sent."""
    link = (
        select(Evidence.link)
        .where(Evidence.share_id == Share.id, Evidence.link != "")
        .order_by(Evidence.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Share.id, Share.week, Opd.name, Person.name, Share.item_id, Share.platform, Share.status,
            Share.late, Share.at, link,
        )
        .join(Person, Person.id == Share.person_id)
        .join(Opd, Opd.id == Share.opd_id)
        .join(Item, Item.id == Share.item_id)
        .where(or_(Share.week == week, and_(Share.week == "", Item.week == week)))  # urgent ones: of no week
        .order_by(Share.id)
    )  # fmt: skip
    yield from (tuple(row) for row in rows)


def people(session: Session, _week: str) -> Iterator[tuple[Any, ...]]:
    """The roster as it is now. NIP and phone stay inside: nobody needs them for counting."""
    rows = session.execute(
        select(Opd.name, Person.name, Person.position, Person.active, Person.joined_at, Person.saver)
        .join(Opd, Opd.id == Person.opd_id)
        .order_by(Opd.name, Person.name, Person.id)
    )
    yield from (tuple(row) for row in rows)


def deliveries(session: Session, week: str) -> Iterator[tuple[Any, ...]]:
    """What became of everybody's card in a week's release."""
    card = aliased(Outbound)
    rows = session.execute(
        select(
            Release.week, Opd.name, Person.name, card.item_id, card.status, card.reason, card.sent_at,
            card.attempts, card.resent,
        )
        .select_from(card)
        .join(Release, Release.id == card.release_id)
        .join(Person, Person.id == card.person_id)
        .join(Opd, Opd.id == card.opd_id)
        .outerjoin(Item, Item.id == Release.item_id)
        .where(or_(Release.week == week, Item.week == week), card.part == CARD)
        .order_by(Opd.name, Person.name, card.id)
    )  # fmt: skip
    yield from (tuple(row) for row in rows)
