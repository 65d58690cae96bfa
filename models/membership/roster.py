"""The roster of people: what a new list would change, and changing it.

A list is compared with what is there (`plan`), shown, and applied in one transaction. The same list
again changes nothing. Who is not on it any more is deactivated, never erased.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.membership import leaving
from models.people import audit, people, roles, whereabouts
from models.people.people import Opd, Person
from models.refused import Refused
from models.shares import inspections

T = TypeVar("T")
Row = tuple[int, Mapping[str, str]]
COLUMNS = ("nip", "nama", "kode_opd", "hp", "jabatan")
NEEDED = COLUMNS[:3]
DRASTIC = 0.2  # a list that would end the service of a larger share of the roster is asked about twice


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of people, as it was written. `line` counts from 1 with the header."""

    line: int
    nip: str
    name: str
    opd: str
    phone: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that cannot be used, and the key of the sentence that says why."""

    line: int
    why: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What applying a list would do. Nothing has been changed yet. `active` people are on the roster now."""

    new: list[Entry] = field(default_factory=list)
    moved: list[tuple[Entry, str]] = field(default_factory=list)  # with the OPD they come from
    changed: list[Entry] = field(default_factory=list)
    returned: list[Entry] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # person ids
    same: int = 0
    active: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.new or self.moved or self.changed or self.returned or self.left)

    @property
    def drastic(self) -> bool:
        """Whether it would deactivate so many that it might be the wrong file."""
        return len(self.left) > DRASTIC * self.active

    def summary(self) -> dict[str, int]:
        """How many people of each kind; `total` are the lines of the list."""
        counts = {name: len(getattr(self, name)) for name in (*_CHANGES, "left", "rejected")}
        total = sum(counts[name] for name in (*_CHANGES, "rejected")) + self.same
        return {**counts, "same": self.same, "active": self.active, "total": total}


_CHANGES = ("new", "moved", "changed", "returned")


def entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """The people of a table of (line, column → text).

    Raises Refused when it has no line, or its first line lacks a column that is needed.
    """
    line = 0
    for line, row in rows:
        if missing := [name for name in NEEDED if name not in row]:
            raise Refused("roster.columns_missing", columns=missing)
        nip, name, opd, phone, position = (row.get(column) or "" for column in COLUMNS)
        yield Entry(line, nip, name, opd, phone, position)
    if not line:
        raise Refused("roster.empty_list")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the roster has of somebody."""

    id: int
    active: bool
    opd_id: int
    values: tuple[str, str, str]  # name, phone, position


def plan(session: Session, entries_: Iterable[Entry]) -> Plan:
    """Compares a list with the roster. A line that is wrong is rejected and harms no other."""
    result = Plan()
    agencies = {opd.code.upper(): opd for opd in session.scalars(select(Opd))}
    known = _known(session)
    seen: dict[str, int] = {}
    namesakes: set[tuple[str, str]] = set()
    for entry in entries_:
        checked = _check(entry, agencies, seen)
        if isinstance(checked, Rejected):
            result.rejected.append(checked)
            # Somebody whose line has a mistake, be it in the NIP itself, has not left.
            seen.setdefault(re.sub(r"\D", "", entry.nip), entry.line)
            namesakes.add((_folded(entry.name), entry.opd.strip().upper()))
            continue
        seen[checked.nip] = entry.line
        _compare(result, checked, known.get(checked.nip), agencies)
    codes = {opd.id: code for code, opd in agencies.items()}
    for nip, person in known.items():
        result.active += person.active
        spared = nip in seen or (_folded(person.values[0]), codes[person.opd_id]) in namesakes
        if person.active and not spared:
            result.left.append(person.id)
    return result


def _known(session: Session) -> dict[str, _Known]:
    rows = session.execute(
        select(
            Person.nip, Person.id, Person.active, Person.opd_id, Person.name, Person.phone, Person.position
        ).where(Person.nip.is_not(None))
    )
    return {
        nip: _Known(person_id, active, opd_id, (name, phone, position))
        for nip, person_id, active, opd_id, name, phone, position in rows
        if nip is not None
    }


def _folded(name: str) -> str:
    return " ".join(name.lower().split())


def _check(entry: Entry, agencies: Mapping[str, Opd], seen: Mapping[str, int]) -> Entry | Rejected:
    try:
        nip = people.nip(entry.nip)
    except Refused:
        rounded = re.search(r"[0-9][eE][+]?1[0-9]$", entry.nip.strip())
        return Rejected(entry.line, "roster.nip_rounded" if rounded else "roster.nip_wrong")
    if nip in seen:
        return Rejected(entry.line, "roster.nip_twice", {"other": seen[nip]})
    if not entry.name.strip():
        return Rejected(entry.line, "roster.name_missing")
    code = entry.opd.strip().upper()
    if code not in agencies:
        return Rejected(entry.line, "roster.opd_unknown", {"code": entry.opd.strip()})
    try:
        phone = people.phone(entry.phone) if entry.phone.strip() else ""
    except ValueError:
        return Rejected(entry.line, "roster.phone_wrong", {"phone": entry.phone.strip()})
    return Entry(entry.line, nip, " ".join(entry.name.split()), code, phone, " ".join(entry.position.split()))


def _compare(result: Plan, entry: Entry, person: _Known | None, agencies: Mapping[str, Opd]) -> None:
    if person is None:
        result.new.append(entry)
    elif not person.active:
        result.returned.append(entry)
    elif person.opd_id != agencies[entry.opd].id:
        result.moved.append((entry, next(opd.name for opd in agencies.values() if opd.id == person.opd_id)))
    elif person.values != (entry.name, entry.phone, entry.position):
        result.changed.append(entry)
    else:
        result.same += 1


def apply(session: Session, plan_: Plan, now: datetime, *, by: int | None = None) -> None:
    """Makes the roster what the list says. Whoever left gets nothing any more, but stays in history.

    Raises Refused where the list would deactivate the person who applies it. Roles in the team of an
    OPD end for those who moved away from it; those of somebody who left sleep until they return.
    """
    if by in plan_.left:
        raise Refused("roster.without_you")
    agencies = {opd.code.upper(): opd.id for opd in session.scalars(select(Opd))}
    if plan_.new:
        session.execute(insert(Person), [_row(entry, agencies[entry.opd], now) for entry in plan_.new])
    differing = [*(entry for entry, _ in plan_.moved), *plan_.changed, *plan_.returned]
    back: list[int] = []
    for entry, person in _with_people(session, differing):
        if person.opd_id != agencies[entry.opd]:
            roles.end_in(session, person.id, person.opd_id, now, by=by)
        person.name, person.phone, person.position = entry.name, entry.phone, entry.position
        if not person.active:
            back.append(person.id)
        whereabouts.note(session, person, agencies[entry.opd], now, by)
        person.opd_id, person.active, person.left_at = agencies[entry.opd], True, None
    session.flush()
    for part in _batches(back):
        inspections.reopen(session, part, now)
    for part in _batches(plan_.left):
        session.execute(update(Person).where(Person.id.in_(part)).values(active=False, left_at=now))
    if plan_.left:
        leaving.after_roster(session)
        inspections.void_left(session, now)
    counts: dict[str, Any] = plan_.summary()
    audit.record(session, now, "import", "person", "roster", by=by, **counts)
    session.flush()


def _with_people(session: Session, wanted: Sequence[Entry]) -> Iterator[tuple[Entry, Person]]:
    for part in _batches(wanted):
        chosen = select(Person).where(Person.nip.in_([entry.nip for entry in part]))
        found = {person.nip: person for person in session.scalars(chosen)}
        yield from ((entry, found[entry.nip]) for entry in part)


def _batches(things: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """A database takes only so many parameters at once (SQLite 32,766)."""
    for first in range(0, len(things), size):
        yield things[first : first + size]


def _row(entry: Entry, opd_id: int, now: datetime) -> dict[str, object]:
    return {
        "nip": entry.nip,
        "name": entry.name,
        "opd_id": opd_id,
        "phone": entry.phone,
        "position": entry.position,
        "active": True,
        "saver": False,
        "consent_version": "",
        "created_at": now,
    }


def is_agencies(rows: Iterable[Row]) -> bool:
    """Whether a table lists OPD (columns kode and nama) and not people."""
    first = next(iter(rows), None)
    return first is not None and "nip" not in first[1] and "kode" in first[1]


def agency_rows(rows: Iterable[Row]) -> Iterator[tuple[int, str, str]]:
    """The OPD of a table as (line, code, name). Raises Refused when a column is missing."""
    for line, row in rows:
        if missing := [name for name in ("kode", "nama") if name not in row]:
            raise Refused("roster.columns_missing", columns=missing)
        yield line, row["kode"] or "", row["nama"] or ""


def plan_agencies(
    session: Session, rows: Iterable[tuple[int, str, str]]
) -> tuple[dict[str, str], list[Rejected]]:
    """The OPD of a list of (line, code, name) that are new or renamed, and the lines that are wrong."""
    known = {opd.code.upper(): opd.name for opd in session.scalars(select(Opd))}
    wanted: dict[str, str] = {}
    rejected = []
    for line, written, name in rows:
        code = written.strip().upper()
        if not code or not name.strip():
            rejected.append(Rejected(line, "roster.opd_incomplete"))
        elif code in wanted:
            rejected.append(Rejected(line, "roster.opd_twice", {"code": code}))
        else:
            wanted[code] = name.strip()
    return {code: name for code, name in wanted.items() if known.get(code) != name}, rejected


def apply_agencies(
    session: Session, changes: Mapping[str, str], now: datetime, *, by: int | None = None
) -> None:
    """Adds and renames OPD by code."""
    known = {opd.code.upper(): opd for opd in session.scalars(select(Opd))}
    for code, name in changes.items():
        if code in known:
            known[code].name = name
        else:
            session.add(Opd(code=code, name=name))
    session.flush()
    if changes:
        audit.record(session, now, "import", "opd", "roster", by=by, count=len(changes))
