"""`demo`: the whole programme on this machine, against the built-in simulator."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play one whole week without a browser, print the summary, end")
    ] = False,
    people: Annotated[int, typer.Option(min=200, help="How many made-up civil servants")] = 15_000,
    port: Annotated[int, typer.Option(help="Of the page; 0 chooses a free one")] = 8090,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page")] = True,
) -> None:
    """Plays the programme with made-up people: no token, no network, nothing to prepare."""
    from bot.demo import show, week

    code = week.play_once(people) if once else show.play(people, port, browser=browser)
    raise typer.Exit(code)
