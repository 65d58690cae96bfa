"""`/bukti`: what somebody has sent, its state in words, and taking it back."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import places, words
from handlers.items import items
from handlers.turn import Turn
from models.messages.post import Button
from models.proofs import receipts, verdicts
from models.proofs.receipts import Details, Receipt
from models.recognition import records
from models.shares import standings

_MOST_PICTURES = 10  # of an album


def show(turn: Turn, argument: str) -> None:
    """`/bukti`: the newest shares; `/bukti 17` opens number 17."""
    written = (
        argument.strip().lower().removeprefix("nomor").removeprefix("no.").removeprefix("no").strip(" #")
    )
    if argument.strip():
        _open(turn, words.number(written, "evidence.which"))
    else:
        _page(turn, 0)


def _list(turn: Turn, argument: str) -> None:
    """A page of the list, from 0."""
    _page(turn, words.number(argument or "0"))


def _page(turn: Turn, wanted: int) -> None:
    found, total = receipts.page(turn.session, turn.me, wanted)
    if not found and total:
        wanted = (total - 1) // receipts.PAGE
        found, total = receipts.page(turn.session, turn.me, wanted)
    if not found:
        turn.say("evidence.none")
        return
    lines: list[dict[str, Any]] = []
    week: str | None = None
    for number, receipt in enumerate(found, start=1):
        if receipt.week != week:
            week = receipt.week
            lines.append(_week(week))
        lines.append(_line(number, receipt))
    buttons = [
        Button(
            "evidence.button_one", f"evidence.open:{receipt.id}", {"number": number, "receipt": receipt.id}
        )
        for number, receipt in enumerate(found, start=1)
    ]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    turn.say(
        "evidence.list",
        total=total,
        shares=records.counted(turn.session, turn.me),
        lines=lines,
        example=found[0].id,
        buttons=[*rows, *items.turning("evidence.list", wanted, total, receipts.PAGE)],
    )


def _week(week: str) -> dict[str, Any]:
    return {"text": "evidence.week", "params": {"week": week}} if week else {"text": "evidence.week_urgent"}


def _line(number: int, receipt: Receipt) -> dict[str, Any]:
    about = {"number": number, "receipt": receipt.id, "title": receipt.title, "state": _state(receipt)}
    if not _placed(receipt):
        return {"text": "evidence.line_claim", "params": about}
    return {
        "text": "evidence.line",
        "params": {**about, "platform": places.text(receipt.platform), "late": _late(receipt)},
    }


def _placed(receipt: Receipt) -> bool:
    """Whether a share has, or lacks, a place; a claim has none to lack."""
    return receipt.state != standings.CLAIMED and (
        bool(receipt.platform) or receipt.state in standings.COUNTED
    )


def _state(receipt: Receipt) -> dict[str, str]:
    return {"text": f"evidence.state_{receipt.state}"}


def _late(receipt: Receipt) -> dict[str, str] | str:
    return {"text": "evidence.late"} if receipt.late else ""


def _pressed(turn: Turn, argument: str) -> None:
    """A line of the list."""
    _open(turn, words.number(argument))


def _open(turn: Turn, number: int) -> None:
    """One share: what was sent, its state, and what can be done."""
    found = receipts.details(turn.session, turn.me, number, turn.now, turn.programme)
    receipt, look = found.receipt, found.rejected
    why: Any = {"text": f"verdict.reason_{look.reason}", "params": {"note": look.note}} if look else ""
    turn.say(
        "evidence.card",
        buttons=_acts(found),
        receipt=receipt.id,
        title=receipt.title,
        week=receipt.week,
        platform=places.text(receipt.platform) if _placed(receipt) else "",
        at=receipt.at.isoformat(),
        state=_state(receipt),
        late=_late(receipt),
        why=why,
        pictures=len(found.media) or "",
        links=[{"text": "evidence.link", "params": {"link": link}} for link in found.links],
    )


def _acts(found: Details) -> list[list[Button]]:
    number, state = found.receipt.id, found.receipt.state
    acts = []
    if found.media:
        acts.append(Button("evidence.button_picture", f"evidence.picture:{number}"))
    if state == standings.REJECTED:
        acts.append(Button("evidence.button_resend", f"share.resend:{number}"))
    if found.may_appeal:
        acts.append(Button("evidence.button_appeal", f"appeal.ask:{number}"))
    if standings.after(state, "withdraw"):
        acts.append(Button("evidence.button_withdraw", f"evidence.withdraw:{number}"))
    rows = [acts[first : first + 2] for first in range(0, len(acts), 2)]
    return [*rows, [Button("evidence.button_list", "evidence.list")]]


def _picture(turn: Turn, argument: str) -> None:
    """[Lihat gambarnya]: what was sent, once more."""
    number = words.number(argument)
    found = receipts.details(turn.session, turn.me, number, turn.now, turn.programme)
    kept = receipts.kept(turn.session, found.media, turn.message.channel)
    if not kept:
        turn.say("evidence.gone", receipt=number)
    for media_id in kept[:_MOST_PICTURES]:
        turn.say("evidence.picture", media=media_id, receipt=number)


def _withdraw(turn: Turn, argument: str) -> None:
    """[Tarik bukti]: sure?"""
    found = receipts.details(turn.session, turn.me, words.number(argument), turn.now, turn.programme)
    number = found.receipt.id
    turn.say(
        "evidence.withdraw_sure",
        receipt=number,
        title=found.receipt.title,
        buttons=[
            [Button("evidence.button_withdraw_yes", f"evidence.yes:{number}")],
            [Button("button.no", f"evidence.no:{number}")],
        ],
    )


def _yes(turn: Turn, argument: str) -> None:
    """[Ya, tarik]."""
    share = receipts.share_of(turn.session, turn.me, words.number(argument))
    verdicts.withdraw(turn.session, share, turn.me, turn.now)
    turn.edit("evidence.withdrawn", receipt=share.id)
    turn.answered()


def _no(turn: Turn, argument: str) -> None:
    """[Tidak]."""
    share = receipts.share_of(turn.session, turn.me, words.number(argument))
    turn.edit("evidence.kept", receipt=share.id)
    turn.answered()


COMMANDS: Mapping[str, Any] = {"bukti": show}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "evidence.list": _list,
    "evidence.open": _pressed,
    "evidence.picture": _picture,
    "evidence.withdraw": _withdraw,
    "evidence.yes": _yes,
    "evidence.no": _no,
}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
