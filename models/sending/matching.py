"""Which of the messages that a provider lists are rows of unknown fate (models/sending/settling.py)."""

from collections.abc import Collection, Mapping, Sequence

from models.sending.settling import ANY, CLOCKS, FILE, Found, Listed, Unknown, fingerprint


def match(
    unknown: Sequence[Unknown], listed: Sequence[Listed], taken: Collection[str] = ()
) -> dict[int, Found]:
    """What of each row is out, by row id. Of rows that are missing nothing new was found.

    A message is one piece at the most, and of those that fit the oldest; `taken` are those of other rows.
    Pieces with words choose before files without, and those before what could be anything. Pieces go out one
    after the other: what comes before one that was found is out as well.
    """
    free = sorted((one for one in listed if one.external_id not in taken), key=lambda one: one.created_at)
    wanted = [(row, nth) for row in unknown for nth in range(len(row.out), len(row.marks))]
    found: dict[int, dict[int, str]] = {}
    for row, nth in sorted(wanted, key=lambda one: (_rank(one[0].marks[one[1]]), one[0].tried_at, one[0].id)):
        for one in free:
            if _fits(row, row.marks[nth], one):
                found.setdefault(row.id, {})[nth] = one.external_id
                free.remove(one)
                break
    rows = {row.id: row for row in unknown}
    return {number: _found(rows[number], places) for number, places in found.items()}


def _found(row: Unknown, places: Mapping[int, str]) -> Found:
    last = max(places)
    names = (*row.out, *(places.get(nth, "") for nth in range(len(row.out), last + 1)))
    return Found(names, last == len(row.marks) - 1)


def _rank(mark_: str) -> int:
    return {FILE: 1, ANY: 2}.get(mark_, 0)


def _fits(row: Unknown, mark_: str, one: Listed) -> bool:
    if one.address != row.address or one.created_at < row.tried_at - CLOCKS:
        return False
    if mark_ == FILE:
        return one.file or not one.body.strip()
    return mark_ in (ANY, fingerprint(one.address, one.body))
