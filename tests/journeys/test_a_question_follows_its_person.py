"""What was asked on one channel is answered on the other: a question has one person, who has two phones."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.pressing import FRESH
from models.content import states
from models.content.content import Item
from models.editorial import comments
from models.membership import consents
from models.messages.conversations import Conversation
from models.people import people
from models.people.people import Person
from models.shares import standings
from tests import proving, scene
from tests.casting import submitted
from tests.chat import Chatter, Stage, Telegram
from tests.handlers.submitting.drafting import CAPTION, SOURCE, TITLE, WHAT, WHY
from tests.hearing import last, text
from tests.proving import Prover
from tests.receiving import LINK, shares, two_weeks

Both = Callable[..., tuple[Chatter, Chatter]]


@pytest.fixture
def stage(whatsapp_stage: Stage) -> Stage:
    """Both lines at once; WhatsApp is the stage's own."""
    return whatsapp_stage


@pytest.fixture(params=["telegram", "whatsapp"])
def both(request: pytest.FixtureRequest, stage: Stage) -> Both:
    """Somebody with a chat on each channel: the one that is asked in first, and the other."""

    def person(name: str, role: str = "") -> tuple[Chatter, Chatter]:
        telegram = stage.person(name, phone="+6281317036688", role=role, line=Telegram())
        whatsapp = stage.line.chatter(stage, 6281317036688, name, telegram.person_id)
        with stage.session() as session, session.begin():
            account = people.meet(session, "whatsapp", whatsapp.address, name, stage.now)
            people.link(session, account, session.get_one(Person, telegram.person_id), stage.now)
            consents.give(session, account, stage.programme.consent_version, stage.now)
        return (telegram, whatsapp) if request.param == "telegram" else (whatsapp, telegram)

    return person


def draft(stage: Stage) -> Item:
    with stage.session() as session:
        return session.scalars(select(Item).where(Item.status == states.DRAFT)).one()


def asked(stage: Stage, who: Chatter) -> str:
    """The question that is open in a chat."""
    with stage.session() as session:
        return session.scalars(select(Conversation.state).where(Conversation.address == who.address)).one()


def to_the_picture(who: Chatter, other: Chatter) -> None:
    """An item up to its picture; the words are written on both phones."""
    who.says("/ajukan")
    assert "Langkah 2/" in last(who.says("capaian"))
    assert "Langkah 3/" in last(other.says(TITLE))
    there = "Telegram" if other.address.startswith("+") else "WhatsApp"
    assert f"jawaban untuk pertanyaan di {there}" in other.latest[0].text
    assert "Langkah 4/" in last(who.says(WHAT))
    assert "Langkah 5/" in last(who.says(WHY))
    assert "Langkah 6/" in last(who.says(CAPTION))


