"""Sources are opened over real HTTP, and nobody turns the bot against the network it stands in."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import select

from bot import linking
from bot.clock import Clock
from bot.linking import Linker, may_connect, opens
from bot.wakeups import Wakeups
from bot.writer import Writer
from models import inbox, sources
from models.sources import CLOSED, HIDDEN, OPENED, SourceCheck
from tests.chat import Chatter, Heard, Stage
from tests.handlers.test_submitting import SOURCE, writes

PUBLIC = "127.0.0.2"  # plays the world; everything else is judged by the real gate


@dataclass
class Site:
    """A web server, and what it was asked: (address it listens at, path, headers)."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)

    def gate(self, address: str, port: int) -> bool:
        """The real rule, but for our own server, which stands for one at port 80 of a public address."""
        return (address, port) == (PUBLIC, self.port) or may_connect(address, port)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        where = request.transport.get_extra_info("sockname")[0] if request.transport else ""
        self.asked.append((where, request.path, dict(request.headers)))
        if to := self.redirects.get(request.path):
            raise web.HTTPFound(to, headers={"Set-Cookie": "id=1; Path=/"})
        if request.path == "/silent":
            await asyncio.sleep(60)
        if request.path == "/endless":
            body = web.StreamResponse()
            await body.prepare(request)
            for _ in range(10_000):
                await body.write(b"x" * 65536)
            return body
        return web.Response(status=self.status.get(request.path, 200), text="isi")


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    """One server at the public and at the loopback address of this machine, at one port."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, PUBLIC, 0).start()
    site.port = runner.addresses[0][1]
    await web.TCPSite(runner, "127.0.0.1", site.port).start()
    try:
        yield site
    finally:
        await runner.cleanup()


class Names(AbstractResolver):
    """A name server: each name's answers, one after the other; the last one is given for ever."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers, self.asked = answers, 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        found = self.answers[host.partition(".")[0]]
        address = found.pop(0) if len(found) > 1 else found[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """Nothing to close."""


# -- the gate ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "100::1",
        "fc00::1",
        "fd00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "",
    ],
)
def test_an_address_that_is_not_public_is_not_connected_to(address: str) -> None:
    assert not may_connect(address, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.56.1.9", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_a_public_address_is_at_the_ports_of_the_web_only(address: str) -> None:
    assert may_connect(address, 80)
    assert may_connect(address, 443)
    assert not any(may_connect(address, port) for port in (0, 21, 22, 25, 5432, 6379, 8080, 8443))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "①②⑦.0.0.1",
    ],
)
@pytest.mark.anyio
async def test_this_machine_is_not_asked_however_it_is_written(host: str) -> None:
    async with serving() as site:
        # The port is let through here, so that the address alone decides.
        def gate(address: str, port: int) -> bool:
            return may_connect(address, 80 if port == site.port else port)

        assert await opens(f"http://{host}:{site.port}/", gate=gate) == CLOSED
        assert site.asked == []
        assert await opens(f"http://{host}:{site.port}/", gate=lambda _a, _p: True) == (
            OPENED if site.asked else CLOSED
        )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://{public}/",
        "file:///etc/passwd",
        "gopher://{public}/",
        "http://user@{public}/",
        "http://user:secret@{public}/",
        "http:///nothing",
        "nothing",
        "http://[::1",
        "",
    ],
)
@pytest.mark.anyio
async def test_what_is_no_plain_address_of_the_web_is_not_opened(url: str) -> None:
    async with serving() as site:
        assert await opens(url.replace("{public}", f"{PUBLIC}:{site.port}"), gate=site.gate) == CLOSED
        assert site.asked == []


@pytest.mark.anyio
async def test_a_port_beside_the_webs_is_not_opened() -> None:
    async with serving() as site:
        assert await opens(f"http://{PUBLIC}:{site.port}/", gate=may_connect) == CLOSED
        assert site.asked == []


# -- names -------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_a_name_that_leads_into_the_network_is_not_followed() -> None:
    async with serving() as site:
        for address in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1"):
            names = Names(evil=[address])
            assert await opens(f"http://evil.example:{site.port}/", gate=site.gate, resolver=names) == CLOSED
        assert site.asked == []


@pytest.mark.anyio
async def test_a_name_is_asked_for_once_and_its_first_answer_is_the_one_that_is_judged_and_used() -> None:
    async with serving() as site:
        names = Names(good=[PUBLIC, "127.0.0.1"])
        assert await opens(f"http://good.example:{site.port}/", gate=site.gate, resolver=names) == OPENED
        assert names.asked == 1
        assert [where for where, _, _ in site.asked] == [PUBLIC]
        # The second time the name server says something else: it is judged anew.
        assert await opens(f"http://good.example:{site.port}/", gate=site.gate, resolver=names) == CLOSED
        assert len(site.asked) == 1


