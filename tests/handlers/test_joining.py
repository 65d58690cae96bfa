"""Joining: who is recognised, what is asked of the others, and what nobody is told."""

import pytest
from sqlalchemy import select

from models import people
from models.consents import Consent
from models.outbox import Outbound
from models.people import Account, Person
from tests.chat import Chatter, Heard, Stage

PHONE = "+6281317036688"
NIP = "198001012005012001"


def _said(heard: list[Heard]) -> str:
    return "\n".join(part.text for part in heard)


def _account(stage: Stage, chatter: Chatter) -> Account:
    with stage.session() as session:
        found = people.account(session, "telegram", str(chatter.chat))
        assert found is not None
        session.refresh(found, ["person"])
        return found


def _joined(stage: Stage, person_id: int | None) -> bool:
    with stage.session() as session:
        return session.get_one(Person, person_id).joined_at is not None


def test_whatever_a_stranger_says_first_is_answered_with_the_way_in(stage: Stage) -> None:
    for first in ("/start", "halo", "/menu", "0", "https://x.com/a/status/1", "/siar 48", "7"):
        heard = stage.stranger().says(first)
        assert "Bagikan nomor saya" in _said(heard)
        assert heard[-1].row.body["keyboard"] == "contact"
        assert heard[-1].row.body["buttons"][0][0]["contact"] is True


def test_a_strangers_picture_is_answered_with_the_way_in(stage: Stage) -> None:
    assert "Bagikan nomor saya" in _said(stage.stranger().sends_photo())


@pytest.mark.parametrize("sent", ["6281317036688", "+6281317036688", "+62 813-1703-6688"])
def test_the_own_number_recognises_somebody_and_nothing_is_recorded_before_the_consent(
    stage: Stage, sent: str
) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    heard = siti.shares_contact(sent)
    assert "Anda Siti R., Dinas Kesehatan. Benar?" in heard[0].text
    assert list(heard[0].actions) == ["Ya, saya setuju ikut", "Bukan saya"]
    assert _account(stage, siti).person is None
    with stage.session() as session:
        assert session.scalars(select(Consent)).all() == []


