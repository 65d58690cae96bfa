"""Small pictures for those who save data: of pictures and films, never more than 30 KB."""

import asyncio
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bot.files import shrinking
from models.messages import files
from tests.bot import filming
from tests.chat import Stage
from tests.handlers.items import test_measuring


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """The hardest picture to make small: nothing in it is like its neighbour."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), os.urandom(width * height * bands))


@pytest.mark.parametrize(
    ("picture", "form", "mime"),
    [
        (noise(1920, 1080), "JPEG", "image/jpeg"),
        (noise(1080, 1920), "PNG", "image/png"),
        (noise(1200, 1200, "RGBA"), "PNG", "image/png"),
        (noise(1200, 1200, "CMYK"), "JPEG", "image/jpeg"),
        (noise(1200, 1200, "P"), "GIF", "image/gif"),
        (Image.new("RGB", (1200, 1080), "green"), "WEBP", "image/webp"),
        (noise(1400, 400, "L"), "JPEG", "image/jpeg"),
    ],
    ids=["landscape", "portrait", "transparent", "cmyk", "gif", "webp", "grey"],
)
def test_a_picture_becomes_a_small_one_of_the_same_shape(
    picture: Image.Image, form: str, mime: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    picture.save(path, form)
    small = shrinking.of(path, mime)
    assert small is not None
    assert len(small) <= shrinking.MOST_BYTES
    with Image.open(io.BytesIO(small)) as found:
        assert (found.format, found.mode) == ("JPEG", "RGB")
        assert max(found.size) in (480, 360, 240)
        assert found.width / found.height == pytest.approx(picture.width / picture.height, rel=0.02)


def test_a_small_picture_lies_as_the_large_one_is_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    Image.new("RGB", (1200, 600), "red").save(tmp_path / "file", "JPEG", exif=exif)
    small = shrinking.of(tmp_path / "file", "image/jpeg")
    assert small is not None
    with Image.open(io.BytesIO(small)) as found:
        assert found.size == (240, 480)


def test_a_film_shows_a_frame_of_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    filming.film(path)
    small = shrinking.of(path, "video/mp4")
    assert small is not None
    assert len(small) <= shrinking.MOST_BYTES
    with Image.open(io.BytesIO(small)) as found:
        assert max(found.size) <= 480


@pytest.mark.parametrize("mime", ["image/jpeg", "video/mp4", "application/pdf"])
def test_what_cannot_be_read_has_no_small_picture(mime: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"%PDF-1.7 nothing of the kind")
    assert shrinking.of(tmp_path / "file", mime) is None


@pytest.mark.parametrize("purpose", ["item", "proof"])
@pytest.mark.parametrize("what", ["photo", "video", "document"])
def test_what_is_fetched_for_an_item_gets_its_small_picture_with_it(
    stage: Stage, tmp_path: Path, purpose: str, what: str
) -> None:
    film = tmp_path / "made"
    made: dict[str, Callable[[], bytes]] = {
        "photo": lambda: filming.picture((1200, 1080)),
        "video": lambda: filming.film(film, 3),
        "document": filming.paper,
    }
    with stage.session() as session, session.begin():
        number = files.register(
            session, stage.now, "telegram", remote_id="a", unique_id="u", kind=what, purpose=purpose
        ).id
    asyncio.run(test_measuring._fetch(stage, tmp_path, made[what]()))
    with stage.session() as session:
        media = session.get_one(files.Media, number)
        assert media.status == files.STORED
        assert (media.small_id is not None) == (purpose == "item" and what != "document")
        if media.small_id is not None:
            small = session.get_one(files.Media, media.small_id)
            assert (small.purpose, small.mime) == ("small", "image/jpeg")
            assert 0 < small.size <= shrinking.MOST_BYTES
            assert (tmp_path / "media" / small.key).stat().st_size == small.size
