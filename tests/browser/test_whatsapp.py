"""WhatsApp on the demo's page: a real browser, the real simulator, and a program that Twilio calls."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from tests.bot.simulator.twilio.program import Twilio, both_sides
from tests.browser.acting import Visitor, bubble, chosen, file_of, phone, write
from tests.browser.echo_bot import picture
from tests.simulated import Simulated

pytestmark = pytest.mark.anyio
POCKET = {"width": 390, "height": 844}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Wa:
    """The simulator with Twilio, and somebody who has just written: the window is open."""

    sim: Simulated
    twilio: Twilio
    siti: str

    async def inbound(self, count: int) -> list[dict[str, str]]:
        """What the program got from Siti since, once it is so many."""
        return (await self.twilio.program.got("/inbound", count + 1))[1:]

    async def offer(self, body: str, *titles: str) -> None:
        """Quick replies, whose payload is "do:" and their label."""
        actions = [{"title": title, "id": f"do:{title}"} for title in titles]
        content = await self.twilio.content("twilio/quick-reply", {"body": body, "actions": actions})
        await self.twilio.send(self.siti, content=content)


@pytest.fixture(scope="module")
async def site(anyio_backend: str) -> AsyncIterator[tuple[Simulated, Twilio]]:
    async with both_sides() as made:
        yield made


@pytest.fixture
async def wa(site: tuple[Simulated, Twilio]) -> Wa:
    sim, twilio = site
    twilio.program.requests.clear()
    siti = await twilio.phones.create("Siti Rahma", f"+62813{next(_numbers):08}")
    await twilio.phones.say(siti, "Halo")
    await twilio.program.got("/inbound", 1)
    return Wa(sim, twilio, siti)


async def opened(visitor: Visitor, wa: Wa, *chats: int | str) -> Page:
    """The page with these phones, or Siti's alone."""
    shown = chats or (wa.siti,)
    await visitor.page.goto(f"{wa.sim.url}/#{','.join(map(str, shown))}")
    await expect(visitor.page.locator(".phone h2:not(:empty)")).to_have_count(len(shown))
    return visitor.page


async def test_a_text_shows_its_marks_as_whatsapp_does_and_never_as_html(visitor: Visitor, wa: Wa) -> None:
    page = await opened(visitor, wa)
    text = "*Puskesmas* buka _sampai_ ~21.00~ 22.00\n```Teks *apa adanya*```\n2 * 3 * 4 = 24 <b>x</b> https://jambiprov.go.id/a_b_c"
    await wa.twilio.send(wa.siti, body=text)
    said = bubble(page, wa.siti, "Puskesmas").locator(".text")
    await expect(said.locator("b")).to_have_text(["Puskesmas"])
    await expect(said.locator("i")).to_have_text(["sampai"])
    await expect(said.locator("s")).to_have_text(["21.00"])
    await expect(said.locator("pre")).to_contain_text("Teks *apa adanya*")
    await expect(said).to_contain_text("2 * 3 * 4 = 24 <b>x</b>")
    await expect(said.locator("a")).to_have_attribute("href", "https://jambiprov.go.id/a_b_c")


async def test_a_quick_reply_is_pressed_and_shows_as_an_answer_to_its_message(
    visitor: Visitor, wa: Wa
) -> None:
    page = await opened(visitor, wa)
    await wa.offer("Sudah dibagikan?", "Sudah", "Nanti saja")
    await phone(page, wa.siti).get_by_role("button", name="Nanti saja").click()
    [form] = await wa.inbound(1)
    assert (form["ButtonPayload"], form["ButtonText"]) == ("do:Nanti saja", "Nanti saja")
    own = phone(page, wa.siti).locator("li.own").filter(has_text="Nanti saja")
    await expect(own.locator(".quote")).to_contain_text("Sudah dibagikan?")


