"""Files that Twilio keeps for us: fetched with our credentials from Twilio alone, and deleted there.

The address of a file comes with a message. A request is made only where it is Twilio's own: an address
that somebody else supplied would be asked with our credentials, from inside our network. Twilio redirects
to signed addresses of its stores, which are asked without them, and are a few known hosts all the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yarl
from twilio.base.exceptions import TwilioException

from bot.channels import Failure, SendError
from bot.channels import whatsapp_errors as errors
from bot.channels.whatsapp_transport import AiohttpClient, Basic, FetchError, TooLargeError

MOST_BYTES = 20 * 1024 * 1024  # WhatsApp brings 16 MB; as much as from any other channel
TWILIO = "twilio.com"
HTTPS = 443


@dataclass(frozen=True, slots=True)
class Where:
    """Where files may be fetched from: Twilio, or `api_url` in its place, and `stores` ("mms.twiliocdn.com",
    "s3.example/bucket"): hosts, by https, with the beginning of the path where they have one."""

    api_url: str
    stores: Sequence[str] = ()

    def trusts(self, url: yarl.URL) -> bool:
        """Whether a redirect to this address is followed."""
        if own(str(url), self.api_url) is not None:
            return True
        if url.scheme != "https" or url.port != HTTPS or url.user is not None or url.password is not None:
            return False
        if ".." in url.path.split("/"):  # what a store makes of it is not ours to guess
            return False
        place = f"{(url.host or '').lower()}{url.path}"
        return any(place.startswith(f"{store}/") for store in self.stores)


def own(address: str, api_url: str) -> yarl.URL | None:
    """The address of a file where it is Twilio's: `api_url` (scheme, host and port), or a host of
    twilio.com by https. None for any other."""
    try:
        url = yarl.URL(address)
        configured = yarl.URL(api_url) if api_url else None
    except ValueError:
        return None
    if not url.absolute or url.user is not None or url.password is not None:
        return None
    if configured is not None and url.origin() == configured.origin():
        return url
    host = (url.host or "").lower()
    known = host == TWILIO or host.endswith(f".{TWILIO}")
    return url if known and url.scheme == "https" and url.port == HTTPS else None


async def fetch(http: AiohttpClient, address: str, target: Path, *, auth: Basic, where: Where) -> int:
    """Fetches a file into `target`, whole or not at all; its bytes.

    Raises SendError: PERMANENT for an address that is not Twilio's, a file that is gone or too large;
    RETRY where a later try may do better.
    """
    url = own(address, where.api_url)
    if url is None:
        raise SendError(Failure.PERMANENT, "the address of the file is not Twilio's")
    part = target.with_name(f"{target.name}.part")
    try:
        size = await http.fetch(url, part, auth=auth, most=MOST_BYTES, trusted=where.trusts)
        await asyncio.to_thread(part.replace, target)
    except FetchError as error:
        passing = error.status in (401, 403, 429) or error.status >= errors.SERVER_FAILED
        raise SendError(Failure.RETRY if passing else Failure.PERMANENT, str(error)) from error
    except TooLargeError as error:
        raise SendError(Failure.PERMANENT, "file is too big") from error
    except TwilioException as error:
        raise errors.classify(error) from error
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return size
