"""What the tests of the page have in common: the cast of a test, and how to find and do things in a phone."""

import itertools
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.echo_bot import EchoBot
from tests.browser.programme_face import ProgrammeFace, state_of
from tests.simulated import Simulated

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """What stands around the page."""

    sim: Simulated
    echo: EchoBot
    programme: ProgrammeFace


@dataclass
class Visitor:
    """Somebody at the page in a browser of their own. `faults` are the page's errors and refused contents."""

    page: Page
    context: BrowserContext
    faults: list[str]


@dataclass
class Cast:
    """The four chats that the programme names, of one test alone."""

    asn: int
    ppid: int
    controller: int
    group: int


async def new_cast(scene: Scene) -> Cast:
    """Siti has not started; Budi, Ratna and the group have. The programme says who they are."""
    people, serial = scene.sim.people, next(_NUMBERS)
    siti = await people.create_user("Siti", f"Rahma {serial}", phone=f"+62813170366{serial:02}")
    budi = await people.create_user("Budi", f"Hartono {serial}", phone=f"+62813170377{serial:02}")
    ratna = await people.create_user("Ratna", f"Dewi {serial}", phone=f"+62813170388{serial:02}")
    group = await people.create_group(f"Rapat Rabuan {serial}", ratna, [siti, budi])
    await people.add_bot(ratna, group)
    for user in (budi, ratna):
        await people.start(user)
        await people.answers(user, 0)
    found = Cast(siti, budi, ratna, group)
    scene.programme.state = state_of(vars(found))
    return found


async def opened(visitor: Visitor, scene: Scene, *chats: int) -> Page:
    """The page, once the phones of `chats` (none: the programme's four) are there."""
    await visitor.page.goto(f"{scene.sim.url}/#{','.join(str(chat) for chat in chats)}")
    await expect(visitor.page.locator(".phone h2:not(:empty)")).to_have_count(len(chats) or 4)
    return visitor.page


def phone(page: Page, chat: int | str) -> Locator:
    return page.locator(f'.phone[data-chat="{chat}"]')


async def write(page: Page, chat: int | str, text: str) -> None:
    await phone(page, chat).get_by_label("Tulis pesan").fill(text)
    await page.keyboard.press("Enter")


def bubble(page: Page, chat: int | str, text: str) -> Locator:
    """The messages of a phone whose text contains this."""
    return phone(page, chat).locator("li.message").filter(has=page.locator(".text", has_text=text))


async def chosen(page: Page, chat: int | str, entry: str, files: list[dict[str, Any]]) -> None:
    """Picks files by the attach menu."""
    async with page.expect_file_chooser() as asked:
        await phone(page, chat).get_by_label("Lampirkan").click()
        await page.get_by_role("menuitem", name=entry).click()
    await (await asked.value).set_files(files)  # type: ignore[arg-type]


def file_of(name: str, mime: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": mime, "buffer": data}
