"""Where the item stands among other things: Instagram and Facebook feeds, X, a page of YouTube."""

from random import Random

from PIL import Image

from bench.screenshots import paint, phones, stories, words
from bench.screenshots.phones import BLACK, Person, Screen


def cropped(picture: Image.Image, tallest: float, widest: float) -> Image.Image:
    """The middle of a picture whose height is between `widest` and `tallest` times its width."""
    ratio = picture.height / picture.width
    if ratio > tallest:
        high = round(picture.width * tallest)
        top = (picture.height - high) // 2
        return picture.crop((0, top, picture.width, top + high))
    if ratio < widest:
        wide = round(picture.height / widest)
        left = (picture.width - wide) // 2
        return picture.crop((left, 0, left + wide, picture.height))
    return picture


def _across(screen: Screen, picture: Image.Image, y: float, margin: float = 0, radius: float = 0) -> float:
    """The picture over the width of the screen; the y below it."""
    wide = screen.px(screen.width - 2 * margin)
    shown = paint.resized(picture, (wide, max(1, round(picture.height * wide / picture.width))))
    screen.paste(shown, margin, y, radius)
    return y + shown.height / screen.phone.dp


def _bar(
    screen: Screen, said: tuple[str, ...], ground: phones.Person | paint.Colour, ink: paint.Colour
) -> None:
    """The app's own navigation at the foot."""
    low = screen.height - screen.phone.bottom - 48
    screen.rectangle(0, low, screen.width, 48 + screen.phone.bottom, ground)  # type: ignore[arg-type]
    for part, kind in enumerate(said):
        screen.icon(kind, screen.width * (1 + 2 * part) / (2 * len(said)) - 11, low + 12, 22, ink)


def _head(screen: Screen, ground: paint.Colour, high: float) -> None:
    screen.rectangle(0, 0, screen.width, screen.phone.top + high, ground)


def instagram(who: Person, picture: Image.Image) -> Image.Image:
    """A post at some point of scrolling, 4:5 at the tallest, with likes, caption and a comment."""
    screen = Screen(who, phones.inks(who)[0])
    ground, ink, quiet = phones.inks(who)
    shape = cropped(picture, screen.dice.choice((1.25, 1.25, 1.333)), 0.52)
    y = screen.phone.top + 50 + (screen.dice.uniform(-40, 60) if screen.dice.random() < 0.7 else 0)
    if y > screen.phone.top + 60:
        _across(screen, paint.photo(Random(screen.dice.random()), (360, 360)), y - screen.width - 20)
        screen.rectangle(0, y - 20, screen.width, 80, ground)
    screen.avatar(12, y + 10, 32, who.face)
    screen.text(54, y + 12, who.handle, 13, ink, bold=True)
    screen.text(
        54,
        y + 29,
        screen.dice.choice(("Jambi, Indonesia", "Kota Jambi", "Audio asli", "Muaro Jambi")),
        11,
        ink,
    )
    screen.icon("dots", screen.width - 28, y + 18, 16, ink)
    y = _across(screen, shape, y + 54)
    if screen.dice.random() < 0.15:
        screen.veil(screen.width - 52, y - shape.height / shape.width * screen.width + 12, 40, 26, alpha=0.6)
    for part, kind in enumerate(("heart", "bubble", "plane")):
        screen.icon(kind, 14 + 64 * part, y + 12, 23, ink)
        screen.text(42 + 64 * part, y + 24, str(screen.dice.randint(0, 99)), 13, ink, "lm", bold=True)
    screen.icon("mark", screen.width - 36, y + 12, 22, ink)
    said = f"{who.handle} {words.sentences(screen.dice, 2)} {words.hashtags(screen.dice)}"
    y = screen.paragraph(14, y + 48, screen.width - 28, said, 13, ink, screen.dice.choice((2, 3, 6)))
    screen.text(14, y + 4, phones.ago(screen.dice), 11, quiet)
    _another(screen, y + 34, ink)
    _head(screen, ground, 44)
    screen.text(
        16, screen.phone.top + 22, screen.dice.choice(("Postingan", "Instagram")), 19, ink, "lm", bold=True
    )
    screen.icon("heart", screen.width - 76, screen.phone.top + 11, 22, ink)
    _bar(screen, ("home", "search", "square", "plane", "circle"), ground, ink)
    screen.system(ink)
    return screen.image


