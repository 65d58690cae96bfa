"""Questions and answers about an item, without a decision."""

import pytest

from models.content import states
from models.content.content import Item
from models.editorial import comments
from models.people.people import Person
from tests import scene
from tests.casting import past, submitted
from tests.chat import Chatter, Stage
from tests.hearing import last, newest


@pytest.fixture
def number(stage: Stage, siti: Chatter) -> int:
    """An item that waits for its editor."""
    with stage.session() as session, session.begin():
        return submitted(session, session.get_one(Person, siti.person_id)).id


def test_a_reviewer_asks_the_author_answers_and_nothing_is_decided(
    stage: Stage, siti: Chatter, ani: Chatter, number: int
) -> None:
    ani.says("/tinjau")
    assert "Apa yang ingin Anda tulis kepada penulis" in last(ani.presses("Tanya penulis"))
    assert "Terkirim kepada Siti Rahma" in last(ani.says("Angka ini dari mana?"))
    assert "Ani Lestari menulis tentang konten nomor 1" in newest(siti)
    assert "Angka ini dari mana?" in newest(siti)
    siti.presses("Balas")
    before = len(siti.hears())
    siti.says("Dari laporan bulan Oktober.")
    assert len(siti.hears()) == before + 1  # the receipt, and not her own words
    assert "Siti Rahma menulis tentang konten nomor 1" in newest(ani)
    assert scene.status(stage, number) == states.SUBMITTED
    card = last(ani.says("/tinjau"))
    assert card.index("Angka ini dari mana?") < card.index("Dari laporan bulan Oktober.")


def test_an_answer_goes_to_everybody_who_took_part_and_may_still_see_it(
    stage: Stage, siti: Chatter, ani: Chatter, budi: Chatter, number: int
) -> None:
    tini = stage.person("Tini", "BAPPEDA", role="tag")
    gone = stage.person("Gita", "BAPPEDA", role="tag")
    with stage.session() as session, session.begin():
        past(session, session.get_one(Item, number), scene.person(session, ani))
    for who in (tini, gone):
        who.says(f"/komentar {number} Apakah fotonya milik sendiri?")
    with stage.session() as session, session.begin():
        scene.person(session, gone).active = False
    heard = {who.name: len(who.hears()) for who in (ani, tini, gone, budi)}
    assert "Terkirim kepada Ani Lestari dan Tini" in last(siti.says(f"/komentar {number} Ya, milik kami."))
    more = {who.name: len(who.hears()) - heard[who.name] for who in (ani, tini, gone, budi)}
    assert more == {"Ani Lestari": 1, "Tini": 1, "Gita": 0, "Budi Santoso": 0}


def test_an_author_who_speaks_first_reaches_those_whose_turn_it_is(
    siti: Chatter, ani: Chatter, budi: Chatter, number: int
) -> None:
    siti.says(f"/komentar {number} Mohon didahulukan, acaranya besok.")
    assert "Mohon didahulukan" in newest(ani)
    assert budi.hears() == []


def test_what_may_not_be_seen_is_as_if_it_were_not_there(stage: Stage, siti: Chatter, number: int) -> None:
    joko = stage.person("Joko", "DISDIK", role="editor")
    hidden, absent = joko.says(f"/komentar {number} Halo"), joko.says("/komentar 99 Halo")
    assert last(hidden).replace(str(number), "99") == last(absent)
    assert last(joko.presses("", action=f"comment.ask:{number}")) == last(hidden)
    assert siti.hears() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("x" * 1001, "1001 huruf"), ("?", "1 huruf"), ("😀" * 501, "1002 huruf")],
)
def test_words_of_a_wrong_length_are_asked_for_again(
    stage: Stage, siti: Chatter, ani: Chatter, number: int, text: str, said: str
) -> None:
    ani.presses("", action=f"comment.ask:{number}")
    assert said in last(ani.says(text))
    assert "Terkirim" in last(ani.says("Angka ini dari mana?"))  # the question was still open


def test_nobody_floods_an_item(stage: Stage, siti: Chatter, ani: Chatter, number: int) -> None:
    for _ in range(comments.MOST_A_DAY):
        ani.says(f"/komentar {number} Halo halo")
    assert f"{comments.MOST_A_DAY} pesan" in last(ani.says(f"/komentar {number} Halo halo"))
    stage.later(days=1)
    assert "Terkirim" in last(ani.says(f"/komentar {number} Halo halo"))


def test_a_reply_in_the_middle_of_a_return_loses_neither(
    stage: Stage, siti: Chatter, ani: Chatter, number: int
) -> None:
    """The reviewer is asked for a reason, presses [Balas] on what comes in, and goes on with the reason."""
    ani.says(f"/komentar {number} Angka ini dari mana?")
    ani.says("/tinjau")
    ani.presses("Kembalikan")
    siti.says(f"/komentar {number} Dari laporan bulan Oktober.")
    ani.presses("Balas")
    ani.presses("Balas")  # pressed twice: the question behind it is still the reason
    heard = ani.says("Mohon ditulis di takarir juga.")
    assert "masih menunggu jawaban Anda" in last(heard)
    assert "Mohon ditulis di takarir juga." in newest(siti)
    ani.says("Sumbernya belum disebut di takarir.")
    assert scene.status(stage, number) == states.RETURNED
    assert "Catatan: Sumbernya belum disebut" in newest(siti)


def test_a_remark_in_between_leaves_the_open_question_open(
    stage: Stage, siti: Chatter, ani: Chatter, number: int
) -> None:
    ani.says("/tinjau")
    ani.presses("Kembalikan")
    heard = ani.says(f"/komentar {number} Saya kembalikan, ya.")
    assert ["Terkirim" in heard[0].text, "masih menunggu" in heard[1].text] == [True, True]
    ani.says("Sumbernya belum disebut di takarir.")
    assert scene.status(stage, number) == states.RETURNED


def test_a_question_that_is_called_off_says_nothing(siti: Chatter, ani: Chatter, number: int) -> None:
    ani.presses("", action=f"comment.ask:{number}")
    assert "tidak ada yang dikirim" in last(ani.presses("Batal"))
    ani.says("ini bukan pertanyaan lagi")
    assert siti.hears() == []
    assert "tidak berlaku" in last(ani.presses("", action="comment.stop"))


def test_words_for_an_item_that_is_over_are_answered(stage: Stage, siti: Chatter, ani: Chatter) -> None:
    number = scene.item(stage, status=states.RELEASED)
    ani.presses("", action=f"comment.ask:{number}")
    with stage.session() as session, session.begin():
        session.get_one(Item, number).status = states.CLOSED
    assert "sudah ditutup" in last(ani.says("Masih sempat diubah?"))
    assert "Ketik nomor konten" in last(ani.says("/komentar halo"))
