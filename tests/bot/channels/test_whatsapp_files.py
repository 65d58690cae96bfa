"""Files that people sent: fetched with our credentials from Twilio alone, and deleted there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from bot.channels import Failure, SendError
from bot.channels import whatsapp_files as files
from bot.channels.whatsapp import WhatsApp
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.twilio.client import Phones
from tests.bot.channels.twilio_server import SID, SIGNED, WORDS, Server, channel, refusal, serving

pytestmark = pytest.mark.anyio
PATH = f"/2010-04-01/Accounts/{SID}/Messages/MM{'1' * 32}/Media/ME{'2' * 32}"


def at(location: str) -> web.Response:
    return web.Response(status=307, headers={"Location": location})


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def failing(server: Server, address: str, target: Path, **given: object) -> SendError:
    async with channel(server, **given) as whatsapp:
        with pytest.raises(SendError) as caught:
            await whatsapp.download(address, target)
    assert names(target.parent) == []
    return caught.value


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The URL of a server that answers whatever is asked in this way."""
    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_file_is_fetched_and_the_redirect_followed_without_our_credentials(tmp_path: Path) -> None:
    async with serving(at("/store/1?signature=x")) as server, channel(server) as whatsapp:
        server.files["/store/1"] = web.Response(body=b"jpeg" * 1000)
        size = await whatsapp.download(server.url + PATH, tmp_path / "file")
    assert (size, (tmp_path / "file").read_bytes()) == (4000, b"jpeg" * 1000)
    assert server.seen == [(PATH, SIGNED), ("/store/1", "")]
    assert names(tmp_path) == ["file"]


async def test_a_file_may_come_without_a_redirect(tmp_path: Path) -> None:
    async with serving(web.Response(body=b"x")) as server, channel(server) as whatsapp:
        assert await whatsapp.download(server.url + PATH, tmp_path / "file") == 1


async def test_several_redirects_are_followed_and_none_sees_our_credentials(tmp_path: Path) -> None:
    async with serving(at("/a")) as server, channel(server) as whatsapp:
        server.files |= {"/a": at("/b"), "/b": web.Response(body=b"x")}
        await whatsapp.download(server.url + PATH, tmp_path / "file")
    assert server.seen == [(PATH, SIGNED), ("/a", ""), ("/b", "")]


async def test_a_circle_of_redirects_comes_to_an_end(tmp_path: Path) -> None:
    async with serving(at("/a")) as server:
        server.files["/a"] = at("/a")
        error = await failing(server, server.url + PATH, tmp_path / "file")
    assert error.kind is Failure.PERMANENT
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest", "https://evil.example/x", "ftp://x/y", "file:///etc/passwd", "//["],
)
async def test_a_redirect_into_the_dark_is_not_followed(tmp_path: Path, location: str) -> None:
    async with serving(at(location)) as server:
        error = await failing(server, server.url + PATH, tmp_path / "file")
    assert error.kind is Failure.PERMANENT
    assert len(server.seen) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_an_address_of_somebody_else_is_not_asked(tmp_path: Path, scheme: str) -> None:
    async with serving() as ours, serving(web.Response(body=b"x")) as stranger:
        address = stranger.url.replace("http", scheme, 1) + PATH
        error = await failing(ours, address, tmp_path / "file")
    assert error.kind is Failure.PERMANENT
    assert (ours.seen, stranger.seen) == ([], [])


async def test_a_file_that_is_called_twilios_is_fetched_from_the_server_in_its_place(tmp_path: Path) -> None:
    async with serving(web.Response(body=b"x")) as server, channel(server) as whatsapp:
        assert await whatsapp.download(f"https://api.twilio.com{PATH}", tmp_path / "file") == 1
    assert server.seen == [(PATH, SIGNED)]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_another_port_of_the_same_machine_may_keep_the_files(tmp_path: Path, name: str) -> None:
    async with serving() as server, serving() as store, channel(server) as whatsapp:
        server.answers = [at(store.url.replace("127.0.0.1", name) + "/store/1")]
        store.files["/store/1"] = web.Response(body=b"x")
        assert await whatsapp.download(server.url + PATH, tmp_path / "file") == 1
    assert (server.seen, store.seen) == ([(PATH, SIGNED)], [("/store/1", "")])


