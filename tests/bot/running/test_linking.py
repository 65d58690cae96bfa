"""Sources are opened over real HTTP, and nobody turns the bot against the network it stands in."""

import asyncio

import pytest

from bot.running.linking import opens
from models.content.sources import CLOSED, HIDDEN, OPENED
from tests.bot.sites import PUBLIC, Names, serving

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
