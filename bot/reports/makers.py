"""The reports that a message can carry, by the word before the colon of their name."""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot.library import Paper, Report
from bot.media import Store
from bot.reports import exports, plans, tables, workbooks
from bot.texts import rendering
from handlers import teams
from models import files, inspections, people, roster, snapshots

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def makers(store: Store, bot_name: str, zone: tzinfo) -> dict[str, Report]:
    """digest-chart:<snapshot id>, poster:<OPD code>, rejects:<media id of an uploaded roster>,
    plan-chart:<first week>:<fingerprint>, plan-table:<first week>:<fingerprint>,
    pair:<evidence id>:<evidence id that it looks like, or 0>,
    export:<what>:<weeks>:<form>:<OPD id or 0>:<when it was asked for>, dictionary:<what of the export>."""

    def digest_chart(session: Session, about: str, _now: datetime) -> Paper:
        from bot.reports import chart  # matplotlib takes a second that most processes never need

        figures = session.get_one(snapshots.Digest, int(about)).figures
        week = str(figures["week"])
        return Paper(chart.digest_chart(figures), "photo", f"rabuan-{week}.png", "image/png")

    def opd_poster(session: Session, about: str, _now: datetime) -> Paper:
        from bot.reports import poster

        opd = people.opd(session, about)
        if opd is None:
            raise LookupError(f"no OPD has the code {about!r}")
        link = teams.link(bot_name, opd)
        return Paper(
            poster.opd_poster(opd.name, link), "document", f"poster-{opd.code}.pdf", "application/pdf"
        )

    def rejects(session: Session, about: str, _now: datetime) -> Paper:
        media = session.get_one(files.Media, int(about))
        table = tables.read_table(store.get(media.key), media.name)
        plan = roster.plan(session, roster.entries((row.line, row.cells) for row in table.rows))
        reasons = {
            rejected.line: rendering.label(rejected.why, rejected.params) for rejected in plan.rejected
        }
        rejected = [(row, reasons[row.line]) for row in table.rows if row.line in reasons]
        data = workbooks.write_rejects(rejected, table.columns)
        return Paper(data, "document", "baris-ditolak.xlsx", XLSX)

    def plan_chart(session: Session, about: str, _now: datetime) -> Paper:
        week = about.partition(":")[0]
        return Paper(plans.chart(session, week), "photo", f"rencana-{week}.png", "image/png")

    def plan_table(session: Session, about: str, _now: datetime) -> Paper:
        week = about.partition(":")[0]
        return Paper(plans.table(session, week, zone), "document", f"rencana-{week}.xlsx", XLSX)

    def pair(session: Session, about: str, _now: datetime) -> Paper:
        from bot.reports import pairs

        piece, _, other = about.partition(":")
        proof = inspections.picture(session, int(piece))
        beside = inspections.picture(session, int(other)) if int(other) else None
        compared = beside or inspections.item_picture(session, int(piece))
        kind = "other" if beside else "item"
        names = (f"inspecting.pair_{kind}", "inspecting.pair_proof", "inspecting.pair_missing")
        left, right, missing = (rendering.label(name, {}) for name in names)
        data = pairs.side_by_side(_read(store, compared), _read(store, proof), (left, right), missing)
        return Paper(data, "photo", f"bukti-{piece}.jpg", "image/jpeg", "pair")

    def export(session: Session, about: str, _now: datetime) -> Paper:
        return exports.paper(session, about, zone)

    def export_dictionary(_session: Session, about: str, _now: datetime) -> Paper:
        return exports.dictionary_paper(about)

    return {
        "export": export,
        "dictionary": export_dictionary,
        "pair": pair,
        "digest-chart": digest_chart,
        "poster": opd_poster,
        "rejects": rejects,
        "plan-chart": plan_chart,
        "plan-table": plan_table,
    }


def _read(store: Store, key: str) -> bytes | None:
    """A picture of the store, None where there is none, or no longer."""
    try:
        return store.get(key) if key else None
    except FileNotFoundError:
        return None
