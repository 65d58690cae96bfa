"""The way of one message: from what it is (a text, a button, a file, an event) to the function that hears it.

The functions are those of the table in handlers/routes.py.
"""

from collections.abc import Callable

from handlers import following, places, pressing, routes, words
from handlers.digests import digests
from handlers.joining import applying, joining, rights, rosters
from handlers.message import Kind, Message
from handlers.planning import searching
from handlers.sharing import sharing, subjects
from handlers.submitting import catching, submitting
from handlers.turn import Turn
from models.membership import consents
from models.people import people
from models.refused import Refused
from models.shares import links

WITH_A_CODE = ("start", "cek")  # open to strangers, with what stands in a link or on a paper


def handle(turn: Turn) -> None:
    """Answers one message. Raises Refused for what the person has to do otherwise."""
    message = turn.message
    if message.kind in _EVENTS:
        _EVENTS[message.kind](turn)
        return
    if message.kind is Kind.INTERNAL:
        routes.BUTTONS[message.action.partition(":")[0]](turn, message.action.partition(":")[2])
        return
    if message.edited:
        return  # an edit of a sent message changes nothing that was recorded
    if message.group:
        _in_group(turn)
        return
    if stops(message):
        rights.leave(turn)
        return
    if _stays_away(turn):
        return
    if turn.account.status != people.ACTIVE:
        people.unblock(turn.account)
    if message.opted == "start" and command(turn, "start", ""):
        return
    _in_private(turn)


def _in_private(turn: Turn) -> None:
    message = turn.message
    if message.kind is Kind.CONTACT:
        joining.contact(turn)
    elif message.kind is Kind.BUTTON:
        press(turn, message.action)
    elif message.kind is Kind.FILE:
        _file(turn)
    elif message.kind is Kind.OTHER:
        raise Refused("menu.cannot_read")
    else:
        _text(turn, message.text.strip())


def _stays_away(turn: Turn) -> bool:
    """Whether that was all: who has stopped us and writes again is not asked for the consent, but told how to
    start again. What is open to strangers is open to them."""
    if not _has_stopped(turn):
        return False
    message = turn.message
    name, argument = _spoken(message.text.strip().removeprefix("/"))
    found = routes.COMMANDS.get(name) if message.kind is Kind.TEXT else None
    if (found is not None and name == "start") or message.start or message.opted == "start":
        return False
    if message.kind is Kind.CONTACT or (message.kind is Kind.BUTTON and message.action.startswith("join.")):
        return False
    if found is None or not found.open or not command(turn, name, argument):
        turn.say("joining.still_stopped")
    return True


def _has_stopped(turn: Turn) -> bool:
    """Who left on one channel has left on both. Somebody who takes part was out of reach only; whoever is
    being asked about joining wants to come back."""
    person, state = turn.person, turn.conversation.state
    if (person is not None and person.joined_at is not None) or state.startswith("join."):
        return False
    if turn.account.status != people.ACTIVE:
        return True
    return person is not None and person.active and consents.withdrawn(turn.session, person)


def press(turn: Turn, action: str) -> None:
    """A button, or its number typed: "share.place:17:facebook" is heard by "share.place"."""
    name, _, argument = action.partition(":")
    if name == "command":  # a button of the menu is the command that it stands for: "command:ajukan"
        name, _, argument = argument.partition(":")
        if not command(turn, name, argument):
            raise Refused("menu.old_button")
        return
    handler = routes.BUTTONS.get(name)
    if handler is None:
        raise Refused("menu.old_button")
    if not name.startswith("join.") and not joining.is_member(turn):
        if turn.message.group:
            raise Refused("menu.members_only")
        joining.begin(turn, "")
        return
    if following.concerns(turn, name, argument):
        following.fetch(turn)
    handler(turn, argument)


def command(turn: Turn, name: str, argument: str) -> bool:
    """Runs a command if there is one of this name; False when there is none."""
    found = routes.COMMANDS.get(name)
    if found is None:
        return False
    if turn.message.group and not found.group:
        raise Refused("menu.private_only")
    if not found.open and not joining.is_member(turn):
        if turn.message.group:
            raise Refused("menu.members_only")
        joining.begin(turn, "")
        return True
    if found.capability:
        joining.require(turn, found.capability)
    # A remark, said in between, leaves what was asked as it is.
    if not turn.message.group and name not in ("batal", "komentar"):
        turn.end()
    found.handler(turn, argument)
    return True


def _text(turn: Turn, text: str) -> None:
    if turn.message.start and command(turn, "start", turn.message.start):
        return
    if text.startswith("/"):
        name, _, argument = text[1:].partition(" ")
        if command(turn, name.partition("@")[0].lower(), argument.strip()):
            return
        raise Refused("menu.unknown_command", suggestion=words.nearest(name, routes.COMMANDS))
    if (meant := words.leaving(text)) and command(turn, meant, ""):
        return
    if action := pressing.meant(turn, text):
        press(turn, action)
        return
    name, argument = _spoken(text)
    if _instead(turn, name, argument) and command(turn, name, argument):
        return
    if not joining.is_member(turn) and not turn.conversation.state.startswith("join."):
        joining.begin(turn, "")
        return
    if turn.conversation.state in routes.ANSWERS:
        routes.ANSWERS[turn.conversation.state](turn, text)
        return
    asked = following.question(turn)
    if not (asked and _strange_link(text)) and sharing.hears(turn, text):
        return
    if not (asked and _prose(name, argument)) and command(turn, name, argument):
        return
    if not asked or words.greets(text):
        raise Refused("menu.not_understood")
    if came := following.fetch(turn):
        turn.say("elsewhere.goes_on", name={"text": f"channel.{came}"})
    _text(turn, text)


