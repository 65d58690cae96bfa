"""The sender against the real simulator: order, limits, blocked people, crashes, files sent once."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.outbound.hands import Hands
from bot.outbound.throttle import Throttle
from models.messages import conversations, files, outbox
from models.messages.outbox import Outbound, Priority
from models.messages.post import Post
from models.people import people
from tests.bot.sending import SAY, at_work, bench

pytestmark = pytest.mark.anyio


async def test_what_is_queued_arrives_and_is_recorded_with_its_message_id(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made, at_work(made):
        await made.queue("a", 11)
        await made.sent("a")
        assert len(await made.texts(11)) == 1
        assert made.row("a").external_id.isdigit()


async def test_the_messages_of_a_conversation_keep_their_order(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, simulator={"latency_ms": 20}) as made:
        keys = [f"m{number}" for number in range(12)]
        for number, key in enumerate(keys):
            await made.queue(key, 11, Post("menu.unknown_command", {"suggestion": f"kata{number}"}))
        async with at_work(made):
            await made.sent(*keys)
        said = await made.texts(11)
        assert [f"kata{number}" in text for number, text in enumerate(said)] == [True] * 12


async def test_a_reply_passes_a_release_that_is_queued_before_it(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    chats = range(100, 250)
    async with bench(engine, database_url, tmp_path, *chats, simulator={"latency_ms": 30}) as made:
        made.lane.throttle = Throttle(rate=30.0, chat_rate=5.0, group_per_minute=20)
        made.lane.hands = Hands(256, 30.0)
        for chat in chats:
            await made.queue(f"bulk:{chat}", chat, priority=Priority.BULK)
        async with at_work(made):
            await made.sent("bulk:100")
            await made.queue("reply", 100, priority=Priority.REPLY)
            await made.sent("reply", "bulk:249")
        reply = made.row("reply")
        with Session(engine) as session:
            later = session.scalars(
                select(Outbound.key).where(
                    Outbound.priority == Priority.BULK, Outbound.sent_at > reply.sent_at
                )
            ).all()
    assert len(later) > 75, "it went before most of the release"


async def test_an_account_that_blocked_us_is_marked_and_nothing_more_is_sent_to_it(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.writer.write(lambda s: people.meet(s, "telegram", "11", "P", made.clock.now()))
        await made.simulated.people.block(11)
        await made.queue("a", 11)
        await made.queue("b", 11, due_at=made.clock.now() + timedelta(hours=1))
        async with at_work(made):
            await made.until(lambda: made.row("a").status == outbox.FAILED)
            await made.until(lambda: made.row("b").status == outbox.CANCELLED)
        with Session(engine) as session:
            account = people.account(session, "telegram", "11")
            assert account is not None
            assert account.status == people.BLOCKED
        assert made.row("a").reason == "blocked"


async def test_a_server_that_fails_is_tried_again_and_the_order_stays(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.simulated.people.plan_fault("sendMessage", "500", count=2)
        for number in range(3):
            await made.queue(f"m{number}", 11, Post("menu.unknown_command", {"suggestion": f"kata{number}"}))
        async with at_work(made):
            await made.sent("m0", "m1", "m2")
        assert ["kata0" in (await made.texts(11))[0], made.row("m0").attempts] == [True, 2]


async def test_a_wait_that_the_server_asks_for_burns_no_attempt(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.simulated.people.plan_fault("sendMessage", "429", count=1, retry_after=1)
        await made.queue("a", 11)
        async with at_work(made):
            await made.sent("a")
        assert made.row("a").attempts == 0


async def test_a_message_that_can_never_be_sent_fails_and_is_in_nobodys_way(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.queue("broken", 11, Post("no.such.sentence"))
        await made.queue("good", 11)
        async with at_work(made):
            await made.sent("good")
            await made.until(lambda: made.row("broken").status == outbox.FAILED)
        assert made.row("broken").reason == "broken"


async def test_what_is_too_late_is_not_sent(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        await made.queue("late", 11, expires_at=made.clock.now() - timedelta(seconds=1))
        async with at_work(made):
            await made.until(lambda: made.row("late").status == outbox.EXPIRED)
        assert await made.texts(11) == []


async def test_what_follows_a_message_goes_out_after_it_and_ends_with_it(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11, 12) as made:
        await made.simulated.people.block(12)
        for chat in (11, 12):
            await made.queue(f"card:{chat}", chat)
            await made.queue(f"caption:{chat}", chat, follows=f"card:{chat}", status=outbox.WAITING)
        async with at_work(made):
            await made.sent("card:11", "caption:11")
            await made.until(lambda: made.row("caption:12").status == outbox.CANCELLED)


async def test_a_file_is_uploaded_once_and_sent_by_its_id_afterwards(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (1080, 1080), "teal").save(picture, "PNG")
    chats = range(100, 120)
    async with bench(engine, database_url, tmp_path, *chats, simulator={"latency_ms": 20}) as made:
        now = datetime.now(UTC)
        kept = made.store.put(picture.getvalue(), now)
        media_id = await made.writer.write(
            lambda session: files.add(
                session, now, kind="photo", key=kept.key, sha256=kept.sha256, mime=kept.mime,
                size=kept.size, purpose="item",
            ).id
        )  # fmt: skip
        for chat in chats:
            await made.queue(f"p{chat}", chat, Post(SAY, media=media_id))
        async with at_work(made):
            await made.sent(*(f"p{chat}" for chat in chats))
        assert made.lane.library._ids[media_id, "telegram"]
        history = await made.simulated.people.history(100)
        assert history["messages"][-1]["media"]["kind"] == "photo"
        stats = await made.simulated.people.stats()
        assert stats["calls"]["sendPhoto"] == len(chats)
        with Session(engine) as session:
            assert files.copy_of(session, media_id, "telegram") != ""


async def test_a_group_that_moved_gets_its_messages_at_its_new_address(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, 11) as made:
        creator = 11
        group = await made.simulated.people.create_group("Rabuan", creator)
        await made.simulated.people.add_bot(creator, group)
        now = made.clock.now()
        await made.writer.write(lambda s: conversations.bind(s, "telegram", str(group), "Rabuan", None, now))
        moved = await made.simulated.people.migrate(creator, group)
        await made.queue("digest", group)
        async with at_work(made):
            await made.sent("digest")
        assert made.row("digest").address == str(moved)
        with Session(engine) as session:
            assert [bound.address for bound in conversations.groups(session)] == [str(moved)]
