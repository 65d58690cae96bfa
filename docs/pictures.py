"""Makes the pictures of the guides: plays their stories on the demo's page and photographs it.

    .venv/bin/python docs/pictures.py            # all of them, about three minutes
    .venv/bin/python docs/pictures.py some/folder

Needs Debian's package chromium. Everybody in the pictures is made up; the program that answers is real.
"""

import argparse
import asyncio
import io
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.demo import pictures, topics
from bot.demo.topics import Topic
from bot.simulator.client import People
from tests.browser import real_demo
from tests.browser.acting import phone, write
from tests.browser.real_demo import Playing, heard, pressed

PEOPLE = 400
FOLDER = Path(__file__).resolve().parent / "images"
WIDTH, HEIGHT = 1440, 900  # CSS pixels of the desktop
POCKET = 390, 844  # of a phone
SHARPNESS = 1.5  # pixels of the picture for each CSS pixel
LONGEST = 1700  # CSS pixels of one column of a chat
GAP, GROUND = 24, "#e9eeec"  # between two columns; the page's own colour
HEAVIEST = 400_000  # bytes of a picture
EXAMINED = 8000  # milliseconds until the program has surely looked at a screenshot
NOTHING_LEFT = re.compile(r"(?<!\d)0 antre")
LATENCY = 2500  # milliseconds a call while the release is photographed: it would be over in a second

ITEM = Topic(
    code="DINKES",
    title="Puskesmas Rawasari buka sampai malam",
    figure="21.00",
    unit="jam tutup pada hari kerja",
    what="Puskesmas Rawasari kini melayani warga sampai pukul 21.00 setiap hari kerja.",
    why="Warga yang bekerja sampai sore tetap bisa berobat tanpa harus izin dari kantor.",
    caption="Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00. "
    "Ajak keluarga, ya! #JambiMantap",
    source="https://dinkes.jambiprov.go.id/berita/puskesmas-malam",
)


@dataclass
class Studio:
    """The demo, a browser, and the folder that the pictures go to."""

    demo: Playing
    browser: Browser
    folder: Path

    @asynccontextmanager
    async def desk(self, *chats: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> AsyncIterator[Page]:
        """The page with these phones, in a fresh window."""
        width, height = size
        window = await self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="id-ID",
            device_scale_factor=SHARPNESS if chats else 1,
            reduced_motion="reduce",
            color_scheme="light",
        )
        window.set_default_timeout(real_demo.SLOW)
        page = await window.new_page()
        await real_demo.opened(page, self.demo, *chats)
        yield page
        await window.close()

    def keep(self, name: str, *columns: Sequence[bytes]) -> None:
        """Writes pictures that stand in columns, each from top to bottom; light enough for a guide."""
        whole = side_by_side([stacked([_opened(picture) for picture in column]) for column in columns])
        path = self.folder / name
        whole.save(path, optimize=True)
        if path.stat().st_size > HEAVIEST:
            whole.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
        sys.stdout.write(f"{name}: {whole.width}×{whole.height}, {path.stat().st_size / 1000:.0f} kB\n")


def _opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def side_by_side(parts: Sequence[Image.Image]) -> Image.Image:
    gap = round(GAP * SHARPNESS)
    width = sum(part.width for part in parts) + gap * (len(parts) - 1)
    whole, left = Image.new("RGB", (width, max(part.height for part in parts)), GROUND), 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width + gap
    return whole


def stacked(parts: Sequence[Image.Image]) -> Image.Image:
    gap = round(GAP * SHARPNESS)
    height = sum(part.height for part in parts) + gap * (len(parts) - 1)
    whole, top = Image.new("RGB", (max(part.width for part in parts), height), GROUND), 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height + gap
    return whole


def proof() -> bytes:
    """A screenshot as the demo's people send them, of the item that the guides tell of."""
    return pictures.screenshot(3, ITEM)


