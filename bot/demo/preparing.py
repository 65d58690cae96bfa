"""The days before the release: rosters, people who join, items that are written and approved, the group.

Used by the played week, which checks each of them, and by the demo in the browser, which needs them done.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.demo import handsets, pictures, seeding
from bot.demo.chat import Phone
from bot.demo.sample import JOINED, JOINS_LATER, JOINS_LIVE, KNOWN, SILENT, TELEGRAM, Civil
from bot.demo.stage import GROUP, WEEK, Stage
from bot.demo.topics import Topic
from models.membership.roster import Plan

EARLIER = (JOINED, KNOWN, SILENT)
AT_ONCE = 100  # people who talk with the bot word by word at the same time
Shown = Callable[[int, int], None]


async def rosters(stage: Stage) -> tuple[Plan, Plan, Plan]:
    """Imports OPD and people from their files: what it did, what doing it again would do, and what a file
    with mistakes would do."""
    now = stage.clock.now()

    def work(session: Session) -> tuple[Plan, Plan, Plan]:
        seeding.import_agencies(session, stage.folder / "opd.csv", now)
        done = seeding.import_roster(session, stage.folder / "roster.csv", now)
        again = seeding.preview(session, stage.folder / "roster.csv")
        return done, again, seeding.preview(session, stage.folder / "roster-salah.csv")

    return await stage.write(work)


async def roster(stage: Stage) -> None:
    """Imports OPD and people from their files, and no more."""
    now = stage.clock.now()

    def work(session: Session) -> None:
        seeding.import_agencies(session, stage.folder / "opd.csv", now)
        seeding.import_roster(session, stage.folder / "roster.csv", now)

    await stage.write(work)


async def history(stage: Stage) -> tuple[int, int]:
    """The weeks before: who has joined, PPID teams and officials, closed weeks. People and roles."""
    now, programme, sample = stage.clock.now(), stage.programme, stage.sample
    earlier = now - timedelta(weeks=len(seeding.PAST))

    def work(session: Session) -> tuple[int, int]:
        people = seeding.join(session, sample.people, programme, earlier)
        appointed = seeding.appoint(session, sample, earlier)
        seeding.remember(session, WEEK, programme, seed=1)
        return people, appointed

    return await stage.write(work)


async def written(stage: Stage, about: Iterable[Topic], *, approved: bool = True) -> int:
    """Items that were written in the week before, and approved or waiting for that; how many."""
    earlier = stage.clock.now() - timedelta(days=3)
    store, sample, programme = stage.program.store, stage.sample, stage.programme
    return await stage.write(
        lambda session: seeding.write_items(
            session, sample, about, WEEK, store, programme, earlier, approved=approved
        )
    )


def phones(stage: Stage) -> list[Civil]:
    """Those who have a phone in this play: everybody but those who stay away."""
    return stage.sample.standing(*EARLIER, JOINS_LIVE, JOINS_LATER)


async def join(stage: Stage, who: Iterable[Civil], shown: Shown | None = None) -> int:
    """Lets people join by chat, each on their own channel; how many."""
    everybody, places, done = list(who), asyncio.Semaphore(AT_ONCE), 0

    async def one(person: Civil) -> None:
        nonlocal done
        async with places:
            await join_by_chat(stage, person)
        done += 1
        if shown is not None:
            shown(done, len(everybody))

    async with asyncio.TaskGroup() as group:
        for person in everybody:
            group.create_task(one(person))
    return len(everybody)


async def join_by_chat(stage: Stage, person: Civil) -> None:
    """One person: start and own number, or on WhatsApp, which tells the number, a word; then the consent.
    Where two of the roster share the phone, they pick their own name."""
    if person.channel == TELEGRAM:
        phone = Phone(stage.telegram, person.chat)
        await phone.act(stage.telegram.start(person.chat))
        await phone.answer()
        await phone.act(stage.telegram.contact(person.chat))
    else:
        phone = Phone(stage.whatsapp, person.chat)
        await phone.say("Halo")
    offered = await phone.offered("join.yes", "join.pick")
    if offered.startswith("join.pick"):
        await phone.press("join.pick", person.name)
    await phone.press("join.yes")
    await phone.hear(person.name.split()[0])


async def submit(stage: Stage, topic: Topic) -> None:
    """The PPID of an OPD submits its item by `/ajukan`, question by question."""
    phone = Phone(stage.telegram, stage.sample.team(topic.code)[0].chat)
    key = await stage.people.upload(pictures.infographic(topic), "photo", f"{topic.code.lower()}.jpg")
    await phone.say("/ajukan")
    await phone.press("submit.choose:*:rubric:achievement")
    for step, words in enumerate((topic.title, topic.what, topic.why, topic.caption), start=2):
        await phone.hear(f"{step}/")
        await phone.say(words)
    await phone.hear("6/")
    await phone.photo(key)
    await phone.hear("7/")
    await phone.say(topic.source)
    await phone.press(f"submit.week:*:{WEEK}")
    await phone.press("submit.choose:*:public:yes")
    await phone.press("submit.send")
    await phone.hear(topic.title)


async def approve(stage: Stage, items: Sequence[int], shown: Shown | None = None) -> None:
    """Two controllers share what waits: `/tinjau 42`, a look, [Setujui]."""
    done = 0

    async def decide(person: Civil, own: Sequence[int]) -> None:
        nonlocal done
        phone = Phone(stage.telegram, person.chat)
        for item in own:
            await phone.say(f"/tinjau {item}")
            await phone.press(f"review.approve:{item}")
            await phone.hear("disetujui", f"{item}")
            done += 1
            if shown is not None:
                shown(done, len(items))

    async with asyncio.TaskGroup() as group:
        for nth, person in enumerate(stage.sample.controllers):
            group.create_task(decide(person, items[nth::2]))


async def bind_group(stage: Stage) -> None:
    """The controller makes the group of the Rabuan meeting, adds the bot and binds it."""
    controller = stage.sample.controllers[0]
    members = [stage.sample.leader.chat, stage.sample.tag.chat, stage.sample.controllers[1].chat]
    stage.group = await stage.people.create_group(GROUP, controller.chat, members)
    await stage.people.add_bot(controller.chat, stage.group)
    phone = Phone(handsets.Telegram(stage.people, stage.group), controller.chat)
    await phone.say("/rabuan")
    await phone.answer()
