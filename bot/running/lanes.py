"""The lanes of a program: how its messages go out, by each channel that its settings have."""

from bot.outbound.hands import Hands
from bot.outbound.lane import Lane, Limits
from bot.outbound.throttle import Throttle
from bot.running.program import Program
from models.sending.setbacks import Patience

# Seconds. Twilio takes its time to answer, and can be asked what it has of those that are open at a crash.
AHEAD = 1.0


def limits(made: Program) -> Limits:
    """What is the same for all channels."""
    settings = made.settings.sender
    return Limits(
        Patience(settings.attempts, settings.backoff_seconds, settings.backoff_cap_seconds),
        chat_gap=1 / made.settings.telegram.per_chat_per_second,
        lease=settings.lease_seconds,
    )


def build(made: Program) -> dict[str, Lane]:
    """How messages go out by each channel: a slow one keeps no other waiting."""
    telegram, programme, same = made.settings.telegram, made.settings.programme, limits(made)
    throttle = Throttle(
        rate=telegram.messages_per_second,
        chat_rate=telegram.per_chat_per_second,
        group_per_minute=int(telegram.per_group_per_minute),
    )
    hands = Hands(telegram.in_flight, telegram.messages_per_second)
    lanes = {
        "telegram": Lane(made.telegram, throttle, hands, made.library, made.clock, same, programme),
    }
    if made.whatsapp is not None:
        twilio = made.settings.whatsapp
        lanes["whatsapp"] = Lane(
            made.whatsapp,
            Throttle(rate=twilio.messages_per_second),
            Hands(twilio.in_flight, twilio.messages_per_second, AHEAD),
            made.library,
            made.clock,
            same,
            programme,
            made.whatsapp.messages,
        )
    return lanes
