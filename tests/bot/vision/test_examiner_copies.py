"""The same upload sent by two people is found in whatever order their pictures are here and looked at."""

from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from bot.demo import pictures
from bot.vision.looking import Looked, Looker
from models.shares import findings, standings
from tests import proving
from tests.bot.vision.test_examiner import ROAD, World, recompressed
from tests.chat import Stage

SHOT = pictures.screenshot(1, ROAD)


class AtOnce(Looker):
    """Looks at two pictures in the same moment: neither look goes on before both have been made."""

    both = Barrier(2)

    def look(self, *about: Any) -> Looked:
        looked = super().look(*about)
        self.both.wait(timeout=30)
        return looked


def copy_of(world: World, share_id: int) -> set[tuple[str, int | None]]:
    """What was found to have been sent before in a share, each with the evidence that was first."""
    with world.stage.session() as session:
        seen = findings.of_share(session, share_id)
    return {(one.kind, one.other_id) for one in seen if one.kind in findings.TWICE}


def first_of(world: World, share_id: int) -> int:
    return proving.evidence(world.stage, share_id)[0].id


@pytest.mark.parametrize("again", [SHOT, recompressed(SHOT)], ids=["same_file", "same_upload"])
def test_two_copies_that_are_looked_at_in_the_same_moment_are_found(
    stage: Stage, tmp_path: Path, again: bytes
) -> None:
    world = World(stage, tmp_path)
    world.looker = AtOnce(world.store)
    first, second = world.sends(0, SHOT), world.sends(1, again)
    world.examined()
    assert first_of(world, first) in {other for _, other in copy_of(world, second)}
    assert copy_of(world, first) == set(), "who was first copied nobody"
    assert world.state(first) == standings.ACCEPTED
    # Whether the later one was accepted before the other told of it or not: a person looks at it.
    assert [look.why for look in proving.looks(stage, second)] == ["doubt"]


@pytest.mark.parametrize(
    ("again", "kind"),
    [(SHOT, findings.SAME_FILE), (recompressed(SHOT), findings.SAME_UPLOAD)],
    ids=["same_file", "same_upload"],
)
def test_a_copy_whose_original_took_longer_to_be_fetched_waits_for_a_person_after_all(
    stage: Stage, tmp_path: Path, again: bytes, kind: str
) -> None:
    world = World(stage, tmp_path)
    ppid = stage.person("Ratna", role="editor")
    first = proving.shows(world.people[0])  # on a slow network
    second = world.sends(1, again)
    world.examined(only=second)
    assert world.state(second) == standings.ACCEPTED
    media_id = proving.evidence(stage, first)[0].media_id
    assert media_id is not None
    world.put(SHOT, media_id)
    world.examined()
    assert world.state(first) == standings.ACCEPTED
    assert (kind, first_of(world, first)) in copy_of(world, second)
    assert proving.waiting(stage, ppid) == 1
    assert [look.why for look in proving.looks(stage, second)] == ["doubt"]


def test_the_first_of_many_copies_is_enough(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path, people=6)
    first = proving.shows(world.people[0])
    others = [world.sends(who, recompressed(SHOT)) for who in range(1, 6)]
    world.examined(only=others[-1])
    media_id = proving.evidence(stage, first)[0].media_id
    assert media_id is not None
    world.put(SHOT, media_id)
    world.examined()
    assert copy_of(world, first) == set()
    assert all(copy_of(world, number) for number in others)
    for number in others:
        named = [other or 0 for _, other in copy_of(world, number)]
        assert max(named) < first_of(world, number), "only who came later is said to have copied"
        assert len(proving.looks(stage, number)) == 1


def test_a_link_of_two_people_is_found_whichever_is_judged_first(stage: Stage, tmp_path: Path) -> None:
    world = World(stage, tmp_path)
    link = "https://www.instagram.com/p/C9aBcDeFgHi"
    first, _ = world.people[0].sends(platform="instagram_feed", link=link)
    second, _ = world.people[1].sends(platform="instagram_feed", link=link)
    with stage.session() as session, session.begin():
        for piece in proving.evidence(stage, second):  # judged when the other one was not there yet
            session.merge(piece).examine_at = None
    world.examined()
    assert copy_of(world, second) == {(findings.SAME_LINK, first_of(world, first))}
    assert (world.state(first), world.state(second)) == (standings.ACCEPTED, standings.RECEIVED)
    assert len(proving.looks(stage, second)) == 1
