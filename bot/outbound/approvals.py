"""The templates at Twilio: what we need there is made, submitted for approval, and asked for its state.

By the library's blocking client, in a thread where somebody waits (bot/outbound/approving.py): the other one
sends as a form what the Content API takes as JSON.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.channels import SendError, whatsapp_content, whatsapp_templates
from bot.channels.whatsapp_templates import Definition
from bot.config import settings as config
from models.whatsapp import templates
from models.whatsapp.templates import APPROVED, DISABLED, NEW, PENDING

if TYPE_CHECKING:
    from twilio.base.exceptions import TwilioException
    from twilio.rest import Client

TIMEOUT_SECONDS = 20.0
SESSION = "session"  # the category of what nobody has to approve
PAGE = 500  # templates in one answer of Twilio
# twilio.com/docs/content/content-approval-request-fetch. "received": Twilio has it, WhatsApp not yet.
STATES: Mapping[str, str] = {
    "unsubmitted": NEW,
    "received": PENDING,
    **{state: state for state in templates.STATES if state != NEW},
}


class Unanswered(Exception):  # noqa: N818 - it says what has become of a question
    """Twilio did not do `what` it was asked for ("list the templates"). `error` is its refusal; None where it
    cannot be reached."""

    def __init__(self, what: str, error: SendError | None) -> None:
        super().__init__(f"{what}: {error.detail if error else 'not reached'}")
        self.what, self.error = what, error


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
    """What Twilio says about one of them. `category` is what WhatsApp counts it as, where it is asked."""

    one: Wanted
    sid: str
    state: str
    reason: str = ""
    category: str = ""

    @property
    def note(self) -> str:
        """The reason, and whether WhatsApp counts it as something else than it was submitted as."""
        if not self.category or self.category == self.one.category:
            return self.reason
        return f"WhatsApp counts it as {self.category}. {self.reason}".strip()


@dataclass(frozen=True, slots=True)
class Done:
    """What a run has found, and how many it made and submitted."""

    states: Sequence[State]
    made: int
    submitted: int


def wanted(province: str) -> list[Wanted]:
    """The openers of the file, and the shapes in which the channel sends buttons. Raises ValueError, KeyError
    or OSError for a file that cannot be used."""
    # The texts say "Provinsi" themselves.
    defined = whatsapp_templates.load(province)
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


def settle(whatsapp: config.WhatsApp, all_: Sequence[Wanted], ours: set[str], *, submit: bool) -> Done:
    """Makes what is not there, submits what was not, and asks for the state of each. `ours` are the
    ContentSids of the table. Raises Unanswered."""
    with _client(whatsapp) as client:
        there = _there(client, ours)
        sids = [there.get(one.friendly_name) or _create(client, one) for one in all_]
        states, submitted = [], 0
        for one, sid in zip(all_, sids, strict=True):
            state = _state(client, one, sid)
            if submit and state.state == NEW:
                _submit(client, one, sid)
                state, submitted = _state(client, one, sid), submitted + 1
            states.append(state)
    return Done(states, sum(one.friendly_name not in there for one in all_), submitted)


def states(
    whatsapp: config.WhatsApp, asked: Sequence[tuple[str, str]]
) -> tuple[dict[str, tuple[str, str, str]], Unanswered | None]:
    """What WhatsApp says of templates, each given as (name, ContentSid): ContentSid → (state, reason,
    category), and the trouble with one of those that are missing there. One that Twilio does not know keeps
    nobody from hearing of the others."""
    found: dict[str, tuple[str, str, str]] = {}
    trouble = None
    with _client(whatsapp) as client:
        for name, sid in asked:
            try:
                found[sid] = _approval(client, name, sid)
            except Unanswered as error:
                trouble = error
                if error.error is None:
                    break  # nor will it be reached for the next one
    return found, trouble


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Whatever a call to Twilio raises is Unanswered."""
    from bot.channels import whatsapp_errors
    from bot.channels.whatsapp import RAISED

    try:
        yield
    except OSError as error:  # the errors of requests are such; their texts are long and hold addresses
        raise Unanswered(what, None) from error
    except RAISED as error:
        raise Unanswered(what, whatsapp_errors.classify(error)) from error


@contextmanager
def _client(whatsapp: config.WhatsApp) -> Iterator["Client"]:
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    http = TwilioHttpClient(timeout=TIMEOUT_SECONDS)
    # The library would take a region from our environment, unasked.
    environment = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}
    client = Client(  # type: ignore[no-untyped-call]
        whatsapp.account_sid,
        whatsapp.auth_token.get_secret_value(),
        http_client=http,
        environment=environment,
    )
    if whatsapp.api_url:
        client.content.base_url = whatsapp.api_url
    try:
        yield client
    finally:
        if http.session is not None:
            http.session.close()


def _there(client: "Client", ours: set[str]) -> dict[str, str]:
    """The ContentSids at Twilio by their friendly names. Of several with one name (two people made them at
    once) it is the one that we know, else one that was submitted, else the oldest."""
    found = []
    with _asking("list the templates"):
        for one, submitted in _listed(client):
            age = -one.date_created.timestamp() if one.date_created else 0.0
            found.append(((one.sid in ours, submitted, age), one.friendly_name or "", str(one.sid)))
    return {name: sid for _, name, sid in sorted(found)}


def _listed(client: "Client") -> list[tuple[Any, bool]]:
    """All Contents, and whether each was submitted; that is asked of each with a name that others have, too,
    where a server in Twilio's place does not have the list of both."""
    from twilio.base.exceptions import TwilioException

    v1 = client.content.v1
    try:
        both = v1.content_and_approvals.list(page_size=PAGE)
        return [(one, _was_submitted(one.approval_requests)) for one in both]
    except TwilioException as error:
        if not _is_missing(error):
            raise
    alone = v1.contents.list(page_size=PAGE)
    names = Counter(one.friendly_name for one in alone)
    return [(one, names[one.friendly_name] > 1 and _asked(client, str(one.sid))) for one in alone]


def _asked(client: "Client", sid: str) -> bool:
    from twilio.base.exceptions import TwilioException

    try:
        return _was_submitted(client.content.v1.contents(sid).approval_fetch().fetch().whatsapp)
    except TwilioException as error:
        if not _is_missing(error):
            raise
        return False


def _was_submitted(said: Mapping[str, Any] | None) -> bool:
    return str((said or {}).get("status") or "unsubmitted") != "unsubmitted"


def _is_missing(error: "TwilioException") -> bool:
    """Whether an answer was 404; that to a list is an error without a status of its own."""
    said = error.args[1] if len(error.args) == 2 else error
    status = getattr(said, "status_code", getattr(said, "status", 0))
    return bool(status == HTTPStatus.NOT_FOUND)


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
    return State(one, sid, *_approval(client, one.name, sid))


def _approval(client: "Client", name: str, sid: str) -> tuple[str, str, str]:
    """State, reason, and the category that WhatsApp counts it as, "" where it does not say."""
    with _asking(f"tell the state of {name}"):
        said = client.content.v1.contents(sid).approval_fetch().fetch().whatsapp or {}
    status = str(said.get("status") or "unsubmitted").lower()
    # In a state that we do not know nothing may be sent.
    state, reason = STATES.get(status, DISABLED), str(said.get("rejection_reason") or "")
    if status not in STATES:
        reason = f"{status} {reason}".strip()
    return state, reason, str(said.get("category") or "").lower()
