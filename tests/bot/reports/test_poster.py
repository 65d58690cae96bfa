"""The poster: the right words, the right code, whatever the agency is called."""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
import segno

from bot.files.media import Store
from bot.reports import makers, poster
from handlers import channels
from tests.bot.reports import sample
from tests.chat import Stage

WHATSAPP = "https://wa.me/6281112345678?text=mulai%20opd_DINKES"
LINK = "https://t.me/SatuPesanJambiBot?start=opd-1-02-01-ab93kd"
POINTS = 72 / 25.4
MARGIN = 18 * POINTS


@dataclass(frozen=True)
class Words:
    text: str
    size: float
    x: float
    y: float


def streams(pdf: bytes) -> list[bytes]:
    """The streams of a PDF, unpacked where they are packed."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def page(pdf: bytes) -> bytes:
    return next(stream for stream in streams(pdf) if b" Tj" in stream)


def words(pdf: bytes) -> list[Words]:
    """The runs of text on the page with their places in points, read by the fonts' own tables."""
    tables = [
        {int(code, 16): chr(int(char, 16)) for code, char in re.findall(rb"<(\w{4})> <(\w{4})>", stream)}
        for stream in streams(pdf)
        if b"beginbfchar" in stream
    ]
    found, font, size = [], 0, 0.0
    token = rb"/F(\d) ([\d.]+) Tf|([\d.-]+) ([\d.-]+) Td (?:[\d. ]+ r?g )?\(((?:\\.|[^\\)])*)\) Tj"
    for match in re.finditer(token, page(pdf), re.DOTALL):
        if match[1]:
            font, size = int(match[1]) - 1, float(match[2])
            continue
        codes = re.sub(
            rb"\\(.)", lambda m: {b"r": b"\r", b"n": b"\n"}.get(m[1], m[1]), match[5], flags=re.DOTALL
        )
        text = "".join(tables[font][codes[n] * 256 + codes[n + 1]] for n in range(0, len(codes), 2))
        found.append(Words(text, size, float(match[3]), float(match[4])))
    return found


def drawn_code(pdf: bytes, modules: int, within: tuple[float, float] = (0, 210)) -> list[list[bool]]:
    """The code as it stands on the page, `within` these millimetres from its left, module by module, from its
    filled rectangles."""
    boxes = [
        tuple(float(part) for part in match.groups())
        for match in re.finditer(rb"([\d.-]+) ([\d.-]+) ([\d.-]+) (-[\d.-]+) re f", page(pdf))
    ]
    low, high = (edge * POINTS for edge in within)
    boxes = [box for box in boxes if -box[3] < 10 and low <= box[0] < high]  # without the black head
    left, top = min(box[0] for box in boxes), max(box[1] for box in boxes)
    module = (max(box[0] + box[2] for box in boxes) - left) / modules
    matrix = [[False] * modules for _ in range(modules)]
    for x, y, width, _ in boxes:
        row, column = round((top - y) / module), round((x - left) / module)
        for step in range(round(width / module)):
            matrix[row][column + step] = True
    return matrix


def expected_code(link: str) -> list[list[bool]]:
    return [
        [bool(module) for module in row]
        for row in segno.make(link, micro=False, error="q", boost_error=False).matrix
    ]


def test_the_poster_says_who_how_and_where() -> None:
    said = [run.text for run in words(poster.opd_poster("Dinas Kesehatan", LINK))]
    text = " ".join(said)
    assert "Dinas Kesehatan" in said
    assert LINK.removeprefix("https://") in said
    assert [number for number in said if number in ("1", "2", "3")] == ["1", "2", "3"]
    assert "Bagikan nomor saya" in text
    assert "sukarela" in text


