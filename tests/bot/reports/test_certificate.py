"""The certificate: the right words, the right code, whatever somebody is called."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.files.media import Store
from bot.reports import certificate, makers
from bot.reports.certificate import Words
from models.people.people import Person
from models.recognition import certificates
from tests.bot.reports import reference, sample
from tests.bot.reports.reference import MADE
from tests.bot.reports.test_poster import POINTS, expected_code, page, words
from tests.chat import Stage
from tests.models.recognition.test_certificates import issued

LINK = reference.WORDS.link


def sample_words(name: str = "Siti Rahma", line: str = "Dinas Kesehatan") -> Words:
    return replace(reference.WORDS, name=name, line=line)


def said(pdf: bytes) -> str:
    return " ".join(run.text.strip() for run in words(pdf))


def code(pdf: bytes) -> list[list[bool]]:
    """The code as it stands on the page, module by module, from its filled rectangles."""
    number = rb"([\d.-]+)"
    found = re.findall(number + b" " + number + b" " + number + rb" (-[\d.]+) re f", page(pdf))
    boxes = [tuple(float(part) for part in box) for box in found]
    expected = len(expected_code(LINK))
    left, top = min(box[0] for box in boxes), max(box[1] for box in boxes)
    module = (max(box[0] + box[2] for box in boxes) - left) / expected
    matrix = [[False] * expected for _ in range(expected)]
    for x, y, width, _ in boxes:
        for step in range(round(width / module)):
            matrix[round((top - y) / module)][round((x - left) / module) + step] = True
    return matrix


def test_the_paper_says_who_what_for_and_how_to_check_it() -> None:
    text = said(certificate.pdf(sample_words(), MADE))
    for part in (
        "SERTIFIKAT PENGHARGAAN", "Nomor 003/SP/XI/2026", "Siti Rahma", "Dinas Kesehatan",
        "ASN Paling Tekun bulan November 2026", "Disahkan pada 1 Desember 2026", "@satupesan_bot",
        "/cek ABCD-EFGH-JKMN-PQRS", "Pemerintah Provinsi Jambi",
    ):  # fmt: skip
        assert part in text


def test_who_has_only_whatsapp_reads_the_number_to_ask_there() -> None:
    assert "WhatsApp" not in said(certificate.pdf(sample_words(), MADE))
    runs = words(certificate.pdf(replace(sample_words(), whatsapp="6281100000001"), MADE))
    text = " ".join(run.text.strip() for run in runs)
    assert "@satupesan_bot di Telegram atau +6281100000001 di WhatsApp:" in text
    (shown,) = [run for run in runs if "/cek" in run.text]
    assert shown.y > (210 - 182) * POINTS  # not below the picture of the code


def test_the_code_on_the_paper_opens_the_check() -> None:
    assert code(certificate.pdf(sample_words(), MADE)) == expected_code(LINK)


def test_the_same_certificate_is_the_same_file() -> None:
    assert certificate.pdf(sample_words(), MADE) == certificate.pdf(sample_words(), MADE)


@pytest.mark.parametrize(
    "name",
    [
        "Ani",
        "Prof. Dr. dr. Raden Mas Muhammad Ahmad Syarifuddin Prawiranegara Kusumawardhani, Sp.PD., M.Kes.",
        *sorted(sample.NAMES, key=len)[-2:],
    ],
)
def test_a_name_of_any_length_fits_its_place_whole(name: str) -> None:
    runs = words(certificate.pdf(sample_words(name, line=name), MADE))
    assert " ".join(name.split()) in " ".join(run.text.strip() for run in runs)
    assert all(run.x >= 28 * POINTS for run in runs)
    named = [run for run in runs if run.size > 14 and run.text.strip() in name]
    assert named
    assert min(run.y for run in named) > (210 - 107) * POINTS  # above the line below it


def test_signs_that_the_typeface_lacks_are_left_out() -> None:
    assert "Siti Rahma" in said(certificate.pdf(sample_words("Siti 🚀 Rahma"), MADE))


def test_the_sender_makes_the_paper_of_a_stored_certificate(stage: Stage, tmp_path: object) -> None:
    paper = issued(stage, stage.person("Siti Rahma"))
    made = makers.makers(
        Store(f"file://{tmp_path}", max_bytes=10**7, at_once=1), "satupesan_bot", ZoneInfo("Asia/Jakarta"),
        "6281100000001",
    )  # fmt: skip
    with stage.session() as session:
        found = made["certificate"](session, str(paper.id), stage.now)
        assert session.get(Person, 1) is not None
    assert (found.kind, found.mime, found.name) == (
        "document",
        "application/pdf",
        "sertifikat-001-SP-XI-2026.pdf",
    )
    text = said(found.data)
    assert certificates.written(paper.code) in text
    assert "Siti Rahma" in text
    assert "+6281100000001 di WhatsApp" in text
    assert "Disahkan pada 25 November 2026" in text
