"""python-telegram-bot drives every method that is played, and understands every answer."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus, MessageEntityType
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.simulator.bot_api import PLAYED
from tests.simulated import Simulated, start_simulator

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Sudah", callback_data="sudah"),
                             InlineKeyboardButton("Situs", url="https://jambiprov.go.id")]])  # fmt: skip


@pytest.fixture(autouse=True)
def durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB 22 warns of plain seconds otherwise."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def bot_of(sim: Simulated) -> Bot:
    return Bot(sim.token, base_url=sim.base_url, base_file_url=sim.base_file_url)


async def _texts(bot: Bot, user: int) -> None:
    sent = await bot.send_message(user, "<b>Halo</b>, Bu &amp; Pak", parse_mode="HTML", reply_markup=YES)
    assert (sent.text, sent.entities[0].type) == ("Halo, Bu & Pak", MessageEntityType.BOLD)
    assert sent.reply_markup == YES
    edited = await bot.edit_message_text("Terima kasih", user, sent.id)
    assert isinstance(edited, type(sent))
    assert edited.edit_date
    assert edited.reply_markup is None
    again = await bot.edit_message_reply_markup(user, sent.id, reply_markup=YES)
    assert not isinstance(again, bool)
    assert again.reply_markup == YES
    answer = await bot.send_message(user, "balas", reply_parameters=ReplyParameters(sent.id))
    assert answer.reply_to_message
    assert answer.reply_to_message.text == "Terima kasih"
    copy = await bot.copy_message(user, user, sent.id)
    forwarded = await bot.forward_message(user, user, sent.id)
    assert forwarded.forward_origin
    assert await bot.pin_chat_message(user, forwarded.id)
    assert await bot.delete_message(user, copy.message_id)
    assert await bot.delete_messages(user, [sent.id, answer.id])
    keyboard = ReplyKeyboardMarkup(
        [[KeyboardButton("Nomor saya", request_contact=True)]], resize_keyboard=True
    )
    await bot.send_message(user, "Nomor?", reply_markup=keyboard)
    await bot.send_message(user, "Baik", reply_markup=ReplyKeyboardRemove())
    assert await bot.send_chat_action(user, ChatAction.TYPING)


async def _media(bot: Bot, user: int, picture: bytes) -> None:
    sent = await bot.send_photo(user, picture, caption="<i>Poster</i>", parse_mode="HTML", reply_markup=YES)
    sizes = [(size.width, size.height) for size in sent.photo]
    assert sizes == [(90, 68), (320, 240), (1280, 960)]
    again = await bot.send_photo(user, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    video = await bot.send_video(user, b"any bytes", duration=45, width=720, height=1280, caption="Video")
    assert video.video
    assert (video.video.width, video.video.duration) == (720, timedelta(seconds=45))
    paper = await bot.send_document(user, b"%PDF-1.7", filename="Rabuan.pdf")
    assert paper.document
    assert (paper.document.file_name, paper.document.mime_type) == ("Rabuan.pdf", "application/pdf")
    assert await (await bot.get_file(paper.document.file_id)).download_as_bytearray() == b"%PDF-1.7"
    assert (await bot.edit_message_caption(user, sent.id, caption="Poster baru")).caption == "Poster baru"  # type: ignore[union-attr]
    media = InputMediaDocument(paper.document.file_id, caption="Berkas")
    changed = await bot.edit_message_media(media, user, sent.id)
    assert not isinstance(changed, bool)
    assert changed.document == paper.document
    album = await bot.send_media_group(
        user, [InputMediaPhoto(picture), InputMediaPhoto(sent.photo[0].file_id)]
    )
    assert len({message.media_group_id for message in album}) == 1


async def _profile(bot: Bot, user: int) -> None:
    everybody = [BotCommand("menu", "Menu utama")]
    mine = [BotCommand("tinjau", "Antrean tinjauan")]
    scope = BotCommandScopeChat(user)
    assert await bot.set_my_commands(everybody)
    assert await bot.set_my_commands(mine, scope=scope)
    assert await bot.get_my_commands(scope=scope) == tuple(mine)
    assert await bot.get_my_commands(scope=BotCommandScopeDefault()) == tuple(everybody)
    assert await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()
    assert await bot.set_my_description("Satu ASN, Satu Pesan Publik")
    assert (await bot.get_my_description()).description == "Satu ASN, Satu Pesan Publik"
    assert await bot.set_my_short_description("Pesan pekan ini")
    assert (await bot.get_my_short_description()).short_description == "Pesan pekan ini"
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    assert (await bot.get_chat(user)).first_name == "Siti"


async def _groups(bot: Bot, sim: Simulated, user: int) -> None:
    group = await sim.people.create_group("Rapat Rabuan", user)
    await sim.people.add_bot(user, group, admin=True)
    assert (await bot.get_chat_member(group, bot.id)).status == ChatMemberStatus.ADMINISTRATOR
    assert (await bot.get_chat_member(group, user)).status == ChatMemberStatus.OWNER
    assert (await bot.get_chat(group)).title == "Rapat Rabuan"
    assert await bot.leave_chat(group)
    with pytest.raises(Forbidden):
        await bot.send_message(group, "x")


async def _updates(bot: Bot, sim: Simulated, user: int) -> None:
    sent = await bot.send_message(user, "Sudah?", reply_markup=YES)
    await bot.get_updates(offset=-1)
    number = await sim.people.press(user, sent.id, "sudah")
    updates = await bot.get_updates(offset=-1, allowed_updates=Update.ALL_TYPES)
    query = updates[-1].callback_query
    assert isinstance(query, CallbackQuery)
    assert (query.id, query.data, query.from_user.id) == (number, "sudah", user)
    assert await query.answer("Terima kasih", show_alert=True)
    assert await bot.set_webhook("http://127.0.0.1:9/none", secret_token="s", max_connections=3)
    assert (await bot.get_webhook_info()).max_connections == 3
    assert await bot.delete_webhook(drop_pending_updates=True)


@pytest.mark.anyio
async def test_ptb_drives_every_played_method(picture: bytes) -> None:
    async with start_simulator(limiter="off") as sim:
        user = await sim.people.create_user("Siti", phone="+6281317036688")
        await sim.people.start(user)
        async with bot_of(sim) as bot:
            await _texts(bot, user)
            await _media(bot, user, picture)
            await _profile(bot, user)
            await _groups(bot, sim, user)
            await _updates(bot, sim, user)
        stats = await sim.people.stats()
        assert set(PLAYED) - set(stats["calls"]) == set()
        assert stats["errors"] == {"403 Forbidden: bot is not a member of the group chat": 1}


@pytest.mark.anyio
async def test_ptb_understands_what_every_kind_of_message_says(
    sim: Simulated, user: int, small: bytes
) -> None:
    people = sim.people
    key = await people.upload(small)
    await people.photo(user, key, "bukti")
    await people.video(user, b"no header")
    await people.document(user, b"a,b", "data.csv")
    await people.share_contact(user)
    await people.album(user, [key, key], "dua")
    for kind in ("sticker", "voice", "location"):
        await people.act(user, kind)
    await people.edit(user, await people.say(user, "sudha"), "sudah")
    await people.block(user)
    await people.unblock(user)
    group = await people.create_group("Rapat", user)
    await people.add_bot(user, group)
    await people.migrate(user, group)
    async with bot_of(sim) as bot:
        updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert messages[0].caption == "bukti"
    assert messages[2].document
    assert messages[2].document.mime_type == "text/csv"
    assert messages[3].contact
    assert messages[3].contact.user_id == user
    assert messages[4].media_group_id == messages[5].media_group_id
    assert (messages[6].sticker, messages[7].voice, messages[8].location) != (None, None, None)
    assert [update.edited_message.text for update in updates if update.edited_message] == ["sudah"]
    members = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [member.new_chat_member.status for member in members] == ["kicked", "member", "member"]
    assert messages[-2].migrate_to_chat_id == messages[-1].chat.id


@pytest.mark.anyio
async def test_ptb_raises_the_right_error_for_each_refusal(sim: Simulated, user: int) -> None:
    people = sim.people
    group = await people.create_group("Rapat", user)
    await people.add_bot(user, group)
    new = await people.migrate(user, group)
    async with bot_of(sim) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(424242, "x")
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(group, "x")
        assert migrated.value.new_chat_id == new
        await people.plan_fault("sendMessage", "429", retry_after=7)
        with pytest.raises(RetryAfter) as later:
            await bot.send_message(user, "x")
        assert later.value.retry_after == timedelta(seconds=7)
        await bot.set_webhook("http://127.0.0.1:9/none")
        with pytest.raises(Conflict):
            await bot.get_updates()
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=sim.base_url):
            pass
