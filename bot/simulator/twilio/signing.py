"""How Twilio signs what it sends, and what a webhook's URL says about patience.

A URL's fragment overrides the connection (https://www.twilio.com/docs/usage/webhooks/
webhooks-connection-overrides): `#rc=2` retries, `#rt=5000` ms for an answer; it is neither sent nor signed.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urldefrag

from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

PATIENCE = 15.0  # seconds that an answer may take
_MOST_RETRIES = 5
_WHOLE = re.compile(r"[0-9]{1,6}")
_VALIDATOR: Any = RequestValidator  # the library does not annotate it


@dataclass(frozen=True, slots=True)
class Target:
    """`retries` after the first try; `patience` in seconds for each."""

    url: str
    retries: int
    patience: float


def target(url: str, retries: int) -> Target:
    """Where a webhook goes; `retries` where its URL does not say otherwise."""
    bare, fragment = urldefrag(url)
    asked = dict(parse_qsl(fragment))
    count, patience = asked.get("rc", ""), asked.get("rt", "")
    return Target(
        bare,
        min(int(count), _MOST_RETRIES) if _WHOLE.fullmatch(count) else retries,
        min(int(patience) / 1000, PATIENCE) if _WHOLE.fullmatch(patience) and int(patience) else PATIENCE,
    )


def headers(token: str, url: str, form: Mapping[str, str]) -> dict[str, str]:
    """The headers of a webhook request and of its repetitions; `url` without fragment."""
    signature = str(_VALIDATOR(token).compute_signature(url, dict(form)))
    return {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        SIGNATURE_HEADER: signature,
    }
