"""What the sender has taken and may not send after all: openers nobody needs, and accounts that are being
written at that very moment."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.messages import outbox
from models.messages.outbox import Outbound
from models.people import people, senders
from models.releases import rerouting
from models.sending import gates, sending
from models.sending.recording import Outcome
from models.whatsapp import openers, portfolio, prices, templates, windows
from tests import scene, windowed
from tests.chat import Stage
from tests.opening import crowd, programme

NUMBER = "+6281317036688"


def change(stage: Stage, name: str, state: str) -> None:
    """A template fares so at the provider."""
    with stage.session() as session, session.begin():
        found = templates.known(session, name)
        assert found is not None
        templates.checked(session, found, state, stage.now)


def a_waiting_notice(stage: Stage) -> Outbound:
    """Somebody who has not written for long; the opener to them, which is planned."""
    windowed.approve(stage)
    windowed.person(stage, "Siti Rahma", NUMBER)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER)
    assert windowed.take(stage) == []
    return opener(stage)


def opener(stage: Stage) -> Outbound:
    return scene.rows(stage, Outbound.part == openers.PART)[-1]


@pytest.mark.parametrize("state", [templates.REJECTED, templates.PAUSED, templates.DISABLED, templates.NEW])
def test_an_opener_whose_template_may_not_be_sent_any_more_goes_back_and_is_asked_anew(
    stage: Stage, state: str
) -> None:
    a_waiting_notice(stage)
    change(stage, openers.NEWS, state)
    assert windowed.take(stage) == []
    assert (opener(stage).status, opener(stage).reason) == (outbox.CANCELLED, openers.UNUSABLE)
    assert windowed.found(stage, "a").status == outbox.WAITING
    stage.later(minutes=1)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 0
    change(stage, openers.NEWS, templates.APPROVED)
    with stage.session() as session, session.begin():
        assert openers.keep(session, stage.now, stage.programme) == 1
    assert [row.part for row in windowed.take(stage)] == [openers.PART]


def test_a_template_that_was_deleted_is_not_sent_either(stage: Stage) -> None:
    a_waiting_notice(stage)
    with stage.session() as session, session.begin():
        found = templates.known(session, openers.NEWS)
        session.delete(found)
    assert windowed.take(stage) == []
    assert windowed.found(stage, "a").status == outbox.WAITING


def test_an_opener_to_an_open_window_is_not_sent(stage: Stage) -> None:
    a_waiting_notice(stage)
    with stage.session() as session, session.begin():
        found = people.account(session, "whatsapp", NUMBER)
        assert found is not None
        people.heard([(found, stage.now)])  # and nobody has said so to the outbox yet
    assert windowed.take(stage) == []
    assert (opener(stage).status, opener(stage).reason) == (outbox.CANCELLED, "opened")
    with stage.session() as session, session.begin():
        assert windows.found_open(session, stage.now) == 1


def test_openers_that_are_put_back_cost_once_where_they_are_due(stage: Stage) -> None:
    stage.programme = programme(limit=2)
    windowed.approve(stage)
    addresses = crowd(stage, 4)
    with stage.session() as session, session.begin():
        asked = [openers.Wanted(one, openers.NEWS, 1, None, None, None) for one in addresses[:2]]
        openers.send(session, stage.now, asked, stage.programme)
    windowed.deliver(stage)
    with stage.session() as session, session.begin():
        for one in addresses[2:]:  # as if there had been room when they were planned
            more = {"op": "template", "part": openers.PART, "target": openers.NEWS}
            windowed.write(session, stage.now, f"opener:whatsapp:{one}:1", one, **more)
        assert prices.committed(session, stage.now, stage.programme) == 400
    assert windowed.take(stage) == []
    with stage.session() as session:
        assert prices.committed(session, stage.now, stage.programme) == 400
        assert prices.spent(session, stage.now.date(), stage.programme) == 200


def test_of_openers_beyond_the_limit_the_least_urgent_go_back(stage: Stage) -> None:
    stage.programme = programme(limit=2)
    windowed.approve(stage)
    first, second, third = crowd(stage, 3)
    with stage.session() as session, session.begin():
        for one, template, priority in (
            (first, openers.REMINDER, outbox.Priority.BULK),
            (second, openers.CONTENT, outbox.Priority.BULK),
            (third, openers.NEWS, outbox.Priority.NOTICE),
        ):
            more = {"op": "template", "part": openers.PART, "target": template, "priority": priority}
            windowed.write(session, stage.now, f"opener:whatsapp:{one}:1", one, **more)
    assert {row.address for row in windowed.take(stage)} == {second, third}


def test_openers_that_are_put_back_beyond_their_end_are_taken_back(stage: Stage) -> None:
    stage.programme = programme(limit=1)
    windowed.approve(stage)
    first, second = crowd(stage, 2)
    with stage.session() as session, session.begin():
        for one in (first, second):
            more = {"op": "template", "part": openers.PART, "target": openers.NEWS}
            more["expires_at"] = stage.now + timedelta(hours=2)  # type: ignore[assignment]
            windowed.write(session, stage.now, f"opener:whatsapp:{one}:1", one, **more)
    assert [row.address for row in windowed.take(stage)] == [first]
    assert (opener(stage).status, opener(stage).reason) == (outbox.CANCELLED, portfolio.NO_ROOM)


# -- many at once ----------------------------------------------------------------------------------


@pytest.fixture
def on_postgres(lasting_postgres: object) -> Stage:
    """A programme on PostgreSQL: SQLite has one writer, who meets nobody."""
    lasting_postgres.clean()  # type: ignore[attr-defined]
    return Stage(lasting_postgres.engine)  # type: ignore[attr-defined]


def test_an_account_that_is_being_written_is_not_waited_for(on_postgres: Stage) -> None:
    stage = on_postgres
    windowed.person(stage, "Siti Rahma", NUMBER)
    with stage.session() as session, session.begin():
        windowed.write(session, stage.now, "a", NUMBER)
    with stage.session() as press, press.begin():
        found = people.account(press, "whatsapp", NUMBER)
        assert found is not None
        people.heard([(found, stage.now)])
        windows.opened(press, stage.now, "whatsapp", [NUMBER])
        assert windowed.take(stage) == [], "it would wait for ever here"
        assert windowed.found(stage, "a").status == outbox.QUEUED
    assert [row.key for row in windowed.take(stage)] == ["a"]


def test_rows_that_the_sender_has_are_not_waited_for_by_who_writes(on_postgres: Stage) -> None:
    stage = on_postgres
    a_waiting_notice(stage)
    with stage.session() as sender, sender.begin():
        lease = stage.now + timedelta(minutes=1)
        (taken,) = sending.claim(sender, stage.now, "me", lease, limit=9, bulk=9)
        assert taken.part == openers.PART
        with stage.session() as press, press.begin():
            found = people.account(press, "whatsapp", NUMBER)
            assert found is not None
            people.heard([(found, stage.now)])
            assert windows.opened(press, stage.now, "whatsapp", [NUMBER]) == 1
        assert gates.through(sender, stage.now, [taken], stage.programme) == []
    assert (opener(stage).status, opener(stage).reason) == (outbox.CANCELLED, "opened")


class Rush:
    """Presses, a sender and reports, all at the same people at once; what went wrong is kept."""

    def __init__(self, stage: Stage, addresses: list[str]) -> None:
        self.stage, self.addresses = stage, addresses
        self.errors: list[BaseException] = []

    def run(self, *works: Callable[[random.Random], None]) -> None:
        threads = [
            threading.Thread(target=self._repeat, args=(work, seed)) for seed, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)

    def _repeat(self, work: Callable[[random.Random], None], seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(60):
                work(chance)
        except BaseException as error:
            self.errors.append(error)

    def press(self, chance: random.Random) -> None:
        """Some of them write; what they say takes back a notice of theirs, and makes an answer."""
        some = chance.sample(self.addresses, 6)
        with self.stage.session() as session, session.begin():
            found = senders.of(session, [("whatsapp", one) for one in some]).accounts
            people.heard((who, self.stage.now + timedelta(seconds=1)) for who in found.values())
            windows.opened(session, self.stage.now, "whatsapp", some)
            for one in some:
                outbox.cancel(session, Outbound.address == one, Outbound.part == "old", reason="answered")
                windowed.write(session, self.stage.now, f"to:{one}:{chance.random()}", one, part="old")
                windowed.write(session, self.stage.now, f"for:{one}:{chance.random()}", one)

    def forget(self, chance: random.Random) -> None:
        """Windows close again."""
        some = chance.sample(self.addresses, 6)
        with self.stage.session() as session, session.begin():
            windows.hold_accounts(session, [("whatsapp", one) for one in some])
            for one in some:
                windows.shut(session, self.stage.now + timedelta(seconds=2), "whatsapp", one)

    def send(self, chance: random.Random) -> None:
        """Claims, and records what became of it, as the sender does: a row fails, an account stops us."""
        rows = windowed.take(self.stage, 40)
        with self.stage.session() as session, session.begin():
            gone = [row for row in rows if chance.random() < 0.05]
            windows.hold_accounts(session, [("whatsapp", row.address) for row in gone])
        windowed.record(self.stage, [Outcome(row.id, row.key, outbox.SENT, f"SM{row.id}") for row in rows])
        for row in gone:
            with self.stage.session() as session, session.begin():
                windows.hold_accounts(session, [("whatsapp", row.address)])
                rerouting.blocked(session, self.stage.now, "whatsapp", row.address)
                found = people.account(session, "whatsapp", row.address)
                assert found is not None
                people.unblock(found)


def left(engine: Engine, *which: object) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Outbound).where(*which)) or 0  # type: ignore[arg-type]


def test_many_who_write_while_their_rows_are_taken_end_in_no_deadlock_and_nothing_is_lost(
    on_postgres: Stage,
) -> None:
    stage = on_postgres
    windowed.approve(stage)
    addresses = crowd(stage, 24)
    rush = Rush(stage, addresses)
    rush.run(rush.press, rush.press, rush.press, rush.send, rush.forget)
    assert rush.errors == []
    # They have all written, last: nothing may wait for a window now, and all of it goes out.
    with stage.session() as session, session.begin():
        found = senders.of(session, [("whatsapp", one) for one in addresses]).accounts
        people.heard((who, stage.now + timedelta(seconds=9)) for who in found.values())
        windows.opened(session, stage.now, "whatsapp", addresses)
        windows.found_open(session, stage.now)
    while windowed.deliver(stage):
        pass
    assert left(stage.engine, windows.waits()) == 0
    ended = (outbox.SENT, outbox.CANCELLED, outbox.FAILED)
    assert left(stage.engine, Outbound.status.not_in(ended)) == 0
    assert left(stage.engine, Outbound.status == outbox.SENT) > 200
