"""A picture while a question waits for words: nothing is lost, and nobody wonders what became of it."""

import pytest
from sqlalchemy import select

from models.content import states
from models.content.content import Item
from models.editorial import comments
from tests import receiving, scene
from tests.casting import past, submitted
from tests.chat import Chatter, Stage
from tests.hearing import last

LONG = "Puskesmas Rawasari kini buka sampai malam, ajak keluarga Anda semua."


@pytest.fixture
def number(stage: Stage, ani: Chatter) -> int:
    """An item that waits for its editor, and something released that can be proved."""
    scene.item(stage)
    scene.release(stage)
    dina = stage.person("Dina", role="creator")
    with stage.session() as session, session.begin():
        return submitted(session, scene.person(session, dina)).id


def test_a_picture_without_words_is_a_proof_and_the_question_is_said_again(
    stage: Stage, ani: Chatter, number: int
) -> None:
    ani.says(f"/tinjau {number}")
    ani.presses("Kembalikan")
    heard = ani.sends_photo()
    assert "Nomor tanda terima" in heard[0].text
    assert "Apa yang perlu diperbaiki" in last(heard)
    assert len(receiving.shares(stage)) == 1
    ani.says("Sumbernya belum disebut di takarir.")
    with stage.session() as session:
        item = session.get_one(Item, number)
        assert (item.status, item.reason) == (states.RETURNED, "Sumbernya belum disebut di takarir.")
    assert "status WhatsApp" not in last(ani.says("status wa"))
    assert [share.platform for share in receiving.shares(stage)] == ["whatsapp_story"]


def test_a_picture_with_words_is_not_used_and_the_question_stays(
    stage: Stage, ani: Chatter, number: int
) -> None:
    ani.says(f"/tinjau {number}")
    ani.presses("Kembalikan")
    [heard] = ani.sends_photo(caption="Angkanya salah, lihat gambar ini")
    assert "belum saya pakai" in heard.text
    assert "kirim lagi gambarnya tanpa tulisan" in heard.text
    assert "Apa yang perlu diperbaiki" in heard.text
    assert receiving.shares(stage) == []
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.SUBMITTED
    ani.says("Angkanya salah, mohon dicek.")
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.RETURNED


def test_an_album_has_one_answer(stage: Stage, ani: Chatter, number: int) -> None:
    ani.presses("", action=f"comment.ask:{number}")
    assert len(ani.sends_photo(caption="Ini maksud saya", album="a")) == 1
    assert ani.sends_photo(album="a") == []
    assert receiving.shares(stage) == []
    assert len(ani.sends_photo(album="b")) == 2
    assert ani.sends_photo(album="b") == []
    assert len(receiving.shares(stage)) == 1
    assert "Terkirim" in ani.says("Ini maksud saya, lihat angkanya.")[0].text
    with stage.session() as session:
        assert [one.text for one in session.scalars(select(comments.Comment))] == [
            "Ini maksud saya, lihat angkanya."
        ]


def test_a_score_is_still_asked_for(stage: Stage, ani: Chatter, number: int) -> None:
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    with stage.session() as session, session.begin():
        past(session, session.get_one(Item, number), scene.person(session, ani))
    tini.says(f"/tinjau {number}")
    tini.presses("Beri nilai")
    assert "Seberapa tepat" in last(tini.sends_photo(caption="empat"))
    assert "Seberapa tepat" in last(tini.sends_photo())
    assert "Seberapa menarik" in last(tini.says("4"))


def test_a_file_that_can_show_nothing_is_no_proof(stage: Stage, ani: Chatter, number: int) -> None:
    ani.presses("", action=f"comment.ask:{number}")
    heard = ani.sends_document("catatan.docx", "application/msword")
    assert "belum saya pakai" in last(heard)
    assert "Apa yang ingin Anda tulis" in last(heard)


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("creator", ["/konten"]),
        ("creator", ["/konten", "find.opds:0"]),
        ("creator", ["content.others"]),
        ("controller", ["/rencana", "plan.opds:0"]),
    ],
)
def test_where_one_only_looks_for_something_a_picture_with_words_is_asked_about(
    stage: Stage, role: str, acts: list[str]
) -> None:
    scene.item(stage, "DISDIK", status=states.RELEASED)
    who = stage.person("Siti Rahma", "PROV" if role == "controller" else "DINKES", role=role)
    for act in acts:
        who.says(act) if act.startswith("/") else who.presses("", action=act)
    heard = who.sends_photo(caption=LONG)
    assert {"Ini konten baru", "Ini bukti saya"} == set(heard[-1].actions)
