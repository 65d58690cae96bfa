"""`/riwayat 42`: what happened to an item, and what each version said."""

import pytest

from models.content import drafts, variants
from models.content.content import Item
from models.content.reviews import Scores
from models.editorial import comments, moves, waits
from models.people.people import Person
from models.programme.programme import Programme
from tests import scene
from tests.casting import go, submitted
from tests.chat import Chatter, Stage
from tests.hearing import last


@pytest.fixture
def number(stage: Stage, siti: Chatter, ani: Chatter) -> int:
    """An item that was sent, changed by its editor, scored, returned with a reason, and sent again."""
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    budi = stage.person("Budi Santoso", "BAPPEDA", role="controller")
    with stage.session() as session, session.begin():
        author, editor = scene.person(session, siti), scene.person(session, ani)
        item = submitted(session, author)
        variants.write(session, item.id, "", ["Takarir kedua yang lain sama sekali."])
        drafts.fill(session, item, "title", "Judul dari editor", stage.now, editor)
        comments.write(session, item, editor, "Angka ini dari mana?", stage.now)
        go(session, item, "endorse", editor)
        scores = Scores(2, 5, "Periksa angkanya.")
        go(session, item, "score", scene.person(session, tini), scores=scores)
        go(session, item, "return", scene.person(session, budi), reason="Angkanya belum cocok.")
        drafts.fill(session, item, "why", "Warga tidak perlu lagi izin dari kantor.", stage.now)
        go(session, item, "submit", author)
        return item.id


def test_the_story_has_every_step_in_order_with_reasons_scores_and_remarks(
    siti: Chatter, number: int
) -> None:
    story = last(siti.says(f"/riwayat {number}"))
    places = [
        story.index(words)
        for words in (
            "dimulai oleh Siti Rahma",
            "versi 1 dikirim oleh Siti Rahma",
            "Judul diubah oleh editor Ani Lestari",
            "diteruskan oleh editor Ani Lestari",
            "dinilai oleh Tini: ketepatan 2, daya tarik 5",
            "Catatan: Periksa angkanya.",
            "dikembalikan oleh Budi Santoso karena: Angkanya belum cocok.",
            "versi 2 dikirim oleh Siti Rahma",
        )
    ]
    assert places == sorted(places)
    assert "Ani Lestari menulis: Angka ini dari mana?" in story
    assert story.count("25 Nov, 10.00 WIB") == 8


def test_a_version_is_shown_as_it_was_and_what_changed(siti: Chatter, number: int) -> None:
    heard = siti.says(f"/riwayat {number}")
    assert list(heard[-1].actions) == ["Versi 1", "Versi 1 (editor)", "Versi 2"]
    first = siti.presses("", action=heard[-1].actions["Versi 1"])
    assert "Judul: Puskesmas Rawasari buka sampai malam" in first[0].text
    assert "Minggu siar: minggu 2 – 9 Desember 2026" in first[0].text
    assert "Gambar atau video: tanpa gambar" in first[0].text
    assert "adalah yang pertama" in last(first)
    edited = siti.presses("", action=heard[-1].actions["Versi 1 (editor)"])
    assert "Judul: Judul dari editor" in edited[0].text
    assert "Sesudah diubah editor" in edited[0].text
    assert "Judul, sebelumnya: Puskesmas Rawasari buka sampai malam" in last(edited)
    second = siti.presses("", action=heard[-1].actions["Versi 2"])
    assert "Variasi atau teks per kanal: Takarir kedua yang lain sama sekali." in second[0].text
    assert "• Kenapa, sebelumnya: Warga yang bekerja sampai sore" in last(second)
    assert "• Judul" not in last(second)


def test_a_long_story_is_paged_with_buttons_and_numbers(
    stage: Stage, siti: Chatter, ani: Chatter, number: int
) -> None:
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        for nth in range(20):
            comments.write(session, item, scene.person(session, ani), f"{nth}: " + "kata " * 150, stage.now)
    first = siti.says(f"/riwayat {number}")
    assert "Halaman 1 dari" in last(first)
    assert len(last(first)) < 4096
    pages, heard = [last(first)], siti.presses("Berikutnya")
    while "Berikutnya ▶" in heard[-1].actions:
        pages.append(last(heard))
        heard = siti.says("2")  # [Sebelumnya] is the first button, [Berikutnya] the second
    pages.append(last(heard))
    assert "".join(pages).count("menulis: ") == 21
    assert last(siti.presses("Sebelumnya")) == pages[-2]
    assert f"Halaman {len(pages)} dari {len(pages)}" in pages[-1]


def test_who_may_read_it(stage: Stage, siti: Chatter, number: int) -> None:
    for opd, role, may in (
        ("DINKES", "planner", True),
        ("BAPPEDA", "admin", True),
        ("BAPPEDA", "tag", True),
        ("DISDIK", "editor", False),
        ("DINKES", "", False),
        ("BAPPEDA", "leader", False),
    ):
        who = stage.person(f"Orang {role}", opd, role=role)
        heard = who.says(f"/riwayat {number}")
        assert ("Riwayat konten" in last(heard)) is may, (opd, role)
        if not may:
            assert last(heard).replace(str(number), "99") == last(who.says("/riwayat 99"))
            for action in (f"history.story:{number}", "history.version:1"):
                assert last(who.presses("", action=action)) == last(heard)


def test_the_item_s_own_message_leads_to_its_story(siti: Chatter, number: int) -> None:
    heard = siti.says(f"/konten {number}")
    assert "dimulai oleh" not in last(heard)  # only the last three steps are here
    assert "versi 2 dikirim" in last(heard)
    assert "Riwayat konten nomor 1" in last(siti.presses("Riwayat"))
    assert "Ketik nomor kontennya" in last(siti.says("/riwayat kemarin"))
    assert "tidak berlaku" in last(siti.presses("", action="history.version:99"))


def test_a_story_tells_what_the_program_did(stage: Stage, siti: Chatter) -> None:
    number = scene.item(stage, status="approved")
    with stage.session() as session, session.begin():
        item = session.get_one(Item, number)
        for act in ("lock", "replace"):
            moves.advance(session, item, act, stage.now, reason="43" if act == "replace" else "")
        item.status = "submitted"
        session.flush()
        waits.stuck(session, item, stage.now, Programme())
        item.author_id = session.get_one(Person, siti.person_id).id
    story = last(siti.says(f"/riwayat {number}"))
    assert "karena masa pemilu" in story
    assert "diganti oleh konten nomor 43" in story
    assert "tidak ada yang dapat memeriksa" in story
