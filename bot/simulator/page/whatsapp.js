// Somebody's WhatsApp as a phone: the chat with the programme's number, its quick replies and lists, its ticks.

import { actOnWhatsApp, get, personOnWhatsApp, Refused, uploadToWhatsApp } from "./api.js";
import { Composer } from "./composer.js";
import { copy, h, iconButton, menu, notice } from "./dom.js";
import { draw, frame, visible } from "./frame.js";
import { Log } from "./log.js";
import { marked } from "./marks.js";

const PATIENCE = 3; // seconds that a pressed button shows that it was pressed: WhatsApp tells no more of it
const KINDS = { image: "photo", video: "video", audio: "voice", document: "document", sticker: "sticker", location: "location" };

/** Whether an id is the address of somebody on WhatsApp: a number with its plus, or what stands for a hidden one. */
export const onWhatsApp = (id) => typeof id === "string" && /^(\+\d{7,15}|[A-Z]{2}\.\w+)$/.test(id);

export class WhatsAppPhone {
  #waiting = new Map(); // "message:data" → timer
  #sids = new Map(); // our number of a message → WhatsApp's
  #seq = 0;
  #loaded = false;
  #unread = false;
  app = "whatsapp";
  private = true;
  albums = false; // several pictures are several messages
  slashes = false; // there are no commands to be listed
  edits = false;
  user = 0;
  events = null; // by which number the stream of news knows this chat
  person = null;
  chat = null;
  role = "";

