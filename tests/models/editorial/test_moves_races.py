"""Two people at the same moment, each in a transaction of their own: one outcome, and a true sentence."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from models.content import drafts
from models.content.content import Item
from models.content.states import APPROVED, CHECKED, DRAFT, EDITED, RETURNED, SUBMITTED
from models.editorial import moves, renewals
from models.people.people import Person
from models.refused import Refused
from tests.casting import PROGRAMME, cast, go, past, submitted, trail, written
from tests.chat import WEDNESDAY, Stage

ROUNDS = 4
Try = Callable[[Session], None]


def compete(stage: Stage, tries: Sequence[Try]) -> list[str]:
    """What became of things that begin at the same moment: "done", or the key of the refusal."""
    gate = threading.Barrier(len(tries))

    def one(attempt: Try) -> str:
        gate.wait(timeout=30)
        try:
            with stage.session() as session, session.begin():
                attempt(session)
        except Refused as refused:
            return refused.key
        return "done"

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def step(number: int, act: str, who: int) -> Try:
    return lambda session: go(session, session.get_one(Item, number), act, session.get_one(Person, who))


Two = list[Person]


def staff(session: Session, opd: str) -> tuple[Person, Two, Two, Two]:
    """An author, and two of each kind of reviewer."""

    def two(role: str, home: str) -> Two:
        return [cast(session, f"{role} {n}", role, opd=home) for n in (1, 2)]

    author = cast(session, "Siti", "creator", opd=opd)
    return author, two("editor", opd), two("tag", "BAPPEDA"), two("controller", "BAPPEDA")


@pytest.mark.parametrize(
    ("passed", "act", "state"), [(0, "endorse", EDITED), (1, "score", CHECKED), (2, "approve", APPROVED)]
)
def test_of_two_reviewers_at_the_same_moment_one_decides(
    stage: Stage, passed: int, act: str, state: str
) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, *kinds = staff(session, f"OPD{round_}")
            item = past(session, submitted(session, author), *(kind[0] for kind in kinds[:passed]))
            kind = kinds[passed]
            rows, number, who = len(trail(session, item)), item.id, [person.id for person in kind]
        outcome = compete(stage, [step(number, act, person) for person in who])
        assert sorted(outcome) == ["done", "reviewing.somebody_first"]
        with stage.session() as session:
            item = session.get_one(Item, number)
            assert (item.status, len(trail(session, item))) == (state, rows + 1)
            assert item.decided_by == who[outcome.index("done")]


def test_an_approval_and_a_return_at_the_same_moment_leave_one_of_them(stage: Stage) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, editors, judges, (budi, rudi) = staff(session, f"OPD{round_}")
            item = past(session, submitted(session, author), editors[0], judges[0])
            shown, number, pair = moves.seen(item), item.id, (budi.id, rudi.id)

        def decide(act: str, who: int, number: int = number, shown: moves.Seen = shown) -> Try:
            return lambda session: go(
                session, session.get_one(Item, number), act, session.get_one(Person, who), shown=shown
            )

        outcome = compete(stage, [decide("approve", pair[0]), decide("return", pair[1])])
        assert sorted(outcome) == ["done", "reviewing.somebody_first"]
        with stage.session() as session:
            status = session.get_one(Item, number).status
            assert status == (APPROVED if outcome[0] == "done" else RETURNED)


def test_an_author_takes_back_while_a_controller_approves(stage: Stage) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, editors, judges, (budi, _) = staff(session, f"OPD{round_}")
            item = past(session, submitted(session, author), editors[0], judges[0])
            number, who, siti = item.id, budi.id, author.id
        outcome = compete(stage, [step(number, "take_back", siti), step(number, "approve", who)])
        with stage.session() as session:
            item = session.get_one(Item, number)
            if outcome[0] == "done":
                assert (outcome[1], item.status) == ("reviewing.too_late", DRAFT)
            else:
                assert (outcome, item.status) == (["submitting.moved_on", "done"], APPROVED)
            assert [row.act for row in trail(session, item)].count("take_back") == int(outcome[0] == "done")


def test_of_two_items_for_one_week_approved_at_the_same_moment_one_is(stage: Stage) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, editors, judges, controllers = staff(session, f"OPD{round_}")
            provincial = round_ == 0
            if provincial:
                author = cast(session, "Pia", "creator", opd="PROV")
                editors = [cast(session, "Eva", "editor", opd="PROV")]
            items = [submitted(session, author, provincial=provincial) for _ in range(2)]
            for item in items:
                past(session, item, editors[0], judges[0])
            numbers, who = [item.id for item in items], [person.id for person in controllers]
        outcome = compete(
            stage, [step(number, "approve", by) for number, by in zip(numbers, who, strict=True)]
        )
        assert sorted(outcome) == ["done", "reviewing.week_taken"]
        with stage.session() as session:
            states = sorted(session.get_one(Item, number).status for number in numbers)
            assert states == [APPROVED, CHECKED]


def test_an_editor_who_changes_what_is_passed_on_in_that_moment_changes_it_before_or_not_at_all(
    stage: Stage,
) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, (ani, eva), *_ = staff(session, f"OPD{round_}")
            item = submitted(session, author)
            number, changing, passing = item.id, ani.id, eva.id

        def change(session: Session, number: int = number, changing: int = changing) -> None:
            by = session.get_one(Person, changing)
            drafts.fill(
                session, drafts.own(session, by, number), "title", "Judul baru dari editor", WEDNESDAY, by
            )

        outcome = compete(stage, [change, step(number, "endorse", passing)])
        with stage.session() as session:
            item = session.get_one(Item, number)
            acts = [row.act for row in trail(session, item)][2:]
            assert item.status == EDITED
            if outcome[0] == "done":
                assert (acts, item.edits) == (["amend", "endorse"], 1)
            else:
                assert outcome == ["submitting.not_to_edit", "done"]
                assert (acts, item.edits, item.title) == (["endorse"], 0, item.title)
                assert item.title != "Judul baru dari editor"


def test_two_editors_who_change_it_at_the_same_moment_are_both_counted(stage: Stage) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, editors, *_ = staff(session, f"OPD{round_}")
            number, who = submitted(session, author).id, [editor.id for editor in editors]

        def change(field: str, by: int, number: int = number) -> Try:
            def attempt(session: Session) -> None:
                person = session.get_one(Person, by)
                item = drafts.own(session, person, number)
                drafts.fill(session, item, field, "Kalimat baru dari editor kita.", WEDNESDAY, person)

            return attempt

        assert compete(stage, [change("what", who[0]), change("why", who[1])]) == ["done", "done"]
        with stage.session() as session:
            item = session.get_one(Item, number)
            assert (item.edits, item.status) == (2, SUBMITTED)
            assert item.what == item.why == "Kalimat baru dari editor kita."


def test_two_phones_of_one_author_begin_one_new_version(stage: Stage) -> None:
    for round_ in range(ROUNDS):
        with stage.session() as session, session.begin():
            author, *kinds = staff(session, f"OPD{round_}")
            item = past(session, submitted(session, author), *(kind[0] for kind in kinds))
            number, siti = item.id, author.id

        def begin(session: Session, number: int = number, siti: int = siti) -> None:
            found, by = session.get_one(Item, number), session.get_one(Person, siti)
            renewals.begin(session, found, by, WEDNESDAY, PROGRAMME)

        assert compete(stage, [begin, begin]) == ["done", "done"]
        with stage.session() as session:
            copies = session.query(Item).filter(Item.replaces_id == number).count()
            assert copies == 1


def test_an_item_is_sent_once_however_often_it_is_pressed_at_once(stage: Stage) -> None:
    with stage.session() as session, session.begin():
        author, *_ = staff(session, "OPD")
        item = written(session, author)
        number, siti = item.id, author.id
    outcome = compete(stage, [step(number, "submit", siti)] * 3)
    assert sorted(outcome) == ["done", "submitting.moved_on", "submitting.moved_on"]
    with stage.session() as session:
        assert session.get_one(Item, number).version == 1
