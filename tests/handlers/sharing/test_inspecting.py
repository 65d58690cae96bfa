"""`/periksa` with a thumb: one proof after the other, decisions with a reason, appeals to somebody else."""

import pytest

from models.messages.outbox import Outbound
from models.proofs import worklists
from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.shares import Evidence
from tests import proving, scene
from tests.chat import Chatter, Heard, Stage
from tests.proving import Prover

UNSEEN = Seen(findings.UNSEEN)


@pytest.fixture
def ppid(stage: Stage) -> Chatter:
    return stage.person("Ratna Dewi", role="creator")


@pytest.fixture
def provers(stage: Stage, ppid: Chatter) -> list[Prover]:
    """Three people of an OPD whose pictures do not show the item."""
    people = [stage.person(name) for name in ("Siti Rahma", "Budi Hartono", "Wati Ningsih")]
    scene.item(stage)
    scene.release(stage)
    return [Prover(stage, who) for who in people]


@pytest.fixture
def receipts(stage: Stage, provers: list[Prover]) -> list[int]:
    found = []
    for prover in provers:
        found.append(proving.shows(prover))
        stage.later(seconds=1)
    proving.examine(stage, UNSEEN)
    return found


def cards(heard: list[Heard]) -> list[Heard]:
    return [one for one in heard if "Terima" in one.actions]


def test_the_card_says_whose_it_is_and_why_and_shows_both_pictures(
    stage: Stage, ppid: Chatter, receipts: list[int]
) -> None:
    (card,) = ppid.says("/periksa")
    assert f"Bukti nomor {receipts[0]}" in card.text
    assert "Siti Rahma" in card.text
    assert "Konten kita tidak terlihat" in card.text
    assert "Menunggu Anda: 3 bukti" in card.text
    piece = proving.evidence(stage, receipts[0])[0].id
    assert card.row.body is not None
    assert card.row.body["report"] == f"pair:{piece}:0"
    assert list(card.actions) == ["Terima", "Tolak", "Lewati", "Selesai"]


def test_one_press_decides_and_brings_the_next(stage: Stage, ppid: Chatter, receipts: list[int]) -> None:
    ppid.says("/periksa")
    for number, receipt in enumerate(receipts, 1):
        heard = ppid.presses("Terima")
        assert proving.state(stage, receipt) == standings.ACCEPTED
        assert len(cards(heard)) == (1 if number < len(receipts) else 0)
        assert any(one.op == "edit" and f"nomor {receipt}: diterima" in one.text for one in heard)
    assert any("Tidak ada bukti" in one.text for one in heard)


def test_numbers_may_be_typed_as_well(stage: Stage, ppid: Chatter, receipts: list[int]) -> None:
    ppid.says("/periksa")
    ppid.says("1")
    assert proving.state(stage, receipts[0]) == standings.ACCEPTED
    ppid.says("2")
    ppid.says("2")  # "Belum tampak dibagikan"
    assert proving.state(stage, receipts[1]) == standings.REJECTED


