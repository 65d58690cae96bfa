// One chat as a phone: whose it is, what was said, what can be done. What the log and its bubbles need to know is here.

import { act, get, person, Refused, upload } from "./api.js";
import { Composer } from "./composer.js";
import { copy, menu, notice } from "./dom.js";
import { number } from "./format.js";
import { draw, frame, visible } from "./frame.js";
import { Log } from "./log.js";
import { alertBox, barrier, payloadOf } from "./panels.js";

const PATIENCE = 20; // seconds that a pressed button shows that it waits
const TYPING = 5; // seconds that Telegram shows a chat action

export class Phone {
  #waiting = new Map(); // "message:data" → timer
  #seq = 0;
  #typing = 0;
  #loaded = false;
  #entering = false; // the person is about to follow an invitation though they have started
  app = "telegram";
  albums = true;
  slashes = true;
  edits = true;
  user = 0; // who sits at it: the owner, or in a group the member who writes
  person = null;
  chat = null;
  role = "";

  /** `host` offers changed(phone), swap(phone, id), close(phone), choose(phone) and the bot's `bot`. */
  constructor(id, host) {
    this.id = this.events = id;
    this.host = host;
    this.private = id > 0;
    this.log = new Log(this, () => host.changed(this));
    this.composer = new Composer(this);
    frame(this, id, (anchor) => this.#choices(anchor));
  }

  get visible() {
    return visible(this);
  }

  /** Reads who this is and what was said. Raises Refused where the chat does not exist. */
  async load(preferred = 0) {
    this.chat = await get(`/sim/chats/${this.id}`);
    this.user = this.private ? this.id : this.chat.members.includes(preferred) ? preferred : this.chat.members[0];
    if (this.private) this.person = await person(this.id);
    else this.person = { id: this.user, name: (await get(`/sim/chats/${this.user}`)).title };
    await this.sync();
    this.draw();
  }

  /** Asks for whatever is newer than what is shown; called at every (re)connection. */
  async sync() {
    const news = await get("/sim/history", { chat_id: this.id, since: this.#seq });
    const first = !this.#loaded;
    for (const id of news.deleted) this.log.remove(id);
    for (const message of news.messages) this.log.put(message, first);
    if (!first) news.toasts.filter((toast) => toast.seq > this.#seq).forEach((toast) => this.#toast(toast));
    // While the answer was on its way the stream may have brought what is newer.
    if (news.seq >= this.#seq) this.composer.show(news.reply_keyboard, false);
    this.#seq = Math.max(this.#seq, news.seq);
    this.#loaded = true;
    if (first) this.log.end();
  }

  /** One event of the stream. */
  hear(event) {
    this.#seq = Math.max(this.#seq, event.seq);
    if (event.type === "message" || event.type === "edited") {
      this.log.put(event.message);
      if (event.message.from.bot) this.#type(0);
      else if (event.type === "message" && this.person && !this.person.started) this.#know({ started: true });
      if (event.message.kind === "service") this.#again();
    } else if (event.type === "deleted") this.log.remove(event.message_id);
    else if (event.type === "toast") this.#toast(event.toast);
    else if (event.type === "keyboard") this.composer.show(event.reply_keyboard, true);
    else if (event.type === "action") this.#type(event.action ? TYPING : 0);
  }

  /** Does something as the person of this phone; what came of it, or null where it was refused and said so. */
  async act(action, fields = {}) {
    try {
      const done = await act(this.user, this.id, action, fields);
      if (action === "start") this.#know({ started: true, blocked: false });
      return done;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.tell(error.message);
      return null;
    }
  }

  tell(text) {
    notice(this.screen, text);
  }

  upload = (file, kind) => upload(file, kind);
  attachments = () => [
    ["Kontak saya", () => this.act("contact")],
    ...[["Stiker", "sticker"], ["Lokasi", "location"], ["Pesan suara", "voice"]].map(([name, kind]) => [name, () => this.act(kind)]),
  ];
  find = (id) => this.log.find(id);
  reveal = (id) => this.log.reveal(id);
  reply = (message) => this.composer.reply(message);
  change = (message) => this.composer.change(message);
  oncommand = (text) => void this.act("say", { text });
  waits = (id, data) => this.#waiting.has(`${id}:${data}`);

  /** A link to the bot itself is followed in this phone, as Telegram does. */
  onlink = (href) => {
    const payload = payloadOf(href, this.host.bot);
    if (payload === null || !this.private) return false;
    void this.act("start", { payload });
    return true;
  };

  oncopy = (text) => copy(this.screen, text);

  press = async (message, button) => {
    const id = message.message_id;
    if (button.copy_text) return this.oncopy(button.copy_text.text);
    const key = `${id}:${button.data}`;
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, setTimeout(() => this.#answered(id), PATIENCE * 1000));
    this.log.refresh(id);
    if (!(await this.act("press", { message_id: id, data: button.data }))) this.#answered(id);
  };

  /** Name, role and what stands in the way of writing. */
  draw() {
    const phone = this.person?.phone || "tanpa nomor telepon";
    const group = `sebagai ${this.person?.name ?? ""} · ${number(this.chat?.members?.length)} anggota`;
    this.detail.classList.toggle("typing", Boolean(this.#typing));
    const detail = this.#typing ? "bot sedang mengetik …" : this.private ? phone : group;
    const stop = barrier(this, this.#entering, () => { this.#entering = false; this.draw(); });
    draw(this, this.chat?.title ?? "", detail, stop);
  }

  async block(wanted) {
    if (await this.act(wanted ? "block" : "unblock")) this.#know({ blocked: wanted });
  }

  async write(user, name) {
    this.user = user;
    this.person = { id: user, name };
    await this.#again();
    for (const id of this.log.numbers) this.log.refresh(id);
    this.composer.focus();
  }

  #know(facts) {
    if (!this.person || !this.private) return;
    Object.assign(this.person, facts);
    this.#entering = false;
    this.draw();
  }

  async #again() {
    this.chat = await get(`/sim/chats/${this.id}`).catch(() => this.chat);
    this.draw();
  }

  #type(seconds) {
    clearTimeout(this.#typing);
    this.#typing = seconds ? setTimeout(() => this.#type(0), seconds * 1000) : 0;
    this.draw();
  }

  #answered(id) {
    for (const [key, timer] of this.#waiting) {
      if (!key.startsWith(`${id}:`)) continue;
      clearTimeout(timer);
      this.#waiting.delete(key);
    }
    this.log.refresh(id);
  }

  #toast(toast) {
    this.#answered(toast.message_id);
    if (toast.user_id !== this.user) return;
    if (toast.alert || toast.url) alertBox(this.screen, toast);
    else if (toast.text) this.tell(toast.text);
  }

  #choices(anchor) {
    const choices = [["Ganti orang atau grup…", () => this.host.choose(this)]];
    if (this.private) {
      if (this.person?.started) choices.push(["Buka tautan undangan…", () => { this.#entering = true; this.draw(); }]);
      if (this.person?.blocked) choices.push(["Buka blokir bot", () => this.block(false)]);
      else if (this.person?.started) choices.push(["Blokir bot", () => this.block(true)]);
    } else choices.push(["Menulis sebagai anggota lain…", () => this.host.chooseMember(this)]);
    choices.push(["Tutup ponsel ini", () => this.host.close(this)]);
    menu(anchor, choices);
  }
}
