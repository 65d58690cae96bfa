"""WhatsApp: the messages of its channels. Status and groups have no address that shows a message; an address
with a draft (api.whatsapp.com/send?text=…) shows nothing that was sent, whatever stands in it."""

from models.shares.links.address import Address, fits
from models.shares.links.link import Link

DOMAINS = ("whatsapp.com", "wa.me")


def read(address: Address) -> Link | None:
    """The message of a channel; None for everything else."""
    match address.parts:
        case ("channel", channel, number, *_) if fits(r"\w{10,40}", channel) and fits(
            r"[1-9]\d{0,11}", number
        ):
            return Link(
                "whatsapp_channel",
                f"https://www.whatsapp.com/channel/{channel}/{number}",
                f"{channel}/{number}",
            )
    return None
