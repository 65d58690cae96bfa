"""The one table of what a person can do, and the way into it."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator import people, people_groups
from bot.simulator.people import Body
from bot.simulator.store import User
from bot.simulator.wire import Refusal
from bot.simulator.world import World

Act = Callable[[World, User, Body], dict[str, Any]]

ACTS: Mapping[str, Act] = {
    play.__name__: play
    for play in (
        people.say, people.start, people.photo, people.video, people.document, people.album, people.contact,
        people.press, people.tap, people.edit, people.block, people.unblock, people.delete_account,
        people.sticker, people.voice, people.location, people_groups.add_bot, people_groups.remove_bot,
        people_groups.join, people_groups.leave, people_groups.migrate,
    )
}  # fmt: skip


def act(world: World, body: Body) -> dict[str, Any]:
    """Plays one action (`as`, `do` and its fields). Raises ValueError."""
    user = world.store.users.get(people.number(body, "as"))
    if user is None:
        raise ValueError(f"no user {body.get('as')}")
    if user.deactivated:
        raise ValueError("the account is deleted")
    play = ACTS.get(str(body.get("do")))
    if play is None:
        raise ValueError(f"do is one of {', '.join(sorted(ACTS))}")
    try:
        return play(world, user, body)
    except Refusal as refusal:
        raise ValueError(refusal.description) from None
