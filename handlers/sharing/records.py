"""`/saya`: what somebody has shared this week, in which weeks before, what they were honoured for, and a kind
word; and whether they may be named for recognition."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import channels, places, words
from handlers.turn import Turn
from models.messages.post import Button
from models.people import breaks, people
from models.recognition import certificates, records, votes, wishes
from models.recognition.certificates import Certificate
from models.recognition.records import Record
from models.refused import Refused
from models.releases import received, rerouting
from models.shares import standings
from models.shares.shares import Share

STEADY = 4  # weeks in a row that deserve a word of their own
_SHARED, _NOT_YET = "✅", "▫️"


def show(turn: Turn, _argument: str) -> None:
    """`/saya`."""
    record = records.of(turn.session, turn.me, turn.week)
    rest = breaks.at_rest(turn.session, turn.me, turn.now)
    held = certificates.own(turn.session, turn.me)
    turn.say(
        "sharing.record",
        name=turn.me.name,
        week=turn.week,
        lines=[_line(share) for share in record.this_week] or {"text": "sharing.record_none"},
        lately=_lately(turn),
        weeks=record.weeks,
        streak=record.streak,
        best={"text": "record.best", "params": {"weeks": record.best}} if record.best else "",
        shares=record.shares,
        awards=[_award(one) for one in held],
        word=_word(turn, record),
        rest={"text": f"reminding.rests_{rest.why}", "params": {"until": rest.until.isoformat()}}
        if rest
        else "",
        named="" if wishes.wanted(turn.session, turn.me, turn.programme) else {"text": "record.unnamed"},
        channel=_channel(turn),
        buttons=_buttons(turn, rest.why if rest else "", held),
    )


def _buttons(turn: Turn, rests: str, held: list[Certificate]) -> list[list[Button]]:
    label = {breaks.LEAVE: "reminding.button_back", breaks.WEEK: "reminding.button_over"}
    rows = [[Button(label[rests], "rest.over")]] if rests else []
    rows.append([Button("sharing.button_all", "evidence.list")])
    rows += [
        [Button("record.button_certificate", f"record.paper:{one.id}", {"number": one.number})]
        for one in held[:3]
    ]
    if _vote_is_open(turn):
        rows.append([Button("record.button_vote", "vote.list")])
    rows += _other_channel(turn)
    named = wishes.wanted(turn.session, turn.me, turn.programme)
    rows.append(
        [Button("record.button_out" if named else "record.button_in", f"record.named:{int(not named)}")]
    )
    return rows


def _vote_is_open(turn: Turn) -> bool:
    month = votes.is_open(turn.session, turn.now, turn.programme)
    return bool(month) and votes.of(turn.session, turn.me, month) is None


def _lately(turn: Turn) -> Any:
    """The newest weeks as marks, with words for whoever cannot see them; nothing before the first one."""
    marks = records.lately(turn.session, turn.me, turn.week, turn.programme)
    if not marks:
        return ""
    drawn = "".join(_SHARED if shared else _NOT_YET for shared in marks)
    return {"text": "record.lately", "params": {"marks": drawn, "shared": sum(marks), "weeks": len(marks)}}


def _award(found: Certificate) -> dict[str, Any]:
    category = {"text": f"award.category_{found.category}"}
    return {"text": "record.award", "params": {"category": category, "month": found.month}}


def _named(turn: Turn, argument: str) -> None:
    """[Tak ikut penghargaan] and [Ikut penghargaan]: it counts at once."""
    wanted = argument == "1"
    wishes.say(turn.session, turn.me, turn.now, turn.programme, wanted_=wanted)
    turn.say("record.named_now" if wanted else "record.unnamed_now")


def _channel(turn: Turn) -> Any:
    """Where the weekly item goes, for whoever could have it elsewhere; for others, how they could."""
    own = rerouting.channels(turn.session, turn.me.id)
    if not own[1:]:
        return channels.offer(turn)
    return {"text": "record.channel", "params": {"name": {"text": f"channel.{own[0]}"}}}


def _other_channel(turn: Turn) -> list[list[Button]]:
    """[Kirim lewat …], for whoever can be written to on two channels."""
    own = rerouting.channels(turn.session, turn.me.id)
    return [[Button("record.button_channel", f"record.channel:{one}", {"name": {"text": f"channel.{one}"}})]
            for one in own[1:]]  # fmt: skip


def _choose_channel(turn: Turn, argument: str) -> None:
    """From now on the weekly item and what goes with it comes there; the other one is what helps out."""
    if argument not in rerouting.channels(turn.session, turn.me.id):
        raise Refused("joining.no_account_there", way=channels.way(turn, argument))
    people.prefer(turn.session, turn.me, argument, turn.now)
    turn.say("record.channel_now", name={"text": f"channel.{argument}"})


def _paper(turn: Turn, argument: str) -> None:
    """The own certificate once more."""
    number = words.number(argument)
    found = next((one for one in certificates.own(turn.session, turn.me) if one.id == number), None)
    if found is None:
        raise Refused("menu.old_button")
    turn.say("record.paper", report=f"certificate:{found.id}", number=found.number)


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


BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {
    "record.named": _named,
    "record.paper": _paper,
    "record.channel": _choose_channel,
}
