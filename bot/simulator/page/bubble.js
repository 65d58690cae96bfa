// One message as a chat app shows it; the pieces of an album are one message here.

import { h, icon, iconButton } from "./dom.js";
import { clock, duration, fromUnix, size } from "./format.js";
import { openable, rich } from "./text.js";

const WIDEST = 340; // pixels of a photo, whole at any shape
const TALLEST = 340;
// What became of a message, where the app tells: sent, arrived, read.
const TICKS = { queued: ["◷", "Menunggu"], sent: ["✓", "Terkirim"], delivered: ["✓✓", "Sampai"], read: ["✓✓", "Dibaca"] };
const OTHER = { sticker: "Stiker", location: "Lokasi", voice: "Pesan suara" };

/** The element for `messages` (one, or an album), seen by `view`: see Phone for what it must offer. */
export function bubble(messages, view) {
  const first = messages[0];
  if (first.kind === "service") return h("li", { class: "service" }, h("span", {}, service(first.text)));
  const own = !first.from.bot && first.from.id === view.user;
  const last = messages.at(-1);
  const media = messages.filter((message) => message.media);
  const said = messages.find((message) => message.text) ?? last;
  const edited = messages.some((message) => message.edit_date);
  const body = h("div", { class: media.length ? "body with-media" : "body" },
    own || view.private ? null : h("span", { class: first.from.bot ? "author bot" : "author" }, first.from.name),
    first.template ? h("span", { class: "forwarded" }, "Templat yang disetujui") : null,
    first.forwarded ? h("span", { class: "forwarded" }, "Diteruskan") : null,
    quote(first, view),
    media.length ? h("div", { class: `media n${Math.min(media.length, 4)}` }, media.map((message) => piece(message.media))) : null,
    card(first),
    said.text ? h("div", { class: "text" }, rich(said.text, said.entities, view)) : null,
    h("span", { class: "meta" }, edited ? "diedit " : null, h("time", { datetime: fromUnix(last.date).toISOString() }, clock(fromUnix(last.date))), ticks(last)),
  );
  return h("li", { class: own ? "message own" : "message", "data-id": String(first.message_id), "data-own": own },
    h("span", { class: "hidden" }, own ? "Anda: " : `${first.from.name}: `),
    h("div", { class: "line" }, body, tools(first, said, own, view)),
    buttons(last, view),
  );
}

/** What a service message says, from the simulator's short form. */
function service(text) {
  if (text.startsWith("+ ")) return `${text.slice(2)} bergabung ke grup`;
  if (text.startsWith("− ")) return `${text.slice(2)} keluar dari grup`;
  return { "📌": "Sebuah pesan disematkan", "↑ supergroup": "Grup ini menjadi grup besar" }[text] ?? text;
}

function quote(message, view) {
  if (!message.reply_to) return null;
  const found = view.find(message.reply_to);
  const text = found ? found.text || label(found) : "Pesan lama";
  return h("button", { type: "button", class: "quote", onclick: () => view.reveal(message.reply_to) },
    h("b", {}, found ? found.from.name : "Balasan"), h("span", {}, text.slice(0, 120)));
}

/** A few words for a message without text. */
export const label = (message) =>
  ({ photo: "Foto", video: "Video", document: message.media?.name || "Berkas", contact: "Kontak", ...OTHER })[message.kind] ?? "Pesan";

function card(message) {
  if (message.kind === "contact") {
    const { first_name: name, last_name: rest = "", phone_number: phone } = message.contact ?? {};
    return h("div", { class: "card" }, h("span", { class: "disc" }, icon("person")),
      h("div", {}, h("b", {}, `${name ?? ""} ${rest}`.trim()), h("span", {}, phone ?? "")));
  }
  return OTHER[message.kind] ? h("div", { class: "card" }, h("b", {}, OTHER[message.kind])) : null;
}

function piece(media) {
  if (media.kind === "photo") {
    const scale = Math.min(1, WIDEST / (media.width || WIDEST), TALLEST / (media.height || TALLEST));
    const [width, height] = [media.width || WIDEST, media.height || TALLEST].map((side) => String(Math.round(side * scale)));
    const picture = h("img", { src: media.url, alt: "Foto dalam pesan", width, height, loading: "lazy" });
    return h("button", { type: "button", class: "photo", "aria-label": "Perbesar foto", onclick: () => enlarge(media.url) }, picture);
  }
  if (media.kind === "video") {
    const shown = h("video", { src: media.url, controls: true, preload: "metadata", "aria-label": "Video dalam pesan" });
    if (media.width) shown.style.aspectRatio = `${media.width} / ${media.height}`;
    const told = [media.duration ? duration(media.duration) : "", size(media.size)].filter(Boolean).join(" · ");
    return h("figure", {}, shown, h("figcaption", {}, told));
  }
  // Always a download, never opened here: a document may be a web page of somebody's making.
  return h("a", { class: "card file", href: media.url, download: media.name || "berkas" },
    h("span", { class: "disc" }, icon("file")),
    h("div", {}, h("b", {}, media.name || "Berkas"), h("span", {}, `${size(media.size)} · unduh`)));
}

function enlarge(url) {
  const dialog = h("dialog", { class: "lightbox", "aria-label": "Foto", onclick: () => dialog.close() },
    h("img", { src: url, alt: "Foto dalam ukuran penuh" }), iconButton("close", "Tutup foto", () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function tools(first, said, own, view) {
  const change = own && view.edits && ["text", "photo", "video", "document"].includes(first.kind);
  return h("div", { class: "tools" },
    iconButton("reply", "Balas pesan ini", () => view.reply(first)),
    change ? iconButton("edit", "Ubah pesan ini", () => view.change(said)) : null);
}

function buttons(message, view) {
  if (message.list) {
    return h("div", { class: "inline" }, h("div", {}, h("button", { type: "button", class: "list", "aria-haspopup": "dialog", "data-key": `${message.message_id}:list`, onclick: () => view.open(message) }, icon("menu"), message.list.label)));
  }
  if (!message.inline.length) return null;
  return h("div", { class: "inline" }, message.inline.map((row) => h("div", {}, row.map((button) => inline(message, button, view)))));
}

function ticks(message) {
  const [mark, name] = TICKS[message.ticks] ?? [];
  return mark ? h("span", { class: `ticks ${message.ticks}`, role: "img", "aria-label": name, title: name }, mark) : null;
}

function inline(message, button, view) {
  if (button.url) {
    const href = openable(button.url);
    const follow = (event) => { if (!href || view.onlink(href)) event.preventDefault(); };
    return h("a", { href: href ?? "#", target: "_blank", rel: "noopener noreferrer", onclick: follow }, button.text, icon("link"));
  }
  const waiting = view.waits(message.message_id, button.data);
  return h("button", {
    type: "button", "aria-busy": waiting ? "true" : null, "data-key": `${message.message_id}:${button.data ?? button.text}`,
    onclick: () => view.press(message, button),
  }, button.text);
}
