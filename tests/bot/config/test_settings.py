"""Settings: the file, the environment on top, and every mistake named at once."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import settings
from models.programme.programme import Programme, WeekTime

ROOT = Path(__file__).parents[3]
TOKEN = "123456789:AAEfictitiousTokenForTests_0123456789"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str, environ: dict[str, str] | None = None, **more: Any) -> str:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(written(folder, text), environ or {}, **more)
    return str(caught.value)


def test_the_config_file_of_the_repository_shows_exactly_the_defaults() -> None:
    shown = settings.load(ROOT / "config.yaml", {})
    assert shown == settings.Settings()
    keys = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    for section, held in keys.items():
        model = type(getattr(shown, section))
        assert set(held) == set(model.model_fields) - {"token", "webhook_secret", "auth_token"}, section


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert settings.load(written(tmp_path, "telegram:\n"), {}) == settings.Settings()


def test_every_problem_is_listed_at_once_with_key_value_remedy_and_line(tmp_path: Path) -> None:
    text = """\
programme:
  release: "Wed 25:00"
  digest: "Rabu 07:30"
  remindrs: []
telegram:
  mode: pol
  in_flight: lots
web:
  port: 70000
"""
    message = refused(tmp_path, text, {"SATU_PESAN__SENDER__ATTEMPTS": "0"})
    assert message.splitlines()[0] == "7 settings need your attention:"
    for line in (
        "programme.release (config.yaml line 2) is 'Wed 25:00'; it should be a time from 00:00 to 23:59",
        "programme.digest (config.yaml line 3) is 'Rabu 07:30'; it should be a weekday and a time",
        "programme.remindrs (config.yaml line 4): there is no such setting; did you mean reminders?",
        "telegram.mode (config.yaml line 6) is 'pol'; it should be one of 'polling' or 'webhook'",
        "telegram.in_flight (config.yaml line 7) is 'lots'; it should be a whole number",
        "web.port (config.yaml line 9) is 70000; it should be 65535 or less",
        "sender.attempts (environment variable SATU_PESAN__SENDER__ATTEMPTS) is '0'; it should be 1 or more",
    ):
        assert line in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("telegramm: {}", "telegramm (config.yaml line 1): there is no such setting; did you mean telegram?"),
        ("worker: {lease_seconds: 5}", "lease_seconds belongs into the section sender"),
        ("web: {port: true}", "web.port (config.yaml line 1) is True; it should be a number"),
        ("web: [1, 2]", "web (config.yaml line 1) is [1, 2]; it should be a section"),
        ("web:\n  port: 1\n  port: 2", "line 3: web.port is set twice (first in line 2)"),
        ("web: {port: ", "config.yaml line 1: this is not YAML"),
        ("- a\n- b", "config.yaml line 1: the file must consist of"),
        ("web: {host: !!python/name:os.getcwd }", "this is not YAML"),
        ("web: &a [*a]", "config.yaml: this is not YAML"),
        ("programme: {time_zone: WIB}", "Asia/Jakarta"),
        ("programme: {started: 2026-W54}", "an ISO week that exists"),
        ("programme: {opens: 'Thu 07:30'}", "a week is named by the Wednesday that opens it"),
        ("programme: {consent_version: 2}", 'text; put it between quotes ("…")'),
        ("programme: {hashtags: ['#Jambi Mantap']}", "a hashtag of letters and digits in quotes"),
        ("programme: {hashtags: ['#2026']}", "a hashtag of letters and digits in quotes"),
        ("programme: {hashtags: [#JambiMantap]\n}", "this is not YAML"),
        ("content: {jargon: x}", "content.jargon (config.yaml line 1): there is no such setting"),
        ("content: {campaign_words: ''}", "content.campaign_words (config.yaml line 1) is empty"),
        (
            "content: {campaign_words: none.yaml}",
            "content.campaign_words is 'none.yaml'; it should be the path",
        ),
        ("programme: {province: ''}", "programme.province (config.yaml line 1) is empty"),
        ("telegram: {paid_broadcast: perhaps}", "true or false"),
        ("telegram: {api_url: api.telegram.org}", "an address such as https://"),
        ("telegram: {webhook_path: hooks}", "a path such as /webhooks/telegram"),
        ("storage: {media_url: data/media}", "file://data/media, s3://bucket/prefix"),
        ("database: {url: 'mysql://h/d'}", "'mysql://h/d'; it should be sqlite:///"),
        ("database: {url: 'sqlite://'}", "lost at the first restart"),
        ("database: {url: nonsense}", "sqlite:///data/satu-pesan.db or postgresql://"),
        (
            "programme:\n  reminders: ['Fri 21:00', 'Mon 06:59']",
            "programme.reminders (config.yaml line 2): Mon 06:59 falls into the quiet hours",
        ),
        ("programme: {reminders: ['Fri 10:00', 'Fri 11:00', 'Fri 12:00']}", "2 entries at the most"),
        ("programme: {reminders: ['Fri 10:00', 'Fri 10:00']}", "the same moment twice"),
        ("programme: {digest_until: '07:30'}", "a time later in the day than the digest (07:30)"),
        ("programme: {quiet_hours: {begin: '20:00', end: '20:00'}}", "begin and end at different times"),
        (
            "programme:\n  election: [{begin: 2027-06-30, until: 2027-06-01}]",
            "programme.election (config.yaml line 2) is",
        ),
        (
            "programme: {election: [{begin: 2027-06-30, until: 2027-06-01}]}",
            "a last day (until) that does not lie before the first one (begin)",
        ),
        ("programme: {election: [{begin: 2027-06-31, until: 2027-07-01}]}", "a date, written 2026-12-25"),
        ("programme: {election: [{begin: 2027-06-01}]}", "programme.election.until"),
        ("programme: {election: [{from: 2027-06-01, until: 2027-07-01}]}", "there is no such setting"),
        ("programme: {review_hours: 0}", "more than 0"),
        ("programme: {review_hours: 337}", "336.0 or less"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refused(tmp_path, text)


def test_a_missing_file_and_a_binary_file_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(settings.SettingsError, match="there is no file"):
        settings.load(tmp_path / "config.yaml", {})
    (tmp_path / "config.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(settings.SettingsError, match="cannot be read"):
        settings.load(tmp_path / "config.yaml", {})


def test_hashtags_may_be_written_without_their_mark(tmp_path: Path) -> None:
    environ = {"SATU_PESAN__PROGRAMME__HASHTAGS": "JambiMantap, #JambiSehat"}
    programme = settings.load(written(tmp_path, ""), environ).programme
    assert programme.hashtags == ("#JambiMantap", "#JambiSehat")
    assert settings.load(written(tmp_path, "programme: {hashtags: []}"), {}).programme.hashtags == ()


def test_an_unquoted_time_is_a_time_and_not_the_number_780(tmp_path: Path) -> None:
    text = "programme:\n  digest_until: 13:00\n  quiet_hours: {begin: 20:00, end: 07:00}\n"
    programme = settings.load(written(tmp_path, text), {}).programme
    assert programme.digest_until == dt.time(13, 0)
    assert programme.quiet_hours.begin == dt.time(20, 0)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "telegram: {in_flight: 5}\ndatabase: {url: 'sqlite:///a.db'}\n")
    environ = {
        "DATABASE_URL": "postgres://bot:s3cret@db/satu",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:8081",
        "PUBLIC_URL": "https://pesan.example",
        "SATU_PESAN__TELEGRAM__IN_FLIGHT": "17",
        "SATU_PESAN__TELEGRAM__PAID_BROADCAST": "yes",
        "SATU_PESAN__PROGRAMME__REMINDERS": "Thu 09:00, Mon 13:00",
        "SATU_PESAN__PROGRAMME__QUIET_HOURS__BEGIN": "21:00",
        "SATU_PESAN__WEB__HOST": "",
    }
    loaded = settings.load(path, environ)
    assert loaded.telegram.in_flight == 17
    assert loaded.telegram.paid_broadcast is True
    assert loaded.telegram.token.get_secret_value() == TOKEN
    assert loaded.telegram.api_url == "http://127.0.0.1:8081"
    assert loaded.web.public_url == "https://pesan.example"
    assert loaded.web.host == "127.0.0.1"  # an empty variable is no value
    assert loaded.programme.reminders == (WeekTime(3, dt.time(9)), WeekTime(0, dt.time(13)))
    assert loaded.programme.quiet_hours.begin == dt.time(21)
    assert loaded.database.url.get_secret_value() == "postgresql+psycopg://bot:s3cret@db/satu"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_psycopg_3(tmp_path: Path, scheme: str) -> None:
    loaded = settings.load(written(tmp_path, ""), {"DATABASE_URL": f"{scheme}://h/d"})
    assert loaded.database.url.get_secret_value() == "postgresql+psycopg://h/d"


def test_an_unknown_variable_with_our_prefix_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "", {"SATU_PESAN__WEB__PROT": "80"})
    assert "web.prot (environment variable SATU_PESAN__WEB__PROT)" in message
    assert "did you mean port?" in message


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", encoding="utf-8")
    loaded = settings.load(written(tmp_path, ""), {"TELEGRAM_TOKEN_FILE": str(tmp_path / "token")})
    assert loaded.telegram.token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TELEGRAM_TOKEN_FILE": "/nowhere/token"}, "a file that can be read (No such file or directory)"),
        ({"TELEGRAM_TOKEN_FILE": "/dev/null"}, "a file that is not empty"),
        ({"TELEGRAM_TOKEN_FILE": "/x", "TELEGRAM_TOKEN": TOKEN}, "TELEGRAM_TOKEN is set as well"),
    ],
)
def test_a_secret_file_that_gives_nothing_is_named(
    tmp_path: Path, environ: dict[str, str], expected: str
) -> None:
    message = refused(tmp_path, "", environ)
    assert "telegram.token (environment variable TELEGRAM_TOKEN_FILE)" in message
    assert expected in message


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        (f"telegram: {{token: '{TOKEN}'}}", "TELEGRAM_TOKEN"),
        ("telegram: {webhook_secret: topsecret}", "TELEGRAM_WEBHOOK_SECRET"),
        ("database: {url: 'postgresql://bot:topsecret@db/satu'}", "DATABASE_URL"),
    ],
)
def test_a_secret_in_the_file_is_refused_with_advice_and_not_repeated(
    tmp_path: Path, text: str, variable: str
) -> None:
    message = refused(tmp_path, text)
    assert f"set the environment variable {variable}, or {variable}_FILE" in message
    assert "config.yaml line 1" in message
    assert "topsecret" not in message
    assert TOKEN not in message


def test_a_wrong_secret_is_never_shown(tmp_path: Path) -> None:
    environ = {"TELEGRAM_TOKEN": "hunter two", "DATABASE_URL": "mysql://bot:hunter@db/satu"}
    message = refused(tmp_path, "", {**environ, "SATU_PESAN__WEB__APIKEY_TOKEN": "hunter"})
    assert "telegram.token (environment variable TELEGRAM_TOKEN)" in message
    assert "database.url (environment variable DATABASE_URL)" in message
    assert "hunter" not in message


def test_what_a_command_needs_is_asked_for_by_name(tmp_path: Path) -> None:
    message = refused(tmp_path, "telegram: {mode: webhook}", require=["TELEGRAM_TOKEN"])
    assert message.splitlines()[0] == "3 settings need your attention:"
    assert "telegram.token: is missing; set the environment variable TELEGRAM_TOKEN, or" in message
    assert "web.public_url: is missing; set the environment variable PUBLIC_URL" in message
    assert "telegram.webhook_secret: is missing" in message
    assert settings.load(written(tmp_path, "telegram: {mode: webhook}"), {}).telegram.mode == "webhook"


def test_printing_the_settings_shows_no_secret(tmp_path: Path) -> None:
    environ = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "hook-secret",
        "DATABASE_URL": "postgresql://bot:pass%40word@db/satu",
    }
    loaded = settings.load(written(tmp_path, ""), environ)
    for shown in (repr(loaded), str(loaded), loaded.model_dump_json()):
        assert TOKEN not in shown
        assert "hook-secret" not in shown
        assert "pass" not in shown.replace("satu-pesan", "")
    assert set(loaded.secrets()) == {TOKEN, "hook-secret", "pass@word"}


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.Settings().web.port = 1  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        Programme().province = "x"  # type: ignore[misc]
