"""`/bukti`: everything that somebody has sent, in words, and taking it back."""

import pytest

from models.messages import files
from models.programme import weeks
from models.proofs import receipts, verdicts
from models.shares import findings, standings
from models.shares.findings import Seen
from tests import proving, receiving, scene
from tests.chat import Chatter, Stage
from tests.hearing import one
from tests.receiving import shares

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/"


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return scene.receiver(stage, "Siti Rahma")


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    return stage.person("Ratna", role="creator")


def rejected(stage: Stage, siti: Chatter, ppid: Chatter) -> int:
    siti.sends_photo(caption="fb")
    proving.examine(stage, Seen(findings.UNSEEN))
    return proving.judge(stage, ppid, verdicts.reject, "not_shared")


def test_without_any_it_says_what_to_do(siti: Chatter) -> None:
    assert "Belum ada bukti yang Anda kirim" in one(siti.says("/bukti")).text


def test_the_list_has_every_state_in_words(stage: Stage, siti: Chatter, ppid: Chatter) -> None:
    rejected(stage, siti, ppid)
    siti.says(LINK)
    proving.examine(stage)
    siti.sends_photo(caption="tiktok")
    siti.presses("", action="evidence.yes:3")
    siti.sends_photo(caption="fb")
    siti.sends_photo(caption="fb")
    siti.presses("Sama, kirim ulang")
    stage.now = weeks.closing("2026-W48", stage.programme)
    siti.sends_photo(caption="youtube")
    siti.says("sudah")
    said = one(siti.says("/bukti"))
    head = "Bukti Anda (6)\nUnggahan yang dihitung: 3\n\nSiaran minggu 25 November – 2 Desember 2026\n"
    assert said.text.startswith(head)
    for number, line in enumerate(
        [
            "No. 6: Imunisasi gratis\nYouTube, diterima, sedang diperiksa\nTerlambat, dikirim setelah",
            "No. 5: Imunisasi gratis\nFacebook, digabungkan dengan bukti lain",
            "No. 4: Imunisasi gratis\nFacebook, diterima, sedang diperiksa",
            "No. 3: Imunisasi gratis\nTikTok, sudah Anda tarik, tidak dihitung",
            "No. 2: Imunisasi gratis\nInstagram, diterima dan sudah diperiksa",
            "No. 1: Imunisasi gratis\nFacebook, belum dapat diterima",
        ],
        start=1,
    ):
        assert f"{number}. {line}" in said.text
    assert list(said.actions.values()) == [f"evidence.open:{number}" for number in range(6, 0, -1)]


def test_a_claim_is_in_the_list_and_may_be_taken_back(stage: Stage, siti: Chatter) -> None:
    siti.says("sudah")
    assert "1. No. 1: Imunisasi gratis\nmenunggu tangkapan layar" in one(siti.says("/bukti")).text
    assert "Tempat" not in one(siti.says("1")).text
    siti.presses("Tarik bukti")
    siti.presses("Ya, tarik")
    assert [share.status for share in shares(stage)] == [standings.WITHDRAWN]
    assert "sudah Anda tarik" in one(siti.says("/bukti")).text


def test_pages_are_turned_by_buttons_and_lines_opened_by_numbers(stage: Stage, siti: Chatter) -> None:
    for number in range(receipts.PAGE + 1):
        siti.says(f"https://www.instagram.com/p/C9aBcDeFgH{number}/")
    assert "No. 1:" not in one(siti.says("/bukti")).text
    second = one(siti.presses("", action="evidence.list:1"))
    assert "1. No. 1:" in second.text
    assert list(second.actions.values()) == ["evidence.open:1", "evidence.list:0"]
    assert "Bukti nomor 1\n" in one(siti.says("1")).text
    assert "1. No. 1:" in one(siti.presses("", action="evidence.list:99")).text, "the last page there is"


