"""A week as a snapshot keeps it: 43 agencies of a province, some with very long names."""

import random
from datetime import date, timedelta
from typing import Any

from models.figures import figures, forecasts
from models.figures.snapshots import Digest
from models.figures.weekly import Cohort, OpdFigures, TrendPoint, WeekFigures
from models.programme import weeks
from models.programme.programme import Programme

NAMES = (
    "Dinas Pendidikan", "Rumah Sakit Umum Daerah Raden Mattaher", "Dinas Kesehatan", "Sekretariat Daerah",
    "Dinas Pekerjaan Umum dan Perumahan Rakyat", "Badan Pengelola Keuangan dan Pendapatan Daerah",
    "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "Dinas Komunikasi dan Informatika", "Satuan Polisi Pamong Praja", "Dinas Kehutanan", "Inspektorat Daerah",
    "Badan Penanggulangan Bencana Daerah", "Dinas Perhubungan", "Dinas Sosial dan Pencatatan Sipil",
    "Badan Kesatuan Bangsa dan Politik", "Dinas Kelautan dan Perikanan", "Badan Kepegawaian Daerah",
    "Dinas Perpustakaan dan Arsip", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "Dinas Lingkungan Hidup", "Dinas Energi dan Sumber Daya Mineral", "Dinas Perkebunan",
    "Dinas Ketahanan Pangan",
    "Dinas Tanaman Pangan, Hortikultura dan Peternakan", "Dinas Pariwisata dan Kebudayaan",
    "Dinas Kepemudaan dan Olahraga", "Dinas Tenaga Kerja dan Transmigrasi",
    "Dinas Perindustrian dan Perdagangan",
    "Dinas Koperasi, Usaha Kecil dan Menengah", "Dinas Pemberdayaan Masyarakat dan Desa", "Sekretariat DPRD",
    "Badan Perencanaan Pembangunan Daerah", "Badan Penelitian dan Pengembangan Daerah",
    "Badan Pengembangan Sumber Daya Manusia", "Badan Penghubung Daerah", "Biro Umum", "Biro Hukum",
    "Biro Organisasi", "Biro Perekonomian dan Sumber Daya Alam", "Biro Kesejahteraan dan Kemasyarakatan",
    "Biro Pengadaan Barang dan Jasa", "Biro Administrasi Pimpinan", "Rumah Sakit Jiwa Daerah",
)  # fmt: skip


PROGRAMME = Programme()


def opd(number: int, roster: int, share: float) -> OpdFigures:
    active = round(roster * share)
    name = NAMES[number] if number < len(NAMES) else f"Dinas Kabupaten {number}"
    return {
        "code": f"{number:02d}",
        "name": name,
        "roster": roster,
        "joined": round(roster * (0.5 + share / 2)),
        "active": active,
        "participation": figures.share(active, roster),
        "previous": None if number % 11 == 7 else round(max(share - 0.03 + number % 5 / 100, 0), 6),
        "shares": round(active * 1.3),
        "band": figures.band(roster),
        "own_item": number % 6 != 4,
        "ready": number % 4 != 2,
    }


PLATFORMS = {
    "whatsapp_story": 4120, "whatsapp_group": 1310, "instagram_feed": 690, "instagram_story": 1530,
    "facebook": 1204, "tiktok": 122, "x": 31, "unknown": 87,
}  # fmt: skip
PROOFS = {
    "received": 214,
    "accepted": 8880,
    "rejected": 97,
    "appealed": 6,
    "claimed": 402,
    "withdrawn": 31,
}


