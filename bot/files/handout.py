"""GET /media/…: a file of our store for whoever has a link to it, and nothing else."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.clock import Clock
from bot.files.links import PATH, Links
from bot.files.media import Store
from bot.telemetry import logs, metrics
from models.content import carrying, measures
from models.messages import files

log = logs.logger(__name__)
# Whatever a file is, nobody may take it for more: not a browser that guesses, nor a cache on the way.
HEADERS = {"Cache-Control": "private", "X-Content-Type-Options": "nosniff"}
INLINE = ("image/", "video/")  # what is looked at; anything else is kept, under its name
NAME_CHARACTERS = 200
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_PATH = re.compile(r"[/\\:*?\"<>|]")


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
        name = media.name or request.path_params["name"]
        headers["Content-Disposition"] = disposition(media.mime, name, kept=_is_for_people(media))
        if request.method == "HEAD":
            return Response(headers=headers, media_type=media.mime)
        # A generator that is not read to its end is closed where it stands.
        return StreamingResponse(self.store.stream(media.key), headers=headers, media_type=media.mime)

    def _found(self, media_id: int) -> tuple[files.Media, int] | None:
        with Session(self.reader, expire_on_commit=False) as session:
            media = session.get(files.Media, media_id)
        if media is None or media.status != files.STORED:
            return None
        size = self.store.size(media.key)
        return None if size is None else (media, size)


def _is_for_people(media: files.Media) -> bool:
    """Whether WhatsApp does not take a file: then it is a person who opens the link, to keep it."""
    return carrying.objection(measures.of(media)) in carrying.LINKED


def disposition(mime: str, name: str, *, kept: bool = False) -> str:
    """What Content-Disposition says of a file (RFC 6266): its name, which WhatsApp shows of a document,
    without anything that could be taken for a folder or for another header. Twice where it is not plain
    ASCII, for those who do not read the longer form. `kept` is for what is not only looked at."""
    kind = "inline" if mime.startswith(INLINE) and not kept else "attachment"
    safe = _PATH.sub("-", _UNPRINTED.sub("", name)).strip(" .")[-NAME_CHARACTERS:] or "file"
    plain = re.sub(r"[^ -~]+|%", "_", safe)
    said = f'{kind}; filename="{plain}"'
    return said if plain == safe else f"{said}; filename*=UTF-8''{quote(safe, safe='')}"


def _nothing() -> Response:
    return PlainTextResponse("there is no such file", 404)
