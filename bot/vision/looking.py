"""Looks at the picture of a proof: what it shows, and whether it has been sent before.

What is asked of the database comes as arguments; everything here blocks and is called in a thread, at most
a few at a time, since a decoded picture and its comparison take some 30 MB.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from bot.files.media import Store
from bot.telemetry import logs
from bot.vision import copies, fingerprints, framing, pixels, showing
from bot.vision.copies import Likeness
from bot.vision.fingerprints import Fingerprint
from bot.vision.pixels import Grey
from bot.vision.showing import Reference, Showing, Verdict
from models.shares import findings
from models.shares.findings import Seen
from models.shares.likenesses import Near

log = logs.logger(__name__)
KEPT_PICTURES = 256  # references that are kept in memory, of the items asked for last: 0.6 MB each
MOST_COMPARED = 3  # pictures that are laid over one: the likeliest

Files = Sequence[tuple[str, str]]  # (key in the store, MIME type) of an item's pictures and films


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in a picture, and its fingerprint; None where it cannot be read."""

    seen: list[Seen]
    fingerprint: Fingerprint | None = None
    scene: Grey | None = None
    corners: Any = None
    found: Showing = showing.NOTHING


class Looker:
    """Keeps the references of the items that were asked for last, `kept` pictures in all. Safe to use from
    several threads."""

    def __init__(self, store: Store, kept: int = KEPT_PICTURES) -> None:
        self.store, self.kept = store, kept
        self._items: OrderedDict[int, list[Reference]] = OrderedDict()
        self._lock = Lock()

    def look(self, data: bytes, item_id: int, files: Files, others: Mapping[int, Files]) -> Looked:
        """Whether a picture shows the item with these files, rather than one of `others`, its rivals: posters
        of one template may pass for each other."""
        scene = pixels.decoded(data, showing.SCENE_SIDE)
        if scene is None:
            return Looked([Seen(findings.UNREADABLE)])
        references = self.references(item_id, files)
        if not references:
            return Looked([Seen(findings.INCOMPARABLE)], fingerprints.fingerprint(scene), scene)
        rivals = [(number, one) for number, own in others.items() for one in self.references(number, own)]
        found, rival = showing.told(references, [one for _, one in rivals], scene)
        if found.verdict is Verdict.SHOWN:
            seen = Seen(findings.SHOWS, item_id=item_id, score=found.found.share)
        elif found.verdict is Verdict.ITSELF:
            seen = Seen(findings.BARE, item_id=item_id, score=found.found.share)
        elif rival.verdict in showing.PASSING:
            seen = Seen(findings.OTHER_ITEM, item_id=rivals[rival.reference][0], score=rival.found.share)
        else:
            seen = Seen(findings.UNSEEN, score=1 - found.found.share)
        made = self._fingerprint(scene, references, found)
        return Looked([seen], made, scene, self._corners(references, found), found)

    @staticmethod
    def _fingerprint(scene: Grey, references: Sequence[Reference], found: Showing) -> Fingerprint:
        if found.placing is None or found.reference < 0:
            return fingerprints.fingerprint(scene)
        height, width = references[found.reference].grey.shape
        return fingerprints.fingerprint(scene, found.placing, (width, height))

    @staticmethod
    def _corners(references: Sequence[Reference], found: Showing) -> Any:
        if found.placing is None or found.reference < 0:
            return None
        return showing.corners(references[found.reference], found.placing)

    def same(
        self, looked: Looked, nearby: Sequence[Near], data_of: Callable[[int], bytes | None]
    ) -> list[Near]:
        """Of pictures with a near fingerprint those that are the same upload, laid over it one by one."""
        if looked.fingerprint is None or looked.scene is None or not nearby:
            return []
        stacked = fingerprints.stacked([one.tiles for one in nearby])
        same = []
        for number in fingerprints.candidates(looked.fingerprint, stacked)[:MOST_COMPARED]:
            data = data_of(nearby[number].evidence_id)
            other = pixels.decoded(data, copies.COMPARED_SIDE) if data else None
            if other is None:
                continue
            # To search for where one lies in the other takes ten times as long.
            search = bool(fingerprints.shifted(looked.fingerprint, stacked[number : number + 1])[0])
            found = copies.compared(looked.scene, other, looked.corners, search=search)
            if found.likeness is Likeness.SAME:
                same.append(nearby[number])
        return same

    def references(self, item_id: int, files: Files) -> list[Reference]:
        """What screenshots of an item are compared with: its pictures, and frames of its films."""
        with self._lock:
            if item_id in self._items:
                self._items.move_to_end(item_id)
                return self._items[item_id]
        made = [one for key, mime in files for one in self._of(key, mime)]
        with self._lock:
            self._items[item_id] = made
            while len(self._items) > 1 and sum(map(len, self._items.values())) > self.kept:
                self._items.popitem(last=False)
        return made

    def _of(self, key: str, mime: str) -> list[Reference]:
        """The references of one file; none, and an alert, where our own store has lost it: that is no fault
        of whoever sent a proof."""
        try:
            data = self.store.get(key) if mime.startswith(("image/", "video/")) else b""
        except FileNotFoundError:
            log.exception("file_of_item_missing", key=key)
            return []
        if mime.startswith("image/"):
            made = [showing.reference(data)]
        else:
            made = [showing.prepared(grey, moving=True) for grey in framing.frames(data)] if data else []
        return [one for one in made if one]
