"""Where the channels bring what arrives: checked, stored, and only then answered."""

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.channels import whatsapp_inbound
from bot.clock import Clock
from bot.inbound.intake import Intake
from bot.inbound.refusals import Refusals
from bot.storage.gathering import Gathering
from bot.storage.writer import Writer
from bot.telemetry import logs, metrics
from models.sending.callbacks import Report

log = logs.logger(__name__)
LARGEST_UPDATE = 1_000_000  # bytes; a Telegram update is a few thousand, and so is a form of Twilio's
MOST_FIELDS = 1_000
TWILIO_PATH, STATUS_PATH = "/webhooks/twilio", "/webhooks/twilio/status"
ANSWER_SECONDS = 12.0  # Twilio waits for 15
REPORTS_APART = 0.05  # seconds; nobody waits for what becomes of a message
NO_WORDS = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

Statuses = Callable[[Session, datetime, str, Sequence[Report]], int]
Form = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Telegram:
    """Telegram's webhook, which shows the secret that it was set with."""

    intake: Intake
    secret: str
    path: str
    refusals: Refusals

    def routes(self) -> list[Route]:
        return [Route(self.path, self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not self.secret or not hmac.compare_digest(given.encode(), self.secret.encode()):
            self.refusals.note(self.path, "a wrong secret" if given else "no secret")
            return PlainTextResponse("the secret token is missing or wrong", 401)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large for an update", 413)
        try:
            arrival = self.intake.arrival(json.loads(body))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            # Answering 200 would lose it silently; Telegram shows a 400 in getWebhookInfo.
            log.warning("webhook_body_refused", error=repr(error))
            return PlainTextResponse("this is not an update", 400)
        try:
            await self.intake.store(arrival)
        except DBAPIError as error:
            log.warning("webhook_waits_for_database", error=str(error.orig))
            return PlainTextResponse("not stored, please bring it again", 503)
        return Response(status_code=200)


def reports(
    writer: Writer, clock: Clock, statuses: Statuses, channel: str = whatsapp_inbound.CHANNEL
) -> Gathering[Report]:
    """Reports on our messages, those that wait together handed to `statuses` in one transaction."""

    def write(session: Session, things: Sequence[Report]) -> int:
        return statuses(session, clock.now(), channel, things)

    def wrote(number: int, new: int) -> None:
        metrics.status_reports.labels(channel).inc(new)
        metrics.status_reports_repeated.labels(channel).inc(number - new)

    return Gathering(writer, write, wrote, apart=REPORTS_APART)


@dataclass(frozen=True, slots=True)
class Twilio:
    """Twilio's two webhooks: what people send, and, with `statuses`, what became of our messages.

    Twilio signs the address that it was told, with all fields of the form (X-Twilio-Signature,
    https://www.twilio.com/docs/usage/webhooks/webhooks-security). That address is `public_url` and our
    path: what a request says about itself, and what a proxy adds, is not looked at. `answer_within` is in
    seconds.
    """

    intake: Intake
    token: str
    public_url: str
    statuses: Gathering[Report] | None = None
    refusals: Refusals = field(default_factory=lambda: Refusals(whatsapp_inbound.CHANNEL))
    answer_within: float = ANSWER_SECONDS

    def routes(self) -> list[Route]:
        found = [Route(TWILIO_PATH, self.take, methods=["POST"])]
        if self.statuses is not None:
            found.append(Route(STATUS_PATH, self.report, methods=["POST"]))
        return found

    async def take(self, request: Request) -> Response:
        """A message: stored as it came, then answered with no words (what we say goes out by itself)."""
        form = await self._form(request, TWILIO_PATH)
        if isinstance(form, Response):
            return form
        try:
            arrival = self.intake.arrival(form)
        except ValueError as error:
            log.warning("webhook_body_refused", channel=self.intake.channel, error=str(error))
            return PlainTextResponse("this is not a message of WhatsApp", 400)
        if not await self._stored(self.intake.store(arrival)):
            return PlainTextResponse("not stored, please bring it again", 503)
        return Response(NO_WORDS, media_type="text/xml")

    async def report(self, request: Request) -> Response:
        """What became of one of our messages: stored, and applied later by somebody else."""
        assert self.statuses is not None, "there is no route without them"
        form = await self._form(request, STATUS_PATH)
        if isinstance(form, Response):
            return form
        report = whatsapp_inbound.report_of(form, request.query_params.get(whatsapp_inbound.REFERENCE, ""))
        if not report.external_id or not report.status or max(map(len, report)) > 100:
            return PlainTextResponse("this is no report on a message", 400)
        if not await self._stored(self.statuses.store(report)):
            return PlainTextResponse("not stored, please bring it again", 503)
        return Response(status_code=204)

    async def _form(self, request: Request, path: str) -> Form | Response:
        """The fields of a request that Twilio has signed, or the answer to one that it has not."""
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large for a form", 413)
        try:
            fields = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
        except ValueError:  # UnicodeDecodeError is one
            return PlainTextResponse("this is not a form", 400)
        signature = request.headers.get("X-Twilio-Signature", "")
        query = request.scope.get("query_string", b"").decode("latin-1")
        url = f"{self.public_url}{path}{'?' if query else ''}{query}"
        if not signed(self.token, url, fields, signature):
            self.refusals.note(path, "a wrong signature" if signature else "no signature")
            return PlainTextResponse("the signature is missing or wrong", 403)
        form: Form = {}
        for name, value in fields:
            held = form.get(name)
            form[name] = value if held is None else [*([held] if isinstance(held, str) else held), value]
        return form

    async def _stored(self, storing: Any) -> bool:
        """Whether it is in the database by the time that Twilio has to have an answer."""
        try:
            async with asyncio.timeout(self.answer_within):
                await storing
        except DBAPIError as error:
            log.warning("webhook_waits_for_database", error=str(error.orig))
            return False
        except TimeoutError:  # it may still be stored: brought again, it is recognised
            log.warning("webhook_waits_for_database", error="no answer in time")
            return False
        return True


class _Fields:
    """The fields of a form as the library's validator wants them: several values of a name, too."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return self._values[name]


def signed(token: str, url: str, fields: Sequence[tuple[str, str]], signature: str) -> bool:
    """Whether Twilio signed this form for this address. Without a token nobody did."""
    if not token or not signature:  # the library fails with a TypeError where there is none
        return False
    validator: Any = RequestValidator
    return bool(validator(token).validate(url, _Fields(fields), signature))


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is larger than any update, whatever its headers say."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST_UPDATE:
            return None
    return bytes(parts)
