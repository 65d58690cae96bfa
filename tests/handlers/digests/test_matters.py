"""What the pack puts before the meeting, and that all of its figures are a press away."""

from typing import Any

import pytest
from sqlalchemy import select

from models.content import states
from models.content.content import Item
from models.figures.snapshots import Digest
from models.people import roles
from models.people.people import Opd
from tests import meeting, scene
from tests.chat import Chatter, Heard, Stage
from tests.meeting import WEEK, press
from tests.scene import Group


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller with a bound group, and a closed week in which items waited and all teams were small."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    Group(stage).hears(who, "/rabuan")
    for number in range(11):
        stage.person(f"Pegawai {number:02}", f"OPD{number:02}")
    for status in (states.SUBMITTED, states.EDITED, states.EDITED):
        scene.item(stage, "OPD03", week="2026-W50", title=f"Menunggu {status}", status=status)
    meeting.announce(stage, meeting.close(stage))
    stage.later(hours=1)
    return who


def test_what_is_to_be_decided_is_listed_with_the_way_to_each_of_it(stage: Stage, boss: Chatter) -> None:
    (said,) = boss.presses("Perlu diputuskan")
    assert said.op == "send", "the pack stays as it was"
    assert said.text == (
        "Perlu diputuskan, minggu 25 November – 2 Desember 2026\n\n"
        "• 12 OPD belum punya konten untuk minggu berikutnya\n"
        "• 3 konten menunggu diperiksa\n"
        "   sekarang 1 menunggu editor OPD\n"
        "   sekarang 2 menunggu nilai TAG\n"
        "• 12 tim PPID kurang dari 3 orang"
    )
    assert list(said.actions) == ["OPD tanpa konten", "Tim PPID kecil", "Periksa konten"]
    assert "belum punya konten" in boss.presses("OPD tanpa konten")[0].text.lower()


def test_an_item_that_no_longer_waits_is_said_so_and_the_frozen_number_stays(
    stage: Stage, boss: Chatter
) -> None:
    with stage.session() as session, session.begin():
        for item in session.scalars(select(Item)).all():
            item.status = states.RETURNED
    text = boss.presses("Perlu diputuskan")[0].text
    assert "• 3 konten menunggu diperiksa\n   ✅ sekarang tidak ada lagi\n" in text


def test_what_waits_now_is_not_told_of_a_meeting_that_is_long_over(stage: Stage, boss: Chatter) -> None:
    assert "   sekarang 1 menunggu editor OPD" in boss.presses("Perlu diputuskan")[0].text
    stage.later(days=7)
    assert "• 3 konten menunggu diperiksa\n•" in boss.presses("Perlu diputuskan")[0].text


def test_small_teams_are_listed_with_how_many_they_are_now(stage: Stage, boss: Chatter) -> None:
    for number in range(3):
        stage.person(f"Editor {number}", "OPD04", role="editor")
    stage.person("Rina Editor", "OPD05", role="editor")
    (first,) = boss.presses("", action=f"digest.small:{WEEK}")
    assert "Tim PPID kurang dari 3 orang (1–10 dari 12)" in first.text
    assert "• Dinas OPD04\n   ✅ sekarang sudah cukup\n• Dinas OPD05\n   sekarang 1 orang" in first.text
    (second,) = boss.presses("Berikutnya")
    assert second.op == "edit"
    assert "(11–12 dari 12)" in second.text
    assert boss.presses("Sebelumnya")[0].text == first.text
    for text in (first.text, second.text):
        assert "Editor" not in text
        assert "Pegawai" not in text


@pytest.mark.parametrize("action", ["digest.matters:{}", "digest.small:{}", "drill.small:{}:1"])
def test_only_who_may_read_the_pack_sees_it_and_in_a_group_only_the_bound_one(
    stage: Stage, boss: Chatter, action: str
) -> None:
    asked = action.format(WEEK)
    assert stage.person("Udin", role="editor").presses("", action=asked)[0].key.endswith(":refused")
    (toast,) = press(Group(stage, chat=-2002, title="Grup lain"), boss, "", action=asked)
    assert (toast.op, toast.text[:24]) == ("answer", "Grup ini belum terhubung")
    shown = press(Group(stage), boss, "", action=asked)[0]
    assert "Periksa konten" not in shown.actions
    for worn in ("x", "2026-W47", "2026-W60"):
        assert boss.presses("", action=action.format(worn))[0].key.endswith(":refused")
    with stage.session() as session, session.begin():
        roles.revoke(session, scene.person(session, boss), "controller", None, stage.now, by=None)
    assert boss.presses("", action=asked)[0].key.endswith(":refused")


def test_a_week_in_which_nothing_waits_says_so(stage: Stage, boss: Chatter) -> None:
    with stage.session() as session, session.begin():
        session.add(Digest(week=WEEK, version=2, figures=figures(stage, quiet=True), at=stage.now))
    assert "Tidak ada yang menunggu" in boss.presses("", action=f"digest.matters:{WEEK}")[0].text
    assert "beranggota 3 orang" in boss.presses("", action=f"digest.small:{WEEK}")[0].text


# -- nothing is lost ---------------------------------------------------------------------------------


