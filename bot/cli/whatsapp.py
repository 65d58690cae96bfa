"""`whatsapp templates`: what the channel sends by ContentSid is made at Twilio, and approval asked for.

First Twilio is asked for everything, and then the table is written in one transaction: a run that breaks off
leaves the table as it was, and the next one finds by its name what had been made at Twilio.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.channels import Failure, SendError, whatsapp_content, whatsapp_templates
from bot.channels.whatsapp_templates import Definition
from bot.cli import common
from bot.cli.common import Stop
from bot.settings import Settings
from models import templates
from models.templates import APPROVED, DISABLED, NEW, PAUSED, PENDING, REJECTED

if TYPE_CHECKING:
    from twilio.rest import Client

WORDS = f"bot/channels/{whatsapp_templates.FILE.name}"
TIMEOUT_SECONDS = 20.0
SESSION = "session"  # the category of what nobody has to approve
PAGE = 500  # templates in one answer of Twilio
WIDE = 200  # columns where nobody's terminal says how many there are
# twilio.com/docs/content/content-approval-request-fetch. "received": Twilio has it, WhatsApp not yet.
STATES: Mapping[str, str] = {
    "unsubmitted": NEW,
    "received": PENDING,
    **{state: state for state in templates.STATES if state != NEW},
}

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
    done = make(loaded, submit=submit)
    there, asked = len(done.states) - done.made, done.submitted
    typer.echo(f"{done.made} made at Twilio, {there} there before; {asked} submitted for approval.")
    _print(done.states)
    typer.echo(_next(done.states))


def make(loaded: Settings, *, submit: bool = True) -> "Done":
    """Makes, submits and asks as `show` tells, and writes the table. Raises Stop."""
    wanted = _wanted(loaded.programme.province_short)
    with common.reader(loaded) as session:
        ours = set(templates.sids(session).values())
    done = _settle(loaded, wanted, ours, submit=submit)
    _store(loaded, done.states)
    return done


@dataclass(frozen=True, slots=True)
class Wanted:
    """One Content that there has to be: `types` and `samples` as the Content API takes them."""

    name: str
    language: str
    category: str
    version: str
    friendly_name: str
    types: Mapping[str, Any]
    samples: Mapping[str, str]

    @property
    def approval(self) -> bool:
        """Whether WhatsApp has to approve it."""
        return self.category != SESSION


@dataclass(frozen=True, slots=True)
class State:
    """What Twilio says about one of them."""

    one: Wanted
    sid: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run has found, and how many it made and submitted."""

    states: Sequence[State]
    made: int
    submitted: int


def _wanted(province: str) -> list[Wanted]:
    """The openers of the file, and the shapes in which the channel sends buttons. Raises Stop."""
    try:
        # The texts say "Provinsi" themselves.
        defined = whatsapp_templates.load(province)
    except (ValueError, KeyError, OSError) as error:
        raise Stop(f"{WORDS} cannot be used:\n{error}", 1) from error
    language = next(iter(defined.values())).language
    shapes = (_shape(name, language) for name in whatsapp_content.SHAPES)
    return [*map(_defined, defined.values()), *shapes]


def _defined(one: Definition) -> Wanted:
    return Wanted(
        one.name, one.language, one.category, one.version, one.friendly_name, one.types(), one.numbered()
    )


def _shape(name: str, language: str) -> Wanted:
    types = whatsapp_content.types(name)
    version = templates.version({"types": types, "language": language})
    friendly_name = f"satu_pesan_{name.replace('-', '_')}_{version}"
    return Wanted(name, language, SESSION, version, friendly_name, types, {})


# -- Twilio ----------------------------------------------------------------------------------------


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Whatever a call to Twilio raises ends the command with a sentence."""
    from bot.channels import whatsapp_errors
    from bot.channels.whatsapp import RAISED

    again = "Nothing was stored; run this again later, and it goes on from what Twilio has by then."
    try:
        yield
    except OSError as error:  # the errors of requests are such; their texts are long and hold addresses
        said = f"Twilio cannot be reached to {what} ({type(error).__name__}). {again}"
        raise Stop(said, 1) from error
    except RAISED as error:
        raise Stop(_sentence(whatsapp_errors.classify(error), what, again), 1) from error


def _sentence(error: SendError, what: str, again: str) -> str:
    if error.kind is Failure.HALT_CHANNEL:
        return (
            f"Twilio refuses to {what}: {error.detail}. Nothing was stored; "
            "look at TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and the account."
        )
    if error.kind in (Failure.RETRY, Failure.RETRY_AFTER, Failure.CROWDED, Failure.LATER):
        return f"Twilio could not {what} just now: {error.detail}. {again}"
    return f"Twilio does not {what}: {error.detail}. Nothing was stored."


@contextmanager
def _client(loaded: Settings) -> Iterator["Client"]:
    """The library's blocking client: the other one sends as a form what the Content API takes as JSON."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    token = loaded.whatsapp.auth_token.get_secret_value()
    http = TwilioHttpClient(timeout=TIMEOUT_SECONDS)
    # The library would take a region from our environment, unasked.
    environment = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}
    client = Client(  # type: ignore[no-untyped-call]
        loaded.whatsapp.account_sid, token, http_client=http, environment=environment
    )
    if loaded.whatsapp.api_url:
        client.content.base_url = loaded.whatsapp.api_url
    try:
        yield client
    finally:
        if http.session is not None:
            http.session.close()