def _another(screen: Screen, y: float, ink: paint.Colour) -> None:
    """The beginning of the next post, if there is room."""
    if y < screen.height - 60:
        screen.avatar(12, y + 4, 32, screen.dice.getrandbits(30))
        screen.text(54, y + 12, words.handle(screen.dice), 13, ink, bold=True)
        size = (320, 300)
        _across(screen, paint.photo(Random(screen.dice.random()), size), y + 46)


def facebook(who: Person, picture: Image.Image) -> Image.Image:
    """A post with its text above, reactions and the three verbs below."""
    ground, ink, quiet = phones.inks(who)
    screen = Screen(who, ground)
    y = screen.phone.top + 52 + screen.dice.uniform(-30, 70)
    if y > screen.phone.top + 70:
        screen.rectangle(0, y - 10, screen.width, 8, phones.GREY)
    screen.avatar(12, y + 8, 40, who.face)
    screen.text(62, y + 10, who.name, 15, ink, bold=True)
    screen.text(62, y + 31, f"{phones.ago(screen.dice)} · Publik", 12, quiet)
    screen.icon("dots", screen.width - 30, y + 18, 16, quiet)
    y = screen.paragraph(
        14, y + 58, screen.width - 28, words.sentences(screen.dice, screen.dice.choice((0, 1, 2))), 14, ink, 5
    )
    y = _across(screen, cropped(picture, 1.5, 0.4), y + 6)
    if screen.dice.random() < 0.8:
        screen.rectangle(14, y + 10, 18, 18, (24, 119, 242), 9)
        said = f"{words.name(screen.dice)} dan {screen.dice.randint(1, 80)} lainnya"
        screen.text(38, y + 19, said, 12, quiet, "lm")
        screen.text(screen.width - 14, y + 19, f"{screen.dice.randint(1, 30)} komentar", 12, quiet, "rm")
        y += 30
    for part, (kind, said) in enumerate((("heart", "Suka"), ("bubble", "Komentari"), ("plane", "Bagikan"))):
        x = screen.width * (1 + 2 * part) / 6
        screen.icon(kind, x - 46, y + 10, 18, quiet)
        screen.text(x - 22, y + 19, said, 13, quiet, "lm")
    _another(screen, y + 46, ink)
    _head(screen, ground, 48)
    screen.text(
        14, screen.phone.top + 24, "facebook", 24, ink if who.phone.dark else (24, 119, 242), "lm", bold=True
    )
    screen.icon("search", screen.width - 80, screen.phone.top + 13, 20, ink)
    if screen.phone.system == "ios":
        _bar(screen, ("home", "square", "bubble", "circle", "mark"), ground, quiet)
    else:
        screen.rectangle(0, screen.height - screen.phone.bottom, screen.width, screen.phone.bottom, ground)
    screen.system(ink)
    return screen.image


