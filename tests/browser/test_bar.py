"""The bar of the programme on top of the page, the small screen, and the habits of chat apps."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser import programme_face
from tests.browser.acting import Cast, Scene, Visitor, bubble, opened, phone, write
from tests.simulated import start_simulator

pytestmark = pytest.mark.anyio
_HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_the_bar_shows_clock_figures_and_the_target_the_indonesian_way(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    bar = page.locator("#bar")
    for text in (
        "Demo Satu Pesan: semua orang di sini rekaan",
        "09.00 WIB",
        "Rabu, 25 November 2026 · minggu ke-48",
        "Peristiwa berikutnya: Siaran pekan ini · Rabu 25 Nov 13.00",
        "Tingkat partisipasi 55%",
        "1.230 antre",
        "10.200 / 15.000 terkirim · 12 tidak terkirim · 4.788 tersisa",
        "45,6%",
        "6.840 dari 15.000 ASN · target 50%",
    ):
        await expect(bar).to_contain_text(text)
    release = bar.get_by_role("progressbar", name="Siaran minggu ke-48")
    await expect(release).to_have_attribute("aria-valuenow", "68")
    rail, aim = await bar.locator(".rail").nth(1).bounding_box(), await bar.locator(".aim").bounding_box()
    assert rail
    assert aim
    assert abs(aim["x"] + aim["width"] / 2 - rail["x"] - rail["width"] / 2) < 1.5


async def test_the_clock_moves_to_the_next_event_by_an_hour_and_to_a_later_event(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    scene.programme.clock.clear()
    await page.get_by_role("button", name="Lompat ke sana").click()
    await expect(page.locator(".time")).to_have_text("13.00 WIB")
    await expect(page.locator(".event")).to_contain_text("Pengingat pertama · Jumat 27 Nov 10.00")
    await page.get_by_role("button", name="+1 jam").click()
    await expect(page.locator(".time")).to_have_text("14.00 WIB")
    await page.get_by_role("button", name="+1 hari").click()
    await expect(page.locator(".date")).to_contain_text("Kamis, 26 November 2026")
    later = {"name": "digest", "label": "Paket Rabuan", "at": "2026-11-27T07:00:00+00:00"}
    scene.programme.state["next"].append(later)
    await page.get_by_role("button", name="Peristiwa sesudahnya").click()
    await page.get_by_role("menuitem", name="Paket Rabuan · Jumat 27 Nov 14.00").click()
    await expect(page.locator(".date")).to_contain_text("Jumat, 27 November 2026")
    assert scene.programme.clock == [
        {"next": True},
        {"advance": 3600},
        {"advance": 86400},
        {"to": later["at"]},
    ]


async def test_a_refused_move_tells_the_reason_and_a_move_under_way_locks_the_buttons(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    jump = page.get_by_role("button", name="Lompat ke sana")
    scene.programme.busy = "Masih ada 12 pesan yang sedang dikirim."
    await jump.click()
    await expect(page.get_by_text("Masih ada 12 pesan yang sedang dikirim.", exact=True)).to_be_visible()
    scene.programme.busy = ""
    await expect(jump).to_be_enabled()
    scene.programme.state["moving"] = True
    await expect(jump).to_be_disabled()
    await expect(jump).to_have_attribute("aria-busy", "true")
    scene.programme.state["moving"] = False
    await expect(jump).to_be_enabled()


async def test_the_crowd_is_switched_on_and_told_its_rate(visitor: Visitor, scene: Scene, cast: Cast) -> None:
    page = await opened(visitor, scene)
    scene.programme.crowd.clear()
    await page.get_by_role("switch", name="Keramaian").check()
    await expect(page.get_by_role("switch", name="Keramaian")).to_be_checked()
    scene.programme.steered.clear()
    await page.get_by_label("Tingkat partisipasi").fill("72")
    await expect(page.get_by_text("Tingkat partisipasi 72%")).to_be_visible()
    async with asyncio.timeout(5):
        await scene.programme.steered.wait()
    assert scene.programme.crowd == [{"rate": 0.55, "running": True}, {"rate": 0.72, "running": True}]


async def test_the_programme_is_asked_each_second_and_only_while_the_page_is_seen(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    scene.programme.state["counts"]["shares"] = 4_322
    await expect(page.locator("#bar")).to_contain_text("4.322", timeout=2500)
    await page.evaluate(_HIDE, "hidden")
    await page.wait_for_timeout(200)
    before = scene.programme.looks
    await page.wait_for_timeout(1500)
    assert scene.programme.looks == before
    await page.evaluate(_HIDE, "visible")
    await page.wait_for_timeout(200)
    assert scene.programme.looks > before


async def test_without_a_programme_the_bar_says_so_and_the_phones_work(visitor: Visitor) -> None:
    async with start_simulator(limiter="off") as alone:
        user = await alone.people.create_user("Siti", "Rahma")
        await alone.people.start(user)
        await visitor.page.goto(alone.url)
        await expect(visitor.page.get_by_text("Hanya simulator yang berjalan")).to_be_visible()
        await expect(visitor.page.get_by_role("button", name="Lompat ke sana")).to_be_hidden()
        await write(visitor.page, user, "halo")
        await expect(phone(visitor.page, user).locator("li.own")).to_have_count(2)
        assert (await alone.people.history(user))["messages"][-1]["text"] == "halo"


async def test_a_programme_that_does_not_answer_is_said_and_found_again(visitor: Visitor) -> None:
    async with programme_face.listening() as away:
        port = away.port
    async with start_simulator(limiter="off", program=away.url) as lonely:
        users = await lonely.people.create_users([{"first_name": "Siti"}, {"first_name": "Budi"}])
        page = visitor.page
        await page.goto(lonely.url)
        await expect(page.get_by_text("Program tidak menjawab")).to_be_visible()
        await expect(phone(page, users[0])).to_be_visible()
        async with programme_face.listening(port) as back:
            back.state = programme_face.state_of({"asn": users[1], "ppid": 0, "controller": 0, "group": 0})
            await expect(page.locator(".time")).to_have_text("09.00 WIB")
            await expect(page.get_by_text("Program tidak menjawab")).to_be_hidden()
            await expect(phone(page, users[1]).locator(".role")).to_have_text("ASN")


async def small(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})


async def test_a_small_screen_shows_one_phone_with_tabs_and_counts_what_is_unread_elsewhere(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    await small(visitor.page)
    page = await opened(visitor, scene)
    tabs = page.get_by_role("navigation", name="Ponsel").get_by_role("button")
    await expect(tabs).to_have_text(["ASN", "PPID", "Pengendali", "Grup Rabuan"])
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await expect(phone(page, cast.asn)).to_be_visible()
    await scene.sim.ok("sendMessage", {"chat_id": cast.ppid, "text": "Ada konten baru"})
    await expect(tabs.nth(1).locator(".badge")).to_have_text("1")
    await expect(page).to_have_title("(1) Demo Satu Pesan")
    await tabs.nth(1).click()
    await expect(bubble(page, cast.ppid, "Ada konten baru")).to_be_in_viewport()
    await expect(phone(page, cast.ppid).locator(".divider")).to_have_text("Belum dibaca")
    await expect(tabs.nth(1).locator(".badge")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_the_list_stays_at_its_end_but_not_for_somebody_who_reads_further_up(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    page = await opened(visitor, scene)
    budi = phone(page, cast.ppid)
    await write(page, cast.ppid, "/banyak")
    await expect(bubble(page, cast.ppid, "Pesan nomor 30")).to_be_in_viewport()
    await budi.locator(".scroller").hover()
    await page.mouse.wheel(0, -600)
    await expect(budi.get_by_label("Ke pesan terbaru")).to_be_visible()
    top = await budi.locator(".scroller").evaluate("(box) => box.scrollTop")
    await scene.sim.ok("sendMessage", {"chat_id": cast.ppid, "text": "yang paling baru"})
    await expect(budi.locator(".jump .badge")).to_have_text("1")
    assert await budi.locator(".scroller").evaluate("(box) => box.scrollTop") == top
    await budi.get_by_label("Ke pesan terbaru").click()
    await expect(bubble(page, cast.ppid, "yang paling baru")).to_be_in_viewport()
    await expect(budi.locator(".jump")).to_be_hidden()


async def test_what_was_missed_while_the_stream_was_cut_is_caught_up(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    await visitor.page.route("**/sim/events*", lambda route: route.abort())
    gone = await scene.sim.ok("sendMessage", {"chat_id": cast.ppid, "text": "akan dihapus"})
    page = await opened(visitor, scene)
    await expect(bubble(page, cast.ppid, "akan dihapus")).to_be_visible()
    await scene.sim.ok("deleteMessage", {"chat_id": cast.ppid, "message_id": gone["message_id"]})
    await scene.sim.ok("sendMessage", {"chat_id": cast.ppid, "text": "selagi terputus"})
    await page.wait_for_timeout(300)
    assert await bubble(page, cast.ppid, "selagi terputus").count() == 0
    await page.unroute("**/sim/events*")
    await expect(bubble(page, cast.ppid, "selagi terputus")).to_be_visible()
    await expect(bubble(page, cast.ppid, "akan dihapus")).to_have_count(0)
