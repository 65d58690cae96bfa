"""Comparing a list with the roster, and applying it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.membership import roster
from models.membership.roster import Plan
from models.messages import outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Post
from models.people import people, roles
from models.people.audit import Entry as Audit
from models.people.people import Person
from models.refused import Refused
from tests.chat import Stage

Line = tuple[str, str, str, str, str]


def _nip(number: int) -> str:
    return f"19800101200501{1 + number % 2}{number:03d}"


def _line(
    number: int, *, name: str = "", opd: str = "DINKES", phone: str = "", position: str = "Staf"
) -> Line:
    return _nip(number), name or f"Pegawai {number}", opd, phone, position


def _rows(lines: Sequence[Line]) -> list[roster.Row]:
    return [
        (number, dict(zip(roster.COLUMNS, line, strict=True))) for number, line in enumerate(lines, start=2)
    ]


def _plan(session: Session, lines: Sequence[Line]) -> Plan:
    return roster.plan(session, roster.entries(_rows(lines)))


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """Ten people of two OPD."""
    stage.agency("DINKES", "Dinas Kesehatan")
    stage.agency("BKD", "Badan Kepegawaian")
    with stage.session() as session, session.begin():
        roster.apply(session, _plan(session, LIST), stage.now)
    return stage


LIST = [
    _line(number, opd="DINKES" if number < 6 else "BKD", phone=f"08111{number:04d}") for number in range(10)
]


def test_the_first_list_makes_the_roster_and_the_same_list_changes_nothing(filled: Stage) -> None:
    with filled.session() as session, session.begin():
        person = people.with_nip(session, _nip(3))
        assert person is not None
        assert (person.name, person.phone, person.position, person.opd.code) == (
            "Pegawai 3",
            "+628111" + "0003",
            "Staf",
            "DINKES",
        )
        again = _plan(session, LIST)
        assert again.empty
        assert again.summary() == {
            "new": 0,
            "moved": 0,
            "changed": 0,
            "returned": 0,
            "left": 0,
            "rejected": 0,
            "same": 10,
            "active": 10,
            "total": 10,
        }


def test_what_is_the_same_however_it_is_written_is_no_change(filled: Stage) -> None:
    spelled = [
        (
            f"{nip[:8]} {nip[8:14]}.{nip[14]}.{nip[15:]}",
            f"  {name} ",
            opd.lower(),
            f"+62 {phone[1:]}",
            "Staf ",
        )
        for nip, name, opd, phone, _ in LIST
    ]
    with filled.session() as session:
        assert _plan(session, spelled).empty


def test_new_moved_changed_left_and_returned_are_told_apart_and_applied(filled: Stage) -> None:
    first = [*LIST[2:], _line(20)]
    first[0] = _line(2, opd="BKD", phone="081110002")
    first[1] = _line(3, name="Nama Baru", phone="081110003")
    with filled.session() as session, session.begin():
        plan = _plan(session, first)
        assert [entry.nip for entry in plan.new] == [_nip(20)]
        assert [(entry.nip, before) for entry, before in plan.moved] == [(_nip(2), "Dinas Kesehatan")]
        assert [entry.nip for entry in plan.changed] == [_nip(3)]
        assert len(plan.left) == 2
        roster.apply(session, plan, filled.now)
        gone = people.with_nip(session, _nip(0))
        assert gone is not None
        assert (gone.active, gone.left_at) == (False, filled.now)
        assert _plan(session, first).empty
    with filled.session() as session, session.begin():
        plan = _plan(session, LIST)
        assert {entry.nip for entry in plan.returned} == {_nip(0), _nip(1)}
        roster.apply(session, plan, filled.now)
        back = people.with_nip(session, _nip(0))
        assert back is not None
        assert (back.active, back.left_at) == (True, None)
        assert session.scalar(select(func.count()).select_from(Person)) == 11, "nobody is erased"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("123", "Ani", "DINKES", "", ""), "roster.nip_wrong"),
        (("1.98001012005011E+17", "Ani", "DINKES", "", ""), "roster.nip_rounded"),
        ((_nip(0), "Ani", "DINKES", "", ""), "roster.nip_twice"),
        ((_nip(50), "  ", "DINKES", "", ""), "roster.name_missing"),
        ((_nip(50), "Ani", "KOMINFO", "", ""), "roster.opd_unknown"),
        ((_nip(50), "Ani", "DINKES", "tidak punya", ""), "roster.phone_wrong"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_reason_and_harms_no_other(
    filled: Stage, line: Line, why: str
) -> None:
    with filled.session() as session:
        plan = _plan(session, [*LIST, line])
        assert [(rejected.line, rejected.why) for rejected in plan.rejected] == [(12, why)]
        assert plan.empty
        assert plan.same == 10


@pytest.mark.parametrize(
    "wrong",
    [
        (_nip(4), "Pegawai 4", "DINKES", "nol delapan", ""),
        (_nip(4)[:-1], "pegawai  4", "dinkes", "", ""),  # the NIP itself is mistyped
    ],
)
def test_somebody_whose_line_has_a_mistake_has_not_left(filled: Stage, wrong: Line) -> None:
    with filled.session() as session:
        plan = _plan(session, [*LIST[:4], wrong, *LIST[5:]])
        assert len(plan.rejected) == 1
        assert plan.left == []


@pytest.mark.parametrize(("kept", "drastic"), [(8, False), (7, True), (0, True)])
def test_losing_more_than_a_fifth_of_the_roster_is_drastic(filled: Stage, kept: int, drastic: bool) -> None:
    with filled.session() as session:
        assert _plan(session, [*LIST[:kept], _line(99)]).drastic is drastic


def test_the_first_list_is_not_drastic(stage: Stage) -> None:
    stage.agency("DINKES")
    with stage.session() as session:
        assert not _plan(session, [_line(1)]).drastic


def test_roles_end_in_the_opd_that_somebody_moved_away_from_and_nowhere_else(filled: Stage) -> None:
    with filled.session() as session, session.begin():
        person = people.with_nip(session, _nip(2))
        bkd = people.opd(session, "BKD")
        assert person is not None
        assert bkd is not None
        roles.grant(session, person, "editor", None, filled.now, by=None)
        roles.grant(session, person, "creator", bkd.id, filled.now, by=None)
        roles.grant(session, person, "leader", None, filled.now, by=None)
        moved = [*LIST[:2], _line(2, opd="BKD"), *LIST[3:]]
        roster.apply(session, _plan(session, moved), filled.now)
        assert {(role.role, role.opd_id) for role in roles.of(session, person.id)} == {
            ("creator", bkd.id),
            ("leader", None),
        }


def test_an_admin_cannot_apply_a_list_that_ends_their_own_service(filled: Stage) -> None:
    with filled.session() as session, session.begin():
        admin = people.with_nip(session, _nip(0))
        assert admin is not None
        with pytest.raises(Refused, match="without_you"):
            roster.apply(session, _plan(session, LIST[1:]), filled.now, by=admin.id)


def test_whoever_left_gets_nothing_that_was_queued(filled: Stage) -> None:
    with filled.session() as session, session.begin():
        person = people.with_nip(session, _nip(0))
        assert person is not None
        for part in ("card", "reminder"):
            outbox.queue(
                session,
                filled.now,
                part,
                "telegram",
                "1",
                Post("general.error"),
                priority=Priority.BULK,
                part=part,
                person_id=person.id,
            )
        roster.apply(session, _plan(session, LIST[1:]), filled.now)
        fates = {(row.part, row.status, row.reason) for row in session.scalars(select(Outbound))}
        assert fates == {("card", outbox.SKIPPED, "left"), ("reminder", outbox.CANCELLED, "left")}


def test_an_import_is_one_audit_row_with_its_numbers(filled: Stage) -> None:
    with filled.session() as session:
        entry = session.scalars(select(Audit).where(Audit.act == "import")).one()
        assert entry.detail["new"] == 10


def test_a_list_without_the_needed_columns_or_without_lines_is_refused() -> None:
    with pytest.raises(Refused, match="columns_missing") as refused:
        list(roster.entries([(2, {"nip": _nip(1), "hp": ""})]))
    assert refused.value.params == {"columns": ["nama", "kode_opd"]}
    with pytest.raises(Refused, match="empty_list"):
        list(roster.entries([]))
    assert next(roster.entries([(2, {"nip": "1", "nama": "A", "kode_opd": "B"})])).phone == ""


def test_opd_are_added_and_renamed_by_code(stage: Stage) -> None:
    stage.agency("DINKES", "Dinas Kesehatan")
    rows: list[roster.Row] = [
        (2, {"kode": "dinkes ", "nama": "Dinas Kesehatan Provinsi"}),
        (3, {"kode": "BKD", "nama": "Badan Kepegawaian"}),
        (4, {"kode": "BKD", "nama": "Sekali lagi"}),
        (5, {"kode": "", "nama": "Tanpa kode"}),
    ]
    assert roster.is_agencies(rows)
    assert not roster.is_agencies(_rows(LIST))
    with stage.session() as session, session.begin():
        changes, rejected = roster.plan_agencies(session, roster.agency_rows(rows))
        assert changes == {"DINKES": "Dinas Kesehatan Provinsi", "BKD": "Badan Kepegawaian"}
        assert [(line.line, line.why) for line in rejected] == [
            (4, "roster.opd_twice"),
            (5, "roster.opd_incomplete"),
        ]
        roster.apply_agencies(session, changes, stage.now)
        assert roster.plan_agencies(session, roster.agency_rows(rows[:2])) == ({}, [])
    with pytest.raises(Refused, match="columns_missing"):
        list(roster.agency_rows([(2, {"kode": "X"})]))
