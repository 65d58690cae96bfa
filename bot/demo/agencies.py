"""The forty-three OPD of the sample province, and how many people each has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """`people` is its size in the full roster; `job` what most of its people are."""

    code: str
    name: str
    people: int
    job: str = "Pelaksana"


AGENCIES = (
    Agency("DISDIK", "Dinas Pendidikan", 4000, "Guru"),
    Agency("RSUD", "RSUD Raden Mattaher", 1470, "Perawat"),
    Agency("PUPR", "Dinas Pekerjaan Umum dan Perumahan Rakyat", 690, "Teknisi Jalan"),
    Agency("DINKES", "Dinas Kesehatan", 640, "Penyuluh Kesehatan"),
    Agency("DISHUT", "Dinas Kehutanan", 560, "Polisi Kehutanan"),
    Agency("RSJD", "RSJD Kolonel H. M. Syukur", 520, "Perawat"),
    Agency("BPKPD", "Badan Pengelolaan Keuangan dan Pendapatan Daerah", 510, "Petugas Samsat"),
    Agency("DTPHP", "Dinas Tanaman Pangan, Hortikultura dan Peternakan", 460, "Penyuluh Pertanian"),
    Agency("DISHUB", "Dinas Perhubungan", 430, "Pengawas Lalu Lintas"),
    Agency("SATPOLPP", "Satuan Polisi Pamong Praja", 420, "Polisi Pamong Praja"),
    Agency("DINSOS", "Dinas Sosial, Kependudukan dan Pencatatan Sipil", 340, "Pekerja Sosial"),
    Agency("DISBUN", "Dinas Perkebunan", 320, "Penyuluh Perkebunan"),
    Agency("DLH", "Dinas Lingkungan Hidup", 290, "Pengawas Lingkungan"),
    Agency("DISNAKER", "Dinas Tenaga Kerja dan Transmigrasi", 280, "Instruktur"),
    Agency("DISLUTKAN", "Dinas Kelautan dan Perikanan", 270, "Penyuluh Perikanan"),
    Agency("DISPERINDAG", "Dinas Perindustrian dan Perdagangan", 260, "Penera"),
    Agency("ESDM", "Dinas Energi dan Sumber Daya Mineral", 230, "Inspektur"),
    Agency("DISKOPUKM", "Dinas Koperasi, Usaha Kecil dan Menengah", 220, "Pendamping UMKM"),
    Agency("DISBUDPAR", "Dinas Kebudayaan dan Pariwisata", 210, "Pamong Budaya"),
    Agency("DP3AP2", "Dinas Pemberdayaan Perempuan dan Perlindungan Anak", 190, "Pendamping"),
    Agency("DISKOMINFO", "Dinas Komunikasi dan Informatika", 185, "Pranata Humas"),
    Agency("DPMD", "Dinas Pemberdayaan Masyarakat dan Desa", 180, "Pendamping Desa"),
    Agency("DISPORA", "Dinas Kepemudaan dan Olahraga", 170),
    Agency("DKP", "Dinas Ketahanan Pangan", 165, "Analis Pangan"),
    Agency("BPBD", "Badan Penanggulangan Bencana Daerah", 160, "Penata Bencana"),
    Agency("INSPEKTORAT", "Inspektorat Daerah", 158, "Auditor"),
    Agency("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", 155, "Perencana"),
    Agency("SETWAN", "Sekretariat DPRD", 150),
    Agency("DPAD", "Dinas Perpustakaan dan Arsip Daerah", 145, "Pustakawan"),
    Agency("BKD", "Badan Kepegawaian Daerah", 140, "Analis SDM"),
    Agency("BPSDM", "Badan Pengembangan Sumber Daya Manusia", 135, "Widyaiswara"),
    Agency("DPMPTSP", "Dinas Penanaman Modal dan PTSP", 130, "Petugas Perizinan"),
    Agency("KESBANGPOL", "Badan Kesatuan Bangsa dan Politik", 120),
    Agency("BIROUMUM", "Biro Umum", 118),
    Agency("BALITBANG", "Badan Penelitian dan Pengembangan", 90, "Peneliti"),
    Agency("BIROADPIM", "Biro Administrasi Pimpinan", 82, "Pranata Humas"),
    Agency("BIROKESRA", "Biro Kesejahteraan Rakyat", 72),
    Agency("BIROHUKUM", "Biro Hukum", 66, "Perancang Peraturan"),
    Agency("BIROPBJ", "Biro Pengadaan Barang dan Jasa", 64, "Pengelola Pengadaan"),
    Agency("BIROPEM", "Biro Pemerintahan dan Otonomi Daerah", 60),
    Agency("BIROORG", "Biro Organisasi", 57),
    Agency("BIROEKON", "Biro Perekonomian", 48),
    Agency("PENGHUBUNG", "Badan Penghubung", 40),
)  # fmt: skip

LEAST = 2  # somebody who writes, and somebody who reads it


def sized(people: int) -> dict[str, int]:
    """How many people each OPD has in a roster of `people`, by code; the sum is exact.

    Raises ValueError where there are too few to fill every OPD.
    """
    if people < LEAST * len(AGENCIES):
        raise ValueError(f"the sample province needs at least {LEAST * len(AGENCIES)} people")
    free = people - LEAST * len(AGENCIES)
    whole = sum(agency.people - LEAST for agency in AGENCIES)
    exact = {agency.code: free * (agency.people - LEAST) / whole for agency in AGENCIES}
    sizes = {code: LEAST + int(share) for code, share in exact.items()}
    rest = people - sum(sizes.values())
    for code in sorted(exact, key=lambda code: exact[code] % 1, reverse=True)[:rest]:
        sizes[code] += 1
    return sizes
