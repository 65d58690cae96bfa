"""Twilio's published OpenAPI, of one commit of its repository (https://github.com/twilio/twilio-oai)."""

import json
import urllib.request
from pathlib import Path
from typing import Any

COMMIT = "d50069b44ea8cd23141385bdb6db48f16ff75bb5"  # 2.6.7, 14 April 2026
RAW = f"https://raw.githubusercontent.com/twilio/twilio-oai/{COMMIT}/spec/json"
FILES = {
    "/2010-04-01": "twilio_api_v2010.json",
    "/v1": "twilio_content_v1.json",
}  # by what its paths begin with
FORM = "application/x-www-form-urlencoded"
SECONDS = 60


def prepare(folder: Path, spec: Path | None) -> dict[str, Path]:
    """The descriptions as Prism needs them, in `folder`, by what their paths begin with; from a checkout of
    the repository's `spec/json` where there is one, else from GitHub."""
    made = {}
    for prefix, name in FILES.items():
        text = (spec / name).read_text() if spec else _download(f"{RAW}/{name}")
        made[prefix] = folder / name
        made[prefix].write_text(json.dumps(_exploded(json.loads(text))))
    return made


def _download(url: str) -> str:
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:
        text: str = answer.read().decode()
    return text


def _exploded(spec: dict[str, Any]) -> dict[str, Any]:
    """Twilio takes a list as one field several times over (`MediaUrl=…&MediaUrl=…`), and does not say so in
    its description: OpenAPI's default for a form is another."""
    for path in spec["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}) if isinstance(operation, dict) else {}
            form = body.get("content", {}).get(FORM)
            if form:
                lists = [
                    name
                    for name, one in form["schema"].get("properties", {}).items()
                    if one.get("type") == "array"
                ]
                form["encoding"] = {name: {"style": "form", "explode": True} for name in lists}
    return spec
