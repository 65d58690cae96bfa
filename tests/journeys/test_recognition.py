"""A month of recognition in chat: nominated, scored, voted, listed, confirmed, handed over, and checked."""

import re

import pytest
from sqlalchemy import select

from models.people.audit import Entry
from models.programme import months
from models.recognition import certificates
from models.recognition.certificates import Certificate
from tests import honouring
from tests.chat import Chatter, Heard, Stage
from tests.honouring import PROGRAMME, WEEKS


def said(heard: list[Heard]) -> str:
    return "\n".join(one.text for one in heard)


@pytest.fixture
def town(stage: Stage) -> dict[str, Chatter]:
    """Two OPD with their people, two members of TAG, two controllers."""
    stage.programme = PROGRAMME
    return {
        "siti": stage.person("Siti Rahma"),
        "budi": stage.person("Budi Hartono"),
        "wati": stage.person("Wati Ningsih", "DISDIK"),
        "rina": stage.person("Rina Dewi", role="creator"),
        "tini": stage.person("Tini Wulandari", "BAPPEDA", role="tag"),
        "toni": stage.person("Toni Saputra", "KOMINFO", role="tag"),
        "andi": stage.person("Andi Wijaya", "BAPPEDA", role="controller"),
        "desi": stage.person("Desi Anggraini", "KOMINFO", role="controller"),
    }


def the_month(stage: Stage, town: dict[str, Chatter]) -> tuple[list[int], int]:
    """December: everybody named shares, Wati misses a week, the team nominates a work of Siti. The items of
    the Dinas Kesehatan and the receipt."""
    items, receipt = [], 0
    for number, week in enumerate(WEEKS):
        made = honouring.open_week(stage, week)
        for name, minutes in (("siti", 30), ("budi", 90), ("wati", 60)):
            if (name, number) != ("wati", 2):
                honouring.shares_link(stage, town[name], minutes=minutes)
        for item, points in ((made["DINKES"], 5 - number % 2), (made[""], 2)):
            honouring.scored(stage, item, town["tini"], points, points)
        items.append(made["DINKES"])
        if number == 3:
            receipt = honouring.accepted(stage, town["siti"])
            assert f"Bukti nomor {receipt} sudah dicalonkan" in said(town["rina"].says(f"/kreatif {receipt}"))
        honouring.close(stage, week)
    return items, receipt


def scoring(judge: Chatter, *points: int) -> None:
    (card,) = judge.says("/kreatif")
    assert "Siti" not in card.text
    assert "Keaslian" in card.text
    for point in points[:-1]:
        (asked,) = judge.presses(str(point))
        assert asked.op == "edit"
    assert f"Nilai Anda tersimpan: {sum(points)} dari 15" in said(judge.presses(str(points[-1])))


def voting(stage: Stage, town: dict[str, Chatter], items: list[int]) -> None:
    """W49 to W52 were released in December: one voice each, which may be changed."""
    stage.now = months.vote_from(honouring.MONTH, PROGRAMME)
    ballot = said(town["siti"].says("/suara"))
    assert "Konten terbaik Desember 2026" in ballot
    assert "Pesan DINKES 2026-W48" not in ballot
    town["siti"].presses("Pesan DINKES 2026-W50")
    assert "sudah kami catat" in said(town["siti"].presses("Pilih konten ini"))
    town["siti"].presses("Kembali ke daftar")
    town["siti"].presses("Pesan DINKES 2026-W49")
    assert "Suara Anda sekarang untuk Pesan DINKES 2026-W49" in said(town["siti"].presses("Pilih konten ini"))
    town["budi"].presses("", action=f"vote.for:{items[1]}")


def the_list_comes(stage: Stage, town: dict[str, Chatter]) -> None:
    """On the first working day, once."""
    assert honouring.make(stage) == "version 1, 2 controllers told"
    assert honouring.make(stage) == "taken"
    assert "sedang tidak dibuka" in said(town["wati"].says("/suara"))
    for boss in ("andi", "desi"):
        assert "Daftar penghargaan Desember 2026 sudah siap" in town[boss].hears()[-1].text
    overview = said(town["andi"].presses("Lihat daftarnya"))
    assert "⏳ Konten Terbaik: Pesan DINKES 2026-W49" in overview
    assert "⏳ ASN Paling Tekun: Siti Rahma" in overview
    assert "⏳ ASN Paling Kreatif: Siti Rahma" in overview
    assert "OPD Kecil Terbaik: Dinas" in overview


