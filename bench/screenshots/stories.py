"""Where the item fills the screen: WhatsApp status, Instagram story, TikTok, YouTube Shorts."""

from random import Random

from PIL import Image, ImageFilter

from bench.screenshots import paint, phones, words
from bench.screenshots.phones import BLACK, WHITE, Person, Screen


def _filled(
    screen: Screen, picture: Image.Image, top: float, bottom: float, backdrop: str, zoom: float
) -> None:
    """The picture between two heights, fitted or zoomed in, on black, its own blur, or its own colours."""
    box = screen.box(0, top, screen.width, bottom - top)
    size = (box[2] - box[0], box[3] - box[1])
    if backdrop == "blur":
        small = paint.covered(picture, (size[0] // 12, size[1] // 12)).filter(ImageFilter.GaussianBlur(4))
        ground = paint.resized(small, size)
    elif backdrop == "gradient":
        tones = picture.resize((1, 4), Image.Resampling.BOX)
        ground = paint.gradient(size, tones.getpixel((0, 0)), tones.getpixel((0, 3)))  # type: ignore[arg-type]
    else:
        ground = Image.new("RGB", size, BLACK)
    if zoom == 0 and picture.width > picture.height:  # nobody fills a tall screen with a wide picture
        zoom = 1
    shown = paint.covered(picture, size) if zoom == 0 else paint.fitted(picture, size, zoom)
    slack = (max(0, shown.width - size[0]), max(0, shown.height - size[1]))
    moved = screen.dice.uniform(-0.5, 0.5) if zoom not in (0, 1) else 0
    at = (
        round((size[0] - shown.width) / 2 + moved * slack[0]),
        round((size[1] - shown.height) / 2 + moved * slack[1]),
    )
    ground.paste(shown, at)
    screen.image.paste(ground, box[:2])


def _zoom(rng: Random) -> float:
    """Most leave it as it comes, some pinch, some fill the screen (0)."""
    return rng.choice((1, 1, 1, 1, 1, 1, rng.uniform(1.02, 1.3), rng.uniform(0.75, 0.98), 0))


def _decorated(screen: Screen, top: float, bottom: float) -> None:
    """One in eight writes something on it or sticks something to it."""
    if screen.dice.random() > 0.125:
        return
    y = screen.dice.uniform(top + 40, bottom - 60)
    said = words.remark(screen.dice)
    screen.rectangle(30, y, 16 + 9 * len(said), 30, paint.colour(screen.dice, 0, 255), 6)
    screen.text(38, y + 15, said, 15, WHITE, "lm", bold=True)


def whatsapp(who: Person, picture: Image.Image) -> Image.Image:
    """The own status ("Status saya", with views) or, for a few, a friend's view of it."""
    screen = Screen(who, BLACK)
    own, top = screen.dice.random() < 0.8, screen.phone.top
    low = screen.height - screen.phone.bottom - 52
    _filled(
        screen,
        picture,
        top,
        low + 40,
        "black" if screen.dice.random() < 0.7 else "gradient",
        _zoom(screen.dice),
    )
    _decorated(screen, top + 60, low - 60)
    count = screen.dice.choice((1, 1, 1, 2, 3))
    for part in range(count):
        long = (screen.width - 16) / count
        tone = WHITE if part < count - 1 or screen.dice.random() < 0.3 else (150, 150, 150)
        screen.rectangle(8 + part * long, top + 4, long - 4, 2.5, tone, 1)
    screen.icon("back", 10, top + 22, 18, WHITE)
    screen.avatar(38, top + 14, 36, who.face)
    screen.text(84, top + 15, "Status saya" if own else who.name, 15, WHITE, bold=True)
    screen.text(84, top + 35, phones.ago(screen.dice), 12, (220, 220, 220))
    screen.icon("dots", screen.width - 30, top + 22, 18, WHITE)
    if screen.dice.random() < 0.5:
        said = words.phrase(screen.dice, 4, 12) if screen.dice.random() < 0.5 else "#SatuASNSatuPesan"
        screen.veil(0, low - 50, screen.width, 46, alpha=0.45)
        screen.paragraph(20, low - 44, screen.width - 40, said, 14, WHITE, 2)
    if own:
        screen.icon("search", screen.width / 2 - 22, low + 18, 15, WHITE)
        screen.text(screen.width / 2, low + 25, str(screen.dice.randint(0, 60)), 14, WHITE, "lm")
    else:
        screen.rectangle(16, low + 4, screen.width - 90, 40, (35, 40, 45), 20)
        screen.text(36, low + 24, "Balas", 15, (200, 200, 200), "lm")
        screen.icon("heart", screen.width - 52, low + 13, 22, WHITE)
    screen.system(WHITE)
    return screen.image


def instagram(who: Person, picture: Image.Image) -> Image.Image:
    """A story on the own account: activity and highlight below."""
    screen = Screen(who, BLACK)
    top, low = screen.phone.top, screen.height - screen.phone.bottom - 58
    _filled(
        screen, picture, top, low, screen.dice.choice(("gradient", "gradient", "blur")), _zoom(screen.dice)
    )
    _decorated(screen, top + 70, low - 40)
    count = screen.dice.choice((1, 1, 2, 4))
    for part in range(count):
        long = (screen.width - 16) / count
        screen.rectangle(
            8 + part * long, top + 8, long - 3, 2, WHITE if part < count - 1 else (180, 180, 180), 1
        )
    screen.avatar(12, top + 18, 32, who.face)
    own = screen.dice.random() < 0.7
    wide = screen.text(54, top + 26, "Cerita Anda" if own else who.handle, 14, WHITE, bold=True)
    screen.text(
        62 + wide,
        top + 26,
        screen.dice.choice(("1 j", "2 j", "5 mnt", "22 mnt", "Baru saja")),
        13,
        (225, 225, 225),
    )
    screen.icon("dots", screen.width - 60, top + 26, 16, WHITE)
    if own:
        for part, said in enumerate(("Aktivitas", "Facebook", "Sorotan", "Sebut", "Lainnya")):
            x = 40 + part * (screen.width - 70) / 4.6
            if part:
                screen.icon(("home", "bubble", "mark", "plane")[part - 1], x - 9, low + 10, 18, WHITE)
            else:
                screen.avatar(x - 10, low + 8, 22, screen.dice.getrandbits(30))
            screen.text(x, low + 36, said, 10, WHITE, "ma")
    else:
        screen.pen.rounded_rectangle(
            screen.box(14, low + 8, screen.width - 110, 42), screen.px(21), None, WHITE, 2
        )
        screen.text(34, low + 29, "Kirim pesan", 14, WHITE, "lm")
        screen.icon("heart", screen.width - 82, low + 18, 24, WHITE)
        screen.icon("plane", screen.width - 40, low + 18, 24, WHITE)
    screen.system(WHITE)
    return screen.image


def _column(screen: Screen, low: float, kinds: tuple[str, ...]) -> None:
    """The signs with their counts at the right edge of a short film."""
    x, y = screen.width - 46, low - 66 * len(kinds) - 10
    for kind in kinds:
        screen.icon(kind, x, y, 28, WHITE)
        said = (
            str(screen.dice.randint(0, 400))
            if screen.dice.random() < 0.8
            else f"{screen.dice.randint(1, 9)},{screen.dice.randint(1, 9)} rb"
        )
        screen.text(x + 14, y + 33, said, 11, WHITE, "ma", bold=True)
        y += 66


def tiktok(who: Person, picture: Image.Image) -> Image.Image:
    """A post on the own profile or in the feed, with its column of signs and its caption."""
    screen = Screen(who, BLACK)
    low = screen.height - screen.phone.bottom - 48
    _filled(screen, picture, 0, low, "black", screen.dice.choice((1, 1, 1, 0)))
    if screen.dice.random() < 0.6:
        for part, said in enumerate(("Mengikuti", "Teman", "Untuk Anda")):
            x = screen.width / 2 + (part - 1) * 92
            screen.text(
                x,
                screen.phone.top + 22,
                said,
                15,
                WHITE if part == 2 else (200, 200, 200),
                "mm",
                bold=part == 2,
            )
    else:
        screen.icon("back", 12, screen.phone.top + 12, 20, WHITE)
        screen.text(44, screen.phone.top + 22, "Cari konten terkait", 14, (210, 210, 210), "lm")
    screen.avatar(screen.width - 54, low - 66 * 4 - 62, 44, who.face)
    _column(screen, low, ("heart", "bubble", "mark", "plane"))
    screen.text(14, low - 92, who.handle, 15, WHITE, bold=True)
    screen.paragraph(
        14,
        low - 68,
        screen.width - 90,
        words.phrase(screen.dice, 3, 9) + " " + words.hashtags(screen.dice),
        13,
        WHITE,
        2,
    )
    screen.text(14, low - 24, "♪ suara asli - " + who.name, 12, WHITE)
    for part, said in enumerate(("Beranda", "Teman", "+", "Kotak Masuk", "Profil")):
        screen.text(screen.width * (1 + 2 * part) / 10, low + 32, said, 10, WHITE, "mm")
        screen.icon(
            "home" if part == 0 else "square", screen.width * (1 + 2 * part) / 10 - 9, low + 6, 18, WHITE
        )
    screen.system(WHITE)
    return screen.image


def shorts(who: Person, picture: Image.Image) -> Image.Image:
    """YouTube Shorts."""
    screen = Screen(who, BLACK)
    low = screen.height - screen.phone.bottom - 46
    _filled(screen, picture, screen.phone.top, low, "black", screen.dice.choice((1, 1, 0)))
    screen.icon("back", 12, screen.phone.top + 10, 20, WHITE)
    screen.icon("search", screen.width - 70, screen.phone.top + 12, 20, WHITE)
    _column(screen, low, ("heart", "plane", "bubble", "mark", "square"))
    screen.avatar(12, low - 84, 32, who.face)
    screen.text(52, low - 76, "@" + who.handle, 14, WHITE, bold=True)
    screen.rectangle(58 + 8 * len(who.handle), low - 84, 76, 30, WHITE, 15)
    screen.text(96 + 8 * len(who.handle), low - 69, "Subscribe", 12, BLACK, "mm", bold=True)
    screen.paragraph(12, low - 46, screen.width - 90, words.phrase(screen.dice, 5, 10), 13, WHITE, 2)
    for part, said in enumerate(("Beranda", "Shorts", "+", "Langganan", "Anda")):
        screen.text(screen.width * (1 + 2 * part) / 10, low + 34, said, 10, WHITE, "mm")
    screen.system(WHITE)
    return screen.image
