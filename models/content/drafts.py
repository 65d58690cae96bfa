"""How an item is written: what its author fills in and chooses, what an editor changes in it while it is
being reviewed, and what it still lacks."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, object_session

from models.content import content, fields, reviews, rubrics, variants
from models.content.content import Item
from models.content.states import DRAFT, DROPPED, OPEN_TO_AUTHOR, SUBMITTED
from models.messages import files
from models.people import audit, authors
from models.people.people import Person
from models.refused import Refused

_CHOSEN = ("rubric", "consent", "live_at", "public", "hashtags", "regional_programme", "objective")


def start(session: Session, author: Person, opd_id: int | None, now: datetime, provincial: str = "") -> Item:
    """A new draft. `opd_id` None makes it provincial, for those who may (see `authors.homes`)."""
    if not authors.may_write(session, author, opd_id, provincial):
        raise Refused("roles.may_not")
    item = Item(opd_id=opd_id, author_id=author.id, status=DRAFT, created_at=now, updated_at=now)
    session.add(item)
    session.flush()
    audit.record(session, now, "start", "item", item.id, by=author.id, after=DRAFT)
    return item


def own(session: Session, author: Person, item_id: int, provincial: str = "") -> Item:
    """An item that a person may change now: the own one while it is open, or as an editor one that
    waits for the editor. Raises Refused for any other."""
    item = session.get(Item, item_id)
    if item is not None:  # held, so that nobody decides on it while it is being changed
        session.flush()
        session.refresh(item, with_for_update={"of": Item})
    if item is None or item.status == DROPPED:
        raise Refused("submitting.unknown")
    if item.author_id != author.id:
        if not authors.may_edit(session, author, item.opd_id, provincial):
            raise Refused("submitting.unknown")
        if item.status != SUBMITTED:
            raise Refused("submitting.not_to_edit", id=item.id)
    require_editable(item, author)
    return item


def fill(
    session: Session, item: Item, field: str, value: str, now: datetime, by: Person | None = None
) -> None:
    """Sets one text field of a draft; `by` is the editor who does it, None the author.

    Raises Refused when it is too short, too long, or no address.
    """
    require_editable(item, by)
    before, after = getattr(item, field), fields.text(field, value)
    setattr(item, field, after)
    changed(session, item, field, now, by, before=before, after=after)


def choose(
    session: Session, item: Item, field: str, value: Any, now: datetime, by: Person | None = None
) -> None:
    """Sets a field whose values are chosen, not written: rubric, consent, live_at, public, hashtags,
    regional_programme or objective.

    Raises Refused for a value that there is not, for a broadcast that is past, and where an editor chooses a
    rubric that needs what only the author can say (the consent of a citizen, the time of a broadcast).
    """
    require_editable(item, by)
    known: dict[str, tuple[Any, ...]] = {
        "rubric": rubrics.RUBRICS,
        "objective": ("", *rubrics.OBJECTIVES),
        "consent": (None, True, False),
        "public": (True, False),
    }
    if field not in _CHOSEN or (field in known and value not in known[field]):
        raise Refused("menu.old_button")
    if field == "live_at" and value <= now:
        raise Refused("submitting.moment_past", at=value.isoformat())
    before = getattr(item, field)
    setattr(item, field, value)
    if field == "rubric":
        _let_go(item)
    if field == "rubric" and item.status == SUBMITTED and missing(item):
        raise Refused("submitting.rubric_needs_more", id=item.id)
    changed(session, item, field, now, by, before=_plain(before), after=_plain(value))


def _let_go(item: Item) -> None:
    """What was said for another rubric, and no longer has a meaning."""
    if not rubrics.is_live(item.rubric):
        item.live_at, item.live_url = None, ""
    if not rubrics.with_citizen(item.rubric):
        item.consent = None
    if item.urgent:
        item.urgent, item.week = False, ""


def _plain(value: Any) -> Any:
    """A value as the audit keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def assign(session: Session, item: Item, opd_id: int | None, now: datetime, provincial: str = "") -> None:
    """Makes a draft that of another OPD (None: of the province). Raises Refused where its author may not
    write for it. A week that was chosen is asked for again: it may be taken there."""
    require_editable(item, None)
    if not authors.may_write(session, item.author, opd_id, provincial):
        raise Refused("roles.may_not")
    if opd_id != item.opd_id:
        item.opd_id, item.week, item.updated_at = opd_id, item.week if item.urgent else "", now
    session.flush()
    session.expire(item, ["opd"])


