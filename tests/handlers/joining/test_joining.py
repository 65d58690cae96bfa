"""Joining: who is recognised, what is asked of the others, and what a consent is."""

import pytest
from sqlalchemy import select

from models.membership.consents import Consent
from models.people import people
from models.people.people import Person
from tests.chat import Chatter, Stage
from tests.handlers.joining.joining import PHONE, account, joined
from tests.hearing import text


def test_whatever_a_stranger_says_first_is_answered_with_the_way_in(stage: Stage) -> None:
    for first in ("/start", "halo", "/menu", "0", "https://x.com/a/status/1", "/siar 48", "7"):
        heard = stage.stranger().says(first)
        assert "Bagikan nomor saya" in text(heard)
        assert heard[-1].row.body["keyboard"] == "contact"
        assert heard[-1].row.body["buttons"][0][0]["contact"] is True


def test_a_strangers_picture_is_answered_with_the_way_in(stage: Stage) -> None:
    assert "Bagikan nomor saya" in text(stage.stranger().sends_photo())


@pytest.mark.parametrize("sent", ["6281317036688", "+6281317036688", "+62 813-1703-6688"])
def test_the_own_number_recognises_somebody_and_nothing_is_recorded_before_the_consent(
    stage: Stage, sent: str
) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    heard = siti.shares_contact(sent)
    assert "Anda Siti R., Dinas Kesehatan. Benar?" in heard[0].text
    assert list(heard[0].actions) == ["Ya, saya setuju ikut", "Bukan saya"]
    assert account(stage, siti).person is None
    with stage.session() as session:
        assert session.scalars(select(Consent)).all() == []


def test_the_question_says_what_is_stored_why_how_to_stop_and_its_version(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    asked = siti.shares_contact(PHONE)[0].text
    for word in (
        "menyimpan nama, NIP, nomor HP, OPD", "mengirim pesan", "menghitung keikutsertaan",
        "memberi penghargaan", "/berhenti", "/privasi",
    ):  # fmt: skip
        assert word in asked
    assert f"versi {stage.programme.consent_version}" in asked


@pytest.mark.parametrize("how", ["button", "ya", "Ya!", "1", "setuju"])
def test_yes_is_a_consent_however_it_is_said(stage: Stage, how: str) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    heard = siti.presses("setuju") if how == "button" else siti.says(how)
    assert "Selamat bergabung" in text(heard)
    assert heard[0].op == ("edit" if how == "button" else "send")
    assert [part.row.body.get("keyboard") for part in heard if "Selamat" in part.text] == ["remove"]
    assert "Menu Satu Pesan" in heard[-1].text
    with stage.session() as session:
        consent = session.scalars(select(Consent)).one()
        assert (consent.version, consent.given, consent.channel, consent.address) == (
            stage.programme.consent_version,
            True,
            "telegram",
            str(siti.chat),
        )
    assert account(stage, siti).person_id == siti.person_id


def test_saying_yes_twice_is_one_consent(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    siti.presses("setuju")
    assert "Menu" in text(siti.presses("", action=f"join.yes:{siti.person_id}"))
    with stage.session() as session:
        assert len(session.scalars(select(Consent)).all()) == 1


def test_an_unclear_answer_asks_again_and_keeps_the_question(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    assert "Mohon jawab ya" in text(siti.says("mungkin"))
    assert "Selamat bergabung" in text(siti.says("ya"))


def test_somebody_elses_card_is_refused_kindly(stage: Stage) -> None:
    stage.person("Siti Rahma", joined=False, phone=PHONE)
    heard = stage.stranger().shares_contact(PHONE, own=False)
    assert "kartu nama orang lain" in heard[0].text
    assert heard[0].row.body["keyboard"] == "contact"


def test_a_typed_number_proves_nothing(stage: Stage) -> None:
    stage.person("Siti Rahma", joined=False, phone=PHONE)
    stranger = stage.stranger()
    stranger.says("/start")
    assert "belum dapat kami pastikan" in text(stranger.says(PHONE))


def test_a_forged_button_makes_nobody_somebody_else(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    for action in (f"join.yes:{siti.person_id}", f"join.pick:{siti.person_id}", "join.yes:", "join.yes:abc"):
        assert "belum dapat memastikan" in text(stranger.presses("", action=action))
    assert not joined(stage, siti.person_id)


def test_several_people_with_one_phone_are_asked_which_they_are(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    stage.person("Budi Rahma", joined=False, phone=PHONE)
    heard = siti.shares_contact(PHONE)
    assert list(heard[0].actions) == ["Budi Rahma", "Siti Rahma", "Bukan salah satunya"]
    assert "Mohon tekan tombol dengan nama Anda" in text(siti.says("rahma"))
    assert "Siti R." in text(siti.says("siti"))
    siti.says("ya")
    assert account(stage, siti).person_id == siti.person_id


def test_a_new_account_of_a_person_lets_the_old_one_go_and_says_so_there(stage: Stage) -> None:
    old = stage.person("Siti Rahma", chat=501, phone=PHONE)
    new = Chatter(stage, 502, "Siti", old.person_id)
    new.shares_contact(PHONE)
    new.says("ya")
    assert "akun Telegram lain" in text(old.hears()[-2:])
    assert account(stage, old).person is None
    assert account(stage, new).person_id == old.person_id
    assert "Bagikan nomor saya" in text(old.says("halo"))


def test_somebody_who_left_the_service_is_told_what_to_do(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone=PHONE)
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).active = False
    heard = siti.says("/menu")
    assert "sudah tidak bertugas di Dinas Kesehatan" in text(heard)
    assert "NIP" in text(siti.presses("masih bertugas"))


def test_a_member_who_sends_the_number_again_stays_who_they_are(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    stage.person("Budi", joined=False, phone="+62811999999")
    assert "sudah terdaftar sebagai Siti Rahma" in text(siti.shares_contact("+62811999999"))
    for action in ("join.no", "join.nip", "join.again"):
        assert "sudah terdaftar" in text(siti.presses("", action=action))
    assert account(stage, siti).person_id == siti.person_id


def test_a_new_version_of_the_consent_asks_everybody_again(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    stage.programme = stage.programme.model_copy(update={"consent_version": "2027-01"})
    heard = siti.says("/menu")
    assert "diperbarui" in heard[0].text
    assert "versi 2027-01" in heard[0].text
    siti.presses("setuju")
    assert "Menu Satu Pesan" in text(siti.says("menu"))


def test_a_blocked_account_is_back_as_soon_as_it_writes(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(siti.chat), stage.now)
    siti.says("menu")
    assert account(stage, siti).status == people.ACTIVE
