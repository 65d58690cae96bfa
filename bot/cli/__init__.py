"""The command line. Each command is short: it loads the settings and calls what the bot calls too."""

import sys
from typing import Annotated

import typer

from bot.cli import demo, exporting, figures, operate, people, run, whatsapp
from bot.cli.common import Stop

app = typer.Typer(
    name="python -m bot",
    help="Satu Pesan: the weekly cycle of Satu ASN, Satu Pesan Publik, in chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
for module in (run, operate, people, figures, exporting, demo, whatsapp):
    module.register(app)


def main(arguments: Annotated[list[str] | None, "the words after `python -m bot`"] = None) -> None:
    """Runs one command; an error that somebody can mend is a sentence and exit code 2."""
    try:
        app(args=arguments, standalone_mode=True)
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        sys.exit(stop.code)
