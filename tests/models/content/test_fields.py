"""What may stand in each field of an item, and that the largest of them can be sent."""

import pytest

from bot.texts import rendering
from models.content import fields
from models.messages import files
from tests.casting import refusal


@pytest.mark.parametrize("field", ["title", "what", "why", "caption"])
def test_a_text_is_as_long_as_its_limits_allow(field: str) -> None:
    least, most = fields.LIMITS[field]
    assert len(fields.text(field, "x" * least)) == least
    assert len(fields.text(field, "x" * most)) == most
    assert refusal(fields.text, field, "x" * (least - 1)) == "submitting.too_short"
    assert refusal(fields.text, field, "x" * (most + 1)) == "submitting.too_long"
    assert refusal(fields.text, field, "😀" * (most // 2 + 1)) == "submitting.too_long"
    assert refusal(fields.text, field, " " * most) == "submitting.too_short"


@pytest.mark.parametrize(
    ("written_", "kept"),
    [
        ("https://dinkes.go.id/a", "https://dinkes.go.id/a"),
        ("dinkes.jambiprov.go.id/berita/1", "https://dinkes.jambiprov.go.id/berita/1"),
        ("ini sumbernya https://dinkes.go.id/a ya", "https://dinkes.go.id/a"),
        ("https://dinkes.go.id/a?x=1&y=2#b", "https://dinkes.go.id/a?x=1&y=2#b"),
        ("ada di kantor kami", None),
        ("ftp://dinkes.go.id/a", None),
        ("javascript://dinkes.go.id/a", None),
        ("http://localhost/admin", None),
        ("https://user:rahasia@dinkes.go.id", None),
        ("https://..", None),
        ("https://[::1", None),
        ("https://satu.go.id/a https://dua.go.id/b", None),
    ],
)
def test_a_source_is_one_address_on_the_web(written_: str, kept: str | None) -> None:
    if kept is None:
        assert refusal(fields.text, "source_url", written_) == "submitting.source_wrong"
    else:
        assert fields.text("source_url", written_) == kept


@pytest.mark.parametrize(
    ("kind", "mime", "size", "key"),
    [
        ("photo", "image/jpeg", 99_000, ""),
        ("video", "video/mp4", fields.FILE_BYTES, ""),
        ("video", "video/mp4", fields.FILE_BYTES + 1, "submitting.media_large"),
        ("document", "image/png", 99_000, ""),
        ("document", "application/pdf", 99_000, ""),
        ("document", "application/vnd.android.package-archive", 99_000, "submitting.media_wrong"),
        ("document", "", 99_000, "submitting.media_wrong"),
    ],
)
def test_a_file_is_a_picture_a_video_or_a_paper_of_bearable_size(
    kind: str, mime: str, size: int, key: str
) -> None:
    media = files.Media(kind=kind, mime=mime, size=size)
    if key:
        assert refusal(fields.check_file, media) == key
    else:
        fields.check_file(media)


def test_the_largest_card_fits_under_a_picture_and_the_largest_caption_into_a_message() -> None:
    most = {field: limit for field, (_, limit) in fields.LIMITS.items()}
    params = {
        "id": 123456,
        "title": "W" * most["title"],
        "what": "W" * most["what"],
        "why": "W" * most["why"],
        "caption": "W" * most["caption"],
        "source_url": "https://x.go.id/".ljust(most["source_url"], "W"),
        "week": "2026-W53",
        "opd": "Dinas Pemberdayaan Perempuan, Perlindungan Anak dan Pengendalian Penduduk Provinsi Jambi",
        "province": "Kepulauan Bangka Belitung",
        "version": 12,
    }
    assert rendering.fits("sharing.card", params, rendering.TELEGRAM_CAPTION, markup="html")
    assert rendering.fits("sharing.caption", params, rendering.TELEGRAM_TEXT, markup="html")
