"""Shares and their evidence: what somebody sent to show that an item was shared.

A share is one posting of one item on one platform. Evidence arrives as messages; each is used once
(`Evidence.source` is unique), whatever is replayed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Row, Select, Text, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import audiences, base, received, standings, states
from models.base import Base
from models.files import Media
from models.people import Person
from models.received import Card
from models.refused import Refused
from models.releases import Release

CLAIMED, RECEIVED, WITHDRAWN = standings.CLAIMED, standings.RECEIVED, standings.WITHDRAWN
COUNTED = standings.COUNTED

PLATFORMS = (
    "whatsapp_story",
    "whatsapp_group",
    "instagram_feed",
    "instagram_story",
    "facebook",
    "tiktok",
    "x",
    "youtube",
    "other",
)


class Share(Base):
    """`week` is the week whose item was shared; `opd_id` the person's OPD at that time.

    `platform` is "" until the person has said where. `late` is set for proof after the week closed.
    `id` is what the receipt shows.
    """

    __tablename__ = "share"
    __table_args__ = (
        # The weekly figures are read from this index alone.
        Index("ix_share_figures", "week", "status", "opd_id", "person_id", "platform", "late"),
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


@dataclass(frozen=True, slots=True)
class About:
    """What a proof is about: the item, its week, and whether that week is over."""

    item_id: int
    week: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The share that evidence went to; whether it is `new`, and whether the person had shown one of the
    same item and platform before (`again`)."""

    id: int
    week: str
    platform: str
    late: bool
    new: bool
    again: bool = False


# Built once, since every proof asks for them.
_share, _evidence = base.table(Share).c, base.table(Evidence).c
_KNOWN = (
    select(_evidence.source, _evidence.share_id)
    .where(_evidence.source == bindparam("source"))
    .union_all(
        select(_evidence.source, _evidence.share_id).where(
            _evidence.share_id == _share.id,
            _evidence.post == bindparam("post"),
            _evidence.post != "",
            _share.person_id == bindparam("person_id"),
            _share.status != WITHDRAWN,
        )
    )
)
_NEW_SHARE = insert(base.table(Share)).returning(_share.id)
_NEW_EVIDENCE = insert(base.table(Evidence))
_OF_ITEM = (
    select(_share.id, _share.platform, _share.status)
    .where(_share.person_id == bindparam("person_id"), _share.item_id == bindparam("item_id"))
    .order_by(_share.id)
)


def about(session: Session, person: Person, now: datetime) -> About | None:
    """What a person must mean who shows a share now: the item of the newest card that came to them.

    Somebody whom no card reached (it failed, or the release was stopped) may have shared it all the
    same: then the item that was meant for them, or that of their OPD in one of the newest releases.
    None when there has never been anything to share.
    """
    card = received.newest(session, person.id) or received.meant(session, person.id)
    if card is not None:
        if not card.week and (other := _rather(session, person, card, now)):
            card = other
        return About(card.item_id, card.week, late=now >= card.closes_at)
    newest = select(Release).where(Release.item_id.is_(None)).order_by(Release.started_at.desc()).limit(2)
    for release in session.scalars(newest).all():
        own, provincial = audiences.items(session, release.week, (states.RELEASED, states.CLOSED))
        if item_id := own.get(person.opd_id, provincial):
            return About(item_id, release.week, late=now >= release.closes_at)
    return None


def _rather(session: Session, person: Person, urgent: Card, now: datetime) -> Card | None:
    """The week's card that is rather meant than the urgent one which came after it: that of an item which
    they said to have shared, or the only one of the two that is still to be shown."""
    weekly = received.weekly(session, person.id)
    if weekly is None or now >= weekly.closes_at:
        return None
    known = {
        card.item_id: {row.status for row in _of_item(session, person.id, card.item_id)}
        for card in (weekly, urgent)
    }
    if CLAIMED in known[weekly.item_id]:
        return None if CLAIMED in known[urgent.item_id] else weekly
    shown = {item_id: not statuses.isdisjoint(COUNTED) for item_id, statuses in known.items()}
    return weekly if shown[urgent.item_id] and not shown[weekly.item_id] else None


def about_item(session: Session, person: Person, item_id: int, now: datetime) -> About | None:
    """What the button below the card of this very item is about; None for who was never sent it."""
    card = received.card_of(session, person.id, item_id)
    return About(card.item_id, card.week, late=now >= card.closes_at) if card else None


def claim(session: Session, person: Person, about: About, now: datetime) -> Share:
    """ "Sudah", without proof: counted apart until proof comes. The same claim again is the same row."""
    for row in _of_item(session, person.id, about.item_id):
        if row.status == CLAIMED:
            return session.get_one(Share, row.id)
    return session.get_one(Share, _add(session, person, about, "", CLAIMED, now))


