"""Files that Twilio keeps for us: fetched with our credentials from Twilio alone, and deleted there.

The address of a file comes with a message. A request is made only where it is Twilio's own: an address
that somebody else supplied would be asked with our credentials, from inside our network. Twilio redirects
to signed addresses of its stores, which are asked without them, and are a few known hosts all the same.
Another server in Twilio's place (`api_url`) gets every request that Twilio would have got with credentials.
Where it is a developer's (http, or this machine) it may keep its files behind another port of its host.
"""

import asyncio
import ipaddress
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
# 404: a message may come before its file can be had. Whoever fetches asks a few times and then gives up.
PASSING = (401, 403, 404, 429)


@dataclass(frozen=True, slots=True)
class Where:
    """Where files may be fetched from: Twilio, or `api_url` in its place, and `stores` ("mms.twiliocdn.com",
    "s3.example/bucket"): hosts, by https, with the beginning of the path where they have one."""

    api_url: str
    stores: Sequence[str] = ()

    def trusts(self, url: yarl.URL) -> bool:
        """Whether a redirect to this address is followed."""
        if own(str(url), self.api_url) is not None or own(str(url), "") is not None:
            return True
        if url.user is None and url.password is None and _is_beside(url, self.api_url):
            return True
        if url.scheme != "https" or url.port != HTTPS or url.user is not None or url.password is not None:
            return False
        if ".." in url.path.split("/"):  # what a store makes of it is not ours to guess
            return False
        place = f"{(url.host or '').lower()}{url.path}"
        return any(place.startswith(f"{store}/") for store in self.stores)


def own(address: str, api_url: str) -> yarl.URL | None:
    """Where a file is fetched from, if its address is Twilio's: a host of twilio.com by https, or `api_url`
    (scheme, host and port). None for any other.

    Another server than Twilio's may well name Twilio in its addresses, as those that record and replay do:
    then it is asked for them itself, and so it is where it has two names for this machine. Credentials never
    go to Twilio for a message that came from elsewhere.
    """
    try:
        url = yarl.URL(address)
        configured = yarl.URL(api_url) if api_url else None
    except ValueError:
        return None
    if not url.absolute or url.user is not None or url.password is not None:
        return None
    twilios = _is_twilio(url) and url.scheme == "https" and url.port == HTTPS
    if configured is None or (twilios and _is_twilio(configured)):
        return url if twilios else None
    if url.origin() == configured.origin():
        return url
    same = (url.scheme, url.port) == (configured.scheme, configured.port)
    if twilios or (same and _is_here(url) and _is_here(configured)):
        return yarl.URL(f"{api_url.rstrip('/')}{url.raw_path_qs}", encoded=True)
    return None


def _is_twilio(url: yarl.URL) -> bool:
    host = (url.host or "").lower()
    return host == TWILIO or host.endswith(f".{TWILIO}")


def _is_here(url: yarl.URL) -> bool:
    """Whether an address is of this machine, by its looks."""
    host = (url.host or "").lower()
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_beside(url: yarl.URL, api_url: str) -> bool:
    """Whether an address is on the machine of a server in Twilio's place, where that is a developer's own."""
    configured = yarl.URL(api_url)
    if _is_twilio(configured) or not (configured.scheme == "http" or _is_here(configured)):
        return False
    same = (url.host or "").lower() == (configured.host or "").lower()
    return url.scheme in ("http", "https") and (same or (_is_here(url) and _is_here(configured)))


async def fetch(http: AiohttpClient, address: str, target: Path, *, auth: Basic, where: Where) -> int:
    """Fetches a file into `target`, whole or not at all; its bytes.

    Raises SendError: PERMANENT for an address that is not Twilio's, a file that was deleted or is too large;
    RETRY where a later try may do better, as with a file that is not there yet.
    """
    url = own(address, where.api_url)
    if url is None:
        raise SendError(Failure.PERMANENT, "the address of the file is not Twilio's")
    part = target.with_name(f"{target.name}.part")
    try:
        size = await http.fetch(url, part, auth=auth, most=MOST_BYTES, trusted=where.trusts)
        await asyncio.to_thread(part.replace, target)
    except FetchError as error:
        passing = error.status in PASSING or error.status >= errors.SERVER_FAILED
        raise SendError(Failure.RETRY if passing else Failure.PERMANENT, str(error)) from error
    except TooLargeError as error:
        raise SendError(Failure.PERMANENT, "file is too big") from error
    except TwilioException as error:
        raise errors.classify(error) from error
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return size
