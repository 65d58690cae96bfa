"""Finding an agency (OPD) by what people type, and the code that stands in its invitation."""

import re

from rapidfuzz import fuzz, process, utils
from sqlalchemy.orm import Session

from models.people import people
from models.people.people import Opd

PREFIX = "opd_"


def find(session: Session, written: str) -> list[Opd]:
    """The OPD that somebody means by a code or by a part of the name ("dinas pendidikan", "didik").

    A code or a whole name is one OPD; else all whose name holds every word, by name.
    """
    known = people.agencies(session)
    wanted = " ".join(written.lower().split())
    if exact := [opd for opd in known if wanted in (opd.code.lower(), opd.name.lower())]:
        return exact[:1]
    words = wanted.split()
    return [opd for opd in known if words and all(word in opd.name.lower() for word in words)]


def near(session: Session, written: str, most: int = 4) -> list[Opd]:
    """The OPD that were probably meant by something mistyped ("dinas kesehtan"), the likeliest first."""
    known = {opd.id: opd for opd in people.agencies(session)}
    names = {opd.id: opd.name for opd in known.values()}
    found = process.extract(
        written, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=70, limit=most
    )
    return [known[opd_id] for _, _, opd_id in found]


def payload(opd: Opd) -> str:
    """What a deep link of this OPD carries: "opd_DINKES".

    Telegram takes up to 64 of A-Z a-z 0-9 _ - there; other characters of a code become "-".
    https://core.telegram.org/bots/features#deep-linking
    """
    return PREFIX + re.sub(r"[^A-Za-z0-9_-]", "-", opd.code)[: 64 - len(PREFIX)]


def invited(session: Session, carried: str) -> Opd | None:
    """The OPD of a deep link's payload; None where it is none, or could be two."""
    if not carried.lower().startswith(PREFIX):
        return None
    found = [opd for opd in people.agencies(session) if payload(opd).lower() == carried.lower()]
    return found[0] if len(found) == 1 else None
