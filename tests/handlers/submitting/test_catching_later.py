"""The two buttons below a picture with words, pressed after something else was said."""

import pytest
from sqlalchemy import select

from models.content import states
from models.content.content import Item
from models.shares import shares
from tests import receiving, scene
from tests.chat import Chatter, Stage
from tests.hearing import last

WORDS = "Puskesmas Rawasari kini buka sampai malam, ajak keluarga dan tetangga Anda semua."


def item(stage: Stage, number: int = 2) -> Item:
    with stage.session() as session:
        return session.get_one(Item, number)


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    """She has received an item, and sent a picture that may be content or a proof: item 2."""
    siti = stage.person("Siti Rahma", role="creator")
    scene.item(stage)
    scene.release(stage)
    siti.sends_photo(caption=WORDS, album="a")
    siti.sends_photo(album="a")
    return siti


@pytest.mark.parametrize("leaving", ["menu", "batal"])
def test_the_picture_becomes_the_proof_once(stage: Stage, siti: Chatter, leaving: str) -> None:
    siti.says(leaving)
    assert "Nomor tanda terima" in last(siti.presses("Ini bukti saya"))
    assert item(stage).status == states.DROPPED
    assert "tidak ada lagi" in last(siti.presses("", action="submit.proof:2"))
    assert "tidak ada lagi" in last(siti.presses("", action="submit.content:2"))
    assert len(receiving.shares(stage)) == 1
    with stage.session() as session:
        assert len(session.scalars(select(shares.Evidence)).all()) == 2


@pytest.mark.parametrize("leaving", ["menu", "batal"])
def test_the_picture_becomes_content(stage: Stage, siti: Chatter, leaving: str) -> None:
    siti.says(leaving)
    assert "Langkah 1/10" in last(siti.presses("Ini konten baru"))
    assert (item(stage).status, item(stage).caption) == (states.DRAFT, WORDS)


def test_another_question_stays_open(stage: Stage, siti: Chatter) -> None:
    siti.says("menu")
    siti.says("/ajukan")
    siti.presses("Buat baru")
    siti.presses("Capaian")
    siti.presses("", action="submit.proof:2")
    assert len(receiving.shares(stage)) == 1
    siti.says("Jembatan baru di Kerinci dibuka")
    assert item(stage, 3).title == "Jembatan baru di Kerinci dibuka"


def test_what_was_written_for_it_meanwhile_is_not_thrown_away(stage: Stage, siti: Chatter) -> None:
    siti.presses("Ini konten baru")
    siti.presses("Capaian")
    siti.says("Mulai 1 Desember Puskesmas Rawasari melayani warga sampai pukul 21.00.")
    assert "sudah menjadi konten nomor 2" in last(siti.presses("", action="submit.proof:2"))
    assert (item(stage).status, receiving.shares(stage)) == (states.DRAFT, [])
