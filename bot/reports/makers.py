"""The reports that a message can carry, by the word before the colon of their name.

A new one is a function here and a line in MAKERS. It takes the desk, a session that only reads, what
stands after the colon, and the time. What it draws with is imported inside of it where that is slow to
load: most processes never make a report.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePath
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.files import fitting
from bot.files.media import Store
from bot.outbound.library import Paper, Report
from bot.reports import exports, packs, plans, tables, workbooks
from bot.texts import rendering
from handlers import channels
from models.figures import snapshots
from models.membership import roster
from models.messages import files
from models.people import people
from models.recognition import certificates
from models.shares import inspections

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every maker has at hand beside the database: the files, the bot's name on Telegram, the time zone
    of the programme, and our number on WhatsApp (digits; "" for none)."""

    store: Store
    bot_name: str
    zone: ZoneInfo
    whatsapp: str = ""


def makers(store: Store, bot_name: str, zone: ZoneInfo, whatsapp: str = "") -> dict[str, Report]:
    """The makers of all reports, at one desk."""
    desk = Desk(store, bot_name, zone, whatsapp)
    return {name: partial(maker, desk) for name, maker in MAKERS.items()}


def digest_chart(_desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """digest-chart:<snapshot id>"""
    from bot.reports import chart  # matplotlib takes a second

    figures = session.get_one(snapshots.Digest, int(about)).figures
    week = str(figures["week"])
    return Paper(chart.digest_chart(figures), "photo", f"rabuan-{week}.png", "image/png")


def digest_workbook(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """digest-workbook:<snapshot id>"""
    week, data = packs.workbook(session, int(about), desk.zone)
    return Paper(data, "document", f"rabuan-{week}.xlsx", XLSX)


def digest_paper(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """digest-paper:<snapshot id>"""
    week, data = packs.paper(session, int(about), desk.zone)
    return Paper(data, "document", f"rabuan-{week}.pdf", "application/pdf")


def opd_poster(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """poster:<OPD code>. Raises LookupError for a code that no OPD has."""
    from bot.reports import poster

    opd = people.opd(session, about)
    if opd is None:
        raise LookupError(f"no OPD has the code {about!r}")
    by_number = channels.whatsapp_link(desk.whatsapp, opd) if desk.whatsapp else ""
    data = poster.opd_poster(opd.name, channels.telegram_link(desk.bot_name, opd), by_number)
    return Paper(data, "document", f"poster-{opd.code}.pdf", "application/pdf")


def rejects(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """rejects:<media id of an uploaded roster>"""
    media = session.get_one(files.Media, int(about))
    table = tables.read_table(desk.store.get(media.key), media.name)
    plan = roster.plan(session, roster.entries((row.line, row.cells) for row in table.rows))
    reasons = {rejected.line: rendering.label(rejected.why, rejected.params) for rejected in plan.rejected}
    rejected = [(row, reasons[row.line]) for row in table.rows if row.line in reasons]
    data = workbooks.write_rejects(rejected, table.columns)
    return Paper(data, "document", "baris-ditolak.xlsx", XLSX)


def plan_chart(_desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """plan-chart:<first week>:<fingerprint>"""
    week = about.partition(":")[0]
    return Paper(plans.chart(session, week), "photo", f"rencana-{week}.png", "image/png")


def plan_table(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """plan-table:<first week>:<fingerprint>"""
    week = about.partition(":")[0]
    return Paper(plans.table(session, week, desk.zone), "document", f"rencana-{week}.xlsx", XLSX)


def pair(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """pair:<evidence id>:<evidence id that it looks like, or 0>, with ":veiled" where that one is not for the
    reader's eyes."""
    from bot.reports import pairs

    piece, other, *veil = about.split(":")
    proof = inspections.picture(session, int(piece))
    beside = inspections.picture(session, int(other)) if int(other) else None
    shown = _read(desk.store, beside or inspections.item_picture(session, int(piece)))
    veiled = bool(beside and veil)
    kind = "veiled" if veiled else "other" if beside else "item"
    names = (f"inspecting.pair_{kind}", "inspecting.pair_proof", "inspecting.pair_missing")
    left, right, missing = (rendering.label(name, {}) for name in names)
    if veiled and shown is not None:
        shown = pairs.veiled(shown)
    data = pairs.side_by_side(shown, _read(desk.store, proof), (left, right), missing)
    return Paper(data, "photo", f"bukti-{piece}.jpg", "image/jpeg", "pair")


def copy(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """copy:<media id>, of a picture that WhatsApp does not take. Kept as long as what is made of proofs:
    whoever needs it later has it made anew."""
    media = session.get_one(files.Media, int(about))
    name = f"{PurePath(media.name).stem or 'gambar'}.jpg"
    return Paper(fitting.of(desk.store.get(media.key)), "photo", name, "image/jpeg", "pair")


def certificate(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """certificate:<certificate id>"""
    from bot.reports import certificate as paper

    found = session.get_one(certificates.Certificate, int(about))
    name = f"sertifikat-{found.number.replace('/', '-')}.pdf"
    return Paper(
        paper.of(found, desk.bot_name, desk.zone, desk.whatsapp), "document", name, "application/pdf"
    )


def export(desk: Desk, session: Session, about: str, _now: datetime) -> Paper:
    """export:<what>:<weeks>:<form>:<OPD id or 0>:<when it was asked for>"""
    return exports.paper(session, about, desk.zone)


def dictionary(_desk: Desk, _session: Session, about: str, _now: datetime) -> Paper:
    """dictionary:<what of the export>"""
    return exports.dictionary_paper(about)


def _read(store: Store, key: str) -> bytes | None:
    """A picture of the store, None where there is none, or no longer."""
    try:
        return store.get(key) if key else None
    except FileNotFoundError:
        return None


MAKERS: dict[str, Callable[[Desk, Session, str, datetime], Paper]] = {
    "digest-chart": digest_chart,
    "digest-workbook": digest_workbook,
    "digest-paper": digest_paper,
    "pair": pair,
    "copy": copy,
    "certificate": certificate,
    "export": export,
    "dictionary": dictionary,
    "plan-chart": plan_chart,
    "plan-table": plan_table,
    "poster": opd_poster,
    "rejects": rejects,
}