async def settled(page: Page) -> None:
    """Waits until every picture on the page has been loaded and no message still arrives."""
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement?.blur()")
    await page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
    # The page forbids `eval`, with which Playwright would wait for a condition by itself.
    loaded = "[...document.querySelectorAll('img')].every((one) => one.complete && one.naturalWidth)"
    async with asyncio.timeout(real_demo.SLOW / 1000):
        while not await page.evaluate(loaded):
            await page.wait_for_timeout(100)
    await expect(page.locator(".detail.typing")).to_have_count(0)
    await page.wait_for_timeout(700)


def before(message: Locator) -> Locator:
    """The message above: a card stands above its caption."""
    return message.locator("xpath=preceding-sibling::li[contains(@class, 'message')][1]")


async def column(page: Page, chat: int, first: Locator) -> bytes:
    """The phone as tall as its conversation from the message `first` on, as PNG."""
    await settled(page)
    element = phone(page, chat)
    tall = await first.evaluate(
        """(first) => {
            const phone = first.closest(".phone"), scroller = phone.querySelector(".scroller");
            const list = phone.querySelector(".messages").getBoundingClientRect();
            const around = phone.offsetHeight - scroller.offsetHeight;
            return list.bottom - first.getBoundingClientRect().top + around + 2;
        }"""
    )
    around = await page.evaluate("innerHeight - document.querySelector('.phone').offsetHeight")
    await page.set_viewport_size({"width": WIDTH, "height": round(min(tall, LONGEST) + around)})
    await settled(page)
    picture = await element.screenshot()
    await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    return picture


async def joining(studio: Studio) -> None:
    demo = studio.demo
    async with studio.desk(demo.newcomer) as page:
        await real_demo.begins_to_join(page, demo)
        first = phone(page, demo.newcomer).locator("li.message").first
        asked = await column(page, demo.newcomer, first)
        await pressed(page, demo.newcomer, "Ya, saya setuju ikut")
        await heard(page, demo.newcomer, "Menu Satu Pesan")
        contact = phone(page, demo.newcomer).locator("li.own").last
        studio.keep("asn-bergabung.png", [asked], [await column(page, demo.newcomer, contact)])


async def submitting(studio: Studio) -> None:
    demo = studio.demo
    async with studio.desk(demo.ppid) as page:
        await real_demo.begins_to_submit(page, demo, ITEM)
        asked = phone(page, demo.ppid).locator("li.own", has_text="/ajukan").last
        steps = await column(page, demo.ppid, asked)
        await real_demo.ends_to_submit(page, demo, ITEM)
        caption = await heard(page, demo.ppid, "Saya ASN Pemprov")
        studio.keep("ppid-ajukan.png", [steps], [await column(page, demo.ppid, before(caption))])
        await pressed(page, demo.ppid, "Kirim untuk diperiksa")
        await heard(page, demo.ppid, "sudah dikirim untuk diperiksa")


async def reviewing(studio: Studio) -> None:
    demo = studio.demo
    async with studio.desk(demo.controller) as page:
        told = await heard(page, demo.controller, "Ada konten yang menunggu persetujuan Anda.")
        await real_demo.reviews(page, demo)
        studio.keep("pengendali-tinjau.png", [await column(page, demo.controller, told)])
        await pressed(page, demo.controller, "Setujui")
        await heard(page, demo.controller, "Akan disiarkan")


async def planning(studio: Studio) -> None:
    demo = studio.demo
    async with studio.desk(demo.controller) as page:
        await write(page, demo.controller, "/rencana")
        asked = phone(page, demo.controller).locator("li.own").last
        await heard(page, demo.controller, "Rencana semua OPD")
        studio.keep("pengendali-rencana.png", [await column(page, demo.controller, asked)])


