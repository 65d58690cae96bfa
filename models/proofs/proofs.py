"""Taking evidence: what somebody sends to show that an item was shared.

Which item is meant, models/proofs/meaning.py finds out; what belongs to which share, week and OPD is written
down in models/proofs/belonging.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, bindparam, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from models import base
from models.messages.files import Media
from models.people.people import Person
from models.programme import whatsapp
from models.proofs.meaning import About
from models.refused import Refused
from models.shares import findings, inspections, shares, standings
from models.shares.shares import Evidence, Share

# Pictures that come one after the other, each within this time, are of one posting until somebody says where.
IN_A_ROW = timedelta(minutes=2)
# A channel that knows no albums brings pictures that were sent together as messages of their own, the words
# below one of them: those that come within this time were.
ALONE = (f"{whatsapp.CHANNEL}:",)
AT_ONCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Taken:
    """The share that evidence went to; whether it is `new`, and whether the person had shown one of the
    same item and platform before (`again`), or any of the item (`others`). `joined` is set for a picture
    that came soon after another one, `placed` where a further piece told the place of the share, `revived`
    where it brought back a share that had been rejected."""

    id: int
    week: str
    platform: str
    late: bool
    new: bool
    again: bool = False
    others: bool = False
    joined: bool = False
    placed: bool = False
    revived: bool = False


# Built once, since every proof asks for them.
_share, _evidence = base.table(Share).c, base.table(Evidence).c


def _told(what: str) -> Select[str, int, str, str]:
    return select(literal(what, String).label("what"), _share.id, _share.platform, _share.status)


_USED, _POSTED, _SHARED = "used", "posted", "shared"
# What is known before: the very message, the same post of this person, their shares of the item.
_BEFORE = union_all(
    _told(_USED).where(_evidence.share_id == _share.id, _evidence.source == bindparam("source")),
    _told(_POSTED).where(
        _evidence.share_id == _share.id,
        _evidence.post == bindparam("post"),
        _evidence.post != "",
        _share.person_id == bindparam("person_id"),
        _share.status != standings.WITHDRAWN,
        _share.status != standings.REJECTED,
    ),
    _told(_SHARED).where(_share.person_id == bindparam("person_id"), _share.item_id == bindparam("item_id")),
)
_NEW_SHARE = insert(base.table(Share)).returning(_share.id)
_NEW_EVIDENCE = insert(base.table(Evidence))


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
    to, where the link tells it (`links.Link.post`). Pictures of one album are one share, and so are pictures
    that come one right after the other. A claim made before turns into this share. Raises Refused for a link
    that this person has sent before, unless it was rejected or taken back.
    """
    post = f"{platform}:{post}" if post else link
    asked = {"source": source, "post": post, "person_id": person.id, "item_id": about.item_id}
    before = session.execute(_BEFORE, asked).all()
    if any(row.what == _USED for row in before):
        return None
    posted = [row.id for row in before if row.what == _POSTED]
    if posted and media is None:
        raise Refused("sharing.link_again", receipt=posted[0])
    if posted:
        link = post = ""  # the picture counts, whatever link stands below it once more
    share = _same_album(session, person, album) if album else None
    if not album and media is not None and source.startswith(ALONE):
        share = _at_once(session, person, about, platform, now)
    if share:
        taken = _further(session, share, platform, now)
    elif not (platform or album) and (share := _in_a_row(session, person, about, now)):
        taken = Taken(share.id, share.week, "", share.late, new=False, joined=True)
    else:
        known = sorted((row for row in before if row.what == _SHARED), key=lambda row: row.id)
        taken = _begin(session, person, about, platform, now, known)
    evidence = {"share_id": taken.id, "source": source, "kind": kind, "album": album, "link": link, "at": now}
    noted = {"post": post, "media_id": media().id if media else None, "examine_at": now, "attempts": 0}
    session.execute(_NEW_EVIDENCE, {**evidence, **noted})
    base.wake(session, "evidence")
    return taken