async def test_a_list_opens_as_a_sheet_whose_line_is_chosen(visitor: Visitor, wa: Wa) -> None:
    page = await opened(visitor, wa)
    items = [
        {"item": f"{n}. Tempat", "id": f"place:{n}", "description": f"{n}. Tempat yang panjang sekali"}
        for n in range(1, 11)
    ]
    fields = {"body": "Di mana?", "button": "Pilih", "items": items}
    await wa.twilio.send(wa.siti, content=await wa.twilio.content("twilio/list-picker", fields))
    box = phone(page, wa.siti)
    await box.get_by_role("button", name="Pilih", exact=True).click()
    sheet = box.get_by_role("dialog", name="Pilih")
    await expect(sheet.get_by_role("listitem")).to_have_count(10)
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await box.get_by_role("button", name="Pilih", exact=True).click()
    await sheet.get_by_role("button", name="7. Tempat yang panjang").click()
    await expect(sheet).to_have_count(0)
    [form] = await wa.inbound(1)
    assert (form["ListId"], form["ListTitle"]) == ("place:7", "7. Tempat")


async def test_ticks_say_what_the_program_knows_and_looking_at_the_chat_is_told(
    visitor: Visitor, wa: Wa
) -> None:
    other = await wa.twilio.phones.create("Budi", f"+62814{next(_numbers):08}")
    await wa.twilio.phones.say(other, "Halo")
    page = await opened(visitor, wa, wa.siti, other)
    await phone(page, wa.siti).get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Matikan ponsel").click()
    await expect(phone(page, wa.siti).locator(".detail")).to_contain_text("ponsel mati")
    away, here = (
        await wa.twilio.send(wa.siti, body="Nanti sampai"),
        await wa.twilio.send(other, body="Langsung"),
    )
    ticks = bubble(page, other, "Langsung").locator(".ticks")
    await expect(ticks).to_have_attribute("aria-label", "Dibaca")
    assert (await wa.twilio.end_of(here, "read"))["MessageStatus"] in {"delivered", "read"}
    await expect(bubble(page, wa.siti, "Nanti sampai")).to_have_count(0)
    await phone(page, wa.siti).get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Nyalakan ponsel").click()
    await expect(bubble(page, wa.siti, "Nanti sampai").locator(".ticks")).to_have_attribute(
        "aria-label", "Dibaca"
    )
    async with asyncio.timeout(10):
        while "read" not in [
            f["MessageStatus"] for f in wa.twilio.program.forms("/status") if f["MessageSid"] == away
        ]:
            await asyncio.sleep(0.05)


async def test_an_approved_template_is_marked_and_its_button_opens_the_window(
    visitor: Visitor, wa: Wa
) -> None:
    budi = await wa.twilio.phones.create("Budi Santoso", f"+62815{next(_numbers):08}")
    page = await opened(visitor, wa, budi)
    refused = await wa.twilio.send(budi, body="Tanpa templat")
    assert (await wa.twilio.end_of(refused))["ErrorCode"] == "63016"
    await wa.twilio.send(budi, content=await wa.twilio.approved("konten_uji"))
    asked = bubble(page, budi, "Konten pekan ini sudah siap.")
    await expect(asked).to_contain_text("Templat yang disetujui")
    await asked.get_by_role("button", name="Lihat konten").click()
    await wa.twilio.program.got("/inbound", 2)
    await wa.twilio.send(budi, body="Ini kontennya")
    await expect(bubble(page, budi, "Ini kontennya")).to_be_visible()
    await expect(bubble(page, budi, "Tanpa templat")).to_have_count(0)


async def test_pictures_come_from_the_program_and_a_photo_is_sent_to_it(visitor: Visitor, wa: Wa) -> None:
    page = await opened(visitor, wa)
    wa.twilio.program.files["/media/1.jpg"] = (picture("navy"), "image/jpeg")
    await wa.twilio.send(wa.siti, media=f"{wa.twilio.program.url}/media/1.jpg", body="Infografis")
    shown = bubble(page, wa.siti, "Infografis").get_by_role("img", name="Foto dalam pesan")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    two = [file_of(f"{colour}.jpg", "image/jpeg", picture(colour)) for colour in ("olive", "teal")]
    await chosen(page, wa.siti, "Foto atau video", two)
    await write(page, wa.siti, "Ini buktinya")
    first, second = await wa.inbound(2)
    assert (first["NumMedia"], first["MediaContentType0"], first["Body"]) == (
        "1",
        "image/jpeg",
        "Ini buktinya",
    )
    assert (second["NumMedia"], second["Body"]) == ("1", "")  # WhatsApp has no albums
    await expect(phone(page, wa.siti).locator("li.own img")).to_have_count(2)


