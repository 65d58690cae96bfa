"""The crowd on WhatsApp: the same people with another phone; the program is played by hand at Twilio."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.demo import handsets, intents
from bot.demo.camera import Camera
from bot.demo.chat import NoAnswerError, Phone
from bot.demo.crowd import Crowd
from bot.demo.intents import Intent, Moment, Way, Whim
from tests.bot.simulator.twilio.program import Twilio, both_sides

pytestmark = pytest.mark.anyio
SEED = 7
CARD = [("share.done", "Sudah saya bagikan"), ("share.channels", "Teks lain"), ("saver", "Hemat data")]
PLACES = [
    (f"share.place:5:{place}", f"{n}. {place}")
    for n, place in enumerate(("facebook", "x", "tiktok", "other"), 1)
]
RANGES = itertools.count(1_000_000, 100_000)


@dataclass(frozen=True)
class Scene:
    """A crowd that watches people on WhatsApp, and the program's side of Twilio."""

    crowd: Crowd
    twilio: Twilio
    addresses: dict[int, str]

    async def offers(self, who: int, text: str, buttons: list[tuple[str, str]]) -> None:
        """A message with buttons: quick replies up to three, else a list."""
        if len(buttons) <= 3:
            fields: dict[str, Any] = {"body": text, "actions": [{"id": i, "title": t} for i, t in buttons]}
            content = await self.twilio.content("twilio/quick-reply", fields)
        else:
            fields = {"body": text, "button": "Pilih", "items": [{"id": i, "item": t} for i, t in buttons]}
            content = await self.twilio.content("twilio/list-picker", fields)
        await self.twilio.send(self.addresses[who], content=content)

    async def asks(self, who: int, name: str) -> None:
        """An approved template, whose button opens what waits."""
        await self.twilio.send(self.addresses[who], content=await self.twilio.approved(name))

    async def gives(self, who: int) -> None:
        await self.offers(who, "*Judul*", CARD)
        await self.twilio.send(self.addresses[who], body="Teks untuk disalin")

    async def hears(self, count: int) -> dict[str, str]:
        """What came as number `count`, from 1."""
        return (await self.twilio.program.got("/inbound", count))[count - 1]


@asynccontextmanager
async def watched(*chats: int, rate: float = 1.0) -> AsyncIterator[Scene]:
    """People of whom nobody has written yet: their windows are shut."""
    async with both_sides() as (simulated, twilio):
        addresses = {chat: f"+62812{chat:08}" for chat in chats}
        for address in addresses.values():
            await twilio.phones.create("Siti", address)
        phones = [handsets.WhatsApp(twilio.phones, addresses)]
        crowd = Crowd(simulated.people, Camera(), rate=rate, seed=SEED, phones=phones)
        running = asyncio.create_task(crowd.run())
        await crowd.watching()
        try:
            yield Scene(crowd, twilio, addresses)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def somebody(fits: Callable[[Intent], bool], rate: float = 1.0) -> int:
    return next(chat for chat in itertools.count(next(RANGES)) if fits(intents.of(SEED, chat, rate)))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


async def test_what_waits_is_opened_read_and_proved_with_a_picture_and_a_line_of_a_list() -> None:
    who = somebody(lambda one: one.way is Way.PHOTO and not one.types and one.place == "tiktok")
    async with watched(who) as scene:
        account = scene.crowd.account
        await scene.asks(who, "konten_satu")
        assert (await scene.hears(1))["ButtonPayload"] == "window.open"
        await scene.gives(who)
        shown = await scene.hears(2)
        assert (shown["NumMedia"], shown["MediaContentType0"]) == ("1", "image/jpeg")
        await scene.offers(who, "Di mana? Nomor tanda terima: *5*", PLACES)
        assert (await scene.hears(3))["ListId"] == "share.place:5:tiktok"
        await scene.twilio.send(scene.addresses[who], body="Sudah kami catat. Nomor tanda terima: *5*")
        await until(lambda: scene.crowd.idle)
        assert (account.asked, account.opened) == ({who: 1}, {who: 1})
        assert (account.proofs, account.receipts) == ({who: 1}, {who: {5}})
        assert not account.odd
        assert not account.refused


async def test_an_album_is_a_single_picture_where_there_are_no_albums() -> None:
    who = somebody(lambda one: one.way is Way.ALBUM and one.moment is Moment.CARD)
    async with watched(who) as scene:
        await scene.twilio.phones.say(scene.addresses[who], "Halo")
        await scene.gives(who)
        assert (await scene.hears(2))["NumMedia"] == "1"
        await scene.offers(who, "Di mana? Nomor tanda terima: *5*", PLACES)
        assert "NumMedia" in await scene.hears(3)
        assert scene.crowd.account.proofs == {who: 1}


async def test_who_is_held_back_or_not_curious_leaves_it_unopened() -> None:
    idle = somebody(lambda one: one.moment is Moment.NEVER and not one.opens(0), rate=0.0)
    busy = somebody(lambda one: one.opens(0), rate=0.0)
    async with watched(idle, busy, rate=0.0) as scene:
        scene.crowd.go(running=False)
        await scene.asks(idle, "konten_dua")
        await scene.asks(busy, "konten_tiga")
        await until(lambda: scene.crowd.account.asked == {idle: 1, busy: 1})
        assert not scene.twilio.program.forms("/inbound")
        assert scene.crowd.waiting == 1
        scene.crowd.go(running=True)
        assert (await scene.hears(1))["From"] == f"whatsapp:{scene.addresses[busy]}"
        await until(lambda: scene.crowd.idle)
        assert scene.crowd.account.opened == {busy: 1}


async def test_who_wants_to_stop_says_so_confirms_it_and_notes_what_comes_all_the_same() -> None:
    who = somebody(lambda one: one.whim is Whim.STOP, rate=0.0)
    async with watched(who, rate=0.0) as scene:
        await scene.twilio.phones.say(scene.addresses[who], "Halo")
        await scene.gives(who)
        assert (await scene.hears(2))["Body"] in intents.STOP_WORDS
        await scene.offers(who, "Yakin?", [("join.stop", "Ya, berhenti"), ("join.stay", "Tidak")])
        assert (await scene.hears(3))["ButtonPayload"] == "join.stop"
        await scene.twilio.send(scene.addresses[who], body="Anda sudah berhenti.")
        await until(lambda: scene.crowd.account.stopped == {who})
        assert not scene.crowd.account.pestered
        await scene.twilio.send(scene.addresses[who], body="Masih di sini")
        await until(lambda: scene.crowd.account.pestered == {who: 1})


async def test_one_person_talks_word_by_word_and_ticks_are_no_answer() -> None:
    who = next(RANGES)
    async with watched(who, rate=0.0) as scene:
        phones = handsets.WhatsApp(scene.twilio.phones, scene.addresses)
        phone = Phone(phones, who, patience=0.5)
        await phone.say("Halo")
        await scene.offers(who, "Anda Siti?", [("join.yes:7", "Ya, saya setuju"), ("join.no", "Bukan")])
        assert await phone.offered("join.yes") == "join.yes:7"
        await phone.press("join.yes")
        assert (await scene.hears(2))["ButtonPayload"] == "join.yes:7"
        with pytest.raises(NoAnswerError, match="nothing"):  # the question was read by that, and is not new
            await phone.answer()
