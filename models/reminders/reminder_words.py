"""The words of a reminder: which text fits whom, and the message around it.

| what the person did this week | text |
|---|---|
| was rejected, and has sent nothing new | rejected_first, rejected_last |
| said "sudah" and showed nothing | never_, sometimes_, always_ + first_claimed, last_claimed |
| nothing | never_, sometimes_, always_ + first, last |

never, sometimes and always are those of `habits`; the first reminder of a week is "first", any other "last".
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, literal, select
from sqlalchemy.orm import Session

from models.content import content
from models.messages import outbox
from models.messages.post import Button, Post
from models.people.people import Person
from models.releases.releases import Release
from models.reminders import habits
from models.shares import standings
from models.shares.shares import Share

FIRST, LAST = "first", "last"
CLAIM, REJECTION = "claimed", "rejected"


def did(week: str, *statuses: str) -> ColumnElement[bool]:
    """Whether the Person of the statement has a share of a week in one of these states."""
    share = select(Share.id).where(
        Share.person_id == Person.id, Share.week == week, Share.status.in_(statuses)
    )
    return share.correlate(Person).exists()


def saves_data(card: Any) -> ColumnElement[bool]:
    """Whether the Person of the statement gets the picture of this card's item on request only."""
    heavy = select(content.Item.id).where(content.Item.media_id.is_not(None))
    return and_(Person.saver, card.item_id.in_(heavy))


def bodies(session: Session, release: Release, nth: int) -> Callable[[Any], ColumnElement[Any]]:
    """The body of the nth reminder for the Person of a statement, by the alias of their card.

    One CASE over a name that is found once a row: nobody is looked at in Python.
    """
    when = FIRST if nth == 1 else LAST
    habit = habits.kind(session, release.week)
    name = case(
        (did(release.week, standings.REJECTED), literal(f"{REJECTION}_{when}", String)),
        (did(release.week, standings.CLAIMED), habit.concat(literal(f"_{when}_{CLAIM}", String))),
        else_=habit.concat(literal(f"_{when}", String)),
    )
    names = [f"{REJECTION}_{when}"]
    names += [f"{kind}_{when}{more}" for kind in habits.KINDS for more in ("", f"_{CLAIM}")]

    def body(card: Any) -> ColumnElement[Any]:
        light = case((saves_data(card), literal("light:", String)), else_=literal("", String))
        made = {
            prefix + one: outbox.json_literal(of_name(one, release, saver=bool(prefix)))
            for one in names
            for prefix in ("", "light:")
        }
        return case(made, value=light.concat(name))

    return body


def of_name(name: str, release: Release, *, saver: bool) -> dict[str, Any]:
    """The body of the text `reminding.<name>`."""
    return message(Post(f"reminding.{name}", {"closes": release.closes_at.isoformat()}), release.week,
                   saver=saver, done=REJECTION not in name, claimed=name.endswith(CLAIM))  # fmt: skip


def message(
    post: Post, week: str, *, saver: bool, done: bool = True, claimed: bool = False
) -> dict[str, Any]:
    """A reminder of a week with the item again, its media by reference, or on request for who saves data.

    `done`: with [Sudah saya bagikan]. Who has said so already (`claimed`) needs none of it, only where to
    send the proof, and the ways out.
    """
    rows = [] if claimed else [[Button("sharing.button_text", "share.text")]]
    if saver and not claimed:
        rows[0].append(Button("sharing.button_media", "share.media"))
    if done and not claimed:
        rows.insert(0, [Button("sharing.button_shared", "share.done")])
    rows += [
        [Button("reminding.button_later", "rest.later"), Button("reminding.button_leave", "rest.leave")],
        [Button("reminding.button_not_this_week", f"rest.week:{week}")],
    ]
    body = Post(post.text, post.params, rows).body()
    return body if saver or claimed else {**body, "with_media": True}
