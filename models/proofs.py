"""Shares and their evidence: what somebody sent to show that an item was shared.

A share is one posting of one item on one platform. Evidence arrives as messages; each is used once
(`Evidence.source` is unique), whatever is replayed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, Text, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import audiences, content, releases
from models.base import Base
from models.files import Media
from models.people import Person
from models.refused import Refused
from models.releases import Release

CLAIMED, RECEIVED, ACCEPTED = "claimed", "received", "accepted"
REJECTED, APPEALED, WITHDRAWN = "rejected", "appealed", "withdrawn"
# The one definition of "active" rests on these: a share that counts as shown.
COUNTED = (RECEIVED, ACCEPTED)

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
    """One picture, file or link of a share. `source` is the message it came in."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("source"), Index("ix_evidence_link", "link"))

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"), index=True)
    source: Mapped[str]
    kind: Mapped[str]  # photo, document, video, link
    album: Mapped[str] = mapped_column(default="", index=True)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    link: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    share: Mapped[Share] = relationship()


@dataclass(frozen=True, slots=True)
class About:
    """What a proof is about: the item, its week, and whether that week is over."""

    item_id: int
    week: str
    late: bool = False


# Built once, since every proof asks for them.
_share, _evidence = Share.__table__.c, Evidence.__table__.c
_WITH_SOURCE = select(_evidence.id).where(_evidence.source == bindparam("source"))
_WITH_LINK = (
    select(_share.id)
    .where(
        _evidence.share_id == _share.id,
        _evidence.link == bindparam("link"),
        _share.person_id == bindparam("person_id"),
        _share.status != WITHDRAWN,
    )
    .limit(1)
)
_OF_ITEM = select(Share).where(
    Share.person_id == bindparam("person_id"), Share.item_id == bindparam("item_id")
)
_CLAIMED = _OF_ITEM.where(Share.status == CLAIMED)
_EARLIER = (
    _OF_ITEM.where(
        Share.platform == bindparam("platform"), Share.id < bindparam("id"), Share.status.in_(COUNTED)
    )
    .order_by(Share.id)
    .limit(1)
)


def about(session: Session, person: Person, now: datetime) -> About | None:
    """What a person must mean who shows a share now: the item of the newest card that came to them.

    Somebody whom no card reached (it failed, or the release was stopped) may have shared it all the
    same: then the item that was meant for them, or that of their OPD in one of the newest releases.
    None when there has never been anything to share.
    """
    found = releases.received(session, person.id) or releases.card_of(session, person.id)
    if found is None:
        newest = select(Release).order_by(Release.started_at.desc()).limit(2)
        for release in session.scalars(newest).all():
            own, provincial = audiences.items(session, release.week, (content.RELEASED, content.CLOSED))
            if item_id := own.get(person.opd_id, provincial):
                found = release, item_id
                break
    if found is None:
        return None
    release, item_id = found
    return About(item_id, release.week, late=now >= release.closes_at)


def claim(session: Session, person: Person, about: About, now: datetime) -> Share:
    """ "Sudah", without proof: counted apart until proof comes. The same claim again is the same row."""
    found = _open_claim(session, person, about)
    if found is None:
        found = _made(person, about, "", CLAIMED, now)
        session.add(found)
        session.flush()
    return found


def receive(
    session: Session,
    person: Person,
    about: About,
    now: datetime,
    *,
    source: str,
    kind: str,
    platform: str = "",
    media: Media | None = None,
    link: str = "",
    album: str = "",
) -> tuple[Share, bool]:
    """Takes one piece of evidence; the share it belongs to and whether that share is new.

    Pictures of one album are one share. A claim made before turns into this share. Raises Refused
    for a link that this person has sent before.
    """
    if link and (known := _with_link(session, person, link)):
        raise Refused("sharing.link_again", receipt=known)
    share = _same_album(session, person, album) if album else None
    new = share is None
    if share is None:
        share = _open_claim(session, person, about)
        if share is None:
            share = _made(person, about, platform, RECEIVED, now)
            session.add(share)
        else:
            share.status, share.platform, share.updated_at, share.late = RECEIVED, platform, now, about.late
    session.add(
        Evidence(
            share=share,
            source=source,
            kind=kind,
            album=album,
            media_id=media.id if media else None,
            link=link,
            at=now,
        )
    )
    session.flush()
    return share, new


def seen(session: Session, source: str) -> bool:
    """Whether this very message was used as evidence before."""
    return session.scalar(_WITH_SOURCE, {"source": source}) is not None


def _made(person: Person, about: About, platform: str, status: str, now: datetime) -> Share:
    return Share(
        person_id=person.id,
        opd_id=person.opd_id,
        item_id=about.item_id,
        week=about.week,
        platform=platform,
        status=status,
        late=about.late,
        at=now,
        updated_at=now,
    )


def _with_link(session: Session, person: Person, link: str) -> int | None:
    return session.scalar(_WITH_LINK, {"person_id": person.id, "link": link})


def _same_album(session: Session, person: Person, album: str) -> Share | None:
    return session.scalar(
        select(Share)
        .join(Evidence, Evidence.share_id == Share.id)
        .where(Evidence.album == album, Share.person_id == person.id)
        .limit(1)
    )


def _open_claim(session: Session, person: Person, about: About) -> Share | None:
    return session.scalar(_CLAIMED, {"person_id": person.id, "item_id": about.item_id})


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
    which = {"person_id": share.person_id, "item_id": share.item_id, "platform": share.platform}
    return session.scalar(_EARLIER, {**which, "id": share.id})


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
