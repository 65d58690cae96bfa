"""What became of a call, as changes of rows: the sender's table of consequences."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels import Failure, Outgoing, OutgoingMedia, Receipt, SendError
from bot.outbound.compose import Composer, Letter
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.messages import conversations, outbox
from models.messages.claims import Claimed
from models.programme.programme import Programme
from models.programme.whatsapp import CHANNEL
from models.releases import rerouting
from models.sending import recording, sending, setbacks, settling
from models.sending.recording import Outcome
from models.sending.setbacks import Patience
from models.whatsapp import openers, spending, templates, windows

log = logs.logger(__name__)
# What is said in another form keeps its place in the conversation.
AT_ONCE = timedelta(seconds=0.1)
# What came at a moment at which there was too much: not all of them together again.
MOMENT_SECONDS = (0.5, 1.5)
# Why a row has failed, where it was not refused for itself.
REASONS = {
    Failure.BROKEN: "broken",
    Failure.RETRY: "channel",
    Failure.LATER: "channel",
    Failure.NEEDS_TEMPLATE: "window",
    Failure.TEMPLATE: "template",
}


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome, and what else follows from it.

    `holds_back` keeps what is behind it in the conversation, and no more urgent, from overtaking;
    `effect` is a change of other rows (the account has blocked us, the group has moved) made in the
    same transaction. Where it writes the account, that `holds_account`: it is locked before any row is.
    """

    outcome: Outcome
    priority: int
    address: str
    channel: str
    holds_back: bool = False
    holds_account: bool = False
    effect: Callable[[Session, datetime], None] | None = None


def _result(letter: Letter, outcome: Outcome, **more: object) -> Result:
    row = letter.row
    return Result(outcome, row.priority, row.address, row.channel, **more)  # type: ignore[arg-type]


def sent(letter: Letter, receipt: Receipt) -> Result:
    """The channel has taken it."""
    row, pieces = letter.row, receipt.pieces
    return _result(letter, Outcome(row.id, row.key, outbox.SENT, receipt.external_id, pieces=pieces))


def void(letter: Letter) -> Result:
    """There was nothing to do any more."""
    return _result(
        letter, Outcome(letter.row.id, letter.row.key, outbox.CANCELLED, reason="void", error=letter.void)
    )


def broken(letter: Letter) -> Result:
    """Nobody can send it: it counts as failed, for somebody to look at."""
    row = letter.row
    return _result(
        letter, Outcome(row.id, row.key, outbox.FAILED, reason="broken", error=letter.broken, attempt=1)
    )


def expired(letter: Letter) -> Result:
    """Its time was over before its turn came."""
    return _result(letter, Outcome(letter.row.id, letter.row.key, outbox.EXPIRED, reason="too late"))


def put_back(letter: Letter, due_at: datetime | None) -> Result:
    """It was taken but not tried: it keeps its place."""
    return _result(letter, Outcome(letter.row.id, letter.row.key, outbox.QUEUED, due_at=due_at))


def interrupted(letter: Letter) -> Result:
    """We stop, and the call has not come back: whether the channel took it nobody knows."""
    return _result(
        letter,
        Outcome(letter.row.id, letter.row.key, outbox.QUEUED, error="stopped while sending", unknown=True),
    )


def failed(
    letter: Letter, error: SendError, now: datetime, patience: Patience, programme: Programme
) -> Result:
    """What an error means for the row, for its conversation and for the account.

    A wait that the server asked for and a channel that is halted burn no attempt. Where the message may have
    arrived and the channel can be asked, it has not failed before that is known, not even at the last attempt
    (models/sending/settling.py).
    """
    row, unknown = letter.row, error.maybe_sent
    again = Outcome(
        row.id, row.key, outbox.QUEUED, error=error.detail, unknown=unknown, answered=error.answered,
        pieces=error.pieces,
    )  # fmt: skip
    if error.kind is Failure.RETRY_AFTER:
        due = now + timedelta(seconds=error.retry_after)
        return _result(letter, replace(again, due_at=due), holds_back=True)
    if error.kind is Failure.CROWDED:
        due = now + timedelta(seconds=random.uniform(*MOMENT_SECONDS))
        return _result(letter, replace(again, due_at=due), holds_back=True)
    if error.kind is Failure.HALT_CHANNEL:
        return _result(letter, replace(again, due_at=now + timedelta(seconds=30)), holds_back=True)
    if error.kind is Failure.ANEW:
        return _result(letter, replace(again, due_at=now + AT_ONCE), holds_back=True)
    if error.kind is Failure.MIGRATED and error.new_address:
        return _result(
            letter, replace(again, due_at=now), holds_back=True, effect=_moved(row, error.new_address)
        )
    if error.kind is Failure.STOP_CONTACT:
        end = Outcome(row.id, row.key, outbox.FAILED, reason="blocked", error=error.detail, attempt=1)
        return _result(letter, end, effect=_blocked(row), holds_account=True)
    if error.kind is Failure.TEMPLATE and row.part == openers.PART:
        end = Outcome(row.id, row.key, outbox.CANCELLED, reason=openers.UNUSABLE, error=error.detail)
        return _result(letter, end, effect=_unusable(row.target, error.detail))
    if tried := _tried_again(letter, error, again, now, patience, programme):
        return tried
    if unknown and row.channel in settling.ASKED:
        return _result(letter, replace(again, due_at=now, attempt=1))
    reason = REASONS.get(error.kind, "refused")
    end = Outcome(row.id, row.key, outbox.FAILED, reason=reason, error=error.detail, attempt=1)
    return _result(letter, replace(end, pieces=error.pieces))


