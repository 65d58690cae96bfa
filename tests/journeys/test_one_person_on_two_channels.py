"""Somebody with both channels chooses where the weekly item goes, and answers where they like."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from models.people.people import Person
from models.releases import rerouting
from models.shares import standings
from tests import scene
from tests.chat import Chatter, Stage, Telegram
from tests.hearing import text
from tests.phoning import WhatsApp
from tests.receiving import shares

NIP = "198001012005011001"


@dataclass(frozen=True)
class Siti:
    """One person, two phones in the hand: each is a conversation of its own."""

    telegram: Chatter
    whatsapp: Chatter


@pytest.fixture
def stage(whatsapp_stage: Stage) -> Stage:
    """Both lines at once; WhatsApp is the stage's own."""
    return whatsapp_stage


@pytest.fixture
def siti(stage: Stage) -> Siti:
    """She takes part on Telegram, and joins by WhatsApp as well."""
    telegram = stage.person("Siti Rahma", phone="+6281317036688", line=Telegram())
    whatsapp = stage.line.chatter(stage, 6281317036688, "Siti Rahma", telegram.person_id)
    assert "Anda Siti R." in text(whatsapp.says("halo"))
    whatsapp.says("ya")
    assert linked(stage, whatsapp)
    return Siti(telegram, whatsapp)


def linked(stage: Stage, who: Chatter) -> bool:
    with stage.session() as session:
        found = people.account(session, "whatsapp", who.address)
        return found is not None and found.person_id is not None


def came(stage: Stage) -> list[tuple[str, str]]:
    """Where the cards of the release went, and what became of them."""
    return [(card.channel, card.status) for card in scene.cards(stage)]


def test_the_item_comes_where_it_was_wished_and_never_twice(stage: Stage, siti: Siti) -> None:
    (shown,) = siti.telegram.says("/saya")
    assert "Pesan mingguan kami kirim lewat Telegram" in shown.text
    assert "Kirim lewat Telegram" not in shown.actions
    assert "kami kirim lewat WhatsApp" in text(siti.telegram.presses("Kirim lewat WhatsApp"))
    (shown,) = siti.whatsapp.says("saya")
    assert "Pesan mingguan kami kirim lewat WhatsApp" in shown.text
    assert "Kirim lewat Telegram" in shown.actions

    scene.item(stage, title="Imunisasi gratis")
    scene.release(stage)
    assert came(stage) == [("whatsapp", outbox.SENT)]
    assert "Imunisasi gratis" in text(siti.whatsapp.hears())
    assert "Imunisasi gratis" not in text(siti.telegram.hears())

    # A week later she changes her mind, on the other phone.
    siti.whatsapp.presses("Kirim lewat Telegram")
    stage.later(days=7)
    scene.item(stage, title="Pasar murah")
    scene.release(stage)
    assert came(stage) == [("whatsapp", outbox.SENT), ("telegram", outbox.SENT)]
    assert "Pasar murah" not in text(siti.whatsapp.hears())


def test_what_fails_on_the_one_comes_on_the_other_once(stage: Stage, siti: Siti) -> None:
    siti.whatsapp.says("saya")
    siti.whatsapp.presses("Kirim lewat WhatsApp")
    scene.item(stage, title="Imunisasi gratis")
    number = scene.release(stage, send=False)
    (card,) = scene.cards(stage)
    siti.whatsapp.blocks(card)
    scene.settle(stage)
    stage.sent(release_id=number)
    assert came(stage) == [("telegram", outbox.SENT)]
    assert scene.count(stage, Outbound, Outbound.part == "caption", Outbound.status == outbox.SENT) == 1
    # What is no more than a wish goes on without the account that stopped us.
    refused = siti.telegram.presses("", action="record.channel:whatsapp")[-1]
    assert "joining.no_account_there" in keys(stage, refused.row.id)
    assert "Buka https://wa.me/" in refused.text
    assert "ketik /saya sekali lagi" in refused.text


def keys(stage: Stage, row: int) -> str:
    with stage.session() as session:
        return str(session.get_one(Outbound, row).body["text"])


def test_what_was_asked_on_the_one_is_answered_on_the_other(stage: Stage, siti: Siti) -> None:
    scene.item(stage, title="Imunisasi gratis")
    scene.release(stage)
    assert came(stage) == [("telegram", outbox.SENT)]
    (asked,) = siti.whatsapp.sends_photo()  # the item came on Telegram, the picture is on the other phone
    assert "Di mana Anda membagikannya?" in asked.text
    (thanks,) = siti.telegram.says("fb")
    assert "Tempat: Facebook" in thanks.text
    assert [(share.platform, share.status) for share in shares(stage)] == [("facebook", standings.RECEIVED)]
    with stage.session() as session:
        assert rerouting.channels(session, siti.telegram.person_id or 0) == ["telegram", "whatsapp"]


def test_who_leaves_on_the_one_has_left_on_both(stage: Stage, siti: Siti) -> None:
    scene.item(stage)
    said = text(siti.whatsapp.says("STOP"))
    assert "sudah berhenti" in said
    assert "Ini berlaku di Telegram dan WhatsApp." in said
    scene.release(stage)
    assert came(stage) == []
    assert "Anda Siti R." in text(siti.telegram.says("mulai"))


def test_who_only_wants_to_change_is_told_so_before_leaving(stage: Stage, siti: Siti) -> None:
    (sure,) = siti.telegram.says("/berhenti")
    assert "Hanya ingin berganti aplikasi? Tekan Tidak jadi, lalu ketik /saya." in sure.text
    siti.telegram.presses("Tidak jadi")
    siti.telegram.says("/berhenti")
    assert "Ini berlaku di Telegram dan WhatsApp." in text(siti.telegram.presses("Ya, berhenti"))