def _further(session: Session, share: Share, platform: str, now: datetime) -> Taken:
    """A further piece of an album. The words about the place may stand below the last one; what the person
    has answered meanwhile stays. A share that was rejected before all of it was here is judged anew."""
    if status := standings.after(share.status, "add"):
        share.status, share.updated_at = status, now
        share.platform = share.platform or platform
        return Taken(share.id, share.week, share.platform, share.late, new=False, revived=True)
    if not platform or share.platform or share.status not in standings.COUNTED:
        return Taken(share.id, share.week, share.platform, share.late, new=False)
    again = place(session, share, platform, now) is not None
    return Taken(share.id, share.week, platform, share.late, new=False, again=again, placed=True)


def _at_once(session: Session, person: Person, about: About, platform: str, now: datetime) -> Share | None:
    """The share whose newest picture came together with this one, unless the words below the two name
    different places."""
    known = [row.id for row in shares.of_item(session, person.id, about.item_id)]
    if not known:
        return None
    newest = session.scalars(
        select(Evidence)
        .where(Evidence.share_id.in_(known), Evidence.media_id.is_not(None))
        .order_by(Evidence.at.desc(), Evidence.id.desc())
        .limit(1)
    ).first()
    if newest is None or newest.at < now - AT_ONCE:
        return None
    share = session.get_one(Share, newest.share_id)
    differs = platform and share.platform and platform != share.platform
    gone = share.status == standings.WITHDRAWN or share.late != about.late
    return None if differs or gone else share


def _in_a_row(session: Session, person: Person, about: About, now: datetime) -> Share | None:
    """The share that a picture without a place joins: of the same item, its place still asked for, and shown
    by a picture a moment ago."""
    for row in reversed(shares.of_item(session, person.id, about.item_id)):
        if row.status in standings.COUNTED and not row.platform:
            share = session.get_one(Share, row.id)
            return share if share.late == about.late and just_shown(session, share, now) else None
    return None


def just_shown(session: Session, share: Share, now: datetime) -> bool:
    """Whether the newest picture of a share came a moment ago (`IN_A_ROW`)."""
    last = session.scalar(select(func.max(Evidence.at)).where(Evidence.share_id == share.id))
    return last is not None and last >= now - IN_A_ROW


def begin(session: Session, person: Person, about: About, platform: str, now: datetime) -> Taken:
    """What evidence without a share belongs to: an open claim of this item, or a share of its own."""
    return _begin(session, person, about, platform, now, shares.of_item(session, person.id, about.item_id))


def _begin(
    session: Session, person: Person, about: About, platform: str, now: datetime, known: Sequence[Any]
) -> Taken:
    """As `begin`; `known` are the person's shares of the item, first to last."""
    counted = [row.platform for row in known if row.status in standings.COUNTED]
    claims = [row.id for row in known if row.status == standings.CLAIMED]
    if claims:
        number = claims[0]
        share = session.get_one(Share, number)
        share.status, share.platform, share.late = standings.RECEIVED, platform, about.late
        share.at = share.updated_at = now  # it is the proof's time that counts, not the word's
        session.flush()
    else:
        number = _add(session, person, about, platform, standings.RECEIVED, now)
    return Taken(
        number, about.week, platform, about.late, new=True, again=platform in counted, others=bool(counted)
    )


def add(session: Session, person: Person, about: About, platform: str, now: datetime) -> Share:
    """A share of its own, whatever was claimed."""
    return session.get_one(Share, _add(session, person, about, platform, standings.RECEIVED, now))


def _add(session: Session, person: Person, about: About, platform: str, status: str, now: datetime) -> int:
    values = {
        "person_id": person.id,
        "opd_id": about.opd_id or person.opd_id,
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
    """The share that an album belongs to; none where the person took it back: what comes then is new."""
    return session.scalar(
        select(Share)
        .join(Evidence, Evidence.share_id == Share.id)
        .where(Evidence.album == album, Share.person_id == person.id, Share.status != standings.WITHDRAWN)
        .order_by(Share.id.desc())
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
    """The later share was the same posting sent again: its evidence joins the first one, which is to
    be judged anew."""
    for number in sorted((share.id, first.id)):
        shares.locked(session, number)
    for piece in session.scalars(select(Evidence).where(Evidence.share_id == share.id)):
        piece.share_id = first.id
    session.flush()
    findings.forget_own(session, first.id)
    inspections.void(session, share.id, now)
    share.status, share.updated_at = standings.WITHDRAWN, now
    session.flush()
