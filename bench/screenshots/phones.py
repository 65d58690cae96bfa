"""Phones, the people who hold them, and the screen to draw on, measured in dp as the systems do."""

from dataclasses import dataclass, field, replace
from random import Random

from PIL import Image, ImageDraw

from bench.screenshots import paint, words
from bench.screenshots.paint import Colour

# Width and height in pixels, width in dp, system. Common in Indonesia: entry Androids first.
MODELS = (
    (720, 1600, 360, "android"), (720, 1600, 360, "android"), (720, 1612, 360, "android"),
    (1080, 2400, 393, "android"), (1080, 2400, 393, "android"), (1080, 2400, 360, "android"),
    (1080, 2340, 360, "android"), (1080, 2340, 412, "android"), (1080, 1920, 360, "android"),
    (1440, 3120, 411, "android"), (828, 1792, 414, "ios"), (1170, 2532, 390, "ios"),
    (1179, 2556, 393, "ios"), (1290, 2796, 430, "ios"), (1200, 2000, 600, "android"),
    (1620, 2160, 810, "ios"),
)  # fmt: skip
_OPERATORS = ("TELKOMSEL", "XL", "IM3", "3", "Smartfren", "by.U", "")
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
GREY: Colour = (130, 135, 140)


@dataclass(frozen=True)
class Phone:
    """A model with its owner's choices. `gestures`: no navigation buttons below."""

    width: int
    height: int
    dp: float  # pixels a dp
    system: str
    dark: bool
    face: str
    zoom: float  # of the font
    gestures: bool

    @property
    def top(self) -> float:
        """Height of the status bar in dp."""
        return (44.0 if self.height > 2 * self.width else 24.0) if self.system == "ios" else 28.0

    @property
    def bottom(self) -> float:
        """Height in dp of what the system keeps below."""
        return 20.0 if self.gestures else 46.0


@dataclass(frozen=True)
class Person:
    """Somebody who makes a screenshot, and the moment when."""

    name: str
    handle: str
    face: int  # seed of the avatar
    phone: Phone
    minute: int  # of the day
    battery: int
    operator: str
    icons: tuple[str, ...]
    seed: int
    habits: Random = field(repr=False, compare=False)


def phone(rng: Random) -> Phone:
    width, height, dp, system = rng.choice(MODELS)
    return Phone(
        width,
        height,
        width / dp,
        system,
        dark=rng.random() < 0.35,
        face="sans" if system == "android" and rng.random() < 0.2 else "round",
        zoom=rng.choice((0.9, 1.0, 1.0, 1.0, 1.1, 1.2)),
        gestures=system == "ios" or rng.random() < 0.5,
    )


def lower(one: Phone, height: int) -> Phone:
    """The same with so many pixels from top to bottom at most; no dp more or less."""
    scale = min(1.0, height / one.height)
    return replace(one, width=round(one.width * scale), height=round(one.height * scale), dp=one.dp * scale)


def person(rng: Random) -> Person:
    """Anybody, at any time of a day."""
    return Person(
        name=words.name(rng),
        handle=words.handle(rng),
        face=rng.choice((0, *(rng.getrandbits(32) for _ in range(4)))),  # 0: the grey figure of those without
        phone=phone(rng),
        minute=rng.randrange(6 * 60, 22 * 60),
        battery=rng.randint(8, 100),
        operator=rng.choice(_OPERATORS),
        icons=tuple(rng.sample(("mail", "chat", "bell", "down", "pic"), rng.choice((0, 0, 1, 2, 3)))),
        seed=rng.getrandbits(32),
        habits=Random(rng.getrandbits(32)),
    )


def colleague(rng: Random, other: Person, minutes: int) -> Person:
    """Another honest person with the same phone, set up alike, within so many minutes; one in three looks
    as alike as two can: the same avatar, signs and minute, but not the same battery."""
    new = replace(person(rng), phone=other.phone)
    if rng.random() < 1 / 3:
        battery = max(8, other.battery - rng.randint(1, 20)) if other.battery > 20 else other.battery + 1
        return replace(
            other, name=new.name, handle=new.handle, battery=battery, seed=new.seed, habits=new.habits
        )
    return replace(new, minute=max(0, min(1439, other.minute + rng.randint(-minutes, minutes))))


