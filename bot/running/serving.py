"""An application on a port, as a loop of the program: started, and stopped without cutting anybody off."""

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from bot.running import supervisor
from bot.running.supervisor import Loop

GOODBYE_SECONDS = 5  # for the answers that are under way when we stop


class Server(uvicorn.Server):
    """Signals are its owner's business, not the server's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(application: Starlette, host: str, port: int) -> Loop:
    """A loop that serves until it is cancelled. It raises CannotStartError when the port is taken."""

    async def run() -> None:
        server = Server(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # nobody is told by their address, so that no header has to be believed
                lifespan="off",
                timeout_graceful_shutdown=GOODBYE_SECONDS,
            )
        )
        task = asyncio.create_task(_listen(server))
        try:
            await asyncio.shield(task)
        finally:
            server.should_exit = True  # what is under way is answered first
            await asyncio.gather(task, return_exceptions=True)

    return run


async def _listen(server: uvicorn.Server) -> None:
    try:
        await server.serve()
    except SystemExit as error:  # uvicorn's way to say that the port is taken
        raise supervisor.CannotStartError(
            f"cannot listen on {server.config.host}:{server.config.port}; is it in use? (web.port)"
        ) from error
