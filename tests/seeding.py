"""Large programmes in a second: rows as the verbs would make them, written in bulk."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from models.content import content, drafts
from models.content.reviews import Scores
from models.editorial import moves
from models.membership.consents import Consent
from models.people import people, roles
from models.people.people import Account, Opd, Person
from models.programme import weeks
from models.programme.programme import Programme

FIRST_CHAT = 100_000
JOINED = datetime(2026, 11, 1, tzinfo=UTC)


def chat_of(number: int) -> int:
    """The chat of the n-th person, from 0."""
    return FIRST_CHAT + number


def seed(engine: Engine, count: int, *, now: datetime, agencies: int = 43, item: bool = True) -> None:
    """`count` people who joined, spread over OPD, and an approved provincial item for the week of `now`.

    Person n (from 0) has the chat `chat_of(n)`. The last one is a controller, the one before PPID of
    the first OPD.
    """
    with Session(engine) as session, session.begin():
        codes = [{"code": f"OPD{n:02}", "name": f"Dinas Nomor {n}"} for n in range(1, agencies + 1)]
        session.execute(insert(Opd), codes)
        opds = [opd.id for opd in people.agencies(session)]
        session.execute(
            insert(Person),
            [
                {
                    "name": f"Pegawai {n}",
                    "opd_id": opds[n % len(opds)],
                    "phone": f"+62812{n:08}",
                    "position": "",
                    "active": True,
                    "joined_at": JOINED,
                    "saver": False,
                    "created_at": JOINED,
                }
                for n in range(count)
            ],
        )
        ids = list(
            session.scalars(Person.__table__.select().with_only_columns(Person.id).order_by(Person.id))
        )
        _join(session, ids)
        controller, author = session.get_one(Person, ids[-1]), session.get_one(Person, ids[-2])
        roles.grant(session, controller, "controller", None, now, by=None)
        roles.grant(session, author, "admin", None, now, by=None)
        if item:
            approved_item(session, author, controller, weeks.of(now, Programme()), now)


def _join(session: Session, ids: list[int]) -> None:
    """Accounts and consents of people, as their own chats would have made them."""
    session.execute(
        insert(Account),
        [
            {
                "channel": "telegram",
                "address": str(chat_of(n)),
                "name": f"Pegawai {chat_of(n)}",
                "person_id": person_id,
                "status": people.ACTIVE,
                "linked_at": JOINED,
                "created_at": JOINED,
            }
            for n, person_id in enumerate(ids)
        ],
    )
    session.execute(
        insert(Consent),
        [
            {
                "person_id": person_id,
                "version": Programme().consent_version,
                "given": True,
                "channel": "telegram",
                "address": str(chat_of(n)),
                "at": JOINED,
            }
            for n, person_id in enumerate(ids)
        ],
    )


def approved_item(
    session: Session, author: Person, controller: Person, week: str, now: datetime
) -> content.Item:
    """A provincial text item, through its whole way to approval."""
    before = now - timedelta(hours=1)
    item = drafts.start(session, author, None, before)
    for field, value in {
        "title": "Layanan kesehatan gratis",
        "what": "Puskesmas melayani pemeriksaan gratis setiap hari kerja.",
        "why": "Keluarga Anda dapat berobat tanpa biaya di dekat rumah.",
        "caption": "Periksa kesehatan kini gratis di puskesmas terdekat. #JambiSehat",
        "source_url": "https://dinkes.jambiprov.go.id/berita/1",
    }.items():
        drafts.fill(session, item, field, value, before)
    drafts.choose(session, item, "rubric", "achievement", before)
    drafts.choose(session, item, "public", True, before)
    drafts.illustrate(session, item, None, before)
    drafts.plan(session, item, week, before)
    moves.move(session, item, "submit", author, before, Programme())
    approve(session, item, before, controller)
    return item


def approve(session: Session, item: content.Item, now: datetime, controller: Person) -> None:
    """Takes a submitted item past an editor and quality control to its approval by `controller`."""
    checked(session, item, now)
    moves.move(session, item, "approve", controller, now, Programme())


def checked(session: Session, item: content.Item, now: datetime) -> None:
    """Takes a submitted item past an editor and quality control: it waits for a controller."""
    programme = Programme()
    editor, judge = official(session, "editor", item.opd_id), official(session, "tag")
    if item.opd_id is None:
        editor = official(session, "admin")
    moves.move(session, item, "endorse", editor, now, programme)
    moves.move(session, item, "score", judge, now, programme, scores=Scores(4, 5))
    editor.active = judge.active = False  # nobody of whom a test knows, and no part of what it counts
    session.flush()


def official(session: Session, role: str, opd_id: int | None = None) -> Person:
    """Somebody who has this role and does nothing else; made when there is nobody yet."""
    name = f"Petugas {role} {opd_id or 0}"
    found = session.scalar(select(Person).where(Person.name == name))
    if found is None:
        opd_id = opd_id or session.scalars(select(Opd.id).order_by(Opd.id)).first()
        found = Person(name=name, opd_id=opd_id, active=True, created_at=JOINED)
        session.add(found)
        session.flush()
        roles.grant(session, found, role, None, JOINED, by=None)
    found.active = True
    session.flush()
    return found
