"""Opens the sources of items once each, to tell their authors of an address that leads nowhere.

The addresses come from people, and this machine stands inside a network of its own: nothing here may be
turned against it. Every connection, those of redirects included, goes through one gate: the address that is
really connected to, not the name, has to be public, and the port one of the web's. No credentials, no
cookies, and no content: the first line of an answer is all that counts.
"""

import asyncio
import functools
import ipaddress
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.storage import wakeups
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.content import sources

log = logs.logger(__name__)
LEASE = timedelta(minutes=1)
SECONDS = 5.0  # for an address, its redirects included
REDIRECTS = 3
HEAD_BYTES = 8 * 1024  # of one line of an answer's head; its body is not read at all
BUFFER_BYTES = 32 * 1024  # the connection holds back twice that: never more than 64 KB are taken in
PORTS = {"http": 80, "https": 443}
_WAYS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410, 451})
_HIDDEN = frozenset({401, 403, 407, 429})  # there, but not for us: nobody knows what a person would see
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own (RFC 6598)
        "127.0.0.0/8",
        "169.254.0.0/16",  # among them the metadata of every cloud
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")  # all that has been given out (RFC 4291)
# Parts of it that lead elsewhere: Teredo and the like, documentation, 6to4 with an IPv4 address inside.
_NOT_PUBLIC_V6 = tuple(
    ipaddress.ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

Gate = Callable[[str, int], bool]
AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


class NotAllowed(OSError):  # noqa: N818 - said of an address, it reads as one
    """An address that is none of ours to open. Its message names no address: it may reach a log."""


def may_connect(address: str, port: int) -> bool:
    """Whether an IP address may be connected to: a public one, at a port of the web.

    Whatever carries another address inside (IPv4-mapped, NAT64, 6to4, Teredo) is refused, and so is
    what cannot be read as an address.
    """
    if port not in PORTS.values():
        return False
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC)
    if found.scope_id is not None or found not in _PUBLIC_V6:
        return False
    return not any(found in network for network in _NOT_PUBLIC_V6)


def _guarded(gate: Gate, info: AddressInfo) -> socket.socket:
    """A socket for one address, as the connector asks for it: the only way out of here."""
    family, kind, protocol, _, where = info
    if not gate(str(where[0]), int(where[1])):
        raise NotAllowed("not a public address")
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


async def opens(
    url: str,
    *,
    gate: Gate = may_connect,
    resolver: AbstractResolver | None = None,
    seconds: float = SECONDS,
) -> str:
    """What came of opening an address, as `sources` keeps it: OPENED; HIDDEN where it answered, but does not
    show itself to us; CLOSED for "not found", errors of its own and no answer.

    CLOSED for what may not be opened, too: nobody learns from us what stands in our network. Raises
    nothing for what the other side does.
    """
    connector = aiohttp.TCPConnector(
        use_dns_cache=False,
        resolver=resolver,
        socket_factory=functools.partial(_guarded, gate),
        force_close=True,
        limit=2,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        read_bufsize=BUFFER_BYTES,
        max_line_size=HEAD_BYTES,
        max_field_size=HEAD_BYTES,
        headers={"User-Agent": "SatuPesan-SourceCheck"},
    )
    try:
        async with asyncio.timeout(seconds), session:
            status = await _status(session, url)
    except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
        log.info("source_not_opened", error=type(error).__name__)
        return sources.CLOSED
    if status in _GONE or status >= 500:
        return sources.CLOSED
    return sources.HIDDEN if status in _HIDDEN else sources.OPENED


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    """The last answer's status. Raises NotAllowed for an address that is none to open."""
    where = yarl.URL(url)
    for _ in range(REDIRECTS + 1):
        _check(where)
        async with session.get(where, allow_redirects=False) as answer:
            location = answer.headers.get("Location", "")
            if answer.status not in _WAYS or not location:
                return answer.status
            where = where.join(yarl.URL(location))
    raise NotAllowed("redirected too often")


def _check(url: yarl.URL) -> None:
    """Raises NotAllowed for what is no plain address of the web."""
    if url.scheme not in PORTS or not url.host or url.user is not None or url.password is not None:
        raise NotAllowed("no plain address of the web")


class Linker:
    """Opens up to `at_once` sources at a time, as long as `run` is not cancelled."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        *,
        at_once: int = 4,
        gate: Gate = may_connect,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.writer, self.clock, self.at_once = writer, clock, at_once
        self.gate, self.resolver = gate, resolver

    async def run(self) -> None:
        """Until cancelled. What was under way when the program ended is opened again."""
        news = self.writer.wakeups.subscribe("sources")
        while True:
            try:
                taken = await self.writer.write(
                    lambda session: sources.to_check(session, self.clock.now(), self.at_once, LEASE)
                )
                if taken:
                    await asyncio.gather(*(self._check(wanted) for wanted in taken))
                    continue
                due = await self.writer.write(sources.next_due)
                seconds = 5.0 if due is None else (due - self.clock.now()).total_seconds()
                await wakeups.wait(news, min(5.0, max(0.1, seconds)))
            except DBAPIError as error:
                log.warning("linker_waits_for_database", error=str(error.orig))
                await asyncio.sleep(1)

    async def _check(self, wanted: sources.Wanted) -> None:
        result = await opens(wanted.url, gate=self.gate, resolver=self.resolver)
        await self.writer.write(
            lambda session: sources.checked(session, wanted.check_id, self.clock.now(), result)
        )