def x(who: Person, picture: Image.Image) -> Image.Image:
    """A post opened: text, rounded picture, time and counts, a reply."""
    ground, ink, quiet = phones.inks(who)
    screen = Screen(who, ground)
    y = screen.phone.top + 54 - (screen.dice.uniform(0, 40) if screen.dice.random() < 0.4 else 0)
    screen.avatar(14, y + 6, 42, who.face)
    screen.text(66, y + 8, who.name, 15, ink, bold=True)
    screen.text(66, y + 29, "@" + who.handle, 14, quiet)
    said = words.sentences(screen.dice, screen.dice.choice((1, 1, 2))) + " " + words.hashtags(screen.dice)
    y = screen.paragraph(14, y + 58, screen.width - 28, said, 15, ink, 6)
    y = _across(screen, cropped(picture, 1.34, 0.4), y + 8, 14, 14)
    clock, day = f"{who.minute // 60:02d}.{who.minute % 60:02d}", screen.dice.randint(20, 28)
    said = f"{clock} · {day} Nov 26 · {screen.dice.randint(1, 900)} Tayangan"
    screen.text(14, y + 10, said, 13, quiet)
    for part, kind in enumerate(("bubble", "square", "heart", "mark", "plane")):
        screen.icon(kind, 18 + part * (screen.width - 50) / 4.2, y + 44, 18, quiet)
        if screen.dice.random() < 0.5:
            screen.text(
                42 + part * (screen.width - 50) / 4.2,
                y + 53,
                str(screen.dice.randint(1, 40)),
                12,
                quiet,
                "lm",
            )
    if y + 150 < screen.height:
        screen.avatar(14, y + 84, 38, screen.dice.getrandbits(30))
        screen.text(62, y + 84, words.name(screen.dice), 14, ink, bold=True)
        screen.paragraph(62, y + 104, screen.width - 80, words.phrase(screen.dice, 3, 12), 14, ink, 3)
    _head(screen, ground, 48)
    screen.icon("back", 14, screen.phone.top + 15, 18, ink)
    screen.text(56, screen.phone.top + 24, "Postingan", 18, ink, "lm", bold=True)
    _bar(screen, ("home", "search", "circle", "square", "plane"), ground, ink)
    screen.system(ink)
    return screen.image


def youtube(who: Person, picture: Image.Image) -> Image.Image:
    """The page of a wide film, a post in the community tab, or Shorts for what is tall."""
    if picture.height > 1.5 * picture.width or screen_of_shorts(who):
        return stories.shorts(who, picture)
    ground, ink, quiet = phones.inks(who)
    screen = Screen(who, ground)
    y = screen.phone.top
    if picture.width > picture.height * 1.2:
        player = Image.new("RGB", (screen.px(screen.width), screen.px(screen.width * 9 / 16)), BLACK)
        shown = paint.fitted(picture, player.size)
        player.paste(shown, ((player.width - shown.width) // 2, (player.height - shown.height) // 2))
        screen.paste(player, 0, y)
        y += screen.width * 9 / 16
        screen.rectangle(0, y - 3, screen.width * screen.dice.random(), 3, (255, 0, 0))
        y = screen.paragraph(14, y + 12, screen.width - 28, words.phrase(screen.dice, 6, 12), 17, ink, 2)
        screen.text(
            14, y + 4, f"{screen.dice.randint(1, 900)} x ditonton  {phones.ago(screen.dice)}", 12, quiet
        )
        screen.avatar(14, y + 32, 34, who.face)
        screen.text(58, y + 49, who.name, 14, ink, "lm", bold=True)
        y += 80
    else:
        _head(screen, ground, 50)
        screen.text(16, y + 24, "Postingan", 18, ink, "lm", bold=True)
        screen.avatar(14, y + 58, 38, who.face)
        screen.text(62, y + 66, who.name, 14, ink, bold=True)
        screen.text(62, y + 84, phones.ago(screen.dice), 12, quiet)
        y = screen.paragraph(14, y + 108, screen.width - 28, words.sentences(screen.dice, 1), 14, ink, 3)
        y = _across(screen, cropped(picture, 1.25, 0.5), y + 8)
    for part, kind in enumerate(("heart", "bubble", "plane", "mark")):
        screen.icon(kind, 18 + 82 * part, y + 12, 20, ink)
        screen.text(44 + 82 * part, y + 22, str(screen.dice.randint(0, 300)), 12, ink, "lm")
    while y < screen.height - 160:
        y += 52
        _across(screen, paint.photo(Random(screen.dice.random()), (320, 180)), y)
        y += screen.width * 9 / 16
        screen.rectangle(0, y, screen.width, 60, ground)
        screen.paragraph(56, y + 8, screen.width - 80, words.phrase(screen.dice, 5, 10), 13, ink, 2)
    _bar(screen, ("home", "plane", "circle", "square", "mark"), ground, ink)
    screen.system(ink)
    return screen.image


def screen_of_shorts(who: Person) -> bool:
    """Some show a picture that is not tall as a Short all the same."""
    return who.habits.random() < 0.25