def illustrate(
    session: Session, item: Item, media: files.Media | None, now: datetime, by: Person | None = None
) -> None:
    """Gives a draft its picture or video in the place of all it had, or says that it is text alone.

    Raises Refused for a file that could not be shown, or is too large to be kept.
    """
    require_editable(item, by)
    if media is not None:
        fields.check_file(media)
    before = item.media_id
    item.media, item.no_media = media, media is None
    variants.hang(session, item.id, [])
    session.flush()
    changed(session, item, "media", now, by, before=before, after=item.media_id)


def changed(
    session: Session,
    item: Item,
    field: str,
    now: datetime,
    by: Person | None = None,
    *,
    before: Any = "",
    after: Any = "",
) -> None:
    """Notes that a field was changed. What an editor changes is another text than the one that was sent:
    it is in the audit, and whoever was shown the old one cannot decide on it."""
    item.updated_at = now
    if item.status == SUBMITTED and by is not None and before != after:
        item.edits += 1
        reviews.touched(session, item, by, now)
        audit.record(
            session,
            now,
            "amend",
            "item",
            item.id,
            by=by.id,
            before=item.status,
            after=item.status,
            field=field,
            was=before,
            version=item.version,
        )
    session.flush()


def plan(session: Session, item: Item, week: str, now: datetime, by: Person | None = None) -> None:
    """Chooses the week of a draft. Raises Refused when the week has an item already."""
    require_editable(item, by)
    if item.urgent:
        raise Refused("menu.old_button")  # it waits for no week
    taken = content.planned(session, item.opd_id, week)
    if taken and taken.id != item.replaces_id:
        raise Refused("submitting.week_taken", week=week, id=taken.id, title=taken.title)
    before, item.week = item.week, week
    changed(session, item, "week", now, by, before=before, after=week)


def steps(item: Item) -> list[str]:
    """The fields that this item needs, in the order in which they are asked: a rubric that shows a citizen
    asks for the consent, one that announces a broadcast for its time and address."""
    left_out = set()
    if not rubrics.with_citizen(item.rubric):
        left_out.add("consent")
    if not rubrics.is_live(item.rubric):
        left_out |= {"live_at", "live_url"}
    if item.urgent:
        left_out.add("week")
    return [name for name in fields.FIELDS if name not in left_out]


def missing(item: Item) -> list[str]:
    """The fields that a draft still lacks, in the order in which they are asked.

    A file that could not be used is as good as none, whichever of an album it is. What has left the hands of
    those who write it can lack nothing else.
    """
    if item.status not in (*OPEN_TO_AUTHOR, SUBMITTED):
        return [] if _illustrated(item) else ["media"]
    there = {"media": _illustrated(item), "consent": item.consent is not None}
    return [name for name in steps(item) if not there.get(name, getattr(item, name, ""))]


def _illustrated(item: Item) -> bool:
    if item.media is None:
        return item.no_media
    session = object_session(item)
    hung = session is not None and variants.has_failed(session, item.id)
    return item.media.status != files.FAILED and not hung


def require_editable(item: Item, by: Person | None) -> None:
    """Raises Refused when an item can no longer be changed by its author, or (`by`) by this editor."""
    edited = item.status == SUBMITTED and by is not None and by.id != item.author_id
    if item.status not in OPEN_TO_AUTHOR and not edited:
        raise Refused("submitting.frozen", id=item.id)
