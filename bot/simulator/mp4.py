"""Size, duration and codecs of an MP4, from its header (ISO/IEC 14496-12: moov, mvhd, tkhd, stsd)."""

from collections.abc import Iterator

_PATH = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def shape(data: bytes) -> tuple[int, int, int]:
    """(width, height, whole seconds); zeros where the file does not say."""
    width = height = duration = 0
    for kind, start, end in _boxes(data, 0, len(data)):
        body = data[start:end]
        if kind == b"mvhd" and len(body) >= 32:
            long = body[0] == 1
            scale = int.from_bytes(body[20:24] if long else body[12:16], "big")
            length = int.from_bytes(body[24:32] if long else body[16:20], "big")
            duration = length // scale if scale else 0
        elif kind == b"tkhd" and len(body) >= 84:
            width = max(width, int.from_bytes(body[-8:-6], "big"))
            height = max(height, int.from_bytes(body[-4:-2], "big"))
    return width, height, duration


def codecs(data: bytes) -> set[str]:
    """The codes of its tracks ("avc1", "hvc1", "mp4a"); none where the file does not say."""
    bodies = [data[start:end] for kind, start, end in _boxes(data, 0, len(data)) if kind == b"stsd"]
    return {body[12:16].decode("latin-1") for body in bodies if len(body) >= 16}


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= end:
        size, kind, head = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = start + size if size >= head else end
        if kind in _PATH:
            yield from _boxes(data, start + head, min(stop, end))
        else:
            yield kind, start + head, min(stop, end)
        start = stop