def _prose(name: str, argument: str) -> bool:
    """Whether words that begin like a command go on like a sentence: "Mulai 1 Desember kami buka malam"."""
    bare = not argument or argument[0].isdigit() or name in WITH_A_CODE
    return not bare or " " in argument


def _strange_link(text: str) -> bool:
    """Whether a text names an address, and no post that could be the proof of a share."""
    return bool(links.find(text)) and not sharing.names_post(text)


def _spoken(text: str) -> tuple[str, str]:
    """A command without its sign, as people write it where there is no list of them: "rekap 48"."""
    name, _, argument = text.partition(" ")
    return words.leaving(name) or name.lower(), argument.strip()


def _instead(turn: Turn, name: str, argument: str) -> bool:
    """Whether a command without its sign is meant, though there is a question: by who has not joined, where
    they cannot have meant an answer ("mulai opd_DINKES"); where something was only looked for, by who may
    use it. A search for words goes on with words: "rencana kerja"."""
    found, state = routes.COMMANDS.get(name), turn.conversation.state
    if found is None:
        return False
    if not joining.is_member(turn):
        bare = not argument or name in WITH_A_CODE
        return found.open and bare and state not in (applying.NAME, applying.OPD)
    if state not in routes.LOOKED_FOR or (found.capability and not joining.may(turn, found.capability)):
        return False
    return not argument or argument[0].isdigit() or state != searching.STATE


def _file(turn: Turn) -> None:
    """A picture, film or file. What it is for:

    1. The open question takes files: it is the answer. So it is where nothing is asked here, and the question
       on the person's other channel is for a file, unless it is said that something was shared.
    2. Nothing is asked, or only what to look for: it is content where it looks like it and does not reply
       to a card, else the proof of a share. What was looked for stays.
    3. Another question waits for words. A picture that has none is no answer: it is the proof of a share,
       and the question is said once more. One with words below it might be either, so it is not used; it
       is said how the words are given as an answer, and how the picture is as a proof. The question stays.
    """
    state = turn.conversation.state
    if state in submitting.TAKES_FILES or state in rosters.TAKES_FILES:
        routes.ANSWERS[state](turn, turn.message.text)
    elif not joining.is_member(turn):
        joining.begin(turn, "")
    elif _awaited(turn):
        following.fetch(turn)
        _file(turn)
    elif state not in routes.ANSWERS or state in routes.LOOKED_FOR:
        if subjects.told(turn) or not catching.hears(turn):
            sharing.picture(turn)
    else:
        _file_for_words(turn)


def _awaited(turn: Turn) -> bool:
    """Whether the question on the other channel is for the file of this message."""
    message, asked = turn.message, following.question(turn)
    assert message.file is not None, "the route brings files only"
    if asked in rosters.TAKES_FILES:
        return message.file.kind == "document"
    if (
        asked not in submitting.ASKS_FOR_FILES
        or places.named(message.text)
        or sharing.names_post(message.text)
    ):
        return False
    return subjects.told(turn) is None


def _file_for_words(turn: Turn) -> None:
    """A file while a question waits for words; an album has one answer, that of its first picture."""
    message = turn.message
    assert message.file is not None, "the route brings files only"
    if message.album and message.album == turn.data.get("unused"):
        return
    if message.text.strip() or not sharing.shows(message.file):
        turn.conversation.data = {**turn.data, "unused": message.album}
        turn.remind("menu.words_wanted")
    elif sharing.picture(turn):
        turn.remind()


def _in_group(turn: Turn) -> None:
    message = turn.message
    if message.kind is Kind.BUTTON:
        press(turn, message.action)
    elif message.text.startswith("/"):
        name, _, argument = message.text[1:].partition(" ")
        command(turn, name.partition("@")[0].lower(), argument.strip())


def _blocked(turn: Turn) -> None:
    people.block(turn.session, turn.message.channel, turn.message.address, turn.now)


def _unblocked(turn: Turn) -> None:
    people.unblock(turn.account)


_EVENTS: dict[Kind, Callable[[Turn], None]] = {
    Kind.BLOCKED: _blocked,
    Kind.UNBLOCKED: _unblocked,
    Kind.GROUP_JOINED: digests.group_joined,
    Kind.GROUP_LEFT: digests.group_left,
    Kind.GROUP_MIGRATED: digests.group_migrated,
}


def stops(message: Message) -> bool:
    """Whether somebody wants no messages any more, and says so in a word that is nothing else."""
    if message.group or message.edited:
        return False
    return message.opted == "stop" or (message.kind is Kind.TEXT and words.stops(message.text))


def audience(message: Message) -> str:
    """Whose account a message belongs to: in a group the sender's, else the conversation's."""
    return message.sender if message.group and message.sender else message.address
