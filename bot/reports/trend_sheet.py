"""The sheet of the trend: a table of weeks, and beside it a chart that Excel draws itself."""

from typing import Any

from openpyxl.chart import LineChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.sheets import Book, Column, Plain
from bot.texts import formats, rendering
from models.figures.weekly import WeekFigures

_GOOD, _INK = "0B4F8A", "1B1B1B"


def add(book: Book, figures: WeekFigures) -> None:
    """Adds the sheet: participation in each week of the trend, and the target; a gap for a week in which
    nothing was released."""
    columns = (
        Column(_word("column_week"), 13),
        Column(_word("column_opens"), 15, "date"),
        Column(_word("column_closes"), 18, "date"),
        Column(_word("column_participation"), 14, "percent", bar=True),
        Column(_word("column_goal"), 10, "percent"),
    )
    rows: list[list[Plain]] = []
    for point in figures["trend"]:
        opens, closes = formats.week_days(point["week"])
        gap = point["week"] == figures["week"] and not figures.get("released", True)
        share = None if gap else point["participation"]
        rows.append([point["week"], opens, closes, share, figures["target"]])
    title = _word("sheet_trend")
    sheet = book.sheet(title, f"Tabel{title}", columns, rows)
    sheet.add_chart(_chart(sheet, len(rows)), "G2")


def _chart(sheet: Worksheet, rows: int) -> LineChart:
    """Weeks by their closing day from left to right; the target is dashed, and told apart without colour."""
    chart: Any = LineChart()
    chart.title = rendering.label("figure.participation", {})
    chart.height, chart.width = 9.5, 19  # centimetres
    chart.add_data(Reference(sheet, min_col=4, max_col=5, min_row=1, max_row=rows + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=3, min_row=2, max_row=rows + 1))
    share, goal = chart.series
    share.graphicalProperties.line.solidFill = _GOOD
    share.graphicalProperties.line.width = 32_000  # of 12,700 to the point
    share.marker.symbol, share.marker.size = "circle", 7
    share.marker.graphicalProperties.solidFill = _GOOD
    share.marker.graphicalProperties.line.solidFill = _GOOD
    share.smooth = goal.smooth = False
    goal.graphicalProperties.line.solidFill = _INK
    goal.graphicalProperties.line.dashStyle = "dash"
    goal.graphicalProperties.line.width = 16_000
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "0%"
    chart.x_axis.number_format = "[$-421]d mmm"
    chart.x_axis.delete = chart.y_axis.delete = False  # without this, newer Excel shows no axes
    chart.legend.position = "b"
    return chart  # type: ignore[no-any-return]


def _word(name: str) -> str:
    return rendering.label(f"book.{name}", {})
