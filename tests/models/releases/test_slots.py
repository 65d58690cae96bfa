"""Which weeks an OPD can still fill."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models.content.states import APPROVED
from models.editorial import renewals
from models.programme import weeks
from models.releases import releases, slots
from tests.casting import PROGRAMME, cast, put, written
from tests.chat import WEDNESDAY, Stage


def test_the_next_four_free_weeks_are_offered_and_the_taken_ones_named(
    stage: Stage, session: Session
) -> None:
    author = cast(session, "Siti", "creator")
    item = written(session, author, "2026-W49")
    put(session, item, APPROVED)
    ahead = slots.ahead(session, author.opd_id, WEDNESDAY, stage.programme)
    assert [(slot.week, slot.taken and slot.taken.id) for slot in ahead] == [
        ("2026-W48", None),  # it is 10.00; the release is at 13.00
        ("2026-W49", item.id),
        ("2026-W50", None),
        ("2026-W51", None),
        ("2026-W52", None),
    ]
    assert ahead[0].release_at == WEDNESDAY + timedelta(hours=3)
    later = slots.ahead(session, author.opd_id, WEDNESDAY + timedelta(hours=3), stage.programme)
    assert later[0].week == "2026-W49"
    assert [slot.week for slot in slots.ahead(session, None, WEDNESDAY, stage.programme)] == [
        "2026-W48",
        "2026-W49",
        "2026-W50",
        "2026-W51",
    ]


def test_a_week_that_was_released_is_offered_no_more(stage: Stage, session: Session) -> None:
    author, budi = cast(session, "Siti", "creator"), cast(session, "Budi", "controller")
    put(session, written(session, author, "2026-W48"), APPROVED)
    assert slots.is_open(session, "2026-W48", WEDNESDAY, stage.programme)
    closes_at = weeks.closing("2026-W48", stage.programme)
    releases.start(session, "2026-W48", WEDNESDAY, closes_at, province="Jambi", by=budi)
    assert not slots.is_open(session, "2026-W48", WEDNESDAY, stage.programme)
    assert slots.ahead(session, None, WEDNESDAY, stage.programme)[0].week == "2026-W49"


def test_a_week_that_is_over_is_closed_for_decisions(stage: Stage, session: Session) -> None:
    assert not slots.is_open(session, "2026-W47", WEDNESDAY, stage.programme)


def test_a_week_is_free_for_the_new_version_of_the_item_that_has_it(stage: Stage, session: Session) -> None:
    author = cast(session, "Siti", "creator")
    old, other = written(session, author), written(session, author)
    put(session, old, APPROVED)
    copy = renewals.begin(session, old, author, WEDNESDAY, PROGRAMME)
    assert slots.is_free(session, copy, WEDNESDAY, stage.programme)
    assert not slots.is_free(session, other, WEDNESDAY, stage.programme)
