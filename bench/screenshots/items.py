"""What agencies release in a week: posters of one template, infographics, photographs, films, albums."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageDraw

from bench.screenshots import paint, words
from bench.screenshots.films import Film
from bench.screenshots.paint import Colour

KINDS = ("poster", "poster", "poster", "infographic", "photo", "film", "album")
_SHAPES = ((1080, 1350), (1080, 1350), (1080, 1080), (1080, 1920))


@dataclass(frozen=True)
class Item:
    """One item: `files` are what the program keeps of it (bytes and MIME type), `seen` what a screenshot can
    show: `seen(rng)` is one of the album's pictures, any moment of the film, or the picture itself."""

    kind: str
    files: Callable[[], tuple[tuple[bytes, str], ...]]
    seen: Callable[[Random], Image.Image]
    numbers: tuple[int, int, int] = (0, 0, 0)  # of a poster: see `poster`


@dataclass(frozen=True)
class Template:
    """How the posters of one agency look, week after week."""

    size: tuple[int, int]
    ground: Colour
    accent: Colour
    face: str
    layout: int
    agency: str
    seed: int


def template(rng: Random) -> Template:
    """A design with the agency's name, colours and places for text and picture."""
    return Template(
        size=rng.choice(_SHAPES),
        ground=paint.colour(rng, 10, 110) if rng.random() < 0.6 else paint.colour(rng, 190, 255),
        accent=paint.colour(rng, 120, 255),
        face=rng.choice(paint.HEADLINE_FACES),
        layout=rng.randrange(3),
        agency="Dinas " + words.phrase(rng, 2, 2).title(),
        seed=rng.getrandbits(32),
    )


