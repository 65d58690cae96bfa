"""How somebody has taken part so far, as an expression of SQL: the words of a reminder depend on it.

There are three kinds of people, seen from a week:

- never: has never sent anything to see, of any week. What was withdrawn counts for nothing; what was
  rejected does: they tried.
- always: the newest STEADY weeks that they received (their card was sent) before this one were all proved,
  by a share that counts (`standings.COUNTED`), late or not. Weeks in which they received nothing (on the
  way to us, an OPD without an item) break nothing; who has received fewer is not steady yet.
- sometimes: everybody else.
"""

from sqlalchemy import ColumnElement, String, and_, case, distinct, false, func, literal, select
from sqlalchemy.orm import Session, aliased

from models.content.cards import CARD
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people.people import Person
from models.releases.releases import Release
from models.shares import standings
from models.shares.shares import Share

NEVER, SOMETIMES, ALWAYS = "never", "sometimes", "always"
KINDS = (NEVER, SOMETIMES, ALWAYS)
STEADY = 4  # weeks in a row
LOOK_BACK = 12  # releases; who received fewer than STEADY of these is not called steady
SHOWN = (*standings.COUNTED, standings.REJECTED, standings.APPEALED)


def kind(session: Session, week: str) -> ColumnElement[str]:
    """Which of KINDS the Person of the statement is, seen from a week."""
    shown = select(Share.id).where(Share.person_id == Person.id, Share.status.in_(SHOWN))
    return case(
        (~shown.correlate(Person).exists(), literal(NEVER, String)),
        (_always(session, week), literal(ALWAYS, String)),
        else_=literal(SOMETIMES, String),
    )


def _always(session: Session, week: str) -> ColumnElement[bool]:
    past = session.execute(
        select(Release.id, Release.week)
        .where(Release.item_id.is_(None), Release.week < week)
        .order_by(Release.week.desc())
        .limit(LOOK_BACK)
    ).all()
    if len(past) < STEADY:
        return false()
    counted = (Share.person_id == Person.id, Share.status.in_(standings.COUNTED))
    # Few have proved so many weeks at all: for the others their cards need not be looked up.
    weeks_proved = select(func.count(distinct(Share.week))).where(
        *counted, Share.week.in_([row.week for row in past])
    )
    card = aliased(Outbound)
    newest = (
        select(Release.week)
        .select_from(card)
        .join(Release, Release.id == card.release_id)
        .where(
            card.person_id == Person.id,
            card.part == CARD,
            card.release_id.in_([row.id for row in past]),
            card.status == outbox.SENT,
        )
        .order_by(Release.week.desc())
        .limit(STEADY)
        .correlate(Person)
        .subquery("newest")
    )
    proved = select(Share.id).where(*counted, Share.week == newest.c.week).correlate(Person, newest).exists()
    number = select(func.count()).select_from(newest).where(proved).correlate(Person)
    return and_(
        weeks_proved.correlate(Person).scalar_subquery() >= STEADY, number.scalar_subquery() == STEADY
    )