def one_is_replaced(stage: Stage, town: dict[str, Chatter]) -> Certificate:
    """The controller replaces the first of a list, with a reason, and confirms who follows."""
    steady = said(town["andi"].presses("ASN paling tekun"))
    assert "Aktif 5 dari 5 minggu, 5 minggu berturut-turut" in steady
    assert "1. Siti Rahma" in steady
    assert "2. Budi Hartono" in steady
    town["andi"].presses("Ganti dengan berikutnya")
    assert "Urutan berikutnya: Budi Hartono" in said(town["andi"].says("Sudah mendapat penghargaan kreatif."))
    assert "ASN Paling Tekun: sudah disahkan" in said(town["andi"].presses("Sahkan"))
    handed = town["budi"].hears()[-1]
    assert "Selamat, Budi Hartono!" in handed.text
    paper = certificate(stage, "steady")
    assert handed.row.body["report"] == f"certificate:{paper.id}"
    assert paper.number == "001/SP/XII/2026"
    assert "Budi Hartono dari OPD Anda menerima penghargaan" in town["rina"].hears()[-1].text
    assert "Selamat" not in said(town["siti"].hears())
    return paper


def the_rest_is_confirmed(town: dict[str, Chatter], paper: Certificate) -> None:
    """Nobody confirms twice, whichever way they come."""
    again = town["desi"].presses("", action=f"award.yes:1:steady:{paper.award_id}")
    assert "sudah disahkan oleh Andi Wijaya" in said(again)
    town["desi"].says("/penghargaan")
    town["desi"].presses("Konten terbaik")
    town["desi"].presses("Sahkan")
    text = said(town["desi"].presses("Teks pengumuman"))
    assert "Konten Terbaik: “Pesan DINKES 2026-W49”, dari Dinas Kesehatan." in text
    assert "ASN Paling Tekun: Budi Hartono, dari Dinas Kesehatan." in text


def test_a_month_from_the_first_vote_to_a_stranger_who_checks_a_certificate(
    stage: Stage, town: dict[str, Chatter]
) -> None:
    items, _ = the_month(stage, town)
    scoring(town["tini"], 5, 4, 5)
    scoring(town["toni"], 4, 4, 4)
    voting(stage, town, items)
    the_list_comes(stage, town)
    paper = one_is_replaced(stage, town)
    the_rest_is_confirmed(town, paper)

    # The winner finds it again; a stranger learns that it is genuine, and nothing else.
    record = town["budi"].says("/saya")
    assert "🏆 ASN Paling Tekun, Desember 2026" in said(record)
    assert town["budi"].presses("Sertifikat 001")[0].row.body["report"] == f"certificate:{paper.id}"
    checks(stage, town, paper)
    with stage.session() as session:
        acts = set(session.scalars(select(Entry.act).where(Entry.subject.in_(("award", "certificate")))))
    assert acts == {"pass_over", "confirm", "issue", "revoke"}


def certificate(stage: Stage, category: str) -> Certificate:
    with stage.session() as session:
        return session.scalars(select(Certificate).where(Certificate.category == category)).one()


def checks(stage: Stage, town: dict[str, Chatter], paper: Certificate) -> None:
    stranger = stage.stranger()
    answer = said(stranger.says(f"/start {certificates.PREFIX}{paper.code}"))
    assert answer == (
        "✅ Sertifikat ini asli.\nNama: Budi Hartono\nPenghargaan: ASN Paling Tekun\nBulan: Desember 2026"
    )
    typed = certificates.written(paper.code).lower()
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", typed)
    assert "asli" in said(stranger.says(f"/cek {typed}"))
    numbered = said(stranger.says("/cek 1 sp xii 2026"))
    assert "Nomor 001/SP/XII/2026 memang ada pada kami.\nPenghargaan: ASN Paling Tekun" in numbered
    assert "Budi" not in numbered, "numbers can be guessed"
    for _ in range(PROGRAMME.awards.checks_per_day):
        assert "tidak kami temukan" in said(stranger.says("/cek ABCD-EFGH-JKMN-PQRS"))
    assert "Silakan coba lagi besok" in said(stranger.says(f"/cek {typed}"))
    stage.later(days=1, minutes=1)
    assert "asli" in said(stranger.says(f"/cek {typed}"))

    town["andi"].says("/penghargaan")
    town["andi"].presses("ASN paling tekun")
    town["andi"].presses("Cabut 001/SP/XII/2026")
    town["andi"].says("Datanya keliru.")
    assert "tidak berlaku lagi" in said(stranger.says(f"/cek {typed}"))
    assert "tidak berlaku lagi" in said(stranger.says("/cek OO1/SP/XII/2026"))
    assert "Datanya keliru." in town["budi"].hears()[-1].text
