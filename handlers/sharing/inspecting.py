"""`/periksa`: proofs that a person should look at, one after the other, with a thumb.

Each card has both pictures side by side and the reason for doubt in words. What somebody has before
them is theirs for a while; a decision brings the next one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers import places, words
from handlers.recognition import creative
from handlers.turn import ELSEWHERE, Turn
from models.messages.post import Button
from models.people.people import Person
from models.proofs import receipts, verdicts, worklists
from models.refused import Refused
from models.shares import findings, inspections
from models.shares.inspections import Inspection
from models.shares.shares import Evidence

NOTE = "inspect.note"


def queue(turn: Turn, _argument: str) -> None:
    """`/periksa`: the next proof that waits for this person."""
    look = worklists.take(turn.session, turn.me, turn.now, turn.programme)
    if look is not None:
        _show(turn, look)
        return
    passed = worklists.skipped(turn.session, turn.me, turn.now, turn.programme)
    if passed:
        again = [[Button("inspecting.button_again", "inspect.again")]]
        turn.say("inspecting.only_skipped", number=passed, buttons=again)
    elif others := worklists.waiting(turn.session, turn.me, turn.now, turn.programme):
        turn.say("inspecting.with_colleagues", number=others)
    else:
        turn.say("inspecting.none")


def _show(turn: Turn, look: Inspection) -> None:
    """The card of a proof: whose, where, why it should be looked at, and what can be done."""
    share = look.share
    seen = findings.of_share(turn.session, share.id)
    pieces = inspections.evidence(turn.session, share.id)
    piece, other = _in_doubt(pieces, seen)
    person = turn.session.get_one(Person, share.person_id)
    veiled = other is not None and not worklists.sees_whole(turn.session, turn.me, other)
    about = {
        "receipt": share.id,
        "who": person.name,
        "platform": places.text(share.platform),
        "at": share.at.isoformat(),
        "title": inspections.title(turn.session, share),
        "late": {"text": "inspecting.late"} if share.late else "",
        "doubts": _doubts(turn, look, seen, veiled=veiled),
        "plea": look.words,
        "left": worklists.waiting(turn.session, turn.me, turn.now, turn.programme),
    }
    if piece.media_id is None:
        turn.say("inspecting.card_link", buttons=_choices(look), link=piece.link, **about)
        return
    kept = receipts.kept(turn.session, _media(pieces), turn.message.channel)
    # A picture alone is on the card already; a film, a paper or an album has to be opened.
    plain = len(kept) == 1 and inspections.picture(turn.session, piece.id)
    buttons = _choices(look)
    if kept and not plain:
        buttons.append([Button("inspecting.button_files", f"inspect.files:{look.id}")])
    more = len(pieces) - 1 if len(pieces) > 1 else ""
    pair = f"pair:{piece.id}:{other or 0}{':veiled' if veiled else ''}"
    turn.say("inspecting.card", report=pair, buttons=buttons, more=more, **about)


def _media(pieces: Sequence[Evidence]) -> list[int]:
    return [piece.media_id for piece in pieces if piece.media_id]


def _files(turn: Turn, argument: str) -> None:
    """[Lihat berkas]: everything that was sent, as it came; the question stays."""
    look = _look(turn, argument)
    choices = turn.conversation.choices
    pieces = inspections.evidence(turn.session, look.share_id)
    for media_id in receipts.kept(turn.session, _media(pieces), turn.message.channel):
        turn.say("inspecting.file", media=media_id, receipt=look.share_id)
    turn.conversation.choices = choices


def _in_doubt(pieces: Sequence[Evidence], seen: Sequence[findings.Finding]) -> tuple[Evidence, int | None]:
    """The piece to show, and the evidence of somebody else that it looks like."""
    by_id = {piece.id: piece for piece in pieces}
    for finding in sorted(seen, key=lambda one: (one.kind not in findings.TWICE, one.kind == findings.SHOWS)):
        if finding.kind != findings.SHOWS and finding.evidence_id in by_id:
            return by_id[finding.evidence_id], finding.other_id
    return next((piece for piece in pieces if piece.media_id), pieces[0]), None


def _doubts(turn: Turn, look: Inspection, seen: Sequence[findings.Finding], *, veiled: bool) -> Any:
    """Why somebody should look, a sentence each; and that what it is compared with is `veiled`."""
    first: list[Any] = []
    if look.why != inspections.DOUBT:
        first.append({"text": f"inspecting.why_{look.why}"})
    if look.why == inspections.APPEAL and (before := inspections.ended(turn.session, look.share_id)):
        why = {"text": f"verdict.reason_{before[-1].reason}", "params": {"note": before[-1].note}}
        first.append({"text": "inspecting.why_before", "params": {"why": why}})
    strict = turn.programme.proofs.incomparable == "person"
    kinds = findings.doubts({finding.kind for finding in seen}, incomparable=strict)
    lines = [{"text": f"inspecting.why_{kind}"} for kind in kinds]
    if veiled:
        lines.append({"text": "inspecting.why_veiled"})
    return [*first, *lines] or {"text": "inspecting.why_all"}


def _choices(look: Inspection) -> list[list[Button]]:
    return [
        [
            Button("inspecting.button_accept", f"inspect.yes:{look.id}"),
            Button("inspecting.button_reject", f"inspect.no:{look.id}"),
        ],
        [
            Button("inspecting.button_skip", f"inspect.skip:{look.id}"),
            Button("inspecting.button_stop", "inspect.stop"),
        ],
    ]


def _look(turn: Turn, argument: str) -> Inspection:
    look = turn.session.get(Inspection, words.number(argument))
    if look is None or look.decided_at is not None:
        raise Refused("inspecting.decided")
    worklists.require(turn.session, look, turn.me, turn.now, turn.programme)
    return look


def _accept(turn: Turn, argument: str) -> None:
    """[Terima]."""
    share = verdicts.accept(turn.session, _look(turn, argument), turn.me, turn.now, turn.programme)
    _on(turn, "inspecting.accepted", receipt=share.id, buttons=creative.offer(turn, share))


def _reject(turn: Turn, argument: str) -> None:
    """[Tolak]: why? The reasons take the place of the card's buttons."""
    look = _look(turn, argument)
    buttons = [
        [Button(f"inspecting.button_{reason}", f"inspect.reason:{look.id}:{reason}")]
        for reason in verdicts.REASONS
    ]
    buttons.append([Button("button.back", f"inspect.back:{look.id}")])
    turn.edit("inspecting.ask_why", buttons=buttons, receipt=look.share_id)
    turn.choose_from(buttons)


