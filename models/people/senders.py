"""Who wrote, for many conversations at once, and where else the same people are."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models.people.people import Account

Where = tuple[str, str]  # channel and address


@dataclass(frozen=True, slots=True)
class Senders:
    """The accounts that are known by where they write from, with their people; and of whoever has accounts on
    other channels as well, where those are."""

    accounts: dict[Where, Account] = field(default_factory=dict)
    elsewhere: dict[Where, list[Where]] = field(default_factory=dict)

    @property
    def others(self) -> list[Where]:
        """All places that these people have besides."""
        return [place for places in self.elsewhere.values() for place in places]


def of(session: Session, addresses: Collection[Where]) -> Senders:
    """The senders behind many conversations: one statement a channel."""
    other = aliased(Account)
    same = and_(other.person_id == Account.person_id, other.channel != Account.channel)
    chosen = (
        select(Account, other.channel, other.address)
        .outerjoin(other, same)
        .options(joinedload(Account.person))
        .order_by(Account.id, other.id)
    )
    where = {channel: [one for name, one in addresses if name == channel] for channel, _ in addresses}
    found = Senders()
    for channel, some in where.items():
        rows = session.execute(chosen.where(Account.channel == channel, Account.address.in_(some)))
        for account, there, address in rows:
            found.accounts[account.channel, account.address] = account
            if there is not None:
                found.elsewhere.setdefault((account.channel, account.address), []).append((there, address))
    return found
