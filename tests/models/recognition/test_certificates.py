"""The number and the code of a certificate, and how often somebody may guess."""

import re
from datetime import timedelta

import pytest

from models.people import agencies, people
from models.people.people import Person
from models.programme.programme import Programme
from models.recognition import awards, certificates
from models.recognition.awards import Award, AwardList
from models.recognition.certificates import Certificate
from tests.casting import refusal
from tests.chat import Chatter, Stage

PROGRAMME = Programme()


def issued(stage: Stage, who: Chatter, month: str = "2026-11") -> Certificate:
    """A certificate for somebody, issued by themselves."""
    with stage.session() as session, session.begin():
        of = awards.newest(session, month)
        if of is None:
            of = AwardList(month=month, version=1, rules=awards.RULES, facts={}, at=stage.now)
            session.add(of)
            session.flush()
        row = Award(list_id=of.id, category="steady", place=1, person_id=who.person_id, figures={})
        session.add(row)
        session.flush()
        by = session.get_one(Person, who.person_id)
        return certificates.issue(session, row, by, stage.now, PROGRAMME)


def look(stage: Stage, who: Chatter, typed: str) -> str | None:
    """Whose certificate somebody finds with a code."""
    with stage.session() as session, session.begin():
        account = people.meet(session, "telegram", str(who.chat), who.name, stage.now)
        session.flush()
        found = certificates.look_up(session, account, typed, stage.now, PROGRAMME)
        return found.name if found else None


def test_numbers_begin_anew_with_every_month(stage: Stage) -> None:
    siti, budi = stage.person("Siti"), stage.person("Budi")
    numbers = [issued(stage, who, month).number for month in ("2026-11", "2027-01") for who in (siti, budi)]
    assert numbers == ["001/SP/XI/2026", "002/SP/XI/2026", "001/SP/I/2027", "002/SP/I/2027"]


def test_a_code_is_made_of_letters_that_nobody_mistakes_and_never_the_same(stage: Stage) -> None:
    siti = stage.person("Siti")
    codes = [issued(stage, siti).code for _ in range(20)]
    assert len(set(codes)) == 20
    for code in codes:
        assert re.fullmatch(r"[A-HJKMNP-Z2-9]{16}", code)
        payload = certificates.link("satupesan_bot", code).partition("start=")[2]
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)  # what a deep link may carry
        assert not payload.lower().startswith(agencies.PREFIX)


def test_a_code_is_found_however_it_is_typed(stage: Stage) -> None:
    siti, stranger = stage.person("Siti"), stage.stranger()
    code = issued(stage, siti).code
    for typed in (
        code,
        code.lower(),
        certificates.written(code),
        f"  {certificates.written(code)} ",
        " ".join(code),
        certificates.link("satupesan_bot", code),
        f"{certificates.PREFIX}{code}",
    ):
        assert look(stage, stranger, typed) == "Siti"


def test_a_q_that_was_read_as_an_o_or_a_zero_is_a_q(stage: Stage) -> None:
    siti, stranger = stage.person("Siti"), stage.stranger()
    number = issued(stage, siti).id
    with stage.session() as session, session.begin():
        session.get_one(Certificate, number).code = "ABQDEFGHJKMNPQRS"
    for typed in ("ABOD-EFGH-JKMN-PQRS", "ab0d efgh jkmn p0rs"):
        assert look(stage, stranger, typed) == "Siti"


NUMBERS = (
    "003/SP/XI/2026", "3/SP/XI/2026", "3/sp/xi/2026", " 003 / SP / XI / 2026 ", "3 sp xi 2026",
    "OO3/SP/XI/2O26", "003-SP-XI-2026", "003SPXI2026", "03/SP/X1/2026", "3/sp/xl/2026",
    "Nomor 003/SP/XI/2026", "no. 3 SP XI 2026",
)  # fmt: skip


@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_is_found_with_or_without_its_zeros_in_whatever_hand(stage: Stage, typed: str) -> None:
    siti, budi, wati = (stage.person(name) for name in ("Siti", "Budi", "Wati"))
    for who in (siti, budi, wati):
        issued(stage, who)
    issued(stage, siti, "2026-12")
    assert look(stage, stage.stranger(), typed) == "Wati"


@pytest.mark.parametrize(
    "typed",
    [
        "4/SP/XI/2026",
        "003/SP/XII/2026",
        "003/SP/XIII/2026",
        "003/SP/XI/2027",
        "003",
        "3/XI/2026",
        "SP/XI/2026",
    ],
)
def test_another_number_finds_nothing_and_counts_as_a_try(stage: Stage, typed: str) -> None:
    stranger = stage.stranger()
    for name in ("Siti", "Budi", "Wati"):
        issued(stage, stage.person(name))
    for _ in range(PROGRAMME.awards.checks_per_day):
        assert look(stage, stranger, typed) is None
    assert refusal(look, stage, stranger, "003/SP/XI/2026") == "certificate.too_often"


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH-JKMN-PQRS", "'; DROP TABLE certificate; --", "🏆", "A" * 5000]
)
def test_anything_else_finds_nothing(stage: Stage, typed: str) -> None:
    issued(stage, stage.person("Siti"))
    assert look(stage, stage.stranger(), typed) is None


def test_wrong_codes_are_limited_for_each_account_and_day_and_right_ones_are_not(stage: Stage) -> None:
    siti, stranger, other = stage.person("Siti"), stage.stranger(), stage.stranger()
    code = issued(stage, siti).code
    for _ in range(3 * PROGRAMME.awards.checks_per_day):
        assert look(stage, stranger, code) == "Siti"
    for _ in range(PROGRAMME.awards.checks_per_day):
        assert look(stage, stranger, "ABCD") is None
    assert refusal(look, stage, stranger, code) == "certificate.too_often"
    assert look(stage, other, code) == "Siti"
    stage.now += timedelta(days=1)
    assert look(stage, stranger, code) == "Siti"
