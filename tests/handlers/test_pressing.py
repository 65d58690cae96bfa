"""Words instead of buttons: what is typed means the button that says so."""

import pytest
from sqlalchemy import select

from models.content import states
from models.content.content import Item
from models.messages.conversations import Conversation
from models.people.people import Person
from models.programme.programme import Programme
from models.releases.releases import Release
from tests import scene
from tests.casting import submitted, written
from tests.chat import Chatter, Stage
from tests.hearing import last


@pytest.fixture
def number(stage: Stage, siti: Chatter) -> int:
    """A draft of hers that lacks nothing."""
    with stage.session() as session, session.begin():
        return written(session, scene.person(session, siti)).id


@pytest.fixture
def waiting(stage: Stage, siti: Chatter) -> int:
    """An item of hers that waits for its editor."""
    with stage.session() as session, session.begin():
        return submitted(session, session.get_one(Person, siti.person_id)).id


@pytest.mark.parametrize("words", ["Dinas PROV", "dinas prov", "1. Dinas PROV", "DINAS PROV!"])
def test_for_whom_an_item_is_may_be_typed(stage: Stage, words: str) -> None:
    pia = stage.person("Pia", "PROV", role="creator")
    assert "untuk siapa" in last(pia.says("/ajukan"))
    assert "Langkah 1/10" in last(pia.says(words))
    with stage.session() as session:
        [item] = session.scalars(select(Item))
        assert item.opd_id is not None


def test_for_whom_a_picture_with_words_is_may_be_typed(stage: Stage) -> None:
    pia = stage.person("Pia", "PROV", role="creator")
    pia.sends_photo(caption="Puskesmas Rawasari kini buka sampai malam, ajak keluarga Anda semua.")
    assert "untuk siapa" in last(pia.says("ini konten baru"))
    assert "Langkah 1/10" in last(pia.says("seluruh asn provinsi jambi"))
    with stage.session() as session:
        [item] = session.scalars(select(Item))
        assert item.opd_id is None


def test_whose_plan_may_be_typed(stage: Stage) -> None:
    pia = stage.person("Pia", "PROV", role="planner")
    assert "Rencana untuk siapa" in last(pia.says("/rencana"))
    assert last(pia.says("dinas prov")).startswith("Rencana Dinas PROV")


def test_a_draft_is_dropped_by_a_plain_yes_and_by_nothing_less(
    stage: Stage, siti: Chatter, number: int
) -> None:
    siti.says("/ajukan")
    assert "Buang Puskesmas Rawasari" in last(siti.says("buang"))
    for words in ("oke", "setuju", "siap", "ya?? belum tahu"):
        siti.says(words)
        assert scene.status(stage, number) == states.DRAFT, words
    siti.says("tidak")
    assert scene.status(stage, number) == states.DRAFT
    siti.says("buang")
    assert "Sudah dibuang" in last(siti.says("Ya"))
    assert scene.status(stage, number) == states.DROPPED


def test_taking_back_is_answered_by_words(stage: Stage, siti: Chatter, waiting: int) -> None:
    assert "Tarik kembali?" in last(siti.says(f"/ubah {waiting}"))
    assert "tidak ada yang berubah" in last(siti.says("tidak"))
    siti.says(f"/ubah {waiting}")
    siti.says("ya, tarik kembali")
    assert scene.status(stage, waiting) == states.DRAFT


def test_a_new_version_is_begun_by_a_yes(stage: Stage, siti: Chatter, waiting: int) -> None:
    with stage.session() as session, session.begin():
        session.get_one(Item, waiting).status = states.APPROVED
    assert "Buat versi baru?" in last(siti.says(f"/ubah {waiting}"))
    assert f"versi baru dari konten nomor {waiting}" in siti.says("iya")[0].text


def test_which_part_is_changed_may_be_typed(siti: Chatter, number: int) -> None:
    siti.says("/ajukan")
    siti.presses("Lanjutkan")
    assert "Bagian mana" in last(siti.says("ubah"))
    assert "Langkah 2/10: Judul" in last(siti.says("Ubah judul"))
    assert "Periksa sekali lagi" in last(siti.says("pakai yang ini"))


def test_programme_and_objective_may_be_typed(stage: Stage, siti: Chatter, number: int) -> None:
    stage.programme = Programme(regional_programmes=("Jambi Sehat", "Jambi Cerdas"))
    siti.says("/ajukan")
    siti.presses("Lanjutkan")
    siti.says("lengkapi lagi")
    assert "program yang mana" in last(siti.says("program daerah"))
    siti.says("jambi cerdas")
    siti.says("lengkapi lagi")
    assert "apa yang Anda harapkan" in last(siti.says("tujuan"))
    siti.says("menjadi percaya")
    with stage.session() as session:
        item = session.get_one(Item, number)
        assert (item.regional_programme, item.objective) == ("Jambi Cerdas", "attitude")


def test_words_that_two_buttons_say_press_neither(stage: Stage, siti: Chatter) -> None:
    for _ in range(2):
        with stage.session() as session, session.begin():
            written(session, scene.person(session, siti), title="Judul yang sama")
    siti.says("/ajukan")
    assert "belum memahami" in last(siti.says("lanjutkan judul yang sama"))
    assert "Periksa sekali lagi" in last(siti.says("1"))


def test_a_release_hears_no_yes(stage: Stage) -> None:
    budi = stage.person("Budi", "BAPPEDA", role="controller")
    stage.person("Rina")
    scene.item(stage)
    assert "Siarkan sekarang?" in last(budi.says("/siar"))
    for words in ("ya", "iya", "ok", "y"):
        budi.says(words)
    with stage.session() as session:
        assert session.scalars(select(Release)).all() == []


def test_a_conversation_of_the_version_before_knows_the_numbers(
    stage: Stage, siti: Chatter, number: int
) -> None:
    siti.says("/ajukan")
    with stage.session() as session, session.begin():
        conversation = session.get_one(Conversation, ("telegram", str(siti.chat)))
        conversation.choices = [choice["action"] for choice in conversation.choices]
    assert "belum memahami" in last(siti.says("buang"))
    assert "Periksa sekali lagi" in last(siti.says("1"))


def test_a_button_whose_words_are_gone_is_no_obstacle(stage: Stage, siti: Chatter, number: int) -> None:
    siti.says("/ajukan")
    with stage.session() as session, session.begin():
        conversation = session.get_one(Conversation, ("telegram", str(siti.chat)))
        conversation.choices = [{"action": "submit.new", "text": "submitting.of_another_time"}]
    assert "belum memahami" in last(siti.says("buat baru"))
    assert "Langkah 1/10" in last(siti.says("1"))
