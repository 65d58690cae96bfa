"""Files that Twilio keeps for us: fetched with our credentials from Twilio alone, and deleted there.

The address of a file comes with a message. A request is made only where it is Twilio's own: an address
that somebody else supplied would be asked with our credentials, from inside our network.
"""

import asyncio
from pathlib import Path

import yarl
from twilio.base.exceptions import TwilioException

from bot.channels import Failure, SendError
from bot.channels import whatsapp_errors as errors
from bot.channels.whatsapp_transport import AiohttpClient, Basic, FetchError, TooLargeError

MOST_BYTES = 20 * 1024 * 1024  # WhatsApp brings 16 MB; as much as from any other channel
TWILIO = "twilio.com"


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
    return url if known and url.scheme == "https" and url.port == 443 else None


async def fetch(http: AiohttpClient, address: str, target: Path, *, auth: Basic, api_url: str) -> int:
    """Fetches a file into `target`, whole or not at all; its bytes.

    Raises SendError: PERMANENT for an address that is not Twilio's, a file that is gone or too large;
    RETRY where a later try may do better.
    """
    url = own(address, api_url)
    if url is None:
        raise SendError(Failure.PERMANENT, "the address of the file is not Twilio's")

    def trusted(found: yarl.URL) -> bool:
        # Twilio redirects to signed addresses of its own stores, wherever they are.
        return found.scheme == "https" or own(str(found), api_url) is not None

    part = target.with_name(f"{target.name}.part")
    try:
        size = await http.fetch(url, part, auth=auth, most=MOST_BYTES, trusted=trusted)
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