@pytest.mark.anyio
async def test_a_name_that_changes_between_two_redirects_is_judged_anew() -> None:
    async with serving() as site:
        names = Names(good=[PUBLIC, "127.0.0.1"])
        site.redirects["/"] = f"http://good.example:{site.port}/inside"
        assert await opens(f"http://good.example:{site.port}/", gate=site.gate, resolver=names) == CLOSED
        assert [path for _, path, _ in site.asked] == ["/"]


# -- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:{port}/inside",
        "http://[::1]:{port}/inside",
        "http://2130706433:{port}/inside",
        "//127.0.0.1:{port}/inside",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:secret@{public}:{port}/inside",
        "file:///etc/passwd",
        "gopher://{public}:{port}/inside",
    ],
)
@pytest.mark.anyio
async def test_a_redirect_into_the_network_is_not_followed(to: str) -> None:
    async with serving() as site:
        site.redirects["/"] = to.format(port=site.port, public=PUBLIC)
        assert await opens(f"http://{PUBLIC}:{site.port}/", gate=site.gate) == CLOSED
        assert [path for _, path, _ in site.asked] == ["/"]


@pytest.mark.anyio
async def test_three_redirects_are_followed_and_no_fourth_without_cookies() -> None:
    async with serving() as site:
        site.redirects = {f"/{number}": f"/{number + 1}" for number in range(4)}
        assert await opens(f"http://{PUBLIC}:{site.port}/1", gate=site.gate) == OPENED
        assert [path for _, path, _ in site.asked] == ["/1", "/2", "/3", "/4"]
        assert not any({"Cookie", "Authorization", "Referer"} & set(headers) for _, _, headers in site.asked)
        assert await opens(f"http://{PUBLIC}:{site.port}/0", gate=site.gate) == CLOSED


# -- what an answer means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, OPENED),
        (204, OPENED),
        (401, HIDDEN),
        (403, HIDDEN),
        (429, HIDDEN),
        (404, CLOSED),
        (410, CLOSED),
        (503, CLOSED),
    ],
)
@pytest.mark.anyio
async def test_not_found_and_errors_of_theirs_are_no_source_and_a_refusal_is_no_clean_pass(
    status: int, result: str
) -> None:
    async with serving() as site:
        site.status["/"] = status
        assert await opens(f"http://{PUBLIC}:{site.port}/", gate=site.gate) == result


@pytest.mark.anyio
async def test_an_answer_without_end_is_not_read_and_a_silent_one_not_waited_for() -> None:
    async with serving() as site:
        async with asyncio.timeout(5):
            assert await opens(f"http://{PUBLIC}:{site.port}/endless", gate=site.gate) == OPENED
        assert await opens(f"http://{PUBLIC}:{site.port}/silent", gate=site.gate, seconds=0.2) == CLOSED


@pytest.mark.anyio
async def test_nobody_there_is_an_answer_too() -> None:
    assert await opens("http://127.0.0.2:9/", gate=lambda _a, _p: True) == CLOSED


# -- in the chat -------------------------------------------------------------------------------


@pytest.fixture
def siti(stage: Stage) -> Chatter:
    return stage.person("Siti Rahma", role="creator")


async def _look_up(stage: Stage, until: Callable[[Stage], bool], **status: int) -> list[str]:
    clock = Clock()
    clock.move_to(stage.now)
    wakeups = Wakeups()
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    async with serving() as site:
        site.status = {f"/{path}": code for path, code in status.items()}
        resolver = _AtPort(Names(dinkes=[PUBLIC]), site.port)  # all the web stands on this machine here
        linker = Linker(writer, clock, gate=site.gate, resolver=resolver)
        task = asyncio.create_task(linker.run())
        async with asyncio.timeout(20):
            while not until(stage):
                await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    writer.close()
    return [path for _, path, _ in site.asked]


class _AtPort(AbstractResolver):
    """Every name at the port of the test's own server."""

    def __init__(self, names: Names, port: int) -> None:
        self.names, self.port = names, port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return await self.names.resolve(host, self.port, family)

    async def close(self) -> None:
        """Nothing to close."""


def looked_up(stage: Stage) -> bool:
    with stage.session() as session:
        return sources.WAITING not in set(session.scalars(select(SourceCheck.status)))


