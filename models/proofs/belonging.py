"""What belongs to which item, week and OPD: the rules for proofs that come in time, late, early, from people
who moved, left or joined; and how somebody says that another item was meant.

Which item. A proof is about, in this order:
1. the item of the message that it replies to, last week's included;
2. last week's item, where the words with it say so ("minggu lalu");
3. the item of the picture that came right before it, while the place of that one is still asked for;
4. the item of which [Sudah saya bagikan] or [Kirim ulang] was pressed, or "sudah" said, a while before;
5. the item of the newest card that came (`meaning.about`). So in the first hours after a release a proof is
   about the new item, also of somebody who said "sudah" for last week's: they say so, or press [Untuk minggu
   lalu] on the receipt, which stands there only while last week's item is unproved.

How many shares. An album is one share, however slowly its pictures come. Where the share was taken back
meanwhile, the rest of the album is a new one; where it was rejected, the rest joins it, and it is judged anew
(by a person, if anything still speaks against it). A single picture without a place
joins the one that came right before it (`proofs.IN_A_ROW`) and whose place is still asked for: one
question, "where?". Whoever showed several places so says it after the answer, and each gets a share and
picture of its own (`bundles.py`). A picture with a place below it, and each link, is a share at once.

- **Late**: when it reached us (`inbox.reached`) after the week of the item has closed. The time of the
  channel's own server counts, which no phone can set: what was sent at 07.29 and handled at 07.31 is in time,
  and so is what waited through the night because the program was down. Only a pressed button brings no time
  with it but that of its arrival. A late proof is kept and judged like any other and marked `late`; it
  changes no figure of the closed week, whose snapshot is frozen anyway. So do a judgement, an appeal and a
  withdrawal after the closing: they show in the state of the share, and in a figure only where somebody makes
  a correction of the week. A claim is no proof: what is shown late for a claim made in time is late. Further
  pictures of an album that began in time are in time.
- **Early**: after the new week has opened and before its release. It is about last week's item, late; where
  nothing has ever come, it is said when something will, and nothing is recorded.
- **Moved**: a share belongs to the OPD as whose member the person received the item: its team looks at it,
  also after the move. Participation counts everybody in the present OPD (models/figures/figures.py).
- **Left**: what was sent before stays in its state; nobody is asked to look at it any more (looks that are
  open are voided, and opened again for who returns), and nothing new is taken. Nobody who left is counted in
  a figure made afterwards.
- **Joined late**: gets the running item at once and may show it from then on; weeks that were closed before
  are not missed.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import base
from models.people.people import Person
from models.proofs import meaning, proofs, verdicts
from models.proofs.meaning import About
from models.refused import Refused
from models.releases import received
from models.releases.received import Card
from models.shares import findings, likenesses, shares, standings
from models.shares.shares import Evidence, Share


def replied(session: Session, person: Person, message_id: str, now: datetime) -> About | None:
    """What a proof is about that replies to one of our messages, or comes by a button of it; None where that
    message was about no item that this person was sent."""
    if not message_id:
        return None
    item_id, receipt = received.message(session, person.id, message_id)
    if item_id is None and receipt is not None:
        share = session.get(Share, receipt)
        item_id = share.item_id if share and share.person_id == person.id else None
    return meaning.about_item(session, person, item_id, now) if item_id is not None else None


def last_week(session: Session, person: Person, now: datetime) -> About | None:
    """Last week's item; None for who was sent none."""
    card = received.closed(session, person.id, now)
    return meaning.of_card(card, now) if card else None


def movable(session: Session, person: Person, share_id: int, now: datetime) -> Card | None:
    """The card of last week that a share may have been meant for: the share counts, is of another item of the
    running week, and last week's was not shown. None where there is no such doubt."""
    card = received.closed(session, person.id, now)
    if card is None:  # asked first: it is the cheaper question, and mostly ends it
        return None
    share = session.get(Share, share_id)
    if share is None or share.person_id != person.id or share.status not in standings.COUNTED or share.late:
        return None
    if not share.week or card.item_id == share.item_id:
        return None
    return None if shares.shown(session, person, card.item_id) else card


def move(session: Session, person: Person, share_id: int, now: datetime) -> Share:
    """[Untuk minggu lalu]: all that was shown with a share is for last week's item after all.

    It becomes a share of that item, with a receipt of its own, and is looked at anew; the first one is
    withdrawn. Raises Refused where there is no such item, or it was shown already.
    """
    card = movable(session, person, share_id, now)
    if card is None:
        raise Refused("evidence.not_last_week")
    share = session.get_one(Share, share_id)
    taken = proofs.begin(session, person, meaning.of_card(card, now), share.platform, now)
    pieces = session.scalars(select(Evidence).where(Evidence.share_id == share.id)).all()
    transfer(session, pieces, taken.id, now)
    verdicts.withdraw(session, share, person, now)
    return session.get_one(Share, taken.id)


def transfer(session: Session, pieces: Sequence[Evidence], share_id: int, now: datetime) -> None:
    """Evidence goes to another share, and is looked at anew: what was seen in it was seen for the first."""
    findings.forget(session, [piece.id for piece in pieces])
    likenesses.forget(session, [piece.id for piece in pieces])
    for piece in pieces:
        piece.share_id, piece.examine_at, piece.attempts = share_id, now, 0
    session.flush()
    base.wake(session, "evidence")
