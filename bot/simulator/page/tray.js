// Files that are about to be sent: chosen, dropped or pasted; several go as an album.

import { Refused } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { size } from "./format.js";

const ALBUM = 10; // Bot API: sendMediaGroup takes 2-10 items

const isPhoto = (file) => /^image\/(jpeg|png|webp|bmp|gif)$/.test(file.type);
const isVideo = (file) => file.type.startsWith("video/");

export class Tray {
  #files = []; // {file, url}
  #plain = false; // "send as file"

  constructor(onchange, tell) {
    this.onchange = onchange;
    this.tell = tell;
    this.shown = h("div", { class: "files" });
    this.box = h("input", { type: "checkbox", onchange: () => { this.#plain = this.box.checked; } });
    this.choice = h("label", { class: "as-file" }, this.box, "Kirim sebagai berkas (mutu asli)");
    this.element = h("div", { class: "tray", hidden: true }, this.shown, this.choice);
  }

  get empty() {
    return this.#files.length === 0;
  }

  /** Lets the person choose; `plain`: as files, whatever they are. */
  pick(accept, plain = false) {
    const input = h("input", { type: "file", multiple: true, accept: accept || null, class: "hidden", "aria-label": "Pilih berkas" });
    input.addEventListener("change", () => { this.add(input.files, plain); input.remove(); });
    input.addEventListener("cancel", () => input.remove());
    this.element.append(input);
    input.click();
  }

  add(files, plain = this.#plain) {
    this.#plain = this.box.checked = plain;
    for (const file of files) this.#files.push({ file, url: isPhoto(file) ? URL.createObjectURL(file) : "" });
    this.#draw();
  }

  /** Uploads and sends everything, the caption with the first; true when all is sent. What failed stays. */
  async send(phone, caption, reply) {
    const files = this.#files.map(({ file }) => file);
    const kinds = this.#kinds(files);
    this.element.classList.add("busy");
    try {
      const keys = await Promise.all(files.map((file, index) => phone.upload(file, kinds[index])));
      const items = keys.map((key, index) => ({ kind: kinds[index], file_key: key }));
      items[0].caption = caption;
      while (items.length) {
        const part = items.splice(0, phone.albums ? ALBUM : 1);
        const sent = part.length === 1
          ? await phone.act(part[0].kind, { file_key: part[0].file_key, caption: part[0].caption ?? "", ...reply })
          : await phone.act("album", { items: part, ...reply });
        if (!sent) return false;
        this.#drop(part.length);
      }
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.tell(error.message);
      return false;
    } finally {
      this.element.classList.remove("busy");
    }
  }

  /** Telegram does not mix documents with pictures in an album: one of them makes all of them documents. */
  #kinds(files) {
    const plain = this.#plain || files.some((file) => !isPhoto(file) && !isVideo(file));
    return files.map((file) => (plain ? "document" : isPhoto(file) ? "photo" : "video"));
  }

  #drop(count, at = 0) {
    for (const { url } of this.#files.splice(at, count)) if (url) URL.revokeObjectURL(url);
    this.#draw();
  }

  #draw() {
    this.element.hidden = this.empty;
    this.choice.hidden = !this.#files.some(({ file }) => isPhoto(file) || isVideo(file));
    this.shown.replaceChildren(...this.#files.map(({ file, url }, index) =>
      h("div", { class: "pending", title: `${file.name} · ${size(file.size)}` },
        url ? h("img", { src: url, alt: "" }) : icon(isVideo(file) ? "play" : "file"),
        h("span", {}, file.name || "gambar"),
        iconButton("close", `Batalkan ${file.name || "berkas"}`, () => this.#drop(1, index)))));
    this.onchange();
  }
}
