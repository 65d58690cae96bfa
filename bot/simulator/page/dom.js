// Building elements. Text always becomes a text node: nothing here, or anywhere on the page, parses HTML.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  send: "M3 20.5 21 12 3 3.5 3 10l12 2-12 2z",
  attach: "M16.5 6v10.5a4.5 4.5 0 0 1-9 0V5.5a3 3 0 0 1 6 0V15a1.5 1.5 0 0 1-3 0V6.5H9V15a3 3 0 0 0 6 0V5.5a4.5 4.5 0 0 0-9 0v11a6 6 0 0 0 12 0V6z",
  keyboard: "M4 6h16a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 20 18H4a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 6zm1.5 2.5v2h2v-2zm3.7 0v2h2v-2zm3.6 0v2h2v-2zm3.7 0v2h2v-2zM7.5 13.500v2h9v-2z",
  more: "M12 7.500a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.400zm0 6.200a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.400zm0 6.200a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.400z",
  down: "M6.4 8.6 12 14.200l5.6-5.600L19 10l-7 7-7-7z",
  close: "m6.4 5 5.6 5.600L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.600L6.4 19 5 17.6 10.6 12 5 6.400z",
  file: "M6 2.500h8L19 7.500V20a1.5 1.5 0 0 1-1.5 1.500h-11A1.5 1.5 0 0 1 5 20V4a1.5 1.5 0 0 1 1-1.500zm7.5 1.700V8h3.800z",
  person: "M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.400zm0 2c-4 0-8 2-8 4.700V20.500h16v-1.800C20 16 16 14 12 14z",
  play: "M8 5v14l11-7z",
  reply: "M10 8V4l-7 7 7 7v-4.100c5 0 8.5 1.6 11 5.1-1-5-4-10-11-11z",
  edit: "M4 16.500V20h3.500L18.1 9.400l-3.5-3.500zM20.7 6.800a1 1 0 0 0 0-1.300l-2.2-2.200a1 1 0 0 0-1.3 0l-1.6 1.6 3.5 3.500z",
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  menu: "M4 6.500h2v2H4zm4 0h12v2H8zM4 11h2v2H4zm4 0h12v2H8zM4 15.500h2v2H4zm4 0h12v2H8z",
  next: "M5 5.500v13l9-6.500zM16 5.500h2.500v13H16z",
  link: "M14 3.500h6.500V10h-2V6.900l-8.3 8.3-1.4-1.400L17.1 5.500H14zM5 5.500h6v2H6.500v10h10V13h2v6.500H4.500V6z",
};

/** An element: `props` are attributes, `on…` listeners, or properties of the element ("value", "checked"). */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button of an icon alone; `label` is what a screen reader says and a pointer shows. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "round", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/** A list of choices under a button; closes by Escape, by a click elsewhere and after a choice. */
export function menu(anchor, choices) {
  document.querySelector(".menu")?.remove();
  const close = (event) => {
    if (event?.type === "pointerdown" && list.contains(event.target)) return;
    list.remove();
    document.removeEventListener("pointerdown", close, true);
    if (event?.type !== "pointerdown") anchor.focus();
  };
  const items = choices.map(([label, action]) =>
    h("button", { type: "button", role: "menuitem", onclick: () => { close(); action(); } }, label));
  const list = h("div", {
    class: "menu", role: "menu",
    onkeydown: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" || event.key === "Tab") close(event);
      else if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      else return;
      event.preventDefault();
    },
  }, items);
  document.body.append(list);
  const box = anchor.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
  const below = box.bottom + 4 + list.offsetHeight < innerHeight;
  list.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - list.offsetHeight - 4)}px`;
  document.addEventListener("pointerdown", close, true);
  items[0]?.focus();
}

/** A short notice over an element, for a few seconds; spoken by screen readers. */
export function notice(where, text, seconds = 4) {
  where.querySelector(".notice")?.remove();
  const note = h("div", { class: "notice" }, text);
  where.append(note);
  setTimeout(() => note.remove(), seconds * 1000);
}

/** Puts words into the clipboard, and says over an element whether they are there. */
export async function copy(where, text) {
  try {
    await navigator.clipboard.writeText(text);
    notice(where, "Teks disalin.");
  } catch {
    notice(where, "Peramban ini tidak mengizinkan penyalinan.");
  }
}