def receive(
    session: Session,
    person: Person,
    about: About,
    now: datetime,
    *,
    source: str,
    kind: str,
    platform: str = "",
    media: Callable[[], Media] | None = None,
    link: str = "",
    post: str = "",
    album: str = "",
) -> Taken | None:
    """Takes one piece of evidence; None when this very message (`source`) was used before.

    `media` notes the file, once it is known that it is wanted; `post` is the id of the post that `link` leads
    to, where the link tells it (`links.Link.post`). Pictures of one album are one share. A
    claim made before turns into this share. Raises Refused for a link that this person has sent before.
    """
    post = f"{platform}:{post}" if post else link
    known = session.execute(_KNOWN, {"source": source, "post": post, "person_id": person.id}).all()
    if any(row.source == source for row in known):
        return None
    if known:
        raise Refused("sharing.link_again", receipt=known[0].share_id)
    share = _same_album(session, person, album) if album else None
    taken = (
        Taken(share.id, share.week, share.platform, share.late, new=False)
        if share
        else _share_of(session, person, about, platform, now)
    )
    evidence = {"share_id": taken.id, "source": source, "kind": kind, "album": album, "link": link, "at": now}
    noted = {"post": post, "media_id": media().id if media else None, "examine_at": now, "attempts": 0}
    session.execute(_NEW_EVIDENCE, {**evidence, **noted})
    base.wake(session, "evidence")
    return taken


def _share_of(session: Session, person: Person, about: About, platform: str, now: datetime) -> Taken:
    """What evidence without a share belongs to: an open claim of this item, or a share of its own."""
    known = _of_item(session, person.id, about.item_id)
    again = any(row.platform == platform and row.status in COUNTED for row in known)
    claims = [row.id for row in known if row.status == CLAIMED]
    if claims:
        number = claims[0]
        share = session.get_one(Share, number)
        share.status, share.platform, share.updated_at, share.late = RECEIVED, platform, now, about.late
        session.flush()
    else:
        number = _add(session, person, about, platform, RECEIVED, now)
    return Taken(number, about.week, platform, about.late, new=True, again=again)


def _add(session: Session, person: Person, about: About, platform: str, status: str, now: datetime) -> int:
    values = {
        "person_id": person.id,
        "opd_id": person.opd_id,
        "item_id": about.item_id,
        "week": about.week,
        "platform": platform,
        "status": status,
        "late": about.late,
        "at": now,
        "updated_at": now,
    }
    number: int = session.execute(_NEW_SHARE, values).scalar_one()
    return number


def _same_album(session: Session, person: Person, album: str) -> Share | None:
    return session.scalar(
        select(Share)
        .join(Evidence, Evidence.share_id == Share.id)
        .where(Evidence.album == album, Share.person_id == person.id)
        .limit(1)
    )


def _of_item(session: Session, person_id: int, item_id: int) -> Sequence[Row[int, str, str]]:
    """A person's shares of an item, first to last: id, platform, status."""
    return session.execute(_OF_ITEM, {"person_id": person_id, "item_id": item_id}).all()


def own(session: Session, person: Person, share_id: int) -> Share:
    """A share of this person. Raises Refused for anybody else's."""
    share = session.get(Share, share_id)
    if share is None or share.person_id != person.id or share.status == WITHDRAWN:
        raise Refused("sharing.unknown")
    return share


def place(session: Session, share: Share, platform: str, now: datetime) -> Share | None:
    """Says where a share was posted; an earlier share of the same item there, if there is one.

    With an earlier one nothing is changed but the platform: the person is asked which it is.
    """
    if platform not in PLATFORMS:
        raise Refused("sharing.platform_unknown")
    share.platform, share.updated_at = platform, now
    session.flush()
    return earlier(session, share)


def earlier(session: Session, share: Share) -> Share | None:
    """The first other share of the same person and item on the same platform, if there is one."""
    for row in _of_item(session, share.person_id, share.item_id):
        if row.id != share.id and row.platform == share.platform and row.status in COUNTED:
            return session.get_one(Share, row.id)
    return None


def merge(session: Session, share: Share, first: Share, now: datetime) -> None:
    """The later share was the same posting sent again: its evidence joins the first one."""
    for piece in session.scalars(select(Evidence).where(Evidence.share_id == share.id)):
        piece.share_id = first.id
    share.status, share.updated_at = WITHDRAWN, now
    session.flush()


def shown(session: Session, person: Person, item_id: int) -> Share | None:
    """The newest share of an item for which this person has sent something to see."""
    return session.scalar(
        select(Share)
        .where(Share.person_id == person.id, Share.item_id == item_id, Share.status.in_(COUNTED))
        .order_by(Share.id.desc())
        .limit(1)
    )


def unplaced(session: Session, person: Person) -> Share | None:
    """The newest share of this person of which we do not know the platform yet."""
    return session.scalar(
        select(Share)
        .where(Share.person_id == person.id, Share.platform == "", Share.status.in_(COUNTED))
        .order_by(Share.id.desc())
        .limit(1)
    )


def proved(week: str) -> Select[int]:
    """The people who have shown a share of a week, as a subquery of their ids."""
    return select(Share.person_id).where(Share.week == week, Share.status.in_(COUNTED))
