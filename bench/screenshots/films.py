"""Films as agencies make them: a few shots, a camera that moves, subtitles; tall or wide."""

import io
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import av
from PIL import Image, ImageDraw

from bench.screenshots import paint, words

FPS = 6  # enough for what is seen; less to encode
_SUBTITLE = 3.0  # seconds that a line stays
# Seconds between key frames, and whether the encoder sets one at every cut: phones, editors, x264 alone.
ENCODERS = ((1.0, False), (2.0, False), (5.0, False), (9.0, False), (9.0, True))


@dataclass(frozen=True)
class Shot:
    """A large scene and the way of the camera over it: its corner at the beginning and at the end, in
    pixels."""

    scene: Image.Image
    begin: tuple[float, float]
    end: tuple[float, float]
    until: float  # part of the film at which it ends


class Film:
    """Something to play: `frame` at a moment from 0 to 1, `file` as MP4."""

    def __init__(self, rng: Random, agency: str) -> None:
        self.size = (720, 1280) if rng.random() < 0.7 else (1280, 720)
        self.seconds = rng.uniform(8, 40)
        self.agency, self.encoder = agency, rng.choice(ENCODERS)
        cuts = sorted(rng.random() for _ in range(rng.choice((0, 0, 1, 2, 3, 5))))
        self.shots = [self._shot(rng, until) for until in (*cuts, 1.0)]
        self.subtitles = [words.phrase(rng, 4, 8) for _ in range(int(self.seconds / _SUBTITLE) + 1)]

    def _shot(self, rng: Random, until: float) -> Shot:
        width, height = self.size
        scene = paint.photo(rng, (width * 3 // 2, height * 3 // 2))
        far = rng.choice((0.1, 0.4, 1.0))  # held nearly still, or moved over all of the scene
        begin = rng.random(), rng.random()
        end = tuple(part + far * (rng.random() - part) for part in begin)
        slack = width // 2, height // 2
        return Shot(
            scene, (begin[0] * slack[0], begin[1] * slack[1]), (end[0] * slack[0], end[1] * slack[1]), until
        )

    def frame(self, moment: float) -> Image.Image:
        """What is seen at a part of its length."""
        number = next(nth for nth, one in enumerate(self.shots) if moment <= one.until)
        shot, since = self.shots[number], self.shots[number - 1].until if number else 0.0
        part = (moment - since) / max(shot.until - since, 1e-6)
        left, top = (round(a + part * (b - a)) for a, b in zip(shot.begin, shot.end, strict=True))
        image = shot.scene.crop((left, top, left + self.size[0], top + self.size[1]))
        text = self._written(int(moment * self.seconds / _SUBTITLE))
        image.paste(text, (0, 0), text)
        return image

    @cache  # noqa: B019 - as `file`
    def _written(self, number: int) -> Image.Image:
        """A subtitle and the agency's name, on nothing."""
        layer = Image.new("RGBA", self.size)
        pen, face = ImageDraw.Draw(layer), paint.font("sansbold", 38)
        for nth, said in enumerate(paint.wrapped(self.subtitles[number], face, self.size[0] - 100)):
            at = (self.size[0] / 2, self.size[1] * 0.72 + 46 * nth)
            pen.text(at, said, "white", face, "mm", stroke_width=3, stroke_fill="black")
        small = paint.font("sansbold", 30)
        pen.text((40, 40), self.agency, "white", small, stroke_width=2, stroke_fill="black")
        return layer

    @cache  # noqa: B019 - a film is encoded once and is gone with its lot
    def file(self) -> bytes:
        """As H.264 in MP4."""
        out = io.BytesIO()
        key, cuts = self.encoder
        options = {
            "preset": "ultrafast",
            "crf": "26",
            "g": str(round(key * FPS)),
            "sc_threshold": "40" if cuts else "0",
            "threads": "1",
        }
        with av.open(out, "w", format="mp4") as container:
            stream: Any = container.add_stream("libx264", rate=FPS, options=options)
            stream.width, stream.height, stream.pix_fmt = *self.size, "yuv420p"
            frames: Any = av.VideoFrame
            count = round(self.seconds * FPS)
            for number in range(count):
                image = self.frame(number / count)
                container.mux(stream.encode(frames.from_image(image).reformat(format="yuv420p")))
            container.mux(stream.encode(None))
        return out.getvalue()
