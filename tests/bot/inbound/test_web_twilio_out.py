"""What Twilio fetches and reports, over real HTTP: reports on our messages, and files of our store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.routing import Route

from bot.clock import Clock
from bot.files.links import Links
from bot.inbound import webhooks
from bot.inbound.intake import Intake
from bot.storage.wakeups import Wakeups
from bot.storage.writer import Writer
from bot.telemetry import metrics
from models.messages import files
from models.sending.callbacks import Report
from tests.bot.twilio_site import IN, PUBLIC, SM, STATUS, TOKEN, Fields, Site, refused, signature, site

pytestmark = pytest.mark.anyio
SITI = "+6281317036688"


@pytest.fixture
async def made(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    async with site(engine, database_url, tmp_path) as found:
        yield found


# -- reports on our messages -----------------------------------------------------------------------


def report(sid: str = SM, status: str = "delivered", code: str = "") -> list[tuple[str, str]]:
    return [("MessageSid", sid), ("MessageStatus", status), ("To", f"whatsapp:{SITI}"),
            *([("ErrorCode", code)] if code else [])]  # fmt: skip


async def test_a_signed_report_is_handed_over_and_answered(made: Site) -> None:
    assert (await made.bring(report(), STATUS))[0] == 204
    assert (await made.bring(report(status="undelivered", code="63016"), STATUS))[0] == 204
    assert made.reports == [
        Report(SM, "delivered", "", "", SITI),
        Report(SM, "undelivered", "63016", "", SITI),
    ]
    assert made.rows() == []


@pytest.mark.parametrize("name", ["SmsSid", "SmsMessageSid"])
async def test_a_report_may_have_the_old_names_alone(made: Site, name: str) -> None:
    assert (await made.bring([(name, SM), ("SmsStatus", "Delivered")], STATUS))[0] == 204
    both = [("MessageSid", "SM1"), (name, "SM2"), ("MessageStatus", "read"), ("SmsStatus", "sent")]
    assert (await made.bring(both, STATUS))[0] == 204
    assert made.reports == [Report(SM, "delivered"), Report("SM1", "read")]


async def test_the_reference_in_the_address_is_signed_with_it_and_handed_over(made: Site) -> None:
    query = "?ref=2f-9c1d07e4a2-1-3"
    assert (await made.bring(report(), STATUS, query=query))[0] == 204
    assert made.reports == [Report(SM, "delivered", "", "2f-9c1d07e4a2-1-3", SITI)]
    for proof in (
        signature(PUBLIC + STATUS, report()),
        signature(PUBLIC + STATUS + query[:-1] + "4", report()),
    ):
        assert (await made.post(report(), STATUS, {"X-Twilio-Signature": proof}, query))[0] == 403
    long = "?ref=" + "a" * 101
    assert (await made.bring(report("SM2"), STATUS, query=long))[0] == 400
    assert len(made.reports) == 1


async def test_reports_that_wait_together_are_handed_over_together(made: Site) -> None:
    answers = await asyncio.gather(*(made.bring(report(f"SM{n}"), STATUS) for n in range(100)))
    assert {answer[0] for answer in answers} == {204}
    assert {one[0] for one in made.reports} == {f"SM{n}" for n in range(100)}
    assert 0 < made.commits < 60


async def test_a_report_without_a_signature_is_refused(made: Site) -> None:
    before = refused()
    assert (await made.post(report(), STATUS))[0] == 403
    proof = {"X-Twilio-Signature": signature(PUBLIC + IN, report())}
    assert (await made.post(report(), STATUS, proof))[0] == 403
    assert made.reports == []
    assert refused() == before + 2


@pytest.mark.parametrize(
    "fields", [[], report(sid=""), report(status=""), report(status="x" * 101), report(code="6" * 101)]
)
async def test_what_is_no_report_is_refused_with_400(made: Site, fields: Fields) -> None:
    assert (await made.bring(fields, STATUS))[0] == 400
    assert made.reports == []


async def test_without_anybody_who_wants_reports_there_is_no_such_address(engine: Engine) -> None:
    writer = Writer(engine, Wakeups())
    twilio = webhooks.Twilio(Intake(writer, Clock(), "whatsapp"), TOKEN, PUBLIC)
    assert [route.path for route in twilio.routes() if isinstance(route, Route)] == [IN]


# -- our files -------------------------------------------------------------------------------------


async def test_a_file_is_given_to_whoever_has_its_link(made: Site) -> None:
    data = b"%PDF-1.4 " + b"isi " * 2_000_000
    number = made.add(data, "application/pdf", "Panduan minggu.pdf")
    url = made.links.make(number, "Panduan minggu.pdf", made.clock.now())
    status, headers, body = await made.get(url)
    assert (status, body) == (200, data)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(data))
    assert headers["Cache-Control"] == "private"
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers, body = await made.get(url, "HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(data))


async def test_a_table_of_rows_is_given_out_as_nothing_else(made: Site) -> None:
    number = made.add(b"kode;nama\r\n", "text/csv", "orang.csv")
    status, headers, body = await made.get(made.links.make(number, "orang.csv", made.clock.now()))
    assert (status, body) == (200, b"kode;nama\r\n")
    assert headers["Content-Type"].partition(";")[0] == "text/csv"


@pytest.mark.parametrize(
    ("mime", "name", "said"),
    [
        ("application/pdf", "Panduan minggu.pdf", 'attachment; filename="Panduan minggu.pdf"'),
        ("image/jpeg", "gambar.jpg", 'inline; filename="gambar.jpg"'),
        (
            "application/pdf", "Pétunjuk 東.pdf",
            "attachment; filename=\"P_tunjuk _.pdf\"; filename*=UTF-8''P%C3%A9tunjuk%20%E6%9D%B1.pdf",
        ),
        ("application/pdf", '../a"\r\nX-Evil: 1.pdf', 'attachment; filename="-a-X-Evil- 1.pdf"'),
        ("application/pdf", "", 'attachment; filename="as-linked.pdf"'),
    ],
)  # fmt: skip
async def test_a_file_says_under_which_name_it_is_shown(made: Site, mime: str, name: str, said: str) -> None:
    number = made.add(name.encode() + b"%PDF-1.4 isi", mime, name)
    url = made.links.make(number, "as linked.pdf", made.clock.now())
    for method in ("GET", "HEAD"):
        status, headers, _ = await made.get(url, method)
        assert (status, headers["Content-Disposition"]) == (200, said)
        assert "X-Evil" not in headers


async def test_a_link_that_is_forged_or_over_is_404_and_counted(made: Site) -> None:
    number = made.add(b"x" * 10, "application/octet-stream", "x")
    url = made.links.make(number, "x", made.clock.now())
    before = metrics.links_refused._value.get()
    other = Links("another-token", PUBLIC).make(number, "x", made.clock.now())
    for wrong in (other, url.replace(f"/{number}.", f"/{number + 1}."), f"{PUBLIC}/media/x/y"):
        assert (await made.get(wrong))[0] == 404
        assert (await made.get(wrong, "HEAD"))[0] == 404
    made.clock.offset = timedelta(hours=1, seconds=1)
    assert (await made.get(url))[0] == 404
    assert metrics.links_refused._value.get() == before + 7


async def test_a_file_that_is_not_kept_any_more_is_404(made: Site) -> None:
    number = made.add(b"y" * 10, "application/octet-stream", "x")
    url = made.links.make(number, "x", made.clock.now())
    assert (await made.get(made.links.make(number + 99, "x", made.clock.now())))[0] == 404
    with Session(made.engine) as session, session.begin():
        media = session.get_one(files.Media, number)
        made.store.delete(media.key)
    assert (await made.get(url))[0] == 404
    with Session(made.engine) as session, session.begin():
        session.get_one(files.Media, number).status = files.REMOTE
    assert (await made.get(url))[0] == 404


async def test_no_file_is_changed_by_anybody(made: Site) -> None:
    number = made.add(b"z" * 10, "application/octet-stream", "x")
    url = made.links.make(number, "x", made.clock.now())
    for method in ("POST", "PUT", "DELETE"):
        assert (await made.get(url, method))[0] == 405
