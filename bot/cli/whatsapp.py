"""`whatsapp templates`: what the channel sends by ContentSid is made at Twilio, and approval asked for.

First Twilio is asked for everything, and then the table is written in one transaction: a run that breaks off
leaves the table as it was, and the next one finds by its name what had been made at Twilio.
"""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.channels import Failure, whatsapp_templates
from bot.cli import common
from bot.cli.common import Stop
from bot.outbound import approvals, approving
from bot.outbound.approvals import State, Unanswered, Wanted
from models.whatsapp.templates import DISABLED, NEW, PAUSED, PENDING, REJECTED

WORDS = f"bot/channels/{whatsapp_templates.FILE.name}"
WIDE = 200  # columns where nobody's terminal says how many there are

commands = typer.Typer(help="What WhatsApp needs at Twilio.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="whatsapp")


@commands.command("templates")
def show(
    submit: Annotated[
        bool,
        typer.Option("--submit/--no-submit", help="Ask WhatsApp to approve what it was not asked for yet"),
    ] = True,
) -> None:
    """Makes the templates at Twilio, asks WhatsApp to approve the openers, and shows the state of each.

    Repeat it as often as you like: what is there already is found again by its name, and a run that broke off
    is gone on with. The forms of messages with buttons need no approval. A changed text is a new version,
    with a new Content and a new approval, and is not sent before that. The old one stays at Twilio until
    the new one is approved, and after that until you delete it there.
    """
    loaded = common.settings()
    if not (loaded.whatsapp.account_sid and loaded.whatsapp.auth_token.get_secret_value()):
        raise Stop("There is no WhatsApp: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, and run it again.", 1)
    wanted, programme = _wanted(loaded.programme.province_short), loaded.programme
    opened = partial(common.session, loaded)
    try:
        done = approving.make(opened, loaded.whatsapp, wanted, common.clock.now(), programme, submit=submit)
    except Unanswered as error:
        raise Stop(_sentence(error), 1) from error
    there, asked = len(done.states) - done.made, done.submitted
    typer.echo(f"{done.made} made at Twilio, {there} there before; {asked} submitted for approval.")
    _print(done.states)
    typer.echo(_next(done.states))


def _wanted(province: str) -> list[Wanted]:
    try:
        return approvals.wanted(province)
    except (ValueError, KeyError, OSError) as error:
        raise Stop(f"{WORDS} cannot be used:\n{error}", 1) from error


def _sentence(problem: Unanswered) -> str:
    what, error = problem.what, problem.error
    again = "Nothing was stored; run this again later, and it goes on from what Twilio has by then."
    if error is None:
        return f"Twilio cannot be reached to {what} ({type(problem.__cause__).__name__}). {again}"
    if error.kind is Failure.HALT_CHANNEL:
        return (
            f"Twilio refuses to {what}: {error.detail}. Nothing was stored; "
            "look at TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and the account."
        )
    if error.kind in (Failure.RETRY, Failure.RETRY_AFTER, Failure.CROWDED, Failure.LATER):
        return f"Twilio could not {what} just now: {error.detail}. {again}"
    return f"Twilio does not {what}: {error.detail}. Nothing was stored."


def _print(states: Sequence[State]) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False)
    table = Table("name", "language", "category", "state", "reason", "ContentSid", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # a ContentSid that is cut is none
    for found in states:
        one = found.one
        state = found.state if one.approval else "usable"
        reason = found.note if one.approval else "needs no approval"
        table.add_row(one.name, one.language, one.category, state, reason, found.sid)
    console.print(table)


def _next(states: Sequence[State]) -> str:
    """What to do now, in one sentence: the most urgent of it."""

    def named(*wanted: str) -> str:
        return ", ".join(found.one.name for found in states if found.state in wanted)

    if refused := named(REJECTED, DISABLED):
        return f"Change the words of {refused} in {WORDS} for the reason above, then run this again."
    if new := named(NEW):
        return f"Run this again without --no-submit to ask for the approval of {new}."
    if pending := named(PENDING):
        return f"Wait for WhatsApp's decision on {pending} (minutes to a day), then run this again to see it."
    if paused := named(PAUSED):
        return f"WhatsApp has paused {paused} for some hours because people complained; run this again later."
    return "Everything is approved: nothing is left to do."
