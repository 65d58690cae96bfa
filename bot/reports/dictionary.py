"""The data dictionary: every column of every export, once, for all forms that it is shown in.

An XLSX has it as its sheet "Kamus", a CSV as the file beside it, and docs/kamus-data.md as a page, which
`python -m bot.reports.dictionary` prints.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from bot.reports.columns import Column, Kind, Table
from bot.texts import rendering
from models.figures import opendata
from models.messages import outbox
from models.shares import shares, standings

HEADINGS = ("kolom", "jenis", "satuan_atau_isi", "arti", "meaning")


_T, _N, _B, _M = Kind.TEXT, Kind.NUMBER, Kind.YES_NO, Kind.MOMENT
_LOCAL = "YYYY-MM-DD HH:MM:SS, jam setempat; kosong: belum"
_WEEK = Column("minggu", _T, "YYYY-Www, minggu ISO, misalnya 2026-W48", "Minggu program, dari Rabu ke Rabu.",
               "Programme week, from one Wednesday to the next.")  # fmt: skip
_CODE = Column("kode_opd", _T, "kode dalam daftar OPD", "Kode OPD.", "Code of the agency.")
_OPD = Column("opd", _T, "nama", "Nama OPD.", "Name of the agency.")
_NAME = Column(
    "nama", _T, "nama", "Nama pegawai seperti dalam daftar.", "Name of the person, as on the roster."
)
_URGENT = Column("mendesak", _B, "ya, tidak", "Apakah ini klarifikasi mendesak, yang dihitung terpisah.",
                 "Whether it is an urgent clarification, which is counted apart.")  # fmt: skip
_ITEM = Column("konten", _N, "nomor", "Nomor konten, seperti di /riwayat.", "Number of the item.")
_NO_NUMBERS = (
    "catatan",
    "NIP dan nomor telepon tidak pernah diekspor.",
    "NIP and phone numbers are never exported.",
)
_PREFIX = (
    "tanda petik",
    "Teks yang dapat dibaca sebagai rumus diawali tanda petik tunggal, misalnya '=Budi.",
    "Text that could be read as a formula begins with an apostrophe, such as '=Budi.",
)
_PERSONAL = (
    "sifat",
    "Berisi data pribadi: hanya untuk yang berwenang, tidak untuk diterbitkan.",
    "Holds personal data: for those entitled to it, not for publication.",
)
LICENCE = (
    "lisensi",
    "Creative Commons Atribusi 4.0 Internasional (CC BY 4.0), https://creativecommons.org/licenses/by/4.0/deed.id",
    "Creative Commons Attribution 4.0 International (CC BY 4.0), https://creativecommons.org/licenses/by/4.0/",
)
_STATES = (standings.CLAIMED, standings.RECEIVED, standings.ACCEPTED, standings.REJECTED, standings.APPEALED,
           standings.WITHDRAWN)  # fmt: skip
_FATES = (outbox.WAITING, outbox.QUEUED, outbox.SENDING, outbox.SENT, outbox.FAILED, outbox.CANCELLED,
          outbox.EXPIRED, outbox.SKIPPED)  # fmt: skip


SHARES = Table(
    "Unggahan",
    "Satu baris untuk setiap unggahan (konten yang dibagikan seorang ASN di satu kanal).",
    "One row for each share (an item that a person posted on one platform).",
    (
        _WEEK,
        _URGENT,
        Column("tanda_terima", _N, "nomor", "Nomor tanda terima unggahan.", "Receipt number of the share."),
        _CODE,
        Column("opd", _T, "nama", "Nama OPD pegawai saat menerima kontennya.",
               "Name of the person's agency when the item was received."),
        _NAME,
        _ITEM,
        Column("kanal", _T, ", ".join(shares.PLATFORMS) + "; kosong: belum disebut",
               "Kanal tempat konten dibagikan.", "Platform on which the item was posted."),
        Column("status", _T, ", ".join(_STATES),
               "Keadaan bukti: baru disebut, menunggu, sah, ditolak, diperiksa sekali lagi, ditarik.",
               "Claimed only, received and waiting, accepted, rejected, appealed, withdrawn."),
        Column("terlambat", _B, "ya, tidak", "Apakah buktinya datang setelah minggunya ditutup.",
               "Whether the proof came after the week had closed."),
        Column("waktu", _M, _LOCAL, "Saat unggahan pertama kali dilaporkan.",
               "When the share was first reported."),
        Column("tautan", _T, "URL; kosong: buktinya gambar", "Tautan pertama yang dikirim sebagai bukti.",
               "First link that was sent as proof."),
    ),
    (_PERSONAL, _NO_NUMBERS, _PREFIX),
)  # fmt: skip

_NOW, _NOW_ENGLISH = ", saat ekspor dibuat.", ", when the export is made."
_COUNTED_IN = (
    "Minggu yang sudah ditutup dan ikut = ya: OPD saat minggunya dibekukan; lainnya: OPD saat ekspor dibuat."
)
_COUNTED_IN_ENGLISH = (
    "In a closed week with ikut = ya: that at the freezing; otherwise that when the export is made."
)
_FROZEN = (
    "beku",
    "Dari minggu yang sudah ditutup hanya ikut, dan kode_opd mereka yang ikut, dibekukan: jumlah ikut = ya "
    "per kode_opd sama dengan ASN aktif dalam rekapnya. Siapa yang terdaftar waktu itu tidak disimpan per "
    "orang; jumlahnya ada di kolom asn dalam data terbuka.",
    "Of a closed week only ikut, and the kode_opd of those who took part, are frozen: ikut = ya by kode_opd "
    "adds up to the active people of its snapshot. Who was on the roster then is not kept by person; how "
    "many is in the column asn of the open data.",
)

PEOPLE = Table(
    "Orang",
    "Satu baris untuk setiap pegawai dan minggu; daftar pegawai seperti saat ekspor dibuat.",
    "One row for each person and week; the roster as it is when the export is made.",
    (
        _WEEK,
        Column("kode_opd", _T, "kode dalam daftar OPD",
               f"Kode OPD tempat pegawai dihitung. {_COUNTED_IN}",
               f"Code of the agency in which the person is counted. {_COUNTED_IN_ENGLISH}"),
        Column("opd", _T, "nama", "Nama OPD dari kode_opd.", "Name of the agency of kode_opd."),
        Column("nama", _T, "nama", f"Nama pegawai dalam daftar{_NOW}",
               f"Name of the person on the roster{_NOW_ENGLISH}"),
        Column("kode_opd_kini", _T, "kode dalam daftar OPD; lain dari kode_opd: pindah sesudahnya",
               f"Kode OPD pegawai{_NOW}", f"Code of the person's agency{_NOW_ENGLISH}"),
        Column("jabatan", _T, "nama jabatan", f"Jabatan dalam daftar{_NOW}",
               f"Position on the roster{_NOW_ENGLISH}"),
        Column("aktif", _B, "ya, tidak",
               f"Apakah ada dalam daftar pegawai{_NOW} Yang berbagi ada di kolom ikut.",
               f"Whether on the roster{_NOW_ENGLISH} Who took part is in ikut."),
        Column("bergabung", _M, _LOCAL,
               f"Sejak kapan setuju ikut; kosong: belum bergabung atau sudah berhenti{_NOW}",
               f"Since when taking part; empty: not joined, or left{_NOW_ENGLISH}"),
        Column("hemat_data", _B, "ya, tidak", f"Apakah memilih hemat data{_NOW}",
               f"Whether saving data{_NOW_ENGLISH}"),
        Column("ikut", _B, "ya, tidak",
               "Apakah ASN aktif pada minggu itu: paling sedikit satu bukti sebelum minggunya ditutup. "
               "Minggu yang sudah ditutup: seperti dibekukan dalam versi rekap terbaru.",
               "Whether active in the week: at least one proof before it closed. In a closed week as frozen "
               "in the newest version of its snapshot."),
        Column("unggahan", _N, "unggahan",
               "Unggahan berbukti yang datang sebelum minggunya ditutup, menurut keadaan buktinya"
               f"{_NOW} Bisa lain dari ikut bila bukti diputuskan kemudian dan rekapnya belum dikoreksi.",
               f"Shares with a proof that came before the week closed, by the proof's state{_NOW_ENGLISH} "
               "May differ from ikut where a proof was decided later and the week is not corrected."),
    ),
    (_FROZEN, _PERSONAL, _NO_NUMBERS, _PREFIX),
)  # fmt: skip

DELIVERIES = Table(
    "Pengiriman",
    "Satu baris untuk setiap kartu konten yang dikirim, atau seharusnya dikirim, kepada seorang pegawai.",
    "One row for each card that was sent to a person, or should have been.",
    (
        _WEEK,
        _URGENT,
        _CODE,
        Column("opd", _T, "nama", "Nama OPD pegawai saat siaran.",
               "Name of the person's agency at the release."),
        _NAME,
        Column("konten", _N, "nomor; kosong: tidak ada konten untuknya", "Nomor konten yang dikirim.",
               "Number of the item that was sent."),
        Column("saluran", _T, "telegram, whatsapp; kosong: tidak dapat dihubungi", "Saluran pengiriman.",
               "Channel of the delivery."),
        Column("status", _T, ", ".join(_FATES),
               "Menunggu, antre, sedang dikirim, terkirim, gagal, dibatalkan, kedaluwarsa, dilewati.",
               "Waiting, queued, being sent, sent, failed, cancelled, expired, skipped."),
        Column("alasan", _T, "kata kunci; kosong: tidak ada", "Mengapa tidak terkirim.",
               "Why it was not sent."),
        Column("dikirim", _M, _LOCAL, "Kapan terkirim.", "When it was sent."),
        Column("percobaan", _N, "kali", "Berapa kali gagal dicoba.", "How many attempts failed."),
        Column("ulang", _N, "kali", "Berapa kali dikirim lagi karena nasibnya tidak diketahui.",
               "How often it was sent again because its fate was unknown."),
    ),
    (_PERSONAL, _NO_NUMBERS, _PREFIX),
)  # fmt: skip

_SMALL, _FEW, _HIDDEN = opendata.SMALL_OPD, opendata.FEW, opendata.HIDDEN
_FEW_PEOPLE = opendata.FEW_PEOPLE
_COUNT = f"kosong: belum dihitung saat itu; {_FEW}, {_HIDDEN}: lihat (penutupan)"


def _of_platform(name: str) -> Column:
    label = rendering.label(f"platform.{name}", {})
    known = name != "unknown"
    return Column(
        f"kanal_{name}",
        _N,
        f"unggahan; {_COUNT}",
        f"Unggahan berbukti di {label}." if known else "Unggahan berbukti yang kanalnya belum disebut.",
        f"Proved shares on {name}." if known else "Proved shares whose platform was not named.",
    )


_OPEN = Table(
    "Data terbuka",
    "Satu baris untuk setiap minggu yang sudah ditutup dan OPD, tanpa data pribadi.",
    "One row for each closed week and agency, without personal data.",
    (
        _WEEK,
        Column("versi", _N, "1, 2, …", "Nomor versi rekap minggu itu; di atas 1: sudah dikoreksi.",
               "Version of the week's snapshot; above 1: corrected."),
        _CODE,
        _OPD,
        Column("asn", _N, f"orang; {_FEW_PEOPLE}: lihat (penutupan)",
               "Pegawai dalam daftar saat minggunya ditutup.", "People on the roster when the week closed."),
        Column("ikut", _N, f"orang; {_FEW}, {_HIDDEN}: lihat (penutupan)",
               "Pegawai dengan paling sedikit satu bukti sebelum minggunya ditutup.",
               "People with at least one proof before the week closed."),
        Column("partisipasi", Kind.FRACTION,
               f"0 sampai 1, koma desimal dalam CSV; {_HIDDEN}: lihat (penutupan)",
               "ikut dibagi asn.", "ikut divided by asn."),
        Column("unggahan", _N, f"unggahan; {_COUNT}",
               "Unggahan berbukti yang datang sebelum minggunya ditutup.",
               "Shares with a proof that came before the week closed."),
        Column("bukti_sah", _N, f"unggahan; {_COUNT}", "Bukti yang dinyatakan sah.",
               "Proofs that were accepted."),
        Column("bukti_menunggu", _N, f"unggahan; {_COUNT}",
               "Bukti yang belum diputuskan saat minggunya ditutup.",
               "Proofs still undecided when the week closed."),
        Column("bukti_ditolak", _N, f"unggahan; {_COUNT}", "Bukti yang ditolak.",
               "Proofs that were rejected."),
    ),
    (
        (
            "penutupan",
            f"OPD dengan kurang dari {_SMALL} pegawai: asn ditulis {_FEW_PEOPLE}, lainnya {_HIDDEN}. "
            f"Angka 1 dan 2 ditulis {_FEW}. Bila hanya 1 atau 2 pegawai tidak ikut, ikut ditulis {_HIDDEN}. "
            "Angka yang membuat angka tertutup dapat dihitung kembali ditulis "
            f"{_HIDDEN} juga; karena itu tidak ada baris jumlah.",
            f"Agencies of fewer than {_SMALL} people: asn is {_FEW_PEOPLE}, all else {_HIDDEN}. "
            f"1 and 2 are written {_FEW}. Where only 1 or 2 people did not take part, ikut is {_HIDDEN}. "
            f"Numbers from which a withheld one could be computed are {_HIDDEN} as well; "
            "hence no line of totals.",
        ),
        (
            "sumber",
            "Rekap mingguan yang dibekukan, versi terbaru; angkanya sama persis.",
            "Frozen weekly snapshots, newest version; the figures are the same to the digit.",
        ),
        LICENCE,
    ),
)  # fmt: skip


@cache
def tables() -> dict[str, Table]:
    """All exports by their name on the command line."""
    # Not at import: it asks the catalogue.
    by_platform = tuple(_of_platform(name) for name in opendata.PLATFORMS)
    place = _OPEN.headings.index("bukti_sah")
    opened = replace(_OPEN, columns=(*_OPEN.columns[:place], *by_platform, *_OPEN.columns[place:]))
    return {"shares": SHARES, "people": PEOPLE, "deliveries": DELIVERIES, "open": opened}


def markdown() -> str:
    """The page docs/kamus-data.md."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Kamus data ekspor"
    yield ""
    yield "Arti setiap kolom dalam berkas `python -m bot export …` dan `/ekspor`. Kamus yang sama ada di"
    yield "setiap berkas Excel (lembar Kamus) dan di samping setiap CSV (`….kamus.csv`). CSV: UTF-8, pemisah"
    yield "titik koma, desimal koma. Halaman ini dibuat oleh `python -m bot.reports.dictionary`."
    for name, table in tables().items():
        yield from ("", f"## {table.title} (`{name}`)", "", table.indonesian, f"_{table.english}_", "")
        yield _line(HEADINGS)
        yield _line("---" for _ in HEADINGS)
        for line in table.lines():
            first, *rest = (cell.replace("|", "\\|") for cell in line)
            yield _line((f"`{first}`", *rest))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
