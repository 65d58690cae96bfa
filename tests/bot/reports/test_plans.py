"""The board of the coming weeks as a picture and as a workbook."""

import io
import zipfile
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from bot.demo.agencies import AGENCIES
from bot.files.media import Store
from bot.reports import drawing, makers, plan_chart, plan_table
from bot.reports.plan_chart import LOOKS, Row
from bot.reports.plan_table import COLUMNS, Line
from models.content import states
from models.programme import weeks
from models.releases import plans
from tests import scene
from tests.bot.reports.test_chart import contrast, luminance
from tests.chat import Stage

WIB = ZoneInfo("Asia/Jakarta")
WEEKS = [weeks.shift("2026-W48", nth) for nth in range(plans.AHEAD)]
STATES = list(LOOKS)


def rows(number: int = 43) -> list[Row]:
    """The real OPD, each with other states than the one before."""
    return [
        Row(agency.code, agency.name, [STATES[(nth + week) % len(STATES)] for week in range(8)])
        for nth, agency in enumerate(AGENCIES[:number])
    ]


def picture(some: list[Row]) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    made = plan_chart.plan_chart(WEEKS, some, Row("", "", ["approved"] + ["empty"] * 7))
    return np.asarray(Image.open(io.BytesIO(made)).convert("RGB"))


def test_43_opd_fit_one_picture_that_a_phone_shows_and_telegram_takes() -> None:
    height, width, _ = picture(rows()).shape
    assert width == 1080
    assert height < 2400  # 10,000 for both together: https://core.telegram.org/bots/api#sendphoto


def test_every_state_of_a_place_has_its_own_look() -> None:
    assert set(LOOKS) == {*plans.ORDER, plans.EMPTY}
    ready = {state for state in LOOKS if state in plans.READY}
    told = {(look.shade, look.sign) for state, look in LOOKS.items() if state not in ready}
    assert len(told) == len(LOOKS) - len(ready)
    assert len({look.sign for look in LOOKS.values()}) == len(told) + 1  # the sign alone tells them apart


def test_shades_stay_apart_in_grey_and_signs_are_legible_on_them() -> None:
    shades = {look.shade for look in LOOKS.values()}
    for one, other in combinations(sorted(shades), 2):
        assert abs(luminance(one) - luminance(other)) > 0.08, (one, other)
    for state, look in LOOKS.items():
        assert contrast(look.shade, look.ink) >= 4.5, state
        assert drawing.legible(look.sign, bold=True) == look.sign, state


def test_each_place_is_drawn_in_its_shade() -> None:
    shown = picture([Row("DINKES", "Dinas Kesehatan", ["approved", *["draft"] * 7])])
    blank = picture([Row("DINKES", "Dinas Kesehatan", ["empty"] * 8)])

    def of(pixels: "np.ndarray[Any, np.dtype[np.uint8]]", color: str) -> int:
        wanted = np.array([round(part * 255) for part in to_rgb(color)])
        return int((np.abs(pixels.astype(int) - wanted).max(axis=-1) <= 3).sum())

    for state, number in (("approved", 1), ("draft", 7)):
        shade = LOOKS[state].shade
        place = (960 - 20 - 180) / 8 * 33
        assert of(shown, shade) - of(blank, shade) > number * place * 0.7, state


def test_those_without_an_item_come_first() -> None:
    ready, lacking = Row("AAA", "A", ["approved"] * 8), Row("ZZZ", "Z", ["draft"] * 8)
    assert plan_chart.plan_chart(WEEKS, [ready, lacking]) == plan_chart.plan_chart(WEEKS, [lacking, ready])
    dark = np.array([round(part * 255) for part in to_rgb(LOOKS["approved"].shade)])
    shown = picture([ready, lacking])[340:]
    first_dark = int(np.argmax((np.abs(shown.astype(int) - dark).max(axis=-1) <= 3).sum(axis=1) > 300))
    grey = np.array([round(part * 255) for part in to_rgb(LOOKS["draft"].shade)])
    first_grey = int(np.argmax((np.abs(shown.astype(int) - grey).max(axis=-1) <= 3).sum(axis=1) > 300))
    assert 0 < first_grey < first_dark