def test_the_question_says_what_is_stored_why_how_to_stop_and_its_version(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    asked = siti.shares_contact(PHONE)[0].text
    for word in ("menyimpan nama, NIP, nomor HP, OPD", "menghitung keikutsertaan", "/berhenti", "/privasi"):
        assert word in asked
    assert f"versi {stage.programme.consent_version}" in asked


@pytest.mark.parametrize("how", ["button", "ya", "Ya!", "1", "setuju"])
def test_yes_is_a_consent_however_it_is_said(stage: Stage, how: str) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    heard = siti.presses("setuju") if how == "button" else siti.says(how)
    assert "Selamat bergabung" in _said(heard)
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
    assert _account(stage, siti).person_id == siti.person_id


def test_saying_yes_twice_is_one_consent(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    siti.presses("setuju")
    assert "Menu" in _said(siti.presses("", action=f"join.yes:{siti.person_id}"))
    with stage.session() as session:
        assert len(session.scalars(select(Consent)).all()) == 1


def test_an_unclear_answer_asks_again_and_keeps_the_question(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    assert "Mohon jawab ya" in _said(siti.says("mungkin"))
    assert "Selamat bergabung" in _said(siti.says("ya"))


def test_somebody_elses_card_is_refused_kindly(stage: Stage) -> None:
    stage.person("Siti Rahma", joined=False, phone=PHONE)
    heard = stage.stranger().shares_contact(PHONE, own=False)
    assert "kartu nama orang lain" in heard[0].text
    assert heard[0].row.body["keyboard"] == "contact"


def test_a_typed_number_proves_nothing(stage: Stage) -> None:
    stage.person("Siti Rahma", joined=False, phone=PHONE)
    stranger = stage.stranger()
    stranger.says("/start")
    assert "belum dapat kami pastikan" in _said(stranger.says(PHONE))


def test_a_forged_button_makes_nobody_somebody_else(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    for action in (f"join.yes:{siti.person_id}", f"join.pick:{siti.person_id}", "join.yes:", "join.yes:abc"):
        assert "belum dapat memastikan" in _said(stranger.presses("", action=action))
    assert not _joined(stage, siti.person_id)


def test_several_people_with_one_phone_are_asked_which_they_are(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    stage.person("Budi Rahma", joined=False, phone=PHONE)
    heard = siti.shares_contact(PHONE)
    assert list(heard[0].actions) == ["Budi Rahma", "Siti Rahma", "Bukan salah satunya"]
    assert "Mohon tekan tombol dengan nama Anda" in _said(siti.says("rahma"))
    assert "Siti R." in _said(siti.says("siti"))
    siti.says("ya")
    assert _account(stage, siti).person_id == siti.person_id


def test_not_me_leads_to_the_nip(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    assert "NIP" in _said(siti.presses("Bukan saya"))


def test_a_link_of_an_opd_is_remembered_until_the_request(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    assert "Dinas Kesehatan" in _said(stranger.says("/start opd_DINKES"))
    stranger.says("halo?")
    stranger.says("/start")
    stranger.shares_contact("+6281399999999")
    stranger.says(NIP)
    assert "PPID Dinas Kesehatan" in _said(stranger.says("Ani Wijaya"))


def test_a_link_opens_the_menu_for_a_member(stage: Stage) -> None:
    stage.agency("BKD", "BKD")
    siti = stage.person("Siti Rahma")
    assert "Menu Satu Pesan" in _said(siti.says("/start opd_BKD"))
    with stage.session() as session:
        assert session.get_one(Person, siti.person_id).opd.code == "DINKES"


def test_an_unknown_link_is_a_plain_start(stage: Stage) -> None:
    assert "Selamat datang" in _said(stage.stranger().says("/start opd_TIDAKADA"))


def _request(stranger: Chatter, nip: str) -> list[list[Heard]]:
    return [
        stranger.says("/start opd_DINKES"),
        stranger.shares_contact("+6281399999999"),
        stranger.says(nip),
        stranger.says("Ani Wijaya"),
    ]


def test_the_answer_is_the_same_whether_the_nip_exists_or_not(stage: Stage) -> None:
    stage.person("Ani Wijaya", joined=False, nip=NIP)
    stage.person("Left", joined=False, nip="198001012005012002")
    stage.person("Elsewhere", opd="BKD", nip="198001012005012003")
    with stage.session() as session, session.begin():
        left = people.with_nip(session, "198001012005012002")
        assert left is not None
        left.active = False
    answers = [
        [[(part.text, part.actions) for part in heard] for heard in _request(stage.stranger("Ani"), nip)]
        for nip in (NIP, "198001012005012002", "198001012005012003", "198001012005012999")
    ]
    assert answers.count(answers[0]) == 4


def test_the_nip_may_be_typed_with_spaces_and_at_once(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.says("/start")
    assert "Siapa nama lengkap" in _said(stranger.says("19800101 200501 2 001"))


def test_a_wrong_nip_is_asked_again_with_an_example(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    assert "misalnya 19800101 200501 1 001" in _said(stranger.says("12345"))
    assert "nama lengkap" in _said(stranger.says(NIP))
    assert "huruf" in _said(stranger.says("77"))
    assert "OPD mana" in _said(stranger.says("Ani Wijaya"))


def test_the_opd_is_typed_in_part_and_chosen_by_a_button(stage: Stage) -> None:
    stage.agency("DISDIK", "Dinas Pendidikan")
    stage.agency("DISHUB", "Dinas Perhubungan")
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    stranger.says(NIP)
    stranger.says("Ani Wijaya")
    assert "belum kami temukan" in _said(stranger.says("qqqq"))
    assert list(stranger.says("dinas")[0].actions) == ["Dinas Pendidikan", "Dinas Perhubungan"]
    assert list(stranger.says("perhubngan")[0].actions) == ["Dinas Perhubungan"]
    assert "PPID Dinas Pendidikan" in _said(stranger.presses("", action="join.opd:1"))
    assert "sudah tidak berlaku" in _said(stranger.presses("", action="join.opd:1"))


def test_attempts_are_limited(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    for _ in range(stage.programme.admission_attempts_per_day):
        stranger.says("/start opd_DINKES")
        stranger.presses("", action="join.nip")
        stranger.says(NIP)
        assert "kami teruskan" in _said(stranger.says("Ani Wijaya"))
    assert "coba lagi besok" in _said(stranger.presses("", action="join.again"))
    stage.later(days=1, minutes=1)
    assert "NIP" in _said(stranger.presses("", action="join.again"))


def test_somebody_who_waits_is_told_so_and_may_change_the_data(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    _request(stranger, NIP)
    assert "masih diperiksa PPID Dinas Kesehatan" in _said(stranger.says("halo"))
    stranger.presses("Ganti data")
    stranger.says(NIP)
    assert "OPD mana" in _said(stranger.says("Ani Wijaya"))


def test_batal_leaves_and_start_begins_again(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    heard = stranger.says("batal")
    assert "/start kapan saja" in _said(heard)
    assert "Selamat datang" in _said(stranger.says("/start"))


def test_a_new_account_of_a_person_lets_the_old_one_go_and_says_so_there(stage: Stage) -> None:
    old = stage.person("Siti Rahma", chat=501, phone=PHONE)
    new = Chatter(stage, 502, "Siti", old.person_id)
    new.shares_contact(PHONE)
    new.says("ya")
    assert "akun Telegram lain" in _said(old.hears()[-2:])
    assert _account(stage, old).person is None
    assert _account(stage, new).person_id == old.person_id
    assert "Bagikan nomor saya" in _said(old.says("halo"))


def test_somebody_who_left_the_service_is_told_what_to_do(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone=PHONE)
    with stage.session() as session, session.begin():
        session.get_one(Person, siti.person_id).active = False
    heard = siti.says("/menu")
    assert "sudah tidak bertugas di Dinas Kesehatan" in _said(heard)
    assert "NIP" in _said(siti.presses("masih bertugas"))


def test_a_member_who_sends_the_number_again_stays_who_they_are(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    stage.person("Budi", joined=False, phone="+62811999999")
    assert "sudah terdaftar sebagai Siti Rahma" in _said(siti.shares_contact("+62811999999"))
    for action in ("join.no", "join.nip", "join.again"):
        assert "sudah terdaftar" in _said(siti.presses("", action=action))
    assert _account(stage, siti).person_id == siti.person_id


def test_a_new_version_of_the_consent_asks_everybody_again(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    stage.programme = stage.programme.model_copy(update={"consent_version": "2027-01"})
    heard = siti.says("/menu")
    assert "diperbarui" in heard[0].text
    assert "versi 2027-01" in heard[0].text
    siti.presses("setuju")
    assert "Menu Satu Pesan" in _said(siti.says("menu"))


def test_a_blocked_account_is_back_as_soon_as_it_writes(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(siti.chat), stage.now)
    siti.says("menu")
    assert _account(stage, siti).status == people.ACTIVE


# -- stopping, privacy, data saving ----------------------------------------------------------------


def test_stopping_asks_once_and_then_it_is_done(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "yakin" in _said(siti.says("/berhenti"))
    assert _joined(stage, siti.person_id)
    heard = siti.presses("Ya, berhenti")
    assert "sudah berhenti" in _said(heard)
    assert not _joined(stage, siti.person_id)
    with stage.session() as session:
        last = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert last is not None
        assert not last.given
    assert "memang belum ikut" in _said(siti.says("/berhenti"))


@pytest.mark.parametrize("answer", ["tidak", "2", "batal", "0"])
def test_not_stopping_changes_nothing(stage: Stage, answer: str) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("berhenti")
    siti.says(answer)
    assert _joined(stage, siti.person_id)


def test_stopping_by_word(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("/berhenti")
    assert "ya untuk berhenti" in _said(siti.says("bagaimana ya kak"))
    siti.says("Berhenti!")
    assert not _joined(stage, siti.person_id)


def test_privacy_shows_what_is_stored_masked(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", phone=PHONE, nip=NIP)
    said = _said(siti.says("/privasi"))
    assert "Siti Rahma" in said
    assert "****2001" in said
    assert NIP not in said
    assert PHONE not in said
    assert "Setelah Anda setuju" in _said(stage.stranger().says("/privasi"))


def test_saving_data_is_switched_on_and_off(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    assert "aktif" in _said(siti.says("/hematdata"))
    with stage.session() as session:
        assert session.get_one(Person, siti.person_id).saver
    assert "mati" in _said(siti.presses("", action="saver"))


def test_the_menu_list_of_the_chat_follows_joining_and_stopping(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    siti.says("ya")
    siti.says("/berhenti")
    siti.says("ya")
    with stage.session() as session:
        rows = session.scalars(select(Outbound).where(Outbound.op == "commands").order_by(Outbound.id)).all()
    named = [[name for name, _ in row.body["commands"]] for row in rows]
    assert "berhenti" in named[0]
    assert "start" not in named[0]
    assert named[1] == ["start", "bantuan", "cek", "privasi"]
    assert {row.body["scope"] for row in rows} == {"chat"}
