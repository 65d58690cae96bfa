"""`python -m bot demo`: the programme in the browser, shortly before a release, with a crowd and a clock."""

import asyncio
import socket
import webbrowser
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from starlette.types import ASGIApp

from bot.demo import board, control, preparing, seeding, stage, topics
from bot.demo.board import Board, number
from bot.demo.camera import Camera
from bot.demo.colleagues import Colleagues
from bot.demo.control import Control
from bot.demo.crowd import Crowd
from bot.demo.sample import JOINED, JOINS_LATER, JOINS_LIVE, TELEGRAM, WHATSAPP, Civil, Sample
from bot.demo.stage import FOLDER, WEEK, Stage
from bot.demo.week import CROWD_SEED, RATE
from bot.running.serving import Server
from models.programme import weeks

HOME = "DINKES"  # the OPD of the ASN and the PPID that the page plays; its item waits for the controller
BEFORE = timedelta(minutes=5)  # before the release
EVERY = 1.0  # seconds between two looks


def cast(sample: Sample) -> dict[str, Civil]:
    """Who the page plays: an ASN and a newcomer on each channel, and those who run the programme. In a tiny
    province the one on WhatsApp is of another OPD."""
    team = sample.team(HOME)
    others = [person for person in sample.by_opd[HOME] if person.stands == JOINED and person not in team]
    everybody = [*others, *sample.standing(JOINED)]
    new = sample.standing(JOINS_LIVE, JOINS_LATER)
    return {
        "asn": _first([*others, *team[::-1]], TELEGRAM),
        "whatsapp": _first(everybody, WHATSAPP),
        "ppid": team[0],
        "controller": sample.controllers[0],
        "newcomer": _first(new, TELEGRAM),
        "newcomer_whatsapp": _first(new, WHATSAPP),
        "admin": sample.admin,
    }


def _first(people: Sequence[Civil], channel: str) -> Civil:
    return next(person for person in people if person.channels == (channel,))


def shown(played: Mapping[str, Civil], group: int) -> dict[str, int | str]:
    """The same as the page knows them: chats on Telegram, numbers on WhatsApp; and the group."""
    names = {role: one.phone if one.channel == WHATSAPP else one.chat for role, one in played.items()}
    return {**names, "group": group}


async def prepare(opened: Stage, show: Board) -> None:
    """Everything up to a few minutes before the release."""
    with show.step("Roster is imported") as step:
        await preparing.roster(opened)
        step.note = f"{number(len(opened.sample.people))} people of {len(opened.sample.by_opd)} OPD"
    with show.step("Earlier weeks") as step:
        people, _ = await preparing.history(opened)
        await opened.phones(preparing.phones(opened))
        step.note = f"{number(people)} people have joined"
    with show.step("Items of the week") as step:
        others = [topic for code, topic in topics.TOPICS.items() if code != HOME]
        written = await preparing.written(opened, [*others, topics.PROVINCIAL])
        await preparing.written(opened, [topics.TOPICS[HOME]], approved=False)
        step.note = f"{written} approved, one waits for the controller (/tinjau)"
    with show.step("Program and Rabuan group") as step:
        opened.begin()
        await preparing.bind_group(opened)
        programme = opened.programme
        await opened.settle(60)
        await opened.move(weeks.opening(WEEK, programme))
        await opened.settle(60)
        await opened.move(weeks.moment(WEEK, programme.release, programme) - BEFORE)
        step.note = "five minutes before the release"


@contextmanager
def _port() -> Iterator[socket.socket]:
    """A free port of this machine that is ours already: nobody can take it in between."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


@asynccontextmanager
async def _served(application: ASGIApp, held: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="off")
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[held]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - it has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def run(people: int, port: int, show: Board, *, browser: bool, folder: Path = FOLDER) -> None:
    """Starts it all and shows what happens, until cancelled."""
    start = seeding.monday(WEEK, stage.programme())
    with _port() as held:
        program_url = f"http://127.0.0.1:{held.getsockname()[1]}"
        async with stage.opened(people, folder, start, port=port, program_url=program_url) as opened:
            await prepare(opened, show)
            played = cast(opened.sample)
            skip, phones = _played(opened, played.values()), [opened.whatsapp]
            crowd = Crowd(opened.people, Camera(), rate=RATE, seed=CROWD_SEED, skip=skip, phones=phones)
            readers = {person.chat for person in opened.sample.colleagues}
            colleagues = Colleagues(opened.people, readers - {person.chat for person in played.values()})
            face = Control(opened, crowd, shown(played, opened.group))
            async with _served(control.application(face), held), asyncio.TaskGroup() as group:
                group.create_task(crowd.run())
                group.create_task(colleagues.run())
                await crowd.watching()
                await colleagues.watching()
                show.say()
                show.say(f"Open {opened.simulator.url} and press “next event” there. Ctrl-C ends the demo.")
                if browser:
                    await asyncio.to_thread(webbrowser.open, opened.simulator.url)
                await watch(face, show.console)


def _played(opened: Stage, played: Iterable[Civil]) -> set[int]:
    officials = (*opened.sample.controllers, opened.sample.admin, opened.sample.tag, opened.sample.leader)
    return {person.chat for person in (*played, *officials)}


async def watch(face: Control, console: Console) -> None:
    """What came in, what went out, and the release, as it moves. Lines where there is no terminal."""
    columns = (TextColumn("{task.description:44}"), BarColumn(), MofNCompleteColumn())
    zone, said = face.stage.programme.zone, ""
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bars = {name: progress.add_task(name, total=1) for name in ("messages", "release", "proofs")}
        while True:
            state = await face.state()
            now = datetime.fromisoformat(state["now"]).astimezone(zone)
            _move(progress, bars, state["counts"], f"{now:%a %d %b %H:%M}")
            release = state["counts"]["release"]
            line = f"{state['week']}: {release['status'] if release else 'not released'}"
            if not console.is_terminal and line != said:
                console.print(line)
            said = line
            await asyncio.sleep(EVERY)


def _move(progress: Progress, bars: Mapping[str, TaskID], counts: Mapping[str, Any], now: str) -> None:
    new, out = counts["inbox"]["new"], counts["outbox"]
    sent, left = out["sent"], out["queued"] + out["sending"]
    text = f"{now}  sent ({number(new)} to handle)"
    progress.update(bars["messages"], description=text, completed=sent, total=sent + left or 1)
    if release := counts["release"]:
        done, total = release["total"] - release["left"], release["total"] or 1
        text = f"release {release['week']}: {release['status']}"
        progress.update(bars["release"], description=text, completed=done, total=total)
    text = "people who have proved, of the roster"
    progress.update(bars["proofs"], description=text, completed=counts["active"], total=counts["roster"] or 1)


def play(people: int = 15_000, port: int = 8090, *, browser: bool = True) -> int:
    """Plays the programme in the browser until Ctrl-C; the exit code."""
    show = Board()
    code = board.run(lambda: run(people, port, show, browser=browser), show)
    return 0 if code == 130 else code
