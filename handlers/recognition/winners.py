"""Long rows of the monthly list: the buttons of those who share a place, or have won, page by page; and many
names in few words."""

from collections.abc import Sequence
from typing import Any

from handlers.items import items
from models.messages.post import Button
from models.recognition import awards
from models.recognition.awards import Award
from models.recognition.certificates import Certificate

FRONT = 6  # of those who share a place, a page: a list of WhatsApp has ten lines
PAPERS = 3  # certificates a page, with two buttons each
NAMES = 6  # in one sentence: a message of WhatsApp has 1,600 characters
LINES = 6  # of those who were told


def named(rows: Sequence[Award]) -> dict[str, Any]:
    """The names of some lines as a sentence: the first NAMES of them, and how many more there are."""
    found = [awards.title(row) for row in rows[:NAMES]]
    if len(rows) <= NAMES:
        return {"text": "award.names", "params": {"names": found}}
    return {"text": "award.names_more", "params": {"names": ", ".join(found), "number": len(rows) - NAMES}}


def shortened(lines: list[Any]) -> list[Any]:
    """The first LINES of some lines; a last one says how many more there are."""
    if len(lines) <= LINES:
        return lines
    return [*lines[:LINES], {"text": "award.more", "params": {"number": len(lines) - LINES}}]


def replacing(list_id: int, category: str, front: Sequence[Award], wanted: int) -> list[list[Button]]:
    """[Sahkan], and [Ganti] for each of the front on the page that is wanted (from 0)."""
    rows = [[Button("award.button_confirm", f"award.yes:{list_id}:{category}:{front[0].id}")]]
    if len(front) == 1:
        return [*rows, [Button("award.button_pass", f"award.no:{list_id}:{front[0].id}")]]
    shown = _page(wanted, len(front), FRONT)
    for row in front[shown * FRONT : (shown + 1) * FRONT]:
        label = {"name": awards.title(row)}
        rows.append([Button("award.button_pass_one", f"award.no:{list_id}:{row.id}", label)])
    return [*rows, *items.turning(f"award.see:{list_id}:{category}", shown, len(front), FRONT)]


def printing(
    list_id: int, category: str, won: Sequence[tuple[Award, Certificate]], wanted: int
) -> list[list[Button]]:
    """[Unduh] and [Cabut] for each certificate on the page that is wanted (from 0)."""
    shown = _page(wanted, len(won), PAPERS)
    rows = []
    for award, paper in won[shown * PAPERS : (shown + 1) * PAPERS]:
        about, which = {"number": paper.number}, f"{list_id}:{award.id}"
        rows.append([Button("award.button_paper", f"award.paper:{which}", about)])
        rows.append([Button("award.button_take_back", f"award.back:{which}", about)])
    return [*rows, *items.turning(f"award.see:{list_id}:{category}", shown, len(won), PAPERS)]


def _page(wanted: int, total: int, size: int) -> int:
    """The page that is wanted, or the last one there is: the list may have become shorter."""
    return max(min(wanted, (total - 1) // size), 0)
