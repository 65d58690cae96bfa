"""What WhatsApp thinks of our templates by now: asked again and again, and told when one is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.messages import notices
from models.messages.post import Post
from models.programme.programme import Programme
from models.whatsapp import templates
from models.whatsapp.templates import APPROVED, CATEGORIES, DISABLED, PAUSED, REJECTED, Template

WAITING, SETTLED = timedelta(hours=1), timedelta(days=1)  # between two questions about one that is …
LOST = (REJECTED, PAUSED, DISABLED)


def due(session: Session, now: datetime) -> Sequence[Template]:
    """The templates whose state is to be asked for now: once an hour those that are not approved, once a day
    the others. What needs no approval, and what nobody has made at the provider yet, is not asked for."""
    before = or_(
        Template.checked_at.is_(None),
        (Template.state != APPROVED) & (Template.checked_at <= now - WAITING),
        Template.checked_at <= now - SETTLED,
    )
    chosen = select(Template).where(Template.category.in_(CATEGORIES), Template.content_sid != "", before)
    return session.scalars(chosen.order_by(Template.name, Template.language)).all()


def heard(
    session: Session,
    now: datetime,
    content_sid: str,
    state: str,
    reason: str,
    programme: Programme,
    category: str = "",
) -> bool:
    """What the provider says of the template that it knows by this name; whether that is otherwise than
    before. `category` is as in `counted`. One that cannot be sent any more is told to whoever can do
    something about it, once, and at night in the morning. Of a name that is not ours any more nothing is
    noted."""
    found = session.scalar(select(Template).where(Template.content_sid == content_sid).with_for_update())
    if found is None:
        return False
    changed = templates.checked(session, found, state, now, reason)
    changed |= counted(session, now, found, category, programme)
    if changed and state in LOST:
        about = f"template:{found.name}:{found.version}:{int(now.timestamp())}"
        params = {
            "template": found.name,
            "state": {"text": f"releasing.template_{state}"},
            "reason": reason,
            "next": {"text": "whatsapp.template_wait" if state == PAUSED else "whatsapp.template_change"},
        }
        post = Post("whatsapp.template_lost", params)
        notices.tell_all(session, now, "templates", about, post, programme)
    return changed


def counted(session: Session, now: datetime, found: Template, category: str, programme: Programme) -> bool:
    """The category that WhatsApp counts a template as ("" where it does not say) is what it costs from now
    on; whether that is another than before. Then it is told as what is lost is, with both prices."""
    before = found.category
    if category == before or category not in CATEGORIES:
        return False
    found.category = category
    session.flush()
    price = programme.whatsapp.prices.of
    params = {
        "template": found.name,
        "before": {"text": f"whatsapp.category_{before}"},
        "after": {"text": f"whatsapp.category_{category}"},
        "old": price(before),
        "new": price(category),
    }
    about = f"template:{found.name}:{found.version}:{category}:{int(now.timestamp())}"
    notices.tell_all(session, now, "templates", about, Post("whatsapp.template_counted", params), programme)
    return True
