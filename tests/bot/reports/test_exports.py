"""Exports from the database, on both engines: what is in them, and the documents made of them."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, insert, select

from bot.clock import Clock
from bot.library import Library, Paper
from bot.media import Store
from bot.reports import exports, makers
from bot.reports.exports import Export
from bot.wakeups import Wakeups
from bot.writer import Writer
from models import digests, exporting, figures, outbox, retention, snapshots, standings, states, tallies
from models.files import Media
from models.people import Person
from models.shares import Evidence, Share
from tests import printing, scene
from tests.chat import Chatter, Stage

WEEK = "2026-W48"


def share(stage: Stage, who: Chatter, item: int, **more: Any) -> int:
    """A share as the database has it; its number."""
    with stage.session() as session, session.begin():
        opd_id = session.get_one(Person, who.person_id).opd_id
        values = {
            "week": WEEK,
            "platform": "facebook",
            "status": standings.ACCEPTED,
            "opd_id": opd_id,
            **more,
        }
        made = Share(person_id=who.person_id, item_id=item, at=stage.now, updated_at=stage.now, **values)
        session.add(made)
        session.flush()
        return made.id


def found(stage: Stage, what: str, *weeks: str, opd_id: int | None = None) -> list[dict[str, Any]]:
    """The rows of an export by column."""
    export = Export(what, weeks or (WEEK,), opd_id)
    with stage.session() as session:
        lines = list(exports.rows(session, export, stage.programme.zone))
        assert len(lines) == exports.count(session, export), "what is counted is what comes"
    return [dict(zip(export.table.headings, line, strict=True)) for line in lines]


def close(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        digests.close(session, WEEK, stage.now + timedelta(days=7), stage.programme)


def test_a_share_is_a_row_with_its_first_link_and_local_time(stage: Stage) -> None:
    siti, item = stage.person("Siti Rahma"), scene.item(stage)
    number = share(stage, siti, item, late=True)
    with stage.session() as session, session.begin():
        for nth, link in enumerate(("", "https://facebook.com/p/1", "https://facebook.com/p/2")):
            session.add(Evidence(share_id=number, source=f"t:{nth}", kind="link", link=link, at=stage.now))
    assert found(stage, "shares") == [
        {
            "minggu": WEEK,
            "mendesak": "tidak",
            "tanda_terima": number,
            "kode_opd": "DINKES",
            "opd": "Dinas Kesehatan",
            "nama": "Siti Rahma",
            "konten": item,
            "kanal": "facebook",
            "status": "accepted",
            "terlambat": "ya",
            "waktu": datetime(2026, 11, 25, 10, 0),
            "tautan": "https://facebook.com/p/1",
        }
    ]


def test_shares_come_by_week_with_the_urgent_ones_and_of_one_opd_alone(stage: Stage) -> None:
    siti, tono = stage.person("Siti"), stage.person("Tono", "DISDIK")
    item, urgent = (
        scene.item(stage),
        scene.item(stage, title="Bukan banjir", urgent=True, status=states.RELEASED),
    )
    mine, others = share(stage, siti, item), share(stage, tono, item)
    hurried = share(stage, siti, urgent, week="")
    before = share(stage, siti, item, week="2026-W47")
    assert [row["tanda_terima"] for row in found(stage, "shares")] == [others, mine, hurried]
    assert [row["mendesak"] for row in found(stage, "shares")] == ["tidak", "tidak", "ya"]
    both = found(stage, "shares", "2026-W47", WEEK)
    assert [(row["minggu"], row["tanda_terima"]) for row in both][:2] == [
        ("2026-W47", before),
        (WEEK, others),
    ]
    with stage.session() as session:
        opd_id = session.get_one(Person, tono.person_id).opd_id
    assert [row["nama"] for row in found(stage, "shares", opd_id=opd_id)] == ["Tono"]


def test_people_are_the_roster_with_what_each_did_and_no_nip_or_phone(stage: Stage) -> None:
    siti = stage.person("Siti", nip="198001012005011001", phone="+6281317036688")
    stage.person("Budi", joined=False)
    item = scene.item(stage)
    share(stage, siti, item)
    share(stage, siti, item, platform="tiktok", status=standings.RECEIVED)
    share(stage, siti, item, platform="x", late=True)
    share(stage, siti, item, platform="youtube", status=standings.REJECTED)
    rows = {row["nama"]: row for row in found(stage, "people")}
    assert (rows["Siti"]["ikut"], rows["Siti"]["unggahan"], rows["Siti"]["aktif"]) == ("ya", 2, "ya")
    assert (rows["Budi"]["ikut"], rows["Budi"]["unggahan"], rows["Budi"]["bergabung"]) == ("tidak", 0, None)
    assert not [
        cell for row in rows.values() for cell in row.values() if "8131" in str(cell) or "1980" in str(cell)
    ]


def test_who_was_active_in_a_closed_week_adds_up_to_its_snapshot(stage: Stage) -> None:
    item, people = scene.item(stage), [stage.person(f"Pegawai {n}") for n in range(5)]
    numbers = [share(stage, who, item) for who in people[:3]]
    close(stage)
    with stage.session() as session, session.begin():  # whatever happens afterwards
        session.get_one(Share, numbers[0]).status = standings.REJECTED
        session.get_one(Person, people[1].person_id).active = False
    share(stage, people[4], item)
    with stage.session() as session:
        digest = snapshots.newest(session, WEEK)
        assert digest is not None
    active = [row["nama"] for row in found(stage, "people") if row["ikut"] == "ya"]
    assert active == ["Pegawai 0", "Pegawai 1", "Pegawai 2"]
    assert len(active) == digest.figures["active"]


def test_deliveries_are_the_cards_and_what_became_of_them(stage: Stage) -> None:
    siti = stage.person("Siti")
    stage.person("Budi", "DISDIK")
    stage.person("Cici", joined=False)
    item = scene.item(stage, None)
    scene.release(stage)
    scene.turned_out(stage, scene.cards(stage, siti), outbox.FAILED, "blocked")
    rows = {row["nama"]: row for row in found(stage, "deliveries")}
    with stage.session() as session:
        served = {session.get_one(Person, card.person_id).name for card in scene.cards(stage)}
    assert set(rows) == served >= {"Siti", "Budi"}
    assert (rows["Siti"]["status"], rows["Siti"]["alasan"], rows["Siti"]["konten"]) == (
        "failed",
        "blocked",
        item,
    )
    assert (rows["Budi"]["status"], rows["Budi"]["dikirim"]) == ("sent", datetime(2026, 11, 25, 10, 0))
    assert found(stage, "deliveries", "2026-W47") == []


def test_more_rows_than_are_fetched_at_a_time_come_all_and_in_order(stage: Stage) -> None:
    opd = stage.agency("DINKES", "Dinas Kesehatan")
    names = [f"Pegawai {nth:05}" for nth in range(2 * exporting.AT_ONCE + 1)]
    with stage.session() as session, session.begin():
        session.execute(
            insert(Person),
            [
                {"name": name, "opd_id": opd.id, "active": True, "phone": "", "position": "", "saver": False,
                 "created_at": stage.now}
                for name in names
            ],
        )  # fmt: skip
    assert [row["nama"] for row in found(stage, "people")] == names


# -- open data -------------------------------------------------------------------------------------


def test_open_data_are_those_of_the_newest_snapshot_and_of_closed_weeks_alone(stage: Stage) -> None:
    item, people = scene.item(stage), [stage.person(f"Pegawai {n}") for n in range(13)]
    for who in people[:7]:
        share(stage, who, item)
    stage.person("Sendiri", "KECIL")
    with stage.session() as session:
        assert exports.count(session, Export("open", (WEEK,))) == 0
    close(stage)
    with stage.session() as session, session.begin():
        digest = snapshots.newest(session, WEEK)
        assert digest is not None
        again = snapshots.Digest(week=WEEK, version=2, figures=digest.figures, changes={}, at=stage.now)
        session.add(again)
    rows = {row["kode_opd"]: row for row in found(stage, "open")}
    health = rows["DINKES"]
    assert (health["versi"], health["asn"], health["ikut"], health["unggahan"]) == (2, 13, 7, 7)
    (known,) = [opd for opd in digest.figures["opd"] if opd["code"] == "DINKES"]
    assert health["partisipasi"] == known["participation"]
    assert (rows["KECIL"]["asn"], rows["KECIL"]["ikut"]) == ("<10", "*")
    assert not [cell for row in rows.values() for cell in row.values() if "Pegawai" in str(cell)]


def test_platforms_and_proofs_of_the_opd_add_up_to_those_of_the_week(stage: Stage) -> None:
    item, siti, tono = scene.item(stage), stage.person("Siti"), stage.person("Tono", "DISDIK")
    for platform, status, late in (
        ("facebook", standings.ACCEPTED, False),
        ("", standings.RECEIVED, False),
        ("tiktok", standings.APPEALED, False),
        ("x", standings.REJECTED, False),
        ("facebook", standings.ACCEPTED, True),
        ("x", standings.CLAIMED, False),
        ("x", standings.WITHDRAWN, False),
    ):
        share(stage, siti, item, platform=platform, status=status, late=late)
        share(stage, tono, item, platform=platform, status=status, late=late)
    with stage.session() as session:
        opds = {session.get_one(Person, who.person_id).opd_id for who in (siti, tono)}
        shares = tallies.of(session, WEEK)
        own = {opd_id: figures.of_opd(some) for opd_id, some in tallies.by_opd(shares).items()}
        whole = figures.quality(tallies.proofs(shares))
        by_sql = session.scalar(select(func.count()).where(Share.status == "accepted", Share.late.is_(False)))
    assert set(own) == opds
    for one in own.values():
        assert one["platforms"] == {"facebook": 1, "unknown": 1}
        assert sum(one["platforms"].values()) == one["shares"]
        assert one["quality"] == {"accepted": 1, "waiting": 2, "rejected": 1, "claimed": 1, "late": 1}
    assert sum(one["quality"]["accepted"] for one in own.values()) == whole["accepted"] == by_sql


# -- as documents ----------------------------------------------------------------------------------


def make(stage: Stage, tmp_path: Path, name: str) -> Paper:
    made = makers.makers(Store(f"file://{tmp_path / 'media'}"), "bot", stage.programme.zone)
    kind, _, about = name.partition(":")
    with stage.session() as session:
        return made[kind](session, about, stage.now)


def test_a_document_is_made_of_its_name(stage: Stage, tmp_path: Path) -> None:
    stage.person("=Budi")
    paper = make(stage, tmp_path, f"export:people:{WEEK}:csv:0:1")
    assert (paper.kind, paper.name, paper.mime, paper.purpose) == (
        "document", f"people-{WEEK}.csv", "text/csv", "export",
    )  # fmt: skip
    lines = list(csv.reader(io.StringIO(paper.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert (lines[0][3], lines[1][3]) == ("nama", "'=Budi")
    book = openpyxl.load_workbook(io.BytesIO(make(stage, tmp_path, f"export:people:{WEEK}:xlsx:0:1").data))
    assert book.sheetnames == ["Orang", "Kamus"]
    assert book["Orang"]["D2"].value == "'=Budi"
    explained = {cells[0].value for cells in book["Kamus"].iter_rows(min_row=2)}
    assert {cell.value for cell in book["Orang"][1]} <= explained
    beside = make(stage, tmp_path, "dictionary:open")
    assert beside.name == "open.kamus.csv"
    assert "CC BY 4.0" in beside.data.decode("utf-8")


def test_a_document_of_several_weeks_names_both_ends(stage: Stage, tmp_path: Path) -> None:
    stage.person("Siti")
    paper = make(stage, tmp_path, f"export:people:2026-W46_{WEEK}:csv:0:1")
    assert paper.name == f"people-2026-W46_{WEEK}.csv"
    assert [line[:8] for line in paper.data.decode("utf-8-sig").splitlines()[1:]] == [
        "2026-W46",
        "2026-W47",
        WEEK,
    ]


def test_what_is_too_large_is_zipped_and_what_is_larger_still_says_how_to_get_it(stage: Stage) -> None:
    for nth in range(40):
        stage.person(f"Pegawai {nth}")
    about = f"people:{WEEK}:csv:0:1"
    with stage.session() as session:
        whole = exports.paper(session, about, stage.programme.zone)
        packed = exports.paper(session, about, stage.programme.zone, most=len(whole.data) - 1)
        none = exports.paper(session, about, stage.programme.zone, most=100)
    assert (packed.name, packed.mime) == (f"people-{WEEK}.csv.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert archive.read(f"people-{WEEK}.csv") == whole.data
    assert none.name == "baca-dulu.txt"
    assert f"python -m bot export people --week {WEEK} --format csv" in none.data.decode("utf-8")


@pytest.mark.anyio
async def test_a_document_is_made_when_it_is_sent_and_not_kept_for_ever(stage: Stage, tmp_path: Path) -> None:
    stage.person("Siti")
    store = Store(f"file://{tmp_path / 'media'}")
    writer = Writer(stage.engine, Wakeups())
    writer.start()
    made = makers.makers(store, "bot", stage.programme.zone)
    library = Library(stage.engine, writer, store, Clock(), printing.here(stage.engine, made))
    media_id = await library.report(f"export:people:{WEEK}:csv:0:1")
    async with library.lend(media_id, "telegram") as (document, _keep):
        assert (document.kind, document.name, document.mime) == ("document", f"people-{WEEK}.csv", "text/csv")
        assert document.path is not None
        assert b"Siti" in document.path.read_bytes()
    writer.close()
    late = Clock().now() + timedelta(weeks=stage.programme.proofs.keep_weeks, days=1)
    with stage.session() as session, session.begin():
        assert retention.let_go(session, late, stage.programme) == 1
        assert session.get_one(Media, media_id).status == retention.OVER


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-W99", "2026-W99", "there is no week 2026-W99"),
        ("48", "48", "write it like 2026-W48"),
        ("2026-W50", "2026-W50", "2026-W50 lies in the future; the running week is 2026-W49"),
        ("2026-W40", "2026-W48", "2026-W40 is before the programme began, with 2026-W48"),
        ("2026-W49", "2026-W48", "write the earlier one first"),
    ],
)
def test_a_week_that_is_none_is_a_clear_sentence(first: str, last: str, sentence: str) -> None:
    stage = Stage(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=sentence):
        exporting.span(first, last, stage.now + timedelta(days=7), stage.programme)


def test_a_span_has_every_week_between_its_ends() -> None:
    assert exporting.between("2026-W52", "2027-W02") == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
