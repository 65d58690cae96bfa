"""The whole way: a team of three, quality control and a controller, from a draft to its release.

With two returns, a new version after the approval, and a release that is stopped in the middle.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest

from models.content import states
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import roles
from models.releases import releases
from tests import scene
from tests.chat import WEDNESDAY, Chatter, Stage
from tests.hearing import last, newest

TITLE = "Puskesmas Rawasari buka sampai malam"
WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00."
SOURCE = "dinkes.jambiprov.go.id/berita/malam"


def at_once(*acts: tuple[Chatter, str]) -> list[str]:
    """Everybody presses their button at the same moment; the sentence that each reads last."""
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(lambda act: act[0].presses("", action=act[1]), acts))
    return [newest(who) for who, _ in acts]  # either thread may have handled what the other one sent


def button(who: Chatter, label: str) -> str:
    """What the newest button with this label does."""
    for heard in reversed(who.hears()):
        for name, action in heard.actions.items():
            if label == name:
                return action
    raise AssertionError(f"{who.name} sees no button {label!r}")


def scored(who: Chatter, accurate: str, engaging: str, note: str) -> None:
    who.stage.later(minutes=1)
    who.says("/tinjau")
    who.presses("Beri nilai")
    who.says(accurate)
    who.says(engaging)
    who.says(note)


@dataclass(frozen=True)
class Team:
    """The three of a health agency and a second editor, those who decide, and somebody of another OPD."""

    stage: Stage
    siti: Chatter
    ani: Chatter
    rina: Chatter
    eva: Chatter
    tini: Chatter
    budi: Chatter
    rudi: Chatter
    joko: Chatter


@pytest.fixture
def team(stage: Stage, siti: Chatter, ani: Chatter, tini: Chatter, budi: Chatter) -> Team:
    with stage.session() as session, session.begin():  # she may edit as well: but not her own
        roles.grant(session, scene.person(session, siti), "editor", None, stage.now, by=None)
    return Team(
        stage,
        siti,
        ani,
        rina=stage.person("Rina Planner", role="planner"),
        eva=stage.person("Eva Susanti", role="editor"),
        tini=tini,
        budi=budi,
        rudi=stage.person("Rudi Hartono", "BAPPEDA", role="controller"),
        joko=stage.person("Joko", "DISDIK", role="editor"),
    )


def test_from_a_draft_to_a_release(team: Team) -> None:
    siti_writes_and_sends(team)
    the_editor_returns_it_after_a_question(team)
    two_editors_pass_it_on_at_the_same_moment(team)
    the_controller_returns_it_after_quality_control(team)
    two_controllers_approve_at_the_same_moment(team)
    a_new_version_goes_the_whole_way_again(team)
    it_goes_out_and_is_stopped_in_the_middle(team)
    what_comes_too_late_is_answered_and_everything_can_be_read(team)


def siti_writes_and_sends(team: Team) -> None:
    """Siti writes; nobody of another OPD sees the draft, and she cannot pass it on herself."""
    team.siti.says("/ajukan")
    for words in ("capaian", TITLE, WHAT, WHY, CAPTION):
        team.siti.says(words)
    team.siti.sends_photo(file_id="foto-loket")
    team.siti.says(SOURCE)
    team.siti.presses("Rabu 2 Des")
    team.siti.presses("Ya, boleh untuk umum")
    for command in ("/konten 1", "/riwayat 1", "/komentar 1 halo"):
        assert "tidak ada di daftar Anda" in last(team.joko.says(command))
    assert TITLE not in last(team.joko.says("/tinjau 1"))
    assert "Konten nomor 1" in last(team.siti.presses("Kirim untuk diperiksa"))
    assert "Ini konten Anda sendiri" in last(team.siti.says("/tinjau 1"))
    assert "konten Anda sendiri" in last(team.siti.presses("", action="review.endorse:1:1.0:submitted"))
    assert "hanya untuk petugas" in last(team.rina.says("/tinjau 1"))
    assert "hanya untuk petugas" in last(team.joko.presses("", action="review.endorse:1:1.0:submitted"))


def the_editor_returns_it_after_a_question(team: Team) -> None:
    """First return, by the editor, after a question; the planner reads along."""
    assert "Konten nomor 1" in newest(team.ani)
    team.ani.presses("Periksa")
    team.ani.presses("Tanya penulis")
    team.ani.says("Jam bukanya 20.00 atau 21.00?")
    team.stage.later(minutes=1)
    team.siti.presses("Balas")
    team.siti.says("20.00, saya keliru.")
    assert "20.00, saya keliru." in newest(team.ani)
    team.stage.later(minutes=1)
    team.ani.presses("Kembalikan")
    team.ani.says("Jam buka di sumber tertulis 20.00.")
    assert scene.status(team.stage, 1) == states.RETURNED
    team.siti.presses("Perbaiki")
    team.siti.presses("Ubah")
    team.siti.presses("Ubah “Apa”")
    team.siti.says(WHAT.replace("21.00", "20.00"))
    team.siti.presses("Kirim untuk diperiksa")
    assert "dikembalikan oleh Ani Lestari" in last(team.rina.says("/riwayat 1"))


def two_editors_pass_it_on_at_the_same_moment(team: Team) -> None:
    """Two editors press at the same moment: one outcome, and each reads the truth."""
    for editor in (team.ani, team.eva):
        editor.says("/tinjau 1")
    said = at_once((team.ani, button(team.ani, "Teruskan")), (team.eva, button(team.eva, "Teruskan")))
    assert sum("diteruskan ke tim ahli" in answer for answer in said) == 1
    assert sum("oleh Ani" in answer or "oleh Eva" in answer for answer in said) == 1
    assert scene.status(team.stage, 1) == states.EDITED


def the_controller_returns_it_after_quality_control(team: Team) -> None:
    """Second return, by the controller after quality control; then all three again."""
    scored(team.tini, "3", "5", "Sebut jam layanannya di takarir.")
    team.budi.says("/tinjau")
    assert "Catatan TAG: Sebut jam layanannya" in newest(team.budi)
    team.budi.presses("Kembalikan")
    team.budi.says("Takarir masih menyebut 21.00.")
    team.siti.presses("Perbaiki")
    team.siti.presses("Ubah")
    team.siti.presses("Ubah takarir")
    team.siti.says(CAPTION.replace("21.00", "20.00"))
    team.siti.presses("Kirim untuk diperiksa")
    team.ani.says("/tinjau")
    assert "versi 3" in newest(team.ani)
    assert "• Takarir" in newest(team.ani)
    team.ani.presses("Ubah")
    team.ani.presses("Ubah judul")
    team.ani.says("Puskesmas Rawasari kini buka sampai malam")
    team.ani.presses("Teruskan")
    assert "Judul: Puskesmas Rawasari kini buka sampai malam" in newest(team.siti)
    scored(team.tini, "5", "5", "-")


def two_controllers_approve_at_the_same_moment(team: Team) -> None:
    """Two controllers at the same moment."""
    for controller in (team.budi, team.rudi):
        controller.says("/tinjau 1")
    said = at_once((team.budi, button(team.budi, "Setujui")), (team.rudi, button(team.rudi, "Setujui")))
    assert sum("Akan disiarkan" in answer for answer in said) == 1
    assert sum("sudah disetujui oleh" in answer for answer in said) == 1
    assert sum("Kabar baik!" in heard.text for heard in team.siti.hears()) == 1


def a_new_version_goes_the_whole_way_again(team: Team) -> None:
    """A new version after the approval goes the whole way again; the approved one stays until then."""
    team.siti.says("/ubah 1")
    team.siti.presses("Ya, buat versi baru")
    team.siti.presses("Ubah")
    team.siti.presses("Ubah “Kenapa”")
    team.siti.says("Warga yang bekerja sampai sore kini bisa berobat setelah jam kantor.")
    team.siti.presses("Kirim untuk diperiksa")
    team.eva.says("/tinjau")
    assert "Versi baru dari konten nomor 1" in newest(team.eva)
    team.eva.presses("Teruskan")
    scored(team.tini, "5", "4", "tidak")
    assert scene.status(team.stage, 1) == states.APPROVED
    team.rudi.says("/tinjau")
    team.rudi.presses("Setujui")
    assert (scene.status(team.stage, 1), scene.status(team.stage, 2)) == (states.REPLACED, states.APPROVED)


def it_goes_out_and_is_stopped_in_the_middle(team: Team) -> None:
    """On its Wednesday it goes out, and is stopped in the middle."""
    team.stage.now = WEDNESDAY + timedelta(days=7, hours=2)
    team.budi.says("/siar")
    _, progress = team.budi.presses("Siarkan")
    scene.turned_out(team.stage, [progress.row], outbox.SENT)
    cards = [card for card in scene.cards(team.stage) if card.status == outbox.QUEUED]
    assert {card.item_id for card in cards} == {2}
    members = {team.siti.person_id, team.ani.person_id, team.rina.person_id, team.eva.person_id}
    assert {card.person_id for card in cards} == members  # nobody of another OPD, where there is no item
    scene.turned_out(team.stage, cards[:1], outbox.SENT)
    team.budi.presses("", action=progress.actions["Hentikan"])
    team.budi.presses("Ya, hentikan")
    assert scene.statuses(team.stage, Outbound.part == "card") == {outbox.SENT: 1, outbox.CANCELLED: 3}
    assert scene.open_releases(team.stage) == []
    assert scene.count(team.stage, releases.Release) == 1


def what_comes_too_late_is_answered_and_everything_can_be_read(team: Team) -> None:
    """What came too late is answered, and everything can be read."""
    assert "sudah disiarkan" in last(team.siti.says("/ubah 2"))
    assert "sudah disiarkan" in last(team.budi.presses("", action="review.return:2:1.0:approved"))
    assert "Status: sudah disiarkan" in last(team.siti.says("/konten 2"))
    story = team.siti.says("/riwayat 1")
    pages = last(story)
    while "Berikutnya ▶" in story[-1].actions:
        story = team.siti.presses("Berikutnya")
        pages += last(story)
    for event in (
        "dimulai oleh Siti Rahma",
        "Ani Lestari menulis: Jam bukanya 20.00 atau 21.00?",
        "Siti Rahma menulis: 20.00, saya keliru.",
        "dikembalikan oleh Ani Lestari karena: Jam buka di sumber tertulis 20.00.",
        "versi 2 dikirim oleh Siti Rahma",
        "dinilai oleh Tini Wulandari: ketepatan 3, daya tarik 5",
        "dikembalikan oleh Budi Santoso karena: Takarir masih menyebut 21.00.",
        "versi 3 dikirim oleh Siti Rahma",
        "Judul diubah oleh editor Ani Lestari",
        "diganti oleh konten nomor 2",
    ):
        assert event in pages, event
    assert pages.count("disetujui oleh") == 1
