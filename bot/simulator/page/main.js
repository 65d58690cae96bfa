// The page: which phones stand side by side, and the one stream of news that feeds them.

import { get, Refused, Stream } from "./api.js";
import { Bar } from "./bar.js";
import { chooseChat, chooseMember } from "./chooser.js";
import { h, notice } from "./dom.js";
import { Phone } from "./phone.js";
import { onWhatsApp, WhatsAppPhone } from "./whatsapp.js";

const ROLES = { asn: "ASN", whatsapp: "ASN WhatsApp", ppid: "PPID", controller: "Pengendali", group: "Grup Rabuan" }; // side by side
const OTHERS = { newcomer: "ASN baru", newcomer_whatsapp: "ASN baru WhatsApp", admin: "Admin" }; // offered by the chooser
const AT_FIRST = 3; // phones where no programme says whose

const row = document.querySelector("#phones");
const tabs = document.querySelector("#tabs");
const empty = document.querySelector("#empty");
const phones = [];
let current = null; // the phone that a small screen shows
let people = null; // role → chat id, or number on WhatsApp, as the programme says
let chosen = false; // the person has opened or closed phones: the programme no longer decides

const host = {
  bot: null,
  changed: () => drawTabs(),
  swap: (phone, id) => open(id, { instead: phone }),
  close(phone) {
    chosen = true;
    remove(phone);
    settle();
  },
  async choose(phone) {
    const answer = await chooseChat(host.bot, cast());
    if (!answer) return;
    chosen = true;
    const opened = await open(answer.id, { instead: phone });
    if (opened && answer.payload !== null) await opened.act("start", { payload: answer.payload });
  },
  async chooseMember(phone) {
    const answer = await chooseMember(phone.chat.members);
    if (answer) await phone.write(answer.id, answer.name);
  },
};

const stream = new Stream(
  (event) => phones.filter((phone) => phone.events === event.chat_id).forEach((phone) => phone.hear(event)),
  () => phones.forEach((phone) => void phone.sync().catch(quietly)),
);

function quietly(error) {
  if (!(error instanceof Refused)) throw error; // a refused look is tried again at the next connection
}

/** Opens the phone of a chat, at the end or `instead` of another one; null where there is no such chat. */
async function open(id, { instead = null, show = true } = {}) {
  const there = phones.find((phone) => phone.id === id);
  if (there) {
    if (show) select(there);
    return there;
  }
  const phone = onWhatsApp(id) ? new WhatsAppPhone(id, host) : new Phone(id, host);
  phone.role = roleOf(id);
  const at = instead ? phones.indexOf(instead) : phones.length;
  phones.splice(at, instead ? 1 : 0, phone);
  if (instead) instead.element.replaceWith(phone.element);
  else row.append(phone.element);
  if (current === instead || !current) current = phone;
  try {
    await phone.load(people?.controller);
  } catch (error) {
    quietly(error);
    remove(phone);
    settle();
    return null;
  }
  if (show) select(phone);
  settle();
  return phone;
}

function remove(phone) {
  const at = phones.indexOf(phone);
  if (at < 0) return;
  phones.splice(at, 1);
  phone.element.remove();
  if (current === phone) current = phones[Math.min(at, phones.length - 1)] ?? null;
}

/** After the set of phones has changed: the stream, the tabs, the address that brings them back. */
function settle() {
  stream.watch(phones.map((phone) => phone.events).filter(Boolean));
  if (chosen) history.replaceState(null, "", phones.length ? `#${phones.map((phone) => phone.id).join(",")}` : "#");
  empty.hidden = phones.length > 0;
  drawTabs();
}

function select(phone) {
  current = phone;
  phone.element.scrollIntoView({ inline: "nearest", block: "nearest" });
  drawTabs();
  phone.log.seen();
  if (phone.visible) phone.log.resume();
}

function drawTabs() {
  let unread = 0;
  for (const phone of phones) {
    phone.element.classList.toggle("current", phone === current);
    unread += phone.log.unread;
  }
  document.title = `${unread ? `(${unread}) ` : ""}Demo Satu Pesan`;
  const focused = tabs.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
  tabs.replaceChildren(...phones.map((phone) =>
    h("button", { type: "button", "data-chat": String(phone.id), "aria-current": phone === current ? "true" : null, onclick: () => select(phone) },
      h("span", {}, phone.role || phone.chat?.title.split(" ")[0] || "…"),
      phone.log.unread ? h("span", { class: "badge", "aria-label": `${phone.log.unread} belum dibaca` }, String(phone.log.unread)) : null)));
  if (focused) tabs.querySelector(`[data-chat="${focused}"]`)?.focus();
}

/** Who plays a part in the demo: [chat id, role] */
const cast = () => Object.entries({ ...ROLES, ...OTHERS }).filter(([role]) => people?.[role]).map(([role, name]) => [people[role], name]);
const roleOf = (id) => cast().find(([chat]) => chat === id)?.[1] ?? "";

/** The programme has told who is who: the phones follow, until the person has chosen others. */
async function follow(told) {
  if (!told || JSON.stringify(told) === JSON.stringify(people)) return;
  const before = people ?? {};
  people = told;
  for (const role of Object.keys(ROLES)) {
    const moved = phones.find((phone) => before[role] && phone.id === before[role] && told[role] !== before[role]);
    if (moved && told[role]) await open(told[role], { instead: moved, show: false });
    else if (!chosen && told[role]) await open(told[role], { show: false });
  }
  for (const phone of phones) {
    phone.role = roleOf(phone.id);
    phone.draw();
  }
}

/** Without a programme: the address's phones, or those that said something last. */
async function first() {
  const wanted = location.hash.slice(1).split(",").map((id) => (onWhatsApp(id) ? id : Number(id))).filter(Boolean);
  for (const id of wanted) await open(id, { show: false });
  chosen = phones.length > 0;
  if (phones.length || people) return;
  const { chats } = await get("/sim/chats", { limit: 50 });
  const some = [...chats.filter((chat) => chat.id > 0).slice(0, AT_FIRST), ...chats.filter((chat) => chat.id < 0 && !chat.migrated_to).slice(0, 1)];
  for (const chat of some) await open(chat.id, { show: false });
}

document.querySelector("#add").addEventListener("click", () => void host.choose(null));
document.querySelector("#add-first").addEventListener("click", () => void host.choose(null));
document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.log.seen()));
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof Refused) notice(document.body, event.reason.message);
});

let state = null;
let begun = false;
const bar = new Bar(document.querySelector("#bar"), (news) => {
  state = news;
  if (begun) void follow(state?.people);
});
host.bot = await get("/sim/bot").catch(() => null);
await bar.look();
people = null;
if (location.hash.length > 1 || !state?.people) await first();
begun = true;
await follow(state?.people);
settle();
