"""Packs in tests that did not reach those who read them one to one."""

from models.digests import unread
from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people
from tests import meeting, scene
from tests.chat import Chatter, Heard, Stage
from tests.meeting import WEEK
from tests.scene import Group


def boss(stage: Stage) -> Chatter:
    """A controller whose group is bound."""
    who = stage.person("Bu Kepala", "BAPPEDA", role="controller")
    Group(stage).hears(who, "/rabuan")
    scene.item(stage)
    return who


def leaders(stage: Stage) -> list[Chatter]:
    """Three who read the pack, which is on its way."""
    found = [stage.person(f"Pak {name}", "SETDA", role="leader") for name in ("Ali", "Beni", "Cecep")]
    meeting.announce(stage, meeting.close(stage))
    return found


def parts(stage: Stage, who: Chatter) -> list[Outbound]:
    """What was queued of the pack for somebody."""
    mine = (Outbound.person_id == who.person_id, Outbound.key.startswith(f"digest:{WEEK}:1:"))
    return scene.rows(stage, *mine)


def states(stage: Stage, who: Chatter) -> list[str]:
    return [row.status for row in parts(stage, who)]


def arrives(stage: Stage, *but: Chatter) -> None:
    """The pack arrives, but not at these people."""
    ids = [who.person_id for who in but]
    while going := scene.rows(stage, Outbound.status.in_((outbox.QUEUED, outbox.WAITING))):
        going = [row for row in going if row.person_id not in ids]
        if not going:
            return
        scene.turned_out(stage, going, outbox.SENT)


def fails(stage: Stage, who: Chatter, reason: str = "channel") -> None:
    scene.turned_out(stage, parts(stage, who)[:1], outbox.FAILED, reason)


def blocks(stage: Stage, who: Chatter) -> None:
    """Somebody stops the bot, as Telegram says when it is written to."""
    fails(stage, who, "blocked")
    with stage.session() as session, session.begin():
        people.block(session, "telegram", str(who.chat), stage.now)


def watch(stage: Stage) -> int:
    with stage.session() as session, session.begin():
        return unread.watch(session, stage.now, stage.programme)


def send_again(stage: Stage) -> tuple[int, int]:
    with stage.session() as session, session.begin():
        return unread.send_again(session, WEEK, stage.now)


def arrived(stage: Stage) -> bool:
    with stage.session() as session:
        return unread.arrived(session, WEEK)


def alarms(who: Chatter) -> list[Heard]:
    return [heard for heard in who.hears() if heard.row.body["text"] == "digest.unread"]
