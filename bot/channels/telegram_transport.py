"""HTTP for python-telegram-bot that stays fast with hundreds of requests in flight.

PTB's own transport slows down as soon as many requests run at once; this one is aiohttp behind the
same interface (`telegram.request.BaseRequest`). Beyond speed it keeps what PTB's errors lose and the
outbox must know: whether a request that failed can have reached the server.
"""

import io
from collections.abc import AsyncGenerator
from http import HTTPStatus

import aiohttp
import yarl
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

DNS_SECONDS = 300
KEEP_ALIVE_SECONDS = 30.0  # less than the server's own, so that we rarely write into a closing connection
CHUNK_BYTES = 256 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
KNOWN_URLS = 256  # one a method and token; file addresses do not come through here


class NotSent:
    """Marks an error of a request that never left this machine: to repeat it can double nothing."""


class NeverConnectedError(NotSent, NetworkError):
    """No connection to the server: refused, no such name, a bad certificate."""


class ConnectTimedOut(NotSent, TimedOut):
    """No free or no new connection in time."""


class ServerFailedError(NetworkError):
    """The server answered 5xx; `code` is the HTTP status."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{_phrase(code)} ({code})")
        self.code = code


class AiohttpRequest(BaseRequest):
    """A PTB request object on an aiohttp session.

    All timeouts are in seconds, None means none. `pool_timeout` and `connect_timeout` bound the wait
    for a free and for a new connection, `read_timeout` the silence of the server once the request is
    written, and `write_timeout` (`media_write_timeout` with files) is what sending the whole body may
    take on top of these. `connections` is how many may be open at once.

    The session is built by `initialize()`, inside the running loop, and ended by `shutdown()`.
    """

    def __init__(
        self,
        *,
        connections: int = 512,
        connect_timeout: float | None = 10.0,
        read_timeout: float | None = 20.0,
        write_timeout: float | None = 20.0,
        pool_timeout: float | None = 10.0,
        media_write_timeout: float | None = 300.0,
    ) -> None:
        self._connections = connections
        self._connect = connect_timeout
        self._read = read_timeout
        self._write = write_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._timeout = self._build_timeout(read_timeout, write_timeout, connect_timeout, pool_timeout)
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, yarl.URL] = {}

    @property
    def read_timeout(self) -> float | None:
        """The default read timeout in seconds."""
        return self._read

    async def initialize(self) -> None:
        """Opens the session; does nothing when it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, ttl_dns_cache=DNS_SECONDS, keepalive_timeout=KEEP_ALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                timeout=self._timeout,
            )

    async def shutdown(self) -> None:
        """Closes every connection; does nothing when there is none."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; the HTTP status and the body of the answer.

        Raises `NeverConnectedError` or `ConnectTimedOut` where nothing was sent, `TimedOut` or
        `NetworkError` where the server may have acted, `ServerFailedError` for a 5xx.
        """
        session = self._opened()
        with_files = request_data is not None and request_data.contains_files
        given = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        timeout = self._timeout if not with_files and _all_default(given) else self._own(given, with_files)
        form, headers = _body(request_data)
        try:
            async with session.request(
                method, self._url(url), data=form, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise _ours(error) from None  # the cause names the address, and with it the token
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerFailedError(response.status)
        return response.status, answer

    async def stream(self, url: str) -> AsyncGenerator[bytes, None]:
        """The body of a GET in pieces, however long it takes as long as something arrives.

        Raises as `do_request` does, and `NetworkError` for any status but 200.
        """
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_sum(self._pool, self._connect),
            sock_connect=self._connect,
            sock_read=self._read,
        )
        try:
            async with self._opened().get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise ServerFailedError(response.status)
                if response.status != HTTPStatus.OK:
                    raise NetworkError(f"{_phrase(response.status)} ({response.status})")
                async for piece in response.content.iter_chunked(CHUNK_BYTES):
                    yield piece
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise _ours(error) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("this AiohttpRequest is not initialized")
        return self._session

    def _url(self, url: str) -> yarl.URL:
        # Parsing is a noticeable part of a small request, and the same few addresses come all day.
        known = self._urls.get(url)
        if known is None:
            known = yarl.URL(url)
            if len(self._urls) < KNOWN_URLS:
                self._urls[url] = known
        return known

    def _own(self, given: tuple[object, object, object, object], with_files: bool) -> aiohttp.ClientTimeout:
        read, write, connect, pool = given
        return self._build_timeout(
            _or(read, self._read),
            _or(write, self._media_write if with_files else self._write),
            _or(connect, self._connect),
            _or(pool, self._pool),
        )

    @staticmethod
    def _build_timeout(
        read: float | None, write: float | None, connect: float | None, pool: float | None
    ) -> aiohttp.ClientTimeout:
        # aiohttp has no write timeout of its own; its read timeout starts when the body is written.
        # The sum bounds the write, and fires later than the others, which say more precisely what hung.
        return aiohttp.ClientTimeout(
            total=_sum(pool, connect, write, read),
            connect=_sum(pool, connect),
            sock_connect=connect,
            sock_read=read,
        )


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        # yarl encodes in C: urllib, which PTB and aiohttp's FormData use, takes six times as long and a
        # quarter of the whole message.
        form = yarl.URL.build(path="/", query=data.json_parameters).raw_query_string
        return form.encode(), FORM
    parts = aiohttp.FormData(quote_fields=False)
    for name, text in data.json_parameters.items():
        parts.add_field(name, text, content_type="text/plain; charset=utf-8")
    for name, (filename, content, mime) in data.multipart_data.items():
        # Bytes in one piece would hold the loop up; a file is written piece by piece.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        parts.add_field(name, stream, filename=filename, content_type=mime)
    return parts, None


def _ours(error: Exception) -> NetworkError:
    """The PTB error for what aiohttp raised, without the address: it contains the token."""
    name = type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError():
            return ConnectTimedOut("no connection in time")
        case TimeoutError():
            return TimedOut(f"no answer in time ({name})")
        case aiohttp.ClientConnectorError() | aiohttp.ClientConnectorCertificateError():
            reason = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
            return NeverConnectedError(f"{name}: {reason}")
        case aiohttp.InvalidURL():
            return NeverConnectedError("the address of the server is not one")
    return NetworkError(name)


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Unknown HTTPError"


def _all_default(given: tuple[object, ...]) -> bool:
    return all(value is BaseRequest.DEFAULT_NONE for value in given)


def _or(given: object, default: float | None) -> float | None:
    if given is BaseRequest.DEFAULT_NONE:
        return default
    return float(given) if isinstance(given, int | float) else None


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