  /** `host` offers changed(phone), close(phone) and choose(phone). */
  constructor(id, host) {
    this.id = id;
    this.host = host;
    this.log = new Log(this, () => host.changed(this));
    this.composer = new Composer(this);
    frame(this, Number(id.replace(/\D/g, "").slice(-6)), (anchor) => this.#choices(anchor));
  }

  get visible() {
    return visible(this);
  }

  /** Reads who this is and what was said. Raises Refused where nobody has this address. */
  async load() {
    this.person = await personOnWhatsApp(this.id);
    if (!this.person) throw new Refused(`no person ${this.id}`, 404);
    this.user = this.events = this.person.id;
    this.chat = { title: this.person.name };
    await this.sync();
    this.draw();
  }

  /** Asks for whatever is newer than what is shown; called at every (re)connection. */
  async sync() {
    const news = await get("/sim/wa/history", { address: this.id, since: this.#seq });
    const first = !this.#loaded;
    for (const message of news.messages) this.#put(message, first);
    this.#seq = Math.max(this.#seq, news.seq);
    this.#loaded = true;
    if (first) this.log.end();
  }

  /** One event of the stream. */
  hear(event) {
    if (!event.type.startsWith("wa_")) return;
    this.#seq = Math.max(this.#seq, event.seq);
    this.#put(event.message);
    this.log.seen();
  }

  /** Does something as the person of this phone; what came of it, or null where it was refused and said so. */
  async act(action, fields = {}) {
    const { reply_to: answered, ...others } = fields;
    try {
      return await actOnWhatsApp(this.id, action, answered ? { ...others, reply_to: this.#sids.get(answered) } : others);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.tell(error.message);
      return null;
    }
  }

  upload = (file, kind) => uploadToWhatsApp(file, kind);
  tell = (text) => notice(this.screen, text);
  find = (id) => this.log.find(id);
  reveal = (id) => this.log.reveal(id);
  reply = (message) => this.composer.reply(message);
  waits = (id, data) => this.#waiting.has(`${id}:${data}`);
  onlink = () => false;
  attachments = () => [["Lokasi", () => this.act("location")]];

  oncopy = (text) => copy(this.screen, text);

  /** A quick reply, or a line of a list. */
  press = async (message, button) => {
    const id = message.message_id;
    const key = `${id}:${button.data}`;
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, setTimeout(() => this.#let(id, key), PATIENCE * 1000));
    this.log.refresh(id);
    if (!(await this.act("press", { sid: message.sid, id: button.data }))) this.#let(id, key);
  };

  /** The sheet with the lines of a list, from below as WhatsApp has it. */
  open = (message) => {
    this.screen.querySelector(".sheet")?.remove();
    const before = document.activeElement;
    const close = () => { sheet.remove(); before?.focus?.(); };
    const choose = (item) => { close(); void this.press(message, { data: item.id }); };
    const items = message.list.items.map((item) => h("li", {}, h("button", { type: "button", onclick: () => choose(item) },
      h("b", {}, item.title), item.description && item.description !== item.title ? h("span", {}, item.description) : null)));
    const sheet = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": message.list.label,
      onkeydown: (event) => event.key === "Escape" && close(), onclick: (event) => event.target === sheet && close() },
    h("div", {}, h("header", {}, h("b", {}, message.list.label), iconButton("close", "Tutup daftar", close)), h("ul", {}, items)));
    this.screen.append(sheet);
    sheet.querySelector("li button")?.focus();
  };

  /** Whoever looks at the chat has read it: the programme hears of that. */
  read() {
    if (!this.#unread || !this.visible) return;
    this.#unread = false;
    void this.act("read");
  }

  async block(wanted) {
    if (!(await this.act(wanted ? "block" : "unblock"))) return;
    this.person.blocked = wanted;
    this.draw();
  }

  draw() {
    const stop = this.person?.blocked
      ? h("div", { class: "stop" }, h("p", {}, "Orang ini memblokir nomor program."),
        h("button", { type: "button", class: "main", onclick: () => this.block(false) }, "Buka blokir"))
      : null;
    const off = this.person && !this.person.on ? " · ponsel mati" : "";
    draw(this, this.chat?.title ?? "", `${this.person?.phone || "nomor disembunyikan"}${off}`, stop);
  }

  #put(message, old = false) {
    this.#sids.set(message.arrived, message.sid);
    if (message.from_program && message.status === "delivered") this.#unread = true;
    this.log.put(this.#shown(message), old);
  }

  /** The message as bubble.js shows one. */
  #shown(message) {
    const { text, entities } = marked(message.body);
    const answered = [...this.#sids].find(([, sid]) => sid === message.reply_to);
    const [media] = message.media;
    return {
      message_id: message.arrived, sid: message.sid, seq: message.seq, date: message.date, text, entities,
      kind: media ? kindOf(media.mime) : KINDS[message.kind] ?? "text",
      from: message.from_program ? { bot: true, id: 0, name: "Satu Pesan" } : { bot: false, id: this.user, name: this.chat.title },
      media: media ? { kind: kindOf(media.mime), url: `/sim/wa/media/${media.sid}`, name: text, size: media.size } : null,
      inline: message.buttons.map(({ id, title }) => [{ text: title, data: id }]),
      list: message.items.length ? { label: message.menu, items: message.items } : null,
      reply_to: answered?.[0] ?? 0, forwarded: message.forwarded, template: message.template,
      ticks: message.from_program ? message.status : "delivered",
    };
  }

  #let(id, key) {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.log.refresh(id);
  }

  async #power(wanted) {
    if (!(await this.act(wanted ? "switch_on" : "switch_off"))) return;
    this.person.on = wanted;
    this.draw();
  }

  #choices(anchor) {
    const { blocked, on } = this.person ?? {};
    menu(anchor, [
      ["Ganti orang atau grup…", () => this.host.choose(this)],
      blocked ? ["Buka blokir nomor program", () => this.block(false)] : ["Blokir nomor program", () => this.block(true)],
      on ? ["Matikan ponsel", () => this.#power(false)] : ["Nyalakan ponsel", () => this.#power(true)],
      ["Tutup ponsel ini", () => this.host.close(this)],
    ]);
  }
}

function kindOf(mime) {
  const start = mime.split("/")[0];
  return { image: "photo", video: "video" }[start] ?? "document";
}
