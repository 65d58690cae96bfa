"""The fields of an item that are chosen by a button: their questions, and what buttons and words mean."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers import words
from handlers.items import items
from handlers.submitting import steps, tagging
from handlers.turn import Turn
from models.content import drafts, rubrics
from models.content.content import Item
from models.messages.post import Button
from models.programme import weeks
from models.refused import Refused
from models.releases import slots, urgent

# Words that mean a rubric, when somebody types instead of pressing.
_RUBRICS = {
    "capaian": rubrics.ACHIEVEMENT,
    "infografis": rubrics.ACHIEVEMENT,
    "testimoni": rubrics.TESTIMONY,
    "warga": rubrics.TESTIMONY,
    "foto": rubrics.PHOTO,
    "kegiatan": rubrics.PHOTO,
    "cerita": rubrics.STORY,
    "bercerita": rubrics.STORY,
    "live": rubrics.LIVE,
    "siaran": rubrics.LIVE,
    "klarifikasi": rubrics.CLARIFICATION,
}
_YES_NO = {"yes": True, "no": False}
_NONE = "none"
_URGENT = "urgent"  # a clarification that goes out as soon as it is approved


def ask(turn: Turn, item: Item, field: str) -> None:
    """Asks for one of `FIELDS`."""
    FIELDS[field](turn, item)


def _ask_rubric(turn: Turn, item: Item) -> None:
    buttons = [
        Button(f"rubric.button_{name}", f"submit.choose:{item.id}:rubric:{name}")
        for name in (*rubrics.RUBRICS, _URGENT)
    ]
    steps.ask(
        turn,
        item,
        "rubric",
        [buttons[first : first + 2] for first in range(0, len(buttons), 2)],
        current=rubric(item),
    )


def rubric(item: Item) -> dict[str, str] | str:
    """The rubric of an item as a parameter, "" where it has none yet."""
    name = _URGENT if item.urgent else item.rubric
    return {"text": f"rubric.{name}"} if name else ""


def _ask_consent(turn: Turn, item: Item) -> None:
    answers = [
        [Button(f"submitting.button_consent_{name}", f"submit.choose:{item.id}:consent:{name}")]
        for name in _YES_NO
    ]
    steps.ask(turn, item, "consent", answers, current=consent(item))


def consent(item: Item) -> dict[str, str] | str:
    """What the author said of the consent of a citizen, as a parameter; "" where nobody was asked."""
    if item.consent is None:
        return ""
    return {"text": "submitting.consent_yes" if item.consent else "submitting.consent_no"}


def _ask_week(turn: Turn, item: Item) -> None:
    ahead = slots.ahead(turn.session, item.opd_id, turn.now, turn.programme)
    free = [slot for slot in ahead if slot.taken is None]
    taken = [
        {
            "text": "submitting.week_line_taken",
            "params": {"week": slot.week, "id": slot.taken.id, "title": items.short(slot.taken)},
        }
        for slot in ahead
        if slot.taken is not None
    ]
    buttons = [
        [
            Button(
                "submitting.button_week" if number else "submitting.button_week_next",
                f"submit.week:{item.id}:{slot.week}",
                {"at": slot.release_at.isoformat()},
            )
        ]
        for number, slot in enumerate(free)
    ]
    steps.ask(
        turn,
        item,
        "week",
        buttons,
        deadline=free[0].release_at.isoformat() if free else "",
        taken=taken,
        current=item.week,
    )


def _ask_public(turn: Turn, item: Item) -> None:
    yes = Button("submitting.button_public", f"submit.choose:{item.id}:public:yes")
    steps.ask(turn, item, "public", [[yes]])


def _ask_objective(turn: Turn, item: Item) -> None:
    buttons = [
        [Button(f"completing.button_{name}", f"submit.choose:{item.id}:objective:{name}")]
        for name in rubrics.OBJECTIVES
    ]
    steps.ask(turn, item, "objective", [*buttons, *_without(item, "objective")], current=objective(item))


def objective(item: Item) -> dict[str, str] | str:
    """The objective of an item as a parameter, "" where it has none."""
    return {"text": f"completing.objective_{item.objective}"} if item.objective else ""


def _ask_programme(turn: Turn, item: Item) -> None:
    names = turn.programme.regional_programmes
    if not names:
        raise Refused("menu.old_button")
    lines = [
        {"text": "completing.numbered", "params": {"n": nth, "name": name}}
        for nth, name in enumerate(names, 1)
    ]
    buttons = [
        Button(
            "completing.button_numbered",
            f"submit.choose:{item.id}:regional_programme:{nth}",
            {"n": nth, "name": _shorter(name)},
        )
        for nth, name in enumerate(names, 1)
    ]
    rows = [[button] for button in buttons]
    steps.ask(
        turn,
        item,
        "regional_programme",
        [*rows, *_without(item, "regional_programme")],
        lines=lines,
        current=item.regional_programme,
    )


def _shorter(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29].rstrip()}…"


def _without(item: Item, field: str) -> list[list[Button]]:
    """[Tanpa pilihan], where something was chosen before."""
    if not getattr(item, field):
        return []
    return [[Button("completing.button_none", f"submit.choose:{item.id}:{field}:{_NONE}")]]


# -- what was chosen ---------------------------------------------------------------------------


def chosen(turn: Turn, item: Item, field: str, token: str) -> None:
    """Sets what a button stands for. Raises Refused for a button that there is not."""
    if (field, token) == ("rubric", _URGENT):
        urgent.mark(turn.session, item, turn.now, turn.programme, turn.me)
        return
    drafts.choose(turn.session, item, field, _value(turn, field, token), turn.now, turn.me)


def _value(turn: Turn, field: str, token: str) -> Any:
    if field in ("consent", "public") and token in _YES_NO:
        return _YES_NO[token]
    if field == "objective":
        return "" if token == _NONE else token
    if field == "regional_programme":
        names = turn.programme.regional_programmes
        if token == _NONE:
            return ""
        if not token.isdecimal() or not 1 <= int(token) <= len(names):
            raise Refused("menu.old_button")
        return names[int(token) - 1]
    return token


def meant(field: str, text: str) -> str:
    """The button that somebody means who types its answer. Raises Refused, saying what is expected."""
    said = words.plain(text)
    if field == "rubric":
        if {"mendesak", "segera"} & set(said.split()):
            return _URGENT
        found = {name for word, name in _RUBRICS.items() if word in said.split()}
        if len(found) == 1:
            return found.pop()
    if field == "consent":
        if "belum" in said or "blm" in said:
            raise Refused("submitting.consent_needed")
        if said.startswith("tidak ada") or words.says_no(text):
            return "no"
        if said.startswith(("sudah", "sdh", "udah", "ada izin")):
            return "yes"
    if field == "public":
        if words.says_yes(text):
            return "yes"
        if words.says_no(text) or said.startswith(("tidak", "belum")):
            raise Refused("submitting.public_needed")
    raise Refused(_EXPECTED.get(field, "completing.choice_expected"))


_EXPECTED = {
    "rubric": "submitting.rubric_expected",
    "consent": "submitting.consent_expected",
    "public": "submitting.public_expected",
}


def take_week(turn: Turn, item: Item, week: str) -> None:
    """Plans the item for a week. Raises Refused when it is over, taken, or none."""
    try:
        weeks.parse(week)
    except ValueError:
        raise Refused("menu.old_button") from None
    slots.require_open(turn.session, week, turn.now, turn.programme)
    drafts.plan(turn.session, item, week, turn.now, turn.me)


def nearest_week(turn: Turn, item: Item, text: str) -> str:
    """The week that "ya" means: the nearest that is free. Raises Refused for other words."""
    free = slots.free(turn.session, item.opd_id, turn.now, turn.programme)
    if not words.says_yes(text) or not free:
        raise Refused("submitting.week_expected")
    return free[0].week


FIELDS: Mapping[str, Callable[[Turn, Item], None]] = {
    "rubric": _ask_rubric,
    "consent": _ask_consent,
    "week": _ask_week,
    "public": _ask_public,
    "objective": _ask_objective,
    "regional_programme": _ask_programme,
    "hashtags": tagging.ask,
}
