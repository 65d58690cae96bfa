"""The pack on its way to a real group of the simulator: refused, away for a while, without its files, and
sent again."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels import Failure, SendError
from bot.files.media import Store
from bot.outbound.library import Paper, Report
from bot.reports import makers
from models.digests import digests, packs
from models.figures.snapshots import Digest
from models.messages import conversations, outbox
from models.messages.outbox import Outbound
from models.messages.post import Post
from models.people import people, roles
from models.people.people import Opd, Person
from models.programme import weeks
from models.programme.programme import Programme
from tests.bot.sending import Bench, at_work, bench

pytestmark = pytest.mark.anyio
JAMBI = Programme(started="2026-W01")
BOSS = 11


async def stands(made: Bench, group: int) -> str:
    """A controller, a bound group, and the newest closed week's pack on its way there; the week.

    Plain texts stand for its files: what is tried here is the way, not the drawing.
    """
    now = made.clock.now()
    week = weeks.shift(weeks.of(now, JAMBI), -1)

    def write(session: Session) -> None:
        binds(session, group, now)
        digest = Digest(week=week, version=1, figures={"week": week}, at=now)
        session.add(digest)
        session.flush()
        for nth in range(3):
            key = f"digest:{week}:1:telegram:{group}"
            outbox.queue(
                session, now, f"{key}:{nth}" if nth else key, "telegram", str(group),
                Post("menu.unknown_command", {"suggestion": f"bagian{nth}"}),
                priority=outbox.Priority.NOTICE, follows=key if nth else None,
                status=outbox.WAITING if nth else outbox.QUEUED,
            )  # fmt: skip

    await made.writer.write(write)
    return week


def binds(session: Session, group: int, now: datetime) -> None:
    """A controller, whose group gets the pack."""
    opd = Opd(code="BAPPEDA", name="Bappeda")
    session.add(opd)
    session.flush()
    person = Person(name="Bu Kepala", opd_id=opd.id, active=True, created_at=now)
    session.add(person)
    session.flush()
    people.link(session, people.meet(session, "telegram", str(BOSS), "Bu Kepala", now), person, now)
    roles.grant(session, person, "controller", None, now, by=None)
    conversations.bind(session, "telegram", str(group), "Rapat Rabuan", person.id, now)


async def closes(made: Bench, group: int) -> None:
    """The same, and the real pack of the newest closed week goes out: its words, its chart, its papers."""
    now = made.clock.now()
    week = weeks.shift(weeks.of(now, JAMBI), -1)

    def write(session: Session) -> None:
        binds(session, group, now)
        packs.announce(session, digests.close(session, week, now, JAMBI), now, JAMBI, late=False)

    await made.writer.write(write)


def rows(made: Bench, group: int) -> list[Outbound]:
    """What was queued of the pack for the group, in order."""
    with Session(made.engine) as session:
        chosen = select(Outbound).where(Outbound.key.like("digest:%"), Outbound.address == str(group))
        return list(session.scalars(chosen.order_by(Outbound.id)))


def papers(folder: Path) -> dict[str, Report]:
    """The makers of all papers, as the program has them."""
    return makers.makers(Store(f"file://{folder / 'media'}"), "satupesan_bot", JAMBI.zone)


def watch(made: Bench, **later: float) -> int:
    with Session(made.engine) as session, session.begin():
        return packs.watch(session, made.clock.now() + timedelta(**later), JAMBI)


def states(made: Bench) -> list[str]:
    with Session(made.engine) as session:
        chosen = select(Outbound.status).where(Outbound.key.like("digest:%:1:%")).order_by(Outbound.id)
        return list(session.scalars(chosen))


def tried(made: Bench) -> int:
    """How often the first part was tried in vain."""
    with Session(made.engine) as session:
        chosen = select(Outbound.attempts).where(Outbound.key.like("digest:%:1:%")).order_by(Outbound.id)
        return session.scalars(chosen).first() or 0


async def group_of(made: Bench) -> int:
    people_ = made.simulated.people
    group = await people_.create_group("Rapat Rabuan", BOSS, supergroup=True)
    await people_.add_bot(BOSS, group)
    return group


async def alarm(made: Bench) -> str:
    """What the controller reads, once it is there."""
    answers = await made.simulated.people.answers(BOSS, 0)
    return str(answers[-1]["text"])


async def is_told(made: Bench, words: str) -> None:
    """Waits until the controller, who gets the pack as well, reads these words."""
    async with asyncio.timeout(60):
        while not any(words in text for text in await made.texts(BOSS)):
            await asyncio.sleep(0.02)


async def test_a_group_that_threw_us_out_alarms_the_controllers_at_once_and_gets_it_when_we_are_back(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS) as made:
        group = await group_of(made)
        await made.simulated.people.remove_bot(BOSS, group)
        week = await stands(made, group)
        async with at_work(made):
            await made.until(lambda: outbox.FAILED in states(made))
            assert states(made) == [outbox.FAILED, outbox.CANCELLED, outbox.CANCELLED]
            assert (watch(made), watch(made)) == (1, 0)
            text = await alarm(made)
            assert "belum sampai ke grup Rapat Rabuan" in text
            assert "dikeluarkan dari grup itu" in text
            await made.simulated.people.add_bot(BOSS, group)
            now = made.clock.now()
            assert await made.writer.write(lambda session: packs.send_again(session, week, now)) == 3
            await made.until(lambda: states(made) == [outbox.SENT] * 3)
        assert ["bagian" in text for text in await made.texts(group)] == [True] * 3
        assert watch(made, hours=1) == 0


async def test_a_group_that_is_not_there_any_more_alarms_the_controllers(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS) as made:
        await stands(made, -1009999999999)
        async with at_work(made):
            await made.until(lambda: outbox.FAILED in states(made))
            assert watch(made) == 1
            assert "grupnya tidak ada lagi" in await alarm(made)


async def test_a_telegram_that_fails_for_a_while_is_tried_again_and_nobody_is_alarmed(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS) as made:
        group = await group_of(made)
        await made.simulated.people.plan_fault("sendMessage", "502", 3, chat_id=group)
        await stands(made, group)
        async with at_work(made):
            await made.until(lambda: tried(made) > 0)
            assert watch(made) == 0
            await made.until(lambda: states(made) == [outbox.SENT] * 3)
        assert watch(made, hours=1) == 0
        assert tried(made) == 3
        with Session(made.engine) as session:
            told = select(Outbound.id).where(Outbound.address == str(BOSS))
            assert session.scalars(told).all() == []


async def test_the_words_come_at_their_minute_while_telegram_takes_no_files(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS, reports=papers(tmp_path)) as made:
        group = await group_of(made)
        await made.simulated.people.plan_fault("sendPhoto", "502", 3, chat_id=group)
        await made.simulated.people.plan_fault("sendDocument", "502", 2, chat_id=group)
        await closes(made, group)
        async with at_work(made):
            await made.until(lambda: any(row.attempts for row in rows(made, group)))
            words, chart, *_ = rows(made, group)
            assert (words.status, words.attempts) == (outbox.SENT, 0)
            assert chart.status in (outbox.QUEUED, outbox.SENDING)
            assert chart.body["report"].startswith("digest-chart:")
            (said,) = await made.texts(group)
            assert said.startswith("0% ASN sudah berbagi\n0 dari 1")
            await made.until(lambda: all(row.status == outbox.SENT for row in rows(made, group)))
        history = await made.simulated.people.history(group)
        kinds = [(one["media"] or {}).get("kind", "") for one in history["messages"] if one["from"]["bot"]]
        assert kinds == ["", "photo", "document", "document"], "in their order, each once"


def no_chart(_session: Session, _about: str, _now: datetime) -> Paper:
    """As the sender takes every error of a maker: to be tried again."""
    raise SendError(Failure.RETRY, "no font to draw with")


async def test_without_a_chart_the_group_still_gets_words_workbook_and_pages(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    reports = {**papers(tmp_path), "digest-chart": no_chart}
    async with bench(engine, database_url, tmp_path, BOSS, reports=reports, attempts=3) as made:
        group = await group_of(made)
        await closes(made, group)
        async with at_work(made):
            await made.until(lambda: rows(made, group)[1].attempts > 0)
            assert rows(made, group)[0].status == outbox.SENT
            await made.until(lambda: rows(made, group)[-1].status == outbox.SENT)
        found = [row.status for row in rows(made, group)]
        assert found == [outbox.SENT, outbox.FAILED, outbox.SENT, outbox.SENT]
        assert watch(made) == 1, "and the controllers hear that the chart is missing"


async def test_a_pack_that_was_queued_before_an_upgrade_is_told_of_and_goes_out_when_it_is_sent_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS, reports=papers(tmp_path)) as made:
        group = await group_of(made)
        await closes(made, group)
        words = rows(made, group)[0]
        week = words.key.split(":")[1]
        older = {"text": "digest.summary", "params": {"week": week}}

        def before(session: Session) -> None:
            session.get_one(Outbound, words.id).body = older

        await made.writer.write(before)
        async with at_work(made):
            await made.until(lambda: rows(made, group)[0].status == outbox.FAILED)
            assert (rows(made, group)[0].reason, rows(made, group)[0].attempts) == ("broken", 1)
            assert watch(made) == 1
            await is_told(made, "Isinya tidak dapat dibuat")
            now = made.clock.now()
            await made.writer.write(lambda session: packs.send_again(session, week, now))
            await made.until(lambda: all(row.status == outbox.SENT for row in rows(made, group)))
        assert "0% ASN sudah berbagi" in "".join(await made.texts(group))


async def test_files_of_a_snapshot_that_says_too_little_end_at_the_first_try_and_are_told_of(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async with bench(engine, database_url, tmp_path, BOSS, reports=papers(tmp_path)) as made:
        group = await group_of(made)
        await closes(made, group)

        def before(session: Session) -> None:
            (digest,) = session.scalars(select(Digest))
            digest.figures = {"week": digest.week}

        await made.writer.write(before)
        async with at_work(made):
            await made.until(
                lambda: {row.status for row in rows(made, group)} == {outbox.SENT, outbox.FAILED}
            )
            ends = [(row.status, row.reason, row.attempts) for row in rows(made, group)]
            assert ends == [(outbox.SENT, "", 0), *[(outbox.FAILED, "broken", 1)] * 3]
            assert watch(made) == 1
            await is_told(made, "Isinya tidak dapat dibuat")