def test_a_number_opens_a_share_and_only_an_own_one(stage: Stage, siti: Chatter) -> None:
    siti.says(LINK)
    for written in ("/bukti 1", "/bukti no 1", "bukti #1"):
        said = one(siti.says(written))
        assert "Bukti nomor 1\nKonten: Imunisasi gratis\nSiaran minggu 25 November" in said.text
        assert "Tautan: https://www.instagram.com/p/C9aBcDeFgHi" in said.text
        assert list(said.actions) == ["Tarik bukti", "Semua bukti"]
    budi = stage.person("Budi")
    for action in ("open", "picture", "withdraw", "yes", "no"):
        answer = one(budi.presses("", action=f"evidence.{action}:1"))
        assert "tidak ada pada catatan Anda" in answer.text, action
    assert "tidak ada pada catatan Anda" in one(budi.says("/bukti 1")).text
    assert "Ketik misalnya /bukti 17" in one(siti.says("/bukti tadi")).text


def test_what_was_rejected_says_why_and_what_can_be_done(stage: Stage, siti: Chatter, ppid: Chatter) -> None:
    number = rejected(stage, siti, ppid)
    said = one(siti.says(f"/bukti {number}"))
    assert "Status: belum dapat diterima" in said.text
    assert "Alasan: belum terlihat bahwa konten itu sudah dibagikan." in said.text
    assert list(said.actions) == ["Lihat gambarnya", "Kirim ulang", "Banding", "Tarik bukti", "Semua bukti"]
    siti.presses("Banding")
    siti.says("Itu memang unggahan saya.")
    said = one(siti.says(f"/bukti {number}"))
    assert "Status: banding Anda sedang diperiksa" in said.text
    assert "Banding" not in said.actions
    assert "Kirim ulang" not in said.actions


def test_the_appeal_is_offered_as_long_as_it_is_possible(stage: Stage, siti: Chatter, ppid: Chatter) -> None:
    number = rejected(stage, siti, ppid)
    stage.later(days=stage.programme.proofs.appeal_days, seconds=1)
    assert "Banding" not in one(siti.says(f"/bukti {number}")).actions


def test_the_pictures_come_again_on_request(stage: Stage, siti: Chatter) -> None:
    for _ in range(2):
        siti.sends_photo(album="a1")
    siti.says("/bukti 1")
    heard = siti.presses("Lihat gambarnya")
    media = [piece.media_id for piece in proving.evidence(stage, 1)]
    assert [said.row.body["media"] for said in heard] == media


def test_pictures_that_are_kept_no_longer_are_said_to_be(stage: Stage, siti: Chatter) -> None:
    siti.sends_photo(caption="fb")
    with stage.session() as session, session.begin():
        (piece,) = proving.evidence(stage, 1)
        session.get_one(files.Media, piece.media_id).status = files.FAILED
    assert "sudah tidak kami simpan" in one(siti.presses("", action="evidence.picture:1")).text


def test_withdrawing_asks_first_and_a_withdrawn_link_may_be_sent_again(stage: Stage, siti: Chatter) -> None:
    siti.says(LINK)
    siti.says("/bukti 1")
    assert "Tarik bukti nomor 1 (Imunisasi gratis)?" in one(siti.presses("Tarik bukti")).text
    assert "tetap tercatat" in one(siti.says("tidak")).text
    assert shares(stage)[0].status == standings.RECEIVED
    siti.presses("Tarik bukti")
    assert "tidak dihitung lagi" in one(siti.says("ya")).text
    assert shares(stage)[0].status == standings.WITHDRAWN
    assert "Tarik bukti" not in one(siti.says("/bukti 1")).actions
    assert one(siti.presses("", action="evidence.yes:1")).key.endswith(":refused")
    assert "Nomor tanda terima: 2" in one(siti.says(LINK)).text


def test_saya_leads_there(siti: Chatter) -> None:
    siti.says("/saya")
    assert "Belum ada bukti yang Anda kirim" in one(siti.presses("Semua bukti saya")).text


def test_what_was_moved_to_last_week_is_said_to_be(stage: Stage) -> None:
    who = stage.person("Siti Rahma")
    receiving.two_weeks(stage)
    who.sends_photo(caption="fb")
    who.presses("Untuk minggu lalu")
    said = one(who.says("/bukti")).text
    assert (
        "Siaran minggu 25 November – 2 Desember 2026\n"
        "1. No. 2: Imunisasi gratis\nFacebook, diterima, sedang diperiksa\nTerlambat"
    ) in said
    assert (
        "Siaran minggu 2 – 9 Desember 2026\n2. No. 1: Pasar murah\nFacebook, dipindahkan ke bukti lain"
    ) in said
