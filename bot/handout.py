"""GET /media/…: a file of our store for whoever has a link to it, and nothing else."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot import logs, metrics
from bot.clock import Clock
from bot.links import PATH, Links
from bot.media import Store
from models.messages import files

log = logs.logger(__name__)
# WhatsApp takes no other documents than these of the texts: a table of rows is one to it.
# https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
SHOWN_AS = {"text/csv": "text/plain"}
# Whatever a file is, nobody may take it for more: not a browser that guesses, nor a cache on the way.
HEADERS = {"Cache-Control": "private", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Handout:
    """Files behind links."""

    reader: Engine
    store: Store
    clock: Clock
    links: Links

    def route(self) -> Route:
        return Route(f"{PATH}/{{token}}/{{name}}", self.give, methods=["GET"])  # and HEAD

    async def give(self, request: Request) -> Response:
        """The file, in pieces; 404 for a link that is forged or over, and for a file that is not kept."""
        media_id = self.links.check(request.path_params["token"], self.clock.now())
        if media_id is None:
            metrics.links_refused.inc()
            return _nothing()
        try:
            found = await run_in_threadpool(self._found, media_id)
        except (DBAPIError, OSError) as error:
            log.warning("file_not_handed_out", media_id=media_id, error=type(error).__name__)
            return PlainTextResponse("not now, please come again", 503)
        if found is None:
            return _nothing()
        media, size = found
        headers = {**HEADERS, "Content-Length": str(size)}
        mime = SHOWN_AS.get(media.mime, media.mime)
        if request.method == "HEAD":
            return Response(headers=headers, media_type=mime)
        # A generator that is not read to its end is closed where it stands.
        return StreamingResponse(self.store.stream(media.key), headers=headers, media_type=mime)

    def _found(self, media_id: int) -> tuple[files.Media, int] | None:
        with Session(self.reader, expire_on_commit=False) as session:
            media = session.get(files.Media, media_id)
        if media is None or media.status != files.STORED:
            return None
        size = self.store.size(media.key)
        return None if size is None else (media, size)


def _nothing() -> Response:
    return PlainTextResponse("there is no such file", 404)