def week(
    *, previous: float | None = 0.47, length: int = 12, agencies: int = 43, name: str = "2026-W48"
) -> WeekFigures:
    """The figures of a week; `length` is the length of its trend."""
    dice = random.Random(48)
    sizes = [3800, 1500, 1200, 900, 750, 640, 520]
    sizes += [dice.randint(150, 480) for _ in range(16)] + [dice.randint(18, 149) for _ in range(20)]
    sizes += [dice.randint(5, 400) for _ in range(agencies - len(sizes))]
    rows = [
        opd(n, size, min(max(dice.gauss(0.5, 0.16), 0.05), 0.97)) for n, size in enumerate(sizes[:agencies])
    ]
    rows.sort(key=lambda row: (-row["participation"], row["name"]))
    roster, active = sum(row["roster"] for row in rows), sum(row["active"] for row in rows)
    share = figures.share(active, roster)
    shares = [0.18, 0.22, 0.21, 0.27, 0.31, 0.33, 0.36, 0.35, 0.41, 0.44, 0.47, share][12 - length :]
    trend = _trend(name, shares)
    found: WeekFigures = {
        "week": name,
        "roster": roster,
        "joined": sum(row["joined"] for row in rows),
        "active": active,
        "participation": share,
        "previous": previous,
        "target": 0.5,
        "target_date": "2027-02-25",
        "trend": trend,
        "opd": rows,
        "platforms": dict(PLATFORMS),
        "proofs": dict(PROOFS),
        "quality": figures.quality(PROOFS),
        "shares": sum(PLATFORMS.values()),
        "reach": figures.reach(PLATFORMS, PROGRAMME.views),
        "cohorts": {"new": 611, "stopped": 284, "months": _months(active)},
        "goal": forecasts.goal(trend, date(2027, 2, 25), PROGRAMME),
        "received": round(roster * 0.71),
        "not_received": 93,
        "released": True,
        "without_item": [row["name"] for row in rows if not row["own_item"]],
        "ready": sum(row["ready"] for row in rows),
        "agencies": len(rows),
    }
    whole: Any = {**found, **_coming(name, rows)}
    return whole  # type: ignore[no-any-return]


def demo(agencies: int = 43) -> WeekFigures:
    """A week that could be: the seventh of a programme that began with 2026-W48."""
    return week(name="2027-W01", length=7, agencies=agencies)


def tied() -> WeekFigures:
    """A week in which two of four small OPD are equal: Biro Hukum and Inspektorat Daerah are second."""
    found: Any = demo()
    shares = {"Sekretariat DPRD": 0.6, "Inspektorat Daerah": 0.55, "Biro Hukum": 0.55, "Biro Umum": 0.4}
    small = [opd(NAMES.index(name), 100, share) for name, share in shares.items()]
    found["opd"] = sorted(small, key=lambda one: (-one["participation"], one["name"]))
    return found  # type: ignore[no-any-return]


def digest(snapshot: WeekFigures, *, version: int = 1, changes: dict[str, Any] | None = None) -> Digest:
    """Figures as a snapshot of the moment at which their week closed."""
    closed = weeks.closing(snapshot["week"], PROGRAMME)
    kept: Any = snapshot
    return Digest(week=snapshot["week"], version=version, figures=kept, changes=changes or {}, at=closed)


def _trend(name: str, shares: list[float]) -> list[TrendPoint]:
    first = 1 - len(shares)
    return [
        {"week": weeks.shift(name, first + number), "participation": share}
        for number, share in enumerate(shares)
    ]


def _months(active: int) -> list[Cohort]:
    parts = (("", 0.05), ("2026-10", 0.1), ("2026-11", 0.55), ("2026-12", 0.3))
    return [
        {"month": month, "people": round(active * part / 0.62), "active": round(active * part)}
        for month, part in parts
    ]


def _coming(name: str, rows: list[OpdFigures]) -> Any:
    """What the meeting has to look after."""
    day = weeks.wednesday(name)
    texts = (
        ("Setiap OPD menunjuk pengganti perencana mingguan yang sedang cuti", "Kepala Bappeda"),
        ("Diskominfo mendampingi lima OPD dengan partisipasi terendah, satu per satu, sampai tim PPID-nya "
         "dapat menyusun sendiri konten untuk tiga minggu ke depan", "Dinas Komunikasi dan Informatika"),
        ("Pelatihan video singkat dengan ponsel", "BKD"),
    )  # fmt: skip
    return {
        "coming_week": weeks.shift(name, 1),
        "lacking": sorted(row["name"] for row in rows if not row["ready"]),
        "small_teams": [row["name"] for row in rows[:4]],
        "waiting_review": 7,
        "urgent": [
            {"id": 88, "title": "Klarifikasi kabar bohong beras plastik", "received": 9120, "active": 801}
        ],
        "decisions": [
            {
                "id": number,
                "text": text,
                "who": who,
                "due": (day + timedelta(days=7 * number - 7)).isoformat(),
                "state": "done" if number == 3 else "open",
                "late": number == 1,
            }
            for number, (text, who) in enumerate(texts, start=1)
        ],
    }
