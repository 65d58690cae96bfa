"""The item in a WhatsApp group: a bubble among other messages."""

from PIL import Image, ImageFilter

from bench.screenshots import feeds, paint, phones, words
from bench.screenshots.phones import WHITE, Person, Screen


def whatsapp(who: Person, picture: Image.Image | None) -> Image.Image:
    """A group with the item sent in it, or (None) with talk alone."""
    dark = who.phone.dark
    screen = Screen(who, (11, 20, 26) if dark else (236, 229, 221))
    ink, quiet = ((233, 237, 239), (134, 150, 160)) if dark else ((17, 27, 33), (102, 119, 129))
    _wallpaper(screen)
    y = screen.phone.top + 58 + screen.dice.uniform(-60, 20)
    floor = screen.height - screen.phone.bottom - 58
    before = screen.dice.randint(0, 3) if picture is not None else 20
    for _ in range(before):
        y = _talk(screen, y, ink, quiet)
        if picture is not None and y > floor - 0.62 * screen.width:
            break
        if y > floor:
            break
    if picture is not None:
        y = _sent(screen, picture, y, ink)
        while y < floor:
            y = _talk(screen, y, ink, quiet)
            if screen.dice.random() < 0.4:
                break
    head = (31, 44, 52) if dark else screen.dice.choice(((0, 128, 105), (255, 255, 255)))
    tone = WHITE if sum(head) < 600 else (17, 27, 33)
    screen.rectangle(0, 0, screen.width, screen.phone.top + 56, head)
    screen.icon("back", 8, screen.phone.top + 18, 18, tone)
    screen.avatar(34, screen.phone.top + 9, 38, screen.dice.getrandbits(30))
    screen.text(82, screen.phone.top + 10, words.group(screen.dice), 16, tone, bold=True)
    others = ", ".join(words.name(screen.dice).split()[0] for _ in range(5))
    screen.text(82, screen.phone.top + 33, others + ", Anda", 12, tone)
    screen.rectangle(screen.width - 40, screen.phone.top, 40, 56, head)
    screen.icon("dots", screen.width - 26, screen.phone.top + 18, 18, tone)
    screen.rectangle(
        0, floor, screen.width, 58 + screen.phone.bottom, (11, 20, 26) if dark else (236, 229, 221)
    )
    screen.rectangle(6, floor + 6, screen.width - 66, 46, (31, 44, 52) if dark else WHITE, 23)
    screen.text(46, floor + 29, "Ketik pesan", 15, quiet, "lm")
    screen.rectangle(screen.width - 54, floor + 5, 48, 48, (0, 168, 132), 24)
    screen.system(tone)
    return screen.image


def _wallpaper(screen: Screen) -> None:
    tone = (18, 30, 37) if screen.phone.dark else (226, 219, 210)
    for row in range(int(screen.height // 34) + 1):
        for column in range(int(screen.width // 34) + 1):
            kind = ("heart", "bubble", "square", "home", "mark")[(row * 7 + column * 3) % 5]
            screen.icon(kind, column * 34 + 8 * (row % 2), row * 34 + 6, 14, tone)


def _tone(screen: Screen, own: bool) -> paint.Colour:
    if screen.phone.dark:
        return (0, 92, 75) if own else (31, 44, 52)
    return (217, 253, 211) if own else WHITE


def _clock(screen: Screen) -> str:
    minute = screen.who.minute - screen.dice.randint(0, 45)
    return f"{minute // 60:02d}.{minute % 60:02d}"


def _talk(screen: Screen, y: float, ink: paint.Colour, quiet: paint.Colour) -> float:
    own, said = screen.dice.random() < 0.3, words.remark(screen.dice)
    wide = min(screen.width * 0.78, max(130.0, 60 + 7.6 * len(said) * screen.phone.zoom))
    x = screen.width - wide - 8 if own else 8.0
    lines = 1 + int(7.6 * len(said) * screen.phone.zoom // (wide - 60))
    high = 30 + 19 * lines * screen.phone.zoom + (0 if own else 14)
    screen.rectangle(x, y, wide, high, _tone(screen, own), 9)
    if not own:
        screen.text(x + 10, y + 5, words.name(screen.dice), 12, paint.colour(screen.dice, 90, 200), bold=True)
    screen.paragraph(x + 10, y + (8 if own else 22), wide - 20, said, 14, ink)
    screen.text(x + wide - 10, y + high - 5, _clock(screen), 10, quiet, "rs")
    return y + high + 5


def _sent(screen: Screen, picture: Image.Image, y: float, ink: paint.Colour) -> float:
    own = screen.dice.random() < 0.8
    wide = screen.width * screen.dice.choice((0.68, 0.72, 0.78))
    shape = feeds.cropped(picture, screen.dice.choice((1.2, 1.34, 1.5)), 0.5)
    size = (screen.px(wide - 8), round(screen.px(wide - 8) * shape.height / shape.width))
    shown = paint.resized(shape, size)
    fate = screen.dice.random()
    if fate < 0.03:  # not downloaded yet: WhatsApp shows a blur
        shown = shown.filter(ImageFilter.GaussianBlur(screen.px(4)))
    caption = screen.dice.random() < 0.6
    said = words.sentences(screen.dice, 1) + " " + words.hashtags(screen.dice) if caption else ""
    x = screen.width - wide - 8 if own else 8.0
    if not own:
        y += 4
    high = size[1] / screen.phone.dp + 8
    below = 96.0 if caption else 0.0
    screen.rectangle(x, y, wide, high + below, _tone(screen, own), 10)
    screen.paste(shown, x + 4, y + 4, 8)
    if fate < 0.08:
        screen.veil(x + wide / 2 - 40, y + high / 2 - 20, 80, 40, alpha=0.6)
        screen.text(x + wide / 2, y + high / 2, f"↓ {screen.dice.randint(90, 900)} kB", 13, WHITE, "mm")
    if caption:
        screen.paragraph(x + 10, y + high + 2, wide - 20, said, 14, ink, 4)
    tone = WHITE if not caption else phones.GREY
    screen.text(
        x + wide - 12,
        y + high + below - 8,
        _clock(screen) + (" ✓✓" if own and screen.phone.face == "sans" else ""),
        11,
        tone,
        "rs",
    )
    if screen.dice.random() < 0.2:
        screen.rectangle(x + 14, y + high + below - 6, 34, 20, _tone(screen, own), 10)
        return y + high + below + 20
    return y + high + below + 6
