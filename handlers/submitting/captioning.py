"""Further texts of an item: variants that take turns from person to person, and texts for one channel."""

from handlers import words
from handlers.sharing import sharing
from handlers.submitting import steps
from handlers.turn import Turn
from models.content import captions, wordings
from models.content.content import Item
from models.messages.post import Button
from models.refused import Refused


def ask_variants(turn: Turn, item: Item) -> None:
    """Asks for another text; one message is one text, until [Selesai]."""
    number = wordings.count(turn.session, item)
    drop = [Button("completing.button_drop_variants", f"submit.unvary:{item.id}")]
    steps.ask(
        turn,
        item,
        "variants",
        [drop] if number > 1 else [],
        number=number,
        enough=wordings.ENOUGH,
        caption=item.caption,
    )


def said_variant(turn: Turn, item: Item, text: str) -> bool:
    """A further text; False when the words say that it is enough."""
    if words.plain(text) in ("cukup", "selesai", "lewati") or words.says_done(text):
        return False
    number = wordings.add(turn.session, item, text, turn.now, turn.me)
    turn.say(
        "completing.variant_kept" if number < wordings.ENOUGH else "completing.variants_enough",
        number=number,
        enough=wordings.ENOUGH,
        buttons=[steps.on(item, "completing.button_enough")],
    )
    return True


def unvary(turn: Turn, argument: str) -> None:
    """[Hapus variasi]: the caption alone is left."""
    item = steps.draft(turn, argument)
    wordings.drop(turn.session, item, "", turn.now, turn.me)
    ask_variants(turn, item)


def ask_channels(turn: Turn, item: Item) -> None:
    """Which channel is the text for?"""
    there = wordings.channels(turn.session, item)
    buttons = [
        Button(
            "completing.button_channel_on" if channel in there else "completing.button_channel",
            f"submit.channel:{item.id}:{channel}",
            {"channel": {"text": f"checks.channel_{channel}"}},
        )
        for channel in captions.CHANNELS
    ]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    steps.ask(turn, item, "channels", rows)


def channel_chosen(turn: Turn, argument: str) -> None:
    """A channel: the text for it, in one message."""
    number, _, channel = argument.partition(":")
    item = steps.draft(turn, number)
    if channel not in captions.CHANNELS:
        raise Refused("menu.old_button")
    now = wordings.for_channel(turn.session, item, channel)
    turn.ask("submit.channels", item=item.id, channel=channel)
    drop = [Button("completing.button_drop_channel", f"submit.unchannel:{item.id}:{channel}")]
    back = [Button("button.back", f"submit.redo:{item.id}:channels")]
    turn.say(
        "completing.ask_channel",
        channel={"text": f"checks.channel_{channel}"},
        most=captions.CHANNELS[channel],
        current=now,
        buttons=[*([drop] if now else []), back],
    )


def channel_dropped(turn: Turn, argument: str) -> None:
    """[Hapus teks ini]: the general texts are for this channel again."""
    number, _, channel = argument.partition(":")
    item = steps.draft(turn, number)
    wordings.drop(turn.session, item, channel, turn.now, turn.me)
    ask_channels(turn, item)


def said_channel(turn: Turn, item: Item, text: str) -> bool:
    """The text for the channel that was chosen; False when words say that it is enough."""
    channel = str(turn.data.get("channel", ""))
    if not channel:
        if words.plain(text) in ("cukup", "selesai", "lewati") or words.says_done(text):
            return False
        if sharing.hears(turn, text):
            return True
        raise Refused("completing.channel_expected")
    wordings.write(turn.session, item, channel, text, turn.now, turn.me, turn.around.signature)
    turn.say("completing.channel_kept", channel={"text": f"checks.channel_{channel}"})
    ask_channels(turn, item)
    return True
