"""Somebody on WhatsApp who hides the number joins by NIP, and is told of no button that is not there."""

import pytest
from sqlalchemy import select

from handlers.joining import joining
from models.messages import conversations
from models.people.people import Person
from tests import scene
from tests.chat import Stage
from tests.hearing import text
from tests.phones import Hidden
from tests.phoning import WhatsApp

NIP = "198502022010012002"


@pytest.fixture
def stage(whatsapp_stage: Stage) -> Stage:
    return whatsapp_stage


@pytest.fixture
def ani(stage: Stage) -> Hidden:
    assert isinstance(stage.line, WhatsApp)
    return stage.line.hidden(stage, "Ani W")


def test_they_join_by_nip_and_get_the_item(stage: Stage, ani: Hidden) -> None:
    budi = stage.person("Budi Santoso", role="editor")
    scene.item(stage, title="Imunisasi gratis")
    scene.release(stage)

    hello = text(ani.starts("opd_DINKES"))
    assert "Anda diundang oleh Dinas Kesehatan" in hello
    assert "Nomor HP Anda tidak terlihat" in hello
    assert "Ketik 18 angkanya" in hello
    assert "tombol" not in hello
    assert "terdiri dari 18 angka" in text(ani.says("081317036688"))  # a typed number proves nothing
    assert "Siapa nama lengkap Anda?" in text(ani.says("19850202 201001 2 002"))
    assert "teruskan ke PPID Dinas Kesehatan" in text(ani.says("Ani Wijaya"))

    card = budi.hears()[-1]
    assert "Akun WhatsApp: Ani W" in card.text
    assert "Telegram" not in card.text
    assert "HP:" not in card.text
    assert "Ani Wijaya diterima" in text(budi.presses("Terima"))
    assert "Kabar baik" in ani.hears()[-1].text
    assert "Pesan minggu ini segera menyusul" in text(ani.presses("Ya, saya setuju ikut"))
    with stage.session() as session:
        person = session.scalars(select(Person).where(Person.nip == NIP)).one()
        assert (person.name, person.phone, person.joined_at) == ("Ani Wijaya", "", stage.now)
    stage.sent()
    assert "Imunisasi gratis" in text(ani.hears())


def test_whatever_they_say_first_they_are_asked_for_the_nip(ani: Hidden) -> None:
    for first in ("halo", "menu"):
        heard = text(ani.says(first))
        assert "Bagikan nomor saya" not in heard
    assert "Siapa nama lengkap Anda?" in text(ani.says(NIP))


def test_who_was_asked_for_the_button_before_is_asked_for_the_nip_now(stage: Stage, ani: Hidden) -> None:
    ani.says("halo")
    with stage.session() as session, session.begin():
        asked = conversations.get(session, "whatsapp", ani.address, stage.now)
        asked.state, asked.data = joining.CONTACT, {}
    assert "Ketik 18 angkanya" in text(ani.says("tombolnya mana?"))
    assert "Siapa nama lengkap Anda?" in text(ani.says(NIP))