def test_a_code_without_letters_gives_way_to_the_name() -> None:
    assert plan_chart.short(Row("DINKES", "Dinas Kesehatan", [])) == "DINKES"
    assert plan_chart.short(Row("1.02.01", "Dinas Kesehatan", [])) == "Kesehatan"


def test_the_same_board_gives_the_same_bytes() -> None:
    assert plan_chart.plan_chart(WEEKS, rows()) == plan_chart.plan_chart(WEEKS, rows())


# -- the workbook ------------------------------------------------------------------------------


def line(title: str = "Imunisasi", **more: Any) -> Line:
    given = {
        "item": 42,
        "rubric": "testimony",
        "author": "Siti",
        "changed": datetime(2026, 11, 24, 10, tzinfo=WIB),
        **more,
    }
    return Line(
        "DINKES",
        "Dinas Kesehatan",
        date(2026, 11, 25),
        "2026-W48",
        "approved",
        ready=True,
        title=title,
        **given,
    )


def test_the_workbook_has_a_table_with_filters_a_frozen_header_and_definitions() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plan_table.plan_table([line(), line(item=None, changed=None)])))
    assert book.sheetnames == ["Rencana", "Arti kata"]
    sheet = book["Rencana"]
    assert sheet.freeze_panes == book["Arti kata"].freeze_panes == "A2"
    assert sheet.tables["Rencana"].ref == "A1:K3"
    assert sheet.tables["Rencana"].autoFilter is not None
    header = [cell.value for cell in sheet[1]]
    assert len(header) == len(set(header)) == len(COLUMNS)
    row = dict(zip(header, [cell.value for cell in sheet[2]], strict=True))
    assert row["Rabu"] == datetime(2026, 11, 25)
    assert row["Diubah"] == datetime(2026, 11, 24, 10)
    assert (row["Konten"], row["Keadaan"], row["Siap"]) == (42, "disetujui", "ya")
    assert row["Jenis"] == "Testimoni warga"
    words = {str(cells[0].value) for cells in book["Arti kata"].iter_rows(min_row=2)}
    assert set(header) <= words
    assert {"disetujui", "kosong", "menunggu nilai TAG"} <= words


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://a.b","x")', "\x01x"]
)
def test_no_title_becomes_a_formula(evil: str) -> None:
    made = plan_table.plan_table([line(evil, author=evil)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    for cells in openpyxl.load_workbook(io.BytesIO(made))["Rencana"].iter_rows():
        assert not [cell.value for cell in cells if cell.data_type == "f"]


# -- from the database -------------------------------------------------------------------------


def test_the_makers_draw_what_the_database_says(stage: Stage, tmp_path: Path) -> None:
    stage.person("Tono", "DINKES")
    stage.person("Tono", "DISDIK")
    number = scene.item(stage, title="Imunisasi", week="2026-W49")
    other = scene.item(stage, title="Konsep lain", week="2026-W49", status=states.DRAFT)
    scene.item(stage, None, title="Untuk semua", week="2026-W49")
    made = makers.makers(Store(f"file://{tmp_path}", max_bytes=10**7, at_once=1), "bot", WIB)
    with stage.session() as session:
        chart = made["plan-chart"](session, "2026-W49:abc", datetime(2026, 11, 25, tzinfo=UTC))
        table = made["plan-table"](session, "2026-W49:abc", datetime(2026, 11, 25, tzinfo=UTC))
    assert (chart.kind, chart.name) == ("photo", "rencana-2026-W49.png")
    assert chart.data.startswith(b"\x89PNG")
    assert (table.kind, table.name) == ("document", "rencana-2026-W49.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(table.data))["Rencana"]
    found = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=2)]
    assert len(found) == 3 * plans.AHEAD + 1  # the province, two OPD, and one place with two items
    of_week = [row for row in found if row[3] == "2026-W49"]
    assert [(row[0], row[6], row[5]) for row in of_week] == [
        (None, 3, "ya"),
        ("DISDIK", None, "belum"),
        ("DINKES", number, "ya"),
        ("DINKES", other, "belum"),
    ]
