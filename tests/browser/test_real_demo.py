"""The page against the real demo: the program of the province, a few hundred people, one week by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.demo import pictures
from bot.demo.topics import Topic
from tests.browser import real_demo
from tests.browser.acting import Visitor, phone
from tests.browser.real_demo import Playing, heard, jumps, pressed, sends_picture

pytestmark = pytest.mark.anyio

PEOPLE = 200
ITEM = Topic(
    code="DINKES",
    title="Puskesmas Rawasari buka sampai malam",
    figure="21.00",
    unit="jam tutup",
    what="Puskesmas Rawasari kini melayani warga sampai pukul 21.00.",
    why="Warga yang bekerja sampai sore tetap bisa berobat.",
    caption="Pulang kerja baru sempat berobat? Puskesmas Rawasari kini buka sampai pukul 21.00.",
    source="https://dinkes.jambiprov.go.id/berita/puskesmas-malam",
)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Playing]:
    async with real_demo.playing(PEOPLE, tmp_path) as playing:
        yield playing


async def _on_whatsapp(page: Page, demo: Playing) -> None:
    """Somebody who has WhatsApp only is asked first, gets the item, and proves by a picture and a list."""
    await heard(page, demo.whatsapp, "Konten minggu ini, yang Anda setujui")
    await pressed(page, demo.whatsapp, "Lihat konten")
    await heard(page, demo.whatsapp, "Kenapa penting:")
    await heard(page, demo.whatsapp, "Saya ASN Pemprov Jambi")
    await sends_picture(page, demo.whatsapp, "layar.jpg", pictures.screenshot(4))
    await heard(page, demo.whatsapp, "Di mana Anda membagikannya?")
    await pressed(page, demo.whatsapp, "Lihat pilihan")
    await (
        phone(page, demo.whatsapp).get_by_role("dialog").get_by_role("button", name="Status WhatsApp").click()
    )
    receipt = await heard(page, demo.whatsapp, "Bukti Anda sudah kami catat.")
    await expect(receipt.locator(".text b").first).to_have_text("Status WhatsApp")


async def test_one_week_is_played_by_hand_from_joining_to_the_wednesday_summary(
    visitor: Visitor, demo: Playing
) -> None:
    page = visitor.page
    visitor.context.set_default_timeout(real_demo.SLOW)
    chats = (demo.newcomer, demo.ppid, demo.controller, demo.asn, demo.whatsapp, demo.group)
    await real_demo.opened(page, demo, *chats)

    await real_demo.begins_to_join(page, demo)
    await pressed(page, demo.newcomer, "Ya, saya setuju ikut")
    await heard(page, demo.newcomer, "Selamat bergabung!")

    await real_demo.begins_to_submit(page, demo, ITEM)
    await real_demo.ends_to_submit(page, demo, ITEM)
    await pressed(page, demo.ppid, "Kirim untuk diperiksa")
    await heard(page, demo.ppid, "sudah dikirim untuk diperiksa")

    await real_demo.reviews(page, demo)
    await pressed(page, demo.controller, "Setujui")
    await heard(page, demo.controller, f"“{ITEM.title}” disetujui")
    await heard(page, demo.ppid, "Kabar baik!")

    await jumps(page, "Siaran konten")
    card = await heard(page, demo.asn, f"Apa: {ITEM.what}")
    await expect(card.get_by_role("img")).to_have_js_property("complete", value=True)
    await heard(page, demo.asn, ITEM.caption)
    await sends_picture(page, demo.asn, "layar.jpg", pictures.screenshot(3))
    await heard(page, demo.asn, "Di mana Anda membagikannya?")
    await pressed(page, demo.asn, "Status WhatsApp")
    receipt = await heard(page, demo.asn, "Bukti Anda sudah kami catat.")
    await expect(receipt.locator(".text")).to_contain_text("Tempat: Status WhatsApp")

    await _on_whatsapp(page, demo)

    summaries = phone(page, demo.group).locator("li.message").filter(has=page.get_by_role("img"))
    before = await summaries.count()
    await jumps(page, "Rekap Rabuan")
    await expect(summaries).to_have_count(before + 1, timeout=2 * real_demo.SLOW)
    await expect(summaries.last).to_contain_text("minggu 25 November – 2 Desember 2026")
    chart = summaries.last.get_by_role("img")
    assert await chart.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 300
