"""The whole week, small: the real program, the real simulator, every check of the play."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import create_engine, text

from bot.demo import board, checks, week
from bot.demo.board import Board
from bot.demo.playing import Play
from bot.demo.stage import Stage

PEOPLE = 150


@pytest.fixture
def printed() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def show(printed: io.StringIO) -> Board:
    return Board(Console(file=printed, width=200, highlight=False))


def test_a_week_is_played_from_the_roster_to_the_summary(
    show: Board, printed: io.StringIO, tmp_path: Path
) -> None:
    code = board.run(lambda: week.play(PEOPLE, show, tmp_path, chat_rate=20.0), show)
    assert code == 0, printed.getvalue()
    lines = printed.getvalue().splitlines()
    assert [line[0] for line in lines[: len(week.STEPS)]] == ["✓"] * len(week.STEPS)
    assert any("Minggu 48 (25 Nov – 2 Des)" in line for line in lines)
    for name in ("grafik.png", "rekap.xlsx", "rekap.pdf"):
        assert (tmp_path / name).stat().st_size > 10_000
    with create_engine(f"sqlite:///{tmp_path / 'satu-pesan.db'}").connect() as connection:
        proved = connection.execute(
            text("SELECT count(DISTINCT person_id) FROM share WHERE status IN ('received', 'accepted')")
        ).scalar_one()
    assert PEOPLE * 0.3 < proved < PEOPLE * 0.8


def test_a_step_whose_check_fails_ends_the_week_with_1_and_is_named(
    show: Board, printed: io.StringIO, tmp_path: Path
) -> None:
    """A roster of which somebody is gone, without the program's doing."""
    first = week.STEPS[0]

    async def spoiled(play: Play, step: board.Step) -> None:
        await first[1](play, step)
        await _forget_somebody(play.stage)
        await checks.roster(play.stage)

    steps = [(first[0], spoiled), *week.STEPS[1:]]
    assert board.run(lambda: week.play(PEOPLE, show, tmp_path, steps=steps), show) == 1
    assert "The demo failed at: Rosters are imported: people by OPD" in printed.getvalue()


async def _forget_somebody(stage: Stage) -> None:
    await stage.write(lambda session: session.execute(text("UPDATE person SET active = 0 WHERE id = 1")))
