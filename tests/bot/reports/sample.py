"""A week as a snapshot keeps it: 43 agencies of a province, some with very long names."""

import random

from models.weekly import OpdFigures, WeekFigures

NAMES = (
    "Dinas Pendidikan", "Rumah Sakit Umum Daerah Raden Mattaher", "Dinas Kesehatan", "Sekretariat Daerah",
    "Dinas Pekerjaan Umum dan Perumahan Rakyat", "Badan Pengelola Keuangan dan Pendapatan Daerah",
    "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "Dinas Komunikasi dan Informatika", "Satuan Polisi Pamong Praja", "Dinas Kehutanan", "Inspektorat Daerah",
    "Badan Penanggulangan Bencana Daerah", "Dinas Perhubungan", "Dinas Sosial dan Pencatatan Sipil",
    "Badan Kesatuan Bangsa dan Politik", "Dinas Kelautan dan Perikanan", "Badan Kepegawaian Daerah",
    "Dinas Perpustakaan dan Arsip", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
)  # fmt: skip


def opd(number: int, roster: int, share: float) -> OpdFigures:
    active = round(roster * share)
    band = "big" if roster >= 500 else "middle" if roster >= 150 else "small"
    name = NAMES[number] if number < len(NAMES) else f"Dinas Kabupaten {number}"
    return {
        "code": f"{number:02d}",
        "name": name,
        "roster": roster,
        "active": active,
        "participation": round(active / roster, 6) if roster else 0.0,
        "band": band,
    }


def week(*, previous: float | None = 0.47, weeks: int = 12, agencies: int = 43) -> WeekFigures:
    dice = random.Random(48)
    sizes = [3800, 1500, 1200, 900, 750, 640, 520]
    sizes += [dice.randint(150, 480) for _ in range(16)] + [dice.randint(18, 149) for _ in range(20)]
    rows = [
        opd(n, size, min(max(dice.gauss(0.5, 0.16), 0.05), 0.97)) for n, size in enumerate(sizes[:agencies])
    ]
    roster, active = sum(row["roster"] for row in rows), sum(row["active"] for row in rows)
    share = round(active / roster, 6) if roster else 0.0
    trend = [0.18, 0.22, 0.21, 0.27, 0.31, 0.33, 0.36, 0.35, 0.41, 0.44, 0.47, share]
    return {
        "week": "2026-W48",
        "roster": roster,
        "active": active,
        "participation": share,
        "previous": previous,
        "target": 0.5,
        "target_date": "2027-02-25",
        "trend": [
            {"week": f"2026-W{48 - weeks + 1 + n:02d}", "participation": value}
            for n, value in enumerate(trend[12 - weeks :])
        ],
        "opd": sorted(rows, key=lambda row: (-row["participation"], row["name"])),
        "platforms": {
            "whatsapp_story": 4120, "whatsapp_group": 1310, "instagram_feed": 690, "instagram_story": 1530,
            "facebook": 1204, "tiktok": 122, "x": 31, "unknown": 87,
        },
    }  # fmt: skip
