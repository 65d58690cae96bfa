"""What becomes of a share: accepted at once where it is clean, else by a person, who may reject it.

Whoever is rejected is told why, and may appeal once, to somebody else.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.messages import notices
from models.messages.post import Button, Post
from models.people import audit
from models.people.people import Person
from models.programme.programme import Programme
from models.refused import Refused
from models.reminders import reminders
from models.shares import findings, inspections, shares, standings
from models.shares.inspections import ACCEPT, APPEAL, REJECT, SAMPLE, Inspection
from models.shares.shares import Share

# Why a person rejects a share; "else" needs words of its own.
REASONS = ("other_item", "not_shared", "not_theirs", "unreadable", "else")
NOTE = 300  # characters of such words, and of an appeal
_SPREAD = 2_654_435_761  # Knuth's multiplicative hash: numbers in a row are spread over the whole range


def conclude(session: Session, share: Share, now: datetime, programme: Programme) -> str:
    """Accepts a share in which nothing speaks against it, or asks a person to look; its state afterwards.

    Called when the program has looked at all evidence of the share; again when more has come. Nobody is
    asked to look at a share of somebody who has left.
    """
    if share.status not in standings.COUNTED:
        return share.status
    policy = programme.proofs
    kinds = {finding.kind for finding in findings.of_share(session, share.id)}
    if findings.doubts(kinds, incomparable=policy.incomparable == "person") or not policy.accept_clean:
        if not _seen_already(session, share) and session.get_one(Person, share.person_id).active:
            inspections.doubt(session, share, now)
    elif share.status == standings.RECEIVED:
        _move(share, "pass", now)
        if drawn(share.id, policy.sample):
            inspections.open_one(session, share, SAMPLE, now)
    session.flush()
    return share.status


def _seen_already(session: Session, share: Share) -> bool:
    """Whether somebody decided about it who knew of everything that speaks against it. Of what was rejected,
    and counts all the same, more has come since."""
    against = (*findings.TWICE, *findings.UNPROVED, findings.INCOMPARABLE)
    times = [seen.at for seen in findings.of_share(session, share.id) if seen.kind in against]
    ended = inspections.ended(session, share.id)
    if ended and ended[-1].decision == REJECT:
        return False
    looks = [look.decided_at for look in ended if look.decided_at]
    return bool(looks) and (not times or looks[-1] >= max(times))


def drawn(share_id: int, rate: float) -> bool:
    """Whether a share is one of the sample that a person looks at although it is clean; always the same."""
    return share_id * _SPREAD % 2**32 < rate * 2**32


def accept(
    session: Session, inspection: Inspection, by: Person, now: datetime, programme: Programme
) -> Share:
    """[Terima]. Raises Refused when it is not for this person to say, or was said before."""
    share = _decided(session, inspection, by, now, ACCEPT)
    if inspection.why == APPEAL:
        _tell(session, share, now, programme, "verdict.appeal_accepted")
    return share


def reject(
    session: Session,
    inspection: Inspection,
    by: Person,
    now: datetime,
    programme: Programme,
    reason: str,
    note: str = "",
) -> Share:
    """[Tolak] with a reason: the person is told it, with what they can do. Raises Refused as `accept`, and
    for a reason without words where it needs some."""
    if reason not in REASONS:
        raise Refused("inspecting.reason_unknown")
    if len(note) > NOTE:
        raise Refused("inspecting.note_long", most=NOTE)
    if reason == "else" and not note.strip():
        raise Refused("inspecting.note_missing", most=NOTE)
    share = _decided(session, inspection, by, now, REJECT, reason, note.strip())
    why = {"text": f"verdict.reason_{reason}", "params": {"note": inspection.note}}
    if inspection.why == APPEAL:
        _tell(session, share, now, programme, "verdict.appeal_rejected", why=why)
    else:
        buttons = [
            [Button("verdict.button_resend", f"share.resend:{share.id}")],
            [Button("verdict.button_appeal", f"appeal.ask:{share.id}")],
        ]
        _tell(session, share, now, programme, "verdict.rejected", buttons, why=why)
    return share


def _decided(
    session: Session,
    inspection: Inspection,
    by: Person,
    now: datetime,
    act: str,
    reason: str = "",
    note: str = "",
) -> Share:
    """Locks, checks and moves: two who press in the same moment get one outcome and one sentence. The share
    is locked first, as wherever several rows of it are."""
    share = shares.locked(session, inspection.share_id)
    session.refresh(inspection, with_for_update=True)
    if inspection.decided_at is not None or standings.after(share.status, act) is None:
        raise Refused("inspecting.decided")
    if share.person_id == by.id:
        raise Refused("inspecting.own")
    if inspection.taken_by not in (None, by.id) and inspection.taken_until and inspection.taken_until > now:
        raise Refused("inspecting.taken")
    if any(
        look.decided_by == by.id for look in inspections.ended(session, share.id) if look.decision == REJECT
    ):
        raise Refused("inspecting.same_person")
    before = share.status
    _move(share, act, now)
    inspection.decided_at, inspection.decided_by, inspection.decision = now, by.id, act
    inspection.reason, inspection.note = reason, note
    audit.record(
        session, now, act, "share", share.id, by=by.id, before=before, after=share.status,
        reason=reason, why=inspection.why, note=note,
    )  # fmt: skip
    session.flush()
    return share


def appeal(
    session: Session, share: Share, by: Person, words: str, now: datetime, programme: Programme
) -> Inspection:
    """[Banding]: somebody else looks at it again. Raises Refused as `require_appeal` does, and
    for too many words."""
    require_appeal(session, share, by, now, programme)
    if len(words) > NOTE:
        raise Refused("appeal.long", most=NOTE)
    _move(share, "appeal", now)
    reminders.proved(session, share.person_id, share.week)  # until somebody has decided it is not for them
    audit.record(
        session, now, "appeal", "share", share.id, by=by.id, before=standings.REJECTED, after=share.status
    )
    opened = inspections.open_one(session, share, APPEAL, now, words.strip())
    assert opened is not None, "what was rejected waits for nobody"
    return opened


def require_appeal(session: Session, share: Share, by: Person, now: datetime, programme: Programme) -> None:
    """Raises Refused for a share that was not rejected, that is somebody else's, too late, or the second
    time."""
    looks = inspections.ended(session, share.id)
    if share.person_id != by.id:
        raise Refused("sharing.unknown")
    if any(look.why == APPEAL for look in looks):
        raise Refused("appeal.once")
    if standings.after(share.status, "appeal") is None or not looks:
        raise Refused("appeal.not_rejected", receipt=share.id)
    if now > last_day(looks[-1], programme):
        raise Refused("appeal.late", days=programme.proofs.appeal_days)


def last_day(look: Inspection, programme: Programme) -> datetime:
    """Until when somebody may appeal against a decision."""
    assert look.decided_at is not None, "only what was decided is appealed"
    return look.decided_at + timedelta(days=programme.proofs.appeal_days)


def withdraw(session: Session, share: Share, by: Person, now: datetime) -> None:
    """Takes an own share back: it counts no more, and nobody looks at it. Raises Refused where it was
    taken back before."""
    share = shares.locked(session, share.id)
    before = share.status
    if standings.after(before, "withdraw") is None or share.person_id != by.id:
        raise Refused("sharing.unknown")
    _move(share, "withdraw", now)
    inspections.void(session, share.id, now)
    audit.record(session, now, "withdraw", "share", share.id, by=by.id, before=before, after=share.status)
    session.flush()


def _move(share: Share, act: str, now: datetime) -> None:
    after = standings.after(share.status, act)
    assert after is not None, f"{act} is no way from {share.status}"
    share.status, share.updated_at = after, now


def _tell(
    session: Session,
    share: Share,
    now: datetime,
    programme: Programme,
    text: str,
    buttons: Iterable[list[Button]] = (),
    **params: object,
) -> None:
    """To the person whose share it is, once for each decision; at night only where they are at the phone."""
    person = session.get_one(Person, share.person_id)
    about = {"receipt": share.id, "week": share.week, **params}
    key = f"share:{share.id}:{share.status}:{len(inspections.ended(session, share.id))}"
    notices.tell(session, now, person, key, Post(text, about, list(buttons)), programme)
