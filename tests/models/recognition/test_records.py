"""Rows of weeks: the present one, the longest, and the word when one is complete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.people.people import Person
from models.programme import weeks
from models.recognition import records
from models.shares import shares
from tests import honouring
from tests.chat import Chatter, Stage

released = st.lists(st.booleans(), max_size=20)


@given(released)
def test_the_longest_row_is_never_shorter_than_the_present_one(active: list[bool]) -> None:
    names = [str(number) for number in range(len(active))]
    mine = {name for name, shared in zip(names, active, strict=True) if shared}
    longest = records.best(names, mine)
    assert longest >= records.streak(names, mine, "")
    assert longest == max((len(run) for run in "".join("x" if a else " " for a in active).split()), default=0)


def milestone(stage: Stage, who: Chatter) -> int:
    with stage.session() as session:
        person = session.get_one(Person, who.person_id)
        share = shares.newest(session, person)
        assert share is not None
        return records.milestone(session, person.id, share, weeks.of(stage.now, stage.programme))


def lately(stage: Stage, who: Chatter) -> list[bool]:
    with stage.session() as session:
        person = session.get_one(Person, who.person_id)
        return records.lately(session, person, weeks.of(stage.now, stage.programme), stage.programme)


def test_a_word_is_said_once_for_the_week_that_completes_a_row(stage: Stage) -> None:
    siti = stage.person("Siti")
    week = "2026-W48"
    for number in range(1, 9):
        honouring.open_week(stage, week, opds=["DINKES"])
        answer = honouring.shares_link(stage, siti)[0].text
        assert milestone(stage, siti) == (number if number in records.MILESTONES else 0)
        assert ("berturut-turut" in answer) == (number in (4, 8))
        assert "berturut-turut" not in honouring.shares_link(stage, siti, minutes=90)[0].text
        week = weeks.shift(week, 1)


def test_a_picture_gets_its_word_with_the_question_and_with_the_receipt(stage: Stage) -> None:
    siti = stage.person("Siti")
    for week in ("2026-W48", "2026-W49", "2026-W50"):
        honouring.play(stage, week, (siti, 60))
    honouring.open_week(stage, "2026-W51")
    stage.later(hours=1)
    assert "minggu ke-4 Anda" in siti.sends_photo()[0].text
    assert "minggu ke-4 Anda" in siti.presses("Status WhatsApp")[0].text


def test_a_row_that_was_broken_is_never_mentioned(stage: Stage) -> None:
    siti = stage.person("Siti")
    for week in ("2026-W48", "2026-W49", "2026-W50"):
        honouring.play(stage, week, (siti, 60))
    honouring.play(stage, "2026-W51")
    honouring.open_week(stage, "2026-W52")
    answer = honouring.shares_link(stage, siti)[0].text
    assert "minggu" not in answer
    record = siti.says("/saya")[0].text
    assert "✅✅✅▫️✅" in record
    assert "4 dari 5 minggu terakhir" in record
    assert "Berturut-turut: 1 minggu" in record
    assert "Paling lama berturut-turut: 3 minggu" in record


def test_weeks_before_somebody_joined_and_the_one_that_runs_are_not_held_against_them(stage: Stage) -> None:
    early = stage.person("Budi")
    honouring.play(stage, "2026-W48", (early, 60))
    siti = stage.person("Siti")
    assert lately(stage, siti) == []
    assert "minggu terakhir" not in siti.says("/saya")[0].text
    honouring.play(stage, "2026-W49", (siti, 60))
    honouring.open_week(stage, "2026-W50")
    assert lately(stage, siti) == [True]
    assert lately(stage, early) == [True, False]


@pytest.mark.parametrize("number", [11, 12, 13, 14])
def test_at_most_twelve_weeks_are_shown(stage: Stage, number: int) -> None:
    siti = stage.person("Siti")
    week = "2026-W48"
    for _ in range(number):
        honouring.open_week(stage, week, opds=["DINKES"])
        honouring.shares_link(stage, siti)
        week = weeks.shift(week, 1)
    assert len(lately(stage, siti)) == min(number, records.LATELY)
