"""Pictures that prove nothing: home screens, chats without the item, other people's posts, plain surfaces."""

from random import Random

from PIL import Image, ImageDraw

from bench.screenshots import chats, feeds, paint, words
from bench.screenshots.phones import WHITE, Person, Screen

KINDS = ("photo", "home screen", "chat", "foreign post", "plain", "memes")


def picture(rng: Random, kind: str, who: Person) -> Image.Image:
    """One of `KINDS`."""
    if kind == "photo":
        return paint.photo(rng, (who.phone.width, who.phone.width * 4 // 3))
    if kind == "home screen":
        return _home(rng, who)
    if kind == "chat":
        return chats.whatsapp(who, None)
    if kind == "foreign post":
        post = paint.photo(rng, (900, rng.choice((900, 1100, 600))))
        return rng.choice((feeds.instagram, feeds.facebook, feeds.x))(who, post)
    if kind == "plain":
        tone = rng.choice(((0, 0, 0), (255, 255, 255), paint.colour(rng)))
        return Image.new("RGB", (who.phone.width, who.phone.height), tone)
    return feeds.facebook(who, _meme(rng))


def _home(rng: Random, who: Person) -> Image.Image:
    screen = Screen(who, (0, 0, 0))
    screen.image.paste(paint.photo(rng, screen.image.size))
    for row in range(6):
        for column in range(4):
            x, y = screen.width * (column + 0.5) / 4, 110 + row * 96
            screen.rectangle(x - 26, y, 52, 52, paint.colour(rng, 40, 255), 14)
            screen.text(x, y + 26, rng.choice("WITFXYGKMPS"), 26, WHITE, "mm", bold=True)
            screen.text(x, y + 62, words.phrase(rng, 1, 1)[:10], 11, WHITE, "ma")
    screen.system(WHITE)
    return screen.image


def _meme(rng: Random) -> Image.Image:
    size = (900, rng.choice((700, 900, 1100)))
    image = Image.new("RGB", size, "white")
    image.paste(paint.photo(rng, (size[0], size[1] - 180)), (0, 180))
    screen = paint.font("sansbold", 44)
    pen = ImageDraw.Draw(image)
    for line, said in enumerate(paint.wrapped(words.phrase(rng, 6, 10), screen, 840)[:3]):
        pen.text((30, 15 + 54 * line), said, "black", screen)
    return image
