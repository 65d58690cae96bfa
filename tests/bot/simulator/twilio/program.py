"""A program that Twilio calls, and the whole of Twilio with it: what the tests of this folder stand on."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from twilio import request_validator, rest
from twilio.http.http_client import TwilioHttpClient

from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN, SENDER
from bot.simulator.twilio.client import Phones
from tests.simulated import Simulated, start_simulator

FROM = f"whatsapp:{SENDER}"
LIBRARY: Any = rest.Client  # which does not annotate how it is made, as the validator
_VALIDATOR: Any = request_validator.RequestValidator
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"


def basic(name: str, token: str) -> dict[str, str]:
    """The header of basic authentication."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()}


def validates(url: str, form: Mapping[str, str], signature: str) -> bool:
    """What the library's own validator says."""
    return bool(_VALIDATOR(AUTH_TOKEN).validate(url, dict(form), signature))


@dataclass(slots=True)
class Request:
    """What came, and whether the library's validator took its signature."""

    path: str
    form: dict[str, str]
    headers: Mapping[str, str]
    genuine: bool


@dataclass(slots=True)
class Program:
    """Answers requests with `answers` in turn, then with an empty TwiML; has `files` for MediaUrl."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if request.method == "GET":
            data, mime = self.files.get(request.path, (b"", ""))
            if not mime:
                return web.Response(status=404)
            return web.Response(body=data, headers={"Content-Type": mime})
        form = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get("X-Twilio-Signature", "")
        genuine = validates(self.url + request.raw_path, form, signature)
        self.requests.append(Request(request.path, form, dict(request.headers), genuine))
        self._news.set()
        if self.answers:
            return self.answers.pop(0)
        return web.Response(text="<Response/>", content_type="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        return [one.form for one in self.requests if one.path == path]

    async def got(self, path: str, count: int, seconds: float = 10.0) -> list[dict[str, str]]:
        """The forms that came to a path, once there are `count`. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.forms(path)) < count:
                self._news.clear()
                await self._news.wait()
        return self.forms(path)


@dataclass(frozen=True, slots=True)
class Twilio:
    """`client` is the real library's; its calls go through `run`, since it blocks."""

    url: str
    phones: Phones
    program: Program
    client: rest.Client
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """A raw request with the right credentials: (HTTP status, body)."""
        headers = {**basic(ACCOUNT_SID, AUTH_TOKEN), **options.pop("headers", {})}
        async with self.session.request(method, self.url + path, headers=headers, **options) as response:
            body = await response.json(content_type=None) if response.status != 204 else None
            return response.status, body

    async def send(self, to: str, **fields: str) -> str:
        """A message that is accepted, with callbacks to /status; its sid."""
        names = {
            "body": "Body",
            "content": "ContentSid",
            "variables": "ContentVariables",
            "media": "MediaUrl",
        }
        form = {names[name]: value for name, value in fields.items()}
        form.update({"To": f"whatsapp:{to}", "From": FROM, "StatusCallback": f"{self.program.url}/status"})
        status, body = await self.ask("POST", MESSAGES, data=form)
        assert status == 201, body
        return str(body["sid"])

    async def content(self, kind: str, fields: Mapping[str, Any], **variables: str) -> str:
        """A template with variables named `v1=…`; its sid."""
        body = {
            "language": "id",
            "types": {kind: dict(fields)},
            "variables": {name[1:]: value for name, value in variables.items()},
        }
        status, made = await self.ask("POST", "/v1/Content", json=body)
        assert status == 201, made
        return str(made["sid"])

    async def approved(self, name: str, body: str = "Konten pekan ini sudah siap.", **variables: str) -> str:
        """A template with a button that WhatsApp has approved; its sid."""
        actions = [{"title": "Lihat konten", "id": "window.open"}]
        sid = await self.content("twilio/quick-reply", {"body": body, "actions": actions}, **variables)
        asked = {"name": name, "category": "UTILITY"}
        await self.ask("POST", f"/v1/Content/{sid}/ApprovalRequests/whatsapp", json=asked)
        await self.phones.decide(sid, "approved")
        return sid

    async def end_of(self, message: str, *more: str) -> dict[str, str]:
        """The last callback that a message gets, once its status is final (or one of `more`)."""
        final = {"delivered", "failed", "undelivered", *more}
        count = 0
        while True:
            forms = await self.program.got("/status", count + 1)
            count = len(forms)
            for form in forms:
                if form["MessageSid"] == message and form["MessageStatus"] in final:
                    return form


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[Program]:
    """A program that Twilio can reach."""
    made = Program()
    runner = web.ServerRunner(web.Server(made.handle), shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@contextlib.asynccontextmanager
async def both_sides() -> AsyncIterator[tuple[Simulated, Twilio]]:
    """A simulator of its own with Twilio on, and a program that hears of everything."""
    http = TwilioHttpClient(timeout=10)
    async with listening() as program:
        async with start_simulator(limiter="off", twilio_webhook=f"{program.url}/inbound") as sim:
            client = LIBRARY(ACCOUNT_SID, AUTH_TOKEN, http_client=http)
            async with aiohttp.ClientSession() as session:
                yield sim, Twilio(sim.url, Phones(sim.people), program, client, session)
        if http.session is not None:
            http.session.close()
