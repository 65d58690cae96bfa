"""The end of the played week: the summary as the group saw it, compared and kept, and the totals."""

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo import openings
from bot.demo.asking import one, rows
from bot.demo.board import Board, CheckError, expect, number, same
from bot.demo.stage import Stage

# What the pack leaves in the folder: by the MIME type of a report, its name there and its first bytes.
LEFT = {
    "image/png": ("grafik.png", b"\x89PNG"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("rekap.xlsx", b"PK"),
    "application/pdf": ("rekap.pdf", b"%PDF"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The pack as the group got it: the words of the thirty-second message, where the chart can be fetched,
    and the names of the files."""

    text: str
    chart: str
    files: list[str]

    @property
    def headline(self) -> str:
        """The first line of it that holds a figure."""
        return next((line for line in self.text.splitlines() if "%" in line), "").strip()


async def summary(stage: Stage, since: int) -> Summary:
    """The newest summary that the group got after `since`. Raises CheckError when there is none."""
    history = await stage.people.history(stage.group, since)
    words, chart, *files = _pack(history) or [None, None]
    if chart is None or words is None:
        raise CheckError("no pack has arrived in the group")
    return Summary(words["text"], chart["media"]["url"], [file["media"]["name"] for file in files])


def _pack(history: Any) -> list[Any]:
    """The message before the newest chart in a history, which are its words, the chart, and what came after
    it; none where there is no chart."""
    said = [message for message in history["messages"] if message["from"]["bot"]]
    charts = [n for n, message in enumerate(said) if (message["media"] or {}).get("kind") == "photo"]
    return said[charts[-1] - 1 :][:4] if charts and charts[-1] else []


async def agrees(stage: Stage, got: Summary, found: dict[str, Any], week: str) -> None:
    """The frozen snapshot says what plain SQL says, and the message says what the snapshot says."""
    stored = await rows(stage, "SELECT figures FROM digest WHERE week = :week", week=week)
    same("snapshots of the week", len(stored), 1)
    figures = json.loads(stored[0][0])
    for name in ("roster", "active", "shares"):
        same(f"{name} in the snapshot", figures[name], found[name])
    by_opd = {opd["code"]: (opd["roster"], opd["active"]) for opd in figures["opd"]}
    same("figures of each OPD", by_opd, found["by_opd"])
    same("shares by platform", figures["platforms"], found["platforms"])
    share = found["active"] / found["roster"]
    for what, written in (
        ("active people", _indonesian(found["active"])),
        ("roster", _indonesian(found["roster"])),
        ("participation", f"{100 * share:.1f}%".replace(".", ",").replace(",0%", "%")),
    ):
        expect(written in got.text, f"the summary does not name the {what}: {written}")


def _indonesian(value: int) -> str:
    return f"{value:,}".replace(",", ".")


async def keep(stage: Stage, got: Summary) -> list[Path]:
    """Saves chart, workbook and pages for print as they were made, once the group's copy of the chart has
    proved to be a picture and the other two have come; where."""
    async with aiohttp.ClientSession() as http, http.get(f"{stage.simulator.url}{got.chart}") as answer:
        seen = await answer.read()
    expect(seen[:3] == b"\xff\xd8\xff", "what the group got as a chart is no photo")
    same("files of the pack", [name.rpartition(".")[2] for name in got.files], ["xlsx", "pdf"])
    return [await _keep(stage, mime, name, begins) for mime, (name, begins) in LEFT.items()]


async def _keep(stage: Stage, mime: str, name: str, begins: bytes) -> Path:
    key = await one(
        stage,
        "SELECT key FROM media WHERE purpose = 'report' AND mime = :mime ORDER BY id DESC LIMIT 1",
        mime=mime,
    )
    data = await asyncio.to_thread(stage.program.store.get, key)
    expect(data.startswith(begins), f"what was kept as {name} is something else")
    path = stage.folder / name
    await asyncio.to_thread(path.write_bytes, data)
    return path


async def tell(stage: Stage, show: Board, began: float) -> None:
    """Prints the summary and what the week has cost."""
    history = await stage.people.history(stage.group)
    pack = _pack(history)
    show.say()
    show.say(f"— {pack[0]['from']['name']} to the Rabuan group —" if pack else "")
    show.say(pack[0]["text"] if pack else "")
    show.say()
    stats = await stage.people.stats()
    shares = await one(stage, "SELECT count(*) FROM share WHERE status IN ('received', 'accepted')")
    show.say(f"Time      {time.monotonic() - began:.0f} s")
    there = await stage.wa.stats()
    show.say(f"Telegram  {number(stats['sent'])} messages, at most {stats['peak_per_second']}/s; free")
    show.say(f"WhatsApp  {number(there['sent'])} messages, at most {there['peak_per_second']}/s")
    bill = await openings.bill(stage)
    show.say(f"Openers   {bill}")
    show.say(f"Cost      Rp{_indonesian(bill.rupiah)} for the openers of this week")
    show.say(f"Proofs    {number(shares)} stored")
    simulator = memory(stage.simulator.process.pid)
    show.say(f"Memory    {memory()} MB program and crowd, {simulator} MB simulator (peaks)")
    for what, (name, _) in zip(("Chart", "Workbook", "Print"), LEFT.values(), strict=True):
        show.say(f"{what:<10}{stage.folder / name}")
    show.say(f"Database  {stage.folder / 'satu-pesan.db'}")


def memory(process: int | str = "self") -> str:
    """The most memory that a process has held, in MB; "?" where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return "?"
    peak = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0")
    return number(int(peak.split()[1]) / 1024)
