"""What people can do, what of it reaches the bot, and what they see."""

import asyncio
from typing import Any

import pytest

from bot.simulator.client import SimulatorError
from tests.simulated import Simulated


async def pending(sim: Simulated) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = await sim.ok("getUpdates")
    if updates:
        await sim.ok("getUpdates", {"offset": updates[-1]["update_id"] + 1})
    return updates


def kinds(updates: list[dict[str, Any]]) -> list[str]:
    return [next(name for name in update if name != "update_id") for update in updates]


def keys(*labels: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label.lower()} for label in labels]]}


@pytest.mark.anyio
async def test_a_deep_link_arrives_as_a_start_command(sim: Simulated, user: int) -> None:
    await sim.people.start(user, "opd-12")
    message = (await pending(sim))[0]["message"]
    assert message["text"] == "/start opd-12"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert message["from"]["id"] == message["chat"]["id"] == user


@pytest.mark.anyio
async def test_only_a_button_of_the_newest_markup_can_be_pressed(sim: Simulated, user: int) -> None:
    sent = await sim.ok(
        "sendMessage", {"chat_id": user, "text": "Benar?", "reply_markup": keys("Ya", "Bukan")}
    )
    number = sent["message_id"]
    callback = await sim.people.press(user, number, label="Bukan")
    query = (await pending(sim))[0]["callback_query"]
    assert (query["id"], query["data"], query["message"]["message_id"]) == (callback, "bukan", number)
    await sim.ok(
        "editMessageReplyMarkup", {"chat_id": user, "message_id": number, "reply_markup": keys("Nanti")}
    )
    for gone in ("ya", "tidak ada"):
        with pytest.raises(SimulatorError, match="no such button"):
            await sim.people.press(user, number, gone)
    await sim.ok("deleteMessage", {"chat_id": user, "message_id": number})
    with pytest.raises(SimulatorError, match="gone"):
        await sim.people.press(user, number, "nanti")


@pytest.mark.anyio
async def test_an_answered_callback_is_a_toast(sim: Simulated, user: int) -> None:
    before = (await sim.people.stats())["unanswered_callbacks"]
    sent = await sim.ok("sendMessage", {"chat_id": user, "text": "Benar?", "reply_markup": keys("Ya")})
    callback = await sim.people.press(user, sent["message_id"], "ya")
    assert (await sim.people.stats())["unanswered_callbacks"] == before + 1
    answer = {"callback_query_id": callback, "text": "Tersimpan", "show_alert": True}
    await sim.ok("answerCallbackQuery", answer)
    toast = (await sim.people.history(user))["toasts"][-1]
    assert (toast["text"], toast["alert"], toast["message_id"]) == ("Tersimpan", True, sent["message_id"])
    assert (await sim.people.stats())["unanswered_callbacks"] == before


@pytest.mark.anyio
async def test_the_own_number_is_shared_by_a_key_of_the_reply_keyboard(sim: Simulated, user: int) -> None:
    keyboard = {"keyboard": [[{"text": "Bagikan nomor saya", "request_contact": True}], ["Batal"]]}
    await sim.ok("sendMessage", {"chat_id": user, "text": "Nomor?", "reply_markup": keyboard})
    shown = (await sim.people.history(user))["reply_keyboard"]
    assert shown["rows"] == [
        [{"text": "Bagikan nomor saya", "contact": True}],
        [{"text": "Batal", "contact": False}],
    ]
    await sim.people.tap(user, "Bagikan nomor saya")
    await sim.people.tap(user, "Batal")
    await sim.people.share_contact(user, "0811", "Budi", user_id=99)
    await sim.people.share_contact(user, "0812", "Tanpa Telegram")
    own, text, other, third = [update["message"] for update in await pending(sim)]
    assert own["contact"] == {
        "phone_number": "+6281317036688",
        "first_name": "Siti",
        "last_name": "Rahma",
        "user_id": user,
    }
    assert text["text"] == "Batal"
    assert (other["contact"]["user_id"], "user_id" in third["contact"]) == (99, False)
    remove = {"remove_keyboard": True}
    await sim.ok("sendMessage", {"chat_id": user, "text": "Baik", "reply_markup": remove})
    assert (await sim.people.history(user))["reply_keyboard"] is None
    with pytest.raises(SimulatorError, match="no such button"):
        await sim.people.tap(user, "Batal")


