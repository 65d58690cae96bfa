"""What is said in open windows costs money: counted by the hour, beyond what is free each month."""

from datetime import UTC, date, datetime, timedelta

from models.programme.programme import Programme
from models.programme.whatsapp import Prices, Whatsapp
from models.whatsapp import prices, spending
from tests.chat import Stage

NIGHT = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)  # in Jambi a second before December


def programme(free: int) -> Programme:
    return Programme(whatsapp=Whatsapp(free_messages=free, prices=Prices(service=10)))


def note(stage: Stage, now: datetime, number: int) -> None:
    with stage.session() as session, session.begin():
        spending.note(session, now, number)


def test_messages_are_counted_in_the_month_in_which_they_went_out_here(stage: Stage) -> None:
    for seconds, number in ((0, 3), (0, 4), (1, 5), (2, 0)):
        note(stage, NIGHT + timedelta(seconds=seconds), number)
    with stage.session() as session:
        assert prices.spent(session, date(2026, 11, 3), programme(0)) == 70
        assert prices.spent(session, date(2026, 12, 3), programme(0)) == 50
        assert prices.committed(session, NIGHT, programme(0)) == 70


def test_only_those_beyond_the_free_ones_cost(stage: Stage) -> None:
    note(stage, NIGHT, 7)
    with stage.session() as session:
        assert prices.spent(session, date(2026, 11, 3), programme(6)) == 10
        assert prices.spent(session, date(2026, 11, 3), programme(8)) == 0


def test_nothing_said_leaves_no_row(stage: Stage) -> None:
    note(stage, NIGHT, 0)
    with stage.session() as session:
        assert session.query(spending.Said).count() == 0
