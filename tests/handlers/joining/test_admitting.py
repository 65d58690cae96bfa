"""The PPID's cards and queue of those who ask to join."""

import pytest
from sqlalchemy import select

from models.messages.outbox import Outbound
from models.people import people
from models.people.audit import Entry
from tests.chat import Chatter, Stage
from tests.hearing import text

NIP = "198502022010012002"


def _asks(stage: Stage, nip: str = NIP, name: str = "Ani Wijaya", opd: str = "DINKES") -> Chatter:
    stage.agency(opd)
    stranger = stage.stranger(name)
    for said in (f"/start opd_{opd}", nip, name):
        stranger.says(said)
    return stranger


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    return stage.person("Budi Santoso", role="editor")


@pytest.mark.parametrize(
    ("who", "roster"),
    [
        ("nobody", "NIP belum ada di daftar pegawai."),
        ("here", "NIP ada di daftar pegawai Dinas Kesehatan, atas nama Ani Lestari."),
        ("left", "NIP tercatat atas nama Ani Lestari, tetapi sudah tidak bertugas."),
        ("elsewhere", "NIP tercatat atas nama Ani Lestari di Dinas BKD."),
        ("joined", "sudah ikut lewat akun Telegram lain"),
    ],
)
def test_the_card_says_what_the_roster_knows_of_the_nip(
    stage: Stage, ppid: Chatter, who: str, roster: str
) -> None:
    if who != "nobody":
        opd = "BKD" if who == "elsewhere" else "DINKES"
        stage.person("Ani Lestari", opd=opd, nip=NIP, joined=who == "joined")
    if who == "left":
        with stage.session() as session, session.begin():
            known = people.with_nip(session, NIP)
            assert known is not None
            known.active = False
    _asks(stage)
    card = ppid.hears()[-1]
    assert roster in card.text
    assert "Ani Wijaya" in card.text
    assert "****2002" in card.text
    assert NIP not in card.text
    assert list(card.actions) == ["Terima", "Tolak"]


def test_the_asker_hears_that_it_was_granted_and_answers_by_word(stage: Stage, ppid: Chatter) -> None:
    ani = _asks(stage)
    assert "diterima di Dinas Kesehatan" in text(ppid.presses("Terima"))
    question = ani.hears()[-1]
    assert "Kabar baik" in question.text
    assert list(question.actions) == ["Ya, saya setuju ikut", "Bukan saya"]
    assert "Selamat bergabung" in text(ani.says("1"))


def test_a_refusal_needs_a_reason_that_the_asker_reads(stage: Stage, ppid: Chatter) -> None:
    ani = _asks(stage)
    assert "Mengapa Ani Wijaya ditolak?" in text(ppid.presses("Tolak"))
    assert "beberapa kata" in text(ppid.says("no"))
    ppid.says("Anda pegawai magang")
    assert "Alasan: Anda pegawai magang" in ani.hears()[-1].text
    assert "Selamat datang" in text(ani.says("halo"))


def test_a_reason_can_be_pressed(stage: Stage, ppid: Chatter) -> None:
    ani = _asks(stage)
    ppid.presses("Tolak")
    heard = ppid.presses("Bukan pegawai OPD ini")
    assert heard[0].op == "edit"
    assert "Alasan: Bukan pegawai OPD ini" in ani.hears()[-1].text
    assert "sudah tidak berlaku" in text(ppid.presses("", action="admit.why:1:made_up"))


def test_the_first_decision_counts_and_closes_the_cards_of_colleagues(stage: Stage, ppid: Chatter) -> None:
    other = stage.person("Cici", role="creator")
    _asks(stage)
    stage.sent()
    other.presses("Terima")
    closed = ppid.hears()[-1]
    assert closed.op == "edit"
    assert "sudah diterima oleh Cici" in closed.text
    assert closed.actions == {}
    assert "sudah ditangani" in text(ppid.presses("", action="admit.no:1"))


def test_somebody_of_another_opd_is_not_moved(stage: Stage, ppid: Chatter) -> None:
    stage.person("Ani Lestari", opd="BKD", nip=NIP, joined=False)
    _asks(stage)
    assert "tercatat di Dinas BKD" in text(ppid.presses("Terima"))
    assert "Pemohon" not in text(ppid.hears()[-1:])


def test_only_those_of_the_opd_may_decide(stage: Stage, ppid: Chatter) -> None:
    stranger = stage.person("PPID lain", opd="BKD", role="editor")
    plain = stage.person("Siti")
    _asks(stage)
    for who in (stranger, plain):
        assert "hanya untuk petugas" in text(who.presses("", action="admit.yes:1"))
    assert "Tidak ada yang menunggu" in text(stranger.says("/pemohon"))
    assert "hanya untuk petugas" in text(plain.says("/pemohon"))


def test_the_queue_goes_one_by_one_and_on_after_a_decision(stage: Stage, ppid: Chatter) -> None:
    assert "Tidak ada yang menunggu" in text(ppid.says("/pemohon"))
    for number in range(3):
        _asks(stage, f"19850202201001200{number}", f"Pemohon {'ABC'[number]}")
    assert "Pemohon A" in text(ppid.says("/pemohon"))
    assert "Pemohon B" in text(ppid.presses("berikutnya"))
    assert "Masih menunggu: 2" in text(ppid.presses("Terima"))
    assert "Pemohon A" in text(ppid.presses("berikutnya"))
    assert "Pemohon C" in text(ppid.presses("berikutnya"))
    assert "terakhir" in text(ppid.presses("", action="admit.next:3"))


def test_without_a_team_the_admin_decides(stage: Stage) -> None:
    admin = stage.person("Admin", opd="BKD", role="admin")
    ani = _asks(stage)
    admin.presses("Terima")
    assert "Kabar baik" in ani.hears()[-1].text


def test_an_admitted_person_who_says_not_me_is_nobody(stage: Stage, ppid: Chatter) -> None:
    ani = _asks(stage)
    ppid.presses("Terima")
    assert "NIP" in text(ani.says("bukan"))
    with stage.session() as session:
        account = people.account(session, "telegram", str(ani.chat))
        assert account is not None
        assert account.person_id is None


def test_every_decision_is_in_the_audit(stage: Stage, ppid: Chatter) -> None:
    _asks(stage)
    ppid.presses("Terima")
    with stage.session() as session:
        entry = session.scalars(select(Entry).where(Entry.subject == "admission")).one()
        assert (entry.actor_id, entry.before, entry.after) == (ppid.person_id, "waiting", "admitted")


def test_a_card_is_told_once(stage: Stage, ppid: Chatter) -> None:
    _asks(stage)
    with stage.session() as session:
        keys = session.scalars(select(Outbound.key).where(Outbound.person_id == ppid.person_id)).all()
    assert keys == [f"admission:1:person:{ppid.person_id}"]
