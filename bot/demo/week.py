"""One whole week without a browser, from the roster to the Wednesday summary, each step checked.

`python -m bot demo --once`: the real program against the simulator, with a clock that is moved.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.demo import asking, board, checks, openings, preparing, seeding, stage, topics, wednesday, whatsapp
from bot.demo.board import Board, Step, number, same
from bot.demo.camera import Camera
from bot.demo.colleagues import Colleagues
from bot.demo.crowd import Crowd
from bot.demo.playing import Act, Play
from bot.demo.sample import JOINED, JOINS_LATER, JOINS_LIVE, KNOWN, SILENT, TELEGRAM, WHATSAPP
from bot.demo.stage import FOLDER, WEEK
from models.programme import weeks

RATE = 0.55  # of the crowd, that takes part as soon as the item is there
CROWD_SEED = 7


async def rosters(play: Play, step: Step) -> None:
    done, again, wrong = await preparing.rosters(play.stage)
    same("people that a second import would change", again.empty, True)
    same("refused lines of the file with mistakes", len(wrong.rejected), 6)
    await checks.roster(play.stage)
    agencies = len(play.stage.sample.by_opd)
    step.note = f"{number(len(done.new))} people of {agencies} OPD; again: no change; 6 bad lines refused"


async def history(play: Play, step: Step) -> None:
    people, roles = await preparing.history(play.stage)
    await play.stage.phones(preparing.phones(play.stage))
    await checks.joined(play.stage, play.stage.sample.standing(JOINED, KNOWN, SILENT))
    both = sum(len(person.channels) > 1 for person in play.joined)
    step.note = (
        f"{number(people)} people had joined, {number(len(play.on(WHATSAPP)))} on WhatsApp alone, "
        f"{both} on both; {roles} roles, {len(seeding.PAST)} sample weeks"
    )
    play.stage.begin()
    await play.stage.settle()


async def join(play: Play, step: Step) -> None:
    live = play.stage.sample.standing(JOINS_LIVE)
    await preparing.join(play.stage, live, step.show)
    await play.quiet(step)
    await checks.joined(play.stage, play.stage.sample.standing(JOINED, KNOWN, SILENT, JOINS_LIVE))
    by_word = sum(person.channel == WHATSAPP for person in live)
    step.note = f"{number(len(live))} people: own number and consent; {by_word} by a word on WhatsApp"


async def submit(play: Play, step: Step) -> None:
    await play.stage.move(play.stage.clock.now() + timedelta(hours=2))
    earlier = [topic for code, topic in topics.TOPICS.items() if code not in topics.LIVE]
    seeded = await preparing.written(play.stage, [*earlier, topics.PROVINCIAL])
    async with asyncio.TaskGroup() as group:
        for code in topics.LIVE:
            group.create_task(preparing.submit(play.stage, topics.TOPICS[code]))
    await play.passed_on(len(topics.LIVE))
    await play.quiet(step)
    waiting = await asking.one(play.stage, "SELECT count(*) FROM item WHERE status = 'checked'")
    same("items that editor and quality control passed on", waiting, len(topics.LIVE))
    step.note = f"{len(topics.LIVE)} items by /ajukan, {seeded} from the week before"


async def approve(play: Play, step: Step) -> None:
    await play.stage.move(play.stage.clock.now() + timedelta(hours=22))
    waiting = await asking.rows(play.stage, "SELECT id FROM item WHERE status = 'checked' ORDER BY id")
    await preparing.approve(play.stage, [row[0] for row in waiting], step.show)
    await play.quiet(step)
    await checks.approved(play.stage, WEEK, len(topics.TOPICS) + 1)
    of = f"{len(topics.TOPICS)} of {len(play.stage.sample.by_opd)} OPD and the province"
    step.note = f"{of}, each past an editor, quality control and a controller"


async def bind(play: Play, step: Step) -> None:
    await preparing.bind_group(play.stage)
    await play.quiet(step)
    bound = await asking.one(play.stage, "SELECT count(*) FROM group_chat")
    same("groups that get the summary", bound, 1)
    await play.stage.move(play.moment(play.stage.programme.opens))
    await play.quiet(step)
    got = await wednesday.summary(play.stage, since=0)
    step.note = f"{stage.GROUP}; last week's summary arrived: {got.headline}"


async def release(play: Play, step: Step) -> None:
    """The crowd is told to wait, so that the speed is the release's own. On WhatsApp people are asked."""
    play.crowd.go(running=False)
    play.after = await play.seq()
    before = await play.sent()
    await play.stage.move(play.moment(play.stage.programme.release))
    started = time.monotonic()
    await play.quiet(step)
    seconds = time.monotonic() - started
    there, asked = play.on(TELEGRAM), play.on(WHATSAPP)
    messages = await checks.delivered(play.stage, there, play.after)
    await openings.asked_of(play.stage, asked, play.after)
    states = "SELECT status, count(*) FROM outbox WHERE part = 'card' GROUP BY status"
    found = Counter(dict(await asking.rows(play.stage, states)))
    silent, known = play.stage.sample.standing(SILENT), play.stage.sample.standing(KNOWN)
    wanted = Counter(sent=len(there), waiting=len(asked), failed=len(silent), skipped=len(known))
    same("cards by state", found, +wanted)
    state = await asking.one(play.stage, "SELECT status FROM release WHERE week = :week", week=WEEK)
    same("the release", state, "running" if asked else "finished")
    sent = await play.sent() - before
    same("messages to phones", messages, {TELEGRAM: 2 * len(there), WHATSAPP: 0})
    step.note = (
        f"{number(len(there))} people on Telegram, {number(messages[TELEGRAM])} messages; "
        f"{number(len(asked))} on WhatsApp asked to open it (portfolio tier: {number(whatsapp.TIER)} a day); "
        f"{number(sent / seconds)}/s; {len(silent)} blocked us, {len(known)} known as such"
    )


