"""Logs: what is in a record, and above all what never is."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.config.settings import Database, Logging, Settings, Telegram
from bot.telemetry import logs, redaction

TOKEN = "123456789:AAEfictitious-Token_ForTests0123456789"
SETTINGS = Settings(
    telegram=Telegram(token=SecretStr(TOKEN), webhook_secret=SecretStr("hook-secret-1")),
    database=Database(url=SecretStr("postgresql://bot:p%40ss%2Fword@db/satu")),
    logging=Logging(format="json"),
)
clean = redaction.redactor(SETTINGS.secrets())


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(SETTINGS, stream)
    yield stream
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(text: str) -> None:
    raise ValueError(text)


def test_a_record_is_one_json_object_with_time_event_and_bound_context(out: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(conversation=12)
    logs.logger("bot.inbound.worker").bind(channel="telegram").info("message handled", attempts=1)
    (record,) = records(out)
    assert record.pop("time").endswith("Z")
    assert record == {
        "event": "message handled",
        "level": "info",
        "logger": "bot.inbound.worker",
        "conversation": 12,
        "channel": "telegram",
        "attempts": 1,
    }


def test_third_party_records_come_the_same_way(out: io.StringIO) -> None:
    logging.getLogger("some.library").warning("called %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old thing", DeprecationWarning, stacklevel=1)
    first, second = records(out)
    assert first["logger"] == "some.library"
    assert first["event"] == "called https://api.telegram.org/bot[secret]/getMe"
    assert "old thing" in second["event"]


def test_the_level_is_kept_and_chatter_is_dropped(out: io.StringIO) -> None:
    logs.logger("x").debug("no")
    logging.getLogger("httpx").info("no")
    logging.getLogger("x").debug("no")
    assert out.getvalue() == ""


def test_an_exception_is_one_field_and_redacted(out: io.StringIO) -> None:
    try:
        fail(f"cannot reach /bot{TOKEN}/ for 197001011990031001 at 0813-1703-6688")
    except ValueError:
        logs.logger("x").exception("failed")
        logging.getLogger("y").exception("failed too")
    for record in records(out):
        assert "ValueError" in record["exception"]
        assert "Traceback" in record["exception"]
        for private in (TOKEN, "197001011990031001", "0813", "1703"):
            assert private not in json.dumps(record)


def test_what_ends_the_program_is_logged_and_redacted(out: io.StringIO) -> None:
    error = RuntimeError(f"token {TOKEN}")
    sys.excepthook(RuntimeError, error, None)
    (record,) = records(out)
    assert record["level"] == "critical"
    assert TOKEN not in out.getvalue()


def test_a_record_that_cannot_be_formatted_is_named_without_its_arguments(out: io.StringIO) -> None:
    root = logging.getLogger()  # pytest's own handlers raise instead
    root.handlers[:] = [
        handler for handler in root.handlers if type(handler).__module__ == "bot.telemetry.logs"
    ]
    logging.getLogger("careless").warning("%d messages", TOKEN)
    (record,) = records(out)
    assert record == {"event": "a log record could not be written", "logger": "careless"}


def test_a_console_shows_the_same_without_secrets() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    terminal = Terminal()
    try:
        logs.configure(SETTINGS.model_copy(update={"logging": Logging(format="auto")}), terminal)
        try:
            fail(TOKEN)
        except ValueError:
            logs.logger("x").exception("failed", nip="197001011990031001")
    finally:
        root.handlers[:], sys.excepthook = handlers, hook
        root.setLevel(level)
        structlog.reset_defaults()
        logging.captureWarnings(False)
    assert "ValueError" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")
    assert TOKEN not in terminal.getvalue()
    assert "197001011990031001" not in terminal.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
            "https://api.telegram.org/bot[secret]/send",
        ),
        (
            "https://api.telegram.org/file/bot987654321:AAHanotherToken12345/photos/1.jpg",
            "/file/[token]/photos",
        ),
        ("http://127.0.0.1:8081/bot1:x/getMe", "http://127.0.0.1:8081/bot[token]/getMe"),
        ("token=abc123", "token=[secret]"),
        ("X-Telegram-Bot-Api-Secret-Token: abcdef", "Secret-Token: [secret]"),
        ("{'password': 'hunter2'}", "'password': '[secret]'"),
        ("Authorization: Basic QUM6c2VjcmV0", "Basic [secret]"),
        ("bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "bearer [secret]"),
        ("?X-Amz-Signature=0a1b2c&x=1", "Signature=[secret]&x=1"),
        ("postgresql://bot:pa@ss/word@db:5432/satu", "postgresql://bot:[password]@db:5432/satu"),
        ("redis://:pw@host", "redis://:[password]@host"),
        ("the secret is hook-secret-1!", "the secret is [secret]!"),
        ("p@ss/word and p%40ss%2Fword", "[secret] and [secret]"),
        ("NIP 197001011990031001.", "NIP [nip]."),
        ("19700101 199003 1 001", "[nip]"),
        ("19700101.199003.1.001", "[nip]"),
        ("NIK 1571010101900001", "NIK [nik]"),
        ("+62 813-1703-6688", "[phone]"),
        ("6281317036688", "[phone]"),
        ("whatsapp:+6281317036688", "whatsapp:[phone]"),
        ("From=whatsapp%3A%2B6281317036688&x", "From=whatsapp%3A%2B[phone]&x"),
        ("0813.1703.6688", "[phone]"),
        ("081317036688", "[phone]"),
        ("hp081317036688", "hp[phone]"),
        ("(0813) 1703 6688", "([phone]"),
        ("+62 (813) 1703-6688", "[phone]"),
        ("+44 20 7946 0958", "[phone]"),
        ("81317036688,Siti", "[phone],Siti"),
        ("https://wa.me/6281317036688?text=x", "https://wa.me/[phone]?text=x"),
    ],
)
def test_a_private_thing_is_taken_out_of_a_text(text: str, expected: str) -> None:
    assert expected in clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "chat 5123456789",
        "group -1001234567890",
        "2026-11-25T06:00:00.123456+00:00",
        "2026-11-25 13:00:00",
        "release:17:person:934",
        "sent 15.000 of 15.000 in 508,5 s",
        "sqlite:///data/satu-pesan.db",
        "http://127.0.0.1:8080/health",
        "file data/media/ab/cdef.jpg, 1080x1920",
        "version 22.8, python 3.11.7",
    ],
)
def test_what_is_not_private_stays(text: str) -> None:
    assert clean(text) == text


def test_private_things_are_found_in_every_shape_of_value() -> None:
    class Odd:
        def __repr__(self) -> str:
            return f"<Odd {TOKEN}>"

    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    nest: Any = "081317036688"
    for _ in range(20):
        nest = [nest]
    value = {
        "list": ["081317036688", ("197001011990031001",), {"081317036688"}],
        "081317036688": 1,
        "phone": 81317036688,
        "nip": "anything",
        "no_hp": ["x"],
        "number": 197001011990031001,
        "mobile": 6281317036688,
        "bytes": TOKEN.encode(),
        "odd": Odd(),
        "broken": Broken(),
        "error": ValueError(TOKEN),
        "secret": SecretStr("topsecret"),
        "deep": nest,
        "count": 15000,
        "share": 0.5,
        "done": True,
        "nothing": None,
    }
    cleaned = clean(value)
    shown = json.dumps(cleaned)
    for private in (TOKEN, "081317036688", "81317036688", "197001011990031001", "topsecret"):
        assert private not in shown
    assert (cleaned["count"], cleaned["share"], cleaned["done"], cleaned["nothing"]) == (
        15000,
        0.5,
        True,
        None,
    )
    assert cleaned["nip"] == cleaned["phone"] == "[private]"


gaps = st.sampled_from(["", " ", ".", "-"])
words = st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=12)


@given(words, words, gaps, st.from_regex(r"\A8[1-9]\d{8,10}\Z"), st.sampled_from(["+62", "62", "0", "0062"]))
def test_no_way_of_writing_a_phone_survives(before: str, after: str, gap: str, rest: str, lead: str) -> None:
    number = gap.join([f"{lead}{rest[:3]}", rest[3:7], rest[7:]])
    assert rest[-6:] not in clean(f"{before} {number} {after}").replace(gap, "")


@given(words, words, gaps, st.from_regex(r"\A(19|20)\d{6}(19|20)\d{4}[12]\d{3}\Z"))
def test_no_way_of_writing_a_nip_survives(before: str, after: str, gap: str, nip: str) -> None:
    written = gap.join([nip[:8], nip[8:14], nip[14], nip[15:]])
    assert "[nip]" in clean(f"{before} {written} {after}")


@given(st.dictionaries(st.text(max_size=20), st.one_of(st.text(), st.integers(), st.floats(), st.binary())))
def test_no_record_can_break_the_log(context: dict[str, Any]) -> None:
    json.dumps(clean(context))
