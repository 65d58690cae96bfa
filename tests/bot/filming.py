"""Films and papers for tests, really made: a few frames, small."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import av
from PIL import Image

SILENCE = bytes(4096)


def film(
    path: Path,
    seconds: float = 42,
    size: tuple[int, int] = (64, 48),
    *,
    codec: str = "libx264",
    form: str = "mp4",
    sound: str = "",
    picture: bool = True,
    **options: str,
) -> bytes:
    """A film of one frame a second (or the sound alone), written to `path`; its bytes."""
    with av.open(str(path), "w", format=form, options=options) as container:
        # All streams are known before the first packet: the header names them.
        seen = container.add_stream(codec, rate=1 if seconds >= 1 else 10) if picture else None
        heard = container.add_stream(sound, rate=8000, layout="mono") if sound else None
        if seen is not None:
            _pictures(container, seen, seconds, size)
        if heard is not None:
            _silence(container, heard, seconds)
    return path.read_bytes()


def _pictures(container: Any, stream: Any, seconds: float, size: tuple[int, int]) -> None:
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    stream.gop_size = 1  # each frame stands alone, and takes its share of the file
    image = Image.effect_noise((64, 48), 80).resize(size).convert("RGB")
    frames: Any = av.VideoFrame  # some of its methods have no types
    frame = frames.from_image(image).reformat(format="yuv420p")
    for number in range(max(1, round(seconds if seconds >= 1 else seconds * 10))):
        frame.pts = number
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _silence(container: Any, stream: Any, seconds: float) -> None:
    for number in range(round(seconds * 8000 / 1024)):
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.planes[0].update(SILENCE)
        frame.sample_rate, frame.pts = 8000, number * 1024
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def held_upright(data: bytes) -> bytes:
    """The same film, noted as filmed with the phone held upright: turned by 90°."""
    one, minus, none = struct.pack(">i", 1 << 16), struct.pack(">i", -(1 << 16)), bytes(4)
    lying = one + none * 3 + one
    track = data.index(b"tkhd")
    place = data.index(lying, track)
    return data[:place] + none + one + none + minus + none + data[place + len(lying) :]


def picture(size: tuple[int, int], form: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, format=form, **options)
    return file.getvalue()


def moving(form: str) -> bytes:
    """Two pictures, one after the other."""
    frames = [Image.new("RGB", (1080, 1080), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, format=form, save_all=True, append_images=frames[1:], duration=500)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that takes width x height bytes once it is decoded."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def paper(extra: bytes = b"", *, trailer: bytes = b"", pages: bool = True) -> bytes:
    """A PDF of one empty page, with more objects and more in its trailer where given."""
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n" if pages else b""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        + page
        + extra
        + b"\ntrailer<</Root 1 0 R/Size 5"
        + trailer
        + b">>\nstartxref\n9\n%%EOF\n"
    )


def packed_objects(body: bytes) -> bytes:
    """A list of objects as PDF 1.5 packs them, where no plain search sees its names."""
    packed = zlib.compress(body)
    head = b"4 0 obj<</Type/Obj#53tm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(packed)
    return head + b"stream\n" + packed + b"\nendstream endobj"
