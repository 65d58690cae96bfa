"""The board of the coming weeks, read from the database for the picture and the workbook."""

from datetime import tzinfo

from sqlalchemy.orm import Session

from bot.reports.plan_table import Line, plan_table
from bot.texts import rendering
from models.figures import staffing
from models.people.people import Opd
from models.programme import weeks
from models.releases import plans
from models.releases.plans import Board, Place


def chart(session: Session, first: str) -> bytes:
    """The board that begins with a week, as a PNG."""
    from bot.reports import plan_chart  # matplotlib takes a second that most processes never need

    names, board = _read(session, first)

    def row(opd: Opd | None) -> plan_chart.Row:
        opd_id = opd.id if opd else None
        states = [board.get((opd_id, week), Place()).status for week in names]
        return plan_chart.Row(opd.code if opd else "", opd.name if opd else "", states)

    return plan_chart.plan_chart(names, [row(opd) for opd in staffing.agencies(session)], row(None))


def table(session: Session, first: str, zone: tzinfo) -> bytes:
    """The board that begins with a week, as an XLSX; times are those of `zone`.

    Where several items are meant for one place, each has its line; the first is the one that counts.
    """
    names, board = _read(session, first)
    everybody: list[Opd | None] = [None, *staffing.agencies(session)]
    lines: list[Line] = []
    for opd in everybody:
        for week in names:
            lines += _lines(opd, week, board.get((opd.id if opd else None, week), Place()), zone)
    return plan_table(lines)


def _read(session: Session, first: str) -> tuple[list[str], Board]:
    names = [weeks.shift(first, nth) for nth in range(plans.AHEAD)]
    return names, plans.board(session, names)


def _lines(opd: Opd | None, week: str, place: Place, zone: tzinfo) -> list[Line]:
    code = opd.code if opd else ""
    name = opd.name if opd else rendering.label("plan_table.province", {})
    day = weeks.wednesday(week)
    if not place.items:
        return [Line(code, name, day, week, place.status, ready=False)]
    return [
        Line(
            code,
            name,
            day,
            week,
            item.status,
            ready=item.status in plans.READY,
            item=item.id,
            title=item.title,
            rubric=item.rubric,
            author=item.author.name,
            changed=item.updated_at.astimezone(zone),
        )
        for item in place.items
    ]