def _tried_again(
    letter: Letter, error: SendError, again: Outcome, now: datetime, patience: Patience, programme: Programme
) -> Result | None:
    """What may succeed another time (`again`), as often as there is patience for it; None for all else."""
    row, later = letter.row, error.kind is Failure.LATER
    due = patience.again_at(now, row.attempts, error.retry_after if later else 0.0)
    if due is None:
        return None
    again = replace(again, due_at=due, attempt=1)
    if error.kind is Failure.NEEDS_TEMPLATE and row.op in windows.NEEDING:
        waits = _result(letter, replace(again, due_at=now), holds_account=True)
        return replace(waits, effect=_awaits_window(row, programme))
    if later and row.expires_at is not None and due >= row.expires_at:
        return None  # in time on another channel, perhaps
    if error.kind in (Failure.RETRY, Failure.LATER):
        # What waits for hours keeps nobody else waiting.
        return _result(letter, again, holds_back=not later)
    return None


def _awaits_window(row: Claimed, programme: Programme) -> Callable[[Session, datetime], None]:
    def effect(session: Session, now: datetime) -> None:
        setbacks.await_windows(session, now, [row.id], programme)

    return effect


def _unusable(template: str, error: str) -> Callable[[Session, datetime], None]:
    def effect(session: Session, now: datetime) -> None:
        templates.fail(session, template, now, error)

    return effect


def _blocked(row: Claimed) -> Callable[[Session, datetime], None]:
    def effect(session: Session, now: datetime) -> None:
        rerouting.blocked(session, now, row.channel, row.address)

    return effect


def _moved(row: Claimed, new_address: str) -> Callable[[Session, datetime], None]:
    def effect(session: Session, now: datetime) -> None:
        outbox.readdress(session, row.channel, row.address, new_address)
        conversations.migrate(session, row.channel, row.address, new_address, now)

    return effect


# What a channel will list of a message with so many files: the words of each of its pieces, in order.
Listing = Callable[[Outgoing, int], Sequence[str | None]]


async def mark(
    writer: Writer, letters: Sequence[Letter], listings: Mapping[str, Listing]
) -> Sequence[Letter]:
    """Notes what is about to be handed to a channel that can be asked afterwards whether it has it:
    `listings` say, by channel, with which words it will list a message. Returns those that may go out: what
    such a channel took it may report as lost at any time, and then what follows that waits again."""
    marks: dict[int, list[str]] = {}
    for letter in letters:
        if letter.row.channel in listings and not letter.void and not letter.broken:
            files = len(letter.album) or int(letter.media is not None or bool(letter.report))
            bodies = listings[letter.row.channel](letter.outgoing, files)
            if bodies:
                marks[letter.row.id] = [settling.fingerprint(letter.row.address, body) for body in bodies]
    if not marks:
        return letters

    def note(session: Session) -> set[int]:
        early = sending.overtaking(session, marks.keys())
        settling.mark(session, {number: some for number, some in marks.items() if number not in early})
        return early

    early = await writer.write(note)
    return [letter for letter in letters if letter.row.id not in early]


def write(session: Session, now: datetime, owner: str, results: Sequence[Result], gap: float) -> None:
    """Records results of rows that `owner` holds, with their effects, in the caller's transaction. Of rows
    that somebody else has by now nothing is recorded, and has no effect."""
    windows.hold_accounts(session, [(one.channel, one.address) for one in results if one.holds_account])
    written = recording.record(session, now, owner, [result.outcome for result in results], gap=gap)
    if len(written) < len(results):
        log.warning("rows_were_no_longer_ours", lost=len(results) - len(written))
        results = [result for result in results if result.outcome.id in written]
    spending.note(session, now, sum(map(_said, results)))
    for result in results:
        if result.effect is not None:
            result.effect(session, now)
        if result.holds_back and result.outcome.due_at is not None:
            sending.postpone(session, result.address, result.priority, result.outcome.due_at)


def _said(result: Result) -> int:
    """How many messages in an open window a result is, which cost something."""
    one = result.outcome
    counts = one.status == outbox.SENT and result.channel == CHANNEL and openers.address_of(one.key) is None
    return max(1, len(one.pieces)) if counts else 0


def with_media(outgoing: Outgoing, media: OutgoingMedia) -> Outgoing:
    """The same call with its file."""
    return replace(outgoing, media=media)


def with_album(outgoing: Outgoing, album: tuple[OutgoingMedia, ...]) -> Outgoing:
    """The same call with its files."""
    return replace(outgoing, album=album)


async def kept(keeping: Awaitable[None], letter: Letter) -> None:
    """The ids of uploaded files. The message is out: whatever goes wrong here, it is not to go out again."""
    try:
        await keeping
    except Exception:
        log.exception("file_id_not_kept", outbox_id=letter.row.id)


def readable(composer: Composer, session: Session, rows: Sequence[Claimed]) -> list[Letter]:
    """The rows as letters; one that cannot be written (a bug in a text) harms no other row."""
    try:
        return composer.letters(session, rows)
    except DBAPIError:
        raise
    except Exception:
        letters = []
        for row in rows:
            try:
                letters += composer.letters(session, [row])
            except DBAPIError:
                raise
            except Exception as error:
                log.exception("row_cannot_be_written", outbox_id=row.id)
                letters.append(Letter(row, Outgoing(row.op, row.address), broken=repr(error)))
        return letters
