// Numbers, dates and refusals the Indonesian way. Times are unix seconds, or ISO where they come from the programme.

const ZONE = "Asia/Jakarta";
const CLOCK = new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const PARTS = new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const SHORT = new Intl.DateTimeFormat("en-US", { timeZone: ZONE, day: "numeric", month: "numeric" });
const WEEKDAY = new Intl.DateTimeFormat("id-ID", { timeZone: ZONE, weekday: "long" });

export const number = (value) => (value ?? 0).toLocaleString("id-ID");
/** 0.504 → "50,4%" */
export const percent = (share, digits = 1) =>
  `${(share * 100).toLocaleString("id-ID", { maximumFractionDigits: digits, minimumFractionDigits: digits })}%`;
/** "09.00" */
export const clock = (moment) => CLOCK.format(moment).replace(":", ".");
/** "Rabu, 25 November 2026" */
export const day = (moment) => PARTS.format(moment);
/** "Rabu 25 Nov" */
export function shortDay(moment) {
  const parts = Object.fromEntries(SHORT.formatToParts(moment).map((part) => [part.type, part.value]));
  return `${WEEKDAY.format(moment)} ${parts.day} ${MONTHS[parts.month - 1]}`;
}
export const fromUnix = (seconds) => new Date(seconds * 1000);

/** 2026-W48 → "minggu ke-48" */
export function week(name) {
  const found = /^(\d{4})-W(\d{2})$/.exec(name ?? "");
  return found ? `minggu ke-${Number(found[2])}` : (name ?? "");
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const big = bytes >= 1024 * 1024;
  const value = bytes / (big ? 1024 * 1024 : 1024);
  return `${value.toLocaleString("id-ID", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${big ? "MB" : "KB"}`;
}

/** 75 → "1.15" */
export const duration = (seconds) => `${Math.floor(seconds / 60)}.${String(Math.round(seconds % 60)).padStart(2, "0")}`;

/** "Siti Rahma" → "SR" */
export const initials = (name) => name.split(/\s+/).filter(Boolean).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase() || "?";

const REFUSALS = [
  [/number is blocked/, "Nomor program sedang diblokir. Buka blokirnya dahulu lewat menu di kanan atas."],
  [/phone is off/, "Ponsel ini sedang mati. Nyalakan dahulu lewat menu di kanan atas."],
  [/can't be sent as|this is no picture/, "WhatsApp tidak menerima jenis berkas itu. Kirim foto JPG atau PNG, atau kirim sebagai berkas."],
  [/phone is a number like/, "Nomor WhatsApp ditulis lengkap, misalnya +6281317036688."],
  [/^\+\d+ exists/, "Nomor itu sudah ada di WhatsApp."],
  [/bot is blocked/, "Bot sedang diblokir. Buka blokirnya dahulu lewat menu di kanan atas."],
  [/nothing to block/, "Belum ada percakapan yang dapat diblokir."],
  [/bot is not blocked/, "Bot tidak sedang diblokir."],
  [/no such button/, "Tombol itu sudah tidak berlaku. Pilih tombol pada pesan terbaru."],
  [/message (?:to reply to )?is gone|no such message/, "Pesan itu sudah tidak ada."],
  [/can't be edited/, "Pesan seperti itu tidak dapat diubah."],
  [/not a member/, "Orang ini bukan anggota grup."],
  [/group is now/, "Grup ini sudah pindah. Buka grup yang baru."],
  [/no phone number/, "Orang ini tidak punya nomor telepon untuk dibagikan."],
  [/username \S+ is taken/, "Nama pengguna itu sudah dipakai."],
  [/text is empty/, "Pesannya masih kosong."],
  [/at most (\d+) characters/, "Terlalu panjang: paling banyak $1 huruf."],
  [/at most \d+ bytes|too big|too large/i, "Berkasnya terlalu besar."],
  [/must be non-empty/, "Berkasnya kosong."],
  [/IMAGE|PHOTO|image/, "Gambar itu tidak dapat dibaca. Coba kirim sebagai berkas."],
];

/** What to tell the person when a request was refused. */
export function indonesian(reason, status) {
  if (status === 409) return reason; // the programme's own words
  if (status === 0) return "Simulator tidak menjawab. Apakah demonya masih berjalan?";
  for (const [pattern, sentence] of REFUSALS) {
    const found = pattern.exec(reason);
    if (found) return sentence.replace("$1", found[1] ?? "");
  }
  return reason ? `Tidak dapat dilakukan: ${reason}` : `Tidak dapat dilakukan (${status}).`;
}
