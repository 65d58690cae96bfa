"""What an operator may decide: config.yaml, overridden by the environment.

    settings = load(Path("config.yaml"), os.environ, require=["TELEGRAM_TOKEN"])

Secrets come from the environment or from files (`NAME_FILE`) only, and are `SecretStr`: printing the
settings never shows them.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.config import config_file, settings_problems, settings_sources, wordlists
from bot.config.settings_problems import Problem
from models.programme.programme import Programme

__all__ = ["Programme", "Settings", "SettingsError", "load"]


class SettingsError(Exception):
    """The settings cannot be used; `problems` lists everything that is wrong, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        one = len(problems) == 1
        lines = [f"{len(problems)} {'setting needs' if one else 'settings need'} your attention:"]
        super().__init__("\n".join([*lines, *(f"  - {problem}" for problem in problems)]))


def _number(value: Any) -> Any:
    if isinstance(value, bool):  # Python counts True as 1
        raise PydanticCustomError("impossible", "{expected}", {"expected": "a number"})
    return value


Whole = Annotated[int, BeforeValidator(_number)]
Amount = Annotated[float, BeforeValidator(_number)]


def _database(secret: SecretStr) -> SecretStr:
    """`postgres://` and `postgresql://` mean psycopg 3; only the two engines that are tested are taken."""
    try:
        url = make_url(secret.get_secret_value())
    except ArgumentError:
        url = None
    expected = "sqlite:///data/satu-pesan.db or postgresql://user:password@host/name"
    if url is None:
        raise PydanticCustomError("impossible", "{expected}", {"expected": expected})
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        url = url.set(drivername="postgresql+psycopg")
    elif url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise PydanticCustomError("impossible", "{expected}", {"expected": expected})
    elif url.database in {None, "", ":memory:"}:
        expected = "the path of a file: what is only in memory is lost at the first restart"
        raise PydanticCustomError("impossible", "{expected}", {"expected": expected})
    return SecretStr(url.render_as_string(hide_password=False))


def _matching(pattern: str, expected: str) -> AfterValidator:
    def check(value: Any) -> Any:
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if plain and not re.fullmatch(pattern, plain):
            raise PydanticCustomError("impossible", "{expected}", {"expected": expected})
        return value

    return AfterValidator(check)


_HTTP = r"https?://[^\s/@?#]+(?:/[^\s?#]*[^\s?#/])?"
HttpUrl = Annotated[
    str, _matching(_HTTP, "an address such as https://pesan.jambiprov.go.id, no slash at the end")
]
_TOKEN = "what BotFather gave you: digits, a colon, and letters"  # noqa: S105 (a sentence)
_WEBHOOK = "1 to 256 of the characters A-Z a-z 0-9 _ - (Bot API, setWebhook)"
_ACCOUNT = "the Account SID: AC and 32 digits and letters a to f"
_SENDER = "our number at WhatsApp, written whatsapp:+6281234567890"
_STORE = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[\w.-]+)*"
_STORE_IS = "a host, and the beginning of a path on it: mms.twiliocdn.com, without https://"
_MEDIA = "file://data/media, s3://bucket/prefix or gs://bucket/prefix"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Content(_Section):
    """Files with lists of words, relative paths begin in the project's folder; whether the sources of items
    are opened once, which needs a way out into the world."""

    campaign_words: str = Field("bot/words/campaign.yaml", min_length=1)
    jargon_words: str = Field("bot/words/jargon.yaml", min_length=1)
    check_links: bool = True


class Database(_Section):
    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("sqlite:///data/satu-pesan.db")
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    pool_size: Whole = Field(10, ge=1, le=200)


class Telegram(_Section):
    token: Annotated[SecretStr, _matching(r"\d+:[\w-]+", _TOKEN)] = SecretStr("")
    webhook_secret: Annotated[SecretStr, _matching(r"[A-Za-z0-9_-]{1,256}", _WEBHOOK)] = SecretStr("")
    mode: Literal["polling", "webhook"] = "polling"
    api_url: HttpUrl = Field("https://api.telegram.org", min_length=1)
    webhook_path: Annotated[str, _matching(r"/[\w/-]*", "a path such as /webhooks/telegram")] = (
        "/webhooks/telegram"
    )
    messages_per_second: Amount = Field(30, gt=0, le=5000)
    per_chat_per_second: Amount = Field(1, gt=0, le=30)
    per_group_per_minute: Amount = Field(20, gt=0, le=600)
    paid_broadcast: bool = False
    in_flight: Whole = Field(256, ge=1, le=2000)


