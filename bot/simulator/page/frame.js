// What every phone has around its messages, whatever app is open in it.

import { h, iconButton } from "./dom.js";
import { initials } from "./format.js";

const HUES = 6;

/** Builds the parts of a phone: `phone` has its id, log and composer by now; `choices(anchor)` opens its menu. */
export function frame(phone, number, choices) {
  phone.name = h("h2", {});
  phone.detail = h("p", { class: "detail" });
  phone.badge = h("span", { class: "role", hidden: true });
  phone.disc = h("span", { class: `disc hue${Math.abs(number) % HUES}`, "aria-hidden": "true" });
  phone.barrier = h("div", { class: "barrier", hidden: true });
  phone.screen = h("div", { class: "screen" }, phone.log.element, phone.barrier, phone.composer.element);
  phone.element = h("section", { class: `phone ${phone.app}`, id: `phone${phone.id}`, "data-chat": String(phone.id) },
    h("header", {}, phone.disc, h("div", { class: "who" }, phone.name, h("div", {}, phone.badge, phone.detail)),
      iconButton("more", "Pilihan ponsel ini", (event) => choices(event.currentTarget), { "aria-haspopup": "menu" })),
    phone.screen);
  phone.composer.acceptDrops(phone.screen);
}

/** Shows whose phone it is, and `stop` instead of the text field where nobody can write. */
export function draw(phone, title, detail, stop) {
  phone.name.textContent = title;
  phone.disc.replaceChildren(initials(title));
  phone.badge.textContent = phone.role;
  phone.badge.hidden = !phone.role;
  phone.element.setAttribute("aria-label", `Ponsel: ${title}${phone.role ? `, ${phone.role}` : ""}`);
  phone.detail.textContent = detail;
  phone.barrier.replaceChildren(...(stop ? [stop] : []));
  phone.barrier.hidden = !stop;
  phone.composer.element.hidden = Boolean(stop);
  phone.host.changed(phone);
}

/** Whether somebody sees the phone now. */
export const visible = (phone) => document.visibilityState === "visible" && phone.element.offsetParent !== null;
