"""Every bad file that people send: each gets its sentence, and none takes the memory of the machine."""

import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from bot.files import measuring, pictures
from bot.files.media import Store
from bot.texts import rendering
from handlers.items import measuring as telling
from models.content import measures
from models.content.measures import Measured
from models.messages import files
from tests.bot import filming

NOW = dt.datetime(2026, 11, 25, 6, 0, tzinfo=dt.UTC)
SCRIPT = b"4 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj"
MASKED = b"4 0 obj<</S/Java#53cript/#4AS(app.alert\\(1\\))>>endobj"
LAUNCH = b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj"
PACKED = filming.packed_objects(b"4 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
WEBM_HEAD = b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\x82\x84webm"


def take(folder: Path, data: bytes) -> Measured:
    """What the fetcher does with a file for an item."""
    path = folder / "file"
    path.write_bytes(data)
    return measuring.keep(Store(f"file://{folder / 'media'}"), path, NOW)[1]


def locked_paper() -> bytes:
    paper = FPDF()
    paper.add_page()
    paper.set_encryption(owner_password="a", user_password="b")
    return bytes(paper.output())


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("foto.jpg", filming.picture((100, 100)))
    return file.getvalue()


def boxes(brand: bytes) -> bytes:
    """The beginning of a file in the manner of MP4, and nothing behind it."""
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + b"\0\0\0\x08free" * 20


def avif() -> bytes:
    return filming.picture((200, 200), "AVIF")


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


# What is sent → the end of the key of the sentence that answers it.
BAD: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "0 bytes": (lambda _: b"", "empty"),
    "zeros": (lambda _: bytes(5000), "empty"),
    "text": (lambda _: b"Selamat pagi, ini videonya ya", "strange"),
    "a page of the web": (lambda _: b"<!doctype html><script>alert(1)</script>", "strange"),
    "a zip called .jpg": (lambda _: zipped(), "strange"),
    "a program": (lambda _: b"MZ\x90\0" + bytes(200) + b"This program cannot be run in DOS mode", "strange"),
    "a TIFF": (lambda _: filming.picture((200, 200), "TIFF"), "strange"),
    "an SVG": (lambda _: b"<?xml version='1.0'?><svg onload='alert(1)'/>", "drawing"),
    "a HEIC": (lambda _: boxes(b"heic"), "heic"),
    "an AVIF": (lambda _: avif(), "heic"),
    "a truncated JPEG": (lambda _: cut(filming.picture((1080, 1080)), 0.5), "damaged"),
    "a truncated PNG": (lambda _: cut(filming.picture((1080, 1080), "PNG"), 0.5), "damaged"),
    "the head of a JPEG": (lambda _: b"\xff\xd8\xff\xe0 and then something else", "damaged"),
    "a bomb of a PNG": (lambda _: filming.bomb(60_000, 60_000), "too_many_pixels"),
    "a smaller bomb": (lambda _: filming.bomb(9_000, 9_000), "too_many_pixels"),
    "8K": (lambda _: filming.picture((7680, 4320), mode="L"), "picture_too_large"),
    "a strip": (lambda _: filming.picture((4000, 100)), "picture_too_narrow"),
    "an animated GIF": (lambda _: filming.moving("GIF"), "animated"),
    "an animated WebP": (lambda _: filming.moving("WEBP"), "animated"),
    "an animated PNG": (lambda _: filming.moving("PNG"), "animated"),
    "the head of an MP4": (lambda _: boxes(b"isom"), "film_damaged"),
    "an MP4 whose index is cut off": (lambda at: cut(filming.film(at), 0.5), "film_damaged"),
    "an MP4 whose end is cut off": (lambda at: cut(filming.film(at, movflags="faststart"), 0.6), "film_cut"),
    "an MP4 full of holes": (lambda at: holes(filming.film(at)), "film_damaged"),
    "sound called .mp4": (lambda at: filming.film(at, 5, sound="aac", picture=False), "no_picture"),
    "four minutes": (lambda at: filming.film(at, 240), "film_too_long"),
    "8K film": (lambda at: filming.film(at, 1, (7680, 4320), codec="mpeg4"), "film_too_many_pixels"),
    "the head of a WebM": (lambda _: WEBM_HEAD, "film_damaged"),
    "a PDF with a script": (lambda _: filming.paper(SCRIPT), "paper_acts"),
    "a PDF with a masked script": (lambda _: filming.paper(MASKED), "paper_acts"),
    "a PDF with a packed script": (lambda _: filming.paper(PACKED), "paper_acts"),
    "a PDF that starts a program": (lambda _: filming.paper(LAUNCH), "paper_acts"),
    "a PDF with a password": (lambda _: locked_paper(), "paper_locked"),
    "a PDF without pages": (lambda _: filming.paper(pages=False), "paper_damaged"),
    "half a PDF": (lambda _: cut(filming.paper(), 0.7), "paper_damaged"),
    "a bomb of a PDF": (lambda _: filming.paper(filming.packed_objects(bytes(60_000_000))), "paper_damaged"),
}  # fmt: skip


