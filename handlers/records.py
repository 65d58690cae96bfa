"""`/saya`: what somebody has shared this week, in which weeks before, and a kind word."""

from typing import Any

from handlers import places
from handlers.turn import Turn
from models import received, records, reminders, standings
from models.post import Button
from models.records import Record
from models.shares import Share

STEADY = 4  # weeks in a row that deserve a word of their own


def show(turn: Turn, _argument: str) -> None:
    """`/saya`."""
    record = records.of(turn.session, turn.me, turn.week)
    rest = reminders.at_rest(turn.session, turn.me, turn.now)
    label = {reminders.LEAVE: "reminding.button_back", reminders.WEEK: "reminding.button_over"}
    turn.say(
        "sharing.record",
        name=turn.me.name,
        week=turn.week,
        lines=[_line(share) for share in record.this_week] or {"text": "sharing.record_none"},
        weeks=record.weeks,
        streak=record.streak,
        shares=record.shares,
        word=_word(turn, record),
        rest={"text": f"reminding.rests_{rest.why}", "params": {"until": rest.until.isoformat()}}
        if rest
        else "",
        buttons=[
            *([[Button(label[rest.why], "rest.over")]] if rest else []),
            [Button("sharing.button_all", "evidence.list")],
        ],
    )


def _line(share: Share) -> dict[str, Any]:
    """One share: its receipt, where, and its state; a claim has nothing to show and no place yet."""
    state = {"text": f"evidence.state_{share.status}"}  # as in /bukti
    if share.status == standings.CLAIMED:
        return {"text": "sharing.record_claim", "params": {"receipt": share.id, "state": state}}
    params = {"receipt": share.id, "platform": places.text(share.platform), "state": state}
    return {"text": "sharing.record_line", "params": params}


def _word(turn: Turn, record: Record) -> dict[str, Any]:
    shown = any(share.status in standings.COUNTED for share in record.this_week)
    if shown and record.streak >= STEADY:
        return {"text": "sharing.word_steady", "params": {"streak": record.streak}}
    if shown:
        return {"text": "sharing.word_shown"}
    if any(share.status == standings.CLAIMED for share in record.this_week):
        return {"text": "sharing.word_claimed"}
    card = received.newest(turn.session, turn.me.id, turn.now)
    if card is not None and card.week == turn.week:
        return {"text": "sharing.word_waiting"}
    return {"text": "sharing.word_nothing"}
