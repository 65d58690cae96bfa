// A message's text with its formatting, built from the entities as elements and text nodes.
// What a person wrote is never parsed as HTML. Offsets are UTF-16 units, as JavaScript's own are.

import { h } from "./dom.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote"]);
const OPENABLE = new Set(["http:", "https:", "mailto:", "tg:"]);

/** The address if a browser may open it, else null: no script may hide behind a link. */
export function openable(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return OPENABLE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Nodes for `text`; `onlink(url)` may take a click on a link over by returning true, `oncommand(text)` gets a pressed /command, `oncopy(text)` code to copy. */
export function rich(text, entities, { onlink, oncommand, oncopy }) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let next = 0;

  function build(from, to) {
    const nodes = [];
    let at = from;
    while (next < ordered.length && ordered[next].offset < to) {
      const entity = ordered[next++];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (start > at) nodes.push(text.slice(at, start));
      if (end <= start) continue;
      nodes.push(wrap(entity, text.slice(start, end), build(start, end)));
      at = end;
      if (BLOCKS.has(TAGS[entity.type]) && text[at] === "\n" && at < to) at += 1; // a block ends its line by itself
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  }

  function wrap(entity, plain, inner) {
    const tag = TAGS[entity.type];
    if (tag === "pre") return h("pre", {}, inner, h("button", { type: "button", class: "copy", onclick: () => oncopy(plain) }, "Salin"));
    if (tag === "code") return h("button", { type: "button", class: "code", title: "Tekan untuk menyalin", onclick: () => oncopy(plain) }, h("code", {}, inner));
    if (tag) return h(tag, {}, inner);
    if (entity.type === "spoiler") return spoiler(inner);
    if (entity.type === "bot_command" && oncommand) {
      return h("button", { type: "button", class: "command", onclick: () => oncommand(plain) }, inner);
    }
    const address = { text_link: entity.url, url: plain, email: `mailto:${plain}` }[entity.type];
    const href = address ? openable(address) : null;
    if (!href) return h("span", { class: ["hashtag", "mention", "bot_command"].includes(entity.type) ? "marked" : null }, inner);
    const follow = (event) => { if (onlink?.(href)) event.preventDefault(); };
    return h("a", { href, target: "_blank", rel: "noopener noreferrer", onclick: follow }, inner);
  }

  return build(0, text.length);
}

function spoiler(inner) {
  const shown = h("button", { type: "button", class: "spoiler", "aria-label": "Teks tersembunyi, tekan untuk membaca" }, inner);
  shown.addEventListener("click", () => {
    shown.replaceWith(h("span", {}, ...shown.childNodes));
  });
  return shown;
}