def found(stage: Stage, **status: int) -> list[str]:
    """The loop opens what waits; then the worker handles what came of it."""
    asked = asyncio.run(_look_up(stage, looked_up, **status))
    stage.later(minutes=1)
    stage.work()
    return asked


def heard_since(who: Chatter, act: Callable[[], object]) -> list[Heard]:
    after = who.hears()[-1].row.id
    act()
    return who.hears(after)


PLAIN = SOURCE.replace("https://dinkes.jambiprov.go.id/berita/malam", "http://dinkes.jambiprov.go.id/malam")


def gives(who: Chatter, source: str = PLAIN) -> None:
    writes(who, 6)
    who.says(source)


def test_an_author_hears_of_a_source_that_is_not_there_and_may_go_on(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    [told] = heard_since(siti, lambda: found(stage, malam=404))
    assert "belum bisa dibuka" in told.text
    assert PLAIN in told.text
    siti.says("ya")
    preview = siti.says("ya")[-1].text
    assert "Tautan sumber belum bisa dibuka" in preview
    assert "Sumber diperiksa: belum dapat dibuka" in preview
    assert "Langkah 7/10" in siti.presses("Ganti tautan")[-1].text
    siti.says(PLAIN.replace("malam", "siang"))
    assert heard_since(siti, lambda: found(stage, malam=404)) == []
    siti.says("ya")
    preview = siti.presses("", action="submit.resume:1")[-1].text
    assert "Sumber diperiksa: dapat dibuka" in preview
    assert "belum bisa dibuka" not in preview
    siti.presses("Kirim untuk diperiksa")
    editor = stage.person("Edi", role="editor")
    assert "Sumber diperiksa: dapat dibuka" in editor.presses("", action="review.open:1")[-1].text


def test_the_same_source_once_more_is_looked_up_once_more(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    assert len(heard_since(siti, lambda: found(stage, malam=404))) == 1
    siti.presses("Ganti tautan")
    siti.says(PLAIN)
    assert len(heard_since(siti, lambda: found(stage, malam=500))) == 1


@pytest.mark.parametrize("status", [403, 429])
def test_a_source_that_does_not_show_itself_to_us_is_a_warning_and_no_alarm(
    stage: Stage, siti: Chatter, status: int
) -> None:
    gives(siti)
    assert heard_since(siti, lambda: found(stage, malam=status)) == []  # it may well be right
    siti.says("ya")
    preview = siti.says("ya")[-1].text
    assert "Situs sumber ada, tetapi isinya tidak diperlihatkan kepada kami" in preview
    assert "situsnya menjawab, tetapi tidak diperlihatkan kepada kami" in preview
    assert "dapat dibuka" not in preview
    siti.presses("Kirim untuk diperiksa")
    editor = stage.person("Edi", role="editor")
    card = editor.presses("", action="review.open:1")[-1].text
    assert "Sumber tidak dapat kami lihat, mohon dibuka sendiri" in card


def test_a_check_that_was_under_way_when_the_program_ended_is_done_after_all(
    stage: Stage, siti: Chatter
) -> None:
    gives(siti)
    with stage.session() as session, session.begin():
        assert len(sources.to_check(session, stage.now, 4, linking.LEASE)) == 1
        assert sources.to_check(session, stage.now, 4, linking.LEASE) == []
    stage.later(minutes=2)
    assert found(stage) == ["/malam"]
    with stage.session() as session:
        assert session.scalars(select(SourceCheck.status)).all() == [sources.OPENED]


def test_what_never_ends_is_given_up_and_no_row_waits_for_ever(stage: Stage, siti: Chatter) -> None:
    gives(siti)
    with stage.session() as session, session.begin():
        for _ in range(sources.ATTEMPTS):
            assert sources.to_check(session, stage.now, 4, linking.LEASE)
            stage.later(minutes=2)
        assert sources.to_check(session, stage.now, 4, linking.LEASE) == []
        assert sources.next_due(session) is None


def test_nobody_hears_of_somebody_elses_source_and_no_result_is_told_twice(
    stage: Stage, siti: Chatter
) -> None:
    rina = stage.person("Rina")
    gives(siti)
    found(stage, malam=404)
    for action in ("source.closed:1", "source.closed:99", "source.closed:x", "source.closed:"):
        assert rina.presses("", action=action) == []
    with stage.session() as session, session.begin():
        sources.checked(session, 1, stage.now, CLOSED)
        events = session.scalars(
            select(inbox.Update).where(inbox.Update.external_id.like("internal:source%"))
        )
        assert len(events.all()) == 1
