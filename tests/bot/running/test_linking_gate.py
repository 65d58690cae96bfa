"""Which addresses are connected to at all: those of the public web, however they are written."""

import pytest

from bot.running.linking import may_connect, opens
from models.content.sources import CLOSED, OPENED
from tests.bot.sites import PUBLIC, serving


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