async def prove(play: Play, step: Step) -> None:
    """People on WhatsApp open what waits, or do not; then they are like all others."""
    play.crowd.go(running=True)
    await play.quiet(step)
    account, asked = play.crowd.account, {person.chat for person in play.on(WHATSAPP)}
    opened = asked & account.opened.keys()
    await openings.cards(play.stage, opened, asked)
    reached = [person for person in play.joined if person.chat in opened or person.chat not in asked]
    await checks.delivered(play.stage, reached, play.after)
    found = await checks.recorded(play.stage, WEEK, account)
    accepted = await checks.judged(play.stage, WEEK)
    shares = sum(found.shares.values())
    step.note = (
        f"{number(len(opened))} of {number(len(asked))} on WhatsApp opened it; "
        f"{number(len(found.shares))} people, {number(shares)} shares, {number(found.files)} files, "
        f"{number(len(found.claims))} only say so; "
        f"{number(accepted)} accepted at once, {number(shares - accepted)} wait for a person; "
        f"{len(account.stopped)} wrote that they stop"
    )


def reminder(nth: int) -> Act:
    """The nth reminder, and the proofs that it brings."""

    async def remind(play: Play, step: Step) -> None:
        account = play.crowd.account
        proved, since = set(account.proofs), await play.seq()
        await play.stage.move(play.moment(play.stage.programme.reminders[nth - 1]))
        await play.quiet(step)
        rows = await checks.reminded(play.stage, WEEK, account, nth, play.crowd.skip)
        asked = await openings.asked(play.stage, "pengingat", since)
        found = await checks.recorded(play.stage, WEEK, account)
        more = len(found.shares) - len(proved)
        step.note = (
            f"{number(rows)} people reminded, none who had proved, {number(len(asked))} of them asked "
            f"first on WhatsApp; {number(more)} more proved"
        )

    return remind


