"""Asks WhatsApp what has become of our templates (models/whatsapp/approvals.py says when)."""

import asyncio
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import approvals, logs
from bot.approvals import Unanswered
from bot.clock import Clock
from bot.settings import WhatsApp
from bot.writer import Writer
from models.programme.programme import Programme
from models.whatsapp import approvals as known

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


def _due(session: Session, now: datetime) -> Asked:
    return [(one.name, one.content_sid) for one in known.due(session, now)]
