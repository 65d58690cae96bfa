"""A person with a phone, against the real simulator."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.demo.chat import NoAnswerError, Phone
from bot.demo.handsets import Telegram
from tests.simulated import Simulated, start_simulator

pytestmark = pytest.mark.anyio
SITI = 1001


@pytest.fixture
async def simulated() -> AsyncIterator[Simulated]:
    async with start_simulator(limiter="off") as made:
        await made.people.create_user("Siti", user_id=SITI)
        await made.people.start(SITI)
        yield made


async def _send(simulated: Simulated, text: str, *buttons: tuple[str, str]) -> None:
    keyboard = [[{"text": label, "callback_data": data}] for label, data in buttons]
    markup = {"reply_markup": {"inline_keyboard": keyboard}} if buttons else {}
    await simulated.ok("sendMessage", {"chat_id": str(SITI), "text": text, **markup})


async def _last_update(simulated: Simulated) -> dict[str, object]:
    return dict((await simulated.ok("getUpdates", {"offset": "-1"}))[-1])


async def test_only_what_comes_after_the_own_words_is_an_answer(simulated: Simulated) -> None:
    phone = Phone(Telegram(simulated.people), SITI)
    await _send(simulated, "Pesan lama")
    await phone.say("halo")
    await _send(simulated, "Halo Siti")
    assert (await phone.answer()).text == "Halo Siti"


async def test_an_answer_is_waited_for(simulated: Simulated) -> None:
    phone = Phone(Telegram(simulated.people), SITI)
    await phone.say("halo")
    hearing = asyncio.create_task(phone.hear("terima", "KASIH"))
    await _send(simulated, "Sebentar")
    await _send(simulated, "Terima kasih, Siti")
    assert (await hearing).text == "Terima kasih, Siti"


async def test_a_button_is_pressed_by_its_kind_by_a_pattern_and_by_its_label(simulated: Simulated) -> None:
    phone = Phone(Telegram(simulated.people), SITI)
    for kind, label, data in (
        ("join.yes", "", "join.yes:7"),
        ("submit.week:*:2026-W48", "", "submit.week:3:2026-W48"),
        ("join.pick", "Budi", "join.pick:9"),
    ):
        await phone.say("lanjut")
        wanted = {
            "join.yes": ("Ya", "join.yes:7"),
            "submit.week:*:2026-W48": ("Rabu", "submit.week:3:2026-W48"),
            "join.pick": ("Budi S.", "join.pick:9"),
        }
        await _send(
            simulated, "Pilih", ("Ani", "join.pick:8"), ("Senin", "submit.week:3:2026-W49"), wanted[kind]
        )
        await phone.press(kind, label)
        update = await _last_update(simulated)
        assert update["callback_query"]["data"] == data  # type: ignore[index]


async def test_what_the_bot_said_instead_is_told_when_nobody_answers(
    simulated: Simulated,
) -> None:
    phone = Phone(Telegram(simulated.people), SITI, patience=0.3)
    await phone.say("halo")
    await _send(simulated, "Maaf, saya belum memahami")
    with pytest.raises(NoAnswerError, match="belum memahami"):
        await phone.hear("Selamat datang")


async def test_an_impossible_act_is_told(simulated: Simulated) -> None:
    with pytest.raises(NoAnswerError, match="no file"):
        await Phone(Telegram(simulated.people), SITI).photo("f999")
