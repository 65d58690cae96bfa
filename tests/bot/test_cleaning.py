"""Pictures lose what cameras write into them and stay upright; what cannot be shown is refused."""

import datetime as dt
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from bot.files import media, pictures
from bot.texts import catalogue
from tests.bot.drawings import drawing, encoded, with_place

NOW = dt.datetime(2026, 11, 25, 6, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_loses_its_place_and_camera_and_stays_upright(form: str, orientation: int) -> None:
    sent = with_place(form, orientation)
    kept = pictures.cleaned(sent)
    assert kept is not None
    for trace in (b"SecretCamera", b"Exif", b"eXIf", b"EXIF"):
        assert trace not in kept.data
    upright = orientation in {1, 3}
    assert (kept.width, kept.height) == ((60, 40) if upright else (40, 60))
    shown = Image.open(io.BytesIO(kept.data)).convert("RGB")
    assert shown.size == (kept.width, kept.height)
    corner = shown.getpixel((3, 3))
    assert isinstance(corner, tuple)
    assert (corner[0] > 200) is (orientation in {1, 6})  # red where it belongs after turning


def test_every_other_kind_of_metadata_goes_as_well() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretName")
    text.add_itxt("XML:com.adobe.xmp", "<x>SecretName</x>")
    for sent in (
        encoded(drawing(), "PNG", pnginfo=text),
        encoded(drawing(), comment=b"SecretName"),
        encoded(drawing(), xmp=b"<x>SecretName</x>"),
        encoded(drawing(), "WEBP", xmp=b"<x>SecretName</x>"),
        encoded(drawing(), "MPO", save_all=True, append_images=[drawing()], comment=b"SecretName"),
    ):
        assert b"SecretName" in sent
        kept = pictures.cleaned(sent)
        assert kept is not None
        assert b"SecretName" not in kept.data
        assert Image.open(io.BytesIO(kept.data)).size == (60, 40)


def test_a_picture_without_metadata_is_kept_bit_by_bit() -> None:
    for form in ("JPEG", "PNG", "WEBP", "GIF"):
        sent = encoded(drawing(), form)
        kept = pictures.cleaned(sent)
        assert kept is not None
        assert kept.data == sent


def bomb() -> bytes:
    """A PNG of some hundred bytes that claims to be 30,000 by 30,000."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    head = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "media.empty"),
        (b"x" * 2001, "media.too_large"),
        (bomb(), "media.too_many_pixels"),
        (encoded(Image.new("1", (9000, 8000)), "PNG")[:2000], "media.too_many_pixels"),
        (encoded(drawing())[:-200], "media.damaged"),
        (encoded(drawing(), "PNG")[:-40], "media.damaged"),
        (b"\xff\xd8\xff\xe0 and nothing", "media.damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "media.damaged"),
        (b"GIF89a", "media.damaged"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence(tmp_path: Path, data: bytes, key: str) -> None:
    store = media.Store(f"file://{tmp_path}/media", max_bytes=2000)
    with pytest.raises(media.Refused) as caught:
        store.put(data, NOW)
    assert caught.value.key == key
    assert key in catalogue.current().texts
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.filterwarnings("ignore::UserWarning")  # as in the program
@given(st.data())
def test_no_damage_whatever_makes_a_picture_fail(data: st.DataObject) -> None:
    whole = bytearray(with_place(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        pictures.cleaned(bytes(whole))
    except pictures.Refused as refused:
        assert refused.key in {"media.damaged", "media.too_many_pixels"}
