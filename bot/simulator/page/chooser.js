// The dialog that asks whose phone to open: anybody the simulator knows, a group, or somebody new.

import { get, peopleOnWhatsApp, post, Refused } from "./api.js";
import { h, iconButton } from "./dom.js";
import { initials, number } from "./format.js";
import { payloadOf } from "./panels.js";
import { onWhatsApp } from "./whatsapp.js";

const SHOWN = 30; // people of one search
const RECENT = 200; // chats among which groups are looked for
const MEMBERS = 60; // members of a group whose names are asked for

/** Asks for a chat: {id, payload} (payload null: nothing was said about a deep link), or null. `cast` are the [id, role] of the demo. */
export function chooseChat(bot, cast) {
  return ask("Buka ponsel siapa?", (done) => {
    const results = h("ul", { class: "people", "aria-live": "polite" });
    const told = h("p", { class: "hint", role: "status" });
    const search = h("input", { id: "search", type: "search", placeholder: "Nama, nama pengguna, atau nomor", autocomplete: "off" });
    let turn = 0;
    const look = async () => {
      const mine = ++turn;
      const wanted = search.value.trim();
      const [found, there, rooms] = await Promise.all([get("/sim/users", { q: wanted, limit: SHOWN }), peopleOnWhatsApp(wanted, SHOWN), roomsLike(wanted, cast)]);
      if (mine !== turn) return; // something else has been typed meanwhile
      const people = found.users.filter((user) => !rooms.some((room) => room.id === user.id)).map((user) => row(`${user.first_name} ${user.last_name}`.trim(), user.phone || user.username, standing(user), () => done({ id: user.id, payload: null })));
      const others = there.people.filter((one) => !rooms.some((room) => room.id === one.address));
      people.push(...others.map((one) => row(one.name, one.address, one.blocked ? "WhatsApp · memblokir" : "WhatsApp", () => done({ id: one.address, payload: null }))));
      results.replaceChildren(...rooms.map((room) => row(room.title, room.id < 0 ? "grup" : onWhatsApp(room.id) ? room.id : "", room.role, () => done({ id: room.id, payload: null }))), ...people);
      const more = found.total - found.users.length + there.total - there.people.length;
      told.textContent = more > 0 ? `${number(more)} orang lagi: ketik nama untuk mempersempit.` : results.childElementCount ? "" : "Tidak ada yang cocok.";
    };
    search.addEventListener("input", () => void look());
    void look();
    return [h("label", { for: "search" }, "Cari orang atau grup"), search, results, told, newcomer(bot, done)];
  });
}

/** Asks which member of a group writes: {id, name}, or null. */
export function chooseMember(members) {
  return ask("Menulis sebagai siapa?", (done) => {
    const list = h("ul", { class: "people" });
    const names = Promise.all(members.slice(0, MEMBERS).map((id) => get(`/sim/chats/${id}`)));
    void names.then((chats) => list.replaceChildren(...chats.map(({ id, title }) => row(title, "", "", () => done({ id, name: title })))));
    return [list];
  });
}

function ask(title, content) {
  return new Promise((resolve) => {
    let answer = null;
    const done = (value) => { answer = value; dialog.close(); };
    const dialog = h("dialog", { class: "chooser", "aria-label": title },
      h("header", {}, h("h2", {}, title), iconButton("close", "Tutup", () => dialog.close())), content(done));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  });
}

function row(name, below, state, onclick) {
  return h("li", {}, h("button", { type: "button", onclick },
    h("span", { class: "disc", "aria-hidden": "true" }, initials(name)),
    h("span", { class: "name" }, h("b", {}, name), h("span", {}, below)), h("span", { class: "state" }, state)));
}

function standing(user) {
  if (user.deactivated) return "akun dihapus";
  if (user.blocked) return "memblokir bot";
  return user.started ? "sudah memulai" : "belum memulai";
}

/** Those who play a part, then the groups that said something lately. */
async function roomsLike(wanted, cast) {
  const parts = await Promise.all(cast.map(async ([id, role]) => ({ ...(await chatOf(id)), id, role })));
  const { chats } = await get("/sim/chats", { limit: RECENT });
  const groups = chats.filter((chat) => chat.id < 0 && !chat.migrated_to && !parts.some((part) => part.id === chat.id));
  return [...parts, ...groups].filter((chat) => chat.title.toLowerCase().includes(wanted.toLowerCase()));
}

/** A chat's title, on either app. */
const chatOf = async (id) => (onWhatsApp(id) ? { title: (await peopleOnWhatsApp(id, 1)).people[0]?.name ?? id } : get(`/sim/chats/${id}`));

/** The form for somebody who is not there yet. */
function newcomer(bot, done) {
  const field = (id, title, props = {}) => {
    const input = h("input", { id, type: "text", autocomplete: "off", ...props });
    return [input, h("div", { class: "field" }, h("label", { for: id }, title), input)];
  };
  const [first, firstField] = field("first", "Nama depan", { required: true });
  const [last, lastField] = field("last", "Nama belakang");
  const [phone, phoneField] = field("phone", "Nomor telepon", { type: "tel", placeholder: "+62813…" });
  const [link, linkField] = field("link", "Tautan undangan (boleh kosong)", { placeholder: "https://t.me/…?start=…" });
  const whatsapp = h("input", { id: "on-whatsapp", type: "checkbox", onchange: () => { linkField.hidden = whatsapp.checked; } });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const create = async (event) => {
    event.preventDefault();
    const payload = payloadOf(link.value, bot);
    if (payload === null) {
      wrong.textContent = `Itu bukan tautan undangan @${bot?.username ?? "bot"}.`;
      return;
    }
    try {
      if (whatsapp.checked) {
        const name = `${first.value} ${last.value}`.trim();
        const { address } = await post("/sim/wa/people", { name, phone: phone.value.replace(/[\s.-]/g, "") });
        return done({ id: address, payload: null });
      }
      const made = await post("/sim/users", { first_name: first.value.trim(), last_name: last.value.trim(), phone: phone.value.replace(/[\s.-]/g, "") });
      done({ id: made.id, payload: link.value.trim() ? payload : null });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      wrong.textContent = error.message;
    }
  };
  return h("details", {}, h("summary", {}, "Orang baru yang belum bergabung"),
    h("form", { class: "newcomer", onsubmit: create }, firstField, lastField, phoneField, linkField,
      h("label", { class: "as-file" }, whatsapp, "Hanya punya WhatsApp"), wrong,
      h("button", { type: "submit", class: "main" }, "Buka ponselnya")));
}
