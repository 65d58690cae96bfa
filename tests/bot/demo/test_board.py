"""What the demo prints, and how it ends."""

import io

import pytest
from rich.console import Console

from bot.demo import board
from bot.demo.board import Board, CheckError


@pytest.fixture
def printed() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def show(printed: io.StringIO) -> Board:
    return Board(Console(file=printed, width=120, highlight=False))


def test_a_step_that_is_done_is_one_line_with_a_tick_its_figures_and_its_time(
    show: Board, printed: io.StringIO
) -> None:
    with show.step("Release") as step:
        step.show(1, 2, "half [of it]")
        step.note = "15,000 people [all]"
    line = printed.getvalue()
    assert line.startswith("✓ Release  15,000 people [all]  ")
    assert line.endswith(" s\n")


def test_a_failing_check_ends_with_1_and_names_the_step_and_what_was_found(
    show: Board, printed: io.StringIO
) -> None:
    async def work() -> None:
        with show.step("Release"):
            board.same("cards", 3, 4)

    assert board.run(work, show) == 1
    assert "✗ Release  cards: 3, not 4" in printed.getvalue()
    assert "The demo failed at: Release: cards: 3, not 4" in printed.getvalue()


def test_an_error_before_the_first_step_ends_with_1_as_well(show: Board, printed: io.StringIO) -> None:
    async def work() -> None:
        raise ValueError("the sample province needs at least 86 people")

    assert board.run(work, show) == 1
    assert "failed at: its start: ValueError: the sample province" in printed.getvalue()


def test_the_first_cause_is_named_out_of_a_group_of_errors() -> None:
    group = ExceptionGroup("several", [ExceptionGroup("inner", [CheckError("two cards")])])
    assert board.reason(group) == "two cards"


def test_everything_in_order_ends_with_0(show: Board) -> None:
    async def work() -> None:
        board.expect(True, "never said")

    assert board.run(work, show) == 0
