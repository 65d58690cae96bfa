"""The whole way: a team of three, quality control and a controller, from a draft to its release.

With two returns, a new version after the approval, and a release that is stopped in the middle.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from models import outbox, releases, roles, states
from models.content import Item
from models.outbox import Outbound
from tests import scene
from tests.chat import WEDNESDAY, Chatter, Heard, Stage

TITLE = "Puskesmas Rawasari buka sampai malam"
WHAT = "Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00."
WHY = "Warga yang bekerja sampai sore tetap bisa berobat tanpa izin dari kantor."
CAPTION = "Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00."
SOURCE = "dinkes.jambiprov.go.id/berita/malam"


def last(heard: list[Heard]) -> str:
    return heard[-1].text


def newest(who: Chatter) -> str:
    return who.hears()[-1].text


def status(stage: Stage, number: int) -> str:
    with stage.session() as session:
        return session.get_one(Item, number).status


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


def test_from_a_draft_to_a_release(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", role="creator")
    with stage.session() as session, session.begin():  # she may edit as well: but not her own
        roles.grant(session, scene.person(session, siti), "editor", None, stage.now, by=None)
    ani = stage.person("Ani Lestari", role="editor")
    rina = stage.person("Rina Planner", role="planner")
    eva = stage.person("Eva Susanti", role="editor")
    tini = stage.person("Tini Wulandari", "BAPPEDA", role="tag")
    budi = stage.person("Budi Santoso", "BAPPEDA", role="controller")
    rudi = stage.person("Rudi Hartono", "BAPPEDA", role="controller")
    joko = stage.person("Joko", "DISDIK", role="editor")

    # Siti writes; nobody of another OPD sees the draft, and she cannot pass it on herself.
    siti.says("/ajukan")
    for words in ("capaian", TITLE, WHAT, WHY, CAPTION):
        siti.says(words)
    siti.sends_photo(file_id="foto-loket")
    siti.says(SOURCE)
    siti.presses("Rabu 2 Des")
    siti.presses("Ya, boleh untuk umum")
    for command in ("/konten 1", "/riwayat 1", "/komentar 1 halo"):
        assert "tidak ada di daftar Anda" in last(joko.says(command))
    assert TITLE not in last(joko.says("/tinjau 1"))
    assert "Konten nomor 1" in last(siti.presses("Kirim untuk diperiksa"))
    assert "Ini konten Anda sendiri" in last(siti.says("/tinjau 1"))
    assert "konten Anda sendiri" in last(siti.presses("", action="review.endorse:1:1.0:submitted"))
    assert "hanya untuk petugas" in last(rina.says("/tinjau 1"))
    assert "hanya untuk petugas" in last(joko.presses("", action="review.endorse:1:1.0:submitted"))

    # First return, by the editor, after a question; the planner reads along.
    assert "Konten nomor 1" in newest(ani)
    ani.presses("Periksa")
    ani.presses("Tanya penulis")
    ani.says("Jam bukanya 20.00 atau 21.00?")
    stage.later(minutes=1)
    siti.presses("Balas")
    siti.says("20.00, saya keliru.")
    assert "20.00, saya keliru." in newest(ani)
    stage.later(minutes=1)
    ani.presses("Kembalikan")
    ani.says("Jam buka di sumber tertulis 20.00.")
    assert status(stage, 1) == states.RETURNED
    siti.presses("Perbaiki")
    siti.presses("Ubah")
    siti.presses("Ubah “Apa”")
    siti.says(WHAT.replace("21.00", "20.00"))
    siti.presses("Kirim untuk diperiksa")
    assert "dikembalikan oleh Ani Lestari" in last(rina.says("/riwayat 1"))

    # Two editors press at the same moment: one outcome, and each reads the truth.
    for editor in (ani, eva):
        editor.says("/tinjau 1")
    said = at_once((ani, button(ani, "Teruskan")), (eva, button(eva, "Teruskan")))
    assert sum("diteruskan ke tim ahli" in answer for answer in said) == 1
    assert sum("oleh Ani" in answer or "oleh Eva" in answer for answer in said) == 1
    assert status(stage, 1) == states.EDITED

    # Second return, by the controller after quality control; then all three again.
    scored(tini, "3", "5", "Sebut jam layanannya di takarir.")
    budi.says("/tinjau")
    assert "Catatan TAG: Sebut jam layanannya" in newest(budi)
    budi.presses("Kembalikan")
    budi.says("Takarir masih menyebut 21.00.")
    siti.presses("Perbaiki")
    siti.presses("Ubah")
    siti.presses("Ubah takarir")
    siti.says(CAPTION.replace("21.00", "20.00"))
    siti.presses("Kirim untuk diperiksa")
    ani.says("/tinjau")
    assert "versi 3" in newest(ani)
    assert "• Takarir" in newest(ani)
    ani.presses("Ubah")
    ani.presses("Ubah judul")
    ani.says("Puskesmas Rawasari kini buka sampai malam")
    ani.presses("Teruskan")
    assert "Judul: Puskesmas Rawasari kini buka sampai malam" in newest(siti)
    scored(tini, "5", "5", "-")

    # Two controllers at the same moment.
    for controller in (budi, rudi):
        controller.says("/tinjau 1")
    said = at_once((budi, button(budi, "Setujui")), (rudi, button(rudi, "Setujui")))
    assert sum("Akan disiarkan" in answer for answer in said) == 1
    assert sum("sudah disetujui oleh" in answer for answer in said) == 1
    assert sum("Kabar baik!" in heard.text for heard in siti.hears()) == 1

    # A new version after the approval goes the whole way again; the approved one stays until then.
    siti.says("/ubah 1")
    siti.presses("Ya, buat versi baru")
    siti.presses("Ubah")
    siti.presses("Ubah “Kenapa”")
    siti.says("Warga yang bekerja sampai sore kini bisa berobat setelah jam kantor.")
    siti.presses("Kirim untuk diperiksa")
    eva.says("/tinjau")
    assert "Versi baru dari konten nomor 1" in newest(eva)
    eva.presses("Teruskan")
    scored(tini, "5", "4", "tidak")
    assert status(stage, 1) == states.APPROVED
    rudi.says("/tinjau")
    rudi.presses("Setujui")
    assert (status(stage, 1), status(stage, 2)) == (states.REPLACED, states.APPROVED)

    # On its Wednesday it goes out, and is stopped in the middle.
    stage.now = WEDNESDAY + timedelta(days=7, hours=2)
    budi.says("/siar")
    _, progress = budi.presses("Siarkan")
    scene.turned_out(stage, [progress.row], outbox.SENT)
    cards = [card for card in scene.cards(stage) if card.status == outbox.QUEUED]
    assert {card.item_id for card in cards} == {2}
    team = {siti.person_id, ani.person_id, rina.person_id, eva.person_id}
    assert {card.person_id for card in cards} == team  # nobody of another OPD, where there is no item
    scene.turned_out(stage, cards[:1], outbox.SENT)
    budi.presses("", action=progress.actions["Hentikan"])
    budi.presses("Ya, hentikan")
    assert scene.statuses(stage, Outbound.part == "card") == {outbox.SENT: 1, outbox.CANCELLED: 3}
    assert scene.open_releases(stage) == []
    assert scene.count(stage, releases.Release) == 1

    # What came too late is answered, and everything can be read.
    assert "sudah disiarkan" in last(siti.says("/ubah 2"))
    assert "sudah disiarkan" in last(budi.presses("", action="review.return:2:1.0:approved"))
    assert "Status: sudah disiarkan" in last(siti.says("/konten 2"))
    story = siti.says("/riwayat 1")
    pages = last(story)
    while "Berikutnya ▶" in story[-1].actions:
        story = siti.presses("Berikutnya")
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
