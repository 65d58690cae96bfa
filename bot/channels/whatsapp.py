"""WhatsApp by Twilio: our `Outgoing` → calls of the twilio library, and its answers → `Receipt`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.channels import Failure, Outgoing, OutgoingMedia, Receipt, SendError
from bot.channels import whatsapp_content as content
from bot.channels import whatsapp_errors as errors
from bot.channels import whatsapp_files as files
from bot.channels import whatsapp_inbound as inbound
from bot.channels import whatsapp_listing as listing
from bot.channels.whatsapp_content import Part, Words
from bot.channels.whatsapp_transport import FILE_SECONDS, AiohttpClient
from bot.channels.whatsapp_untaken import Untaken
from bot.telemetry import logs
from handlers.message import Message
from models.sending import references
from models.sending.settling import Listed

log = logs.logger(__name__)
Contents = Mapping[str, str]  # name of a shape or of a template → ContentSid
CAPTIONED = ("photo", "video")  # Twilio sends no words along with a document
# What the library raises, TwilioException above all; the others where it cannot read an answer.
RAISED = (TwilioException, ValueError, TypeError, KeyError, AttributeError)
VOID = {
    "edit": "nothing new to say, and WhatsApp cannot edit",
    "answer": "no words, and a button of WhatsApp waits for nothing",
    "delete": "WhatsApp cannot delete a message",
    "commands": "WhatsApp has no commands",
}


@dataclass(frozen=True, slots=True)
class Account:
    """The account at Twilio; `status` is "active", "suspended" or "closed"."""

    sid: str
    name: str
    status: str


class Request(NamedTuple):
    """The parameters of one call, the words that say the same without variables, and whether one of those
    has several lines."""

    given: Mapping[str, Any]
    plain: str = ""
    lines: bool = False


class WhatsApp:
    """The WhatsApp channel (see `bot.channels.Channel`).

    `sender` is our own address ("whatsapp:+62…"), `api_url` another server than Twilio's, for all of its
    hosts. `contents` gives the ContentSids that there are, by the names of `whatsapp_content.SHAPES` and
    of templates; it is asked at every message. `status_url` is where Twilio reports what became of a
    message. `media_hosts` are where it keeps files (`whatsapp_files.Where`). Timeouts are in seconds.

    Every call raises `SendError` and no other expected error. `start()` before, `close()` after.
    """

    name = inbound.CHANNEL

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        words: Words,
        contents: Callable[[], Contents] = dict,
        api_url: str = "",
        status_url: str = "",
        connections: int = 128,
        read_timeout: float = 20.0,
        connect_timeout: float = 10.0,
        file_timeout: float = FILE_SECONDS,
        media_hosts: Sequence[str] = (),
    ) -> None:
        self._http = AiohttpClient(
            connections=connections,
            read_timeout=read_timeout,
            connect_timeout=connect_timeout,
            file_timeout=file_timeout,
        )
        self._auth = (account_sid, auth_token)
        # The library would take a region from our environment, unasked.
        environment = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}
        self._client = Client(  # type: ignore[no-untyped-call]
            account_sid, auth_token, http_client=self._http, environment=environment
        )
        if api_url:
            for domain in (self._client.api, self._client.content, self._client.messaging):
                domain.base_url = api_url
        self._api_url, self._sender, self._status_url = api_url, sender, status_url
        self._contents, self._words, self._media_hosts = contents, words, media_hosts
        self._untaken = Untaken()

    async def start(self) -> None:
        """Opens the connection pool inside the running loop; asks the server nothing."""
        await self._http.start()

    async def close(self) -> None:
        """Closes every connection."""
        await self._http.close()

    def parse(self, raw: Mapping[str, Any]) -> Message | None:
        """See `whatsapp_inbound.parse`."""
        return inbound.parse(raw)

    async def account(self) -> Account:
        """Whose the credentials are."""
        try:
            found = await self._client.api.accounts(self._auth[0]).fetch_async()
        except RAISED as error:
            raise errors.classify(error) from error
        return Account(str(found.sid), str(found.friendly_name), str(found.status))

    async def send(self, message: Outgoing) -> Receipt:
        """Does what `message.op` says; see `Outgoing`. `text` has WhatsApp's marks.

        An edit is a new message, and so is an answer with words. What WhatsApp does not have ends as a
        receipt whose details say "void". A message that has to go out in several pieces (a long text, a
        document with words) has the id of its last piece, which carries the buttons, as `external_id`, and
        all of them as `pieces`; so has the SendError of one that stopped in the middle. Where Twilio does not
        take its variables, it is ANEW, and goes out without them when it is tried again by its `reference`.
        For `template` the name may stand in `target` as well.
        """
        if message.op not in ("send", "template", *VOID):
            raise SendError(Failure.PERMANENT, f"unknown operation {message.op!r}")
        if _is_void(message):
            return Receipt(details={"void": VOID[message.op]})
        wanted = self._requests(message)
        if not wanted:
            raise SendError(Failure.PERMANENT, "a message with nothing in it")
        return await self._in_pieces(message, wanted)

    def bodies(self, message: Outgoing, files: int = 0) -> Sequence[str | None]:
        """What Twilio will list as the bodies of a message's pieces, in order, if `files` are sent along: ""
        for a file without words, None where that cannot be known before. A picture may have the words that
        come behind it with it (`send`), and then is no piece of its own."""
        if _is_void(message):
            return []
        if message.op == "template" or message.template:
            return [None]
        parts = self._parts(message, self._contents(), files)
        return [""] * files + [part.body or part.variables["1"] for part in parts]

    def messages(self, message: Outgoing) -> int:
        """How many messages Twilio gets for one of ours: its limit is about those."""
        if message.op == "template" or message.template:
            return 1
        attached = _attached(message)
        parts = self._parts(message, self._contents(), len(attached))
        return 1 if _captions(attached, parts) else max(1, len(attached) + len(parts))

    async def recent(self, address: str, since: datetime) -> list[Listed]:
        """What Twilio took from us for an address since a moment (aware), the newest first."""
        try:
            # Not by DateSent, which a message does not have while it is queued there.
            messages = await self._client.api.v2010.accounts(self._auth[0]).messages.stream_async(
                to=inbound.PREFIX + address, limit=listing.MOST, page_size=listing.PAGE
            )
            return await listing.taken(messages, address, self._sender, since)
        except RAISED as error:
            raise errors.classify(error) from error

    async def download(self, remote_id: str, target: Path) -> int:
        """Fetches the file at `remote_id` (MediaUrl0) into `target`, whole or not at all; its bytes.

        Raises `SendError`: PERMANENT over 20 MB, for a file that is gone, and for an address that is not
        Twilio's, to which no request is made.
        """
        where = files.Where(self._api_url, self._media_hosts)
        return await files.fetch(self._http, remote_id, target, auth=self._auth, where=where)

    async def discard(self, remote_id: str) -> bool:
        """Deletes a file at Twilio, once we have it; whether it is gone. Tried twice, never raises."""
        found = inbound.media_of(remote_id)
        if found is None or files.own(remote_id, self._api_url) is None:
            return False
        account, sid, media = found
        for attempt in (1, 2):
            try:
                await self._client.api.v2010.accounts(account).messages(sid).media(media).delete_async()
            except RAISED as error:
                if isinstance(error, TwilioRestException) and error.status == 404:
                    return True
                log.warning("file_stays_at_twilio", media=media, attempt=attempt, error=type(error).__name__)
            else:
                return True
        return False

    def _requests(self, message: Outgoing) -> list[Request]:
        """Each call that this message takes."""
        contents = self._contents()
        if message.op == "template" or message.template:
            name = message.template or message.target
            sid = contents.get(name)
            if not name:
                raise SendError(Failure.PERMANENT, "a template without a name")
            if sid is None:
                # Nobody sends one that the table does not have: it has not been read yet.
                raise SendError(Failure.RETRY, f"the template {name!r} is not known yet")
            values = {name: content.variable(text) for name, text in message.variables.items()}
            return [Request(_rich(sid, values))]
        attached = _attached(message)
        parts = self._parts(message, contents, len(attached))
        links = [_link(media) for media in attached]
        if _captions(attached, parts):
            return [Request({"media_url": links, "body": parts[0].body})]
        return [Request({"media_url": [link]}) for link in links] + [
            Request(_rich(contents[part.shape], part.variables), part.plain, part.lines)
            if part.shape
            else Request({"body": part.body})
            for part in parts
        ]

    def _parts(self, message: Outgoing, contents: Contents, files: int) -> list[Part]:
        """The words of a message with so many files."""
        # A keyboard asks for the number, which is known here, or is put away: there is none.
        buttons = () if message.keyboard == "contact" or message.op == "answer" else message.buttons
        one_line = self._untaken.one_line
        shaped = partial(content.parts, message.text, buttons, contents.keys(), self._words)
        parts = shaped(one_line=one_line)
        if parts and parts[-1].plain and self._untaken.is_reworded(message.reference):
            # Only the last one: what comes before it may be out already.
            parts[-1:] = [Part(body) for body in content.split(parts[-1].plain, content.BODY)]
        elif message.out and len(message.out) >= files + len(parts) and not one_line:
            # As many pieces are out as there should be, and it is not: it was begun in one more, by somebody
            # who knew that Twilio takes no lines.
            parts = shaped(one_line=True)
        return parts

    async def _in_pieces(self, message: Outgoing, wanted: Sequence[Request]) -> Receipt:
        """Makes the calls in order, those that were not made before. Where one fails, what is out stays out,
        and the error says what that is."""
        sids = list(message.out)
        for nth, request in enumerate(wanted[len(sids) :], start=len(sids) + 1):
            ref = references.of_piece(message.ref, nth, len(wanted)) if message.ref else ""
            try:
                sids.append(await self._create(message.address, request.given, ref))
            except SendError as refused:
                error = refused
                if request.plain and message.reference:
                    error = self._untaken.learn(refused, message.reference, lines=request.lines)
                error.pieces = tuple(sids)
                raise error from refused.__cause__
        return Receipt(sids[-1], pieces=tuple(sids) if len(sids) > 1 else ())

    async def _create(self, address: str, request: Mapping[str, Any], ref: str) -> str:
        """Makes one message, on which Twilio reports by our name `ref` of it; its MessageSid."""
        url = self._status_url + (f"?{inbound.REFERENCE}={ref}" if ref else "")
        callback = {"status_callback": url} if self._status_url else {}
        try:
            made = await self._client.api.v2010.accounts(self._auth[0]).messages.create_async(
                to=inbound.PREFIX + address, from_=self._sender, **callback, **request
            )
        except RAISED as error:
            raise errors.classify(error) from error
        if not made.sid:
            raise SendError(Failure.RETRY, "an answer without a sid", maybe_sent=True)
        return str(made.sid)


def _is_void(message: Outgoing) -> bool:
    """Whether WhatsApp has no such thing, or nothing is left of it there."""
    return message.op in VOID and (message.op in ("delete", "commands") or not message.text)


def _rich(sid: str, variables: Mapping[str, str]) -> dict[str, Any]:
    written = {"content_variables": json.dumps(dict(variables), ensure_ascii=False)} if variables else {}
    return {"content_sid": sid, **written}


def _attached(message: Outgoing) -> list[OutgoingMedia]:
    return [message.media] if message.media else list(message.album)


def _captions(attached: Sequence[OutgoingMedia], parts: Sequence[Part]) -> bool:
    """Whether the words go along with the one file, in one message."""
    if not len(attached) == len(parts) == 1:
        return False
    (media,), (part,) = attached, parts
    return media.kind in CAPTIONED and not part.shape and content.fits(part.body, content.CAPTION)


def _link(media: OutgoingMedia) -> str:
    if not media.url:
        raise SendError(Failure.PERMANENT, "a file without a link: WhatsApp fetches files itself")
    return media.url