async def releasing(studio: Studio) -> None:
    """The release, slow enough to be seen: the whole page, in a pocket, and the controller's progress."""
    demo = studio.demo
    async with (
        People(demo.url) as people,
        studio.desk() as page,
        studio.desk(size=POCKET) as pocket,
        studio.desk(demo.controller) as controller,
    ):
        await people.limits(latency_ms=LATENCY)
        await real_demo.jumps(page, "Siaran konten")
        await expect(page.locator(".figures")).to_contain_text("sedang berjalan", timeout=real_demo.SLOW)
        await write(page, demo.controller, "/siar")
        progress = await heard(page, demo.controller, "Sedang menyiarkan")
        await heard(page, demo.asn, "Saya ASN Pemprov")
        await settled(page)
        studio.keep("demo.png", [await page.screenshot()])
        asked = phone(controller, demo.controller).locator("li.own").last
        studio.keep("pengendali-siar.png", [await column(controller, demo.controller, asked)])
        await settled(pocket)
        studio.keep("demo-ponsel.png", [await pocket.screenshot()])
        await expect(progress).to_be_visible()
        await people.limits(latency_ms=0)
        # Not the end of the release: some on WhatsApp never open what waits for them.
        await expect(page.locator(".figures")).to_contain_text(NOTHING_LEFT, timeout=2 * real_demo.SLOW)


async def sharing(studio: Studio) -> None:
    demo = studio.demo
    async with studio.desk(demo.asn) as page:
        caption = await heard(page, demo.asn, "Saya ASN Pemprov")
        received = await column(page, demo.asn, before(caption))
        await real_demo.sends_picture(page, demo.asn, "layar.jpg", proof())
        await heard(page, demo.asn, "Di mana Anda membagikannya?")
        question = await column(page, demo.asn, phone(page, demo.asn).locator("li.own").last)
        await pressed(page, demo.asn, "Status WhatsApp")
        receipt = await heard(page, demo.asn, "Dibagikan di tempat lain juga?")
        studio.keep("asn-berbagi.png", [received], [question, await column(page, demo.asn, receipt)])


async def inspecting(studio: Studio) -> None:
    """Somebody sends a screenshot of another item: it waits for the PPID team."""
    demo = studio.demo
    other = topics.TOPICS["DISDIK"]
    async with studio.desk(demo.asn) as page:
        await real_demo.sends_picture(page, demo.asn, "layar.jpg", pictures.screenshot(8, other))
        await pressed(page, demo.asn, "Facebook")
        await heard(page, demo.asn, "Tempat: Facebook")
    async with studio.desk(demo.ppid) as page:
        await page.wait_for_timeout(EXAMINED)
        await write(page, demo.ppid, "/periksa")
        asked = phone(page, demo.ppid).locator("li.own").last
        await heard(page, demo.ppid, "Konten kita tidak terlihat")
        studio.keep("ppid-periksa.png", [await column(page, demo.ppid, asked)])


async def meeting(studio: Studio) -> None:
    """The pack as the group gets it: the words, then the chart and the files."""
    demo = studio.demo
    async with studio.desk(demo.group) as page:
        charts = phone(page, demo.group).locator("li.message").filter(has=page.locator("img"))
        known = await charts.count()
        await real_demo.jumps(page, "Rekap Rabuan")
        await expect(charts).to_have_count(known + 1, timeout=2 * real_demo.SLOW)
        await heard(page, demo.group, "2 Desember 2026 untuk dicetak")
        studio.keep("rabuan-rekap.png", [await column(page, demo.group, before(charts.last))])


STORIES = (joining, submitting, reviewing, planning, releasing, sharing, inspecting, meeting)


async def make(folder: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing: apt install chromium")
    with tempfile.TemporaryDirectory(prefix="satu-pesan-") as data:
        async with (
            real_demo.playing(PEOPLE, Path(data)) as demo,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            studio = Studio(demo, browser, folder)
            for story in STORIES:
                await story(studio)
            await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(folder))


if __name__ == "__main__":
    main()
