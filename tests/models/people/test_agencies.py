"""Finding an OPD by what people type, and its deep link."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.people import agencies
from models.people.people import Opd
from tests.chat import Stage

KNOWN = {
    "DINKES": "Dinas Kesehatan",
    "DISDIK": "Dinas Pendidikan",
    "DISHUB": "Dinas Perhubungan",
    "1.02.0": "Badan Kepegawaian Daerah",
    "RSUD": "RSUD Raden Mattaher",
}


@pytest.fixture
def stage_of_agencies(stage: Stage) -> Stage:
    for code, name in KNOWN.items():
        stage.agency(code, name)
    return stage


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("dinkes", ["DINKES"]),
        ("Dinas  Pendidikan", ["DISDIK"]),
        ("didik", ["DISDIK"]),
        ("kepegawaian badan", ["1.02.0"]),
        ("rsud", ["RSUD"]),
        ("dinas", ["DINKES", "DISDIK", "DISHUB"]),
        ("", []),
        ("kominfo", []),
    ],
)
def test_an_opd_is_found_by_code_or_part_of_its_name(
    stage_of_agencies: Stage, written: str, codes: list[str]
) -> None:
    with stage_of_agencies.session() as session:
        assert [opd.code for opd in agencies.find(session, written)] == codes


def test_a_mistyped_opd_is_guessed(stage_of_agencies: Stage) -> None:
    with stage_of_agencies.session() as session:
        assert agencies.near(session, "dinas kesehtan")[0].code == "DINKES"
        assert agencies.near(session, "zzzz") == []


def test_a_deep_link_leads_back_to_its_opd(stage_of_agencies: Stage) -> None:
    with stage_of_agencies.session() as session:
        for code in KNOWN:
            carried = agencies.payload(Opd(code=code, name=""))
            found = agencies.invited(session, carried)
            assert found is not None
            assert found.code == code
        assert agencies.invited(session, "opd_dinkes") is not None
        assert agencies.invited(session, "opd_NONE") is None
        assert agencies.invited(session, "DINKES") is None
        assert agencies.invited(session, "") is None


def test_a_link_that_could_be_two_opd_is_none(stage: Stage) -> None:
    stage.agency("1.02", "Satu")
    stage.agency("1-02", "Dua")
    with stage.session() as session:
        assert agencies.invited(session, "opd_1-02") is None


@given(st.text(min_size=1, max_size=100))
def test_a_payload_is_always_one_that_telegram_takes(code: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", agencies.payload(Opd(code=code, name="")))
