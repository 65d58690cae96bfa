"""Flow control: the kinds of limiter with given times, and the answers on the wire."""

import pytest

from bot.simulator.limits import Limiter
from tests.simulated import Simulated, start_simulator


def limiter(kind: str, rate: float = 3, chat_rate: float = 100, group_rate: float = 100) -> Limiter:
    made = Limiter()
    made.set(kind, rate, chat_rate, group_rate)
    return made


def test_a_sliding_window_counts_what_was_sent_in_any_second() -> None:
    window = limiter("sliding")
    assert [window.take(chat, 10.0 + chat / 10) for chat in range(1, 4)] == [0, 0, 0]
    assert window.take(4, 11.05) == 1
    assert window.take(4, 11.11) == 0
    assert window.take(5, 11.15) == 1


def test_what_was_refused_does_not_count() -> None:
    window = limiter("sliding", rate=1)
    assert [window.take(1, now) for now in (5.0, 5.2, 5.4, 5.9, 6.0)] == [0, 1, 1, 1, 0]


def test_one_chat_gets_one_message_a_second_and_others_are_not_held_up() -> None:
    window = limiter("sliding", rate=100, chat_rate=1)
    assert (window.take(1, 5.0), window.take(1, 5.5), window.take(2, 5.5), window.take(1, 6.0)) == (
        0,
        1,
        0,
        0,
    )


def test_a_group_gets_twenty_messages_a_minute() -> None:
    window = limiter("sliding", rate=100, chat_rate=100, group_rate=20)
    assert {window.take(-7, 100.0 + n) for n in range(20)} == {0}
    assert window.take(-7, 121.0) == 39
    assert window.take(7, 121.0) == 0
    assert window.take(-7, 160.0) == 0


def test_a_rate_below_one_means_one_in_a_longer_time() -> None:
    window = limiter("sliding", chat_rate=0.5)
    assert (window.take(1, 1.0), window.take(1, 1.5), window.take(1, 3.0)) == (0, 2, 0)


def test_a_bucket_allows_a_burst_and_then_refills_evenly() -> None:
    bucket = limiter("bucket", rate=4)
    assert [bucket.take(n, 50.0) for n in range(1, 6)] == [0, 0, 0, 0, 1]
    assert [bucket.take(9, now) for now in (50.25, 50.3, 50.5)] == [0, 1, 0]


def test_a_lockout_refuses_everything_for_five_seconds() -> None:
    lock = limiter("lockout", rate=1)
    assert (lock.take(1, 5.0), lock.locked(5.1), lock.take(2, 5.1)) == (0, 0, 1)
    assert (lock.locked(5.2), lock.locked(10.0), lock.locked(10.1)) == (5, 1, 0)


def test_an_album_costs_its_size() -> None:
    window = limiter("sliding", rate=5)
    assert (window.take(1, 1.0, cost=4), window.take(2, 1.0, cost=2), window.take(2, 1.0)) == (0, 1, 0)


def test_paid_broadcasts_have_a_window_of_their_own() -> None:
    window = limiter("sliding", rate=1)
    assert [window.take(n, 1.0, paid=True) for n in range(1, 1002)] == [0] * 1000 + [1]
    assert (window.take(2000, 1.0), window.take(2001, 1.0)) == (0, 1)


@pytest.mark.parametrize(("kind", "rate"), [("leaky", 30.0), ("sliding", 0.0)])
def test_impossible_limits_are_refused(kind: str, rate: float) -> None:
    with pytest.raises(ValueError, match=r"limiter|rate"):
        Limiter().set(kind, rate, 1, 20)


async def _refused(sim: Simulated, method: str, params: dict[str, object]) -> dict[str, object]:
    status, body = await sim.api(method, params)
    seconds = body["parameters"]["retry_after"]
    assert status == 429
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }
    assert isinstance(seconds, int)
    return {"seconds": seconds}


@pytest.mark.anyio
async def test_only_sending_counts_against_the_limits() -> None:
    async with start_simulator(chat_rate=0.01) as sim:
        user = await sim.people.create_user("Siti")
        await sim.people.start(user)
        sent = await sim.ok("sendMessage", {"chat_id": user, "text": "x"})
        await _refused(sim, "sendMessage", {"chat_id": user, "text": "x"})
        target = {"chat_id": user, "message_id": sent["message_id"]}
        for n in range(5):
            await sim.ok("editMessageText", {**target, "text": f"y{n}"})
        await sim.ok("sendChatAction", {"chat_id": user, "action": "typing"})
        assert (await sim.api("sendMessage", {"chat_id": user, "text": ""}))[0] == 400
        stats = await sim.people.stats()
        assert (stats["sent"], stats["too_many_requests"]) == (1, 1)


@pytest.mark.anyio
async def test_a_lockout_reaches_other_methods_but_not_polling() -> None:
    async with start_simulator(limiter="lockout", rate=1) as sim:
        users = await sim.people.create_users([{"first_name": "Siti"}, {"first_name": "Budi"}])
        for user in users:
            await sim.people.start(user)
        await sim.ok("sendMessage", {"chat_id": users[0], "text": "x"})
        await _refused(sim, "sendMessage", {"chat_id": users[1], "text": "x"})
        assert (await _refused(sim, "getChat", {"chat_id": users[0]}))["seconds"] == 5
        assert len(await sim.ok("getUpdates")) == 2
        limits = await sim.people.limits(limiter="off")
        assert limits["limiter"] == "off"
        await sim.ok("sendMessage", {"chat_id": users[1], "text": "x"})
