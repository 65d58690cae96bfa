"""What an installation with WhatsApp has more than one without: built from the settings, and loaded only
where there is an account."""

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_content import Words
from bot.config.settings import Settings
from bot.files.links import Links
from bot.inbound import webhooks
from bot.inbound.intake import Intake
from bot.inbound.refusals import Refusals
from bot.storage.gathering import Gathering
from bot.storage.writer import Writer
from bot.telemetry import logs
from bot.texts import rendering
from models.sending.callbacks import Report
from models.whatsapp import templates

log = logs.logger(__name__)
AWAY_SECONDS = 1.0
FRESH_SECONDS = 30.0  # a template that was just made is used so soon


class Contents:
    """The ContentSids that Twilio has for us, by the names of shapes and templates, as the database knows
    them: the same mapping for everybody, read anew by `run`."""

    def __init__(self) -> None:
        self._known: Mapping[str, str] = {}

    def __call__(self) -> Mapping[str, str]:
        return self._known

    def read(self, session: Session) -> None:
        """Raises DBAPIError where the database is away; what was known stays."""
        self._known = templates.sids(session)

    async def run(self, writer: Writer) -> None:
        """Until cancelled."""
        while True:
            try:
                await writer.write(self.read)  # its thread is waited for when the program ends
            except DBAPIError as error:
                log.warning("contents_wait_for_database", error=str(error.orig))
                await asyncio.sleep(AWAY_SECONDS)
            else:
                await asyncio.sleep(FRESH_SECONDS)


def channel(settings: Settings, *, contents: Callable[[], Mapping[str, str]] = dict) -> WhatsApp:
    """The channel, not started yet. `contents` gives the ContentSids that there are, by name; without
    one the buttons are numbered lines. Twilio is asked to tell what becomes of each message."""
    whatsapp = settings.whatsapp
    return WhatsApp(
        whatsapp.account_sid,
        whatsapp.auth_token.get_secret_value(),
        whatsapp.sender,
        words=_words(),
        contents=contents,
        api_url=whatsapp.api_url,
        status_url=settings.web.public_url + webhooks.STATUS_PATH,
        connections=whatsapp.in_flight + 16,
        media_hosts=whatsapp.media_hosts,
    )


def _words() -> Words:
    return Words(rendering.label("whatsapp.choose", {}), rendering.label("whatsapp.please", {}))


def links(settings: Settings) -> Links:
    """The links by which Twilio fetches files of ours."""
    return Links(settings.whatsapp.auth_token.get_secret_value(), settings.web.public_url)


def webhook(
    settings: Settings, intake: Intake, statuses: Gathering[Report], refusals: Refusals
) -> webhooks.Twilio:
    """Where Twilio brings messages, and reports on ours; `refusals` count what is not from there."""
    token = settings.whatsapp.auth_token.get_secret_value()
    return webhooks.Twilio(intake, token, settings.web.public_url, statuses, refusals)
