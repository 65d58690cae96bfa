"""The menu, help, and leaving whatever is going on.

What somebody may do is one table here: the card of `/menu` and the list that Telegram shows behind
its menu button are made of it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers import following, words
from handlers.items import commenting
from handlers.turn import Turn
from models.content.content import Item
from models.messages import outbox
from models.messages.outbox import Priority
from models.messages.post import Button
from models.people import people, roles
from models.people.people import Account, Person
from models.recognition import votes

# Commands in the order of the menu, with the capabilities of which one is needed (none: everybody).
# The text of a line is `command.<name>`, that of its button `menu.go_<name>`.
ENTRIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("konten", ()),
    ("saya", ()),
    ("bukti", ()),
    ("peringkat", ()),
    ("usul", ()),
    ("ajukan", ("compose",)),
    ("kontenku", ("compose",)),
    ("rencana", ("submit", "foresee")),
    ("tinjau", ("review",)),
    ("periksa", ("inspect",)),
    ("kreatif", ("check", "inspect")),
    ("siar", ("release",)),
    ("rekap", ("digest", "submit")),
    ("keputusan", ("digest",)),
    ("belum", ("missing",)),
    ("penghargaan", ("award",)),
    ("ekspor", ("export",)),
    ("pemohon", ("admit",)),
    ("undangan", ("invite",)),
    ("tim", ("invite",)),
    ("peran", ("roles",)),
    ("roster", ("roster",)),
    ("hematdata", ()),
)
# In Telegram's list and in the help, but no line of the card: "menu" is the card, the rest is rare.
RARE = ("menu", "bantuan", "suara", "cek", "privasi", "berhenti")
# In Telegram's list of whoever makes or reviews content: typed with a number, or by an item's buttons.
WITH_A_NUMBER = ("riwayat", "komentar", "ubah")
# In Telegram's list and in the help of who may, but no line of the card.
SELDOM: tuple[tuple[str, tuple[str, ...]], ...] = (("koreksi", ("correct",)), ("langganan", ("digest",)))
OPEN = ("start", "bantuan", "cek", "privasi")
MOST_LINES = 10  # as a list of WhatsApp has
_VOTE_BEFORE = "peringkat"  # where the vote stands in the menu, in the days when it is open

Commands = list[tuple[str, str]]


def commands_of(session: Session, person: Person | None) -> Commands:
    """The commands that somebody may use, as (name, key of its description), in the menu's order."""
    if person is None or person.joined_at is None:
        return default_commands()
    held = {role.role for role in roles.of(session, person.id)} if person.active else set()
    names = [name for name, needs in ENTRIES if not needs or held & _carrying(needs)]
    if held & _carrying(("compose", "review")):
        names += WITH_A_NUMBER
    names += [name for name, needs in SELDOM if held & _carrying(needs)]
    return [(name, f"command.{name}") for name in (*names, *RARE)]


def _carrying(capabilities: Iterable[str]) -> set[str]:
    return {role for capability in capabilities for role in roles.CAPABILITIES[capability]}


def default_commands() -> Commands:
    """The commands of somebody who has not joined."""
    return [(name, f"command.{name}") for name in OPEN]


def publish(session: Session, now: datetime, account: Account, why: str) -> bool:
    """Renews the list behind Telegram's menu button in one chat, once for `why` (a message, an act)."""
    commands = commands_of(session, account.person)
    return outbox.queue(
        session,
        now,
        f"commands:{account.channel}:{account.address}:{why}",
        account.channel,
        account.address,
        op="commands",
        body={"commands": [list(command) for command in commands], "scope": "chat"},
        priority=Priority.NOTICE,
        person_id=account.person_id,
    )


def show(turn: Turn, argument: str) -> None:
    """`/menu`: a card with numbered lines; `argument` is the page, from 1."""
    apart = {*RARE, *WITH_A_NUMBER, *dict(SELDOM)}
    names = [name for name, _ in commands_of(turn.session, turn.person) if name not in apart]
    if _VOTE_BEFORE in names and votes.is_open(turn.session, turn.now, turn.programme):
        names.insert(names.index(_VOTE_BEFORE), "suara")
    pages = _pages([*names, "bantuan"])
    page = min(max(words.number(argument or "1"), 1), len(pages))
    lines, buttons = [], []
    for number, name in enumerate(pages[page - 1], start=1):
        lines.append({"text": "menu.line", "params": {"number": number, "what": {"text": f"command.{name}"}}})
        buttons.append(
            Button("menu.button", f"command:{name}", {"number": number, "what": {"text": f"menu.go_{name}"}})
        )
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    if len(pages) > 1:
        rows.append([Button("menu.button_more", f"menu.page:{page % len(pages) + 1}")])
    turn.say("menu.card", lines=lines, buttons=rows)


def _pages(names: list[str]) -> list[list[str]]:
    """As many lines as a small screen shows, [Lainnya] among them; even pages, so that none has a single
    line."""
    most = MOST_LINES if len(names) <= MOST_LINES else MOST_LINES - 1
    count = -(-len(names) // most)
    size = -(-len(names) // count)
    return [names[first : first + size] for first in range(0, len(names), size)]


def _leave(turn: Turn, _argument: str) -> None:
    """`batal`: whatever was asked is asked no longer, on the other channel neither. A draft is kept, and said
    so. From a remark it leads back to what was asked before."""
    following.fetch(turn)
    state = turn.conversation.state
    if state == commenting.STATE:
        commenting.stop(turn, "")
        return
    item = turn.session.get(Item, turn.data.get("item", 0)) if state.startswith("submit.") else None
    editing = item is not None and item.author_id != turn.account.person_id
    turn.end()
    if not state:
        turn.say("menu.nothing_open")
    elif state.startswith("submit.") and not editing:
        turn.say("menu.left_draft")
    elif people.takes_part(turn.person, turn.programme.consent_version):
        turn.say("menu.left")
    else:
        turn.say("menu.left_joining", keyboard="remove")


def _help(turn: Turn, _argument: str) -> None:
    """`/bantuan`: the three acts, the words that always work, whom to ask."""
    person = turn.person if people.takes_part(turn.person, turn.programme.consent_version) else None
    lines = [
        {"text": "menu.help_line", "params": {"name": name, "what": {"text": key}}}
        for name, key in commands_of(turn.session, person)
    ]
    if person is None:
        turn.say("menu.help_stranger", lines=lines)
        return
    team = [colleague.name for colleague in roles.ppid(turn.session, person.opd_id)][:3]
    whom = [{"text": "menu.help_team", "params": {"opd": person.opd.name, "team": team}}] if team else []
    turn.say("menu.help", lines=lines, whom=whom)


COMMANDS: Mapping[str, Any] = {
    "menu": show,
    "batal": {"handler": _leave, "open": True},
    "bantuan": {"handler": _help, "open": True},
}
BUTTONS: Mapping[str, Callable[[Turn, str], None]] = {"menu.page": show}
ANSWERS: Mapping[str, Callable[[Turn, str], None]] = {}
