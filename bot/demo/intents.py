"""What one simulated person is going to do about an item: decided by dice, the same for the same seed."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How somebody shows that they have shared."""

    PHOTO = "photo"
    LINK = "link"
    CLAIM = "claim"  # "sudah" first
    ALBUM = "album"


class Moment(StrEnum):
    """When somebody gets round to it."""

    CARD = "card"
    FIRST_REMINDER = "first reminder"
    LAST_REMINDER = "last reminder"
    NEVER = "never"


class Whim(StrEnum):
    """What somebody who takes no part may do instead."""

    NOTHING = ""
    BLOCK = "block"
    SAVER = "saver"
    STOP = "stop"


WAYS = ((Way.PHOTO, 0.60), (Way.LINK, 0.25), (Way.CLAIM, 0.10), (Way.ALBUM, 0.05))
PROVES_AFTER_CLAIM = 0.5
TYPES_NUMBER = 0.25  # instead of pressing the button
FIRST_REMINDED, LAST_REMINDED = 0.08, 0.06  # of those who had not taken part
BLOCKS, SAVES, STOPS = 0.004, 0.015, 0.01
# Of those who have nothing in mind, who presses the button of a message that says that something waits.
OPENS_CONTENT, OPENS_REMINDER = 0.85, 0.4
STOP_WORDS = ("BERHENTI", "berhenti", "/berhenti", "STOP")
DONE_WORDS = ("sudah", "Sudah kak", "udah", "sdh", "ok sudah", "Done", "selesai", "sudahh")
# As people in an office share: by far most of it where the family sees it.
PLACES = (
    ("whatsapp_story", 0.46),
    ("facebook", 0.17),
    ("whatsapp_group", 0.15),
    ("instagram_story", 0.12),
    ("instagram_feed", 0.05),
    ("tiktok", 0.03),
    ("x", 0.02),
)


@dataclass(frozen=True, slots=True)
class Intent:
    """`proves` is whether proof follows a claim; `types` whether the place is typed as a number; `curious`
    (0 to 1) is low for who looks at whatever waits on WhatsApp."""

    moment: Moment
    way: Way
    place: str
    proves: bool
    types: bool
    whim: Whim
    words: str
    curious: float

    def opens(self, nth: int) -> bool:
        """Whether somebody looks at the content (0), or at the nth reminder, that they are told of."""
        if nth == 0:
            busy = self.moment is not Moment.NEVER or self.whim is not Whim.NOTHING
            return busy or self.curious < OPENS_CONTENT
        due = Moment.FIRST_REMINDER if nth == 1 else Moment.LAST_REMINDER
        return self.moment is due or self.curious < OPENS_REMINDER


def of(seed: int, chat: int, rate: float) -> Intent:
    """What the person behind `chat` has in mind, when a share `rate` (0 to 1) takes part at once."""
    dice = random.Random(seed * 1_000_003 + chat)
    drawn = dice.random()
    way = _drawn(dice, WAYS)
    place = _drawn(dice, PLACES)
    late, whim = dice.random(), dice.random()
    moment = Moment.NEVER
    if drawn < rate:
        moment = Moment.CARD
    elif late < FIRST_REMINDED:
        moment = Moment.FIRST_REMINDER
    elif late < FIRST_REMINDED + LAST_REMINDED:
        moment = Moment.LAST_REMINDER
    odd = Whim.NOTHING
    if moment is Moment.NEVER and whim < BLOCKS + SAVES + STOPS:
        odd = Whim.BLOCK if whim < BLOCKS else Whim.SAVER if whim < BLOCKS + SAVES else Whim.STOP
    proves, types = dice.random() < PROVES_AFTER_CLAIM, dice.random() < TYPES_NUMBER
    words = dice.choice(STOP_WORDS if odd is Whim.STOP else DONE_WORDS)
    return Intent(moment, Way(way), place, proves, types, odd, words, curious=dice.random())


def _drawn(dice: random.Random, from_: tuple[tuple[str, float], ...]) -> str:
    return dice.choices([name for name, _ in from_], [weight for _, weight in from_])[0]