async def test_a_store_that_was_said_is_followed(tmp_path: Path) -> None:
    async with serving(at("https://store.invalid/files/1")) as server:
        refused = await failing(server, server.url + PATH, tmp_path / "file")
        asked = await failing(
            server, server.url + PATH, tmp_path / "file", media_hosts=("store.invalid/files",)
        )
    assert refused.kind is Failure.PERMANENT
    assert asked.kind is Failure.RETRY, "it was followed, to nobody"


async def test_the_store_of_the_simulator_is_followed(tmp_path: Path) -> None:
    started = process.start(limiter="off", twilio_webhook="http://127.0.0.1:9/inbound")
    try:
        async with People(started.url) as people:
            phones = Phones(people)
            who = await phones.create("Siti", "+6281317036688")
            out = BytesIO()
            Image.new("RGB", (64, 64)).save(out, "JPEG")
            sid = await phones.photo(who, out.getvalue())
            [media] = (await phones.history(who))["messages"][-1]["media"]
            account = f"/2010-04-01/Accounts/{process.ACCOUNT_SID}/Messages/{sid}/Media/{media['sid']}"
            whatsapp = WhatsApp(
                process.ACCOUNT_SID, process.AUTH_TOKEN, f"whatsapp:{process.SENDER}",
                words=WORDS, api_url=started.url,
            )  # fmt: skip
            await whatsapp.start()
            size = await whatsapp.download(started.url + account, tmp_path / "file")
            await whatsapp.close()
    finally:
        started.stop()
    assert size == len(out.getvalue())


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, Failure.RETRY), (410, Failure.PERMANENT), (401, Failure.RETRY), (429, Failure.RETRY),
     (500, Failure.RETRY), (503, Failure.RETRY)],
)  # fmt: skip
async def test_a_file_that_is_gone_is_given_up_and_another_tried_again(
    tmp_path: Path, status: int, kind: Failure
) -> None:
    async with serving(web.Response(status=status)) as server:
        error = await failing(server, server.url + PATH, tmp_path / "file")
    assert error.kind is kind


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_that_is_too_large_leaves_nothing_behind(tmp_path: Path, announced: bool) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        if announced:
            answer.content_length = files.MOST_BYTES + 1
        await answer.prepare(request)
        for _ in range(25):
            await answer.write(b"x" * 1024 * 1024)
        return answer

    async with answering(endless) as url, serving() as server:
        error = await failing(server, url + PATH, tmp_path / "file", api_url=url)
    assert (error.kind, error.detail) == (Failure.PERMANENT, "file is too big")


async def test_a_server_of_files_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with serving(at("/slow")) as server:
        server.files["/slow"] = web.Response(body=b"x")
        server.silence = 3.0
        error = await failing(server, server.url + PATH, tmp_path / "file", read_timeout=0.2)
    assert error.kind is Failure.RETRY


async def test_a_server_of_files_that_drips_holds_nobody_for_ever(tmp_path: Path) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b"x")
            await asyncio.sleep(0.05)
        return answer

    async with answering(drip) as url, serving() as server:
        error = await failing(server, url + PATH, tmp_path / "file", api_url=url, file_timeout=0.5)
    assert (error.kind, error.detail) == (Failure.RETRY, "no answer in time (TimeoutError)")


async def test_a_file_is_deleted_where_it_came_from() -> None:
    async with serving(web.Response(status=204)) as server, channel(server) as whatsapp:
        assert await whatsapp.discard(server.url + PATH)
    assert [(call.method, call.path) for call in server.calls] == [("DELETE", PATH + ".json")]


async def test_what_is_gone_already_need_not_be_deleted() -> None:
    async with serving(refusal(404, 20404)) as server, channel(server) as whatsapp:
        assert await whatsapp.discard(server.url + PATH)
    assert len(server.calls) == 1


@pytest.mark.parametrize("second", [204, 500])
async def test_a_deletion_that_fails_is_tried_once_more_and_never_fatal(second: int) -> None:
    answers = [refusal(500, 20500), web.Response(status=second)]
    async with serving(*answers) as server, channel(server) as whatsapp:
        assert await whatsapp.discard(server.url + PATH) is (second == 204)
    assert len(server.calls) == 2


async def test_no_deletion_is_asked_of_a_stranger() -> None:
    async with serving() as server, channel(server) as whatsapp:
        assert not await whatsapp.discard("https://evil.example" + PATH)
        assert not await whatsapp.discard(server.url + "/else")
    assert server.seen == []
