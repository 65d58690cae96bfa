"""The paper: two pages, whatever the week was like, and everything on them legible."""

import re
from typing import Any

import pytest

from bot.reports import meanings, page, paper
from bot.reports.drawing import GOOD, INK, LOW, MUTED, RULE, TRACK
from bot.texts import rendering
from models.figures import figures as counted
from models.figures.snapshots import Digest
from models.figures.weekly import WeekFigures
from models.programme.programme import Programme
from tests.bot.reports import sample
from tests.bot.reports.test_poster import streams

WIB = Programme().zone
POINTS = 72 / 25.4
ESCAPES = {b"r": b"\r", b"n": b"\n"}
COLOURS = {INK, MUTED, GOOD, LOW, TRACK, RULE, "#ffffff", "#f4f4f4"}


def made(figures: WeekFigures) -> bytes:
    return paper.pages(sample.digest(figures), WIB)


def contents(pdf: bytes) -> list[bytes]:
    """What is drawn on each page, in order."""
    return [stream for stream in streams(pdf) if b" Tj" in stream]


def texts(pdf: bytes) -> list[list[str]]:
    """The lines of each page, read by the fonts' own tables."""
    tables = [
        {int(code, 16): chr(int(char, 16)) for code, char in re.findall(rb"<(\w{4})> <(\w{4})>", stream)}
        for stream in streams(pdf)
        if b"beginbfchar" in stream
    ]
    found: list[list[str]] = []
    for content in contents(pdf):
        font, lines = 0, []
        for match in re.finditer(rb"/F(\d) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", content, re.DOTALL):
            if match[1]:
                font = int(match[1]) - 1
                continue
            codes = re.sub(rb"\\(.)", lambda one: ESCAPES.get(one[1], one[1]), match[2], flags=re.DOTALL)
            lines.append(
                "".join(tables[font][codes[n] * 256 + codes[n + 1]] for n in range(0, len(codes), 2))
            )
        found.append(lines)
    return found


def percent(share: float) -> str:
    return rendering.label("chart.percent", {"share": share})


def crowded() -> WeekFigures:
    figures: Any = sample.demo()
    figures["decisions"] = [
        {"id": n, "text": f"Keputusan {n} " + "panjang sekali " * 40, "who": "Kepala " * 20,
         "due": "2027-01-20", "state": "open", "late": n % 2 == 0}
        for n in range(1, 30)
    ]  # fmt: skip
    for opd in figures["opd"]:
        opd["name"] = "Dinas $x^2$ 🚀 部门 " + opd["name"] * 4
    figures["lacking"] = figures["small_teams"] = [opd["name"] for opd in figures["opd"]]
    figures["goal"]["falling"] = True
    return figures  # type: ignore[no-any-return]


def empty() -> WeekFigures:
    figures: Any = sample.week(agencies=0, previous=None, length=1)
    figures |= {"platforms": {}, "decisions": [], "lacking": [], "small_teams": [], "waiting_review": 0}
    return figures  # type: ignore[no-any-return]


def old() -> WeekFigures:
    figures: Any = sample.week()
    for name in ("goal", "cohorts", "reach", "quality", "decisions", "urgent", "joined", "small_teams"):
        del figures[name]
    for opd in figures["opd"]:
        for name in ("joined", "shares", "previous", "ready", "own_item"):
            del opd[name]
    return figures  # type: ignore[no-any-return]


WEEKS = {
    "43": sample.demo(),
    "5": sample.demo(5),
    "1": sample.demo(1),
    "600": sample.demo(600),
    "crowded": crowded(),
    "empty": empty(),
    "old": old(),
}


@pytest.mark.parametrize("figures", WEEKS.values(), ids=WEEKS)
def test_the_paper_has_two_pages_of_a4_and_nothing_leaves_them(figures: WeekFigures) -> None:
    pdf = made(figures)
    assert pdf.count(b"/Type /Page\n") == 2
    assert pdf.count(b"/MediaBox [0 0 595.28 841.89]") >= 1
    for content in contents(pdf):
        places = [(float(x), float(y)) for x, y in re.findall(rb"([\d.-]+) ([\d.-]+) Td", content)]
        assert places
        assert all(page.MARGIN * POINTS - 4 <= x <= (page.WIDTH - page.MARGIN) * POINTS for x, _ in places)
        assert all(6 * POINTS <= y <= (page.HEIGHT - 3) * POINTS for _, y in places)


def test_the_first_page_says_that_there_was_nothing_to_share() -> None:
    figures = sample.demo()
    sentence = rendering.label("paper.no_release", {})
    assert sentence not in " ".join(texts(made(figures))[0])
    figures["released"] = False
    assert sentence in " ".join(texts(made(figures))[0])