@pytest.mark.anyio
async def test_blocking_and_unblocking_tells_the_bot_at_once(sim: Simulated, user: int) -> None:
    await sim.people.block(user)
    with pytest.raises(SimulatorError, match="unblock it first"):
        await sim.people.say(user, "halo")
    await sim.people.start(user)
    blocked, unblocked, start = await pending(sim)
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert start["message"]["text"] == "/start"


@pytest.mark.anyio
async def test_in_a_group_privacy_mode_hides_what_is_not_for_the_bot(sim: Simulated, user: int) -> None:
    group = await sim.people.create_group("Rapat Rabuan", user)
    await sim.people.say(user, "sebelum ada bot", chat_id=group)
    await sim.people.add_bot(user, group)
    sent = await sim.ok("sendMessage", {"chat_id": group, "text": "Ringkasan"})
    await sim.people.say(user, "obrolan", chat_id=group)
    await sim.people.say(user, "/keputusan", chat_id=group)
    await sim.people.say(user, "/start@bot_lain", chat_id=group)
    await sim.people.say(user, "/digest@Satu_Pesan_Bot", chat_id=group)
    await sim.people.say(user, "setuju", chat_id=group, reply_to=sent["message_id"])
    updates = await pending(sim)
    assert kinds(updates) == ["my_chat_member", *["message"] * 4]
    assert updates[1]["message"]["new_chat_members"][0]["username"] == "satu_pesan_bot"
    texts = [update["message"]["text"] for update in updates[2:]]
    assert texts == ["/keputusan", "/digest@Satu_Pesan_Bot", "setuju"]
    assert updates[4]["message"]["reply_to_message"]["text"] == "Ringkasan"
    await sim.people.add_bot(user, group, admin=True)
    await sim.people.say(user, "obrolan", chat_id=group)
    assert kinds(await pending(sim)) == ["my_chat_member", "message"]


@pytest.mark.anyio
async def test_people_act_only_where_they_are(sim: Simulated, user: int) -> None:
    other = await sim.people.create_user("Budi")
    group = await sim.people.create_group("Rapat", other)
    for chat in (group, other, 424242):
        with pytest.raises(SimulatorError):
            await sim.people.say(user, "halo", chat_id=chat)
    await sim.people.act(user, "join", chat_id=group)
    await sim.people.say(user, "halo", chat_id=group)
    await sim.people.act(user, "leave", chat_id=group)
    new = await sim.people.migrate(other, group)
    with pytest.raises(SimulatorError, match=str(new)):
        await sim.people.say(other, "halo", chat_id=group)
    await sim.people.delete_account(user)
    with pytest.raises(SimulatorError, match="deleted"):
        await sim.people.say(user, "halo")


@pytest.mark.anyio
async def test_history_tells_what_is_new_since_a_number(sim: Simulated, user: int) -> None:
    first = await sim.ok("sendMessage", {"chat_id": user, "text": "satu"})
    second = await sim.ok("sendMessage", {"chat_id": user, "text": "dua", "reply_markup": keys("Ya")})
    seq = (await sim.people.history(user))["seq"]
    assert (await sim.people.history(user, seq))["messages"] == []
    edit = {"chat_id": user, "message_id": first["message_id"], "text": "<i>satu</i>", "parse_mode": "HTML"}
    await sim.ok("editMessageText", edit)
    await sim.ok("deleteMessage", {"chat_id": user, "message_id": second["message_id"]})
    news = await sim.people.history(user, seq)
    assert [(one["message_id"], one["html"]) for one in news["messages"]] == [
        (first["message_id"], "<i>satu</i>")
    ]
    assert news["messages"][0]["edit_date"]
    assert news["deleted"] == [second["message_id"]]
    waiting = asyncio.ensure_future(sim.people.wait(user, news["seq"]))
    await sim.ok("sendMessage", {"chat_id": user, "text": "tiga"})
    assert [one["text"] for one in (await waiting)["messages"]] == ["tiga"]


