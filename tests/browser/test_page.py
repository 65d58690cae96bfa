"""The demo's page in a real browser, a real simulator and a real bot behind it: text, buttons, people."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.acting import Cast, Scene, Visitor, bubble, opened, phone, write

pytestmark = pytest.mark.anyio
EVIL = '<img src=x onerror="window.broken=1"><script>window.broken=1</script> <b>tebal</b>'


async def test_the_four_phones_of_the_programme_stand_side_by_side_with_their_roles(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    assert await page.locator(".phone .role").all_text_contents() == [
        "ASN",
        "PPID",
        "Pengendali",
        "Grup Rabuan",
    ]
    boxes = [await one.bounding_box() for one in await page.locator(".phone").all()]
    assert all(
        box and box["y"] == boxes[0]["y"] and box["x"] + box["width"] <= 1440 for box in boxes if boxes[0]
    )
    assert await page.evaluate("document.body.scrollWidth") <= 1440


async def test_somebody_new_starts_by_a_deep_link_and_the_answer_shows_its_formatting(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    siti = phone(page, cast.asn)
    await expect(siti.get_by_text("Setiap Rabu satu pesan publik")).to_be_visible()
    await siti.get_by_label("tautan undangan").fill("https://t.me/orang_lain?start=x")
    await siti.get_by_role("button", name="Mulai", exact=True).click()
    await expect(siti.get_by_text("bukan tautan undangan @satu_pesan_bot")).to_be_visible()
    await siti.get_by_label("tautan undangan").fill(f"https://t.me/satu_pesan_bot?start=opd_{cast.asn}")
    await siti.get_by_role("button", name="Mulai", exact=True).click()
    text = bubble(page, cast.asn, "Selamat datang").locator(".text")
    await expect(text.locator("b").first).to_have_text("Selamat datang, Ibu Siti.")
    assert f"opd_{cast.asn}" in scene.echo.payloads
    await expect(text.locator("blockquote")).to_have_count(1)
    await expect(text.locator("blockquote b")).to_have_text("Satu Pesan")
    assert await text.locator("a").get_attribute("href") == "https://jambiprov.go.id/"
    await text.get_by_role("button", name="/bantuan").click()
    await expect(bubble(page, cast.asn, "Anda menulis: /bantuan")).to_be_visible()


async def test_nobody_can_put_html_or_a_script_into_the_page(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    people = scene.sim.people
    mallory = await people.create_user(EVIL, "<i>M</i>", phone="<svg onload=window.broken=1>")
    await people.start(mallory)
    await people.say(mallory, EVIL)
    await people.document(mallory, EVIL.encode(), name="<img src=x onerror=window.broken=1>.html")
    await people.share_contact(mallory, phone=EVIL, first_name=EVIL)
    link = {"type": "text_link", "offset": 0, "length": 5, "url": "javascript:window.broken=1"}
    await scene.sim.ok("sendMessage", {"chat_id": mallory, "text": "tekan saya", "entities": [link]})
    await scene.sim.ok("sendMessage", {"chat_id": mallory, "text": "x", "reply_markup": {
        "keyboard": [[{"text": EVIL}]], "input_field_placeholder": '"><img src=x>'}})  # fmt: skip
    page = await opened(visitor, scene, mallory)
    box = phone(page, mallory)
    await expect(box.get_by_text("Anda menulis: " + EVIL)).to_be_visible()
    await page.get_by_role("button", name="+ Ponsel").click()
    await page.get_by_label("Cari orang atau grup").fill("<img")
    await expect(page.get_by_role("dialog").get_by_text(EVIL).first).to_be_visible()
    assert await page.locator("script:not([src='main.js'])").count() == 0
    assert await page.locator("[onerror], [onload], iframe, a[href^='javascript:']").count() == 0
    assert await box.locator(".text img, .text script, .card img, h2 img, .keys img").count() == 0
    await expect(bubble(page, mallory, "Anda menulis: <img").locator("b")).to_have_count(0)
    await expect(bubble(page, mallory, "tekan saya").locator("a")).to_have_count(0)
    assert await page.evaluate("window.broken") is None
    assert await box.locator("a.file").get_attribute("download"), (
        "a document is never opened in the page's own origin"
    )


async def test_a_pressed_button_waits_until_the_bot_answers_and_the_answer_is_a_toast(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    scene.echo.gate.clear()
    slow = budi.get_by_role("button", name="Tunggu sebentar")
    await slow.click()
    await expect(slow).to_have_attribute("aria-busy", "true")
    scene.echo.gate.set()
    await expect(budi.get_by_text("Sudah selesai menunggu")).to_be_visible()
    await expect(slow).not_to_have_attribute("aria-busy", "true")
    await budi.get_by_role("button", name="Nanti").click()
    box = budi.get_by_role("alertdialog")
    await expect(box).to_contain_text("hari Jumat")
    await box.get_by_role("button", name="Baik").click()
    await expect(box).to_have_count(0)
    await budi.get_by_role("button", name="Teks kanal lain").click()
    await expect(bubble(page, cast.ppid, "Teks untuk kanal lain").locator(".meta")).to_contain_text("diedit")
    await expect(budi.locator(".inline")).to_have_count(0)


async def test_the_reply_keyboard_shares_the_own_number_and_goes_after_use(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await write(page, cast.ppid, "/nomor")
    await expect(budi.get_by_label("Tulis pesan")).to_have_attribute("placeholder", "Pilih tombol di bawah")
    await budi.get_by_role("button", name="Bagikan nomor saya").click()
    await expect(bubble(page, cast.ppid, "Nomor Anda +6281317")).to_be_visible()
    await expect(budi.locator(".card")).to_contain_text("Budi")
    await expect(budi.locator(".keys")).to_be_hidden()
    sent = (await scene.sim.people.history(cast.ppid))["messages"]
    assert [message["contact"]["user_id"] for message in sent if message["contact"]] == [cast.ppid]


async def test_an_answer_that_was_long_on_its_way_does_not_put_away_what_came_meanwhile(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    asked, freed = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        """What the phone asks for when its stream opens is answered early and arrives late."""
        answer = await route.fetch()
        asked.set()
        await freed.wait()
        await route.fulfill(response=answer)

    again = re.compile(rf"/sim/history\?chat_id={cast.ppid}&since=[1-9]")
    page = await opened(visitor, scene)
    await page.wait_for_load_state("networkidle")
    await page.route(again, slowly)
    await phone(page, cast.group).get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Tutup ponsel ini").click()  # the stream opens anew
    await asyncio.wait_for(asked.wait(), 10)
    await write(page, cast.ppid, "/nomor")
    shared = phone(page, cast.ppid).get_by_role("button", name="Bagikan nomor saya")
    await expect(shared).to_be_visible()
    async with page.expect_event("requestfinished", lambda request: bool(again.search(request.url))):
        freed.set()
    await page.evaluate("new Promise((done) => setTimeout(done, 100))")  # the page has read it
    await expect(shared).to_be_visible()


async def test_a_one_time_keyboard_folds_away_and_can_be_brought_back(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await write(page, cast.ppid, "/nomor")
    await budi.get_by_role("button", name="Bantuan", exact=True).click()
    await expect(bubble(page, cast.ppid, "Anda menulis: Bantuan")).to_be_visible()
    await expect(budi.locator(".keys")).to_be_hidden()
    await budi.get_by_label("tombol jawaban").first.click()
    await expect(budi.get_by_role("button", name="Bantuan", exact=True)).to_be_visible()


async def test_what_is_typed_fast_arrives_completely_and_in_order(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    await phone(page, cast.ppid).get_by_label("Tulis pesan").focus()
    for number in range(1, 9):
        await page.keyboard.type(f"baris {number}")
        await page.keyboard.press("Enter")
    await expect(phone(page, cast.ppid).locator("li.own").filter(has_text="baris 8")).to_be_visible()
    kept = (await scene.sim.people.history(cast.ppid))["messages"]
    said = [one["text"] for one in kept if not one["from"]["bot"] and one["text"].startswith("baris")]
    assert said == [f"baris {number}" for number in range(1, 9)]


async def test_a_slash_lists_the_commands_and_the_arrow_keys_choose_one(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await budi.get_by_role("button", name="Perintah bot").click()
    await expect(budi.get_by_role("option")).to_have_count(3)
    field = budi.get_by_label("Tulis pesan")
    await field.press_sequentially("/s")
    await expect(budi.get_by_role("option")).to_have_text(["/sayaCatatan berbagi saya"])
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(bubble(page, cast.ppid, "Anda menulis: /saya")).to_be_visible()
    await expect(field).to_have_value("")


async def test_an_own_message_can_be_changed_and_any_message_answered(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    await write(page, cast.ppid, "salah tulis")
    own = phone(page, cast.ppid).locator("li.own").filter(has_text="salah tulis")
    await own.hover()
    await own.get_by_label("Ubah pesan ini").click()
    await write(page, cast.ppid, "sudah benar")
    changed = phone(page, cast.ppid).locator("li.own").filter(has_text="sudah benar")
    await expect(changed.locator(".meta")).to_contain_text("diedit")
    answer = bubble(page, cast.ppid, "Anda menulis: salah tulis")
    await answer.hover()
    await answer.get_by_label("Balas pesan ini").click()
    await write(page, cast.ppid, "balasan saya")
    quoted = phone(page, cast.ppid).locator("li.own").filter(has_text="balasan saya").locator(".quote")
    await expect(quoted).to_contain_text("Anda menulis: salah tulis")


async def test_a_text_to_copy_is_copied_by_one_press(visitor: Visitor, scene: Scene, cast: Cast) -> None:
    await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await opened(visitor, scene)
    await write(page, cast.ppid, "/salin")
    await phone(page, cast.ppid).get_by_role("button", name="Salin", exact=True).click()
    await expect(phone(page, cast.ppid).get_by_text("Teks disalin.")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "Posyandu keliling\n#JambiMantap"


async def test_who_blocks_the_bot_cannot_write_until_it_is_unblocked(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await budi.get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Blokir bot").click()
    await expect(budi.get_by_text("Orang ini memblokir bot.")).to_be_visible()
    status, body = await scene.sim.api("sendMessage", {"chat_id": cast.ppid, "text": "halo"})
    assert (status, body["description"]) == (403, "Forbidden: bot was blocked by the user")
    await budi.get_by_role("button", name="Buka blokir").click()
    await write(page, cast.ppid, "kembali")
    await expect(bubble(page, cast.ppid, "Anda menulis: kembali")).to_be_visible()


async def test_in_the_group_a_chosen_member_writes_and_the_others_have_their_names(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    group = phone(page, cast.group)
    await write(page, cast.group, "Selamat pagi dari Ratna")
    await expect(group.locator("li.own").filter(has_text="dari Ratna")).to_be_visible()
    await group.get_by_label("Pilihan ponsel ini").click()
    await page.get_by_role("menuitem", name="Menulis sebagai").click()
    await page.get_by_role("dialog").get_by_role("button", name="Budi").click()
    await expect(group.locator(".detail")).to_contain_text("sebagai Budi")
    await expect(bubble(page, cast.group, "dari Ratna").locator(".author")).to_contain_text("Ratna")
    await write(page, cast.group, "/foto@satu_pesan_bot")
    await expect(group.locator("li.own").filter(has_text="/foto@satu_pesan_bot")).to_be_visible()
    await expect(bubble(page, cast.group, "Anda menulis: /foto").locator(".author")).to_have_text(
        "Satu Pesan"
    )


async def test_the_chooser_finds_people_by_name_and_makes_new_ones_with_an_invitation(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    number = await scene.sim.people.create_user("Zulkifli", f"Anwar {cast.asn}")
    await page.get_by_role("button", name="+ Ponsel").click()
    await page.get_by_label("Cari orang atau grup").fill(f"Zulkifli Anwar {cast.asn}")
    await page.get_by_role("dialog").get_by_role("button", name="Zulkifli").click()
    await expect(phone(page, number).get_by_text("belum memulai percakapan")).to_be_visible()
    await page.get_by_role("button", name="+ Ponsel").click()
    await page.get_by_text("Orang baru yang belum bergabung").click()
    await page.get_by_label("Nama depan").fill("Yuni")
    await page.get_by_label("Nomor telepon").fill("+62 813-1703-6688")
    await page.get_by_label("Tautan undangan").last.fill(f"https://t.me/satu_pesan_bot?start=baru_{cast.asn}")
    await page.get_by_role("button", name="Buka ponselnya").click()
    yuni = page.locator(".phone").filter(has=page.get_by_role("heading", name="Yuni"))
    await expect(yuni.get_by_text("Selamat datang, Ibu Siti.")).to_be_visible()
    await expect(yuni.locator(".detail")).to_have_text("+6281317036688")
    assert f"baru_{cast.asn}" in scene.echo.payloads
    await page.reload()
    await expect(page.locator(".phone h2:not(:empty)")).to_have_count(6)
