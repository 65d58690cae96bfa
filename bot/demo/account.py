"""What the crowd did and was told: the people's own account of the week."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Account:
    """What the crowd did and was told, to be compared with what the program has stored.

    `proofs` counts by chat the shares that were shown; `receipts` are the numbers that came back;
    `claims` are those who only said so. `asked` counts by chat the messages which said that something
    waits, `opened` the presses on them. Who `stopped` should hear no more: `pestered` counts what came
    all the same. `odd` are answers that nobody expected.
    """

    cards: set[int] = field(default_factory=set)
    captions: set[int] = field(default_factory=set)
    reminders: Counter[int] = field(default_factory=Counter)
    proofs: Counter[int] = field(default_factory=Counter)
    receipts: dict[int, set[int]] = field(default_factory=dict)
    claims: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    savers: set[int] = field(default_factory=set)
    asked: Counter[int] = field(default_factory=Counter)
    opened: Counter[int] = field(default_factory=Counter)
    stopped: set[int] = field(default_factory=set)
    pestered: Counter[int] = field(default_factory=Counter)
    proved_before_reminder: set[int] = field(default_factory=set)
    presses: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    lost: set[int] = field(default_factory=set)
