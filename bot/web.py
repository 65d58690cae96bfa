"""The web face: webhooks into the inbox, /health for the machine that watches us, /metrics."""

import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import intake, logs, metrics
from bot.clock import Clock
from bot.intake import Intake

log = logs.logger(__name__)
LARGEST_UPDATE = 1_000_000  # bytes; a Telegram update is a few thousand


def application(
    *,
    reader: Engine,
    clock: Clock,
    intakes: dict[str, Intake],
    telegram_secret: str,
    telegram_path: str = "/webhooks/telegram",
    heartbeat: Callable[[], dict[str, float]] = dict,
) -> Starlette:
    """The application; `heartbeat` gives the seconds since each loop of this process was last seen."""
    webhook = _Telegram(intakes["telegram"], telegram_secret)
    health = _Health(reader, clock, heartbeat)
    return Starlette(
        routes=[
            Route(telegram_path, webhook.take, methods=["POST"]),
            Route("/health", health.show),
            Route("/metrics", _metrics),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Telegram:
    intake: Intake
    secret: str

    async def take(self, request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not self.secret or not hmac.compare_digest(given.encode(), self.secret.encode()):
            metrics.webhooks_refused.labels("telegram").inc()
            return PlainTextResponse("the secret token is missing or wrong", 401)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large for an update", 413)
        try:
            arrival = intake.arrival(json.loads(body))
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


@dataclass(frozen=True, slots=True)
class _Health:
    reader: Engine
    clock: Clock
    heartbeat: Callable[[], dict[str, float]]

    async def show(self, _request: Request) -> Response:
        began = time.perf_counter()
        try:
            await run_in_threadpool(_ask, self.reader)
        except DBAPIError:
            return JSONResponse({"status": "down", "database": "unreachable"}, 503)
        return JSONResponse(
            {
                "status": "ok",
                "database_seconds": round(time.perf_counter() - began, 4),
                "time": self.clock.now().isoformat(),
                "loops": self.heartbeat(),
            }
        )


async def _metrics(_request: Request) -> Response:
    return Response(await run_in_threadpool(metrics.render), media_type=CONTENT_TYPE_LATEST)


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is larger than any update, whatever its headers say."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST_UPDATE:
            return None
    return bytes(parts)


def _ask(reader: Engine) -> None:
    with reader.connect() as connection:
        connection.execute(text("SELECT 1"))
