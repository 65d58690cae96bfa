"""The transport against real sockets: many at once, every timeout, and what may have been sent."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from bot.channels import Failure, Outgoing, SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram_transport import AiohttpRequest, ConnectTimedOut, NeverConnectedError, NotSent
from tests.bot.channels.telegram_server import TOKEN, channel, ok, serving

pytestmark = pytest.mark.anyio
SENT = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
SAY = Outgoing("send", "5", "a")


@asynccontextmanager
async def opened(request: AiohttpRequest) -> AsyncIterator[AiohttpRequest]:
    async with request:
        yield request


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server whose queue is full: connecting to it hangs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for caller in callers:
            caller.close()


@pytest.fixture
def closed() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def failed(url: str, *, read_timeout: float = 5.0, connect_timeout: float = 5.0) -> SendError:
    telegram = Telegram(TOKEN, api_url=url, read_timeout=read_timeout, connect_timeout=connect_timeout)
    await telegram.start()
    with pytest.raises(SendError) as caught:
        await telegram.send(SAY)
    await telegram.close()
    assert caught.value.kind is Failure.RETRY
    assert "secret" not in repr(caught.value)
    assert "secret" not in repr(caught.value.__cause__)
    return caught.value


async def test_it_serves_ptb_as_its_own_transport_does() -> None:
    user = {"id": 1361, "is_bot": True, "first_name": "Satu Pesan", "username": "satu_pesan_bot"}
    async with serving(ok(user)) as server:
        request, polling = AiohttpRequest(), AiohttpRequest()
        async with Bot(TOKEN, f"{server.url}/bot", request=request, get_updates_request=polling) as bot:
            assert (await bot.get_me()).username == "satu_pesan_bot"
    assert isinstance(request, BaseRequest)
    assert server.calls[0].method == "getMe"


async def test_hundreds_of_requests_are_under_way_at_once() -> None:
    async with serving(ok(SENT)) as server, channel(server) as telegram:
        server.together = 300  # nobody is answered before all are there
        async with asyncio.timeout(20):
            await asyncio.gather(*(telegram.send(SAY) for _ in range(300)))
    assert server.busiest == 300


async def test_no_more_than_the_configured_connections() -> None:
    async with serving(ok(SENT)) as server, channel(server, connections=7) as telegram:
        server.silence = 0.01
        await asyncio.gather(*(telegram.send(SAY) for _ in range(40)))
    assert server.busiest == 7


async def test_a_refused_connection_has_sent_nothing(closed: str) -> None:
    error = await failed(closed)
    assert not error.maybe_sent
    assert "Connect" in error.detail


async def test_a_name_that_does_not_resolve_has_sent_nothing() -> None:
    assert not (await failed("http://no-such-host.invalid")).maybe_sent


async def test_no_connection_in_time_has_sent_nothing(deaf: str) -> None:
    error = await failed(deaf, connect_timeout=0.1)
    assert not error.maybe_sent
    assert isinstance(error.__cause__, ConnectTimedOut)


async def test_silence_after_the_request_may_have_sent() -> None:
    async with serving(ok(SENT)) as server:
        server.silence = 5
        error = await failed(server.url, read_timeout=0.1)
    assert error.maybe_sent
    assert isinstance(error.__cause__, TimedOut)
    assert len(server.calls) == 1


async def test_a_connection_that_breaks_after_the_request_may_have_sent() -> None:
    async with serving(ok(SENT)) as server:
        server.hang_up = True
        error = await failed(server.url)
    assert error.maybe_sent
    assert len(server.calls) == 1  # nobody repeats it behind our back


async def test_a_full_pool_has_sent_nothing() -> None:
    async with serving(ok(SENT)) as server:
        server.silence = 0.5
        timeouts = {"pool_timeout": 0.05, "connect_timeout": 0.05}
        async with opened(AiohttpRequest(connections=1, **timeouts)) as request:
            first = asyncio.create_task(request.post(f"{server.url}/bot{TOKEN}/getMe"))
            await asyncio.sleep(0.1)
            with pytest.raises(ConnectTimedOut):
                await request.post(f"{server.url}/bot{TOKEN}/getMe")
            await first
    assert len(server.calls) == 1


async def test_the_timeouts_of_a_call_go_before_those_of_the_transport() -> None:
    async with serving(ok(True)) as server, opened(AiohttpRequest(read_timeout=0.05)) as request:
        server.silence = 0.2
        with pytest.raises(TimedOut):
            await request.post(f"{server.url}/bot{TOKEN}/getMe")
        assert await request.post(f"{server.url}/bot{TOKEN}/getMe", read_timeout=5) is True
        assert await request.post(f"{server.url}/bot{TOKEN}/getMe", read_timeout=None) is True
    assert request.read_timeout == 0.05


async def test_an_upload_may_take_as_long_as_media_may_take(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 30_000_000)
    short = AiohttpRequest(connect_timeout=0.1, read_timeout=0.1, pool_timeout=0.1, media_write_timeout=0.2)
    with socket.socket() as listener:  # takes the connection, and then reads nothing
        listener.bind(("127.0.0.1", 0))
        listener.listen(4)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/bot"
        async with opened(short) as request:
            bot = Bot(TOKEN, url, request=request, get_updates_request=request)
            with pytest.raises(TimedOut) as caught:
                async with asyncio.timeout(5):
                    await bot.send_document(5, tmp_path / "a")
    assert not isinstance(caught.value, NotSent)
    await asyncio.sleep(0.05)  # the connection breaks when the listener is gone


async def test_without_a_session_there_is_no_request() -> None:
    request = AiohttpRequest()
    with pytest.raises(NetworkError, match="not initialized"):
        await request.post("http://127.0.0.1:1/botx/getMe")


async def test_it_opens_once_closes_twice_and_opens_again() -> None:
    async with serving(ok(True)) as server:
        request = AiohttpRequest()
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(f"{server.url}/bot{TOKEN}/getMe") is True
            await request.shutdown()
            await request.shutdown()


async def test_the_token_is_in_no_log(closed: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await failed(closed)
    async with serving(ok(SENT)) as server, channel(server) as telegram:
        await telegram.send(SAY)
    assert "secret" not in caplog.text


async def test_what_was_never_sent_can_be_told_by_its_class(closed: str) -> None:
    async with opened(AiohttpRequest()) as request:
        with pytest.raises(NeverConnectedError) as caught:
            await request.post(f"{closed}/bot{TOKEN}/getMe")
    assert isinstance(caught.value, NotSent)
    assert isinstance(caught.value, NetworkError)
