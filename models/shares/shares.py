"""Shares and their evidence, and how to find them again.

A share is one posting of one item on one platform. Evidence arrives as messages; each is used once
(`Evidence.source` is unique), whatever is replayed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Row, Select, Text, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import base
from models.base import Base
from models.people.people import Person
from models.refused import Refused
from models.shares.standings import COUNTED, WITHDRAWN

PLATFORMS = (
    "whatsapp_story",
    "whatsapp_group",
    "instagram_feed",
    "instagram_story",
    "facebook",
    "tiktok",
    "x",
    "youtube",
    "threads",
    "whatsapp_channel",
    "other",
)
RARE = ("threads", "whatsapp_channel", "other")  # asked for only where it was none of the others

ASKED = timedelta(days=3)  # so long after its proof the place of a share is heard from typed words


class Share(Base):
    """`week` is the week whose item was shared; `opd_id` the person's OPD at that time.

    `platform` is "" until the person has said where. `at` is when its first proof reached us (of a claim: the
    word), `late` is set where that was after the week closed.
    `id` is what the receipt shows.
    """

    __tablename__ = "share"
    __table_args__ = (
        # The weekly figures are read from this index alone, and those of shares in its very order.
        Index("ix_share_figures", "week", "status", "late", "opd_id", "platform", "person_id"),
        Index("ix_share_person", "person_id", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    week: Mapped[str]
    platform: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    late: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Evidence(Base):
    """One picture, file or link of a share. `source` is the message it came in; `post` names the post that a
    link leads to, however it is written; `examine_at` says when the program looks at it next, None when it
    has."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("source"),
        Index("ix_evidence_post", "post", **base.only("post <> ''")),
        Index("ix_evidence_examine", "examine_at", **base.only("examine_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"), index=True)
    source: Mapped[str]
    kind: Mapped[str]  # photo, document, video, link
    album: Mapped[str] = mapped_column(default="", index=True)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    link: Mapped[str] = mapped_column(Text, default="")
    post: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    examine_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    share: Mapped[Share] = relationship()


# Built once, since every proof asks for it.
_share = base.table(Share).c
_OF_ITEM = (
    select(_share.id, _share.platform, _share.status)
    .where(_share.person_id == bindparam("person_id"), _share.item_id == bindparam("item_id"))
    .order_by(_share.id)
)


def of_item(session: Session, person_id: int, item_id: int) -> Sequence[Row[int, str, str]]:
    """A person's shares of an item, first to last: id, platform, status."""
    return session.execute(_OF_ITEM, {"person_id": person_id, "item_id": item_id}).all()


def locked(session: Session, share_id: int) -> Share:
    """A share as it is now, held until the transaction ends. Whoever changes several rows of a share takes it
    first, then its evidence, then its looks: nobody waits in a circle."""
    return session.get_one(Share, share_id, with_for_update=True, populate_existing=True)


def own(session: Session, person: Person, share_id: int) -> Share:
    """A share of this person. Raises Refused for anybody else's."""
    share = session.get(Share, share_id)
    if share is None or share.person_id != person.id or share.status == WITHDRAWN:
        raise Refused("sharing.unknown")
    return share


def earlier(session: Session, share: Share) -> Share | None:
    """The first other share of the same person and item on the same platform, if there is one."""
    for row in of_item(session, share.person_id, share.item_id):
        if row.id != share.id and row.platform == share.platform and row.status in COUNTED:
            return session.get_one(Share, row.id)
    return None


def shown(session: Session, person: Person, item_id: int) -> Share | None:
    """The newest share of an item for which this person has sent something to see."""
    return session.scalar(
        select(Share)
        .where(Share.person_id == person.id, Share.item_id == item_id, Share.status.in_(COUNTED))
        .order_by(Share.id.desc())
        .limit(1)
    )


def newest(session: Session, person: Person) -> Share | None:
    """The newest share for which this person has sent something to see."""
    return session.scalar(
        select(Share)
        .where(Share.person_id == person.id, Share.status.in_(COUNTED))
        .order_by(Share.id.desc())
        .limit(1)
    )


def unplaced(session: Session, person: Person, now: datetime) -> Share | None:
    """The newest share of this person of which we do not know the platform yet, and asked for it not too long
    ago (`ASKED`): a word that is typed later answers something else. The buttons of the question stay."""
    return session.scalar(
        select(Share)
        .where(
            Share.person_id == person.id,
            Share.platform == "",
            Share.status.in_(COUNTED),
            Share.at > now - ASKED,
        )
        .order_by(Share.id.desc())
        .limit(1)
    )


def proved(week: str) -> Select[int]:
    """The people who have shown a share of a week, as a subquery of their ids."""
    return select(Share.person_id).where(Share.week == week, Share.status.in_(COUNTED))
