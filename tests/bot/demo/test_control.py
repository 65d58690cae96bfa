"""The control face that the page uses, in front of the real program."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo import control, preparing, sample, seeding, show, stage, topics
from bot.demo.camera import Camera
from bot.demo.control import Control
from bot.demo.crowd import Crowd
from models.programme import runs, weeks
from models.programme.programme import Programme
from models.reminders import lives
from scheduler import jobs

pytestmark = pytest.mark.anyio
WEEK = stage.WEEK
RELEASE = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # Wednesday 13.00 WIB


@pytest.fixture
async def face(tmp_path: Path) -> AsyncIterator[Control]:
    """A small province on Wednesday morning, five minutes before the release; nobody takes part."""
    start = seeding.monday(WEEK, stage.programme())
    async with stage.opened(120, tmp_path, start, chat_rate=20.0) as opened:
        await preparing.roster(opened)
        await preparing.history(opened)
        await opened.phones(preparing.phones(opened))
        await preparing.written(opened, [topics.PROVINCIAL])
        opened.begin()
        await opened.move(weeks.opening(WEEK, opened.programme))
        await opened.settle(60)
        await opened.move(RELEASE - timedelta(minutes=5))
        crowd = Crowd(opened.people, Camera(), rate=0.0, seed=1, phones=[opened.whatsapp])
        yield Control(opened, crowd, {"asn": 1, "group": -1})


async def test_the_clock_goes_to_the_next_event_which_then_happens(face: Control) -> None:
    before = await face.state()
    assert (before["week"], before["counts"]["release"]) == (WEEK, None)
    assert before["next"][0] == {"name": "release", "label": "Siaran konten", "at": RELEASE.isoformat()}
    await face.move({"next": True})
    await face.stage.settle(60)
    after = await face.state()
    assert datetime.fromisoformat(after["now"]) >= RELEASE
    joined = face.stage.sample.standing(sample.JOINED)
    there = [person for person in joined if person.channel == sample.TELEGRAM]
    release = after["counts"]["release"]
    assert (release["sent"], release["left"]) == (len(there), len(joined) - len(there))
    assert release["missing"] == release["total"] - release["sent"] - release["left"], "as /siar says it"
    assert release["status"] == "running"  # on WhatsApp nobody has opened theirs
    assert [event["name"] for event in after["next"][:2]] == ["teams", "reminders:1"]
    simulated = (await face.stage.people.clock())["now"]
    assert abs(simulated - datetime.fromisoformat(after["now"]).timestamp()) < 5


async def test_every_event_on_the_way_happens_in_its_own_time(face: Control) -> None:
    await face.move({"to": (RELEASE + timedelta(days=6)).isoformat()})
    await face.stage.settle(60)
    done = await face.stage.read(
        lambda session: [
            (run.job, run.period, run.state) for run in runs.latest(session, 50) if WEEK in run.period
        ]
    )
    states = {(job, period): state for job, period, state in done}
    assert states["release", WEEK] == "done"
    assert states["reminders", f"{WEEK}:1"] == "done"
    assert states["reminders", f"{WEEK}:2"] == "done"


IMPOSSIBLE: list[Any] = [
    {"to": "2026-11-20T00:00:00+00:00"},
    {"to": "2026-11-26T00:00:00"},
    {"to": "besok"},
    {"advance": -60},
    {"advance": 10**8},
    {},
    [],
]


async def test_the_face_answers_over_http_with_the_new_state_or_a_reason(face: Control) -> None:
    with show._port() as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        async with show._served(control.application(face), held), aiohttp.ClientSession() as http:
            async with http.get(f"{url}/state") as answer:
                state = await answer.json()
            assert state["people"] == {"asn": 1, "group": -1}
            assert state["counts"]["roster"] == 120
            async with http.post(f"{url}/crowd", json={"rate": 0.2, "running": False}) as answer:
                crowd = (await answer.json())["crowd"]
            assert (crowd["rate"], crowd["running"]) == (0.2, False)
            async with http.post(f"{url}/crowd", json={"rate": 7}) as answer:
                assert (answer.status, await answer.json()) == (
                    400,
                    {"error": "rate is a number from 0 to 1"},
                )
            for impossible in IMPOSSIBLE:
                async with http.post(f"{url}/clock", json=impossible) as answer:
                    assert answer.status == 400, impossible
                    assert (await answer.json())["error"]
            async with face._moving, http.post(f"{url}/clock", json={"advance": 60}) as answer:
                assert answer.status == 409  # one move at a time
                assert "tunggu" in (await answer.json())["error"]
            async with http.post(f"{url}/clock", json={"advance": 60}) as answer:
                moved = datetime.fromisoformat((await answer.json())["now"])
            assert moved - datetime.fromisoformat(state["now"]) >= timedelta(seconds=60)


async def test_what_is_coming_is_named_in_order_and_without_housekeeping() -> None:
    programme = Programme()
    found = list(control.coming(RELEASE - timedelta(hours=1), programme))
    names = [name for name, _, _ in found[:8]]
    assert names == [
        "release", "teams", "reminders:1", "reminders:2", "readiness:1", "awards", "readiness:2", "digest",
    ]  # fmt: skip
    moments = [at for _, _, at in found]
    assert moments == sorted(moments)


async def test_a_live_stream_stands_among_what_is_coming() -> None:
    soon = RELEASE + timedelta(hours=1)
    stream = lives.Moment(7, lives.SOON, soon, soon + timedelta(minutes=15))
    found = list(control.coming(RELEASE - timedelta(hours=1), Programme(), [stream]))
    assert found[1] == ("live:soon", "Kabar: siaran langsung segera dimulai", soon)


async def test_every_job_of_the_clock_has_a_label() -> None:
    assert {name.partition(":")[0] for name in control.LABELS} == set(jobs.JOBS)
    week = [*jobs.of_week(WEEK, Programme()), *jobs.of_week(weeks.shift(WEEK, 1), Programme())]
    runs_ = {f"{due.job}:{nth}" if (nth := due.period.partition(":")[2]) else due.job for due in week}
    runs_ |= {f"live:{what}" for what in lives.BEFORE}
    runs_ |= {"pack_watch", "pack_missing"}  # only while a pack is on its way, or could not be made
    assert runs_ | set(jobs.HOURLY) == set(control.LABELS)