def _reason(turn: Turn, argument: str) -> None:
    number, _, reason = argument.partition(":")
    look = _look(turn, number)
    if reason == "else":
        turn.ask(NOTE, look=look.id, card=turn.pressed)
        turn.say("inspecting.ask_note", most=verdicts.NOTE)
        return
    share = verdicts.reject(turn.session, look, turn.me, turn.now, turn.programme, reason)
    _on(turn, "inspecting.rejected", receipt=share.id, why={"text": f"verdict.reason_{reason}"})


def _noted(turn: Turn, text: str) -> None:
    """The reason in words of one's own."""
    look = _look(turn, str(turn.data["look"]))
    card = str(turn.data["card"])
    share = verdicts.reject(turn.session, look, turn.me, turn.now, turn.programme, "else", text)
    turn.end()
    _on(turn, "inspecting.rejected", card=card, receipt=share.id, why=look.note)


def _back(turn: Turn, argument: str) -> None:
    """[Kembali]: not rejected after all."""
    look = _look(turn, argument)
    buttons = _choices(look)
    turn.edit("inspecting.once_more", buttons=buttons, receipt=look.share_id)
    turn.choose_from(buttons)


def _skip(turn: Turn, argument: str) -> None:
    """[Lewati]."""
    look = _look(turn, argument)
    worklists.skip(turn.session, look, turn.me)
    _on(turn, "inspecting.skipped", receipt=look.share_id)


def _on(turn: Turn, became: str, *, card: str = "", **params: Any) -> None:
    """The next card comes first, so that nobody waits for the old one to be changed. Where that is in another
    chat, what became of it is said anew, and before."""
    pressed = card or turn.pressed
    if pressed == ELSEWHERE:
        turn.edit(became, replacing=pressed, **params)
    queue(turn, "")
    if pressed and pressed != ELSEWHERE:
        turn.edit(became, replacing=pressed, **params)


def _stop(turn: Turn, _argument: str) -> None:
    """[Selesai]: what is before this person goes back to the others."""
    worklists.give_back(turn.session, turn.me)
    left = worklists.waiting(turn.session, turn.me, turn.now, turn.programme)
    turn.edit("inspecting.stopped", number=left)
    turn.end()


def _again(turn: Turn, _argument: str) -> None:
    """[Periksa yang dilewati]."""
    worklists.unskip(turn.session, turn.me)
    queue(turn, "")


COMMANDS: Mapping[str, Any] = {"periksa": {"handler": queue, "capability": "inspect"}}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "inspect.next": queue,
    "inspect.yes": _accept,
    "inspect.no": _reject,
    "inspect.reason": _reason,
    "inspect.back": _back,
    "inspect.skip": _skip,
    "inspect.stop": _stop,
    "inspect.again": _again,
    "inspect.files": _files,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {NOTE: _noted}