class Screen:
    """What is drawn so far; all measures are dp, from the top left."""

    def __init__(self, who: Person, ground: Colour) -> None:
        self.who = who
        self.phone = who.phone
        self.dice = who.habits
        self.image = Image.new("RGB", (self.phone.width, self.phone.height), ground)
        self.pen = ImageDraw.Draw(self.image)
        self.width = self.phone.width / self.phone.dp
        self.height = self.phone.height / self.phone.dp

    def px(self, dp: float) -> int:
        return round(dp * self.phone.dp)

    def box(self, x: float, y: float, width: float, height: float) -> tuple[int, int, int, int]:
        return self.px(x), self.px(y), self.px(x + width), self.px(y + height)

    def text(
        self,
        x: float,
        y: float,
        said: str,
        size: float = 14,
        tone: Colour = BLACK,
        anchor: str = "la",
        bold: bool = False,
    ) -> float:
        """One line; the width that it takes, in dp."""
        face = paint.font(self.phone.face, self.px(size * self.phone.zoom))
        stroke = max(1, self.px(0.35)) if bold else 0
        self.pen.text(
            (self.px(x), self.px(y)), said, tone, face, anchor, stroke_width=stroke, stroke_fill=tone
        )
        return face.getlength(said) / self.phone.dp

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        said: str,
        size: float = 14,
        tone: Colour = BLACK,
        lines: int = 9,
    ) -> float:
        """Wrapped lines; the y below them, in dp."""
        face = paint.font(self.phone.face, self.px(size * self.phone.zoom))
        for line in paint.wrapped(said, face, self.px(width))[:lines]:
            self.text(x, y, line, size, tone)
            y += size * self.phone.zoom * 1.3
        return y

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0
    ) -> None:
        self.pen.rounded_rectangle(self.box(x, y, width, height), self.px(radius), fill)

    def veil(
        self, x: float, y: float, width: float, height: float, tone: Colour = BLACK, alpha: float = 0.4
    ) -> None:
        paint.veil(self.image, self.box(x, y, width, height), tone, alpha)

    def paste(self, picture: Image.Image, x: float, y: float, radius: float = 0) -> None:
        mask = paint.rounded(picture.size, self.px(radius)) if radius else None
        self.image.paste(picture, (self.px(x), self.px(y)), mask)

    def avatar(self, x: float, y: float, side: float, seed: int) -> None:
        self.paste(paint.avatar(Random(seed) if seed else None, self.px(side)), x, y, side / 2)

    def icon(self, kind: str, x: float, y: float, size: float, tone: Colour) -> None:
        """A small sign within a square at x, y."""
        s, line = size, max(1, self.px(1.6))
        if kind == "heart":
            points = [
                (0.5, 0.95),
                (0.02, 0.4),
                (0.1, 0.12),
                (0.33, 0.08),
                (0.5, 0.28),
                (0.67, 0.08),
                (0.9, 0.12),
                (0.98, 0.4),
            ]
            corners = [(self.px(x + a * s), self.px(y + b * s)) for a, b in points]
            self.pen.line([*corners, corners[0]], tone, line, "curve")
        elif kind == "plane":
            points = [(0, 0.1), (1, 0.1), (0.45, 0.95), (0.4, 0.45), (0, 0.1)]
            self.pen.line([(self.px(x + a * s), self.px(y + b * s)) for a, b in points], tone, line, "curve")
        elif kind == "bubble":
            self.pen.arc(self.box(x, y, s, s), 60, 400, tone, line)
        elif kind == "dots":
            for part in range(3):
                self.pen.ellipse(self.box(x + s / 2 - 1.5, y + part * s / 3, 3, 3), tone)
        elif kind == "back":
            points = [(0.6, 0.1), (0.2, 0.5), (0.6, 0.9)]
            self.pen.line([(self.px(x + a * s), self.px(y + b * s)) for a, b in points], tone, line, "curve")
        elif kind == "mark":
            points = [(0.15, 0), (0.85, 0), (0.85, 1), (0.5, 0.7), (0.15, 1), (0.15, 0)]
            self.pen.line([(self.px(x + a * s), self.px(y + b * s)) for a, b in points], tone, line)
        elif kind == "home":
            points = [(0.1, 1), (0.1, 0.45), (0.5, 0.05), (0.9, 0.45), (0.9, 1), (0.1, 1)]
            self.pen.line([(self.px(x + a * s), self.px(y + b * s)) for a, b in points], tone, line)
        elif kind == "search":
            self.pen.ellipse(self.box(x, y, s * 0.7, s * 0.7), None, tone, line)
            self.pen.line(
                [(self.px(x + s * 0.6), self.px(y + s * 0.6)), (self.px(x + s), self.px(y + s))], tone, line
            )
        else:
            self.pen.rounded_rectangle(self.box(x, y, s, s), self.px(s / 4), None, tone, line)

    def system(self, tone: Colour) -> None:
        """The status bar above and the system's navigation below."""
        who, middle = self.who, self.phone.top / 2 + (6 if self.phone.top > 40 else 0)
        clock = f"{who.minute // 60:02d}{'.' if self.phone.system == 'ios' else ':'}{who.minute % 60:02d}"
        self.text(
            30 if self.phone.system == "ios" else 14,
            middle,
            clock,
            13,
            tone,
            "lm",
            bold=self.phone.system == "ios",
        )
        x = 70.0
        if self.phone.system == "android":
            for kind in who.icons:
                self.icon({"mail": "plane", "chat": "bubble"}.get(kind, kind), x, middle - 5, 10, tone)
                x += 16
            if who.operator and self.phone.top < 30 and not who.icons:
                self.text(x, middle, who.operator, 10, tone, "lm")
        right = self.width - (28 if self.phone.system == "ios" else 12)
        self.pen.rounded_rectangle(
            self.box(right - 22, middle - 5, 20, 10), self.px(2), None, tone, max(1, self.px(1))
        )
        self.rectangle(right - 20.5, middle - 3.5, 17 * who.battery / 100, 7, tone)
        self.text(
            right - 26,
            middle,
            f"{who.battery}%" if self.phone.system == "android" else str(who.battery),
            10,
            tone,
            "rm",
        )
        for bar in range(1 + who.seed % 4):
            self.rectangle(right - 74 + bar * 4, middle + 4 - 2.5 * bar, 3, 1 + 2.5 * bar, tone)
        if who.seed % 3:
            self.pen.pieslice(self.box(right - 98, middle - 6, 16, 16), 225, 315, tone)
        low = self.height - self.phone.bottom
        if self.phone.gestures:
            self.rectangle(self.width / 2 - 60, low + 11, 120, 4, tone, 2)
        else:
            for part, kind in enumerate(("back", "circle", "square")):
                self.icon(kind, self.width * (1 + 2 * part) / 6 - 7, low + 15, 14, tone)


def later(who: Person, seed: object) -> Person:
    """The same person with the dice of another occasion."""
    return replace(who, habits=Random(f"{who.seed} {seed}"))


def ago(rng: Random) -> str:
    """When a story or post was made, as apps say it."""
    return rng.choice(
        (
            "Baru saja",
            "Baru saja",
            f"{rng.randint(1, 59)} menit yang lalu",
            f"{rng.randint(1, 20)} jam yang lalu",
        )
    )


def inks(who: Person) -> tuple[Colour, Colour, Colour]:
    """Ground, text and quiet text of an app in the person's light or dark mode."""
    return ((14, 17, 20), (232, 234, 237), (140, 146, 152)) if who.phone.dark else (WHITE, (15, 20, 25), GREY)
