"""The crowd against the real simulator; the bot is played by hand, so that every answer is known."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.demo import intents
from bot.demo.camera import Camera
from bot.demo.crowd import Crowd
from bot.demo.intents import Intent, Moment, Way, Whim
from bot.simulator.process import Started
from tests.bot.demo.by_hand import CARD, Bot
from tests.simulated import connect

pytestmark = pytest.mark.anyio
SEED = 7
PLACES = [[("1. Status WhatsApp", "share.place:5:whatsapp_story"), ("2. Facebook", "share.place:5:facebook")]]
REMINDER = [[("Sudah saya bagikan", "share.done")], [("Nanti", "rest.later")]]
RANGES = itertools.count(1_000_000, 100_000)  # every test has people of its own


@asynccontextmanager
async def watched(
    started: Started, *chats: int, rate: float = 1.0, skip: tuple[int, ...] = (), patience: float = 300.0
) -> AsyncIterator[tuple[Bot, Crowd]]:
    """People who have started the bot, watched by a crowd that takes part at `rate`."""
    async with connect(started) as simulated:
        await simulated.ok("deleteWebhook", {"drop_pending_updates": "true"})
        await simulated.people.create_users([{"id": chat, "first_name": "Siti"} for chat in chats])
        bot = Bot(simulated)
        for chat in chats:
            await simulated.people.start(chat)
            await bot.hears()
        made = Crowd(simulated.people, Camera(), rate=rate, seed=SEED, skip=skip, patience=patience)
        running = asyncio.create_task(made.run())
        try:
            await made.watching()
            yield bot, made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def somebody(fits: Callable[[Intent], bool], rate: float = 1.0) -> int:
    """A chat whose person has this in mind."""
    return next(chat for chat in itertools.count(next(RANGES)) if fits(intents.of(SEED, chat, rate)))


async def until(holds: Callable[[], bool]) -> None:
    """Waits until something is so: the crowd tells nobody."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


async def idle(made: Crowd) -> None:
    await until(lambda: made.idle)


async def test_a_photo_is_sent_after_the_item_and_its_place_is_pressed(started: Started) -> None:
    chat = somebody(
        lambda intent: intent.way is Way.PHOTO and not intent.types and intent.place == "facebook"
    )
    async with watched(started, chat) as (bot, made):
        await bot.gives(chat)
        assert "photo" in (await bot.hears())["message"]
        await bot.sends(chat, "Di mana? Nomor tanda terima: 5", PLACES)
        assert (await bot.hears())["callback_query"]["data"] == "share.place:5:facebook"
        await bot.sends(chat, "Sudah kami catat. Nomor tanda terima: 5")
        await idle(made)
        assert made.account.proofs == {chat: 1}
        assert made.account.receipts == {chat: {5}}
        assert made.account.presses == 1


async def test_the_number_of_a_button_is_typed_by_some(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.PHOTO and intent.types and intent.place == "facebook")
    async with watched(started, chat) as (bot, _):
        await bot.gives(chat)
        await bot.hears()
        await bot.sends(chat, "Di mana? Nomor tanda terima: 5", PLACES)
        assert (await bot.hears())["message"]["text"] == "2"


async def test_a_place_that_is_not_offered_becomes_one_that_is(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.PHOTO and not intent.types and intent.place == "tiktok")
    async with watched(started, chat) as (bot, _):
        await bot.gives(chat)
        await bot.hears()
        await bot.sends(chat, "Di mana? Nomor tanda terima: 5", PLACES)
        assert (await bot.hears())["callback_query"]["data"] == "share.place:5:whatsapp_story"


async def test_the_card_alone_moves_nobody_before_the_caption_is_there(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, chat) as (bot, made):
        await bot.sends(chat, "Judul", CARD)
        await bot.sends(chat, "Teks untuk disalin")
        assert "://" in (await bot.hears())["message"]["text"]
        assert (made.account.cards, made.account.captions) == ({chat}, {chat})


