"""Somebody who has received the week's item, and what became of the proof that they send."""

from models.shares import Share
from tests import scene
from tests.chat import Chatter, Heard, Stage

LINK = "https://www.instagram.com/p/C9aBcDeFgHi/?igsh=abc"


def receiver(stage: Stage) -> Chatter:
    """Somebody who has received the week's item."""
    who = stage.person("Siti")
    scene.item(stage, media=True)
    scene.release(stage)
    return who


def shares(stage: Stage) -> list[Share]:
    with stage.session() as session:
        return sorted(session.query(Share), key=lambda share: share.id)


def one(heard: list[Heard]) -> Heard:
    """The only answer."""
    assert len(heard) == 1, [each.text for each in heard]
    return heard[0]