def holes(data: bytes) -> bytes:
    """The same film with nothing where its pictures were."""
    start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    return data[:start] + bytes(end - start) + data[end:]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_that_helps(name: str, tmp_path: Path) -> None:
    make, expected = BAD[name]
    data = make(tmp_path / "made.mp4")
    with pytest.raises(pictures.Refused) as refused:
        take(tmp_path, data)
    media = files.Media(status=files.FAILED, error=refused.value.key)
    reason = telling.reason(media)
    assert reason["text"] == f"measuring.{expected}"
    words = rendering.render(reason["text"], reason["params"], markup="plain")
    assert len(words.splitlines()) == 2  # why, and what to do next


def test_every_refusal_of_the_rules_has_its_case_and_no_other_key_is_used(tmp_path: Path) -> None:
    cases = {f"measuring.{expected}" for _, expected in BAD.values()} | {"measuring.too_large"}
    assert cases == set(measures.REFUSALS)


def test_200_mb_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(filming.film(tmp_path / "made.mp4", 2))
    os.truncate(path, 200 * 1024 * 1024)
    with pytest.raises(measuring.Unusable, match="too_large"):
        measuring.keep(Store(f"file://{tmp_path / 'media'}"), path, NOW)
    with pytest.raises(measuring.Unusable, match="too_large"):
        measuring.measure(path, "video/mp4")


@pytest.mark.parametrize(
    ("size", "form", "mode", "expected"),
    [
        ((1080, 1350), "JPEG", "RGB", ("image/jpeg", "")),
        ((1080, 1350), "PNG", "RGB", ("image/png", "")),
        ((1080, 1350), "WEBP", "RGB", ("image/webp", "")),
        ((1080, 1350), "GIF", "L", ("image/gif", "")),
        ((1080, 1350), "JPEG", "CMYK", ("image/jpeg", "cmyk")),
    ],
)
def test_a_good_picture_is_measured_whatever_it_is_called(
    size: tuple[int, int], form: str, mode: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    data = filming.picture(size, form, mode)
    measured = take(tmp_path, data)
    assert measured == Measured("picture", expected[0], len(data), *size, codec=expected[1])


def test_a_picture_is_measured_upright_as_it_will_be_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    measured = take(tmp_path, filming.picture((400, 300), exif=exif))
    assert (measured.width, measured.height) == (300, 400)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("video/mp4", 42, "h264", "")),
        ({"sound": "aac", "seconds": 5}, ("video/mp4", 5, "h264", "aac")),
        ({"seconds": 0.5}, ("video/mp4", 0.5, "h264", "")),
        ({"movflags": "frag_keyframe+empty_moov"}, ("video/mp4", 42, "h264", "")),
        ({"codec": "mpeg4"}, ("video/mp4", 42, "mpeg4", "")),
        ({"form": "mov"}, ("video/quicktime", 42, "h264", "")),
        ({"form": "webm", "codec": "libvpx-vp9", "seconds": 5}, ("video/webm", 5, "vp9", "")),
    ],
)
def test_a_good_film_is_measured(
    options: dict[str, object], expected: tuple[str, float, str, str], tmp_path: Path
) -> None:
    data = filming.film(tmp_path / "made", **options)  # type: ignore[arg-type]
    measured = take(tmp_path, data)
    mime, seconds, codec, sound = expected
    assert (measured.kind, measured.mime, measured.size) == ("film", mime, len(data))
    assert (measured.width, measured.height) == (64, 48)
    assert measured.duration == pytest.approx(seconds, abs=0.3)
    assert (measured.codec, measured.sound) == (codec, sound)


def test_a_film_of_a_phone_held_upright_is_measured_upright(tmp_path: Path) -> None:
    measured = take(tmp_path, filming.held_upright(filming.film(tmp_path / "made")))
    assert (measured.width, measured.height) == (48, 64)


def test_a_sound_pdf_is_taken(tmp_path: Path) -> None:
    paper = FPDF()
    paper.add_page()
    paper.set_font("Helvetica")
    paper.cell(text="Laporan")
    data = bytes(paper.output())
    assert take(tmp_path, data) == Measured("document", "application/pdf", len(data))
    assert take(tmp_path, filming.paper()).kind == "document"


_MEASURE_ALL = """
import resource, sys
from pathlib import Path
from bot.files import media, measuring, pictures
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in map(Path, sys.argv[1:]):
    with path.open("rb") as file:
        mime = media.type_of(file.read(65536))
    try:
        measuring.measure(path, mime)
    except pictures.Refused as refused:
        print(refused.key)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024)
"""


def test_no_bad_file_takes_much_memory(tmp_path: Path) -> None:
    names = ["a bomb of a PNG", "a bomb of a PDF", "8K film", "8K", "an MP4 full of holes"]
    paths = [tmp_path / str(number) for number in range(len(names))]
    for path, name in zip(paths, names, strict=True):
        path.write_bytes(BAD[name][0](tmp_path / "made.mp4"))
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE_ALL, *map(str, paths)], capture_output=True, text=True, check=True
    )
    *keys, megabytes = run.stdout.split()
    assert len(keys) == 4, run.stdout  # 8K is refused by the rules, after it was measured
    assert int(megabytes) < 300