def figures(stage: Stage, *, quiet: bool = False) -> dict[str, Any]:
    """A snapshot in which every figure has a number that no other has."""
    for number in range(2):
        stage.agency(f"OPD{number:02}", f"Dinas OPD{number:02}")
    agencies = [
        {"code": f"OPD{n:02}", "name": f"Dinas OPD{n:02}", "roster": 400 + n, "active": 301 - 130 * n,
         "participation": 0.752 - 0.325 * n, "previous": 0.6, "band": "middle", "joined": 380 + n,
         "shares": 310 + n, "own_item": True, "ready": False}
        for n in range(2)
    ]  # fmt: skip
    return {
        "week": WEEK, "roster": 801, "joined": 761, "active": 512, "participation": 0.6392,
        "previous": 0.6,
        "target": 0.5, "target_date": "2027-02-25", "opd": agencies, "shares": 623,
        "platforms": {"facebook": 411, "tiktok": 212}, "proofs": {},
        "quality": {"accepted": 602, "waiting": 21, "rejected": 33, "claimed": 44, "late": 55},
        "reach": {"views": 77001, "platforms": {}},
        "cohorts": {"new": 66, "stopped": 88, "months": [{"month": "2026-11", "people": 700, "active": 99}]},
        "goal": {"path": 0.123, "value": 0.456, "low": 0.413, "high": 0.489, "falling": True},
        "trend": [{"week": f"2026-W{37 + n}", "participation": 0.201 + n / 100} for n in range(12)],
        "ready": 2 if quiet else 0, "agencies": 2, "coming_week": "2026-W49",
        "lacking": [] if quiet else [one["name"] for one in agencies],
        "small_teams": [] if quiet else [agencies[0]["name"]],
        "waiting_review": 0 if quiet else 17, "without_item": [],
        "urgent": [{"title": "Kabar palsu", "active": 111, "received": 222}],
        "decisions": [] if quiet else [
            {"state": state, "late": late, "who": "Sekretaris", "text": "Rapat ulang", "due": "2026-11-27"}
            for state, late in (("open", True), ("open", False), ("done", False))
        ],
    }  # fmt: skip


# Of every figure that the meeting asks for (product, the Wednesday pack): behind which button it is said.
REACHED = {
    "": ("63,9%", "512 dari 801", "naik 3,9 poin", "Target 50% pada 25 Februari 2027", "42,7%",
         "0 dari 2 OPD siap", "17 konten", "1 tim PPID", "2 keputusan berjalan, 1 terlambat"),
    "Lihat per OPD": ("OPD sedang", "75,2% (301 dari 400), peringkat 1", "42,7% (171 dari 401)"),
    "Angka lainnya": (
        "Unggahan berbukti: 623", "Facebook: 411", "TikTok: 212", "Perkiraan dilihat: 77.001",
        "Diterima: 602", "Sedang diperiksa: 21", "Ditolak: 33", "masih ditunggu: 44", "ditutup: 55",
        "Target: 50%", "12,3%", "45,6%", "antara 41,3% dan 48,9%", "sedang turun", "berbagi: 66",
        "terakhir: 88", "99 dari 700", "diterima 222 orang, dibagikan 111 ASN", "12 minggu terakhir",
        *(f"{(20.1 + n):.1f}%".replace(".", ",") for n in range(12)),
    ),
    "Perlu diputuskan": ("2 OPD belum punya konten", "17 konten", "1 tim PPID kurang dari 3",
                         "1 keputusan rapat lewat tenggat", "1 keputusan rapat masih berjalan"),
    "OPD tanpa konten": ("Dinas OPD00", "Dinas OPD01"),
    "Tim PPID kecil": ("Dinas OPD00",),
    "Keputusan": ("Menambah editor", "Menyiapkan konten", "lewat tenggat"),
}  # fmt: skip


def decide(boss: Chatter, text: str, due: str) -> None:
    boss.says("/keputusan")
    boss.presses("Catat keputusan")
    for said in (text, "Sekretaris", due):
        boss.says(said)
    boss.presses("Simpan")


def test_every_figure_of_the_pack_is_in_its_message_or_behind_one_of_its_buttons(
    stage: Stage, boss: Chatter
) -> None:
    decide(boss, "Menambah editor", "Jumat")
    decide(boss, "Menyiapkan konten", "20 Desember")
    with stage.session() as session, session.begin():
        session.add(Digest(week=WEEK, version=2, figures=figures(stage), at=stage.now))
    stage.later(days=4)
    message = boss.says("/rekap 48")[0]
    seen: dict[str, Heard] = {"": message}
    for label in message.actions:
        (seen[label],) = boss.presses("", action=message.actions[label])
    below = seen["Perlu diputuskan"].actions
    (seen["Tim PPID kecil"],) = boss.presses("", action=below["Tim PPID kecil"])
    for label, wanted in REACHED.items():
        for figure in wanted:
            assert figure in seen[label].text, (label, figure, seen[label].text)
    with stage.session() as session:
        opd_id = session.scalars(select(Opd.id).where(Opd.code == "OPD01")).one()
    page = boss.presses("", action=f"drill.page:{WEEK}:{opd_id}:0")[0].text
    for figure in (
        "42,7%",
        "171 dari 401",
        "230 ASN",
        "Peringkat 2 dari 2",
        "Turun 17,3 poin",
        "381 dari 401",
        "311",
    ):
        assert figure in page, figure
