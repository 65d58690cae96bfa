"""A closed week as open data: from people who share in chat to the file that is published."""

import csv
import io
from typing import Any

from bot.reports import exports
from models.figures import opendata, snapshots
from models.figures.snapshots import Digest
from tests import meeting, proving, scene
from tests.chat import Chatter, Stage, Telegram
from tests.meeting import WEEK
from tests.scene import Group

# OPD by code: how many people, and how many of them share; the last is too small to be shown.
TOWN = {"DINKES": (14, 5), "DISDIK": (12, 4), "BAPPEDA": (11, 0), "KECIL": (4, 2)}


def lives(stage: Stage) -> list[tuple[Chatter, str, str, str]]:
    """Everybody of the town, with name, NIP and phone number."""
    found: list[tuple[Chatter, str, str, str]] = []
    for code, (people, _) in TOWN.items():
        for _ in range(people):
            n = len(found)
            nip, phone = f"19850{n % 9 + 1}152010011{n:03}", f"+62812700{n:05}"
            name = f"Zulfa{n:02} Anindita{n:02}"
            found.append((stage.person(name, code, nip=nip, phone=phone), name, nip, phone))
    return found


def published(stage: Stage, boss: Chatter) -> bytes:
    """The file that a controller gets by `/ekspor`: open data, the newest week, CSV."""
    boss.says("/ekspor")
    for label in ("Data terbuka", "Minggu terakhir"):
        boss.presses(label)
    file, dictionary = boss.presses("CSV")
    assert dictionary.row.body["report"] == "dictionary:open"
    with stage.session() as session:
        about = file.row.body["report"].partition(":")[2]
        return exports.paper(session, about, stage.programme.zone).data


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def written(value: Any) -> str:
    """A figure of a snapshot as an Indonesian CSV has it, to the digit."""
    return repr(value).replace(".", ",") if isinstance(value, float) else str(value)


def cells(opd: dict[str, Any], digest: Digest) -> dict[str, str]:
    """What a snapshot says of an OPD of which nothing is withheld."""
    found: dict[str, Any] = {
        "minggu": digest.week,
        "versi": digest.version,
        "kode_opd": opd["code"],
        "opd": opd["name"],
        "asn": opd["roster"],
        "ikut": opd["active"],
        "partisipasi": opd["participation"],
        "unggahan": opd["shares"],
        **{f"kanal_{name}": opd["platforms"].get(name, 0) for name in opendata.PLATFORMS},
        "bukti_sah": opd["quality"]["accepted"],
        "bukti_menunggu": opd["quality"]["waiting"],
        "bukti_ditolak": opd["quality"]["rejected"],
    }
    return {name: written(value) for name, value in found.items()}


def test_the_open_file_of_a_closed_week_has_the_figures_of_its_snapshot_and_nobody_in_it(
    stage: Stage,
) -> None:
    boss = stage.person("Bu Kepala", "BAPPEDA", role="controller", line=Telegram())
    Group(stage).hears(boss, "/rabuan")
    people = lives(stage)
    scene.item(stage)
    scene.item(stage, None, title="Konten provinsi")
    scene.release(stage)
    number = first = 0
    for size, sharing in TOWN.values():
        for who, *_ in people[first : first + sharing]:
            number += 1
            meeting.share(who, number)
        first += size
    proving.examine(stage)  # whatever it finds, it is in the snapshot and in the file
    digest = meeting.close(stage)
    meeting.announce(stage, digest)

    data = published(stage, boss)
    found = {row["kode_opd"]: row for row in rows(data)}
    by_code = {opd["code"]: opd for opd in digest.figures["opd"]}
    assert set(found) == set(by_code) == set(TOWN)
    for code in ("DINKES", "DISDIK", "BAPPEDA"):
        assert found[code] == cells(by_code[code], digest), code
    assert [found[code]["partisipasi"] for code in ("DINKES", "DISDIK")] == ["0,357143", "0,333333"]
    assert found["KECIL"]["asn"] == "<10"
    assert {found["KECIL"][name] for name in found["KECIL"]} == {
        WEEK,
        "1",
        "KECIL",
        "Dinas KECIL",
        "<10",
        "*",
    }

    text = data.decode("utf-8-sig")
    for who, name, nip, phone in people:
        for part in (*name.split(), nip, phone.lstrip("+"), str(who.chat), f"asn{who.chat}"):
            assert part not in text, part
    assert "https://" not in text

    # What happens afterwards is in no file of this version.
    meeting.share(people[6][0], 99)
    assert published(stage, boss) == data
    with stage.session() as session:
        assert len(snapshots.versions(session, WEEK)) == 1