async def test_a_phone_goes_over_from_telegram_to_whatsapp_and_somebody_new_joins_there(
    visitor: Visitor, wa: Wa
) -> None:
    ratna = await wa.sim.people.create_user("Ratna", f"Dewi {next(_numbers)}")
    page = await opened(visitor, wa, ratna)
    await phone(page, ratna).get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Ganti orang").click()
    await page.get_by_label("Cari orang atau grup").fill(wa.siti)
    await page.get_by_role("dialog").get_by_role("button", name=wa.siti).click()
    await expect(phone(page, wa.siti).locator("li.own")).to_contain_text("Halo")
    await expect(phone(page, ratna)).to_have_count(0)
    await page.get_by_role("button", name="+ Ponsel").click()
    await page.get_by_text("Orang baru yang belum bergabung").click()
    await page.get_by_label("Nama depan").fill("Yuni")
    await page.get_by_label("Nomor telepon").fill("+62 819-0000-1111")
    await page.get_by_label("Hanya punya WhatsApp").check()
    await expect(page.get_by_label("Tautan undangan")).to_be_hidden()
    await page.get_by_role("button", name="Buka ponselnya").click()
    await expect(page.get_by_role("heading", name="Yuni")).to_be_visible()
    await write(page, "+6281900001111", "Halo, saya ingin ikut")
    [form] = [form for form in await wa.inbound(1) if form["ProfileName"] == "Yuni"]
    assert form["Body"] == "Halo, saya ingin ikut"
    await page.reload()
    await expect(page.locator(".phone.whatsapp h2:not(:empty)")).to_have_count(2)


async def test_who_blocks_the_number_hears_nothing_until_it_is_unblocked(visitor: Visitor, wa: Wa) -> None:
    page = await opened(visitor, wa)
    box = phone(page, wa.siti)
    await box.get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Blokir nomor program").click()
    await expect(box.get_by_text("Orang ini memblokir nomor program.")).to_be_visible()
    assert (await wa.twilio.end_of(await wa.twilio.send(wa.siti, body="Halo?")))["ErrorCode"] == "63014"
    await box.get_by_role("button", name="Buka blokir").click()
    await write(page, wa.siti, "Kembali")
    await wa.inbound(1)
    await expect(box.locator("li.own").filter(has_text="Kembali")).to_be_visible()


async def test_on_a_small_phone_two_apps_are_two_tabs_and_everything_fits(visitor: Visitor, wa: Wa) -> None:
    ratna = await wa.sim.people.create_user("Ratna", f"Dewi {next(_numbers)}")
    await wa.sim.people.start(ratna)
    await visitor.page.set_viewport_size(POCKET)  # type: ignore[arg-type]
    page = await opened(visitor, wa, ratna, wa.siti)
    items = [{"item": f"{n}. Status WhatsApp", "id": f"place:{n}"} for n in range(1, 11)]
    fields = {"body": "Di mana Anda membagikannya?", "button": "Pilih di sini", "items": items}
    await wa.twilio.send(wa.siti, content=await wa.twilio.content("twilio/list-picker", fields))
    tab = page.get_by_role("navigation", name="Ponsel").get_by_role("button").last
    await expect(tab.locator(".badge")).to_have_text("1")
    await tab.click()
    await expect(phone(page, wa.siti)).to_be_visible()
    await expect(phone(page, ratna)).to_be_hidden()
    await phone(page, wa.siti).get_by_role("button", name="Pilih di sini").click()
    last = phone(page, wa.siti).get_by_role("button", name="10. Status WhatsApp")
    await last.scroll_into_view_if_needed()
    box = await last.bounding_box()
    assert box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= POCKET["width"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= POCKET["width"]
    await last.click()
    [form] = await wa.inbound(1)
    assert form["ListId"] == "place:10"
