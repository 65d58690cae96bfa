"""Where each setting comes from: the file, the environment, or a file that the environment names."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.config import config_file
from bot.config.config_file import ConfigFile, Key
from bot.config.settings_problems import Problem

PREFIX = "SATU_PESAN__"
FIXED: Mapping[str, Key] = {
    "DATABASE_URL": ("database", "url"),
    "TELEGRAM_TOKEN": ("telegram", "token"),
    "TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
    "TELEGRAM_API_URL": ("telegram", "api_url"),
    "TWILIO_ACCOUNT_SID": ("whatsapp", "account_sid"),
    "TWILIO_AUTH_TOKEN": ("whatsapp", "auth_token"),
    "TWILIO_WHATSAPP_FROM": ("whatsapp", "sender"),
    "TWILIO_API_URL": ("whatsapp", "api_url"),
    "PUBLIC_URL": ("web", "public_url"),
}
SECRET = ("DATABASE_URL", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TWILIO_AUTH_TOKEN")


@dataclass(frozen=True, slots=True)
class Origin:
    """Tells of a key where its value was written."""

    written: ConfigFile
    variables: Mapping[Key, str]

    def of(self, key: Key) -> str:
        """ "config.yaml line 12" or "environment variable DATABASE_URL"; "" for a default."""
        for length in range(len(key), 0, -1):
            if variable := self.variables.get(key[:length]):
                return f"environment variable {variable}"
        line = self.written.line(key)
        return f"{self.written.name} line {line}" if line else ""


def merged(
    model: type[BaseModel], written: ConfigFile, environ: Mapping[str, str]
) -> tuple[dict[str, Any], Origin, list[Problem]]:
    """The values of the file with those of the environment on top; what was refused on the way."""
    problems = _secrets_in_the_file(written)
    values = {
        name: {} if value is None and name in model.model_fields else value
        for name, value in written.values.items()
    }
    variables: dict[Key, str] = {}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or not environ[variable].strip():
            continue
        key = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        _put(values, key, _plain(environ[variable].strip()))
        variables[key] = variable
    for variable, key in FIXED.items():
        source, value, problem = _fixed(variable, environ)
        if problem:
            problems.append(problem)
        if value:
            _put(values, key, value)
            variables[key] = source
    return values, Origin(written, variables), problems


def missing(values: Mapping[str, Any], require: Collection[str]) -> list[Problem]:
    """A problem for each fixed name that is needed and has no value."""
    needed = set(require)
    telegram = values.get("telegram")
    if "TELEGRAM_TOKEN" in needed and isinstance(telegram, dict) and telegram.get("mode") == "webhook":
        needed |= {"TELEGRAM_WEBHOOK_SECRET", "PUBLIC_URL"}
    whatsapp = values.get("whatsapp")
    if needed and isinstance(whatsapp, dict) and whatsapp.get("account_sid"):
        needed |= {"TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"}
    found = []
    for variable in sorted(needed):
        section, name = FIXED[variable]
        held = values.get(section)
        if not (isinstance(held, dict) and held.get(name)):
            either = f"set the environment variable {variable}"
            if variable in SECRET:
                either += f", or {variable}_FILE to the path of a file that holds it"
            found.append(Problem(f"{section}.{name}", "", "", f"is missing; {either}"))
    return found


def _fixed(variable: str, environ: Mapping[str, str]) -> tuple[str, str, Problem | None]:
    """Where the value of a fixed name came from, the value ("" when unset), and what is wrong with it."""
    value = environ.get(variable, "").strip()
    file = environ.get(f"{variable}_FILE", "").strip() if variable in SECRET else ""
    key = ".".join(FIXED[variable])
    where = f"environment variable {variable}_FILE"
    if value and file:
        return variable, value, Problem(key, where, file, f"{variable} is set as well; keep one of the two")
    if not file:
        return variable, value, None
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        return "", "", Problem(key, where, file, f"the path of a file that can be read ({reason})")
    if not content:
        return "", "", Problem(key, where, file, "the path of a file that is not empty")
    return f"{variable}_FILE", content, None


def _secrets_in_the_file(written: ConfigFile) -> list[Problem]:
    """config.yaml is committed, copied and mailed; a secret in it is refused even where it would work."""
    found = []
    for variable in SECRET:
        section, name = FIXED[variable]
        held = written.values.get(section)
        value = held.get(name) if isinstance(held, dict) else None
        if value is None or (variable == "DATABASE_URL" and not _has_password(str(value))):
            continue
        where = f"{written.name} line {written.line((section, name))}"
        advice = (
            f"is a secret, and secrets do not belong in {written.name}: remove it there and set the "
            f"environment variable {variable}, or {variable}_FILE to the path of a file that holds it"
        )
        found.append(Problem(f"{section}.{name}", where, "", advice))
    return found


def _has_password(url: str) -> bool:
    try:
        return bool(make_url(url).password)
    except ArgumentError:
        return bool(re.search(r":[^/@]+@", url))


def _plain(text: str) -> Any:
    """The environment is text; a list may be written [a, b], everything else is read by its field."""
    return config_file.scalar(text) if text.startswith("[") else text


def _put(values: dict[str, Any], key: Key, value: Any) -> None:
    here = values
    for name in key[:-1]:
        below = here.get(name)
        if not isinstance(below, dict):
            below = {}
        here[name] = dict(below)
        here = here[name]
    here[key[-1]] = value
