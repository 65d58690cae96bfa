// The scrolling list of a phone's messages: keeps to the newest while one is there, counts what is unread elsewhere.

import { bubble } from "./bubble.js";
import { h, icon } from "./dom.js";
import { day, fromUnix } from "./format.js";

const KEPT = 200; // bubbles; the simulator keeps fewer bodies than that
const NEAR = 60; // pixels from the end that still count as being there

export class Log {
  #entries = new Map(); // album, or message id → {messages, element}
  #gone = new Set();
  #follow = true;
  #top = 0; // where the list was scrolled to last
  #divider = null;
  unread = 0;

  /** `view` is the phone; `onunread()` hears of every change of `unread`. */
  constructor(view, onunread) {
    this.view = view;
    this.onunread = onunread;
    this.list = h("ol", { class: "messages" });
    this.scroller = h("div", { class: "scroller", role: "log", tabindex: "0", "aria-label": "Percakapan", onscroll: () => this.#scrolled() }, this.list);
    this.count = h("span", { class: "badge", hidden: true });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, "aria-label": "Ke pesan terbaru", title: "Ke pesan terbaru", onclick: () => this.end() }, icon("down"), this.count);
    this.element = h("div", { class: "log" }, this.scroller, this.jump);
    new ResizeObserver(() => this.#follow && this.#toEnd()).observe(this.scroller);
    new ResizeObserver(() => this.#follow && this.#toEnd()).observe(this.list);
  }

  get empty() {
    return this.#entries.size === 0;
  }

  get numbers() {
    return [...this.#entries.values()].map(({ messages }) => messages[0].message_id);
  }

  find(id) {
    for (const { messages } of this.#entries.values()) {
      const found = messages.find((message) => message.message_id === id);
      if (found) return found;
    }
    return null;
  }

  /** Shows a message, new or changed; `old` is true for what was there before the page looked. */
  put(message, old = false) {
    if (this.#gone.has(message.message_id)) return;
    const key = message.album || String(message.message_id);
    const entry = this.#entries.get(key);
    if (!entry) return this.#insert(key, message, old);
    const at = entry.messages.findIndex((one) => one.message_id === message.message_id);
    if (at < 0) entry.messages = [...entry.messages, message].sort((a, b) => a.message_id - b.message_id);
    else if (entry.messages[at].seq > message.seq) return;
    else entry.messages[at] = message;
    this.#draw(entry);
  }

  remove(id) {
    this.#gone.add(id);
    for (const [key, entry] of this.#entries) {
      const left = entry.messages.filter((message) => message.message_id !== id);
      if (left.length === entry.messages.length) continue;
      entry.messages = left;
      if (left.length) return this.#draw(entry);
      entry.element.remove();
      this.#entries.delete(key);
      return this.#dates();
    }
  }

  /** Draws a message again whose buttons wait, or no longer do. */
  refresh(id) {
    for (const entry of this.#entries.values()) {
      if (entry.messages.some((message) => message.message_id === id)) this.#draw(entry);
    }
  }

  reveal(id) {
    for (const { messages, element } of this.#entries.values()) {
      if (!messages.some((message) => message.message_id === id)) continue;
      element.scrollIntoView({ block: "center" });
      element.classList.add("found");
      setTimeout(() => element.classList.remove("found"), 1500);
    }
  }

  end() {
    this.#follow = true;
    this.#toEnd();
    this.seen();
  }

  /** After having been hidden: to where the reader was, which for most is the end. */
  resume() {
    if (this.#follow) this.end();
  }

  /** Everything shown is read, if its end is in sight. */
  seen() {
    if (!this.#follow || !this.view.visible) return;
    this.view.read?.(); // where the other side is told
    if (this.unread) {
      this.unread = 0;
      this.onunread();
    }
    this.#mark();
  }

  #insert(key, message, old) {
    const entry = { messages: [message], element: null };
    entry.element = bubble(entry.messages, this.view);
    if (!old) entry.element.classList.add("arriving");
    const own = entry.element.dataset.own !== undefined;
    this.#entries.set(key, entry);
    const after = [...this.list.children].reverse().find((one) => Number(one.dataset.order) < message.message_id);
    entry.element.dataset.order = message.message_id;
    entry.element.dataset.day = day(fromUnix(message.date));
    if (after) after.after(entry.element);
    else this.list.prepend(entry.element);
    if (own && !old) {
      this.#divider?.remove();
      this.end();
    } else if (!old && !(this.#follow && this.view.visible)) this.#missed(entry.element);
    this.#trim();
    this.#dates();
    if (this.#follow) this.#toEnd();
  }

  #missed(element) {
    if (!this.unread) {
      this.#divider?.remove();
      this.#divider = h("li", { class: "divider" }, "Belum dibaca");
      element.before(this.#divider);
    }
    this.unread += 1;
    this.onunread();
    this.#mark();
  }

  #draw(entry) {
    const focused = entry.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const element = bubble(entry.messages, this.view);
    element.dataset.order = entry.element.dataset.order;
    element.dataset.day = entry.element.dataset.day;
    entry.element.replaceWith(element);
    entry.element = element;
    if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    if (this.#follow) this.#toEnd();
  }

  /** A line with the date before the first message of each day. */
  #dates() {
    let before = "";
    for (const element of [...this.list.children]) {
      if (element.classList.contains("day")) element.remove();
      else if (element.dataset.day && element.dataset.day !== before) {
        before = element.dataset.day;
        element.before(h("li", { class: "day" }, h("span", {}, before)));
      }
    }
  }

  #trim() {
    if (this.#entries.size <= KEPT || !this.#follow) return;
    const [key, entry] = this.#entries.entries().next().value;
    entry.element.remove();
    this.#entries.delete(key);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (!clientHeight) return; // a hidden tab has no place in its list
    // Only going up by hand leaves the end: what grows below while this event was on its way does not.
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#follow = true;
    else if (scrollTop < this.#top) this.#follow = false;
    this.#top = scrollTop;
    this.seen();
    this.#mark();
  }

  #mark() {
    this.jump.hidden = this.#follow;
    this.count.hidden = !this.unread;
    this.count.textContent = this.unread > 99 ? "99+" : String(this.unread);
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#top = this.scroller.scrollTop;
  }
}
