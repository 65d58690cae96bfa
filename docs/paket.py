"""Makes docs/paket: the Wednesday pack of a demo week as pictures, from the files that the demo leaves.

    .venv/bin/python -m bot demo --once --people 3000
    .venv/bin/python docs/paket.py               # half a minute

Needs Debian's packages chromium, libreoffice-calc-nogui and poppler-utils. Everybody in it is made up;
message, chart, workbook and pages are what the program sent.
"""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import openpyxl
from PIL import Image
from playwright.async_api import async_playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import Outgoing, OutgoingButton
from bot.channels.telegram import Telegram
from bot.demo.stage import FOLDER, WEEK
from bot.storage import database
from bot.texts import rendering
from models.digests import summaries
from models.figures.snapshots import Digest
from tests.browser.acting import phone
from tests.simulated import start_simulator

TARGET = Path(__file__).resolve().parent / "paket"
POCKET = 390, 844  # CSS pixels of a phone
SHARPNESS = 2  # pixels of the picture for each CSS pixel
DPI = 110  # of a page for print
FOOTER = 0.07  # of a page's height
MARGIN = 24  # pixels around a sheet
WIDEST = 1400  # pixels of a picture
HEAVIEST = 300_000  # bytes of a picture
# LibreOffice with the settings of an Indonesian office: decimal commas.
INDONESIAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>id-ID</value></prop></item>
</oor:items>
"""
AROUND = 340  # CSS pixels of the phone around its messages
SLOW = 30_000  # milliseconds
BOSS = 11  # who made the group


def words(folder: Path) -> tuple[Outgoing, datetime]:
    """The thirty-second message of the played week, as the snapshot has it, and when it was closed."""
    engine = database.reading(database.url(f"sqlite:///{folder / 'satu-pesan.db'}"))
    with Session(engine) as session:
        digest = session.scalars(select(Digest).where(Digest.week == WEEK)).one()
        post = summaries.pack(digest)[0]
        at = digest.at
    engine.dispose()
    buttons = [
        tuple(OutgoingButton(rendering.label(one.text, one.params), one.action) for one in row)
        for row in post.buttons
    ]
    text = rendering.render(post.text, post.params, markup="html")
    return Outgoing("send", "", text=text, buttons=tuple(buttons)), at


async def message(outgoing: Outgoing, at: datetime, target: Path) -> None:
    """The message on the demo's page, on a phone."""
    async with start_simulator(limiter="off") as simulated, async_playwright() as playwright:
        people = simulated.people
        await people.create_users([{"id": BOSS, "first_name": "Ratna", "last_name": "Dewi"}])
        members = await people.create_users([{"first_name": name} for name in ("Budi", "Siti", "Rina")])
        group = await people.create_group("Rapat Rabuan", BOSS, members, supergroup=True)
        await people.add_bot(BOSS, group)
        await people.clock(now=int(at.timestamp()))
        telegram = Telegram(simulated.token, api_url=simulated.url)
        await telegram.start()
        await telegram.send(replace(outgoing, address=str(group)))
        await telegram.close()
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(
            viewport={"width": POCKET[0], "height": POCKET[1]}, locale="id-ID",
            device_scale_factor=SHARPNESS, color_scheme="light", reduced_motion="reduce",
        )  # fmt: skip
        await page.goto(f"{simulated.url}/#{group}")
        bubble = phone(page, group).locator("li.message", has_text="ASN sudah berbagi")
        await expect(bubble).to_be_visible(timeout=SLOW)
        tall = await bubble.evaluate("(one) => one.getBoundingClientRect().height")
        await page.set_viewport_size({"width": POCKET[0], "height": max(round(tall) + AROUND, POCKET[1])})
        await page.wait_for_timeout(700)
        await phone(page, group).screenshot(path=str(target))
        await browser.close()
    light(target)


def light(path: Path) -> None:
    """Makes a picture as small as a page can bear, without a visible loss."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    if image.width > WIDEST:
        image = image.resize((WIDEST, round(image.height * WIDEST / image.width)), Image.Resampling.LANCZOS)
    image.save(path, optimize=True)
    if path.stat().st_size > HEAVIEST:
        image.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > HEAVIEST:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes")
    sys.stdout.write(f"{path.name}: {image.width}×{image.height}, {path.stat().st_size / 1000:.0f} kB\n")


def pages(paper: Path, folder: Path, dpi: int = DPI) -> list[Path]:
    """Each page of a PDF as PNG, in order."""
    subprocess.run(["pdftoppm", "-png", "-r", str(dpi), str(paper), str(folder / paper.stem)], check=True)  # noqa: S603, S607
    return sorted(folder.glob(f"{paper.stem}-*.png"))


def sheets(workbook: Path, target: Path) -> list[str]:
    """The first page of each sheet as LibreOffice shows it; the names of the sheets."""
    names = openpyxl.load_workbook(workbook, read_only=True).sheetnames
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, _ in enumerate(names, 1):
            alone(workbook, number, folder / f"lembar-{number:02}.xlsx")
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(INDONESIAN, "utf-8")
        office = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}"]
        found = [str(one) for one in sorted(folder.glob("lembar-*.xlsx"))]
        subprocess.run([*office, "--convert-to", "pdf", "--outdir", name, *found], check=True)  # noqa: S603
        for number, sheet in enumerate(names, 1):
            first = pages(folder / f"lembar-{number:02}.pdf", folder)[0]
            place = target / f"lembar-{number:02}-{sheet.lower()}.png"
            trimmed(first).save(place)
            light(place)
    return names


def alone(workbook: Path, shown: int, target: Path) -> None:
    """The same workbook with all sheets hidden but one; not a cell of it is touched."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml":
                before, *those = data.decode().split("<sheet ")
                text = re.sub(r'activeTab="\d+"', f'activeTab="{shown - 1}"', before)
                for number, one in enumerate(those, 1):
                    hidden = one if number == shown else one.replace('state="visible"', 'state="hidden"')
                    text += f"<sheet {hidden}"
                data = text.encode()
            made.writestr(name, data)


def trimmed(path: Path) -> Image.Image:
    """A page without its footer and the empty paper below and beside its table."""
    image = Image.open(path).convert("RGB")
    image = image.crop((0, 0, image.width, round(image.height * (1 - FOOTER))))
    ink = image.convert("L").point(lambda value: 255 if value < 250 else 0).getbbox() or (0, 0, *image.size)
    left, top, right, bottom = ink
    return image.crop(
        (
            max(left - MARGIN, 0),
            max(top - MARGIN, 0),
            min(right + MARGIN, image.width),
            min(bottom + MARGIN, image.height),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="what demo --once left")
    folder: Path = parser.parse_args().folder
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    asyncio.run(message(*words(folder), TARGET / "pesan.png"))
    shutil.copy(folder / "grafik.png", TARGET / "grafik.png")
    light(TARGET / "grafik.png")
    sheets(folder / "rekap.xlsx", TARGET)
    with tempfile.TemporaryDirectory() as name:
        for number, page in enumerate(pages(folder / "rekap.pdf", Path(name)), 1):
            place = TARGET / f"cetak-{number}.png"
            shutil.copy(page, place)
            light(place)


if __name__ == "__main__":
    main()
