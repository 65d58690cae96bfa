"""A row of the outbox in the sender's hands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Claimed:
    """What has to be known of a row to send it: to load whole rows costs four times as much."""

    id: int
    key: str
    channel: str
    address: str
    op: str
    body: dict[str, Any]
    target: str
    target_key: str | None
    priority: int
    release_id: int | None
    item_id: int | None
    attempts: int
    expires_at: datetime | None
    person_id: int | None = None
    part: str = ""
    pieces: str = ""
