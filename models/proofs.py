"""Taking evidence: what somebody sends to show that an item was shared, and of which item it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from models import audiences, base, received, shares, standings, states
from models.files import Media
from models.people import Person
from models.received import Card
from models.refused import Refused
from models.releases import Release
from models.shares import Evidence, Share


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
            _share.status != standings.WITHDRAWN,
        )
    )
)
_NEW_SHARE = insert(base.table(Share)).returning(_share.id)
_NEW_EVIDENCE = insert(base.table(Evidence))


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
        card.item_id: {row.status for row in shares.of_item(session, person.id, card.item_id)}
        for card in (weekly, urgent)
    }
    if standings.CLAIMED in known[weekly.item_id]:
        return None if standings.CLAIMED in known[urgent.item_id] else weekly
    shown = {item_id: not statuses.isdisjoint(standings.COUNTED) for item_id, statuses in known.items()}
    return weekly if shown[urgent.item_id] and not shown[weekly.item_id] else None


def about_item(session: Session, person: Person, item_id: int, now: datetime) -> About | None:
    """What the button below the card of this very item is about; None for who was never sent it."""
    card = received.card_of(session, person.id, item_id)
    return About(card.item_id, card.week, late=now >= card.closes_at) if card else None


def claim(session: Session, person: Person, about: About, now: datetime) -> Share:
    """ "Sudah", without proof: counted apart until proof comes. The same claim again is the same row."""
    for row in shares.of_item(session, person.id, about.item_id):
        if row.status == standings.CLAIMED:
            return session.get_one(Share, row.id)
    return session.get_one(Share, _add(session, person, about, "", standings.CLAIMED, now))


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
    known = shares.of_item(session, person.id, about.item_id)
    again = any(row.platform == platform and row.status in standings.COUNTED for row in known)
    claims = [row.id for row in known if row.status == standings.CLAIMED]
    if claims:
        number = claims[0]
        share = session.get_one(Share, number)
        share.status, share.platform, share.updated_at, share.late = (
            standings.RECEIVED,
            platform,
            now,
            about.late,
        )
        session.flush()
    else:
        number = _add(session, person, about, platform, standings.RECEIVED, now)
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


def place(session: Session, share: Share, platform: str, now: datetime) -> Share | None:
    """Says where a share was posted; an earlier share of the same item there, if there is one.

    With an earlier one nothing is changed but the platform: the person is asked which it is.
    """
    if platform not in shares.PLATFORMS:
        raise Refused("sharing.platform_unknown")
    share.platform, share.updated_at = platform, now
    session.flush()
    return shares.earlier(session, share)


def merge(session: Session, share: Share, first: Share, now: datetime) -> None:
    """The later share was the same posting sent again: its evidence joins the first one."""
    for piece in session.scalars(select(Evidence).where(Evidence.share_id == share.id)):
        piece.share_id = first.id
    share.status, share.updated_at = standings.WITHDRAWN, now
    session.flush()
