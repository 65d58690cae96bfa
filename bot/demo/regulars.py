"""Who is said to have shared in the weeks before the demo: mostly the same people, as it is in life."""

import random
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.figures import headcounts
from models.figures.weekly import Cohort, Cohorts
from models.people.people import Opd, Person
from models.programme import months
from models.programme.programme import Programme

STEADY = 0.9  # of those who shared in a week do so in the next one


@dataclass(slots=True)
class Regulars:
    """The people of each OPD who had joined by then, in the order in which they took to it; and week by week
    who of them shared, as their ids."""

    by_opd: dict[str, list[int]]
    opd_of: dict[int, int]
    month_of: dict[int, str]
    dice: random.Random
    weeks: list[set[int]] = field(default_factory=list)
    _coming: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, session: Session, seed: int, programme: Programme) -> "Regulars":
        dice = random.Random(seed)
        by_opd: dict[str, list[int]] = {}
        opd_of, month_of = dict[int, int](), dict[int, str]()
        joined = (
            select(Person.id, Person.opd_id, Opd.code, Person.joined_at)
            .join(Opd, Opd.id == Person.opd_id)
            .where(Person.active, Person.joined_at.is_not(None))
            .order_by(Person.id)
        )
        for number, opd_id, code, at in session.execute(joined):
            by_opd.setdefault(code, []).append(number)
            opd_of[number] = opd_id
            month_of[number] = months.of(at, programme) if at else ""
        for people in by_opd.values():
            dice.shuffle(people)
        return cls(by_opd, opd_of, month_of, dice)

    def share(self, code: str, number: int) -> int:
        """Has so many people of an OPD share in the next week, all that have joined at the most; how many."""
        people = self.by_opd.get(code, [])
        before = self.weeks[-1] if self.weeks else set()
        again = {one: None for one in people if one in before and self.dice.random() < STEADY}
        others = [one for one in people if one not in again]
        # Who had stopped comes back last.
        others.sort(key=lambda one: any(one in week for week in self.weeks))
        chosen = [*again, *others][:number]
        self._coming.update(chosen)
        return len(chosen)

    def rows(self, week: str) -> list[dict[str, object]]:
        """The week is over: its participations."""
        self.weeks.append(self._coming)
        self._coming = set()
        return [
            {"week": week, "person_id": number, "opd_id": self.opd_of[number]}
            for number in sorted(self.weeks[-1])
        ]

    def cohorts(self, known: Cohorts) -> Cohorts:
        """What the figures of that week say of them; `known` has the people by month of joining."""
        earlier = set[int]().union(*self.weeks)
        lately = [*self.weeks, self._coming][-headcounts.QUIET_WEEKS :]
        stopped = earlier.difference(*lately)
        active = Counter(self.month_of[number] for number in self._coming)
        by_month: list[Cohort] = [{**one, "active": active[one["month"]]} for one in known["months"]]
        return {"new": len(self._coming - earlier), "stopped": len(stopped), "months": by_month}