@pytest.mark.anyio
async def test_events_stream_to_those_who_watch_the_chat(sim: Simulated, user: int) -> None:
    other = await sim.people.create_user("Budi")
    async with sim.people.events(user) as stream:
        await sim.people.say(other, "bukan untuk Anda")
        await sim.people.say(user, "halo")
        sent = await sim.ok("sendMessage", {"chat_id": user, "text": "Hai"})
        await sim.ok("sendChatAction", {"chat_id": user, "action": "typing"})
        await sim.ok("deleteMessage", {"chat_id": user, "message_id": sent["message_id"]})
        async with asyncio.timeout(5):
            events = [await anext(stream) for _ in range(4)]
    assert [event["type"] for event in events] == ["message", "message", "action", "deleted"]
    assert [event["message"]["text"] for event in events[:2]] == ["halo", "Hai"]
    assert events[3]["message_id"] == sent["message_id"]
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)


@pytest.mark.anyio
async def test_a_crowd_acts_in_one_request_and_deliveries_are_counted(sim: Simulated) -> None:
    users = await sim.people.create_users([{"first_name": f"ASN {n}"} for n in range(300)])
    results = await sim.people.batch(
        [{"as": one, "do": "start"} for one in users] + [{"as": users[0], "do": "fly"}]
    )
    assert [one for one, result in zip(users, results, strict=False) if "error" in result] == []
    assert "do is one of" in results[-1]["error"]
    for one in (users[0], users[1], users[1]):
        await sim.ok("sendMessage", {"chat_id": one, "text": "Konten pekan 48"})
    found = await sim.people.deliveries(contains="pekan 48")
    assert found == {"total": 3, "chats": {str(users[0]): 1, str(users[1]): 2}}


@pytest.mark.anyio
async def test_old_bodies_are_given_up_but_can_still_be_edited_and_deleted(sim: Simulated, user: int) -> None:
    first = await sim.ok("sendMessage", {"chat_id": user, "text": "lama", "reply_markup": keys("Ya")})
    for n in range(55):
        await sim.ok("sendMessage", {"chat_id": user, "text": f"pesan {n}"})
    assert len((await sim.people.history(user, limit=1000))["messages"]) == 50
    target = {"chat_id": user, "message_id": first["message_id"]}
    with pytest.raises(SimulatorError, match="gone"):
        await sim.people.press(user, first["message_id"], "ya")
    assert (await sim.ok("editMessageText", {**target, "text": "ditarik"}))["text"] == "ditarik"
    await sim.ok("deleteMessage", target)


@pytest.mark.anyio
async def test_a_client_lists_the_commands_of_the_closest_scope(sim: Simulated, user: int) -> None:
    async def shown() -> list[str]:
        body = await sim.people.call("GET", "/sim/commands", {"chat_id": user, "user_id": user})
        return [command["command"] for command in body["commands"]]

    def command(name: str, scope: dict[str, Any] | None = None, language: str = "") -> dict[str, Any]:
        body: dict[str, Any] = {
            "commands": [{"command": name, "description": "x"}],
            "language_code": language,
        }
        return {**body, "scope": scope} if scope else body

    await sim.ok("setMyCommands", command("umum"))
    assert await shown() == ["umum"]
    await sim.ok("setMyCommands", command("pribadi", {"type": "all_private_chats"}))
    await sim.ok("setMyCommands", command("english", {"type": "all_private_chats"}, "en"))
    assert await shown() == ["pribadi"]
    await sim.ok("setMyCommands", command("saya", {"type": "chat", "chat_id": user}))
    assert await shown() == ["saya"]
    await sim.ok("deleteMyCommands", {"scope": {"type": "chat", "chat_id": user}})
    await sim.ok("setMyCommands", command("bahasa", {"type": "all_private_chats"}, "id"))
    assert await shown() == ["bahasa"]


@pytest.mark.anyio
async def test_users_are_created_once(sim: Simulated) -> None:
    number = await sim.people.create_user("Ani", username="ani_ppid")
    for body in (
        {"id": number, "first_name": "Lain"},
        {"first_name": "Lain", "username": "Ani_PPID"},
        {"nama": "x"},
    ):
        with pytest.raises(SimulatorError):
            await sim.people.call("POST", "/sim/users", body)
    found = await sim.people.call("GET", "/sim/users", {"q": "ani_p"})
    assert [(one["id"], one["started"]) for one in found["users"]] == [(number, False)]
