// The simulator's and the programme's faces over HTTP.

import { indonesian } from "./format.js";

/** The other side said no; the message is a sentence for the person at the page. */
export class Refused extends Error {
  constructor(reason, status) {
    super(indonesian(reason, status));
    this.status = status;
  }
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("", 0);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error ?? "", answer.status);
  return body;
}

export const get = (path, query = {}) => call(`${path}?${new URLSearchParams(query)}`);

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** One act of a person in a chat. */
export const act = (user, chat, action, fields = {}) =>
  post("/sim/act", { as: user, do: action, ...(chat === user ? {} : { chat_id: chat }), ...fields });

/** Stores a file; its key. `kind` is photo, video or document. */
export async function upload(file, kind) {
  const query = new URLSearchParams({ kind, name: file.name || "berkas", mime: file.type });
  return (await call(`/sim/files?${query}`, { method: "POST", body: file })).file_key;
}

/** Somebody as the simulator knows them: first_name, phone, started, blocked; null where nobody is. */
export async function person(id) {
  const chat = await get(`/sim/chats/${id}`);
  const found = await get("/sim/users", { q: chat.title, limit: 1000 });
  return found.users.find((user) => user.id === id) ?? null;
}

/** One act of a person on WhatsApp, known by address. */
export const actOnWhatsApp = (address, action, fields = {}) => post("/sim/wa/act", { as: address, do: action, ...fields });

/** Stores a file on the phones with WhatsApp; its key. */
export async function uploadToWhatsApp(file, kind) {
  const query = new URLSearchParams({ kind, name: file.name || "berkas", mime: file.type });
  return (await call(`/sim/wa/files?${query}`, { method: "POST", body: file })).file_key;
}

/** People on WhatsApp whose name or address holds a text: {total, people}; nobody where there is no WhatsApp. */
export async function peopleOnWhatsApp(wanted, limit) {
  try {
    return await get("/sim/wa/people", { q: wanted, limit });
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return { total: 0, people: [] };
    throw error;
  }
}

/** Somebody on WhatsApp as the simulator knows them: id, name, phone, blocked, on; null where nobody is. */
export async function personOnWhatsApp(address) {
  return (await peopleOnWhatsApp(address, 1000)).people.find((one) => one.address === address) ?? null;
}

/** News of some chats as they happen; `opened` is called at every (re)connection, for what was missed. */
export class Stream {
  #source = null;
  #chats = "";

  constructor(onevent, opened) {
    this.onevent = onevent;
    this.opened = opened;
  }

  watch(chats) {
    const query = new URLSearchParams(chats.map((chat) => ["chat_id", chat])).toString();
    if (query === this.#chats) return;
    this.#chats = query;
    this.#source?.close();
    this.#source = null;
    if (query) this.#connect();
  }

  #connect() {
    const source = new EventSource(`/sim/events?${this.#chats}`);
    this.#source = source;
    source.onopen = () => this.opened();
    source.onerror = () => {
      // The browser tries again by itself, except after an answer that was no stream.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#source === source && this.#connect(), 2000);
      }
    };
    for (const kind of ["message", "edited", "deleted", "toast", "action", "keyboard", "wa_message", "wa_status"]) {
      source.addEventListener(kind, (event) => this.onevent(JSON.parse(event.data)));
    }
  }
}
