"""The web face: webhooks into the inbox, /health for the machine that watches us, /metrics."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.files.handout import Handout
from bot.inbound import webhooks
from bot.inbound.intake import Intake
from bot.inbound.refusals import Refusals
from bot.telemetry import metrics


def application(
    *,
    reader: Engine,
    clock: Clock,
    intakes: dict[str, Intake],
    telegram_secret: str,
    telegram_path: str = "/webhooks/telegram",
    twilio: webhooks.Twilio | None = None,
    handout: Handout | None = None,
    heartbeat: Callable[[], dict[str, float]] = dict,
    refusals: Refusals | None = None,
) -> Starlette:
    """The application; `heartbeat` gives the seconds since each loop of this process was last seen.

    With `twilio` it hears WhatsApp, with `handout` it gives out files of ours behind signed links; `refusals`
    count what comes to Telegram's webhook and is not from there.
    """
    refusals = refusals or Refusals("telegram")
    telegram = webhooks.Telegram(intakes["telegram"], telegram_secret, telegram_path, refusals)
    health = _Health(reader, clock, heartbeat)
    return Starlette(
        routes=[
            *telegram.routes(),
            *(twilio.routes() if twilio else ()),
            *((handout.route(),) if handout else ()),
            Route("/health", health.show),
            Route("/metrics", _metrics),
        ]
    )


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


def _ask(reader: Engine) -> None:
    with reader.connect() as connection:
        connection.execute(text("SELECT 1"))
