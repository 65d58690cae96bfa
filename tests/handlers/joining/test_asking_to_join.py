"""Joining without a phone number that we know: the NIP, the OPD, and what nobody is told."""

from models.people import people
from models.people.people import Person
from tests.chat import Chatter, Heard, Stage
from tests.handlers.joining.joining import NIP, PHONE
from tests.hearing import text


def test_not_me_leads_to_the_nip(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", joined=False, phone=PHONE)
    siti.shares_contact(PHONE)
    assert "NIP" in text(siti.presses("Bukan saya"))


def test_a_link_of_an_opd_is_remembered_until_the_request(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    assert "Dinas Kesehatan" in text(stranger.says("/start opd_DINKES"))
    stranger.says("halo?")
    stranger.says("/start")
    stranger.shares_contact("+6281399999999")
    stranger.says(NIP)
    assert "PPID Dinas Kesehatan" in text(stranger.says("Ani Wijaya"))


def test_a_link_opens_the_menu_for_a_member(stage: Stage) -> None:
    stage.agency("BKD", "BKD")
    siti = stage.person("Siti Rahma")
    assert "Menu Satu Pesan" in text(siti.says("/start opd_BKD"))
    with stage.session() as session:
        assert session.get_one(Person, siti.person_id).opd.code == "DINKES"


def test_an_unknown_link_is_a_plain_start(stage: Stage) -> None:
    assert "Selamat datang" in text(stage.stranger().says("/start opd_TIDAKADA"))


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
    assert "Siapa nama lengkap" in text(stranger.says("19800101 200501 2 001"))


def test_a_wrong_nip_is_asked_again_with_an_example(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    assert "misalnya 19800101 200501 1 001" in text(stranger.says("12345"))
    assert "nama lengkap" in text(stranger.says(NIP))
    assert "huruf" in text(stranger.says("77"))
    assert "OPD mana" in text(stranger.says("Ani Wijaya"))


def test_the_opd_is_typed_in_part_and_chosen_by_a_button(stage: Stage) -> None:
    stage.agency("DISDIK", "Dinas Pendidikan")
    stage.agency("DISHUB", "Dinas Perhubungan")
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    stranger.says(NIP)
    stranger.says("Ani Wijaya")
    assert "belum kami temukan" in text(stranger.says("qqqq"))
    assert list(stranger.says("dinas")[0].actions) == ["Dinas Pendidikan", "Dinas Perhubungan"]
    assert list(stranger.says("perhubngan")[0].actions) == ["Dinas Perhubungan"]
    assert "PPID Dinas Pendidikan" in text(stranger.presses("", action="join.opd:1"))
    assert "sudah tidak berlaku" in text(stranger.presses("", action="join.opd:1"))


def test_attempts_are_limited(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    for _ in range(stage.programme.admission_attempts_per_day):
        stranger.says("/start opd_DINKES")
        stranger.presses("", action="join.nip")
        stranger.says(NIP)
        assert "kami teruskan" in text(stranger.says("Ani Wijaya"))
    assert "coba lagi besok" in text(stranger.presses("", action="join.again"))
    stage.later(days=1, minutes=1)
    assert "NIP" in text(stranger.presses("", action="join.again"))


def test_somebody_who_waits_is_told_so_and_may_change_the_data(stage: Stage) -> None:
    stage.agency("DINKES")
    stranger = stage.stranger()
    _request(stranger, NIP)
    assert "masih diperiksa PPID Dinas Kesehatan" in text(stranger.says("halo"))
    stranger.presses("Ganti data")
    stranger.says(NIP)
    assert "OPD mana" in text(stranger.says("Ani Wijaya"))


def test_batal_leaves_and_start_begins_again(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.shares_contact("+6281399999999")
    heard = stranger.says("batal")
    assert "/start kapan saja" in text(heard)
    assert "Selamat datang" in text(stranger.says("/start"))
