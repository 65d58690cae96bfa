// The bar on top: the programme's clock, what comes next, the crowd, and the figures, asked for once a second.

import { get, post, Refused } from "./api.js";
import { h, icon, iconButton, menu, notice } from "./dom.js";
import { clock, day, number, percent, shortDay, week } from "./format.js";

const EVERY = 1000; // milliseconds between two looks
const SELDOM = 4000; // the same where no programme answers
const TARGET = 0.5; // of the roster, the programme's aim
const RUNS = { running: "sedang berjalan", paused: "dijeda", stopped: "dihentikan", finished: "selesai" };

export class Bar {
  #timer = 0;
  #touched = 0; // until when the person's own choice of the crowd counts, not what was read
  #asking = false; // the clock is being moved from here
  #last = null;
  #counted = "";

  /** `onstate(state)` hears every state of the programme, null where there is none. */
  constructor(element, onstate) {
    this.element = element;
    this.onstate = onstate;
    this.#build();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.look();
      else clearTimeout(this.#timer);
    });
  }

  /** Reads the state once and shows it; looks again later while the page is visible. */
  async look() {
    clearTimeout(this.#timer);
    let state = null;
    try {
      state = await get("/program/state");
      this.#show(state);
    } catch (error) {
      this.#absent(error);
    }
    this.onstate(state);
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") this.#timer = setTimeout(() => void this.look(), state ? EVERY : SELDOM);
  }

  #build() {
    this.time = h("p", { class: "time" }, "–");
    this.date = h("p", { class: "date" });
    this.event = h("p", { class: "event" });
    this.jump = h("button", { type: "button", class: "main", onclick: () => this.#move({ next: true }) }, icon("next"), "Lompat ke sana");
    this.later = iconButton("down", "Peristiwa sesudahnya", () => this.#agenda(), { "aria-haspopup": "menu" });
    const hour = h("button", { type: "button", onclick: () => this.#move({ advance: 3600 }) }, "+1 jam");
    const tomorrow = h("button", { type: "button", onclick: () => this.#move({ advance: 86400 }) }, "+1 hari");
    this.steps = [this.jump, this.later, hour, tomorrow];
    this.running = h("input", { id: "running", type: "checkbox", role: "switch", onchange: () => this.#crowd() });
    this.rate = h("input", { id: "rate", type: "range", min: "0", max: "100", step: "1", oninput: () => this.#rated(), onchange: () => this.#crowd() });
    this.rateLabel = h("label", { for: "rate" });
    this.figures = h("div", { class: "figures" });
    this.trouble = h("p", { class: "trouble", role: "status", hidden: true });
    this.fold = h("button", { type: "button", class: "fold", "aria-expanded": "false", onclick: () => this.#unfold() }, "Angka");
    this.programme = h("div", { class: "programme" },
      h("div", { class: "now" }, this.time, this.date),
      h("div", { class: "next" }, this.event, h("div", { class: "steps" }, this.steps)),
      this.fold,
      h("div", { class: "crowd" },
        h("label", { class: "switch" }, this.running, h("span", { class: "track", "aria-hidden": "true" }), "Keramaian ASN rekaan"),
        h("div", { class: "slider" }, this.rateLabel, this.rate)),
      this.figures);
    this.programme.hidden = true;
    this.element.append(this.programme, this.trouble);
  }

  #unfold() {
    const open = this.programme.classList.toggle("open");
    this.fold.setAttribute("aria-expanded", String(open));
  }

  #show(state) {
    this.#last = state;
    this.programme.hidden = false;
    this.trouble.hidden = true;
    const now = new Date(state.now);
    this.time.textContent = `${clock(now)} WIB`;
    this.date.textContent = `${day(now)} · ${week(state.week)}`;
    const [next] = state.next ?? [];
    const when = next ? new Date(next.at) : null;
    this.event.replaceChildren(...(next ? ["Peristiwa berikutnya: ", h("b", {}, next.label), ` · ${shortDay(when)} ${clock(when)}`] : ["Tidak ada peristiwa yang menunggu."]));
    const moving = state.moving || this.#asking;
    for (const step of this.steps) step.disabled = moving || (step === this.jump && !next);
    this.jump.setAttribute("aria-busy", String(moving));
    this.later.hidden = (state.next ?? []).length < 2;
    if (Date.now() > this.#touched) {
      this.running.checked = Boolean(state.crowd?.running);
      this.rate.value = Math.round((state.crowd?.rate ?? 0) * 100);
    }
    this.#rated(false);
    this.#count(state.counts);
  }

  #absent(error) {
    if (!(error instanceof Refused)) throw error;
    this.programme.hidden = error.status === 404;
    this.trouble.hidden = false;
    this.trouble.textContent = {
      0: error.message,
      404: "Hanya simulator yang berjalan: jam, keramaian, dan angka program tidak ada. Ponsel tetap dapat dipakai.",
    }[error.status] ?? "Program tidak menjawab; dicoba lagi sebentar lagi. Ponsel tetap dapat dipakai.";
    if (!this.#last) this.programme.hidden = true;
  }

  #count(counts) {
    if (JSON.stringify(counts) === this.#counted) return; // what stands still is not drawn again
    this.#counted = JSON.stringify(counts);
    const { inbox, outbox, release, shares, active, roster, participation } = counts;
    const waiting = outbox.queued + outbox.sending;
    const boxes = [
      figure("Pesan masuk", [[number(inbox.new), "menunggu"], inbox.dead ? [number(inbox.dead), "gagal", true] : null]),
      figure("Pesan keluar", [[number(waiting), "antre"], [number(outbox.sent), "terkirim"], [number(outbox.failed), "gagal", outbox.failed > 0]]),
      release
        ? gauge(`Siaran ${week(release.week)}`, RUNS[release.status] ?? release.status, release.total ? release.sent / release.total : 0,
          `${number(release.sent)} / ${number(release.total)} terkirim · ${number(release.missing)} tidak terkirim · ${number(release.left)} tersisa`)
        : figure("Siaran", [["–", "belum ada pekan ini"]]),
      figure("Bukti berbagi", [[number(shares), "diterima"]]),
      gauge("Partisipasi", percent(participation), participation, `${number(active)} dari ${number(roster)} ASN · target ${percent(TARGET, 0)}`, TARGET),
    ];
    this.figures.replaceChildren(...boxes);
  }

  #rated(mine = true) {
    if (mine) this.#touched = Date.now() + 3000;
    this.rateLabel.textContent = `Tingkat partisipasi ${this.rate.value}%`;
  }

  async #crowd() {
    this.#touched = Date.now() + 3000;
    await this.#ask("/program/crowd", { rate: this.rate.valueAsNumber / 100, running: this.running.checked });
  }

  async #move(change) {
    this.#asking = true;
    if (this.#last) this.#show(this.#last);
    await this.#ask("/program/clock", change);
    this.#asking = false;
    await this.look();
  }

  async #ask(path, body) {
    try {
      await post(path, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Moving may take longer than an answer is waited for: what is true then, the next look tells.
      if (error.status < 500 && error.status) notice(document.body, error.message, 6);
    }
  }

  #agenda() {
    menu(this.later, this.#last.next.slice(1).map(({ label, at }) => {
      const when = new Date(at);
      return [`${label} · ${shortDay(when)} ${clock(when)}`, () => this.#move({ to: at })];
    }));
  }
}

function figure(title, values) {
  return h("dl", { class: "figure" }, h("dt", {}, title),
    values.filter(Boolean).map(([value, unit, bad]) => h("dd", { class: bad ? "bad" : null }, h("b", {}, value), ` ${unit}`)));
}

/** A bar from 0 to 1 with its words, and a line at `aim`. */
function gauge(title, state, share, text, aim = 0) {
  const full = Math.max(0, Math.min(1, share || 0));
  const fill = h("span", { class: full >= aim ? "fill reached" : "fill" });
  fill.style.width = `${full * 100}%`;
  const line = aim ? h("span", { class: "aim" }) : null;
  if (line) line.style.left = `${aim * 100}%`;
  return h("div", { class: "gauge" }, h("p", {}, title, " ", h("b", {}, state)),
    h("div", { class: "rail", role: "progressbar", "aria-label": `${title}: ${text}`, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.round(full * 100)) }, fill, line),
    h("p", { class: "small" }, text));
}