def test_the_first_page_says_how_it_stands_and_what_is_to_be_decided() -> None:
    figures = sample.demo()
    first = texts(made(figures))[0]
    for line in (
        percent(figures["participation"]),
        "6.951 dari 16.030 ASN",
        "Rekap minggu 6 – 13 Januari 2027",
        "versi 1, dibekukan Rabu, 13 Januari 2027, 07.30 WIB",
        "Turun 3,6 poin dari minggu lalu",
        "Target 50% pada 25 Februari 2027",
        f"Menurut jalur ke target, seharusnya {percent(figures['goal']['path'])}",
        "7 konten menunggu diperiksa",
        "4 tim PPID kurang dari tiga orang",
        "1 keputusan lewat tenggat",
    ):
        assert line in first
    decided = " ".join(first)
    assert "Perkiraan pada tanggal target: 53,4% sampai 67,8%" in decided
    assert "Lewat tenggat 6 Januari 2027, Kepala Bappeda" in decided
    assert "Pelatihan video" not in decided  # done


@pytest.mark.parametrize("agencies", [5, 43])
def test_the_second_page_has_every_opd_with_its_figures(agencies: int) -> None:
    figures = sample.demo(agencies)
    second = texts(made(figures))[1]
    ranks = counted.ranks(figures["opd"])
    for opd in figures["opd"]:
        shown = [
            number
            for number, line in enumerate(second)
            if (line.endswith("…") and opd["name"].startswith(line[:-1])) or line == opd["name"]
        ]
        wanted = [percent(opd["participation"]), f"{ranks[opd['code']].rank}"]
        rows = [second[number - 1 : number + 7] for number in shown]
        assert any(all(part in row for part in wanted) for row in rows), opd["name"]


def test_opd_that_are_equal_share_a_rank_under_a_heading_that_says_so() -> None:
    second = texts(made(sample.tied()))[1]
    assert "Peringkat" in second
    wanted = (("Sekretariat DPRD", "1"), ("Biro Hukum", "2"), ("Inspektorat Daerah", "2"), ("Biro Umum", "4"))
    for name, rank in wanted:
        assert second[second.index(name) - 1] == rank
    assert "partisipasi yang sama mendapat peringkat yang sama," in " ".join(second)


def test_bands_proofs_platforms_and_the_estimate_are_told_apart() -> None:
    second = texts(made(sample.demo()))[1]
    for line in (
        "OPD besar: 3 dari 7 mencapai target",
        "OPD kecil: 9 dari 20 mencapai target",
        "Status WhatsApp",
        "4.120",
        "Bukti diterima",
        "8.880",
        "32 dari 43 OPD siap",
        "Perkiraan dilihat 435.310 kali",
    ):
        assert line in second
    said = " ".join(second)
    for figure in ("active", "participation", "band", "reach", "forecast"):
        assert meanings.sentence(figure) in said


def test_many_opd_are_shown_by_their_first_and_last_and_said_to_be_more() -> None:
    figures = sample.demo(600)
    second = texts(made(figures))[1]
    rows = sum(line in {"siap", "belum"} for line in second)
    left = [int(re.sub(r"\D", "", line)) for line in second if line.startswith("… ")]
    assert rows + sum(left) == 600
    for band in ("big", "middle", "small"):
        of = [opd for opd in figures["opd"] if opd["band"] == band]
        assert percent(of[0]["participation"]) in second
        assert percent(of[-1]["participation"]) in second


def test_what_does_not_fit_is_counted() -> None:
    first, second = texts(made(crowded()))
    more = next(line for line in first if "keputusan lain" in line)
    shown = sum(bool(re.match(r"Keputusan \d+ panjang", line)) for line in first)
    assert shown >= 4
    assert more.startswith(f"dan {29 - shown} keputusan lain")
    assert sum("enggat 20 Januari 2027, K" in line for line in first) == shown
    assert "Partisipasi sedang turun. Mohon dibahas sebabnya." in " ".join(first)
    assert re.search(r"dan \d+ lainnya", " ".join(second))


def test_nothing_to_decide_is_said() -> None:
    first = texts(made(empty()))[0]
    assert "Tidak ada yang menunggu keputusan." in first
    assert "Tidak ada keputusan yang masih berjalan." in first


def test_only_colours_that_stay_apart_in_grey_are_used() -> None:
    used = set()
    for content in contents(made(sample.demo())):
        for red, green, blue in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b", content):
            used.add("#" + "".join(f"{round(float(part) * 255):02x}" for part in (red, green, blue)))
    assert {GOOD, LOW} <= used <= COLOURS


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    digest: Digest = sample.digest(sample.demo())
    assert paper.pages(digest, WIB) == paper.pages(digest, WIB)
    assert paper.pages(digest, WIB) != paper.pages(sample.digest(sample.demo(), version=2), WIB)
