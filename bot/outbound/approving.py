"""Our templates: made at Twilio and written down, and asked for again (models/whatsapp/approvals.py says
when)."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config.settings import WhatsApp
from bot.outbound import approvals
from bot.outbound.approvals import Done, State, Unanswered, Wanted
from bot.storage.writer import Writer
from bot.telemetry import logs
from models.programme.programme import Programme
from models.whatsapp import approvals as known
from models.whatsapp import templates
from models.whatsapp.templates import Template

log = logs.logger(__name__)
EVERY = 60.0  # seconds between two looks
AWAY = 600.0  # after Twilio did not answer

Asked = list[tuple[str, str]]


class Approver:
    """Asks as long as `run` is not cancelled: one of these is enough."""

    def __init__(self, writer: Writer, clock: Clock, whatsapp: WhatsApp, programme: Programme) -> None:
        self.writer, self.clock, self.whatsapp, self.programme = writer, clock, whatsapp, programme

    async def run(self) -> None:
        """Until cancelled. Where Twilio or the database is away, they are asked again later."""
        while True:
            pause = EVERY
            try:
                await self.sweep()
            except Unanswered as error:
                log.warning("templates_not_told", what=error.what, error=str(error))
                pause = AWAY
            except DBAPIError as error:
                log.warning("approver_waits_for_database", error=str(error.orig))
            except Exception:
                log.exception("approver_met_a_bug")
            await asyncio.sleep(pause)

    async def sweep(self) -> int:
        """Asks for what is due; how many templates. Raises Unanswered, what was answered is noted all the
        same."""
        now = self.clock.now()
        asked = await self.writer.write(lambda session: _due(session, now))
        if not asked:
            return 0
        said, trouble = await asyncio.to_thread(approvals.states, self.whatsapp, asked)

        def note(session: Session) -> int:
            return sum(
                known.heard(session, self.clock.now(), sid, state, reason, self.programme, category)
                for sid, (state, reason, category) in sorted(said.items())
            )

        changed = await self.writer.write(note)
        log.info("templates_asked_for", templates=len(said), changed=changed)
        if trouble is not None:
            raise trouble
        return len(said)


def make(
    opened: Callable[[], AbstractContextManager[Session]],
    whatsapp: WhatsApp,
    wanted: Sequence[Wanted],
    now: datetime,
    programme: Programme,
    *,
    submit: bool = True,
) -> Done:
    """Makes at Twilio what is lacking of `wanted`, asks for approval if it is to `submit`, and writes the
    table; what was found and done. `opened` begins a transaction, and is not held while Twilio is asked.
    Raises Unanswered; nothing is written then."""
    with opened() as session:
        ours = set(templates.sids(session).values())
    done = approvals.settle(whatsapp, wanted, ours, submit=submit)
    with opened() as session:
        _store(session, done.states, now, programme)
    return done


def _store(session: Session, states: Sequence[State], now: datetime, programme: Programme) -> None:
    for found in states:
        one = found.one
        before = session.get(Template, (one.name, one.language))
        same = before is not None and before.version == one.version and one.approval
        counted = before.category if before is not None and same else one.category
        row = templates.register(session, one.name, one.language, one.category, one.version)
        templates.created(session, row, found.sid)
        templates.checked(session, row, found.state, now, found.reason)
        row.category = counted  # what was told before is no news
        known.counted(session, now, row, found.category, programme)


def _due(session: Session, now: datetime) -> Asked:
    return [(one.name, one.content_sid) for one in known.due(session, now)]
