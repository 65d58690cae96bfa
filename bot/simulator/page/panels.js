// What stands in a phone instead of the text field, and the boxes that a bot may put up.

import { h } from "./dom.js";
import { openable } from "./text.js";

/** The deep-link payload in what a person typed or pressed: "" for none, null where it is another link. */
export function payloadOf(typed, bot) {
  const text = typed.trim();
  if (/^[A-Za-z0-9_-]{0,64}$/.test(text)) return text;
  const found = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/([A-Za-z0-9_]+)\/?(?:\?start=([A-Za-z0-9_-]{0,64}))?$/.exec(text);
  return found && found[1].toLowerCase() === bot?.username?.toLowerCase() ? (found[2] ?? "") : null;
}

/** The panel of a phone that cannot write now: blocked, not started yet, or a group without the bot; else null. */
export function barrier(phone, entering, leave) {
  if (!phone.private) return phone.chat && phone.chat.bot !== "member" && phone.chat.bot !== "administrator" ? invite(phone) : null;
  if (phone.person?.blocked) {
    return h("div", { class: "stop" }, h("p", {}, "Orang ini memblokir bot."),
      h("button", { type: "button", class: "main", onclick: () => phone.block(false) }, "Buka blokir"));
  }
  if (phone.person && (!phone.person.started || entering)) return start(phone, entering, leave);
  return null;
}

function invite(phone) {
  const moved = phone.chat.migrated_to;
  if (moved) {
    return h("div", { class: "stop" }, h("p", {}, "Grup ini sudah menjadi grup besar."),
      h("button", { type: "button", class: "main", onclick: () => phone.host.swap(phone, moved) }, "Buka grup yang baru"));
  }
  return h("div", { class: "stop" }, h("p", {}, "Bot belum ada di grup ini."),
    h("button", { type: "button", class: "main", onclick: () => phone.act("add_bot") }, "Tambahkan bot ke grup"));
}

function start(phone, entering, leave) {
  const { bot } = phone.host;
  const id = `payload${phone.id}`;
  const field = h("input", { id, type: "text", autocomplete: "off", placeholder: "misalnya https://t.me/…?start=…" });
  const begin = (event) => {
    event.preventDefault();
    const payload = payloadOf(field.value, bot);
    if (payload === null) phone.tell(`Itu bukan tautan undangan @${bot?.username ?? "bot"}.`);
    else void phone.act("start", { payload });
  };
  const about = phone.log.empty && bot?.description
    ? h("div", { class: "about" }, h("b", {}, "Apa yang dapat dilakukan bot ini?"), h("p", {}, bot.description)) : null;
  return h("form", { class: "stop", onsubmit: begin },
    about,
    entering ? null : h("p", {}, "Orang ini belum memulai percakapan dengan bot."),
    h("label", { for: id }, "Datang lewat tautan undangan? (boleh kosong)"),
    field,
    h("div", { class: "pair" },
      h("button", { type: "submit", class: "main" }, "Mulai"),
      entering ? h("button", { type: "button", onclick: leave }, "Batal") : null));
}

/** An answer that the bot wants to be confirmed, or that brings a link. */
export function alertBox(where, toast) {
  where.querySelector(".alert")?.remove();
  const before = document.activeElement;
  const close = () => {
    box.remove();
    before?.focus?.();
  };
  const href = toast.url ? openable(toast.url) : null;
  const fine = h("button", { type: "button", class: "main", onclick: close }, "Baik");
  const box = h("div", { class: "alert", role: "alertdialog", "aria-label": "Jawaban bot", onkeydown: (event) => event.key === "Escape" && close() },
    h("div", {}, h("p", {}, toast.text || "Bot membuka sebuah tautan:"),
      href ? h("p", {}, h("a", { href, target: "_blank", rel: "noopener noreferrer" }, href)) : null, fine));
  where.append(box);
  fine.focus();
}