class WhatsApp(_Section):
    """WhatsApp by Twilio; without `account_sid` there is none.

    `media_hosts` are where Twilio keeps the files that people sent, and redirects to, each with the beginning
    of the path where others have files on the same host
    (help.twilio.com/articles/223183748: mms.twiliocdn.com for accounts that protect their media, else S3).
    """

    account_sid: Annotated[str, _matching(r"AC[0-9a-fA-F]{32}", _ACCOUNT)] = ""
    auth_token: Annotated[SecretStr, _matching(r"[\w-]{8,}", "the Auth Token of the account")] = SecretStr("")
    sender: Annotated[str, _matching(r"whatsapp:\+[1-9]\d{6,14}", _SENDER)] = ""
    api_url: HttpUrl = ""
    messages_per_second: Amount = Field(80, gt=0, le=1000)
    in_flight: Whole = Field(128, ge=1, le=1000)
    settle_seconds: Amount = Field(60, ge=1, le=600)
    media_hosts: tuple[Annotated[str, _matching(_STORE, _STORE_IS)], ...] = (
        "mms.twiliocdn.com",
        "s3-external-1.amazonaws.com/media.twiliocdn.com",
    )

    @property
    def number(self) -> str:
        """Our number, in digits as links have it; "" for none."""
        return self.sender.removeprefix("whatsapp:+")


class Worker(_Section):
    batch: Whole = Field(32, ge=1, le=1000)
    at_once: Whole = Field(2, ge=1, le=16)
    attempts: Whole = Field(5, ge=1, le=100)
    backoff_seconds: Amount = Field(5, gt=0, le=3600)


class Sender(_Section):
    lease_seconds: Amount = Field(60, ge=5, le=3600)
    attempts: Whole = Field(8, ge=1, le=100)
    backoff_seconds: Amount = Field(5, gt=0, le=3600)
    backoff_cap_seconds: Amount = Field(900, gt=0, le=86_400)


class Release(_Section):
    pause_failures: Amount = Field(0.2, gt=0, le=1)
    pause_least: Whole = Field(50, ge=1, le=200)


class Storage(_Section):
    media_url: Annotated[str, _matching(r"(?:file|s3|gs|az)://\S+", _MEDIA)] = Field(
        "file://data/media", min_length=1
    )
    max_bytes: Whole = Field(20_000_000, ge=100_000, le=2_000_000_000)
    at_once: Whole = Field(2, ge=1, le=64)


class Web(_Section):
    host: str = Field("127.0.0.1", min_length=1)
    port: Whole = Field(8080, ge=0, le=65_535)
    public_url: HttpUrl = ""
    refused_alarm: Whole = Field(20, ge=1, le=1_000_000)
    refused_minutes: Whole = Field(10, ge=1, le=1440)


class Logging(_Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class Settings(_Section):
    """Everything that may be decided, by section; each section can be read alone."""

    programme: Programme = Programme()
    content: Content = Content()
    database: Database = Database()
    telegram: Telegram = Telegram()
    whatsapp: WhatsApp = WhatsApp()
    worker: Worker = Worker()
    sender: Sender = Sender()
    release: Release = Release()
    storage: Storage = Storage()
    web: Web = Web()
    logging: Logging = Logging()

    def secrets(self) -> tuple[str, ...]:
        """The plain values that no log may show: tokens, and the password of the database."""
        password = make_url(self.database.url.get_secret_value()).password
        held = (self.telegram.token, self.telegram.webhook_secret, self.whatsapp.auth_token)
        plain = (secret.get_secret_value() for secret in held)
        return tuple(secret for secret in (*plain, password or "") if secret)


def load(path: Path, environ: Mapping[str, str], require: Collection[str] = ()) -> Settings:
    """The settings of `path` (a YAML file), overridden by `environ`.

    `require` names secrets that this command cannot do without ("TELEGRAM_TOKEN"); when Telegram's
    webhook is chosen, its token brings TELEGRAM_WEBHOOK_SECRET and PUBLIC_URL along; so does a Twilio
    account bring its token, our number and PUBLIC_URL.
    Raises SettingsError with every problem at once.
    """
    written = config_file.read(path)
    problems = [
        Problem("", f"{written.name} line {line}" if line else written.name, "", sentence)
        for line, sentence in written.wrong
    ]
    values, origin, refused = settings_sources.merged(Settings, written, environ)
    problems += refused
    settings = Settings()
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += settings_problems.explained(error, Settings, origin.of)
    problems += _in_the_lists(values.get("content", {}))
    problems += settings_sources.missing(values, require)
    if problems:
        raise SettingsError(problems)
    return settings


def _in_the_lists(written: Any) -> tuple[Problem, ...]:
    """What is wrong with the lists of words, whatever else is wrong with the settings."""
    try:
        wordlists.load(Content.model_validate(written))
    except wordlists.WordlistError as error:
        return error.problems
    except ValidationError:
        pass  # the section itself is faulty, and that has been said
    return ()
