"""Indonesian words for posters, captions, chats and names of people: sense matters less than shape."""

from random import Random

_FIRST = (
    "Siti Budi Rina Agus Dewi Eko Fitri Gunawan Hendra Indah Joko Kartika Lestari Muhammad Nur Oktavia "
    "Putri Rahmat Sri Tono Umar Vina Wahyu Yanti Zulkifli Ahmad Bambang Citra Dian Erwin Febri Galih "
    "Hesti Imam"
).split()
_LAST = (
    "Rahayu Santoso Wijaya Pratama Lubis Siregar Hidayat Kurniawan Saputra Nasution Handayani Maulana "
    "Permata Utami Setiawan Harahap Firmansyah Susanti Gunadi Halim Wulandari Ramadhan Anggraini "
    "Syahputra Novita"
).split()
_TOPICS = (
    "imunisasi lengkap posyandu balita gratis sekolah ramah anak jalan provinsi selesai diperbaiki "
    "pasar murah beras stabil harga pangan pelatihan kerja digital layanan KTP keliling desa wisata "
    "sungai Batanghari karet petani muda irigasi bendungan rumah sakit baru puskesmas dokter bidan "
    "vaksin stunting turun angka kemiskinan beasiswa mahasiswa UMKM naik kelas kredit bunga rendah izin "
    "usaha satu hari banjir siaga kebakaran hutan lahan pohon tanam seribu bibit perpustakaan keliling "
    "atlet juara festival budaya batik candi Muaro Jambi pajak kendaraan diskon samsat drive thru "
    "aspirasi warga aplikasi layanan publik cepat transparan gratis"
).split()
_GLUE = "dan untuk di bersama dengan bagi kini sudah akan lebih makin terus semua warga kita mulai".split()
_CHAT = (
    "Assalamualaikum|Selamat pagi semuanya|Siap pak 🙏|Terima kasih infonya|Mantap|Izin share ya bu|"
    "Noted|Besok rapat jam 9 ya|Alhamdulillah|Siapa yang sudah absen?|Baik bu, segera|"
    "Mohon dibantu sebar|Ok|Sudah saya teruskan ke grup RT|Jangan lupa kerja bakti hari Minggu|Hadir|"
    "Wah bagus ini|Sip"
).split("|")
_GROUPS = (
    "Alumni SMAN 1 Jambi 2004|Keluarga Besar|RT 07 Mayang|Arisan Ibu-ibu|Bidang Umum|"
    "Pengajian Al-Ikhlas|Wali Murid 4B|Info Warga|Grup Kantor|Teman Kuliah|Komunitas Sepeda|"
    "PKK Kelurahan"
).split("|")


def name(rng: Random) -> str:
    """A person's name of two words."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def handle(rng: Random) -> str:
    """An account's name as Instagram or X show it."""
    first, last = rng.choice(_FIRST).lower(), rng.choice(_LAST).lower()
    return rng.choice(
        (f"{first}_{last}", f"{first}{rng.randrange(10, 99)}", f"{first}.{last}", f"{last}{first}")
    )


def phrase(rng: Random, least: int, most: int) -> str:
    """So many words of a headline, without a full stop."""
    words = [
        rng.choice(_GLUE) if i % 3 == 2 else rng.choice(_TOPICS) for i in range(rng.randint(least, most))
    ]
    return " ".join(words).capitalize()


def sentences(rng: Random, count: int) -> str:
    """A running text of `count` sentences."""
    return " ".join(phrase(rng, 6, 14) + "." for _ in range(count))


def remark(rng: Random) -> str:
    """What somebody says in a group."""
    return rng.choice(_CHAT).replace(" 🙏", "") if rng.random() < 0.8 else phrase(rng, 3, 9)


def group(rng: Random) -> str:
    """The name of a chat group."""
    return rng.choice(_GROUPS)


def hashtags(rng: Random) -> str:
    """Two to four of them."""
    return " ".join(
        f"#{rng.choice(_TOPICS).capitalize()}{rng.choice(_TOPICS).capitalize()}"
        for _ in range(rng.randint(2, 4))
    )