async def test_a_claim_is_followed_by_proof_in_some_cases_and_counted_apart_in_others(
    started: Started,
) -> None:
    proving = somebody(lambda intent: intent.way is Way.CLAIM and intent.proves)
    claiming = somebody(lambda intent: intent.way is Way.CLAIM and not intent.proves)
    async with watched(started, proving, claiming) as (bot, made):
        for chat in (claiming, proving):
            await bot.gives(chat)
            assert (await bot.hears())["message"]["text"] in intents.DONE_WORDS
            await bot.sends(chat, "Terima kasih! Kirim buktinya.")
        update = await bot.hears()
        assert (update["message"]["chat"]["id"], "photo" in update["message"]) == (proving, True)
        await bot.sends(proving, "Nomor tanda terima: 9")
        await idle(made)
        assert made.account.claims == {claiming}
        assert made.account.receipts == {proving: {9}}


async def test_an_album_is_one_share_of_two_pictures(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.ALBUM)
    async with watched(started, chat) as (bot, made):
        await bot.gives(chat)
        first, second = await bot.hears(), await bot.hears()
        assert first["message"]["media_group_id"] == second["message"]["media_group_id"]
        assert made.account.proofs == {chat: 1}


async def test_some_wait_for_a_reminder_and_nobody_proves_twice(started: Started) -> None:
    late = somebody(
        lambda intent: intent.moment is Moment.FIRST_REMINDER and intent.way is Way.LINK, rate=0.5
    )
    async with watched(started, late, rate=0.5) as (bot, made):
        await bot.gives(late)
        await until(lambda: late in made.account.captions)
        assert not made.account.proofs
        await bot.sends(late, "Ingat ya", REMINDER)
        await bot.hears()
        await bot.sends(late, "Nomor tanda terima: 3")
        await idle(made)
        await bot.sends(late, "Ingat lagi ya", REMINDER)
        await until(lambda: made.account.reminders[late] == 2)
        assert made.account.proofs == {late: 1}
        assert made.account.reminders == {late: 2}
        assert made.account.proved_before_reminder == {late}


async def test_a_few_block_the_bot_and_a_few_save_data(started: Started) -> None:
    blocking = somebody(lambda intent: intent.whim is Whim.BLOCK, rate=0.0)
    saving = somebody(lambda intent: intent.whim is Whim.SAVER, rate=0.0)
    async with watched(started, blocking, saving, rate=0.0) as (bot, made):
        await bot.gives(blocking)
        assert (await bot.hears())["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        await bot.gives(saving)
        assert (await bot.hears())["callback_query"]["data"] == "saver"
        assert (made.account.blocked, made.account.savers) == ({blocking}, {saving})


async def test_a_crowd_that_is_held_back_begins_when_it_is_let_go(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, chat) as (bot, made):
        made.go(running=False)
        await bot.gives(chat)
        await until(lambda: chat in made.account.captions)
        assert not made.account.proofs
        made.go(running=True)
        await bot.hears()
        assert made.account.proofs == {chat: 1}


async def test_chats_that_somebody_else_plays_are_left_alone(started: Started) -> None:
    mine = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, mine, mine + 1, skip=(mine,)) as (bot, made):
        await bot.gives(mine)
        await bot.gives(mine + 1)
        assert (await bot.hears())["message"]["chat"]["id"] == mine + 1
        assert made.account.cards == {mine + 1}


async def test_an_answer_without_a_receipt_is_noted_as_odd(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, chat) as (bot, made):
        await bot.gives(chat)
        await bot.hears()
        await bot.sends(chat, "Tautan ini belum dapat kami terima.")
        await idle(made)
        assert made.account.odd == {"Tautan ini belum dapat kami terima.": 1}
        assert not made.account.receipts


async def test_whoever_gets_no_answer_gives_up_and_is_counted(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, chat, patience=0.0) as (bot, made):
        await bot.gives(chat)
        await bot.hears()
        await idle(made)
        assert made.account.lost == {chat}


async def test_what_was_missed_while_the_stream_was_cut_is_read_again(started: Started) -> None:
    chat = somebody(lambda intent: intent.way is Way.LINK)
    async with watched(started, chat) as (bot, made):
        cut = Crowd(made.hearing.people, Camera(), rate=1.0, seed=SEED)
        await bot.gives(chat)
        await cut.hearing.catch_up()
        assert chat in cut.account.cards & cut.account.captions