def poster(design: Template, headline: int, text: int, picture: int) -> Image.Image:
    """A poster; the three numbers choose headline (and its figure), running text and picture, one by one."""
    width, height = design.size
    image = paint.gradient(design.size, design.ground, paint.shaded(design.ground, 0.75))
    pen = ImageDraw.Draw(image)
    ink = (20, 20, 30) if sum(design.ground) > 450 else (255, 255, 255)
    _ornaments(design, pen)
    _masthead(design, pen, ink)
    top = height * 0.13
    photo_size = (width - 120, round(height * 0.34))
    photo = paint.photo(Random(f"picture {design.seed} {picture}"), photo_size)
    if design.layout != 2:
        at = (60, round(height * (0.15 if design.layout == 0 else 0.5)))
        image.paste(photo, at, paint.rounded(photo_size, 40))
        top = at[1] + photo_size[1] + 30 if design.layout == 0 else height * 0.13
    say = Random(f"headline {design.seed} {headline}")
    face = paint.font(design.face, width // 15)
    y = top + 20
    for line in paint.wrapped(words.phrase(say, 4, 8).upper(), face, width - 130)[:4]:
        pen.text((65, y), line, design.accent if sum(design.ground) < 450 else ink, face)
        y += face.size * 1.2
    if say.random() < 0.5 and y < height * 0.78:
        pen.text(
            (65, y), f"{say.randint(2, 99)},{say.randint(0, 9)}%", ink, paint.font(design.face, width // 8)
        )
        y += width // 6
    body, say = paint.font("sans", width // 34), Random(f"text {design.seed} {text}")
    y = y + 15 if design.layout != 1 or y > height * 0.45 else height * 0.86 - 20
    if design.layout == 1:
        y = max(y, height * 0.5 + photo_size[1] + 10)
    for line in paint.wrapped(words.sentences(say, 6), body, width - 130):
        if y > height * 0.9 - body.size:
            break
        pen.text((65, y), line, ink, body)
        y += body.size * 1.35
    return image


def _ornaments(design: Template, pen: ImageDraw.ImageDraw) -> None:
    rng, (width, height) = Random(design.seed), design.size
    for _ in range(4):
        x, y, r = rng.randint(0, width), rng.choice((0, height)), rng.randint(90, 330)
        pen.ellipse((x - r, y - r, x + r, y + r), paint.shaded(design.ground, rng.uniform(0.8, 1.25)))
    for row in range(6):
        for column in range(6):
            x, y = width - 190 + column * 26, 150 + row * 26
            pen.ellipse((x, y, x + 8, y + 8), design.accent)
    pen.rectangle((0, height - height // 11, width, height), design.accent)


def _masthead(design: Template, pen: ImageDraw.ImageDraw, ink: Colour) -> None:
    width, height = design.size
    pen.ellipse((60, 40, 140, 120), design.accent, ink, 5)
    pen.polygon([(100, 55), (125, 105), (75, 105)], ink)
    pen.text((165, 50), design.agency, ink, paint.font("sansbold", 34))
    pen.text((165, 92), "Pemerintah Provinsi Jambi", ink, paint.font("sans", 24))
    low = "black" if sum(design.accent) > 380 else "white"
    pen.text((60, height - height // 22), "#SatuASNSatuPesan", low, paint.font("sansbold", 28), "lm")
    account = "@" + design.agency.lower().replace(" ", "")
    pen.text((width - 60, height - height // 22), account, low, paint.font("sans", 28), "rm")


def infographic(rng: Random, design: Template) -> Image.Image:
    """Bars, figures and captions below the agency's masthead."""
    width, height = design.size
    image = Image.new("RGB", design.size, paint.shaded(design.ground, 1.1))
    pen = ImageDraw.Draw(image)
    ink = (20, 20, 30) if sum(design.ground) > 400 else (255, 255, 255)
    _ornaments(design, pen)
    _masthead(design, pen, ink)
    face = paint.font(design.face, width // 17)
    y = height * 0.13
    for line in paint.wrapped(words.phrase(rng, 4, 7), face, width - 130)[:2]:
        pen.text((65, y), line, ink, face)
        y += face.size * 1.2
    floor, bars = height * 0.6, rng.randint(4, 8)
    step = (width - 130) / bars
    for bar in range(bars):
        high, x = rng.uniform(0.1, 0.95) * (floor - y - 60), 65 + bar * step
        pen.rectangle((x, floor - high, x + step * 0.7, floor), paint.colour(rng, 80, 255))
        pen.text(
            (x + step * 0.35, floor - high - 8),
            str(rng.randint(10, 99)),
            ink,
            paint.font("sansbold", 30),
            "ms",
        )
        pen.text((x + step * 0.35, floor + 12), str(2019 + bar), ink, paint.font("sans", 26), "ma")
    y = floor + 70
    while y < height * 0.84:
        pen.ellipse((65, y, 125, y + 60), paint.colour(rng, 80, 255))
        pen.text((150, y), words.phrase(rng, 4, 6), ink, paint.font("sansbold", 28))
        pen.text((150, y + 34), words.phrase(rng, 5, 8), ink, paint.font("sans", 24))
        y += 95
    return image


def _film(rng: Random, design: Template) -> Item:
    film = Film(rng, design.agency)
    return Item("film", lambda: ((film.file(), "video/mp4"),), lambda person: film.frame(person.random()))


def still(kind: str, *pictures: Image.Image) -> Item:
    """An item of pictures, kept as JPEG of good quality."""

    def files() -> tuple[tuple[bytes, str], ...]:
        kept = []
        for picture in pictures:
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=92)
            kept.append((file.getvalue(), "image/jpeg"))
        return tuple(kept)

    return Item(kind, files, lambda person: person.choice(pictures))


def item(rng: Random, design: Template, kind: str) -> Item:
    """One item of a kind, in the agency's design."""
    if kind == "photo":
        size = rng.choice(((1080, 1350), (1280, 960), (1080, 1080), (1600, 1066)))
        return still(kind, paint.photo(rng, size))
    if kind == "film":
        return _film(rng, design)
    if kind == "infographic":
        return still(kind, infographic(rng, design))
    if kind == "album":
        first = poster(design, *(rng.getrandbits(30) for _ in range(3)))
        return still(kind, first, paint.photo(rng, (1080, 1350)), infographic(rng, design))
    numbers = rng.getrandbits(30), rng.getrandbits(30), rng.getrandbits(30)
    return replace(still(kind, poster(design, *numbers)), numbers=numbers)


def siblings(rng: Random, design: Template, numbers: tuple[int, int, int]) -> dict[str, Image.Image]:
    """Posters nearly like one: all else new, another text only, another headline only."""
    headline, text, picture = (rng.getrandbits(30) for _ in range(3))
    return {
        "sibling": poster(design, headline, text, picture),
        "sibling, same photo": poster(design, headline, text, numbers[2]),
        "sibling, same photo and text": poster(design, headline, numbers[1], numbers[2]),
    }
