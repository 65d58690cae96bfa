"""Pictures of proofs are kept as long as the programme says; what was counted stays counted."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.files.janitor import Janitor
from bot.files.media import Store
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.messages import files
from models.messages.files import Media
from models.proofs import retention
from models.shares import findings
from models.shares.findings import Seen
from scheduler import jobs
from tests import proving
from tests.bot import filming
from tests.chat import Stage
from tests.proving import Prover


def proof(stage: Stage, store: Store, prover: Prover, data: bytes) -> int:
    """A proof whose file is in the store; its media id."""
    share_id = proving.shows(prover)
    media_id = proving.evidence(stage, share_id)[0].media_id
    assert media_id is not None
    kept = store.put(data, stage.now)
    with stage.session() as session, session.begin():
        files.stored(session, media_id, key=kept.key, sha256=kept.sha256, size=1, mime=kept.mime)
    return media_id


def housekeeping(stage: Stage) -> str:
    with stage.session() as session, session.begin():
        due = jobs.Due("housekeeping", f"{stage.now:%Y-%m-%dT%H}", stage.now)
        return jobs.run(session, due, stage.now, stage.programme)


def sweep(stage: Stage, store: Store) -> int:
    async def swept() -> int:
        wakeups = Wakeups()
        wakeups.start()
        writer = Writer(stage.engine, wakeups)
        writer.start()
        number = await Janitor(writer, store).sweep()
        writer.close()
        return number

    return asyncio.run(swept())


def media(stage: Stage, number: int) -> Media:
    with stage.session() as session:
        return session.get_one(Media, number)


def test_an_old_picture_goes_and_the_share_stays(stage: Stage, prover: Prover, tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    old = proof(stage, store, prover, filming.picture((300, 200)))
    key = media(stage, old).key
    proving.examine(stage, Seen(findings.SHOWS))
    stage.now += timedelta(weeks=stage.programme.proofs.keep_weeks) - timedelta(hours=1)
    assert "0 pictures" in housekeeping(stage)
    stage.now += timedelta(hours=2)
    new = proof(stage, store, prover, filming.picture((301, 200)))
    assert "1 pictures" in housekeeping(stage)
    assert sweep(stage, store) == 1
    assert (media(stage, old).status, media(stage, old).key) == (retention.GONE, "")
    assert not (tmp_path / "media" / key).exists()
    assert media(stage, new).status == files.STORED
    assert prover.record().shares == 2
    with stage.session() as session:
        copies = session.scalars(select(files.FileCopy.media_id)).all()
    assert old not in copies
    assert new in copies
    assert sweep(stage, store) == 0


def test_what_somebody_still_has_to_look_at_stays(stage: Stage, prover: Prover, tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    number = proof(stage, store, prover, filming.picture((300, 200)))
    proving.examine(stage, Seen(findings.UNSEEN))
    stage.now += timedelta(weeks=stage.programme.proofs.keep_weeks + 1)
    assert "0 pictures" in housekeeping(stage)
    assert media(stage, number).status == files.STORED


def test_content_that_a_newer_file_shares_stays_in_the_store(
    stage: Stage, prover: Prover, tmp_path: Path
) -> None:
    store, data = Store(f"file://{tmp_path / 'media'}"), filming.picture((300, 200))
    old = proof(stage, store, prover, data)
    proving.examine(stage, Seen(findings.SHOWS))
    stage.now += timedelta(weeks=stage.programme.proofs.keep_weeks, hours=1)
    new = proof(stage, store, prover, data)
    housekeeping(stage)
    assert sweep(stage, store) == 1
    assert media(stage, old).status == retention.GONE
    assert store.get(media(stage, new).key) == store.get(media(stage, new).key) != b""


def test_a_file_that_is_gone_already_is_no_error(stage: Stage, prover: Prover, tmp_path: Path) -> None:
    store = Store(f"file://{tmp_path / 'media'}")
    number = proof(stage, store, prover, filming.picture((300, 200)))
    proving.examine(stage, Seen(findings.SHOWS))
    stage.now += timedelta(weeks=stage.programme.proofs.keep_weeks, hours=1)
    housekeeping(stage)
    store.delete(media(stage, number).key)
    assert sweep(stage, store) == 1
    assert media(stage, number).status == retention.GONE
