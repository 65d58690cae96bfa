"""Which item somebody means; the rules are in models/proofs/belonging.py."""

from datetime import datetime, timedelta

from handlers import words
from handlers.turn import Turn
from models.messages import conversations
from models.programme import weeks
from models.proofs import belonging, meaning, proofs
from models.proofs.meaning import About
from models.shares import shares

# How long it is remembered of which item somebody said "sudah": time enough to make a screenshot and come
# back.
_REMEMBERED = timedelta(hours=2)


def of(turn: Turn) -> About | None:
    """What a share is of that is shown or claimed now; None after having said that nothing has been sent out
    yet."""
    about = (
        told(turn)
        or _still_asked(turn)
        or _remembered(turn)
        or meaning.about(turn.session, turn.me, turn.reached)
    )
    if about is None:
        coming = weeks.moment(turn.week, turn.programme.release, turn.programme)
        if coming <= turn.now:
            coming = weeks.moment(weeks.shift(turn.week, 1), turn.programme.release, turn.programme)
        turn.say("sharing.nothing_yet", at=coming.isoformat())
    return about


def meant(turn: Turn, argument: str) -> About | None:
    """The item that a card's button names, or that of the card on which it was pressed; else as `of`."""
    if argument.isdecimal() and (
        about := meaning.about_item(turn.session, turn.me, int(argument), turn.reached)
    ):
        return about
    return belonging.replied(turn.session, turn.me, turn.pressed, turn.reached) or of(turn)


def told(turn: Turn) -> About | None:
    """The item that a message names itself: it replies to its card, or says that it is last week's."""
    if about := belonging.replied(turn.session, turn.me, turn.message.reply_to, turn.reached):
        return about
    if not words.last_week(turn.message.text):
        return None
    return belonging.last_week(turn.session, turn.me, turn.reached)


def _still_asked(turn: Turn) -> About | None:
    """Of a further picture in a row: the item of the one before, whose place is still asked for."""
    if turn.message.file is None:
        return None
    share = shares.unplaced(turn.session, turn.me, turn.reached)
    if share is None or not proofs.just_shown(turn.session, share, turn.reached):
        return None
    return meaning.about_item(turn.session, turn.me, share.item_id, turn.reached)


def remember(turn: Turn, about: About) -> None:
    """What is shown next is of this item, unless a newer card or something else comes in between."""
    newest = meaning.about(turn.session, turn.me, turn.reached)
    if newest is None:
        return
    until = (turn.reached + _REMEMBERED).isoformat()
    kept = {"item": about.item_id, "newest": newest.item_id, "until": until}
    turn.conversation.data = {**turn.data, "shares": kept}


def remember_share(turn: Turn, share_id: int) -> None:
    """As `remember`, of the item of an own share."""
    share = shares.own(turn.session, turn.me, share_id)
    if about := meaning.about_item(turn.session, turn.me, share.item_id, turn.reached):
        remember(turn, about)


def _remembered(turn: Turn) -> About | None:
    said = [one.data["shares"] for one in (turn.conversation, *turn.beside) if "shares" in one.data]
    kept = max(said, key=lambda one: datetime.fromisoformat(one["until"]), default=None)
    if kept is None or datetime.fromisoformat(kept["until"]) < turn.reached:
        return None
    newest = meaning.about(turn.session, turn.me, turn.reached)
    if newest is None or newest.item_id not in (kept["newest"], kept["item"]):
        return None
    return meaning.about_item(turn.session, turn.me, int(kept["item"]), turn.reached)


def forget(turn: Turn) -> None:
    """What was shown is recorded, wherever it was spoken of: the next one is of the newest item again."""
    for one in (turn.conversation, *turn.beside):
        if "shares" in one.data:
            if one is not turn.conversation:
                conversations.reread(turn.session, one)
            one.data = {name: kept for name, kept in one.data.items() if name != "shares"}
