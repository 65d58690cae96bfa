"""Whatever people, teams and jobs do in a week, in whatever order: nobody is reminded more than twice, nobody
in the quiet hours, and nobody who has shown it."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import batching, outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import breaks, roles
from models.people.people import Opd, Person
from models.proofs import meaning, proofs
from models.refused import Refused
from models.releases import releases
from models.reminders import asked, greetings, reminders
from models.sending import recording, sending
from models.shares import shares, standings
from tests import scene
from tests.chat import Stage

WEEK = "2026-W48"
NUMBERS = itertools.count(1)
ACTS = (
    "first", "last", "ask", "leave", "not this week", "back", "claim", "prove", "reject", "appeal",
    "withdraw",
    "greet", "send", "send", "send",
)  # fmt: skip


def newcomer(stage: Stage) -> int:
    """Somebody of an OPD of their own, with a team of one, who received the week's item; their number."""
    code = f"OPD{next(NUMBERS)}"
    who = stage.person(f"Siti {code}", code)
    stage.person(f"Rina {code}", code, role="editor")
    with stage.session() as session, session.begin():
        release = releases.of_week(session, WEEK)
        assert release is not None
        item = session.scalars(select(Outbound.item_id).where(Outbound.part == "card")).first()
        outbox.queue(
            session, stage.now, f"card:{who.person_id}", "telegram", str(who.chat), Post("x"), part="card",
            person_id=who.person_id, release_id=release.id, item_id=item, status=outbox.SENT,
        )  # fmt: skip
    assert who.person_id is not None
    return who.person_id


def act(session: Session, stage: Stage, person: Person, what: str, hours: int) -> None:
    """One thing that somebody or the program does."""
    now, programme = stage.now, stage.programme
    newest = session.scalars(
        select(shares.Share).where(shares.Share.person_id == person.id).order_by(shares.Share.id.desc())
    ).first()
    if what in ("first", "last"):
        reminders.send(session, WEEK, 1 if what == "first" else 2, now, programme)
    elif what == "ask":
        asked.later(session, person, WEEK, now + timedelta(hours=hours), now, programme)
    elif what in ("leave", "not this week"):
        why = breaks.LEAVE if what == "leave" else breaks.WEEK
        reminders.rest(session, person, WEEK, now + timedelta(hours=4 * hours), why)
    elif what == "back":
        breaks.resume(session, person)
    elif what == "greet":
        opd = session.get_one(Opd, person.opd_id)
        (team,) = roles.ppid(session, opd.id)
        greetings.send(session, opd, WEEK, team, now, programme)
    elif what in ("claim", "prove"):
        about = meaning.about(session, person, now)
        assert about is not None
        if what == "claim":
            proofs.claim(session, person, about, now)
        else:
            proofs.receive(session, person, about, now, source=f"s{next(NUMBERS)}", kind="photo")
            reminders.proved(session, person.id, WEEK)
    elif newest is not None and (state := standings.after(newest.status, what)):
        newest.status = state
        if what == "appeal":
            reminders.proved(session, person.id, WEEK)
    batching.carry_out(session)


def send(session: Session, stage: Stage) -> None:
    """What the sender does: what is over ends, what is due goes out."""
    sending.expire(session, stage.now)
    rows = sending.claim(session, stage.now, "me", stage.now + timedelta(minutes=1), limit=500, bulk=500)
    sent = [recording.Outcome(row.id, row.key, outbox.SENT) for row in rows]
    recording.record(session, stage.now, "me", sent, gap=1.0)


def done(session: Session, person: Person) -> bool:
    """Whether somebody has nothing to be reminded of."""
    return asked.done(session, person, WEEK)


@given(data=st.data())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_at_most_two_a_week_none_at_night_none_after_a_proof(stage: Stage, data: st.DataObject) -> None:
    stage.now = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    with stage.session() as session:
        released = releases.of_week(session, WEEK)
    if released is None:
        stage.person("Ani")
        scene.item(stage, None)
        scene.release(stage)
    number = newcomer(stage)
    for _ in range(data.draw(st.integers(5, 25))):
        stage.later(hours=data.draw(st.integers(0, 14)))
        what, hours = data.draw(st.sampled_from(ACTS)), data.draw(st.integers(1, 30))
        with stage.session() as session, session.begin():
            person = session.get_one(Person, number)
            proved = done(session, person)
            mine = (Outbound.person_id == number, Outbound.part == reminders.REMINDER)
            before = set(session.scalars(select(Outbound.id).where(*mine, Outbound.status == outbox.SENT)))
            if what == "send":
                send(session, stage)
            else:
                try:
                    with session.begin_nested():
                        act(session, stage, person, what, hours)
                except Refused:
                    batching.forget(session)
            session.expire_all()
            rows = session.scalars(select(Outbound).where(*mine)).all()
            went = [row for row in rows if row.status == outbox.SENT]
            alive = [row for row in rows if row.status in reminders.ALIVE]
            assert len(went) <= 2, "more than two"
            assert len([row for row in alive if row.expires_at and row.expires_at > stage.now]) <= 2
            assert not [row for row in went if row.sent_at and stage.programme.is_quiet(row.sent_at)]
            if proved:
                assert {row.id for row in went} == before, "one after the proof"
            if done(session, person):
                assert not [row for row in rows if row.status == outbox.QUEUED]
