"""`/rekap` by version, and that chat, command line and pack say the same figures to the digit."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.digests import corrections
from models.figures import snapshots
from models.figures.snapshots import Digest
from models.shares import shares, standings
from models.shares.shares import Share
from tests import commands, meeting, programs, scene
from tests.chat import Chatter, Stage
from tests.faults import cluster
from tests.meeting import WEEK
from tests.scene import Group


@pytest.fixture
def boss(stage: Stage) -> Chatter:
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    people = [stage.person(f"Pegawai {n}", "DINKES" if n % 3 else "DISDIK") for n in range(7)]
    scene.item(stage)
    scene.item(stage, None, title="Konten provinsi")
    scene.release(stage)
    for number, one in enumerate(people[:4], 1):
        meeting.share(one, number)
    return who


def reject_one(stage: Stage) -> None:
    """A person rejects the first proof, after the week was closed."""
    with stage.session() as session, session.begin():
        first = session.scalars(select(Share).order_by(Share.id)).first()
        assert first is not None
        shares.locked(session, first.id).status = standings.REJECTED


def amend(stage: Stage, boss: Chatter) -> Digest:
    with stage.session() as session, session.begin():
        return corrections.amend(session, WEEK, stage.now, stage.programme, scene.person(session, boss))


def test_chat_command_line_and_pack_say_the_same_of_a_week(
    stage: Stage, boss: Chatter, database_url: str, tmp_path: Path
) -> None:
    Group(stage).hears(boss, "/rabuan")
    digest = meeting.close(stage)
    meeting.announce(stage, digest)
    reject_one(stage)  # what happens afterwards is in none of them
    pack = [row.body for row in stage_rows(stage, -1001) if row.body["text"].startswith("digest.")]
    said = [heard.row.body for heard in boss.says("/rekap 48")]
    summary = next(body for body in said if body["text"] == "digest.summary")
    assert {**summary, "buttons": summary["buttons"][:-1]} in pack, "below it the weeks around it"
    assert [body["report"] for body in said if "report" in body] == [
        body["report"] for body in pack if "report" in body
    ]

    figures = printed(database_url, tmp_path)
    assert figures == {"version": 1, "closed": True, **json.loads(json.dumps(digest.figures))}
    counted = {**summary["params"], **summary["params"]["people"]["params"]}
    for name in ("active", "roster", "participation", "target", "ready"):
        assert counted[name] == figures[name], name
    pages = boss.presses("", action=f"digest.opd:{WEEK}:0")[0].row.body["params"]["lines"]
    ranked = [line["params"] for line in pages if line["text"] == "drill.agency"]
    assert [(one["name"], one["active"], one["roster"], one["participation"]) for one in ranked] == [
        (opd["name"], opd["active"], opd["roster"], opd["participation"]) for opd in figures["opd"]
    ]


def stage_rows(stage: Stage, address: int) -> list[Any]:
    return [heard.row for heard in stage.heard(address)]


def test_the_command_line_prints_a_version_and_says_which_it_is(
    stage: Stage, boss: Chatter, database_url: str, tmp_path: Path
) -> None:
    running = printed(database_url, tmp_path, week=())
    assert (running["version"], running["closed"]) == (None, False)
    meeting.close(stage)
    reject_one(stage)
    amend(stage, boss)
    newest = printed(database_url, tmp_path)
    assert (newest["version"], newest["closed"], newest["active"]) == (2, True, 3)
    first = printed(database_url, tmp_path, "--version", "1")
    assert (first["version"], first["closed"], first["active"]) == (1, True, 4)
    assert refused(database_url, tmp_path, WEEK, "3").endswith(f"{WEEK} has no version 3: it has 2\n")
    assert refused(database_url, tmp_path, "2026-W49", "1").endswith(
        "2026-W49 has no version 1: it is not closed\n"
    )


def refused(url: str, folder: Path, week: str, version: str) -> str:
    """What `python -m bot digest` complains of."""
    env = programs.environment(url, "http://127.0.0.1:9", folder)
    done = commands.told(env, "digest", "--week", week, "--version", version, "--json")
    assert done.returncode
    return done.stderr


def printed(url: str, folder: Path, *more: str, week: tuple[str, ...] = ("--week", WEEK)) -> dict[str, Any]:
    """What `python -m bot digest --json` prints of the week, or (no words) of the running one."""
    cluster.prepare(url).dispose()  # it looks which migration the tables are of
    env = programs.environment(url, "http://127.0.0.1:9", folder)
    done = commands.told(env, "digest", *week, "--json", *more)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_an_earlier_version_is_shown_as_it_was_and_leads_to_the_newest(stage: Stage, boss: Chatter) -> None:
    meeting.close(stage)
    reject_one(stage)
    amend(stage, boss)
    newest = boss.says("/rekap 48")
    assert "3 dari 8" in newest[0].text
    assert "Versi 2, sudah dikoreksi" in newest[0].text
    assert newest[-1].text == (
        "Versi 2 dari 2, rekap minggu 25 November – 2 Desember 2026\n"
        "Yang berubah dari versi 1:\n"
        "• ASN yang berbagi: 4 → 3\n"
        "• Unggahan berbukti: 4 → 3\n"
        "• Bukti sedang diperiksa: 4 → 3\n"
        "• Bukti ditolak: 0 → 1\n"
        "• Perkiraan dilihat: 120 → 90 kali\n"
        "• X (Twitter): 4 → 3 unggahan\n"
        "• Dinas DISDIK: 2 → 1 ASN yang berbagi"
    )
    first = boss.presses("Versi sebelumnya")
    assert "4 dari 8" in first[0].text
    assert "dikoreksi" not in first[0].text
    assert list(first[-1].actions) == ["Versi terbaru"]
    assert [said.text for said in boss.says("/rekap 48 v1")] == [said.text for said in first]
    assert boss.says("/rekap 48 versi 1")[0].text == first[0].text
    assert boss.presses("Versi terbaru")[0].text == newest[0].text


def test_the_weeks_are_walked_from_the_running_one_to_the_first(stage: Stage, boss: Chatter) -> None:
    meeting.close(stage)
    (running,) = boss.says("/rekap")
    assert "Minggu 49 (2 Des – 9 Des)" in running.text
    assert list(running.actions)[-1] == "Minggu lalu"
    last = boss.presses("Minggu lalu")
    assert [said.text for said in last] == [said.text for said in boss.says("/rekap 48")]
    assert "Minggu 48 (25 Nov – 2 Des)" in last[0].text
    assert list(last[0].actions)[-1] == "Minggu berikutnya", "it is the first of the programme"
    assert "Sementara" in boss.presses("", action="digest.week:2026-W49")[0].text
    for text in ("/rekap lalu", "/rekap minggu lalu", "/rekap 26 November", "/rekap 26-11-2026 v1"):
        assert boss.says(text)[0].text == last[0].text, text
    stage.later(days=7)
    assert list(boss.says("/rekap 49")[0].actions)[-2:] == ["Minggu sebelumnya", "Minggu berikutnya"]


def test_the_weeks_of_the_own_opd_are_walked_by_its_ppid(stage: Stage, boss: Chatter) -> None:
    editor = stage.person("Pak Editor", "DISDIK", role="editor")
    meeting.close(stage)
    assert "minggu 49 (2 Des – 9 Des 2026)" in editor.says("/rekap")[0].text
    (last,) = editor.presses("Minggu lalu")
    assert last.text == editor.says("/rekap 48")[0].text
    assert "minggu 48 (25 Nov – 2 Des 2026)" in last.text
    assert "Sementara" in editor.presses("Minggu berikutnya")[0].text


def test_a_button_of_a_week_asks_for_the_right_and_for_a_known_week(stage: Stage, boss: Chatter) -> None:
    meeting.close(stage)
    udin = stage.person("Udin")
    assert udin.presses("", action=f"digest.week:{WEEK}")[0].key.endswith(":refused")
    for argument in ("2026-W47", "2027-W48", "x", ""):
        assert boss.presses("", action=f"digest.week:{argument}")[0].key.endswith(":refused"), argument
    pressed = meeting.press(Group(stage), boss, "", action=f"digest.week:{WEEK}")
    assert "belum terhubung" in pressed[0].text


def test_a_version_that_is_not_there_is_refused_with_what_there_is(stage: Stage, boss: Chatter) -> None:
    meeting.close(stage)
    (said,) = boss.says("/rekap 48 v3")
    assert said.text.endswith("punya 1 versi.\nYang terbaru: ketik /rekap 48.")
    (running,) = boss.says("/rekap 49 v1")
    assert running.key.endswith(":refused")
    assert len(boss.says("/rekap 48")) == 4, "one version: nothing is said of versions"


def test_a_button_of_a_version_is_for_who_may_read_and_of_a_known_week(stage: Stage, boss: Chatter) -> None:
    meeting.close(stage)
    said = stage.person("Udin").presses("", action=f"digest.version:{WEEK}:1")
    assert said[0].key.endswith(":refused")
    for argument in ("2026-W47:1", "2027-W48:1", "x", "", f"{WEEK}:x", f"{WEEK}:7"):
        assert boss.presses("", action=f"digest.version:{argument}")[0].key.endswith(":refused"), argument


def test_a_ppid_reads_the_page_of_a_version(stage: Stage, boss: Chatter) -> None:
    editor = stage.person("Pak Editor", "DISDIK", role="editor")
    meeting.close(stage)
    reject_one(stage)
    amend(stage, boss)
    assert "25% sudah berbagi: 1 dari 4 ASN" in editor.says("/rekap 48")[0].text
    (before,) = editor.says("/rekap 48 v1")
    assert "50% sudah berbagi: 2 dari 4 ASN" in before.text
    assert "Belum berbagi: 2 ASN" in before.text
    with stage.session() as session:
        assert len(snapshots.versions(session, WEEK)) == 2
