"""NIP, phones, names, accounts and consent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.membership import consents
from models.membership.consents import Consent
from models.people import people
from models.people.people import Account, Person
from models.refused import Refused
from tests.chat import WEDNESDAY, Stage


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("198001012005011001", "198001012005011001"),  # PNS: appointed 2005-01, a man, serial 001
        ("19800101 200501 1 001", "198001012005011001"),
        ("19800101.200501.1.001", "198001012005011001"),
        (" 19800101-200501-2-999\n", "198001012005012999"),
        ("199203152023211004", "199203152023211004"),  # PPPK: digits 13-14 are 21, no month
        ("200002292024991001", "200002292024991001"),  # born on a leap day
    ],
)
def test_a_nip_is_read_however_it_is_written(written: str, digits: str) -> None:
    assert people.nip(written) == digits


@pytest.mark.parametrize(
    "written",
    [
        "",
        "nip saya",
        "19800101200501100",  # 17 digits
        "1980010120050110011",  # 19 digits
        "198013012005011001",  # month 13
        "198002302005011001",  # 30 February
        "190002292005011001",  # 1900 was no leap year
        "198001012005013001",  # sex 3
        "198001011979011001",  # appointed before birth
        "189901011950011001",  # born in the century before last
        "١٩٨٠٠١٠١٢٠٠٥٠١١٠٠١",  # digits, but not ours
        "1980O1O12OO5O11OO1",
        "1.98001012005011E+17",
        "198001012005011001 198001012005011001",
    ],
)
def test_what_is_no_nip_is_refused(written: str) -> None:
    with pytest.raises(Refused, match=r"joining\.nip_wrong"):
        people.nip(written)


_born = st.dates(date(1950, 1, 1), date(2006, 12, 31))


@given(
    _born,
    st.integers(2007, 2100),
    st.integers(0, 99),
    st.sampled_from("12"),
    st.integers(0, 999),
    st.sampled_from(["{0} {1} {2} {3}", "{0}.{1}.{2}.{3}", "{0}{1}{2}{3}", " {0}-{1} {2}.{3} "]),
)
def test_every_nip_of_pns_and_pppk_survives_its_spelling(
    born: date, year: int, month_or_contract: int, sex: str, serial: int, spelling: str
) -> None:
    parts = f"{born:%Y%m%d}", f"{year}{month_or_contract:02d}", sex, f"{serial:03d}"
    assert people.nip(spelling.format(*parts)) == "".join(parts)


@given(st.text(max_size=30))
def test_any_text_is_a_nip_of_18_digits_or_refused(text: str) -> None:
    try:
        found = people.nip(text)
    except Refused:
        return
    assert len(found) == 18
    assert found.isascii()
    assert found.isdecimal()


@pytest.mark.parametrize(
    "written",
    [
        "0813.1703.6688",
        "+62 813-1703-6688",
        "6281317036688",
        "81317036688",  # a spreadsheet ate the zero
        " 0813 1703 6688 ",
        "(0813) 1703-6688",
        "'081317036688",
    ],
)
def test_a_phone_is_one_person_however_it_is_written(written: str) -> None:
    assert people.phone(written) == "+6281317036688"


@pytest.mark.parametrize(
    "written", ["", "-", "tidak ada", "08", "0813", "081317036688 / 085212345678", "6.28E+12"]
)
def test_what_is_no_phone_is_an_error(written: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        people.phone(written)


def test_a_foreign_number_keeps_its_country() -> None:
    assert people.phone("+60 12-345 6789") == "+60123456789"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Siti Rahma", "Siti R."),
        ("Suparman", "Suparman"),
        ("Drs. H. Ahmad Fauzi, M.Si", "Ahmad F."),
        ("dr. Ratna Dewi Lestari, Sp.A", "Ratna D."),
        ("Hj.", "Hj."),
    ],
)
def test_a_short_name_is_enough_for_its_owner(name: str, short: str) -> None:
    assert people.short_name(name) == short


def _account(session: Session, address: str) -> Account:
    return people.meet(session, "telegram", address, "Siti", WEDNESDAY)


def _person(session: Session, person_id: int | None) -> Person:
    return session.get_one(Person, person_id)


def test_a_family_phone_finds_everybody_who_is_still_there(stage: Stage) -> None:
    stage.person("Siti Rahma", joined=False, phone="+628111")
    stage.person("Budi Rahma", joined=False, phone="+628111")
    gone = stage.person("Ani Rahma", joined=False, phone="+628111")
    with stage.session() as session, session.begin():
        _person(session, gone.person_id).active = False
        assert [person.name for person in people.with_phone(session, "+628111")] == [
            "Budi Rahma",
            "Siti Rahma",
        ]
        assert people.with_phone(session, "") == []


def test_a_person_has_one_account_a_channel_and_the_older_is_let_go(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", chat=501)
    with stage.session() as session, session.begin():
        new = _account(session, "502")
        let_go = people.link(session, new, _person(session, siti.person_id), stage.now)
        assert [account.address for account in let_go] == ["501"]
        assert let_go[0].person_id is None
        assert people.link(session, new, _person(session, siti.person_id), stage.now) == []


def test_a_consent_is_a_row_and_is_not_given_twice(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", chat=501)
    with stage.session() as session, session.begin():
        account = _account(session, "501")
        consents.give(session, account, stage.programme.consent_version, stage.now)
        assert people.takes_part(account.person, stage.programme.consent_version)
        assert not people.takes_part(account.person, "2027-01")
        consents.give(session, account, "2027-01", stage.now)
        assert people.takes_part(account.person, "2027-01")
        consents.withdraw(session, account, stage.now)
        assert not people.takes_part(account.person, "2027-01")
    with stage.session() as session:
        rows = session.scalars(
            select(Consent).where(Consent.person_id == siti.person_id).order_by(Consent.id)
        )
        assert [(row.version, row.given) for row in rows] == [
            (stage.programme.consent_version, True),
            ("2027-01", True),
            ("2027-01", False),
        ]


def test_nobody_consents_for_an_account_that_is_nobodys_or_of_somebody_who_left(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", chat=501, joined=False)
    with stage.session() as session, session.begin():
        account = _account(session, "501")
        with pytest.raises(Refused, match="not_linked"):
            consents.give(session, account, stage.programme.consent_version, stage.now)
        person = _person(session, siti.person_id)
        people.link(session, account, person, stage.now)
        person.active = False
        with pytest.raises(Refused, match="not_linked"):
            consents.give(session, account, stage.programme.consent_version, stage.now)
        with pytest.raises(Refused, match="not_joined"):
            consents.withdraw(session, account, stage.now)


def test_a_blocked_account_is_out_of_reach_until_it_writes_again(stage: Stage) -> None:
    siti = stage.person("Siti Rahma", chat=501)
    assert siti.person_id is not None
    with stage.session() as session, session.begin():
        people.block(session, "telegram", "501", stage.now)
        assert people.reachable(session, siti.person_id) is None
        people.unblock(_account(session, "501"))
        session.flush()
        found = people.reachable(session, siti.person_id)
        assert found is not None
        assert found.address == "501"


def test_people_are_found_by_every_word_of_a_name(stage: Stage) -> None:
    for name in ("Siti Rahma", "Siti Rahmawati", "Siti Aminah", "100% Siti_"):
        stage.person(name, joined=False)
    stage.person("Siti Rahma", opd="BKD", joined=False)
    with stage.session() as session:
        named, total = people.named(session, "rahma siti")
        assert [person.name for person in named] == ["Siti Rahma", "Siti Rahma", "Siti Rahmawati"]
        assert total == 3
        assert people.named(session, "siti", most=2)[1] == 5
        assert [person.name for person in people.named(session, "100%")[0]] == ["100% Siti_"]
        bkd = people.opd(session, "bkd")
        assert bkd is not None
        assert people.named(session, "siti", [bkd.id])[1] == 1
