"""Looking further into the pack: by whom, of which week, in a group without names, and in place."""

from typing import Any

import pytest
from sqlalchemy import select

from models.content import states
from models.figures.snapshots import Digest
from models.people import roles
from tests import meeting, scene
from tests.chat import Chatter, Stage
from tests.meeting import WEEK, opd_id, press
from tests.scene import Group


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    """A controller with a bound group, and thirteen OPD, of which DINKES has shared most."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    siti = stage.person("Siti Rahma", role="creator")
    stage.person("Budi Santoso")
    for number in range(11):
        stage.person(f"Pegawai {number:02}", f"OPD{number:02}")
    Group(stage).hears(who, "/rabuan")
    scene.item(stage)
    scene.item(stage, week="2026-W49", title="Siap", status=states.APPROVED)
    scene.item(stage, "OPD03", week="2026-W49", title="Menunggu", status=states.EDITED)
    scene.release(stage)
    meeting.share(siti)
    meeting.announce(stage, meeting.close(stage))
    stage.later(hours=1)
    return who


GROUP = -1001


def test_opd_are_ranked_eight_a_page_and_turned_in_place(stage: Stage, boss: Chatter) -> None:
    (first,) = boss.presses("Lihat per OPD")
    assert first.op == "send", "the pack stays as it was"
    ranked = (
        "OPD kecil\n1. Dinas Kesehatan: 50% (1 dari 2), peringkat 1\n"
        "2. Dinas BAPPEDA: 0% (0 dari 1), peringkat 2\n3. Dinas OPD00: 0% (0 dari 1), peringkat 2"
    )
    assert ranked in first.text
    assert "13 OPD." in first.text
    (second,) = boss.presses("Berikutnya")
    assert second.op == "edit"
    assert "OPD kecil\n1. Dinas OPD06: 0% (0 dari 1), peringkat 2" in second.text
    (back,) = boss.presses("Sebelumnya")
    assert (back.op, back.text) == ("edit", first.text)
    (page,) = boss.presses("", action=f"drill.page:{WEEK}:{opd_id(stage, 'OPD06')}:1")
    assert "Peringkat 2 dari 13 di kelompok OPD kecil" in page.text


def test_a_typed_number_opens_the_opd_of_that_line_and_leads_back(stage: Stage, boss: Chatter) -> None:
    boss.presses("Lihat per OPD")
    boss.presses("Berikutnya")
    (page,) = boss.says("2")
    assert page.text.startswith("Dinas OPD07 · minggu 25 November")
    (opd,) = boss.presses("", action=f"drill.page:{WEEK}:{opd_id(stage, 'DINKES')}:1")
    assert opd.text == (
        "Dinas Kesehatan · minggu 25 November – 2 Desember 2026\n\n"
        "50% sudah berbagi: 1 dari 2 ASN\n"
        "Belum berbagi: 1 ASN\n"
        "Seluruh provinsi: 7,1%\n"
        "Peringkat 1 dari 13 di kelompok OPD kecil\n\n"
        "Sudah bergabung di sini: 2 dari 2 ASN\n"
        "Unggahan berbukti: 1\n"
        "Dibagikan lewat: X (Twitter) 1\n"
        "Bukti: belum diputuskan 1\n"
        "Minggu itu memakai konten sendiri\n"
        "Konten untuk minggu berikutnya sudah siap"
    )
    assert list(opd.actions) == ["Lihat siapa yang belum", "Daftar OPD"]
    assert "1. Dinas OPD06" in boss.presses("Daftar OPD")[0].text


def of_opd(stage: Stage, boss: Chatter, change: dict[str, Any]) -> str:
    """The page of DINKES when its figures in the snapshot are others; None leaves a figure out."""
    with stage.session() as session, session.begin():
        digest = session.scalars(select(Digest).where(Digest.week == WEEK)).one()
        changed = [
            {name: value for name, value in {**opd, **change}.items() if value is not None}
            if opd["code"] == "DINKES"
            else opd
            for opd in digest.figures["opd"]
        ]
        digest.figures = {**digest.figures, "opd": changed}
    (page,) = boss.presses("", action=f"drill.page:{WEEK}:{opd_id(stage, 'DINKES')}:0")
    return page.text


def test_the_page_of_an_opd_says_what_became_of_its_proofs_and_where_they_are(
    stage: Stage, boss: Chatter
) -> None:
    quality = {"accepted": 1200, "waiting": 3, "rejected": 1, "claimed": 2, "late": 1}
    text = of_opd(stage, boss, {"quality": quality, "platforms": {"x": 2, "tiktok": 9, "youtube": 0}})
    assert "Dibagikan lewat: TikTok 9, X (Twitter) 2\n" in text
    assert "Bukti: diterima 1.200, belum diputuskan 3, ditolak 1, masih ditunggu 2, terlambat 1\n" in text


@pytest.mark.parametrize("known", [None, {}], ids=["of before", "none"])
def test_an_opd_of_which_nothing_is_known_has_no_line_of_proofs(
    stage: Stage, boss: Chatter, known: dict[str, int] | None
) -> None:
    text = of_opd(stage, boss, {"quality": known, "platforms": known})
    assert "Unggahan berbukti: 1\nMinggu itu memakai" in text


def test_all_other_figures_are_said_in_words(stage: Stage, boss: Chatter) -> None:
    (more,) = boss.presses("Angka lainnya")
    assert "X (Twitter): 1" in more.text
    assert "Sedang diperiksa: 1" in more.text
    assert "Target: 50% pada 25 Februari 2027\nPartisipasi minggu itu: 7,1%\nSeharusnya, bila" in more.text
    assert "Perkiraan baru dapat dihitung setelah empat minggu." in more.text
    assert "bukan hitungan pasti" in more.text
    assert "Pertama kali berbagi: 1 ASN" in more.text
    assert "Bergabung November 2026: 1 dari 14 berbagi (7,1%)" in more.text
    assert more.text.endswith("2 Des ▓░░░░░░░░░ 7,1%")


def test_who_lacks_content_is_listed_with_what_stands_in_their_way_until_the_release(
    stage: Stage, boss: Chatter
) -> None:
    stage.person("Rina Editor", "OPD04", role="editor")
    (first,) = boss.presses("OPD tanpa konten")
    assert "(1–10 dari 12)" in first.text
    assert "Dinas Kesehatan" not in first.text
    assert "• Dinas BAPPEDA\n   belum ada tim PPID yang bergabung" in first.text
    assert "• Dinas OPD04\n   belum dimulai; timnya baru 1 orang, perlu 3" in first.text
    stage.person("Ria Editor", "OPD03", role="editor")
    again = boss.presses("", action=f"digest.lacking:{WEEK}")[0]
    assert "• Dinas OPD03\n   menunggu nilai TAG; timnya baru 1 orang" in again.text
    assert "(11–12 dari 12)" in boss.presses("Berikutnya")[0].text
    scene.item(stage, "OPD04", week="2026-W49", title="Cepat", status=states.APPROVED)
    ready = boss.presses("", action=f"digest.lacking:{WEEK}")[0].text
    assert "• Dinas OPD04\n   ✅ sekarang sudah siap" in ready
    stage.later(hours=6)
    over = boss.presses("", action=f"digest.lacking:{WEEK}")[0].text
    assert "Siarannya sudah lewat." in over
    assert "menunggu nilai TAG" not in over


def test_a_button_of_an_old_pack_works_on_the_snapshot_of_its_week(stage: Stage, boss: Chatter) -> None:
    before = boss.presses("", action=f"digest.opd:{WEEK}:0")[0].text
    elsewhere = opd_id(stage, "OPD01")
    with stage.session() as session, session.begin():
        scene.person(session, boss).opd_id = elsewhere
    stage.later(days=7)
    meeting.close(stage, "2026-W49")
    assert boss.presses("", action=f"digest.opd:{WEEK}:0")[0].text == before
    assert boss.presses("", action="digest.opd:2026-W49:0")[0].text != before


def test_the_running_week_is_called_provisional(stage: Stage, boss: Chatter) -> None:
    (page,) = boss.presses("", action="digest.opd:2026-W49:0")
    assert "Sementara: minggunya belum ditutup." in page.text


def test_a_week_without_a_release_says_so_on_the_list_and_on_the_page(stage: Stage, boss: Chatter) -> None:
    stage.later(days=7)
    meeting.close(stage, "2026-W49")
    page = f"drill.page:2026-W49:{opd_id(stage, 'DINKES')}:0"
    for action in ("digest.opd:2026-W49:0", page):
        assert "Minggu itu tidak ada konten untuk dibagikan." in boss.presses("", action=action)[0].text


def test_a_press_in_the_group_shows_figures_and_changes_its_own_message(stage: Stage, boss: Chatter) -> None:
    group = Group(stage)
    listed = press(group, boss, "Lihat per OPD")
    assert [said.op for said in listed] == ["send", "answer"]
    page = press(group, boss, "", action=f"drill.page:{WEEK}:{opd_id(stage, 'DINKES')}:0")[0]
    assert page.op == "edit"
    assert "Belum berbagi: 1 ASN" in page.text
    assert "Lihat siapa yang belum" not in page.actions
    assert "Angka lainnya" in press(group, boss, "Angka lainnya")[0].text
    lacking = press(group, boss, "OPD tanpa konten")[0]
    assert "Lihat rencana" not in lacking.actions


def test_no_press_in_the_group_ever_names_who_did_not_share(stage: Stage, boss: Chatter) -> None:
    group, opd = Group(stage), opd_id(stage, "DINKES")
    names = ("Budi", "Pegawai", "Siti")
    for action in (
        "digest.opd:{w}:0", "digest.more:{w}", "digest.lacking:{w}", f"drill.page:{{w}}:{opd}:0",
        f"digest.team:{{w}}:{opd}", f"absent.page:{{w}}:{opd}:0", f"absent.draft:{{w}}:{opd}",
        f"missing.of:{opd}", f"missing.page:{opd}:0", "digest.version:{w}:1", "decision.list",
    ):  # fmt: skip
        for said in press(group, boss, "", action=action.format(w=WEEK)):
            assert not any(name in said.text for name in names), (action, said.text)


DRILLS = ("digest.opd:{}:0", "drill.opd:{}:1", "digest.more:{}", "digest.lacking:{}", "digest.version:{}:1")


@pytest.mark.parametrize("who", ["asn", "ppid", "stranger"])
def test_each_press_asks_for_the_right_and_the_group_is_not_told_of_the_refusal(
    stage: Stage, boss: Chatter, who: str
) -> None:
    role = "editor" if who == "ppid" else ""
    other = stage.stranger() if who == "stranger" else stage.person("Udin", role=role)
    for action in DRILLS:
        said = press(Group(stage), other, "", action=action.format(WEEK))
        assert [one.op for one in said] == ["answer"], "a toast for who pressed, no message for all"
        if who != "stranger":
            assert other.presses("", action=action.format(WEEK))[0].key.endswith(":refused")
    page = f"drill.page:{WEEK}:{opd_id(stage, 'DINKES')}:0"
    assert [one.op for one in press(Group(stage), other, "", action=page)] == ["answer"]


def test_who_lost_the_role_presses_an_old_button_in_vain(stage: Stage, boss: Chatter) -> None:
    boss.presses("Lihat per OPD")
    with stage.session() as session, session.begin():
        roles.revoke(session, scene.person(session, boss), "controller", None, stage.now, by=None)
    assert boss.presses("Berikutnya")[0].key.endswith(":refused")


def test_a_group_that_is_not_bound_is_refused(stage: Stage, boss: Chatter) -> None:
    group = Group(stage, chat=-2002, title="Grup lain")
    for action in (*DRILLS, "decision.list"):
        (toast,) = press(group, boss, "", action=action.format(WEEK))
        assert toast.op == "answer"
        assert toast.text.startswith("Grup ini belum terhubung")


@pytest.mark.parametrize(
    "argument", ["", "x", "2026-W47", "2026-W60", "2026-W55:0", WEEK + ":99", WEEK + ":-1"]
)
def test_a_forged_or_worn_out_payload_is_refused_and_never_a_bug(boss: Chatter, argument: str) -> None:
    for name in ("digest.opd", "drill.opd", "drill.page", "digest.more", "digest.team", "absent.draft"):
        assert boss.presses("", action=f"{name}:{argument}")[0].key.endswith(":refused"), name
