"""Files on their way out: a file is uploaded once to a channel, and sent by its id ever after.

Reports (the Wednesday chart, a poster) are made when they are sent (`bot/reports/press.py`), from stored
figures, and kept in the store like any other file.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels import Failure, OutgoingMedia, SendError
from bot.clock import Clock
from bot.files.media import Store
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.content import carrying, measures
from models.messages import files

log = logs.logger(__name__)
PEOPLES = ("item", "proof", "roster")  # the purposes of files that people sent
KINDS = {"photo": "photo", "video": "video", "animation": "document", "document": "document"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as made: its bytes, how to send it (photo or document), and what it is for, by which it is
    kept for long or not."""

    data: bytes
    kind: str
    name: str
    mime: str
    purpose: str = "report"


Report = Callable[[Session, str, datetime], Paper]
Make = Callable[[str, datetime], Awaitable[Paper]]
Link = Callable[[int, str, datetime], str]
Keep = Callable[[str], Awaitable[None]]
KeepAll = Callable[[Sequence[str]], Awaitable[None]]


# What a maker raises where the data is not what it knows: a second try finds the same.
_UNMAKEABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Library:
    """Finds the file for a message. `make` makes a report from its name.

    `links` are of the channels that fetch files themselves: they make the address of a file of ours from
    its id, its name, and the time.
    """

    def __init__(
        self,
        reader: Engine,
        writer: Writer,
        store: Store,
        clock: Clock,
        make: Make,
        links: Mapping[str, Link] = MappingProxyType({}),
    ) -> None:
        self.reader, self.writer, self.store, self.clock = reader, writer, store, clock
        self.make, self.links = make, links
        self._ids: dict[tuple[int, str], str] = {}
        self._made: dict[str, int] = {}
        self._kinds: dict[int, str] = {}
        self._locks: defaultdict[tuple[int, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def report(self, name: str) -> int:
        """The media id of a report, made now unless this process has made it before and it is still kept; of
        those who ask for one at the same time the first has it made.

        Raises SendError (BROKEN) for a report that nobody can make.
        """
        async with self._making[name]:
            if name not in self._made or not await asyncio.to_thread(self._kept, self._made[name]):
                self._made[name] = await self._keep_report(await self._report(name))
        return self._made[name]

    async def _report(self, name: str) -> Paper:
        try:
            return await self.make(name, self.clock.now())
        except _UNMAKEABLE as error:
            log.exception("report_unmakeable", report=name)
            raise SendError(Failure.BROKEN, f"{name}: {error!r}") from error

    async def _keep_report(self, paper: Paper) -> int:
        now = self.clock.now()
        stored = await asyncio.to_thread(self.store.put, paper.data, now)

        def add(session: Session) -> int:
            return files.add(
                session,
                now,
                kind=paper.kind,
                key=stored.key,
                sha256=stored.sha256,
                mime=paper.mime,
                size=stored.size,
                purpose=paper.purpose,
                name=paper.name,
            ).id

        return await self.writer.write(add)

    def _kept(self, media_id: int) -> bool:
        return self._media(media_id).status == files.STORED

    @asynccontextmanager
    async def lend(self, media_id: int, channel: str) -> AsyncIterator[tuple[OutgoingMedia, Keep]]:
        """The file as it is best sent now: by link, by id, or by upload, in which case others wait for
        the id.

        Yields (OutgoingMedia, keep): call `await keep(remote_id)` with the id that an upload got.
        """
        if link := self.links.get(channel):
            yield await self._by_link(media_id, link), _nothing
            return
        place = (media_id, channel)
        if known := self._ids.get(place):
            yield await self._by_id(media_id, known), _nothing
            return
        async with self._locks[place]:
            known = self._ids.get(place) or await asyncio.to_thread(self._remembered, media_id, channel)
            if known:
                self._ids[place] = known
                yield await self._by_id(media_id, known), _nothing
                return

            async def keep(remote_id: str) -> None:
                if remote_id:
                    self._ids[place] = remote_id
                    await self.writer.write(
                        lambda session: files.keep_copy(session, media_id, channel, remote_id)
                    )

            yield await self._by_upload(media_id), keep

    @asynccontextmanager
    async def lend_album(
        self, media_ids: Sequence[int], channel: str
    ) -> AsyncIterator[tuple[tuple[OutgoingMedia, ...], KeepAll]]:
        """Several files in this order, each as `lend` does; `keep` takes their ids in the same order."""
        async with AsyncExitStack() as stack:
            # Two albums may share files: whoever takes them in one order never waits in a circle.
            lent = {
                media_id: await stack.enter_async_context(self.lend(media_id, channel))
                for media_id in sorted(set(media_ids))
            }

            async def keep(remote_ids: Sequence[str]) -> None:
                for media_id, remote_id in zip(media_ids, remote_ids, strict=False):
                    await lent[media_id][1](remote_id)

            yield tuple(lent[media_id][0] for media_id in media_ids), keep

    def forget(self, media_id: int, channel: str) -> None:
        """The channel did not know the id any more: the next message uploads the file again."""
        self._ids.pop((media_id, channel), None)

    def _remembered(self, media_id: int, channel: str) -> str:
        with Session(self.reader) as session:
            return files.copy_of(session, media_id, channel)

    async def _by_id(self, media_id: int, remote_id: str) -> OutgoingMedia:
        kind = self._kinds.get(media_id)
        if kind is None:
            media = await asyncio.to_thread(self._media, media_id)
            kind = self._kinds[media_id] = KINDS[media.kind]
        return OutgoingMedia(kind, remote_id=remote_id)

    async def _by_link(self, media_id: int, link: Link) -> OutgoingMedia:
        media = await self._stored(media_id)
        why = carrying.objection(measures.of(media))
        if why == carrying.COPIED:
            media = await self._stored(await self.report(f"copy:{media_id}"))
        elif why:
            # Those of people go as words (bot/outbound/downloads.py): at the next try, where this one has
            # only just come in. What we made ourselves will never be taken.
            kind = Failure.RETRY if media.purpose in PEOPLES else Failure.BROKEN
            raise SendError(kind, f"a file that WhatsApp does not take: {media.mime}, {why}")
        name = media.name or f"{KINDS[media.kind]}{PurePath(media.key).suffix}"
        url = link(media.id, name, self.clock.now())
        return OutgoingMedia(KINDS[media.kind], name=media.name, mime=media.mime, url=url)

    async def _by_upload(self, media_id: int) -> OutgoingMedia:
        media = await self._stored(media_id)
        path = await asyncio.to_thread(self.store.local_path, media.key)
        return OutgoingMedia(KINDS[media.kind], path=path, name=media.name, mime=media.mime)

    async def _stored(self, media_id: int) -> files.Media:
        media = await asyncio.to_thread(self._media, media_id)
        if media.status != files.STORED:
            raise SendError(Failure.RETRY, f"file {media_id} is not in the store yet")
        return media

    def _media(self, media_id: int) -> files.Media:
        with Session(self.reader, expire_on_commit=False) as session:
            return session.get_one(files.Media, media_id)


async def _nothing(_remote_id: str) -> None:
    """The id is known already."""
