"""An ASN joins by poster and number, another one by NIP and the PPID; one of them stops and comes back."""

from dataclasses import replace

from sqlalchemy import select

from models.messages.outbox import SKIPPED
from models.people.people import Person
from tests import scene
from tests.chat import Chatter, Stage
from tests.hearing import text


def _cards(stage: Stage, who: Chatter) -> list[str]:
    return [row.status for row in scene.cards(stage, who)]


def test_by_the_poster_in_two_taps_and_the_running_item_comes_at_once(stage: Stage) -> None:
    budi = stage.person("Budi Santoso", role="editor")
    scene.item(stage)
    scene.release(stage)
    siti = stage.person("Siti Rahma", joined=False, phone="+6281317036688", nip="198001012005012001")
    stage.later(days=2)

    # The PPID prints the poster; Siti scans it.
    link = budi.says("/undangan")[0].text
    payload = link.partition("?start=")[2].split()[0]
    question = siti.is_recognised("6281317036688", payload)  # tap one: the number

    # Tap two: the consent.
    assert "Anda Siti R., Dinas Kesehatan. Benar?" in text(question)
    welcome = siti.presses("Ya, saya setuju ikut")
    assert "Pesan minggu ini segera menyusul" in text(welcome)
    stage.sent()
    assert "Imunisasi gratis" in text(siti.hears())
    assert [heard.row.part for heard in siti.hears() if heard.row.part] == ["card", "caption"]

    # Pressing again, or starting again, sends nothing twice.
    siti.says("/start")
    assert len(_cards(stage, siti)) == 1


def test_by_nip_where_the_number_is_unknown_and_the_ppid_says_who_it_is(stage: Stage) -> None:
    budi = stage.person("Budi Santoso", role="editor")
    ani = stage.stranger("Ani W", phone="+6285299998888")

    assert "belum ada di daftar pegawai" in text(ani.is_recognised("6285299998888"))
    assert "18 angka" in text(ani.says("198502"))
    assert "Siapa nama lengkap Anda?" in text(ani.says("19850202 201001 2 002"))
    assert "Di OPD mana" in text(ani.says("Ani Wijaya"))
    assert "teruskan ke PPID Dinas Kesehatan" in text(ani.says("kesehatan"))

    card = budi.hears()[-1]
    assert "Ani Wijaya" in card.text
    assert "****2002" in card.text
    assert "Ani Wijaya diterima" in text(budi.presses("Terima"))

    assert "Kabar baik" in ani.hears()[-1].text
    assert "Selamat bergabung" in text(ani.says("ya, setuju") + ani.says("ya"))
    assert "Menu Satu Pesan" in text(ani.says("0"))
    with stage.session() as session:
        person = session.scalars(select(Person).where(Person.nip == "198502022010012002")).one()
        assert (person.name, person.phone) == ("Ani Wijaya", "+6285299998888")
        assert person.joined_at == stage.now


def test_stopping_is_at_once_and_coming_back_brings_the_item_after_all(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone="+6281317036688")
    scene.item(stage)
    scene.release(stage)
    stage.line.slow()
    siti.shares_contact("+6281317036688")
    siti.says("ya")
    assert _cards(stage, siti) == ["queued"]

    # The card has not gone out yet when she stops.
    stopped = siti.says("berhenti")
    assert "sudah berhenti" in text(stopped)
    assert "ketik MULAI" in text(stopped)
    assert _cards(stage, siti) == [SKIPPED]
    scene.settle(stage)
    assert _cards(stage, siti) == [SKIPPED], "nothing is queued for somebody who stopped"

    # Two days later she changes her mind.
    stage.later(days=2)
    assert "Anda Siti R." in text(siti.says("mulai"))
    assert "Pesan minggu ini segera menyusul" in text(siti.says("ya"))
    assert _cards(stage, siti) == ["queued"]


def test_the_conversation_goes_on_after_a_restart(stage: Stage) -> None:
    stage.agency("DINKES")
    ani = stage.stranger("Ani")
    ani.starts("opd_DINKES")
    ani.says("198502022010012002")
    ani.stage = replace(stage)
    assert "teruskan ke PPID" in text(ani.says("Ani Wijaya"))