def test_a_rejection_takes_two_presses_and_the_sender_is_told_kindly_why(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    ppid.says("/periksa")
    (asked,) = ppid.presses("Tolak")
    assert asked.op == "edit"
    assert proving.state(stage, receipts[0]) == standings.RECEIVED
    ppid.presses("Belum tampak dibagikan")
    assert proving.state(stage, receipts[0]) == standings.REJECTED
    told = provers[0].who.hears()[-1]
    assert "belum terlihat bahwa konten itu sudah dibagikan" in told.text
    assert list(told.actions) == ["Kirim ulang", "Banding"]
    assert "tangkapan layar" in provers[0].who.presses("Kirim ulang")[-1].text


def test_whoever_pressed_reject_may_think_again(stage: Stage, ppid: Chatter, receipts: list[int]) -> None:
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Kembali")
    ppid.presses("Terima")
    assert proving.state(stage, receipts[0]) == standings.ACCEPTED


def test_a_reason_in_own_words_is_asked_for_and_reaches_the_sender(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Alasan lain")
    heard = ppid.says("Tanggal unggahannya tidak tampak, Bu.")
    assert proving.state(stage, receipts[0]) == standings.REJECTED
    assert "Tanggal unggahannya tidak tampak, Bu." in provers[0].who.hears()[-1].text
    assert cards(heard), "the next one comes"


def test_what_was_skipped_is_offered_at_the_end(stage: Stage, ppid: Chatter, receipts: list[int]) -> None:
    ppid.says("/periksa")
    for _ in receipts:
        heard = ppid.presses("Lewati")
    assert any("3 bukti yang tadi Anda lewati" in one.text for one in heard)
    (card,) = cards(ppid.presses("Periksa yang dilewati"))
    assert f"Bukti nomor {receipts[0]}" in card.text


def test_two_people_never_get_the_same_one(stage: Stage, ppid: Chatter, receipts: list[int]) -> None:
    editor = stage.person("Edi", role="editor")
    first, second = ppid.says("/periksa")[-1], editor.says("/periksa")[-1]
    assert f"Bukti nomor {receipts[0]}" in first.text
    assert f"Bukti nomor {receipts[1]}" in second.text
    ppid.presses("Selesai")
    editor.presses("Terima")
    assert f"Bukti nomor {receipts[0]}" in editor.hears()[-2].text + editor.hears()[-1].text


def test_a_card_that_was_decided_by_a_colleague_says_so(
    stage: Stage, ppid: Chatter, receipts: list[int]
) -> None:
    editor = stage.person("Edi", role="editor")
    card = ppid.says("/periksa")[-1]
    stage.later(minutes=stage.programme.proofs.hold_minutes + 1)
    editor.says("/periksa")
    editor.presses("Terima")
    (refused,) = ppid.presses("", action=card.actions["Tolak"])
    assert "sudah diputuskan" in refused.text
    assert proving.state(stage, receipts[0]) == standings.ACCEPTED


def test_an_appeal_is_two_presses_and_somebody_else_decides(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    editor = stage.person("Edi", role="editor")
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Bukan konten kita")
    siti = provers[0].who
    siti.presses("Banding")
    assert "kami teruskan" in siti.says("Itu poster kita, hanya terpotong.")[-1].text
    assert proving.state(stage, receipts[0]) == standings.APPEALED
    card = editor.says("/periksa")[-1]
    assert "Itu poster kita, hanya terpotong." in card.text
    assert "banding" in card.text
    editor.presses("Terima")
    assert proving.state(stage, receipts[0]) == standings.ACCEPTED
    assert "diterima" in siti.hears()[-1].text


def test_an_appeal_without_words_is_an_appeal(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Bukan konten kita")
    siti = provers[0].who
    siti.presses("Banding")
    siti.presses("Tanpa penjelasan")
    assert proving.state(stage, receipts[0]) == standings.APPEALED


def test_whoever_may_not_look_is_told_so(stage: Stage, provers: list[Prover], receipts: list[int]) -> None:
    assert not cards(provers[0].who.says("/periksa"))
    other = stage.person("Orang Lain", "DISDIK", role="editor")
    look = proving.looks(stage, receipts[0])[0].id
    other.says("/periksa")
    other.presses("", action=f"inspect.yes:{look}")
    assert proving.state(stage, receipts[0]) == standings.RECEIVED


def test_a_film_an_album_or_a_paper_can_be_opened_and_the_question_stays(
    stage: Stage, ppid: Chatter, provers: list[Prover]
) -> None:
    first, second = proving.shows(provers[0]), proving.shows(provers[0], platform="x")
    pieces = [proving.evidence(stage, number)[0].id for number in (first, second)]
    with stage.session() as session, session.begin():  # two pictures of one posting
        session.get_one(Evidence, pieces[1]).share_id = first
    proving.examine(stage, UNSEEN)
    (card,) = ppid.says("/periksa")
    assert "Gambar lain dalam kiriman ini: 1" in card.text
    opened = ppid.presses("Lihat berkasnya")
    assert [one.row.body["media"] for one in opened if one.row.body] == [
        piece.media_id for piece in proving.evidence(stage, first)
    ]
    ppid.says("1")
    assert proving.state(stage, first) == standings.ACCEPTED


def test_who_hears_an_appeal_sees_why_it_was_rejected(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    editor = stage.person("Edi", role="editor")
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Bukan konten kita")
    provers[0].who.presses("Banding")
    provers[0].who.presses("Tanpa penjelasan")
    card = editor.says("/periksa")[-1]
    assert "Sebelumnya ditolak: gambar ini tidak memperlihatkan konten yang kami kirim." in card.text
    assert "Konten kita tidak terlihat" in card.text


def test_a_team_hears_only_of_what_it_may_decide(stage: Stage) -> None:
    alone = stage.person("Ratna Dewi", role="creator")
    controller = stage.person("Joko", "BAPPEDA", role="controller")
    scene.item(stage)
    scene.release(stage)
    proving.shows(Prover(stage, alone))
    proving.examine(stage, UNSEEN)

    def remind() -> int:
        with stage.session() as session, session.begin():
            return worklists.remind(session, stage.now, stage.programme)

    assert remind() == 0, "nobody looks at an own proof"
    stage.later(hours=stage.programme.proofs.escalate_hours)
    assert remind() == 1
    assert "lebih dari 48 jam" in controller.hears()[-1].text
    assert remind() == 0, "once a day"


def test_a_verdict_at_night_waits_for_the_morning(
    stage: Stage, ppid: Chatter, provers: list[Prover], receipts: list[int]
) -> None:
    stage.later(hours=13)  # 23.00 WIB
    ppid.says("/periksa")
    ppid.presses("Tolak")
    ppid.presses("Bukan konten kita")
    (told,) = scene.rows(stage, Outbound.key.like(f"share:{receipts[0]}:%"))
    assert told.due_at > stage.now
