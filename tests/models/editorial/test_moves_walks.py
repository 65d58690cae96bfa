"""Whatever people with whatever roles try, an item is out only after three reviews by others."""

from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.content import drafts, reviews, states
from models.content.content import Item
from models.content.states import APPROVED, SYSTEM, TRANSITIONS
from models.editorial import moves, renewals
from models.people.audit import Entry
from models.people.people import Person
from models.programme.programme import Dates, Programme
from models.refused import Refused
from tests.casting import PROGRAMME, REASON, SCORES, cast, trail, written
from tests.chat import WEDNESDAY, Stage

LOCKED = Programme(election=(Dates(begin=date(2026, 12, 1), until=date(2026, 12, 31)),))
ACTS = sorted({act for _, act in TRANSITIONS})
# Several people have several roles: these are the hard cases.
CAST = {
    "Siti": ("creator", "editor", "tag", "controller", "admin"),
    "Ani": ("editor", "tag"),
    "Eva": ("editor", "controller"),
    "Tini": ("tag", "controller"),
    "Budi": ("controller", "admin"),
    "Rudi": ("controller",),
    "Rina": ("creator", "planner"),
    "Lia": (),
}


def attempt(
    session: Session, data: st.DataObject, item: Item, crowd: list[Person], programme: Programme
) -> str:
    """One thing that somebody tries with an item, mostly what the table knows; its act, "" if refused."""
    known = [act for state, act in TRANSITIONS if state == item.status and act != "drop"]
    act = data.draw(st.sampled_from([*known * 4, *ACTS, "amend", "lock all"]))
    step = TRANSITIONS.get((item.status, act))
    able = [
        who
        for who in crowd
        if step
        and step.capability != SYSTEM
        and moves.may(session, who, step.capability, item.opd_id, programme)
    ]
    by = data.draw(st.sampled_from([*able * 4, *crowd]))  # mostly those who have the role
    try:
        if act == "amend":
            title = f"Judul yang ke-{data.draw(st.integers(100, 999))}"
            found = drafts.own(session, by, item.id, programme.provincial_opd)
            drafts.fill(session, found, "title", title, WEDNESDAY, by)
        elif act == "lock all":
            moves.lock_up(session, WEDNESDAY, programme)
        elif any(step.capability == SYSTEM and name == act for (_, name), step in TRANSITIONS.items()):
            try:
                moves.move(session, item, act, by, WEDNESDAY, programme, reason=REASON, scores=SCORES)
            except Refused:
                moves.advance(session, item, act, WEDNESDAY)
            else:
                raise AssertionError(f"a person took the system's step {act}")
        else:
            scores = SCORES if act == "score" else None
            moves.move(session, item, act, by, WEDNESDAY, programme, reason=REASON, scores=scores)
    except Refused:
        return ""
    return act


@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(st.data())
def test_every_change_has_one_audit_row_and_what_is_out_was_reviewed_three_times(
    stage: Stage, data: st.DataObject
) -> None:
    with stage.session() as session, session.begin() as transaction:
        crowd = [cast(session, name, *held) for name, held in CAST.items()]
        author = crowd[0]
        crowd = [author] * 3 + crowd
        item, programme = written(session, author), PROGRAMME
        items = [item]
        for _ in range(data.draw(st.integers(6, 26))):
            if data.draw(st.integers(0, 9)) == 0:
                programme = data.draw(st.sampled_from([PROGRAMME, LOCKED]))  # an election is set, or lifted
            if item.status == APPROVED and data.draw(st.booleans()):
                item = renewals.begin(session, item, author, WEDNESDAY, programme)
                items += [item] if item not in items else []
            before = [(one.status, one.edits, len(trail(session, one))) for one in items]
            done = attempt(session, data, item, crowd, programme)
            for one, (status, edits, rows) in zip(items, before, strict=True):
                changed = one.status != status or one.edits > edits
                assert len(trail(session, one)) - rows == int(changed), (done, status, one.status)
        for one in items:
            check(session, one)
        transaction.rollback()


def check(session: Session, item: Item) -> None:
    """The audit rows form one chain, and each approval stands on three reviews by different others."""
    rows = trail(session, item)
    assert [row.before for row in rows[1:]] == [row.after for row in rows[:-1]]
    assert rows[-1].after == item.status
    since: list[Entry] = []
    for row in rows:
        if row.act in ("submit", "drop", "take_back"):
            assert row.actor_id == item.author_id
        if row.act in ("endorse", "score", "approve", "approve_first", "return", "amend"):
            assert row.actor_id not in (None, item.author_id)
        if row.act in ("release", "lock", "replace", "close"):
            assert row.actor_id is None
        since = [] if row.act == "submit" else [*since, row]
        if row.after == APPROVED:
            reviewed(since)
        if row.act == "release":
            assert [one for one in since if one.act in ("approve", "lock")][-1].act == "approve"
    if item.status in states.PLANNED:
        assert {row.act for row in reviews.of(session, item)} >= {"endorse", "score", "approve"}


def reviewed(since: list[Entry]) -> None:
    """What happened to a version up to its approval: the three reviews in their order, each by another
    person, and none after its text was changed once more."""
    deciding = [row for row in since if row.act in ("endorse", "score", "approve_first", "approve")]
    assert [row.act for row in deciding][:2] == ["endorse", "score"]
    people = [row.actor_id for row in deciding]
    assert len(set(people)) == len(people)
    amended = [number for number, row in enumerate(since) if row.act == "amend"]
    assert not amended or amended[-1] < since.index(deciding[0])
    for row in (since[number] for number in amended):
        assert row.actor_id not in people[1:]


def test_a_walk_ends_in_a_release_when_everybody_does_their_part(stage: Stage) -> None:
    """The walks above are no proof if they never get anywhere: this one does."""
    with stage.session() as session, session.begin():
        siti, ani, tini, budi = (cast(session, name, *held) for name, held in (
            ("Siti", ("creator",)), ("Ani", ("editor",)), ("Tini", ("tag",)), ("Budi", ("controller",)),
        ))  # fmt: skip
        item = written(session, siti)
        steps = (("submit", siti), ("endorse", ani), ("score", tini), ("approve", budi))
        for minute, (act, by) in enumerate(steps):
            scores = SCORES if act == "score" else None
            at = WEDNESDAY + timedelta(minutes=minute)
            moves.move(session, item, act, by, at, PROGRAMME, scores=scores)
        moves.advance(session, item, "release", WEDNESDAY)
        moves.advance(session, item, "close", WEDNESDAY)
        check(session, item)
        assert len(trail(session, item)) == 7
