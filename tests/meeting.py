"""The Wednesday meeting in tests: a group with the bot in it, a week that closes, and who presses what."""

from datetime import datetime

from sqlalchemy import select

from models.digests import digests, packs
from models.figures.snapshots import Digest
from models.people.people import Opd
from models.programme import weeks
from scheduler import jobs
from tests.chat import Chatter, Heard, Stage
from tests.scene import Group

WEEK = "2026-W48"
LINK = "https://x.com/{}/status/18600123456789012{:02}"


def share(who: Chatter, number: int = 1) -> None:
    """Shares the week's item with a link of the own; `number` from 1 to 99 makes it another post."""
    who.says(LINK.format(who.handle, number))


def close(stage: Stage, week: str = WEEK) -> Digest:
    """The week closes, as the clock does it."""
    stage.now = weeks.closing(week, stage.programme)
    with stage.session() as session, session.begin():
        return digests.close(session, week, stage.now, stage.programme)


def announce(stage: Stage, digest: Digest, *, late: bool = False) -> int:
    """The pack of a snapshot goes out; to how many groups."""
    with stage.session() as session, session.begin():
        found = session.get_one(Digest, digest.id)
        return packs.announce(session, found, stage.now, stage.programme, late=late)


def tick(stage: Stage, moment: datetime | None = None) -> dict[str, str]:
    """What the clock does at a moment, each job in a transaction of its own: what came of it, by job."""
    stage.now = moment or stage.now
    with stage.session() as session:
        due = jobs.pending(session, stage.now, stage.programme)
    results = {}
    for one in due:
        with stage.session() as session, session.begin():
            results[one.job] = jobs.run(session, one, stage.now, stage.programme)
    return results


def press(group: Group, who: Chatter, label: str, *, action: str = "") -> list[Heard]:
    """Somebody presses the newest button with these words in the group; what the bot did there, toasts
    included (`op` is "answer")."""
    stage = group.stage
    action = action or stage.button(group.chat, label)
    assert action, f"the group sees no button {label!r}"
    after = stage.last(group.chat)
    query = {
        "id": f"g{after}-{who.chat}",
        "from": {"id": who.chat, "is_bot": False, "first_name": who.name},
        "chat_instance": "1",
        "data": action,
        "message": {
            "message_id": 77,
            "date": int(stage.now.timestamp()),
            "chat": {"id": group.chat, "type": "supergroup", "title": group.title},
            "from": {"id": 1, "is_bot": True, "first_name": "Satu Pesan"},
            "text": "…",
        },
    }
    stage.receive({"callback_query": query}, group.chat)
    return stage.heard(group.chat, after)


def opd_id(stage: Stage, code: str) -> int:
    with stage.session() as session:
        return session.scalars(select(Opd.id).where(Opd.code == code)).one()
