"""Which item somebody means; the rules are in models/belonging.py."""

from datetime import datetime, timedelta

from handlers import words
from handlers.turn import Turn
from models import belonging, proofs, shares, weeks
from models.proofs import About

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
        or proofs.about(turn.session, turn.me, turn.came)
    )
    if about is None:
        coming = weeks.moment(turn.week, turn.programme.release, turn.programme)
        if coming <= turn.now:
            coming = weeks.moment(weeks.shift(turn.week, 1), turn.programme.release, turn.programme)
        turn.say("sharing.nothing_yet", at=coming.isoformat())
    return about


def meant(turn: Turn, argument: str) -> About | None:
    """The item that a card's button names, or that of the card on which it was pressed; else as `of`."""
    if argument.isdecimal() and (about := proofs.about_item(turn.session, turn.me, int(argument), turn.came)):
        return about
    return belonging.replied(turn.session, turn.me, turn.pressed, turn.now) or of(turn)


def told(turn: Turn) -> About | None:
    """The item that a message names itself: it replies to its card, or says that it is last week's."""
    if about := belonging.replied(turn.session, turn.me, turn.message.reply_to, turn.now):
        return about
    if not words.last_week(turn.message.text):
        return None
    return belonging.last_week(turn.session, turn.me, turn.now)


def _still_asked(turn: Turn) -> About | None:
    """Of a further picture in a row: the item of the one before, whose place is still asked for."""
    if turn.message.file is None:
        return None
    share = shares.unplaced(turn.session, turn.me)
    if share is None or not proofs.just_shown(turn.session, share, turn.now):
        return None
    return proofs.about_item(turn.session, turn.me, share.item_id, turn.came)


def remember(turn: Turn, about: About) -> None:
    """What is shown next is of this item, unless a newer card or something else comes in between."""
    newest = proofs.about(turn.session, turn.me, turn.came)
    if newest is None:
        return
    until = (turn.now + _REMEMBERED).isoformat()
    kept = {"item": about.item_id, "newest": newest.item_id, "until": until}
    turn.conversation.data = {**turn.data, "shares": kept}


def remember_share(turn: Turn, share_id: int) -> None:
    """As `remember`, of the item of an own share."""
    share = shares.own(turn.session, turn.me, share_id)
    if about := proofs.about_item(turn.session, turn.me, share.item_id, turn.came):
        remember(turn, about)


def _remembered(turn: Turn) -> About | None:
    kept = turn.data.get("shares")
    if not kept or datetime.fromisoformat(kept["until"]) < turn.now:
        return None
    newest = proofs.about(turn.session, turn.me, turn.came)
    if newest is None or newest.item_id not in (kept["newest"], kept["item"]):
        return None
    return proofs.about_item(turn.session, turn.me, int(kept["item"]), turn.came)


def forget(turn: Turn) -> None:
    """What was shown is recorded: the next one is of the newest item again."""
    if "shares" in turn.data:
        turn.conversation.data = {name: kept for name, kept in turn.data.items() if name != "shares"}