def test_an_item_is_written_on_both_phones_by_turns(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    to_the_picture(first, second)
    assert "jawaban untuk pertanyaan di" not in text(first.latest), "it is asked here by now"
    second.sends_photo()
    assert asked(stage, first) == ""
    assert "Langkah 7/" in text(second.latest)
    assert shares(stage) == []
    assert "Langkah 8/" in last(first.says(SOURCE))  # no post: it is no proof, but the source
    found = draft(stage)
    assert (found.title, found.what, found.source_url) == (TITLE, WHAT, SOURCE)
    assert found.media_id is not None


def test_a_choice_is_typed_by_its_words_or_its_number(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    rubrics = list(first.says("/ajukan")[-1].actions)
    assert "Langkah 2/" in last(second.says("1"))
    second.presses("Kembali")
    assert "Langkah 2/" in last(first.says(rubrics[0]))


def test_a_picture_that_is_said_to_be_shared_is_a_proof_all_the_same(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    scene.item(stage)
    scene.release(stage)
    to_the_picture(first, second)
    first.says("batal")
    first.says("/ajukan")
    first.presses("", action=f"submit.resume:{draft(stage).id}")
    assert asked(stage, first) == "submit.media"
    assert "Tempat: Facebook" in text(second.sends_photo("fb"))
    assert asked(stage, first) == "submit.media"
    assert draft(stage).media_id is None


def test_what_was_said_to_be_shared_on_the_one_is_shown_on_the_other(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma")
    last_week, this = two_weeks(stage)
    first.presses("", action=f"share.done:{last_week}")
    second.sends_photo("fb")
    second.sends_photo("ig")
    assert [share.item_id for share in shares(stage) if share.platform] == [last_week, this]


def test_a_reason_is_written_on_the_other_phone(stage: Stage, both: Both) -> None:
    first, second = both("Ratna Dewi", "creator")
    people_ = [stage.person(name) for name in ("Budi Hartono", "Wati Ningsih")]
    scene.item(stage)
    scene.release(stage)
    receipts = [proving.shows(Prover(stage, who)) for who in people_]
    proving.examine(stage, proving.UNSEEN)
    first.says("/periksa")
    first.presses("Tolak")
    first.presses("Alasan lain")
    heard = second.says("Ini foto makan siang, Bu.")
    assert proving.state(stage, receipts[0]) == standings.REJECTED
    assert f"Bukti nomor {receipts[0]}: ditolak, Ini foto makan siang, Bu." in heard[1].text
    assert {one.op for one in heard} == {"send"}, "no message of the other phone is changed"
    assert f"Bukti nomor {receipts[1]}" in heard[2].text
    # The card on the first phone is as old as it would be after an answer there.
    assert "sudah diputuskan" in last(first.presses("", action=_reason_button(first)))


def _reason_button(who: Chatter) -> str:
    return next(
        action for one in who.hears() for action in one.actions.values() if action.endswith(":unreadable")
    )


def test_a_remark_is_written_on_the_other_phone_and_what_waited_behind_it_comes_along(
    stage: Stage, both: Both
) -> None:
    first, second = both("Ani Lestari", "editor")
    dina = stage.person("Dina", role="creator")
    with stage.session() as session, session.begin():
        number = submitted(session, scene.person(session, dina)).id
    first.says(f"/tinjau {number}")
    first.presses("Kembalikan")
    first.presses("", action=f"comment.ask:{number}")
    heard = second.says("Angka ini dari mana, ya?")
    assert "Apa yang perlu diperbaiki" in last(heard)
    heard = second.says("Sumbernya belum disebut di takarir.")
    assert {one.op for one in heard} == {"send"}
    with stage.session() as session:
        assert session.get_one(Item, number).status == states.RETURNED
        assert [one.text for one in session.scalars(select(comments.Comment))] == ["Angka ini dari mana, ya?"]
    assert "tombol itu sudah tidak berlaku" in last(first.presses("", action="comment.stop")).lower()


def test_who_leaves_it_on_the_other_phone_has_left_it(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    first.says("/ajukan")
    first.says("capaian")
    assert "Konsep Anda tersimpan" in text(second.says("batal"))
    assert "belum memahami" in text(first.says(TITLE))
    assert "Tidak ada yang sedang berjalan" in text(second.says("batal"))
    assert draft(stage).title == ""


def test_a_button_of_the_same_item_brings_the_question_back(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    first.says("/ajukan")
    first.says("capaian")
    second.says(TITLE)
    assert "Langkah 2/" in last(first.presses("", action=f"submit.redo:{draft(stage).id}:title"))
    assert asked(stage, second) == ""
    second.says(TITLE)
    assert "konsepnya tersimpan" in text(first.presses("Batal"))
    assert (asked(stage, first), asked(stage, second)) == ("", "")
    assert "belum memahami" in text(second.says(WHY))


def test_what_means_something_where_it_is_said_leaves_the_question_alone(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    scene.item(stage)
    scene.release(stage)
    first.says("/ajukan")
    first.says("capaian")
    assert "Nomor tanda terima" in text(second.says(LINK))
    assert "Di mana Anda membagikannya?" in text(second.sends_photo())
    assert "Tempat: Facebook" in text(second.says("fb"))
    assert "Menu Satu Pesan" in text(second.says("menu"))
    assert "Catatan" in text(second.says("2"))
    assert "Catatan" in text(second.says("saya"))
    assert "belum memahami" in text(second.says("Selamat pagi, Bu"))
    assert asked(stage, first) == "submit.title"
    assert asked(stage, second) == ""
    # What only begins like a command is an answer.
    assert "Langkah 3/" in last(second.says("Konten ini tentang Puskesmas Rawasari yang buka malam"))
    assert draft(stage).title == "Konten ini tentang Puskesmas Rawasari yang buka malam"


def test_what_was_asked_long_ago_waits_where_it_is(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    first.says("/ajukan")
    first.says("capaian")
    stage.now += FRESH + timedelta(minutes=1)
    assert "belum memahami" in text(second.says(TITLE))
    assert "Langkah 3/" in last(first.says(TITLE))


def test_where_nothing_is_answered_by_it_the_question_stays(stage: Stage, both: Both) -> None:
    first, second = both("Siti Rahma", "creator")
    first.says("/ajukan")
    first.says("capaian")
    second.says("Ya")  # too short for a title: said so here, and asked there still
    assert asked(stage, first) == "submit.title"
    assert asked(stage, second) == ""
    assert "Langkah 3/" in last(first.says(TITLE))
