"""The demo's own small face for the page: how things stand, the clock, the crowd.

The simulator's page reaches it as `/program/…`. Loopback only, no authentication: everything here is made up.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.demo.crowd import Crowd
from bot.demo.stage import Stage
from models.figures import figures
from models.messages import inbox, outbox
from models.people.people import Person
from models.programme import weeks
from models.programme.programme import Programme
from models.releases import releases
from models.reminders import lives
from models.shares import standings
from models.shares.shares import Share
from scheduler import jobs

PATIENCE = 30.0  # seconds that moving the clock waits for what is being sent, and looked at
BETWEEN = 180.0  # seconds that an event on the way may take
FURTHEST = timedelta(weeks=4)  # in one go
SHOWN = 8  # coming events: a whole week with its month
# Of every job, or of each of its runs in a week.
LABELS = {
    "release": "Siaran konten",
    "digest": "Rekap Rabuan",
    "pack_missing": "Kabar: rekap belum dapat dibuat",
    "reminders:1": "Pengingat pertama",
    "reminders:2": "Pengingat kedua",
    "readiness:1": "Pengingat pertama bagi OPD tanpa konten",
    "readiness:2": "Pengingat kedua bagi OPD tanpa konten",
    "teams": "Pemberitahuan bagi tim PPID yang kurang orang",
    "live:soon": "Kabar: siaran langsung segera dimulai",
    "live:now": "Kabar: siaran langsung dimulai",
    "review_waits": "Pengingat konten yang lama menunggu",
    "election": "Persetujuan kedua di masa pemilu",
    "inspections": "Kabar bagi pemeriksa bukti",
    "awards": "Daftar penghargaan bulanan",
    "decisions": "Pengingat keputusan rapat",
    "pack_watch": "Pengawasan kiriman rekap",
    "housekeeping": "Pembersihan data lama",
}
UNSEEN = ("housekeeping", *jobs.HOURLY)  # nobody would wait for them
Json = dict[str, Any]


class Busy(Exception):  # noqa: N818 - an answer, not an error
    """The clock cannot be moved just now; the sentence says why."""


Event = tuple[str, str, datetime]  # name, label and moment


def coming(now: datetime, programme: Programme, streams: Iterable[lives.Moment] = ()) -> Iterator[Event]:
    """What happens by itself after `now`, soonest first; `streams` are the words of live streams to come."""
    week = weeks.of(now, programme)
    found = [
        (_named(due.job, due.period.partition(":")[2]), due.at)
        for number in range(4)
        for due in jobs.of_week(weeks.shift(week, number), programme)
        if due.job not in UNSEEN
    ]
    found += [(_named("live", one.what), one.at) for one in streams]
    for name, at in sorted(found, key=lambda one: one[1]):
        if at > now:
            yield name, LABELS[name], at


def _named(job: str, which: str) -> str:
    return f"{job}:{which}" if which else job


@dataclass
class Control:
    """`people` are those whom the page plays, by role: chats on Telegram, numbers on WhatsApp."""

    stage: Stage
    crowd: Crowd
    people: Mapping[str, int | str]
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def state(self) -> Json:
        """Everything that the page shows beside the chats."""
        now, programme = self.stage.clock.now(), self.stage.programme
        week = weeks.of(now, programme)
        events = [
            {"name": name, "label": label, "at": at.isoformat()} for name, label, at in await self._coming()
        ]
        return {
            "now": now.isoformat(),
            "week": week,
            "moving": self._moving.locked(),
            "next": events[:SHOWN],
            "counts": await self.stage.read(lambda session: counts(session, week)),
            "people": dict(self.people),
            "crowd": {
                "rate": self.crowd.rate,
                "running": self.crowd.running,
                "waiting": self.crowd.waiting,
                "proofs": sum(self.crowd.account.proofs.values()),
            },
        }

    async def move(self, body: Mapping[str, Any]) -> None:
        """Moves the clock as `{"advance": seconds}`, `{"to": ISO moment}` or `{"next": true}` says, and lets
        every event on the way happen in its own time.

        Raises ValueError for an impossible wish, Busy while a release is being sent.
        """
        if self._moving.locked():
            raise Busy("Waktu sedang dimajukan. Mohon tunggu sebentar.")
        async with self._moving:
            now = self.stage.clock.now()
            target = self._target(body, now, await self._coming())
            await self._quiet(PATIENCE)
            while (events := await self._coming()) and events[0][2] < target:
                await self.stage.move(events[0][2])
                await self._quiet(BETWEEN)
            await self.stage.move(max(target, self.stage.clock.now()))

    async def _coming(self) -> list[Event]:
        now = self.stage.clock.now()
        streams = await self.stage.read(lambda session: list(lives.moments(session, now, now + FURTHEST)))
        return list(coming(now, self.stage.programme, streams))

    def _target(self, body: Mapping[str, Any], now: datetime, events: Sequence[Event]) -> datetime:
        if body.get("next") is True:
            return events[0][2]
        if isinstance(body.get("advance"), int | float):
            target = now + timedelta(seconds=float(body["advance"]))
        else:
            target = datetime.fromisoformat(str(body.get("to")))
        if target.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        if not now <= target <= now + FURTHEST:
            raise ValueError("time only goes on, by four weeks at the most")
        return target

    async def _quiet(self, seconds: float) -> None:
        """Messages that are being sent would go out twice if their leases ran out under them."""
        ends = time.monotonic() + seconds
        while not (left := await self.stage.left()).nothing:
            if time.monotonic() > ends:
                raise Busy(
                    f"Masih ada {left.messages} pesan yang sedang dikirim. Majukan waktu setelah selesai."
                )
            await asyncio.sleep(0.2)

    def set_crowd(self, body: Mapping[str, Any]) -> None:
        """Takes `{"rate": 0 to 1, "running": bool}`, either may be missing. Raises ValueError."""
        rate, running = body.get("rate", self.crowd.rate), body.get("running", self.crowd.running)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise ValueError("rate is a number from 0 to 1")
        if not isinstance(running, bool):
            raise ValueError("running is true or false")  # noqa: TRY004 - one error for all refusals
        self.crowd.rate = float(rate)
        self.crowd.go(running=running)


def counts(session: Session, week: str) -> Json:
    """Figures of the running week, as the page shows them."""
    waiting, sent = inbox.counts(session), outbox.counts(session)
    roster = session.scalar(select(func.count()).select_from(Person).where(Person.active)) or 0
    active = session.scalar(select(func.count()).select_from(Person).where(figures.is_active(week))) or 0
    shares = select(func.count()).select_from(Share)
    shares = shares.where(Share.week == week, Share.status.in_(standings.COUNTED))
    release = releases.of_week(session, week)
    progress = releases.progress(session, release.id) if release else None
    return {
        "inbox": {name: waiting.get(name, 0) for name in ("new", "dead")},
        "outbox": {name: sent.get(name, 0) for name in ("queued", "sending", "sent", "failed")},
        "release": None
        if release is None or progress is None
        else {
            "week": release.week,
            "status": release.status,
            "total": progress.total,
            "sent": progress.sent,
            "missing": progress.missing,
            "left": progress.left,
        },
        "shares": session.scalar(shares) or 0,
        "active": active,
        "roster": roster,
        "participation": round(active / roster, 6) if roster else 0.0,
    }


def application(control: Control) -> Starlette:
    """GET /state; POST /clock and /crowd, which answer with the new state. Refusals: `{"error": …}`."""

    async def state(_request: Request) -> JSONResponse:
        return JSONResponse(await control.state())

    def changing(change: Callable[[Json], Awaitable[None]]) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def answer(request: Request) -> JSONResponse:
            try:
                body = await request.json()
                if not isinstance(body, dict):
                    raise ValueError("a JSON object is expected")  # noqa: TRY004, TRY301
                await change(body)
            except Busy as busy:
                return JSONResponse({"error": str(busy)}, 409)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 400)
            return JSONResponse(await control.state())

        return answer

    async def set_crowd(body: Json) -> None:
        control.set_crowd(body)

    return Starlette(
        routes=[
            Route("/state", state),
            Route("/clock", changing(control.move), methods=["POST"]),
            Route("/crowd", changing(set_crowd), methods=["POST"]),
        ]
    )
