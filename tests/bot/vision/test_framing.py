"""Of a film the frames that screenshots of it are compared with."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bot.vision import framing, showing
from tests.bot import filming

RATE = 10  # frames a second


def _film(shots: Sequence[tuple[int, float]], *, key: int, size: tuple[int, int] = (320, 180)) -> bytes:
    """Shots of one grey for so many seconds, with a key frame every `key` frames and none at cuts."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        options = {"g": str(key), "sc_threshold": "0", "preset": "ultrafast"}
        stream: Any = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        frames: Any = av.VideoFrame
        for grey, seconds in shots:
            picture = np.full((size[1], size[0]), grey, np.uint8)
            for _ in range(round(seconds * RATE)):
                frame = frames.from_ndarray(picture, format="gray").reformat(format="yuv420p")
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _greys(film: bytes, most: int = framing.FRAMES) -> list[int]:
    return [round(float(one.mean())) for one in framing.frames(film, most)]


def test_every_shot_is_seen_though_key_frames_are_far_apart() -> None:
    shots = [(40, 2), (90, 1), (140, 2), (190, 1), (230, 2)]
    assert _greys(_film(shots, key=1000)) == pytest.approx([grey for grey, _ in shots], abs=6)


def test_of_a_picture_that_stands_still_one_frame_is_enough() -> None:
    assert len(_greys(_film([(120, 20)], key=10))) == 1


def test_the_end_of_a_long_film_is_seen() -> None:
    shots = [(20 + 10 * number, 1.0) for number in range(22)]
    found = _greys(_film(shots, key=10), 8)
    assert len(found) == 8
    assert found[0] == pytest.approx(20, abs=4)
    assert found[-1] > 200


def test_frames_are_no_larger_than_what_is_compared() -> None:
    film = _film([(120, 1)], key=10, size=(1280, 720))
    assert framing.frames(film)[0].shape == (360, showing.MODEL_SIDE)


def test_a_film_held_upright_is_turned(tmp_path: Path) -> None:
    film = filming.held_upright(filming.film(tmp_path / "film.mp4", 3, (320, 180)))
    assert framing.frames(film)[0].shape == (320, 180)


def test_what_is_no_film_has_no_frames() -> None:
    assert framing.frames(b"no film") == []
    assert framing.frames(_film([(120, 3)], key=10)[:400]) == []
