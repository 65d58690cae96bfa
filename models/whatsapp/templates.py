"""Message templates of WhatsApp: what their words may be, and whether each has been approved.

The words are defined in a file of bot/; here stands what is known of them at the provider. A template whose
words have changed is another one there: it needs a new approval before it goes out.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.refused import Refused

UTILITY = "utility"
CATEGORIES = ("utility", "marketing", "authentication")
NEW, PENDING, APPROVED, REJECTED = "new", "pending", "approved", "rejected"
PAUSED, DISABLED = "paused", "disabled"
STATES = (NEW, PENDING, APPROVED, REJECTED, PAUSED, DISABLED)
# developers.facebook.com/docs/whatsapp/business-management-api/message-templates and
# twilio.com/docs/content/content-types-overview: characters.
MOST_BODY, MOST_BUTTONS, LONGEST_BUTTON, LONGEST_IN_SESSION = 1024, 10, 25, 20
_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")


class Template(Base):
    """One template in one language. `version` is the hash of its words (`version`), `content_sid` the
    provider's name for these words, `reason` why it was rejected, `checked_at` when its state was
    asked for."""

    __tablename__ = "template"

    name: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    content_sid: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=NEW)
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[str]
    checked_at: Mapped[datetime | None]


# -- the words -------------------------------------------------------------------------------------


def problems(body: str, buttons: Sequence[str] = (), *, approval: bool = True) -> list[str]:
    """What WhatsApp would refuse about the words of a template, in English, for whoever writes them.

    Without `approval` the template is one that is sent in an open window only, which nobody reviews.
    """
    longest = LONGEST_BUTTON if approval else LONGEST_IN_SESSION
    found = [f"the button {label!r} has more than {longest} characters" for label in buttons
             if not label or len(label) > longest]  # fmt: skip
    if len(set(buttons)) < len(buttons):
        found.append("two buttons have the same words")
    if len(buttons) > MOST_BUTTONS:
        found.append(f"it has more than {MOST_BUTTONS} buttons")
    if not body.strip():
        found.append("it has no words")
    if len(body) > MOST_BODY:
        found.append(f"it has {len(body)} characters, more than {MOST_BODY}")
    found += _numbering(body)
    if approval:
        found += _places(body)
        found += [f"the button {label!r} has a variable" for label in buttons if _VARIABLE.search(label)]
    return found


def _numbering(body: str) -> list[str]:
    """Variables are {{1}}, {{2}} … in this order, none left out."""
    names = list(dict.fromkeys(_VARIABLE.findall(body)))
    rest = _VARIABLE.sub("", body)
    found = ["a brace is never closed"] if "{{" in rest or "}}" in rest else []
    if names != [str(nth) for nth in range(1, len(names) + 1)]:
        found.append(f"its variables are {', '.join(names)}, and have to be 1 to {len(names)} in this order")
    return found


def _places(body: str) -> list[str]:
    """No variable first, last, or beside another one, and enough words around them: for x variables 2x + 1
    words that are none, at least."""
    text = body.strip()
    found: list[str] = []
    variables = _VARIABLE.findall(text)
    if not variables:
        return found
    # Punctuation alone before or after it does not help.
    if not re.search(r"\w", text[: text.index("{{")]):
        found.append("it begins with a variable")
    if not re.search(r"\w", text[text.rindex("}}") + 2 :]):
        found.append("it ends with a variable")
    if re.search(r"\}\}\W*\{\{", text):
        found.append("two variables stand side by side")
    words = len(re.findall(r"[^\s]*\w[^\s]*", _VARIABLE.sub(" ", text)))
    if words < 2 * len(variables) + 1:
        found.append(f"{len(variables)} variables need {2 * len(variables) + 1} words, it has {words}")
    return found


def version(words: Mapping[str, Any]) -> str:
    """The hash of everything that a reviewer sees of a template: other words, other version."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:12]


# -- what is known of them -------------------------------------------------------------------------


def register(session: Session, name: str, language: str, category: str, version_: str) -> Template:
    """The row of a template as it is written now. With other words, or of another category, it is new again,
    and not approved."""
    found = session.get(Template, (name, language))
    if found is None:
        found = Template(name=name, language=language, category=category, version=version_)
        found.content_sid, found.state, found.reason = "", NEW, ""
        session.add(found)
    elif (found.version, found.category) != (version_, category):
        found.version, found.category = version_, category
        found.content_sid, found.state, found.reason, found.checked_at = "", NEW, "", None
    session.flush()
    return found


def created(session: Session, template: Template, content_sid: str) -> None:
    """The provider has the words, under this name."""
    template.content_sid = content_sid
    session.flush()


def checked(session: Session, template: Template, state: str, now: datetime, reason: str = "") -> bool:
    """What the provider says about the approval; whether that is otherwise than before. Raises ValueError
    for a state that is none of STATES."""
    if state not in STATES:
        raise ValueError(f"{state!r} is no state of a template: {', '.join(STATES)}")
    changed = (template.state, template.reason) != (state, reason)
    template.state, template.reason, template.checked_at = state, reason, now
    session.flush()
    return changed


def fail(session: Session, name: str, now: datetime, error: str) -> None:
    """The provider refuses to send a template that we take for approved: it is not used any more until its
    state has been asked for anew."""
    for found in session.scalars(select(Template).where(Template.name == name, Template.state == APPROVED)):
        checked(session, found, DISABLED, now, error)


def known(session: Session, name: str) -> Template | None:
    """A template by its name."""
    return session.scalar(select(Template).where(Template.name == name).order_by(Template.language).limit(1))


def everything(session: Session) -> list[Template]:
    """All templates, by name."""
    return list(session.scalars(select(Template).order_by(Template.name, Template.language)))


def sids(session: Session) -> dict[str, str]:
    """The provider's names of all templates that it has, by ours."""
    return {row.name: row.content_sid for row in everything(session) if row.content_sid}


def usable(session: Session) -> dict[str, str]:
    """The templates that may be sent now, and the category of each."""
    chosen = select(Template.name, Template.category)
    rows = session.execute(chosen.where(Template.state == APPROVED, Template.content_sid != ""))
    return {name: category for name, category in rows}


def require(session: Session, names: Collection[str]) -> None:
    """Raises Refused when one of these may not be sent: with what its state is, for a controller."""
    lacking = sorted(set(names) - usable(session).keys())
    if not lacking:
        return
    found = known(session, lacking[0])
    state = found.state if found is not None and found.content_sid else NEW
    raise Refused(
        "releasing.template_missing",
        template=lacking[0],
        state={"text": f"releasing.template_{state}"},
        reason=found.reason if found is not None else "",
    )
