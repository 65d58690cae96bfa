"""What tests of proofs have in common: people who show shares, and the program that looks at them."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from models.messages import files
from models.people.people import Person
from models.programme import weeks
from models.proofs import copying, examining, meaning, proofs, verdicts, worklists
from models.proofs.meaning import About
from models.recognition import records
from models.shares import findings
from models.shares.findings import Seen
from models.shares.inspections import Inspection
from models.shares.shares import Evidence, Share
from tests.chat import Chatter, Stage

SHOWS = Seen(findings.SHOWS, score=0.9)
UNSEEN = Seen(findings.UNSEEN)


class Prover:
    """Somebody who received the week's item, and what they send."""

    def __init__(self, stage: Stage, who: Chatter) -> None:
        self.stage, self.who, self.number = stage, who, 0

    def about(self) -> About | None:
        with self.stage.session() as session:
            return meaning.about(session, session.get_one(Person, self.who.person_id), self.stage.now)

    def sends(
        self, *, platform: str = "", link: str = "", album: str = "", source: str = ""
    ) -> tuple[int, bool]:
        """One piece of evidence; the share's id and whether it is new; 0 for a message used before."""
        self.number += 1
        with self.stage.session() as session, session.begin():
            person = session.get_one(Person, self.who.person_id)
            about = meaning.about(session, person, self.stage.now)
            assert about is not None
            taken = proofs.receive(
                session, person, about, self.stage.now,
                source=source or f"telegram:{self.who.chat}:{self.number}",
                kind="link" if link else "photo", platform=platform, link=link, album=album,
            )  # fmt: skip
            return (taken.id, taken.new) if taken else (0, False)

    def claims(self) -> int:
        with self.stage.session() as session, session.begin():
            person = session.get_one(Person, self.who.person_id)
            about = meaning.about(session, person, self.stage.now)
            assert about is not None
            return proofs.claim(session, person, about, self.stage.now).id

    def places(self, share_id: int, platform: str) -> int | None:
        """Says where; the id of an earlier share there."""
        with self.stage.session() as session, session.begin():
            earlier = proofs.place(session, session.get_one(Share, share_id), platform, self.stage.now)
            return earlier.id if earlier else None

    def record(self) -> records.Record:
        with self.stage.session() as session:
            return records.of(session, session.get_one(Person, self.who.person_id), self.week())

    def week(self) -> str:
        return weeks.of(self.stage.now, self.stage.programme)


def shows(prover: Prover, **more: str) -> int:
    """A picture that has a file; the share's id."""
    with prover.stage.session() as session, session.begin():
        person = session.get_one(Person, prover.who.person_id)
        about = meaning.about(session, person, prover.stage.now)
        assert about is not None
        prover.number += 1
        name = f"{prover.who.chat}:{prover.number}"
        taken = proofs.receive(
            session, person, about, prover.stage.now, source=name, kind="photo",
            platform=more.get("platform", "facebook"),
            media=lambda: files.register(
                session, prover.stage.now, "telegram", remote_id=name, unique_id=name, kind="photo",
                purpose="proof",
            ),
        )  # fmt: skip
        assert taken is not None
        return taken.id


def examine(stage: Stage, *seen: Seen, of: Sequence[int] = ()) -> list[str]:
    """Plays the program that looks at evidence: the files are here, and this is what it sees in the pictures
    of these shares (none: of all that wait). The states of the shares that were judged."""
    with stage.session() as session, session.begin():
        for media in session.scalars(select(files.Media).where(files.Media.status == files.REMOTE)):
            key = f"{media.id:02x}/{media.id:064x}.jpg"
            sha = media.sha256 or f"{media.id:064x}"
            files.stored(session, media.id, key=key, sha256=sha, size=1000, mime="image/jpeg")
        tasks = examining.due(session, stage.now, 1000, timedelta(minutes=2))
        states = []
        for task in tasks:
            here = (seen if not of or task.share_id in of else ()) if task.kind != "link" else ()
            twice = copying.twice(session, task)
            state = examining.done(session, task, [*here, *twice], stage.now, stage.programme)
            states += [state] if state else []
        return states


def waiting(stage: Stage, who: Chatter) -> int:
    """How many shares wait for somebody in `/periksa`."""
    with stage.session() as session:
        return worklists.waiting(session, session.get_one(Person, who.person_id), stage.now, stage.programme)


def looks(stage: Stage, share_id: int) -> list[Inspection]:
    """All looks at a share, in order."""
    with stage.session() as session:
        chosen = select(Inspection).where(Inspection.share_id == share_id).order_by(Inspection.id)
        return list(session.scalars(chosen))


def evidence(stage: Stage, share_id: int) -> list[Evidence]:
    """The evidence of a share, in order."""
    with stage.session() as session:
        chosen = select(Evidence).where(Evidence.share_id == share_id).order_by(Evidence.id)
        return list(session.scalars(chosen))


def state(stage: Stage, share_id: int) -> str:
    """What became of a share so far."""
    with stage.session() as session:
        return session.get_one(Share, share_id).status


def judge(stage: Stage, who: Chatter, act: Callable[..., object] = verdicts.accept, *more: str) -> int:
    """Takes what is next and decides it; the share's id."""
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.person_id)
        look = worklists.take(session, person, stage.now, stage.programme)
        assert look is not None, "nothing waits"
        act(session, look, person, stage.now, stage.programme, *more)
        return look.share_id


def appeal(stage: Stage, who: Chatter, share_id: int, words: str = "Itu memang unggahan saya.") -> None:
    """Somebody objects to what became of a share."""
    with stage.session() as session, session.begin():
        person, share = session.get_one(Person, who.person_id), session.get_one(Share, share_id)
        verdicts.appeal(session, share, person, words, stage.now, stage.programme)
