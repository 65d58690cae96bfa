"""Who began, who stopped, and how those who joined together hold out; none of it depends on how long the
history is."""

from collections.abc import Iterable

from models.figures import headcounts
from models.figures.headcounts import Headcount
from models.figures.weekly import Cohort, Cohorts


def of(heads: Iterable[Headcount]) -> Cohorts:
    """New and stopped people of a week, and its share of those who joined in each month."""
    heads = list(heads)
    return {"new": new(heads), "stopped": stopped(heads), "months": months(heads)}


def new(heads: Iterable[Headcount]) -> int:
    """Active people who were active in no closed week before."""
    return sum(head.number for head in heads if head.standing == headcounts.NEW)


def stopped(heads: Iterable[Headcount]) -> int:
    """People of the roster who were active in one of the four weeks that end two weeks before the week, and
    in neither of the last two."""
    return sum(head.number for head in heads if head.standing == headcounts.STOPPED)


def months(heads: Iterable[Headcount]) -> list[Cohort]:
    """The people of the roster by the month in which they joined, oldest first, and who of them is active.

    Months are those of the programme's time zone; what lies further back than `headcounts.MONTHS` is one
    cohort, first and without a name.
    """
    people: dict[str, list[Headcount]] = {}
    for head in heads:
        if head.month is not None:
            people.setdefault(head.month, []).append(head)
    return [
        {"month": month, "people": headcounts.roster(of), "active": headcounts.active(of)}
        for month, of in sorted(people.items())
    ]
