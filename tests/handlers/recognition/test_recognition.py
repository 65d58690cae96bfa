"""What everybody meets of recognition in chat: the vote, the ranking, /saya, and creative work."""

import pytest
from sqlalchemy import select

from handlers import routes
from models.people.people import Person
from models.programme import months, weeks
from models.recognition import wishes
from models.recognition.creativity import Rating
from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.shares import Share
from tests import honouring, proving, scene
from tests.chat import Chatter, Heard, Stage
from tests.honouring import MONTH, PROGRAMME, WEEKS
from tests.proving import Prover


def said(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


# -- /suara ------------------------------------------------------------------------------------


@pytest.fixture
def ballot(stage: Stage, tini: Chatter) -> dict[str, int]:
    """Two items with scores, and an open vote."""
    stage.programme = PROGRAMME
    made = honouring.open_week(stage, "2026-W49")
    for item in made.values():
        honouring.scored(stage, item, tini, 4, 4)
    stage.now = months.vote_from(MONTH, PROGRAMME)
    return made


def test_the_ballot_may_be_answered_with_numbers_alone(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti Rahma")
    assert list(siti.says("/suara")[0].actions.values()) == [f"vote.see:{item}" for item in ballot.values()]
    (card,) = siti.says("1")
    assert card.row.item_id == ballot["DINKES"]
    assert "sudah kami catat" in said(siti.says("1"))
    siti.presses("Kembali ke daftar")
    assert "✅ pilihan Anda" in said(siti.says("/suara"))
    assert "✅ Ini pilihan Anda" in said(siti.says("1"))


def test_an_own_item_is_marked_and_cannot_be_chosen(
    stage: Stage, ballot: dict[str, int], tini: Chatter
) -> None:
    assert said(tini.says("/suara")).count("Anda ikut membuat atau memeriksanya") == 2
    heard = tini.says("1")
    assert "jadi tidak dapat memilihnya" in said(heard)
    assert not any("Pilih konten ini" in one.actions for one in heard)
    assert "jadi tidak dapat memilihnya" in said(tini.presses("", action=f"vote.for:{ballot['DINKES']}"))


def test_who_saves_data_sees_no_large_picture_while_voting(stage: Stage, tini: Chatter) -> None:
    stage.now = weeks.moment("2026-W49", stage.programme.release, stage.programme)
    item = scene.item(stage, "DINKES", week="2026-W49", media=True, small=True)
    scene.release(stage, "2026-W49")
    honouring.scored(stage, item, tini, 4, 4)
    stage.now = months.vote_from(MONTH, stage.programme)
    siti = stage.person("Siti Rahma")
    large = siti.presses("", action=f"vote.see:{item}")[0].row.body["media"]
    siti.says("/hematdata")
    small = siti.presses("", action=f"vote.see:{item}")[0].row.body["media"]
    assert small != large


def test_before_and_after_the_vote_one_is_told_when_it_is_open(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("/suara")
    stage.later(minutes=-1)
    answer = said(siti.presses("Pesan DINKES"))
    assert "sedang tidak dibuka" in answer
    assert "Minggu, 27 Desember 2026" in answer or "Rabu, 30 Desember 2026" in answer


def test_while_the_vote_is_open_saya_leads_to_it(stage: Stage, ballot: dict[str, int]) -> None:
    siti = stage.person("Siti Rahma")
    assert "Pilih konten terbaik" in siti.says("/saya")[0].actions
    assert "Konten terbaik Desember 2026" in said(siti.presses("Pilih konten terbaik"))
    siti.says("1")
    siti.presses("Pilih konten ini")
    assert "Pilih konten terbaik" not in siti.says("/saya")[0].actions


def test_a_stranger_has_no_voice(stage: Stage, ballot: dict[str, int]) -> None:
    assert "Bagikan nomor saya" in said(stage.stranger().says("/suara"))


# -- /saya -------------------------------------------------------------------------------------


def test_who_does_not_want_to_be_named_says_it_with_one_tap_and_takes_it_back(stage: Stage) -> None:
    siti = stage.person("Siti Rahma")
    siti.says("/saya")
    assert "nama Anda tidak muncul" in said(siti.presses("Tak ikut penghargaan"))
    assert "Anda tidak ikut dalam penghargaan" in said(siti.says("/saya"))
    with stage.session() as session:
        wish = session.get(wishes.Wish, siti.person_id)
        assert wish is not None
        assert (wish.wanted, wish.at) == (False, stage.now)
        assert not wishes.is_willing(session, siti.person_id or 0, stage.programme)
    assert "Anda ikut dalam penghargaan" in said(siti.presses("Ikut penghargaan"))
    with stage.session() as session:
        assert wishes.is_willing(session, siti.person_id or 0, stage.programme)


def test_nobody_gets_the_certificate_of_somebody_else(stage: Stage, budi: Chatter) -> None:
    stage.programme = PROGRAMME
    siti, wati = stage.person("Siti"), stage.person("Wati")
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 10))
    honouring.make(stage)
    budi.presses("Lihat daftarnya")
    budi.presses("ASN paling tekun")
    budi.presses("Sahkan")
    assert siti.presses("", action="record.paper:1")[0].row.body["report"] == "certificate:1"
    assert "sudah tidak berlaku" in said(wati.presses("", action="record.paper:1"))
    stored = said(siti.says("/privasi"))
    assert "Nama Anda 1 kali masuk daftar calon penghargaan bulanan\nSertifikat: 001/" in stored
    assert "Sertifikat:" not in said(wati.says("/privasi"))


# -- /kreatif ----------------------------------------------------------------------------------


@pytest.fixture
def rina(stage: Stage) -> Chatter:
    return stage.person("Rina Dewi", role="creator")


def test_who_accepts_a_proof_may_nominate_it_with_one_tap(stage: Stage, rina: Chatter) -> None:
    siti = stage.person("Siti Rahma")
    honouring.open_week(stage, "2026-W49")
    receipt = proving.shows(Prover(stage, siti))
    proving.examine(stage, Seen(findings.UNSEEN))
    rina.says("/periksa")
    rina.presses("Terima")
    assert f"Bukti nomor {receipt} sudah dicalonkan" in said(rina.presses("Calonkan karya"))
    assert f"Bukti nomor {receipt} sudah dicalonkan." in said(rina.presses("Calonkan karya"))


def test_a_team_is_told_how_to_nominate_and_others_that_it_is_not_for_them(
    stage: Stage, rina: Chatter
) -> None:
    assert "/kreatif 1234" in said(rina.says("/kreatif"))
    assert "dengan angka" in said(rina.says("/kreatif Siti"))
    assert "tidak kami temukan di OPD Anda" in said(rina.says("/kreatif 999"))
    assert "hanya untuk petugas" in said(stage.person("Siti").says("/kreatif"))
    assert "hanya untuk petugas" in said(stage.person("Wati").says("/kreatif 1"))


def test_scores_may_be_typed_and_a_work_may_be_passed_over(
    stage: Stage, rina: Chatter, tini: Chatter
) -> None:
    works = []
    honouring.open_week(stage, "2026-W49")
    for name in ("Siti", "Budi"):
        who = stage.person(name)
        honouring.shares_link(stage, who)
        works.append(honouring.accepted(stage, who))
        rina.says(f"/kreatif {works[-1]}")
    told = [one for one in tini.hears() if "menunggu nilai Anda" in one.text]
    assert len(told) == 1  # one word a day
    first = tini.presses("Nilai sekarang")[0].text
    (second,) = tini.presses("Lewati")
    assert first != second.text
    for typed in ("4", "3"):
        tini.says(typed)
    assert "2 karya" not in said(tini.says("5"))  # the one that was passed over is shown again
    assert "Tinggal 1 karya" in said(tini.presses("Lewati"))
    tini.presses("Nilai yang dilewati")
    with stage.session() as session:
        (rating,) = session.scalars(select(Rating))
        assert (rating.originality, rating.clarity, rating.closeness) == (4, 3, 5)


def test_a_share_that_was_withdrawn_is_scored_no_more(stage: Stage, rina: Chatter, tini: Chatter) -> None:
    siti = stage.person("Siti")
    honouring.open_week(stage, "2026-W49")
    honouring.shares_link(stage, siti)
    receipt = honouring.accepted(stage, siti)
    rina.says(f"/kreatif {receipt}")
    with stage.session() as session, session.begin():
        session.get_one(Share, receipt).status = standings.WITHDRAWN
    assert "Tidak ada karya kreatif" in said(tini.says("/kreatif"))


# -- buttons of others -------------------------------------------------------------------------

FORGED = ["", "1", "99", "x", "1:steady:1", "1:1", "1:555", "1:9", "small:x", "nowhere:0", "1:nothing:1", "٣"]
OURS = ("vote.", "rank.", "record.", "creative.", "award.")


@pytest.mark.parametrize("role", ["", "tag", "controller", "creator"])
def test_a_forged_payload_is_refused_and_never_a_bug(stage: Stage, role: str) -> None:
    who = stage.person("Siti Rahma", role=role)
    stage.programme = PROGRAMME
    honouring.make(stage)
    for action in sorted(name for name in routes.BUTTONS if name.startswith(OURS)):
        for payload in FORGED:
            who.presses("", action=f"{action}:{payload}")
    with stage.session() as session:
        assert session.get_one(Person, who.person_id).active


@pytest.mark.parametrize("role", ["", "tag", "creator", "leader", "admin"])
def test_no_button_is_a_way_around_the_controllers(stage: Stage, role: str) -> None:
    stage.programme = PROGRAMME
    siti, who = stage.person("Siti"), stage.person("Budi", role=role)
    for week in WEEKS[:2]:
        honouring.play(stage, week, (siti, 10))
    honouring.make(stage)
    _, rows = honouring.newest(stage)
    steady = next(row for row in rows if row.category == "steady")
    for action in (
        f"award.list:{MONTH}", f"award.see:{steady.list_id}:steady", f"award.no:{steady.list_id}:{steady.id}",
        f"award.yes:{steady.list_id}:steady:{steady.id}", f"award.announce:{steady.list_id}",
        f"award.again:{steady.list_id}", f"award.paper:{steady.list_id}:{steady.id}",
        f"award.back:{steady.list_id}:{steady.id}", "command:penghargaan",
    ):  # fmt: skip
        assert "hanya untuk petugas" in said(who.presses("", action=action)), action