async def latecomer(play: Play, step: Step) -> None:
    """Somebody joins while the week runs, and has the item at once."""
    late = play.stage.sample.standing(JOINS_LATER)
    since = await play.seq()
    await preparing.join(play.stage, late, step.show)
    await play.quiet(step)
    await checks.delivered(play.stage, late, since)
    twice = await asking.rows(
        play.stage, "SELECT person_id FROM outbox WHERE part = 'card' GROUP BY person_id HAVING count(*) > 1"
    )
    same("people with two cards", len(twice), 0)
    step.note = f"{len(late)} people joined and got the running item at once"


async def close(play: Play, step: Step) -> None:
    """The week closes, the group gets its summary, and every figure in it is counted once more."""
    since = await play.seq()
    closes = weeks.closing(WEEK, play.stage.programme)
    await play.stage.move(closes)
    await play.quiet(step)
    found = await checks.figures(play.stage, WEEK)
    got = await wednesday.summary(play.stage, since)
    await wednesday.agrees(play.stage, got, found, WEEK)
    kept = await wednesday.keep(play.stage, got)
    state = await asking.one(play.stage, "SELECT status FROM release WHERE week = :week", week=WEEK)
    same("the release", state, "finished")
    unopened = {person.chat for person in play.on(WHATSAPP)} - play.crowd.account.opened.keys()
    same("people on WhatsApp who never opened it", await openings.expired(play.stage), len(unopened))
    step.note = (
        f"{got.headline}; {', '.join(path.name for path in kept)}; "
        f"{len(unopened)} on WhatsApp never opened what waited"
    )


async def end(play: Play, step: Step) -> None:
    await checks.nothing_left(play.stage)
    both = (await play.stage.people.stats(), await play.stage.wa.stats())
    calls = sum(sum(stats["calls"].values()) for stats in both)
    step.note = f"{number(calls)} calls, none too fast, every button answered, nothing left to do"


STEPS: Sequence[tuple[str, Act]] = (
    ("Rosters are imported", rosters),
    ("Earlier weeks", history),
    ("People join by chat", join),
    ("PPID teams submit", submit),
    ("The controllers approve", approve),
    ("The Rabuan group is bound", bind),
    ("Wednesday 13.00: release", release),
    ("The crowd shares and proves", prove),
    ("Friday: reminder", reminder(1)),
    ("Monday: reminder", reminder(2)),
    ("Somebody joins in mid-week", latecomer),
    ("Wednesday 07.30: summary", close),
    ("Everything has come to an end", end),
)


async def play(
    people: int,
    show: Board,
    folder: Path = FOLDER,
    port: int = 0,
    chat_rate: float = 1.0,
    steps: Sequence[tuple[str, Act]] = STEPS,
    twilio_url: str = "",
) -> None:
    """Plays the week, step by step. Raises CheckError, or what ended a step."""
    start = seeding.monday(WEEK, stage.programme())
    async with stage.opened(
        people, folder, start, port=port, chat_rate=chat_rate, twilio_url=twilio_url
    ) as opened:
        officials = [*opened.sample.controllers, opened.sample.admin, opened.sample.tag, opened.sample.leader]
        crowd = Crowd(
            opened.people,
            Camera(),
            rate=RATE,
            seed=CROWD_SEED,
            skip=[person.chat for person in officials],
            phones=[opened.whatsapp],
        )
        colleagues = Colleagues(opened.people, [person.chat for person in opened.sample.colleagues], 0)
        playing = Play(opened, show, crowd, colleagues)
        watching = [asyncio.create_task(one.run()) for one in (crowd, colleagues)]
        try:
            await crowd.watching()
            await colleagues.watching()
            for title, act in steps:
                with show.step(title) as step:
                    await act(playing, step)
            await wednesday.tell(opened, show, playing.began)
        finally:
            for one in watching:
                one.cancel()
            await asyncio.gather(*watching, return_exceptions=True)


def play_once(people: int = 15_000, port: int = 0, folder: Path = FOLDER) -> int:
    """Plays one whole week and prints its Wednesday summary; the exit code: 0, or 1 when a check failed."""
    show = Board()
    return board.run(lambda: play(people, show, folder, port), show)
