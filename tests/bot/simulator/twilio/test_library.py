"""Twilio's own library drives every operation that is played, and understands every answer."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from bot.simulator.process import ACCOUNT_SID, AUTH_TOKEN
from bot.simulator.twilio.rest import PLAYED
from bot.simulator.twilio.spec import OPERATIONS
from tests.bot.simulator.twilio.program import FROM, LIBRARY, Twilio


async def run(call: Callable[..., Any], *words: Any, **options: Any) -> Any:
    """The library blocks, the program of the test must not."""
    return await asyncio.to_thread(call, *words, **options)


def test_what_is_played_is_known_to_the_table() -> None:
    assert PLAYED.keys() | {"CreateMessage"} <= OPERATIONS.keys()


@pytest.mark.anyio
async def test_a_message_is_created_fetched_and_deleted(twilio: Twilio, siti: str) -> None:
    messages = twilio.client.messages
    made = await run(messages.create, to=f"whatsapp:{siti}", from_=FROM, body="Selamat pagi")
    assert (made.status, made.direction, made.body) == ("queued", "outbound-api", "Selamat pagi")
    assert (made.account_sid, made.api_version, made.num_segments) == (ACCOUNT_SID, "2010-04-01", "1")
    assert (made.from_, made.to, made.date_sent) == (FROM, f"whatsapp:{siti}", None)
    assert abs(made.date_created - datetime.now(UTC)) < timedelta(seconds=60)
    assert made.sid.startswith("SM")
    assert made.uri == f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{made.sid}.json"
    assert made.subresource_uris["media"].endswith(f"/{made.sid}/Media.json")
    await twilio.phones.answers(siti, 0)
    found = await run(messages(made.sid).fetch)
    assert (found.status, found.error_code, found.error_message) == ("delivered", None, None)
    assert found.date_sent is not None
    assert await run(messages(made.sid).delete)
    with pytest.raises(TwilioRestException) as error:
        await run(messages(made.sid).fetch)
    assert (error.value.status, error.value.code) == (404, 20404)
    assert [one["body"] for one in await twilio.phones.answers(siti, 0)] == ["Selamat pagi"]


@pytest.mark.anyio
async def test_a_message_under_way_can_not_be_deleted(twilio: Twilio, siti: str) -> None:
    await twilio.phones.settings(rate=0.01)
    sids = [await twilio.send(siti, body=f"pesan {number}") for number in range(2)]
    with pytest.raises(TwilioRestException) as error:
        await run(twilio.client.messages(sids[1]).delete)
    assert (error.value.status, error.value.code) == (409, 20009)


@pytest.mark.anyio
async def test_messages_are_listed_newest_first_page_by_page(twilio: Twilio, siti: str) -> None:
    messages = twilio.client.messages
    sent = [await twilio.send(siti, body=f"pesan {number}") for number in range(5)]
    await twilio.phones.answers(siti, 0, 5)
    mine = {"to": f"whatsapp:{siti}"}
    listed = await run(messages.list, **mine, page_size=2)
    assert [one.sid for one in listed] == sent[::-1]
    assert [one.sid for one in await run(messages.list, **mine, limit=3)] == sent[:1:-1]
    theirs = await run(messages.list, from_=f"whatsapp:{siti}")
    assert [(one.direction, one.status, one.body) for one in theirs] == [("inbound", "received", "halo")]
    assert await run(messages.list, **mine, from_=FROM, limit=1)
    assert not await run(messages.list, **mine, from_=f"whatsapp:{siti}")
    assert sent[-1] in [one.sid for one in await run(messages.list, limit=20)]


@pytest.mark.anyio
async def test_messages_are_found_by_the_time_of_sending(twilio: Twilio, siti: str) -> None:
    messages, mine = twilio.client.messages, {"to": f"whatsapp:{siti}"}
    await twilio.send(siti, body="sekarang")
    await twilio.phones.answers(siti, 0)
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert len(await run(messages.list, **mine, date_sent_after=now - hour)) == 1
    assert not await run(messages.list, **mine, date_sent_after=now + hour)
    assert len(await run(messages.list, **mine, date_sent_before=now + hour)) == 1
    assert not await run(messages.list, **mine, date_sent_before=now - hour)
    assert len(await run(messages.list, **mine, date_sent=now.date())) == 1
    assert not await run(messages.list, **mine, date_sent=now.date() - timedelta(days=2))


@pytest.mark.anyio
async def test_a_queued_message_has_no_date_of_sending(twilio: Twilio, siti: str) -> None:
    await twilio.phones.settings(rate=0.01)
    for number in range(2):
        await twilio.send(siti, body=f"pesan {number}")
    mine = {"to": f"whatsapp:{siti}"}
    await twilio.phones.answers(siti, 0)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert len(await run(twilio.client.messages.list, **mine)) == 2
    assert len(await run(twilio.client.messages.list, **mine, date_sent_after=hour_ago)) == 1


@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # aiohttp's words about the library
@pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated")
async def test_the_async_client_sends_too(twilio: Twilio, siti: str) -> None:
    async with AsyncTwilioHttpClient() as http:
        client = LIBRARY(ACCOUNT_SID, AUTH_TOKEN, http_client=http)
        client.api.base_url = twilio.url
        made = await client.messages.create_async(to=f"whatsapp:{siti}", from_=FROM, body="halo & +1%")
        listed = await client.messages.list_async(to=f"whatsapp:{siti}")
    assert [one.sid for one in listed] == [made.sid]
    assert (await twilio.phones.answers(siti, 0))[0]["body"] == "halo & +1%"


def quick(body: str, *titles: str, **variables: str) -> ContentList.ContentCreateRequest:
    actions = [{"title": title, "id": f"id.{number}"} for number, title in enumerate(titles)]
    return ContentList.ContentCreateRequest({
        "friendly_name": "konten_siap",
        "language": "id",
        "variables": {name[1:]: value for name, value in variables.items()},
        "types": {"twilio/quick-reply": {"body": body, "actions": actions}},
    })  # fmt: skip


@pytest.mark.anyio
async def test_a_template_is_created_listed_and_deleted(twilio: Twilio) -> None:
    contents = twilio.client.content.v1.contents
    made = [await run(contents.create, quick("Halo {{1}}, ini pesan.", "Ya", v1="Siti")) for _ in range(3)]
    assert made[0].sid.startswith("HX")
    assert (made[0].friendly_name, made[0].language, made[0].variables) == (
        "konten_siap",
        "id",
        {"1": "Siti"},
    )
    assert made[0].types == {
        "twilio/quick-reply": {"body": "Halo {{1}}, ini pesan.", "actions": [{"title": "Ya", "id": "id.0"}]}
    }
    assert made[0].links["approval_create"].endswith(f"{made[0].sid}/ApprovalRequests/whatsapp")
    assert (await run(contents(made[1].sid).fetch)).sid == made[1].sid
    listed = [one.sid for one in await run(contents.list, page_size=2, limit=3)]
    assert listed == [one.sid for one in reversed(made)]
    assert await run(contents(made[1].sid).delete)
    with pytest.raises(TwilioRestException) as error:
        await run(contents(made[1].sid).fetch)
    assert error.value.code == 20404


@pytest.mark.anyio
async def test_approval_goes_from_received_over_pending_to_approved(twilio: Twilio) -> None:
    await twilio.phones.settings(review=3600)
    contents = twilio.client.content.v1.contents
    made = await run(contents.create, quick("Halo {{1}}, konten pekan ini siap.", "Lihat", v1="Siti"))
    assert (await run(contents(made.sid).approval_fetch().fetch)).whatsapp["status"] == "unsubmitted"
    asked = ApprovalCreateList.ContentApprovalRequest({"name": "konten_siap", "category": "UTILITY"})
    # The library writes the fields it does not have as null.
    answer = await run(contents(made.sid).approval_create.create, asked)
    assert (answer.name, answer.category, answer.status) == ("konten_siap", "UTILITY", "received")
    assert answer.content_type == "twilio/quick-reply"
    seen = []
    for _ in range(3):
        fetched = await run(contents(made.sid).approval_fetch().fetch)
        seen.append((fetched.whatsapp["status"], fetched.whatsapp["rejection_reason"]))
        await twilio.phones.people.clock(advance=1900)
    assert seen == [("received", ""), ("pending", ""), ("approved", "")]
    both = await run(twilio.client.content.v1.content_and_approvals.list, limit=1)
    assert (both[0].sid, both[0].approval_requests["status"]) == (made.sid, "approved")


@pytest.mark.anyio
async def test_a_bad_template_is_rejected_with_its_reason(twilio: Twilio) -> None:
    await twilio.phones.settings(review=0)
    contents = twilio.client.content.v1.contents
    made = await run(contents.create, quick("{{1}}, konten pekan ini siap.", "Lihat", v1="Siti"))
    asked = ApprovalCreateList.ContentApprovalRequest({"name": "mulai", "category": "UTILITY"})
    await run(contents(made.sid).approval_create.create, asked)
    found = (await run(contents(made.sid).approval_fetch().fetch)).whatsapp
    assert found["status"] == "rejected"
    assert found["rejection_reason"] == "INVALID_FORMAT: a variable stands at the beginning or at the end"


@pytest.mark.anyio
async def test_media_is_listed_fetched_and_deleted(twilio: Twilio, siti: str, small: bytes) -> None:
    sid = await twilio.phones.photo(siti, small, "bukti")
    messages = twilio.client.messages
    listed = await run(messages(sid).media.list)
    assert [(one.content_type, one.parent_sid) for one in listed] == [("image/jpeg", sid)]
    one = messages(sid).media(listed[0].sid)
    assert (await run(one.fetch)).sid == listed[0].sid
    assert await run(one.delete)
    assert not await run(messages(sid).media.list)
    with pytest.raises(TwilioRestException) as error:
        await run(one.fetch)
    assert error.value.code == 20404
    assert (await run(messages(sid).fetch)).num_media == "0"
