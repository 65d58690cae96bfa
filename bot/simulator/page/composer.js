// Where a person writes: text, files, the reply keyboard, the commands.

import { get } from "./api.js";
import { label } from "./bubble.js";
import { h, icon, iconButton, menu } from "./dom.js";
import { Tray } from "./tray.js";

const TALLEST = 120; // pixels that the field grows to

export class Composer {
  #about = null; // {message, change}: what is being answered, or changed
  #keyboard = null;
  #sending = false; // files are on their way
  #queue = Promise.resolve(true); // one message after another
  #commands = [];
  #looks = 0; // for the commands

  constructor(phone) {
    this.phone = phone;
    const id = `field${phone.id}`;
    this.tray = new Tray(() => this.#ready(), (text) => phone.tell(text));
    this.strip = h("div", { class: "strip", hidden: true });
    this.field = h("textarea", {
      id, rows: "1", placeholder: "Tulis pesan", "aria-label": "Tulis pesan", autocomplete: "off",
      "aria-controls": `commands${phone.id}`,
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onpaste: (event) => this.#pasted(event),
    });
    this.list = h("div", { class: "commands", id: `commands${phone.id}`, role: "listbox", "aria-label": "Perintah bot", hidden: true });
    this.toggle = iconButton("keyboard", "Tampilkan atau sembunyikan tombol jawaban", () => this.#fold(), { hidden: true, "aria-expanded": "false" });
    this.keys = h("div", { class: "keys", hidden: true, role: "group", "aria-label": "Tombol jawaban" });
    this.slash = h("button", { type: "button", class: "round slash", "aria-label": "Perintah bot", title: "Perintah bot", hidden: !phone.slashes, onclick: () => this.#list(this.list.hidden) }, "/");
    this.submit = h("button", { type: "submit", class: "round send", "aria-label": "Kirim", title: "Kirim" }, icon("send"));
    this.element = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); void this.#send(); } },
      this.list, this.strip, this.tray.element,
      h("div", { class: "row" }, this.slash,
        iconButton("attach", "Lampirkan", (event) => this.#attach(event.currentTarget), { "aria-haspopup": "menu" }),
        this.field, this.toggle, this.submit),
      this.keys);
    this.#ready();
  }

  focus() {
    this.field.focus();
  }

  reply(message) {
    this.#subject({ message, change: false }, `Membalas ${message.from.name}`);
  }

  change(message) {
    this.#subject({ message, change: true }, "Mengubah pesan Anda");
    this.field.value = message.text;
    this.#typed();
  }

  /** The bot's reply keyboard, or null; `news` is false where it may be the one that was put away already. */
  show(keyboard, news) {
    if (!news && JSON.stringify(keyboard) === JSON.stringify(this.#keyboard)) return;
    this.#keyboard = keyboard;
    this.field.placeholder = keyboard?.placeholder || "Tulis pesan";
    this.keys.replaceChildren(...(keyboard?.rows ?? []).map((row) => h("div", {}, row.map((key) => this.#keyOf(key)))));
    this.toggle.hidden = !keyboard;
    this.#fold(Boolean(keyboard));
  }

  acceptDrops(area) {
    const carries = (event) => event.dataTransfer?.types.includes("Files") && !this.element.hidden;
    let depth = 0;
    const mark = (change) => area.classList.toggle("dropping", (depth = Math.max(0, depth + change)) > 0);
    area.addEventListener("dragenter", (event) => { if (carries(event)) { event.preventDefault(); mark(1); } });
    area.addEventListener("dragleave", (event) => { if (carries(event)) mark(-1); });
    area.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
    area.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      mark(-Infinity);
      this.tray.add(event.dataTransfer.files);
    });
  }

  #keyOf(key) {
    const tap = async () => {
      const done = await this.phone.act("tap", { text: key.text });
      if (done && this.#keyboard?.one_time) this.#fold(false);
    };
    return h("button", { type: "button", onclick: tap }, key.contact ? icon("person") : null, key.text);
  }

  #fold(open = this.keys.hidden) {
    this.keys.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  #subject(about, title) {
    this.#about = about;
    this.strip.hidden = !about;
    if (!about) return this.strip.replaceChildren();
    const cancel = () => {
      if (about.change) this.field.value = "";
      this.#subject(null);
      this.#typed();
    };
    this.strip.replaceChildren(h("div", {}, h("b", {}, title), h("span", {}, about.message.text || label(about.message))), iconButton("close", "Batal", cancel));
    this.focus();
  }

  #ready() {
    this.submit.disabled = this.#sending || (!this.field.value.trim() && this.tray.empty);
  }

  #typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.#ready();
    void this.#list(this.phone.slashes && /^\/\w*$/.test(this.field.value));
  }

  #key(event) {
    const options = [...this.list.children].filter((one) => one.role === "option");
    const at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.list.hidden && options.length && step) {
      options.forEach((one, index) => { one.ariaSelected = String(index === (at + step + options.length) % options.length); });
      options.find((one) => one.ariaSelected === "true").scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape" && !this.list.hidden) this.list.hidden = true;
    else if (event.key === "Escape" && this.#about) this.strip.querySelector("button").click();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      if (!this.list.hidden && at >= 0) options[at].click();
      else void this.#send();
    } else return;
    event.preventDefault();
  }

  #pasted(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    this.tray.add(event.clipboardData.files);
  }

  /** The commands that this person's client lists, cut down to those that begin as what is typed. */
  async #list(open) {
    const look = ++this.#looks;
    if (!open) {
      this.list.hidden = true;
      return;
    }
    if (this.list.hidden) {
      const found = await get("/sim/commands", { chat_id: this.phone.id, user_id: this.phone.user }).catch(() => null);
      this.#commands = found?.commands ?? [];
      if (look !== this.#looks) return; // typed on, or sent, while the answer was on its way
    }
    const typed = /^\/(\w*)$/.exec(this.field.value)?.[1] ?? "";
    const fitting = this.#commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
    this.list.replaceChildren(...fitting.map(({ command, description }) =>
      h("button", { type: "button", role: "option", "aria-selected": "false", onclick: () => this.#command(command) }, h("b", {}, `/${command}`), h("span", {}, description))));
    if (!fitting.length && !typed) this.list.replaceChildren(h("p", {}, "Bot belum mendaftarkan perintah."));
    this.list.hidden = !this.list.childElementCount;
  }

  #command(command) {
    this.list.hidden = true;
    this.field.value = "";
    this.#typed();
    void this.phone.act("say", { text: `/${command}` });
    this.focus();
  }

  #attach(anchor) {
    menu(anchor, [
      ["Foto atau video…", () => this.tray.pick("image/*,video/*")],
      ["Berkas…", () => this.tray.pick("", true)],
      ...this.phone.attachments(),
    ]);
  }

  async #send() {
    const text = this.field.value.trim();
    if (this.#sending || (!text && this.tray.empty)) return;
    const about = this.#about;
    // The field is free again at once: who writes fast does not wait, and what they write keeps its order.
    this.field.value = "";
    if (about) this.#subject(null);
    const files = !this.tray.empty; // but files go one lot after another
    this.#sending ||= files;
    this.#typed();
    this.#queue = this.#queue.then(() => this.#deliver(text, about, files)).catch(() => null);
    const done = await this.#queue;
    if (files) this.#sending = false;
    if (!done && !this.field.value) {
      this.field.value = text; // refused: not lost
      if (about) this.#subject(about, "Belum terkirim");
    }
    this.#typed();
  }

  async #deliver(text, about, files) {
    if (about?.change) return this.phone.act("edit", { message_id: about.message.message_id, text });
    const reply = about ? { reply_to: about.message.message_id } : {};
    if (files) return this.tray.send(this.phone, text, reply);
    return this.phone.act("say", { text, ...reply });
  }
}
