"""What an installation with WhatsApp has more than one without: built from the settings, and loaded only
where there is an account."""

from collections.abc import Callable, Mapping

from bot import webhooks
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_content import Words
from bot.gathering import Gathering
from bot.intake import Intake
from bot.links import Links
from bot.settings import Settings
from bot.texts import rendering


def channel(
    settings: Settings, *, contents: Callable[[], Mapping[str, str]] = dict, reported: bool = False
) -> WhatsApp:
    """The channel, not started yet. `contents` gives the ContentSids that there are, by name; without
    one the buttons are numbered lines. With `reported` Twilio is asked to tell what becomes of each
    message."""
    whatsapp = settings.whatsapp
    return WhatsApp(
        whatsapp.account_sid,
        whatsapp.auth_token.get_secret_value(),
        whatsapp.sender,
        words=Words(rendering.label("whatsapp.choose", {}), rendering.label("whatsapp.please", {})),
        contents=contents,
        api_url=whatsapp.api_url,
        status_url=settings.web.public_url + webhooks.STATUS_PATH if reported else "",
        connections=whatsapp.in_flight + 16,
    )


def links(settings: Settings) -> Links:
    """The links by which Twilio fetches files of ours."""
    return Links(settings.whatsapp.auth_token.get_secret_value(), settings.web.public_url)


def webhook(
    settings: Settings, intake: Intake, statuses: Gathering[webhooks.Report] | None = None
) -> webhooks.Twilio:
    """Where Twilio brings messages and, with `statuses`, reports on ours."""
    token = settings.whatsapp.auth_token.get_secret_value()
    return webhooks.Twilio(intake, token, settings.web.public_url, statuses)
