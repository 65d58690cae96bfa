"""Files at the demo's page: chosen, dropped, pasted, sent and shown."""

import base64

import pytest
from playwright.async_api import Page, expect

from tests.browser.acting import Cast, Scene, Visitor, bubble, chosen, file_of, opened, phone, write
from tests.browser.echo_bot import picture

pytestmark = pytest.mark.anyio


async def test_a_photo_is_sent_with_its_caption_and_opens_large(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    await chosen(page, cast.ppid, "Foto atau video", [file_of("bukti.jpg", "image/jpeg", picture("navy"))])
    await write(page, cast.ppid, "Ini buktinya")
    own = phone(page, cast.ppid).locator("li.own").filter(has_text="Ini buktinya")
    await expect(own.locator("img")).to_be_visible()
    await expect(bubble(page, cast.ppid, "fotonya kami terima").locator("img")).to_be_visible()
    await own.get_by_role("button", name="Perbesar foto").click()
    await expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_several_pictures_go_as_one_album_and_other_files_as_documents(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    two = [
        file_of(f"{colour}.jpg", "image/jpeg", picture(colour, (640, 480))) for colour in ("navy", "olive")
    ]
    await chosen(page, cast.ppid, "Foto atau video", two)
    await page.keyboard.press("Escape")
    await phone(page, cast.ppid).get_by_role("button", name="Kirim", exact=True).click()
    await expect(phone(page, cast.ppid).locator("li.own .media.n2 img")).to_have_count(2)
    await chosen(page, cast.ppid, "Berkas", [file_of("daftar hadir.csv", "text/csv", b"nip,nama\n")])
    await phone(page, cast.ppid).get_by_role("button", name="Kirim", exact=True).click()
    await expect(bubble(page, cast.ppid, "Berkas daftar hadir.csv (text/csv)")).to_be_visible()
    await expect(phone(page, cast.ppid).locator("li.own a.file")).to_contain_text("9 B")


async def bring(page: Page, chat: int, event: str, name: str, mime: str, data: bytes) -> None:
    """Drops or pastes a file, as the browser would tell the page."""
    script = """([chat, kind, name, mime, data]) => {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        const carried = new DataTransfer();
        carried.items.add(new File([bytes], name, {type: mime}));
        const box = document.querySelector(`.phone[data-chat="${chat}"]`);
        const target = box.querySelector(kind === "drop" ? ".scroller" : "textarea");
        const made = kind === "drop"
            ? new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true});
        target.dispatchEvent(made);
        return made.defaultPrevented;
    }"""
    assert await page.evaluate(script, [str(chat), event, name, mime, base64.b64encode(data).decode()])


async def test_files_can_be_dropped_on_a_phone_or_pasted_and_taken_back(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await bring(page, cast.ppid, "drop", "layar.jpg", "image/jpeg", picture("navy", (640, 480)))
    await bring(page, cast.ppid, "paste", "tempel.png", "image/png", picture("olive", (640, 480)))
    await expect(budi.locator(".pending")).to_have_count(2)
    await budi.get_by_label("Batalkan layar.jpg").click()
    await budi.get_by_label("Kirim sebagai berkas").check()
    await budi.get_by_role("button", name="Kirim", exact=True).click()
    await expect(bubble(page, cast.ppid, "Berkas tempel.png (image/png)")).to_be_visible()
    await expect(budi.locator(".tray")).to_be_hidden()


async def test_what_cannot_be_sent_is_said_in_indonesian_and_stays_in_the_tray(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    await chosen(page, cast.ppid, "Foto atau video", [file_of("rusak.jpg", "image/jpeg", b"no picture")])
    await write(page, cast.ppid, "ini")
    budi = phone(page, cast.ppid)
    await expect(
        budi.get_by_text("Gambar itu tidak dapat dibaca. Coba kirim sebagai berkas.")
    ).to_be_visible()
    await expect(budi.locator(".pending")).to_have_count(1)
    await expect(budi.get_by_label("Tulis pesan")).to_have_value("ini")


async def test_an_album_and_a_document_of_the_bot_are_shown_as_such(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    await write(page, cast.ppid, "/album")
    await expect(bubble(page, cast.ppid, "Tiga foto").locator(".media.n3 img")).to_have_count(3)
    await write(page, cast.ppid, "/buku")
    file = bubble(page, cast.ppid, "Paket Rabuan").locator("a.file")
    await expect(file).to_contain_text("Rabuan 2026-W48.pdf")
    async with page.expect_download() as fetched:
        await file.click()
    assert (await (await fetched.value).path()).read_bytes() == b"%PDF-1.7 buku"
