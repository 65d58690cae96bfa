"""Exports from the database, on both engines: what is in them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.reports import exports
from bot.reports.exports import Export
from models.content import states
from models.digests import digests
from models.figures import exporting, figures, snapshots, tallies
from models.messages import outbox
from models.people.people import Person
from models.shares import standings
from models.shares.shares import Evidence, Share
from tests import scene
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


def test_who_moved_after_a_week_was_closed_stands_in_it_with_the_opd_where_they_counted(stage: Stage) -> None:
    item, siti, budi = scene.item(stage), stage.person("Siti"), stage.person("Budi")
    author = ("DINKES", "Dinas Kesehatan", "DINKES", "tidak")
    there = stage.person("Tono", "DISDIK")
    share(stage, siti, item)
    close(stage)
    with stage.session() as session, session.begin():
        new = session.get_one(Person, there.person_id).opd_id
        old = session.get_one(Person, siti.person_id).opd_id
        for who in (siti, budi):
            session.get_one(Person, who.person_id).opd_id = new

    def rows(*weeks: str, opd_id: int | None = None) -> dict[str, tuple[str, ...]]:
        keys = ("kode_opd", "opd", "kode_opd_kini", "ikut")
        people = found(stage, "people", *weeks, opd_id=opd_id)
        return {row["nama"]: tuple(row[key] for key in keys) for row in people}

    counted_there = ("DINKES", "Dinas Kesehatan", "DISDIK", "ya")
    assert rows() == {
        "Siti": counted_there,
        "Budi": ("DISDIK", "Dinas DISDIK", "DISDIK", "tidak"),  # nobody wrote down where he was
        "Tono": ("DISDIK", "Dinas DISDIK", "DISDIK", "tidak"),
        "Penulis": author,
    }
    assert rows(opd_id=old) == {"Siti": counted_there, "Penulis": author}
    assert set(rows(opd_id=new)) == {"Budi", "Tono"}
    assert rows("2026-W49")["Siti"] == ("DISDIK", "Dinas DISDIK", "DISDIK", "tidak"), "it is not closed"
    with stage.session() as session:
        frozen = snapshots.newest(session, WEEK)
        assert frozen is not None
        active = {opd["code"]: opd["active"] for opd in frozen.figures["opd"]}
    took_part = [row["kode_opd"] for row in found(stage, "people") if row["ikut"] == "ya"]
    assert {code: took_part.count(code) for code in active} == active


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


# -- the weeks -------------------------------------------------------------------------------------


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
