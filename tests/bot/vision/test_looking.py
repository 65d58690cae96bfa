"""What the program sees in a picture of a proof, with the agency's other items known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bench.screenshots import carriers, items, phones, sets
from bot.files.media import Store
from bot.vision.looking import Files, Looker
from models.shares import findings
from models.shares.likenesses import Near
from tests.bot.vision import shots
from tests.bot.vision.shots import anna, budi, item, sibling, story

THIS, OTHER = 1, 2
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def looker(tmp_path: Path) -> Iterator[Looker]:
    store = Store(tmp_path.as_uri())
    yield Looker(store)
    store.close()


def _files(looker: Looker, *kept: bytes) -> Files:
    stored = [looker.store.put(one, NOW) for one in kept]
    return [(one.key, one.mime) for one in stored]


def test_a_poster_of_the_same_template_is_named(looker: Looker) -> None:
    own, other = _files(looker, shots.file(item())), _files(looker, shots.file(sibling()))
    looked = looker.look(shots.sent(story, budi, sibling), THIS, own, {OTHER: other})
    assert [(one.kind, one.item_id) for one in looked.seen] == [(findings.OTHER_ITEM, OTHER)]


def test_the_item_is_seen_though_others_are_nearly_alike(looker: Looker) -> None:
    others = items.siblings(Random("another week"), shots.DESIGN, shots.NUMBERS)
    known = {nth: _files(looker, shots.file(one)) for nth, one in enumerate(others.values(), OTHER)}
    looked = looker.look(shots.sent(story, anna, item), THIS, _files(looker, shots.file(item())), known)
    assert [(one.kind, one.item_id) for one in looked.seen] == [(findings.SHOWS, THIS)]


def test_any_moment_of_a_film_shows_it(looker: Looker) -> None:
    film = items.item(Random("film"), shots.DESIGN, "film")
    files = _files(looker, *(data for data, _ in film.files()))
    for number in range(3):
        picture = film.seen(Random(number))
        shot = sets.shot(phones.later(anna(), number), "WhatsApp story", picture)
        assert looker.look(shot.data, THIS, files, {}).seen[0].kind == findings.SHOWS


def test_references_of_few_items_are_kept(looker: Looker) -> None:
    looker = Looker(looker.store, kept=2)
    files = _files(looker, shots.file(item()))
    first = looker.references(1, files)
    assert looker.references(1, files) is first
    looker.references(2, files)
    looker.references(3, files)
    assert looker.references(1, files) is not first


def test_the_same_upload_is_found_among_colleagues(looker: Looker) -> None:
    files = _files(looker, shots.file(item()))
    uploads = [shots.sent(story, budi, item), shots.sent(story, anna, item)]
    nearby = []
    for number, data in enumerate(uploads):
        made = looker.look(data, THIS, files, {}).fingerprint
        assert made is not None
        nearby.append(Near(number, number, number, made.tiles))
    again = carriers.copy(Random("again"), uploads[1], "forwarded", budi())
    same = looker.same(looker.look(again, THIS, files, {}), nearby, uploads.__getitem__)
    assert [one.evidence_id for one in same] == [1]
