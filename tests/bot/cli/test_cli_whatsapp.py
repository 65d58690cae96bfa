"""`whatsapp templates`: what is made at Twilio, what is asked there, and what the table has afterwards."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.channels import whatsapp_content, whatsapp_templates
from bot.clock import Clock
from bot.config import settings
from bot.outbound import approvals
from bot.outbound.approving import Approver
from bot.simulator import process
from bot.simulator.client import People
from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN, SENDER
from bot.simulator.twilio.client import Phones
from bot.storage import database
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from models.programme.programme import Programme
from models.whatsapp import openers, templates
from tests import programs
from tests.bot.template_site import Site, line, statuses

SHAPES = whatsapp_content.SHAPES
ALL = {*openers.NAMES, *SHAPES}
CONTENT, APPROVAL = "createcontent", "createapprovalcreate"
DEFINED = whatsapp_templates.load("Jambi")


@pytest.fixture(scope="module")
def simulator() -> Iterator[process.Started]:
    started = process.start(limiter="off", hold=0.2, twilio_webhook="http://127.0.0.1:9/inbound")
    yield started
    started.stop()


@pytest.fixture
async def site(
    anyio_backend: str, tmp_path: Path, simulator: process.Started, migrated: Path
) -> AsyncIterator[Site]:
    """Twilio without a template, where a review takes an hour unless somebody decides."""
    shutil.copy(migrated, tmp_path / "a.db")
    env = {
        **programs.environment(f"sqlite:///{tmp_path / 'a.db'}", "http://127.0.0.1:9", tmp_path),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{SENDER}",
        "TWILIO_API_URL": simulator.url,
    }
    auth = aiohttp.BasicAuth(ACCOUNT_SID, AUTH_TOKEN)
    async with People(simulator.url) as people, aiohttp.ClientSession(auth=auth) as session:
        made = Site(env, people, session)
        for one in await made.there():
            await made.delete(one["sid"])
        await Phones(people).settings(review=3600)
        yield made
        await people.call("DELETE", "/sim/faults")


@pytest.mark.anyio
async def test_the_first_run_makes_everything_and_submits_the_openers(site: Site) -> None:
    said = await site.run()
    assert f"{len(ALL)} made at Twilio, 0 there before; 4 submitted for approval." in said
    assert "Wait for WhatsApp's decision on konten, pengingat, rabuan, kabar" in said
    there, rows = await site.there(), site.rows()
    assert rows.keys() == ALL
    assert {row.content_sid for row in rows.values()} == {one["sid"] for one in there}
    assert len(there) == len(ALL)
    assert statuses(there) == {"received": 4, "unsubmitted": len(SHAPES)}
    for name, row in rows.items():
        assert row.content_sid in line(said, name)
        assert row.checked_at is not None
    assert line(said, "konten") == ["konten", "id", "utility", "pending", rows["konten"].content_sid]
    assert "usable needs no approval" in " ".join(line(said, "list-10-plain"))
    assert site.usable() == set(SHAPES)
    sids = {row.content_sid: name for name, row in rows.items()}
    for one in there:
        name, asked = sids[one["sid"]], one["approval_requests"]
        if name in openers.NAMES:
            assert one["types"] == DEFINED[name].types()
            assert (one["variables"], asked["category"]) == ({"1": "Siti R."}, "UTILITY")
            assert re.fullmatch(r"[a-z0-9_]+", asked["name"])
        else:
            assert one["types"] == whatsapp_content.types(name)


@pytest.mark.anyio
async def test_the_second_run_makes_nothing_and_shows_what_was_decided(site: Site) -> None:
    await site.run()
    before = {name: row.content_sid for name, row in site.rows().items()}
    await site.decide("konten", "approved")
    await site.decide("kabar", "rejected", "INVALID_FORMAT: [b]too[/b] short")
    await site.decide("rabuan", "paused")
    said = await site.run()
    assert f"0 made at Twilio, {len(ALL)} there before; 0 submitted" in said
    assert {name: row.content_sid for name, row in site.rows().items()} == before
    assert len(await site.there()) == len(ALL)
    assert line(said, "konten")[3] == "approved"
    assert "rejected INVALID_FORMAT: [b]too[/b] short" in " ".join(line(said, "kabar"))
    assert "Change the words of kabar in bot/channels/whatsapp_templates.yaml" in said
    rows = site.rows()
    assert rows["kabar"].reason == "INVALID_FORMAT: [b]too[/b] short"
    assert (rows["kabar"].state, rows["rabuan"].state) == (templates.REJECTED, templates.PAUSED)
    assert site.usable() == {"konten", *SHAPES}


@pytest.mark.anyio
async def test_without_submitting_nobody_is_asked_until_the_next_run(site: Site) -> None:
    said = await site.run("--no-submit")
    assert "0 submitted" in said
    assert "Run this again without --no-submit to ask for the approval of konten, " in said
    assert statuses(await site.there()) == {"unsubmitted": len(ALL)}
    assert "0 made at Twilio, 27 there before; 4 submitted" in await site.run()


@pytest.mark.anyio
async def test_a_changed_text_is_made_and_submitted_anew_beside_the_old_one(site: Site) -> None:
    await Phones(site.people).settings(review=0)
    assert "Everything is approved: nothing is left to do." in await site.run()
    assert site.usable() == ALL
    before = site.rows()
    await Phones(site.people).settings(review=3600)
    said = await site.run(SATU_PESAN__PROGRAMME__PROVINCE_SHORT="Jawa Barat")
    assert "4 made at Twilio, 23 there before; 4 submitted" in said
    after = site.rows()
    changed = {name for name in ALL if after[name].content_sid != before[name].content_sid}
    assert changed == set(openers.NAMES)
    assert site.usable() == set(SHAPES)
    there = await site.there()
    assert {row.content_sid for row in before.values()} < {one["sid"] for one in there}
    assert any("Pemerintah Provinsi Jawa Barat" in str(one["types"]) for one in there)
    assert statuses(there)["rejected"] == 0  # the names of the old ones are taken


@pytest.mark.anyio
async def test_what_was_deleted_at_twilio_is_made_again(site: Site) -> None:
    await site.run()
    await site.delete(site.rows()["buttons-1"].content_sid)
    assert "1 made at Twilio, 26 there before; 0 submitted" in await site.run()
    sids = {one["sid"] for one in await site.there()}
    assert {row.content_sid for row in site.rows().values()} == sids


@pytest.mark.anyio
async def test_a_run_that_breaks_off_stores_nothing_and_is_gone_on_with(site: Site) -> None:
    """After each of these so many are made and submitted at Twilio."""
    breaks = [
        ("listcontentandapprovals", "reset", "list the templates", 0, 0),
        (CONTENT, "timeout_after", "make konten", 1, 0),
        (APPROVAL, "500", "submit konten for approval", 27, 0),
        (APPROVAL, "timeout_after", "submit konten for approval", 27, 1),
        ("fetchapprovalfetch", "502", "tell the state of konten", 27, 1),
    ]
    for method, kind, what, made, submitted in breaks:
        await site.people.plan_fault(method, kind)
        said = await site.run(code=1)
        assert what in said
        assert "Nothing was stored; run this again later" in said
        assert site.rows() == {}
        there = await site.there()
        assert (len(there), statuses(there)["received"]) == (made, submitted)
    assert "0 made at Twilio, 27 there before; 3 submitted" in await site.run()
    there = await site.there()
    assert site.rows().keys() == ALL
    assert len({one["friendly_name"] for one in there}) == len(there) == len(ALL)
    assert statuses(there)["received"] == 4


@pytest.mark.anyio
async def test_a_failure_later_on_leaves_the_table_as_it_was(site: Site) -> None:
    await site.run()
    before = [(row.content_sid, row.version, row.checked_at) for row in site.rows().values()]
    await site.people.plan_fault(APPROVAL, "500")
    await site.run(code=1, SATU_PESAN__PROGRAMME__PROVINCE_SHORT="Jawa Barat")
    assert [(row.content_sid, row.version, row.checked_at) for row in site.rows().values()] == before


@pytest.mark.anyio
async def test_of_two_with_one_name_the_one_that_we_know_stays(site: Site) -> None:
    await site.run()
    konten = site.rows()["konten"].content_sid
    first = next(one for one in await site.there() if one["sid"] == konten)
    twin = {name: first[name] for name in ("friendly_name", "language", "variables", "types")}
    await site.post("Content", twin)
    assert "0 made at Twilio, 27 there before; 0 submitted" in await site.run()
    assert site.rows()["konten"].content_sid == konten
    with site.opened() as session, session.begin():
        for row in templates.everything(session):
            session.delete(row)
    assert "0 submitted" in await site.run()
    assert site.rows()["konten"].content_sid == konten  # which was submitted


@pytest.mark.anyio
async def test_another_category_at_whatsapp_is_shown(site: Site) -> None:
    await site.run("--no-submit")
    path = f"Content/{site.rows()['kabar'].content_sid}/ApprovalRequests/whatsapp"
    await site.post(path, {"name": "kabar_x", "category": "MARKETING"})
    said = await site.run()
    assert "3 submitted" in said
    assert "WhatsApp counts it as marketing." in " ".join(line(said, "kabar"))
    await site.run()
    rows = site.rows()
    assert (rows["kabar"].category, rows["konten"].category) == ("marketing", "utility")


@pytest.mark.anyio
async def test_what_hinders_it_is_one_sentence_and_exit_code_1(site: Site) -> None:
    said = await site.run(code=1, TWILIO_AUTH_TOKEN="another-token-that-is-wrong")
    assert "Twilio refuses to list the templates: 401" in said
    assert "look at TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN" in said
    away = f"http://127.0.0.1:{programs.free_port()}"
    said = await site.run(code=1, TWILIO_API_URL=away)
    assert "Twilio cannot be reached to list the templates (ConnectionError)" in said
    said = await site.run(code=1, TWILIO_AUTH_TOKEN="")
    assert "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN" in said
    assert site.rows() == {}
    assert await site.there() == []


@pytest.mark.anyio
async def test_the_program_asks_again_by_itself_and_nobody_has_to_run_the_command(site: Site) -> None:
    await site.run()
    engine = database.writing(database.url(site.env["DATABASE_URL"]))
    wakeups = Wakeups()
    wakeups.start()
    writer, clock = Writer(engine, wakeups), Clock()
    writer.start()
    whatsapp = settings.WhatsApp(
        account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN), api_url=site.env["TWILIO_API_URL"]
    )
    approver = Approver(writer, clock, whatsapp, Programme())
    try:
        assert await approver.sweep() == 0, "the command has just asked"
        await site.decide("konten", "approved")
        await site.decide("kabar", "rejected", "INVALID_FORMAT")
        clock.offset = timedelta(minutes=61)
        assert await approver.sweep() == 4, "the shapes of buttons need no approval"
        rows = site.rows()
        assert {name: rows[name].state for name in openers.NAMES} == {
            "konten": "approved", "kabar": "rejected", "pengingat": "pending", "rabuan": "pending",
        }  # fmt: skip
        assert rows["kabar"].reason == "INVALID_FORMAT"
        assert await approver.sweep() == 0
        clock.offset = timedelta(hours=3)
        await site.delete(rows["pengingat"].content_sid)
        await site.decide("rabuan", "paused")
        with pytest.raises(approvals.Unanswered, match="tell the state of pengingat"):
            await approver.sweep()
        assert site.rows()["rabuan"].state == "paused", "what Twilio does not know keeps no other back"
        clock.offset = timedelta(hours=5)
        approver.whatsapp = settings.WhatsApp(
            account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN), api_url="http://127.0.0.1:9"
        )
        with pytest.raises(approvals.Unanswered, match="not reached"):
            await approver.sweep()
    finally:
        writer.close()
        engine.dispose()
