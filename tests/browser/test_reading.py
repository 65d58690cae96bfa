"""Whether everybody can read and use the page: contrast, names, keyboard, still pictures, language."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.acting import Cast, Scene, Visitor, bubble, opened, phone, write

pytestmark = pytest.mark.anyio

# Paints every background from the page down to an element, then its colour, and compares as WCAG 2.2 says.
_CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const paint = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility({opacityProperty: true})) continue;
        if (element.closest(":disabled, .hidden, .skip, script, style")) continue;
        const layers = [];
        for (let one = element; one; one = one.parentElement) {
            layers.unshift(getComputedStyle(one).backgroundColor);
        }
        const below = paint(["white", ...layers]);
        const text = paint(["white", ...layers, getComputedStyle(element).color]);
        const ratio = (Math.max(below, text) + 0.05) / (Math.min(below, text) + 0.05);
        found.push([Math.round(ratio * 100) / 100, element.className, walker.currentNode.data.trim()]);
    }
    return found;
}"""


async def full(page: Page, scene: Scene, cast: Cast) -> None:
    """A page that shows a bit of everything."""
    for text in ("/album", "/buku", "/foto", "/nomor"):
        await write(page, cast.ppid, text)
    await expect(bubble(page, cast.ppid, "Silakan bagikan nomor")).to_be_visible()
    await write(page, cast.group, "/menu@satu_pesan_bot")
    await expect(bubble(page, cast.group, "Anda menulis: /menu")).to_be_visible()
    await phone(page, cast.controller).get_by_role("button", name="Perintah bot").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_a_contrast_of_at_least_4_5_to_1(
    visitor: Visitor, scene: Scene, cast: Cast, scheme: str
) -> None:
    await visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = await opened(visitor, scene)
    await full(page, scene, cast)
    await page.wait_for_timeout(400)
    found = await page.evaluate(_CONTRASTS)
    assert len(found) > 80
    assert [one for one in found if one[0] < 4.5] == []
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(14, 21, 19)") is (scheme == "dark")


async def test_every_control_has_a_name(visitor: Visitor, scene: Scene, cast: Cast) -> None:
    page = await opened(visitor, scene)
    await full(page, scene, cast)
    nameless = await page.evaluate("""() => {
        const named = (one) => one.ariaLabel || one.textContent.trim() || one.labels?.length || one.alt;
        return [...document.querySelectorAll("button, a, input, textarea, img")]
            .filter((one) => one.checkVisibility() && !named(one)).map((one) => one.outerHTML);
    }""")
    assert nameless == []
    assert await page.evaluate("document.documentElement.lang") == "id"


async def test_a_phone_can_be_used_by_keyboard_alone(visitor: Visitor, scene: Scene, cast: Cast) -> None:
    page = await opened(visitor, scene)
    await phone(page, cast.ppid).get_by_label("Tulis pesan").focus()
    await page.keyboard.type("baris satu")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("baris dua")
    await page.keyboard.press("Enter")
    await expect(bubble(page, cast.ppid, "baris dua").first).to_contain_text("baris satu\nbaris dua")
    menu = phone(page, cast.ppid).get_by_label("Pilihan ponsel ini")
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Ganti orang")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Buka tautan undangan")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    button = phone(page, cast.ppid).get_by_role("button", name="Sudah saya bagikan")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(phone(page, cast.ppid).get_by_text("Terima kasih, sudah dicatat")).to_be_visible()
    await expect(button).to_be_focused()


async def test_nothing_moves_for_those_who_asked_for_stillness(
    visitor: Visitor, scene: Scene, cast: Cast
) -> None:
    await visitor.page.emulate_media(reduced_motion="reduce")
    page = await opened(visitor, scene)
    await write(page, cast.ppid, "halo")
    own = phone(page, cast.ppid).locator("li.own").filter(has_text="halo")
    assert await own.evaluate("(one) => parseFloat(getComputedStyle(one).animationDuration)") < 0.001


async def test_the_page_asks_nobody_but_its_own_server(visitor: Visitor, scene: Scene, cast: Cast) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = await opened(visitor, scene)
    await full(page, scene, cast)
    assert [url for url in asked if not url.startswith((scene.sim.url, "data:", "blob:"))] == []
