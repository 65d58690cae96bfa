"""Several pictures of one share that show several places after all."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.people.people import Person
from models.proofs import belonging, proofs
from models.proofs.meaning import About
from models.refused import Refused
from models.shares import inspections, shares, standings
from models.shares.shares import Evidence, Share


def loose(session: Session, share_id: int) -> list[Evidence]:
    """The pictures of a share that may show another place than the first one, in the order of their
    coming."""
    pieces = [piece for piece in inspections.evidence(session, share_id) if piece.kind != "link"]
    return pieces[1:]


def pictures(session: Session, share_id: int) -> int:
    """How many pictures a share is shown by."""
    return sum(piece.kind != "link" for piece in inspections.evidence(session, share_id))


def split(session: Session, person: Person, share: Share, platform: str, now: datetime) -> Share:
    """[Tempat lain juga]: the next of the pictures shows another place, and becomes a share of its own.

    It is looked at anew, and the rest of an album stays with the first share. Raises Refused for a place
    that is none, and where there is no further picture or the share does not count.
    """
    if platform not in shares.PLATFORMS:
        raise Refused("sharing.platform_unknown")
    pieces = loose(session, share.id)
    if share.status not in standings.COUNTED or not pieces:
        raise Refused("evidence.no_more_pictures")
    about = About(share.item_id, share.week, share.late, share.opd_id)
    made = proofs.add(session, person, about, platform, now)
    pieces[0].album = ""
    belonging.transfer(session, pieces[:1], made.id, now)
    return made
