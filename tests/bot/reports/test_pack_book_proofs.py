"""The workbook: what became of the proofs of each OPD."""

from typing import Any

from tests.bot.reports import sample
from tests.bot.reports.books import book, column


def test_every_opd_has_what_became_of_its_proofs_and_none_in_a_snapshot_of_before() -> None:
    figures: Any = sample.demo()
    for number, opd in enumerate(figures["opd"][1:]):
        opd["quality"] = {
            "accepted": 1000 + number,
            "waiting": 3,
            "rejected": 2,
            "claimed": number,
            "late": 4,
        }
    figures["opd"][0].pop("quality", None)
    sheet = book(sample.digest(figures))["OPD"]
    for heading, key in (
        ("Bukti diterima", "accepted"),
        ("Belum diputuskan", "waiting"),
        ("Bukti ditolak", "rejected"),
        ("Bukti masih ditunggu", "claimed"),
    ):
        wanted = [opd["quality"][key] for opd in figures["opd"][1:]]
        assert column(sheet, heading) == [None, *wanted], heading
        place = [cell.value for cell in sheet[1]].index(heading) + 1
        assert sheet.cell(3, place).number_format == "#,##0"