@pytest.mark.parametrize(
    "name",
    [
        *sorted(sample.NAMES, key=len)[-3:],
        "Dinas Pemberdayaan Masyarakat dan Desa, Kependudukan dan Pencatatan Sipil, Pengendalian Penduduk, "
        "Keluarga Berencana, Pemberdayaan Perempuan dan Perlindungan Anak Provinsi Kepulauan Bangka Belitung",
        "RSUD",
    ],
)
def test_a_name_of_any_length_fits_its_place_whole(name: str) -> None:
    runs = words(poster.opd_poster(name, LINK))
    assert " ".join(name.split()) in " ".join(run.text.strip() for run in runs)
    assert all(run.x >= MARGIN - 1 for run in runs)  # centred: too wide a line would begin further left
    lines = [run for run in runs if run.text.strip() in name and len(run.text) > 3]
    assert len(lines) <= 6
    assert min(line.size for line in lines) >= 12
    frame_top = (297 - 93) * POINTS
    assert min(line.y for line in lines) > frame_top


def test_a_name_that_nothing_could_hold_is_cut_and_leaves_the_code_alone() -> None:
    pdf = poster.opd_poster("Dinas " * 200 + "🚀", LINK)
    lines = [run for run in words(pdf) if run.text.startswith("Dinas Dinas")]
    assert min(line.y for line in lines) > (297 - 93) * POINTS
    assert drawn_code(pdf, len(expected_code(LINK))) == expected_code(LINK)


@pytest.mark.parametrize("link", [LINK, "https://t.me/B?start=x", "https://t.me/B?start=" + "a" * 64])
def test_the_code_on_the_paper_is_the_code_of_the_link(link: str) -> None:
    expected = expected_code(link)
    assert drawn_code(poster.opd_poster("Dinas Kesehatan", link), len(expected)) == expected


def test_the_paper_is_one_page_of_a4_and_the_same_for_the_same_input() -> None:
    pdf = poster.opd_poster("Dinas Kesehatan", LINK)
    assert pdf.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 595.28 841.89]" in pdf
    assert pdf == poster.opd_poster("Dinas Kesehatan", LINK)
    assert pdf != poster.opd_poster("Dinas Sosial", LINK)


def test_the_paper_needs_no_colour() -> None:
    colours = re.findall(
        rb"[\d.]+ [\d.]+ [\d.]+ (?:rg|RG)\b", page(poster.opd_poster("Dinas Kesehatan", LINK))
    )
    assert colours == []


@pytest.mark.parametrize("telegram", [LINK, "https://t.me/B?start=x"])
def test_with_whatsapp_there_are_two_codes_each_with_its_channel_and_a_way_without_a_camera(
    telegram: str,
) -> None:
    pdf = poster.opd_poster("Dinas Kesehatan", telegram, WHATSAPP)
    for link, within in ((telegram, (0, 105)), (WHATSAPP, (105, 210))):
        expected = expected_code(link)
        assert drawn_code(pdf, len(expected), within) == expected
    runs = {run.text: run for run in words(pdf)}
    assert runs["Lewat Telegram"].x < runs["Lewat WhatsApp"].x
    assert runs["Lewat Telegram"].y == runs["Lewat WhatsApp"].y
    assert runs[telegram.removeprefix("https://")].x < 105 * POINTS < runs["mulai opd_DINKES"].x
    assert "Tanpa kamera, kirim ke +6281112345678 pesan ini:" in runs
    text = " ".join(runs)
    assert "WhatsApp: tekan" in text
    assert "sukarela" in text
    assert all(run.x >= MARGIN - 1 for run in runs.values())


def test_without_whatsapp_nothing_is_said_of_it() -> None:
    said = " ".join(run.text for run in words(poster.opd_poster("Dinas Kesehatan", LINK)))
    assert "WhatsApp" not in said


@pytest.mark.parametrize("number", ["", "6281112345678"])
def test_a_team_gets_the_codes_of_the_channels_that_there_are(
    stage: Stage, tmp_path: Path, number: str
) -> None:
    opd = stage.agency()
    store = Store(f"file://{tmp_path}")
    make = makers.makers(store, "SatuPesanBot", stage.programme.zone, number)["poster"]
    with stage.session() as session:
        paper = make(session, opd.code, stage.now)
    by_number = channels.whatsapp_link(number, opd) if number else ""
    assert paper.data == poster.opd_poster(opd.name, channels.telegram_link("SatuPesanBot", opd), by_number)
