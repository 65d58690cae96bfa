"""Pictures of what somebody took back go soon, and so do the sheets for whoever looks at proofs."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.files.media import Store
from bot.outbound.library import Library, Paper
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import files
from models.people.people import Person
from models.proofs import proofs, retention, verdicts
from models.shares import findings, standings
from models.shares.findings import Seen
from models.shares.shares import Share
from tests import printing, proving
from tests.bot import filming
from tests.bot.files.test_janitor import housekeeping, media, proof, sweep
from tests.chat import Stage
from tests.proving import Prover

A_DAY = timedelta(days=1)


def withdraw(stage: Stage, who: Prover, share_id: int) -> None:
    with stage.session() as session, session.begin():
        person = session.get_one(Person, who.who.person_id)
        verdicts.withdraw(session, session.get_one(Share, share_id), person, stage.now)


def test_the_picture_of_what_was_taken_back_goes_after_some_days(
    stage: Stage, prover: Prover, tmp_path: Path
) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    gone = proof(stage, store, prover, filming.picture((300, 200)))
    kept = proof(stage, store, prover, filming.picture((301, 200)))
    proving.examine(stage, Seen(findings.SHOWS))
    stage.later(days=3)
    withdraw(stage, prover, 1)
    stage.now += timedelta(days=stage.programme.proofs.keep_withdrawn_days) - timedelta(hours=1)
    assert "0 pictures" in housekeeping(stage)
    stage.later(hours=2)
    assert "1 pictures" in housekeeping(stage)
    assert sweep(stage, store) == 1
    assert media(stage, gone).status == retention.GONE
    assert media(stage, kept).status == files.STORED


def test_what_went_to_another_share_stays(stage: Stage, prover: Prover, tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    numbers = [proof(stage, store, prover, filming.picture((300 + nth, 200))) for nth in range(2)]
    with stage.session() as session, session.begin():
        first, second = session.get_one(Share, 1), session.get_one(Share, 2)
        proofs.merge(session, second, first, stage.now)
        assert second.status == standings.WITHDRAWN
    stage.now += timedelta(days=stage.programme.proofs.keep_withdrawn_days + 1)
    assert "0 pictures" in housekeeping(stage)
    assert {media(stage, number).status for number in numbers} == {files.STORED}


@pytest.mark.anyio
async def test_a_sheet_goes_as_soon_and_is_made_anew_when_it_is_asked_for(
    stage: Stage, prover: Prover, tmp_path: Path
) -> None:
    store, clock, wakeups = Store(f"file://{tmp_path / 'media'}"), Clock(), Wakeups()
    clock.move_to(stage.now)
    wakeups.start()
    writer = Writer(stage.engine, wakeups)
    writer.start()
    made: list[str] = []

    def sheet(_session: object, about: str, _now: object) -> Paper:
        made.append(about)
        return Paper(filming.picture((310, 200)), "photo", "bukti-1.jpg", "image/jpeg", retention.PAIR)

    library = Library(stage.engine, writer, store, clock, printing.here(stage.engine, {"pair": sheet}))
    first = await library.report("pair:1:0")
    assert await library.report("pair:1:0") == first
    assert made == ["1:0"], "made once as long as it is kept"
    stage.now += timedelta(days=stage.programme.proofs.keep_withdrawn_days) + A_DAY
    assert "1 pictures" in housekeeping(stage)
    again = await library.report("pair:1:0")
    writer.close()
    assert again != first
    assert made == ["1:0", "1:0"]
    assert (media(stage, first).status, media(stage, again).status) == (retention.OVER, files.STORED)
