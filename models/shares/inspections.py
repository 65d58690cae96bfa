"""Shares that a person should look at, and how each look ended; who gets which is in
models/proofs/worklists.py."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from models import base
from models.base import Base
from models.content.content import Item
from models.messages.files import Media
from models.people import roles
from models.people.people import Opd, Person
from models.people.roles import Role
from models.shares import standings
from models.shares.shares import Evidence, Share

DOUBT, SAMPLE, APPEAL = "doubt", "sample", "appeal"  # why somebody should look
ACCEPT, REJECT, VOID = "accept", "reject", "void"  # how it ended; void: there is nothing to decide any more


class Inspection(Base):
    """One look at a share: by whom (`taken_by`, until when it is theirs) and how it ended.

    `words` are those of the appeal; `reason` is one of `verdicts.REASONS`, `note` what was written to it.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index("uq_inspection_open", "share_id", unique=True, **base.only("decided_at IS NULL")),
        Index("ix_inspection_open", "opd_id", "opened_at", **base.only("decided_at IS NULL")),
        Index("ix_inspection_share", "share_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id"))
    opd_id: Mapped[int] = mapped_column(ForeignKey("opd.id"))
    why: Mapped[str]
    words: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_until: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="")

    share: Mapped[Share] = relationship()


class Skip(Base):
    """[Lewati]: this person would rather look at others first."""

    __tablename__ = "inspection_skip"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


def open_one(session: Session, share: Share, why: str, now: datetime, words: str = "") -> Inspection | None:
    """Puts a share into the queue; None where it is there already."""
    if current(session, share.id) is not None:
        return None
    made = Inspection(share_id=share.id, opd_id=share.opd_id, why=why, words=words, opened_at=now)
    session.add(made)
    session.flush()
    return made


def doubt(session: Session, share: Share, now: datetime) -> None:
    """Puts a share into the queue because something speaks against it; one that is there as a sample is
    looked at for that from now on."""
    look = current(session, share.id)
    if look is None:
        open_one(session, share, DOUBT, now)
    elif look.why == SAMPLE:
        look.why = DOUBT
        session.flush()


def void(session: Session, share_id: int, now: datetime) -> None:
    """Takes a share out of the queue: there is nothing to decide about it any more."""
    if look := current(session, share_id):
        look.decided_at, look.decision = now, VOID
        session.flush()


def void_left(session: Session, now: datetime) -> int:
    """Takes the shares of people who are on the roster no longer out of the queue; how many. They stay in
    the state that they had."""
    theirs = select(Share.id).join(Person, Person.id == Share.person_id).where(Person.active.is_(False))
    voided = session.scalars(
        update(Inspection)
        .where(Inspection.decided_at.is_(None), Inspection.share_id.in_(theirs))
        .values(decided_at=now, decision=VOID)
        .returning(Inspection.id)
        .execution_options(synchronize_session=False)
    )
    return len(voided.all())


def reopen(session: Session, people: Collection[int], now: datetime) -> int:
    """Whoever is on the roster again: what was doubtful about their shares, or appealed against, waits for
    somebody to look once more; how many shares. What still waits for the program comes by itself."""
    pending = select(Evidence.id).where(Evidence.share_id == Share.id, Evidence.examine_at.is_not(None))
    chosen = select(Share).where(
        Share.person_id.in_(people),
        Share.status.in_((*standings.COUNTED, standings.APPEALED)),
        ~pending.exists(),
    )
    opened = 0
    for share in session.scalars(chosen.order_by(Share.id)).all():
        last = session.scalar(
            select(Inspection).where(Inspection.share_id == share.id).order_by(Inspection.id.desc()).limit(1)
        )
        if last is not None and last.decision == VOID and last.why in (DOUBT, APPEAL):
            opened += open_one(session, share, last.why, now, last.words) is not None
        elif share.status == standings.RECEIVED:  # looked at while they were away: what is clean is accepted
            opened += open_one(session, share, DOUBT, now) is not None
    return opened


def current(session: Session, share_id: int) -> Inspection | None:
    """The look at a share that nobody has decided yet."""
    return session.scalar(
        select(Inspection).where(Inspection.share_id == share_id, Inspection.decided_at.is_(None))
    )


def ended(session: Session, share_id: int) -> list[Inspection]:
    """The looks at a share that somebody decided, in order."""
    return list(
        session.scalars(
            select(Inspection)
            .where(Inspection.share_id == share_id, Inspection.decision.in_((ACCEPT, REJECT)))
            .order_by(Inspection.decided_at, Inspection.id)
        )
    )


def evidence(session: Session, share_id: int) -> list[Evidence]:
    """The evidence of a share, in the order of its coming; there is always some."""
    chosen = select(Evidence).where(Evidence.share_id == share_id).order_by(Evidence.id)
    return list(session.scalars(chosen))


def picture(session: Session, evidence_id: int) -> str:
    """Where in the store the picture of a piece of evidence is; "" where it has none that we have."""
    found = select(Media.key).join(Evidence, Evidence.media_id == Media.id)
    return session.scalar(found.where(Evidence.id == evidence_id, Media.mime.startswith("image/"))) or ""


def item_picture(session: Session, evidence_id: int) -> str:
    """Where the picture is that an item's proof is compared with: of a film its small one; "" for none."""
    small = aliased(Media)
    row = session.execute(
        select(Media.key, Media.mime, small.key)
        .select_from(Evidence)
        .join(Share, Share.id == Evidence.share_id)
        .join(Item, Item.id == Share.item_id)
        .join(Media, Media.id == Item.media_id)
        .outerjoin(small, small.id == Media.small_id)
        .where(Evidence.id == evidence_id)
    ).first()
    if row is None:
        return ""
    key, mime, small_key = row
    return key if mime.startswith("image/") else small_key or ""


def title(session: Session, share: Share) -> str:
    """The title of the item that a share is about."""
    return session.scalar(select(Item.title).where(Item.id == share.item_id)) or ""


def places(session: Session) -> list[Opd]:
    """The OPD in which a look waits."""
    waits = select(Inspection.opd_id).where(Inspection.decided_at.is_(None))
    return list(session.scalars(select(Opd).where(Opd.id.in_(waits)).order_by(Opd.id)))


def lookers(session: Session, opd_id: int) -> list[Person]:
    """Who looks at the shares of an OPD: its team."""
    chosen = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Person.active, Role.role.in_(roles.CAPABILITIES["inspect"]), Role.opd_id == opd_id)
    )
    return list(session.scalars(chosen.distinct().order_by(Person.id)))
