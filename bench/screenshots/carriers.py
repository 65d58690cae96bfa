"""The ways on which a picture reaches us, and what somebody does who sends another's picture again.

Telegram scales photos to 1,280 pixels on the longer side and writes JPEG at a quality in the eighties;
WhatsApp scales to about 1,600 and is harsher. Both turn colour to half its resolution.
"""

import io
from random import Random

from PIL import Image

from bench.screenshots import paint, phones
from bench.screenshots.phones import WHITE, Person, Screen

TELEGRAM_SIDE = 1280
WHATSAPP_SIDE = 1600
COPIES = ("sent again", "forwarded", "resized", "cropped", "gallery")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling="4:2:0")
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture in a file, as RGB."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def _within(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    if scale >= 1:
        return image
    return paint.resized(image, (round(image.width * scale), round(image.height * scale)))


def telegram(rng: Random, image: Image.Image) -> bytes:
    """Sent as a photo on Telegram."""
    return _jpeg(_within(image, TELEGRAM_SIDE), rng.randint(80, 87))


def whatsapp(rng: Random, image: Image.Image) -> bytes:
    """Sent as a photo on WhatsApp."""
    return _jpeg(_within(image, WHATSAPP_SIDE), rng.randint(68, 80))


def sent(rng: Random, image: Image.Image) -> bytes:
    """Most send a photo, some by way of WhatsApp, some as a file; one in twenty cuts off what the phone
    adds."""
    way = rng.random()
    if rng.random() < 0.05:
        w, h = image.size
        image = image.crop((0, round(rng.uniform(0.03, 0.07) * h), w, round(rng.uniform(0.93, 0.97) * h)))
    if way < 0.8:
        return telegram(rng, image)
    if way < 0.9:
        return telegram(rng, opened(whatsapp(rng, image)))
    if way < 0.95:
        return _jpeg(image, rng.randint(90, 95))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def copy(rng: Random, data: bytes, kind: str, thief: Person) -> bytes:
    """The same upload once more, one of `COPIES`."""
    image = opened(data)
    if kind == "forwarded":
        return telegram(rng, opened(whatsapp(rng, image)))
    if kind == "resized":
        scale = rng.uniform(0.55, 0.95)
        smaller = paint.resized(image, (round(image.width * scale), round(image.height * scale)))
        return telegram(rng, opened(_jpeg(smaller, rng.randint(65, 85))))
    if kind == "cropped":
        top, bottom, side = (
            rng.uniform(0, 0.05),
            rng.uniform(0, 0.05),
            rng.choice((0, 0, rng.uniform(0, 0.02))),
        )
        w, h = image.size
        image = image.crop((round(side * w), round(top * h), round((1 - side) * w), round((1 - bottom) * h)))
        return telegram(rng, image)
    if kind == "gallery":
        return telegram(rng, gallery(thief, image))
    return telegram(rng, image)


def gallery(who: Person, picture: Image.Image) -> Image.Image:
    """A screenshot of a phone that shows a screenshot in its gallery."""
    ground, ink, _ = phones.inks(who)
    screen = Screen(who, ground)
    top, low = screen.phone.top + 52, screen.height - screen.phone.bottom - 60
    if screen.dice.random() < 0.4:  # tapped: the picture alone on black, as large as it goes
        screen.image.paste((0, 0, 0), (0, 0, *screen.image.size))
        top, low, ink = 0.0, screen.height, WHITE
    box = screen.box(0, top, screen.width, low - top)
    shown = paint.fitted(picture, (box[2] - box[0], box[3] - box[1]))
    screen.image.paste(
        shown, ((screen.image.width - shown.width) // 2, box[1] + (box[3] - box[1] - shown.height) // 2)
    )
    if top:
        screen.icon("back", 12, screen.phone.top + 16, 18, ink)
        screen.text(44, screen.phone.top + 26, f"{screen.dice.randint(18, 28)} November 2026", 15, ink, "lm")
        for part, kind in enumerate(("plane", "heart", "square", "dots")):
            screen.icon(kind, screen.width * (1 + 2 * part) / 8 - 11, low + 18, 22, ink)
        screen.system(ink)
    return screen.image
