"""What was measured of a file for an item, and what that means: refused, warned of, or fine.

Pure rules; the measuring itself, which opens files, is not done here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.messages.files import Media

PICTURE, FILM, PAPER = "picture", "film", "document"
_KINDS = {"image": PICTURE, "video": FILM}

# The programme's own rules for content: films of 30 to 60 s, pictures of 1,080 px on the short side.
SHORTEST, LONGEST = 30, 60  # seconds
SHORT_SIDE = 1080  # pixels
# The longest that every place where ASN share takes as a normal post: a Reel of Instagram, since
# January 2025 (https://help.instagram.com/270447560766967).
MOST_SECONDS = 180
# A picture that Telegram shows as one: width and height together, and how much longer one side may
# be (https://core.telegram.org/bots/api#sendphoto).
MOST_SIDES, MOST_RATIO = 10_000, 20  # pixels, times
# What WhatsApp carries (https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages), in bytes.
WHATSAPP_FILM, WHATSAPP_PICTURE = 16 * 1024 * 1024, 5 * 1024 * 1024
# Codecs that WhatsApp takes and cheap phones play
# (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types).
FILM_CODEC, SOUND_CODEC, FILM_TYPE = "h264", "aac", "video/mp4"
PICTURE_TYPES = ("image/jpeg", "image/png")
FILE_BYTES = (
    50_000_000  # what a bot may upload to Telegram (https://core.telegram.org/bots/api#sending-files)
)

# Every reason for which a file is not taken, with the limits that its sentence names.
REFUSALS: Mapping[str, Mapping[str, int]] = {
    "measuring.empty": {},
    "measuring.strange": {},
    "measuring.drawing": {},
    "measuring.heic": {},
    "measuring.damaged": {},
    "measuring.animated": {},
    "measuring.film_damaged": {},
    "measuring.film_cut": {},
    "measuring.no_picture": {},
    "measuring.paper_damaged": {},
    "measuring.paper_locked": {},
    "measuring.paper_acts": {},
    "measuring.too_large": {"most": FILE_BYTES},
    "measuring.too_many_pixels": {},
    "measuring.film_too_many_pixels": {},
    "measuring.film_too_long": {"most": MOST_SECONDS},
    "measuring.picture_too_large": {"most": MOST_SIDES},
    "measuring.picture_too_narrow": {"most": MOST_RATIO},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The facts about a file; what does not apply is 0 or "".

    `size` is in bytes, `width` and `height` in pixels as it is seen upright, `duration` in seconds.
    `codec` is a film's video codec as FFmpeg names it, or "cmyk" for a picture in the colours of
    printers; `sound` the codec of a film's sound, "" for none.
    """

    kind: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    duration: float = 0.0
    codec: str = ""
    sound: str = ""
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: the key of its sentence, and the sentence's parameters."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


def of(media: Media) -> Measured:
    """What was measured of a stored file, from its row."""
    kind = _KINDS.get(media.mime.partition("/")[0], PAPER)
    facts = media.width, media.height, media.duration, media.codec, media.sound
    return Measured(kind, media.mime, media.size, *facts)


def refusal(measured: Measured) -> str:
    """Why a sound file cannot be an item's all the same: one of `REFUSALS`, or ""."""
    if measured.animated:
        return "measuring.animated"
    if measured.kind == FILM and round(measured.duration) > MOST_SECONDS:
        return "measuring.film_too_long"
    if measured.kind == PICTURE:
        short, long = sorted((measured.width, measured.height))
        if short + long > MOST_SIDES:
            return "measuring.picture_too_large"
        if long > MOST_RATIO * short:
            return "measuring.picture_too_narrow"
    return ""


def warnings(measured: Measured) -> list[Finding]:
    """What the author should know, and may leave as it is; in the order of how much it matters."""
    if measured.kind == FILM:
        return _film(measured)
    return _picture(measured) if measured.kind == PICTURE else _paper(measured)


def plays(film: Measured) -> bool:
    """Whether a film is of the one kind that WhatsApp takes and cheap phones play, as far as was measured."""
    codecs = film.codec in ("", FILM_CODEC) and film.sound in ("", SOUND_CODEC)
    return film.mime == FILM_TYPE and codecs


def _film(film: Measured) -> list[Finding]:
    found = []
    seconds = round(film.duration)
    if not plays(film):
        found.append(Finding("measuring.film_codec"))
    if 0 < seconds < SHORTEST:
        found.append(Finding("measuring.film_short", {"duration": seconds, "least": SHORTEST}))
    if seconds > LONGEST:
        found.append(Finding("measuring.film_long", {"duration": seconds, "most": LONGEST}))
    if film.size > WHATSAPP_FILM:
        found.append(Finding("measuring.film_heavy", {"size": film.size, "most": WHATSAPP_FILM}))
    return found


def _picture(picture: Measured) -> list[Finding]:
    found = []
    short = min(picture.width, picture.height)
    if picture.codec == "cmyk":
        found.append(Finding("measuring.picture_cmyk"))
    if 0 < short < SHORT_SIDE:
        found.append(Finding("measuring.picture_small", {"short": short, "least": SHORT_SIDE}))
    if picture.size > WHATSAPP_PICTURE:
        found.append(Finding("measuring.picture_heavy", {"size": picture.size, "most": WHATSAPP_PICTURE}))
    if picture.mime not in PICTURE_TYPES:
        found.append(Finding("measuring.picture_type"))
    return found


def _paper(paper: Measured) -> list[Finding]:
    if paper.size <= WHATSAPP_FILM:
        return []
    return [Finding("measuring.paper_heavy", {"size": paper.size, "most": WHATSAPP_FILM})]