def test_who_has_one_channel_chooses_nothing_and_is_told_of_the_other(stage: Stage) -> None:
    budi = stage.person("Budi")
    (shown,) = budi.says("saya")
    assert not [label for label in shown.actions if label.startswith("Kirim lewat")]
    assert "kami kirim lewat" not in shown.text
    assert "Ingin juga lewat Telegram?" in shown.text
    assert "https://t.me/satupesan_bot?start=opd_DINKES" in shown.text


def test_the_link_to_whatsapp_leads_to_both_channels(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone="+6281317036688", line=Telegram())
    (shown,) = siti.says("/saya")
    link = urlsplit(next(word for word in shown.text.split() if word.startswith("https://wa.me/")))
    assert isinstance(stage.line, WhatsApp)
    assert link.path == f"/{stage.line.site.account.sender.removeprefix('+')}"
    phone = stage.line.chatter(stage, 6281317036688, "Siti Rahma", siti.person_id)
    assert "Anda Siti R." in text(phone.says(parse_qs(link.query)["text"][0]))
    welcome = text(phone.says("ya"))
    assert "Selamat bergabung" in welcome
    assert "Pesan mingguan tetap datang sekali saja, lewat Telegram." in welcome
    (shown,) = siti.says("/saya")
    assert "Ingin juga" not in shown.text
    assert "Kirim lewat WhatsApp" in shown.actions


def test_the_link_to_telegram_leads_to_both_channels(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone="+6281317036688")
    (shown,) = siti.says("saya")
    payload = shown.text.partition("?start=")[2].split()[0]
    phone = Telegram().chatter(stage, 1717, "Siti Rahma", siti.person_id)
    phone.starts(payload)
    assert "Anda Siti R." in text(phone.shares_contact("+6281317036688"))
    phone.says("ya")
    (shown,) = siti.says("saya")
    assert "Ingin juga" not in shown.text
    assert "Kirim lewat WhatsApp" in shown.actions


def test_who_is_on_telegram_comes_to_whatsapp_by_nip_from_another_number(stage: Stage) -> None:
    """Her number is not the one in the roster: the PPID says that it is her, and both go on."""
    siti = stage.person("Siti Rahma", nip=NIP, line=Telegram())
    budi = stage.person("Budi Santoso", role="editor", line=Telegram())
    phone = stage.line.chatter(stage, 6281317036600, "Siti", None)

    assert "belum ada di daftar pegawai" in text(phone.starts("opd_DINKES"))
    phone.says(NIP)
    asked = text(phone.says("Siti Rahma"))
    assert "Sudah ikut lewat Telegram? Biarkan tetap jalan." in asked
    card = budi.hears()[-1].text
    assert "Pegawai ini sudah ikut lewat Telegram." in card
    assert "WhatsApp menjadi tambahan: Telegram tetap tersambung" in card
    budi.presses("Terima")
    admitted = phone.hears()[-1].text
    assert "Anda sudah ikut lewat Telegram. Bila setuju, keduanya terhubung" in admitted
    welcome = text(phone.says("ya"))
    assert "Telegram dan WhatsApp sekarang terhubung ke data Anda yang sama" in welcome

    with stage.session() as session:
        assert rerouting.channels(session, siti.person_id or 0) == ["telegram", "whatsapp"]
    scene.item(stage)
    scene.release(stage)
    assert came(stage).count(("telegram", outbox.SENT)) == 2, "hers and Budi's"
    assert "Imunisasi gratis" not in text(phone.hears())
    assert "Kirim lewat WhatsApp" in siti.says("/saya")[0].actions


def test_who_asks_by_a_nip_that_nobody_has_reads_the_same(stage: Stage) -> None:
    """Whether a NIP exists is told to nobody before the PPID has decided."""
    stage.person("Siti Rahma", nip=NIP, line=Telegram())
    stage.person("Budi Santoso", role="editor", line=Telegram())
    heard = []
    for number, nip in ((6281317036600, NIP), (6281317036601, "198502022010012002")):
        phone = stage.line.chatter(stage, number, "Seseorang", None)
        phone.starts("opd_DINKES")
        phone.says(nip)
        heard.append(text(phone.says("Siti Rahma")))
    assert heard[0] == heard[1]


def test_a_second_account_on_the_same_channel_takes_the_place_of_the_first(stage: Stage) -> None:
    old = stage.person("Siti Rahma", nip=NIP)
    budi = stage.person("Budi Santoso", role="editor", line=Telegram())
    phone = stage.line.chatter(stage, 6281317036600, "Siti", None)
    phone.starts("opd_DINKES")
    phone.says(NIP)
    phone.says("Siti Rahma")
    assert "akun lama itu dilepas dan diganti akun ini" in budi.hears()[-1].text
    budi.presses("Terima")
    assert "Anda sudah ikut lewat" not in phone.hears()[-1].text
    phone.says("ya")
    assert "akun WhatsApp lain" in text(old.hears())


def test_where_there_is_no_whatsapp_nobody_is_told_of_it(engine: Engine) -> None:
    (shown,) = Stage(engine).person("Budi").says("/saya")
    assert "Ingin juga" not in shown.text


def test_a_new_phone_lets_the_old_one_go_which_is_told_of_whatsapp(stage: Stage) -> None:
    old = stage.person("Siti Rahma", phone="+6281317036688")
    with stage.session() as session, session.begin():
        session.get_one(Person, old.person_id).phone = "+6281317036689"
    new = stage.line.chatter(stage, 6281317036689, "Siti Rahma", old.person_id)
    new.says("halo")
    new.says("ya")
    assert "akun WhatsApp lain" in text(old.hears())