def _settle(loaded: Settings, wanted: Sequence[Wanted], ours: set[str], *, submit: bool) -> Done:
    """Makes what is not there, submits what was not, and asks for the state of each. `ours` are the
    ContentSids of the table. Raises Stop."""
    with _client(loaded) as client:
        there = _there(client, ours)
        sids = [there.get(one.friendly_name) or _create(client, one) for one in wanted]
        states, submitted = [], 0
        for one, sid in zip(wanted, sids, strict=True):
            state = _state(client, one, sid)
            if submit and state.state == NEW:
                _submit(client, one, sid)
                state, submitted = _state(client, one, sid), submitted + 1
            states.append(state)
    return Done(states, sum(one.friendly_name not in there for one in wanted), submitted)


def _there(client: "Client", ours: set[str]) -> dict[str, str]:
    """The ContentSids at Twilio by their friendly names. Of several with one name (two people made them at
    once) it is the one that we know, else one that was submitted, else the oldest."""
    found = []
    with _asking("list the templates"):
        for one in client.content.v1.content_and_approvals.list(page_size=PAGE):
            asked = one.approval_requests or {}
            submitted = asked.get("status", "unsubmitted") != "unsubmitted"
            age = -one.date_created.timestamp() if one.date_created else 0.0
            found.append(((one.sid in ours, submitted, age), one.friendly_name or "", str(one.sid)))
    return {name: sid for _, name, sid in sorted(found)}


def _create(client: "Client", one: Wanted) -> str:
    from twilio.rest.content.v1.content import ContentList

    named = {"friendly_name": one.friendly_name, "language": one.language}
    asked: dict[str, Any] = {**named, "variables": dict(one.samples), "types": dict(one.types)}
    request = ContentList.ContentCreateRequest(asked)
    with _asking(f"make {one.name}"):
        return str(client.content.v1.contents.create(request).sid)


def _submit(client: "Client", one: Wanted, sid: str) -> None:
    from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

    # A name is taken for ever there, so it holds the version too.
    asked = {"name": one.friendly_name, "category": one.category.upper()}
    request = ApprovalCreateList.ContentApprovalRequest(asked)
    with _asking(f"submit {one.name} for approval"):
        client.content.v1.contents(sid).approval_create.create(request)


def _state(client: "Client", one: Wanted, sid: str) -> State:
    """What WhatsApp says; what nobody approves may be used at once."""
    if not one.approval:
        return State(one, sid, APPROVED)
    with _asking(f"tell the state of {one.name}"):
        said = client.content.v1.contents(sid).approval_fetch().fetch().whatsapp or {}
    status = str(said.get("status") or "unsubmitted").lower()
    # In a state that we do not know nothing may be sent.
    state, reason = STATES.get(status, DISABLED), str(said.get("rejection_reason") or "")
    if status not in STATES:
        reason = f"{status} {reason}".strip()
    counted = str(said.get("category") or one.category).lower()
    if counted != one.category:
        reason = f"WhatsApp counts it as {counted}. {reason}".strip()
    return State(one, sid, state, reason)


# -- what comes of it ------------------------------------------------------------------------------


def _store(loaded: Settings, states: Sequence[State]) -> None:
    now = common.clock.now()
    with common.session(loaded) as session:
        for found in states:
            one = found.one
            row = templates.register(session, one.name, one.language, one.category, one.version)
            templates.created(session, row, found.sid)
            templates.checked(session, row, found.state, now, found.reason)


def _print(states: Sequence[State]) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False)
    table = Table("name", "language", "category", "state", "reason", "ContentSid", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # a ContentSid that is cut is none
    for found in states:
        one = found.one
        state = found.state if one.approval else "usable"
        reason = found.reason if one.approval else "needs no approval"
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
