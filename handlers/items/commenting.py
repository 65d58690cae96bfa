"""Remarks between reviewers and author without a decision: [Tanya penulis], [Balas], `/komentar 42 …`."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.turn import Turn
from models.content.content import Item
from models.editorial import comments, listings
from models.editorial.comments import Comment
from models.messages.post import Button
from models.refused import Refused

STATE = "comment.text"


def command(turn: Turn, argument: str) -> None:
    """`/komentar 42 Angka ini dari mana?` says it at once; `/komentar 42` asks for the words."""
    number, _, text = argument.removeprefix("#").partition(" ")
    item = _item(turn, words.number(number, "commenting.which"))
    if text.strip():
        _say(turn, item, text)
        turn.remind()
    else:
        _ask(turn, item)


def ask(turn: Turn, argument: str) -> None:
    """[Tanya penulis] and [Balas]."""
    _ask(turn, _item(turn, words.number(argument)))


def _item(turn: Turn, number: int) -> Item:
    """An item that this person may speak about. Whether a hidden one exists is not told."""
    try:
        item = listings.visible(turn.session, turn.me, number, turn.programme.provincial_opd)
    except Refused:
        raise Refused("commenting.unknown", id=number) from None
    comments.require_open(item)
    return item


def _ask(turn: Turn, item: Item) -> None:
    """Asks for the words. A question that was open before waits, and is asked no other way round."""
    now = turn.conversation
    before = {"state": now.state, "data": turn.data, "choices": now.choices}
    if turn.conversation.state == STATE:
        before = turn.data["before"]
    turn.ask(STATE, item=item.id, before=before)
    mine = item.author_id == turn.me.id
    turn.say(
        "commenting.ask_reviewers" if mine else "commenting.ask_author",
        id=item.id,
        title=items.title(item),
        most=comments.LENGTH[1],
        buttons=[[Button("button.cancel", "comment.stop")]],
    )


def _written(turn: Turn, text: str) -> None:
    """The words. Where the item is out of reach by now, the question is over as well."""
    try:
        item = _item(turn, turn.data["item"])
    except Refused as refused:
        _back(turn)
        turn.say(refused.key, **refused.params)
        return
    _say(turn, item, text)
    _back(turn)


def stop(turn: Turn, _argument: str) -> None:
    """[Batal] and "batal": nothing is said, and what was asked before is asked still."""
    if turn.conversation.state != STATE:
        raise Refused("menu.old_button")
    turn.say("commenting.stopped")
    _back(turn)


def _back(turn: Turn) -> None:
    """Back to the question that was open before, and it is said once more: the next words will answer it.
    The numbers of the buttons that were shown before count again."""
    before = turn.data["before"]
    turn.end()
    turn.conversation.choices = before.get("choices", [])
    if before["state"]:
        turn.ask(before["state"], **before["data"])
        turn.remind()


def _say(turn: Turn, item: Item, text: str) -> None:
    comment = comments.write(turn.session, item, turn.me, text, turn.now)
    told = [
        person.name
        for person in comments.audience(turn.session, item, turn.me, turn.programme)
        if turn.tell(
            person,
            f"comment:{comment.id}",
            "commenting.told",
            id=item.id,
            title=items.title(item),
            who=turn.me.name,
            comment=comment.text,
            buttons=[[Button("commenting.button_reply", f"comment.ask:{item.id}")]],
        )
    ]
    if told:
        turn.say("commenting.sent", id=item.id, names=told)
    else:
        turn.say("commenting.kept", id=item.id)


def line(comment: Comment) -> dict[str, Any]:
    """A remark as one line of a text."""
    params = {"at": comment.at.isoformat(), "who": comment.person.name, "comment": comment.text}
    return {"text": "commenting.line", "params": params}


def last_lines(turn: Turn, item: Item) -> list[dict[str, Any]]:
    """The last few remarks, for the card of a reviewer."""
    found = comments.latest(turn.session, item)
    return [{"text": "commenting.heading"}, *map(line, found)] if found else []


COMMANDS: Mapping[str, Any] = {"komentar": command}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"comment.ask": ask, "comment.stop": stop}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {STATE: _written}
