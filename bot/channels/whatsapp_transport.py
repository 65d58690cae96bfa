"""HTTP for the twilio library that keeps its timeouts, and says whether a request can have arrived.

The library's own asynchronous client hands aiohttp a timeout of None, which means none at all, repeats
POSTs when told to retry, cannot encode a list in a form, and sends JSON as a form. This one stands at the
place that the library has for others (`twilio.http.AsyncHttpClient`), and repeats nothing.
"""

import asyncio
import base64
import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import yarl
from multidict import CIMultiDict
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

DNS_SECONDS = 300
KEEP_ALIVE_SECONDS = 30.0
CHUNK_BYTES = 256 * 1024
FILE_SECONDS = 300.0  # for one file: 20 MB at half a megabit a second, and no server can keep us for longer
REDIRECTS = 3
LONGEST_WAIT = 300.0  # seconds; of what a Retry-After may ask of everybody
_REDIRECTING = (301, 302, 303, 307, 308)


class NotSentError(TwilioException):
    """The request never left this machine: to repeat it can double nothing."""


class NoAnswerError(TwilioException):
    """The request went out and no answer came back: the server may have acted."""


class TooManyError(TwilioException):
    """429: everybody waits `retry_after` seconds, if the answer asks for that (0 where it does not: Twilio
    counts requests at once and promises no such header), unless `code` says that it is about something else
    (`text` is what Twilio says; 0 and "" where the answer has neither)."""

    def __init__(self, retry_after: float, code: int = 0, text: str = "") -> None:
        super().__init__("429 too many requests")
        self.retry_after, self.code, self.text = retry_after, code, text


class FetchError(Exception):
    """A file could not be fetched; `status` is the HTTP status, 0 where the address itself was refused."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class TooLargeError(Exception):
    """The file is larger than it may be."""


Basic = tuple[str, str]


class AiohttpClient(AsyncHttpClient):
    """The library's HTTP client on an aiohttp session, built by `start()` inside the running loop.

    `connections` may be open at once. `connect_timeout` bounds the wait for a connection, and
    `read_timeout` everything behind it, in seconds; of a file that is the wait for the next piece, and
    `file_timeout` bounds the whole, redirects included.
    """

    def __init__(
        self,
        *,
        connections: int = 128,
        connect_timeout: float = 10.0,
        read_timeout: float = 20.0,
        file_timeout: float = FILE_SECONDS,
    ) -> None:
        super().__init__(logging.getLogger("twilio"), is_async=True)
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(
            total=connect_timeout + read_timeout,
            connect=connect_timeout,
            sock_connect=connect_timeout,
            sock_read=read_timeout,
        )
        self._file_timeout = file_timeout
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Opens the session; does nothing when it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, ttl_dns_cache=DNS_SECONDS, keepalive_timeout=KEEP_ALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def close(self) -> None:
        """Closes every connection; does nothing when there is none."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def request(  # type: ignore[override]  # the library says of its own that it gives no coroutine
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: Basic | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 (the library's signature; ours is always on)
        allow_redirects: bool = False,  # noqa: ARG002 (nothing of the API redirects)
    ) -> Response:
        """One request, made once. Raises NotSentError, NoAnswerError or TooManyError."""
        sent = CIMultiDict(headers or {})
        if auth is not None:
            sent["Authorization"] = basic(auth)
        body = None
        if data is not None:
            as_json = "json" in sent.get("Content-Type", "")
            body = (json.dumps(data) if as_json else urlencode(data, doseq=True)).encode()
        url = yarl.URL(uri) if not params else yarl.URL(uri).update_query(_query(params))
        try:
            async with self._opened().request(
                method, url, data=body, headers=sent, timeout=self._timeout, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise _too_many(answer.headers.get("Retry-After", ""), text)
                return Response(answer.status, text, answer.headers)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _ours(error) from None

    async def fetch(
        self, url: yarl.URL, target: Path, *, auth: Basic, most: int, trusted: Callable[[yarl.URL], bool]
    ) -> int:
        """Fetches a file into `target`; its bytes, `most` at the most.

        The credentials go to `url` alone. A redirect is followed without them, and only to an address
        that is `trusted`. Raises FetchError, TooLargeError, NotSentError or NoAnswerError.
        """
        headers = {"Authorization": basic(auth)}
        until = time.monotonic() + self._file_timeout
        for _ in range(REDIRECTS + 1):
            try:
                async with self._opened().get(
                    url, headers=headers, timeout=self._patience(until), allow_redirects=False
                ) as answer:
                    if answer.status in _REDIRECTING:
                        url, headers = _next(url, answer, trusted), {}
                        continue
                    if answer.status != HTTPStatus.OK:
                        raise FetchError(answer.status, f"the server of files answered {answer.status}")
                    return await _save(answer, target, most)
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                raise _ours(error) from None
        raise FetchError(0, "too many redirects")

    def _patience(self, until: float) -> aiohttp.ClientTimeout:
        """A film may take its time, as long as something arrives, but no longer than to `until`."""
        return aiohttp.ClientTimeout(
            total=max(0.001, until - time.monotonic()),  # 0 is no limit at all to aiohttp
            connect=self._timeout.connect,
            sock_connect=self._timeout.sock_connect,
            sock_read=self._timeout.sock_read,
        )

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("this AiohttpClient is not started")
        return self._session


def basic(auth: Basic) -> str:
    """The Authorization header of a name and a password."""
    return "Basic " + base64.b64encode(":".join(auth).encode()).decode()


def _query(params: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if value is not None}


def _too_many(header: str, text: str) -> TooManyError:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    code, words = said.get("code"), said.get("message") or said.get("detail") or ""
    return TooManyError(_wait(header), code if isinstance(code, int) else 0, str(words))


def _wait(header: str) -> float:
    text = header.strip()
    return min(LONGEST_WAIT, max(1.0, float(text))) if text.isascii() and text.isdigit() else 0.0


def _next(url: yarl.URL, answer: aiohttp.ClientResponse, trusted: Callable[[yarl.URL], bool]) -> yarl.URL:
    try:
        target = url.join(yarl.URL(answer.headers.get("Location", "")))
    except ValueError:
        raise FetchError(0, "a redirect to no address") from None
    if not trusted(target):
        raise FetchError(0, f"a redirect to {target.scheme}://{target.host}")
    return target


async def _save(answer: aiohttp.ClientResponse, target: Path, most: int) -> int:
    if (answer.content_length or 0) > most:
        raise TooLargeError
    size = 0
    with await asyncio.to_thread(target.open, "wb") as out:
        async for piece in answer.content.iter_chunked(CHUNK_BYTES):
            size += len(piece)
            if size > most:
                raise TooLargeError
            await asyncio.to_thread(out.write, piece)
    return size


def _ours(error: Any) -> TwilioException:
    """What aiohttp raised, as an error that says whether the request can have arrived."""
    name = type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError():
            return NotSentError("no connection in time")
        case TimeoutError():
            return NoAnswerError(f"no answer in time ({name})")
        case aiohttp.ClientConnectorError() | aiohttp.ClientConnectorCertificateError():
            why = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
            return NotSentError(f"{name}: {why}")
        case aiohttp.InvalidURL():
            return NotSentError("the address of the server is not one")
    return NoAnswerError(name)
