"""The settings of WhatsApp, and what the doctor says about them."""

import asyncio
from pathlib import Path

import pytest

from bot.cli import operate
from bot.config import settings
from tests import commands, programs
from tests.bot.channels.twilio_server import SENDER, SID, TOKEN, created, refusal, serving

TELEGRAM = "123456789:AAEfictitiousTokenForTests_0123456789"
GOOD = {
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_WHATSAPP_FROM": SENDER,
    "PUBLIC_URL": "https://pesan.example.go.id",
}


def load(
    folder: Path, environ: dict[str, str], text: str = "", require: tuple[str, ...] = ()
) -> settings.Settings:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return settings.load(path, environ, require)


def test_the_fixed_names_are_heard(tmp_path: Path) -> None:
    whatsapp = load(tmp_path, GOOD | {"TWILIO_API_URL": "http://127.0.0.1:8099"}).whatsapp
    assert (whatsapp.account_sid, whatsapp.sender, whatsapp.api_url) == (SID, SENDER, "http://127.0.0.1:8099")
    assert whatsapp.auth_token.get_secret_value() == TOKEN
    assert (whatsapp.messages_per_second, whatsapp.in_flight) == (80, 128)


def test_the_token_is_a_secret_and_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    given = {name: value for name, value in GOOD.items() if name != "TWILIO_AUTH_TOKEN"}
    loaded = load(tmp_path, given | {"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")})
    assert TOKEN in loaded.secrets()
    assert TOKEN not in repr(loaded)
    with pytest.raises(settings.SettingsError, match="set the environment variable TWILIO_AUTH_TOKEN"):
        load(tmp_path, {}, f"whatsapp:\n  auth_token: {TOKEN}\n")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TWILIO_ACCOUNT_SID": "SK" + "0" * 32}, "the Account SID: AC and 32 digits"),
        ({"TWILIO_WHATSAPP_FROM": "+6281234567890"}, "written whatsapp:+6281234567890"),
        ({"TWILIO_WHATSAPP_FROM": "whatsapp:081234567890"}, "written whatsapp:+6281234567890"),
        ({"TWILIO_AUTH_TOKEN": "with space"}, "the Auth Token of the account"),
        ({"TWILIO_API_URL": "api.twilio.com"}, "an address such as https://"),
        ({"SATU_PESAN__WHATSAPP__IN_FLIGHT": "0"}, "1 or more"),
        ({"SATU_PESAN__WHATSAPP__MESSAGES_PER_SECOND": "0"}, "more than 0"),
        ({"SATU_PESAN__WHATSAPP__SENDR": "1"}, "did you mean sender?"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, environ: dict[str, str], expected: str) -> None:
    with pytest.raises(settings.SettingsError, match=r"whatsapp\.") as caught:
        load(tmp_path, environ)
    assert expected in str(caught.value)
    assert environ.get("TWILIO_AUTH_TOKEN", "-none-") not in str(caught.value)


def test_an_account_brings_the_rest_along_where_the_bot_is_to_run(tmp_path: Path) -> None:
    environ = {"TELEGRAM_TOKEN": TELEGRAM, "TWILIO_ACCOUNT_SID": SID}
    with pytest.raises(settings.SettingsError) as caught:
        load(tmp_path, environ, require=("TELEGRAM_TOKEN",))
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"):
        assert f"set the environment variable {name}" in str(caught.value)
    load(tmp_path, environ | GOOD, require=("TELEGRAM_TOKEN",))
    load(tmp_path, environ)  # an import of a roster needs none of them
    load(tmp_path, {"TELEGRAM_TOKEN": TELEGRAM}, require=("TELEGRAM_TOKEN",))


# -- the doctor ------------------------------------------------------------------------------------


def doctor(folder: Path, **environ: str) -> str:
    env = programs.environment(f"sqlite:///{folder / 'a.db'}", "http://127.0.0.1:1", folder) | environ
    return commands.told(env, "doctor").stdout


def test_the_doctor_says_nothing_of_whatsapp_where_there_is_none(tmp_path: Path) -> None:
    assert "WhatsApp" not in doctor(tmp_path)


@pytest.mark.anyio
async def test_the_doctor_asks_twilio_who_we_are(tmp_path: Path) -> None:
    account = {"sid": SID, "friendly_name": "Pemprov Jambi", "status": "active"}
    async with serving(created(1, **account)) as server:
        said = await asyncio.to_thread(lambda: doctor(tmp_path, **GOOD, TWILIO_API_URL=server.url))
    assert "✓ WhatsApp: the account Pemprov Jambi is active" in said
    assert "✓ WhatsApp: we write as +6281100001111" in said
    assert "✓ WhatsApp: Twilio brings messages to https://pesan.example.go.id/webhooks/twilio" in said
    async with serving(created(1, **(account | {"status": "suspended"}))) as server:
        said = await asyncio.to_thread(lambda: doctor(tmp_path, **GOOD, TWILIO_API_URL=server.url))
    assert "✗ WhatsApp: the account Pemprov Jambi is suspended" in said
    async with serving(refusal(401, 20003, "Authenticate")) as server:
        given = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": server.url}
        said = await asyncio.to_thread(lambda: doctor(tmp_path, **given))
    assert "✗ WhatsApp: Twilio refuses us: 20003" in said
    assert "✗ WhatsApp: set TWILIO_WHATSAPP_FROM" in said
    assert "✗ WhatsApp: PUBLIC_URL is empty" in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://pesan.jambiprov.go.id", True), ("https://pesan.jambiprov.go.id/satu", True),
        ("https://8.8.8.8", True), ("http://pesan.jambiprov.go.id", False), ("https://localhost", False),
        ("https://192.168.1.7", False), ("https://127.0.0.1:8080", False), ("https://[::1]", False),
        ("https://server.local", False), ("https://pesan_satu.example", False), ("", False),
    ],
)  # fmt: skip
def test_an_address_can_be_reached_by_twilio_or_not(url: str, public: bool) -> None:
    assert operate._is_public(url) is public
