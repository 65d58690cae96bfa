"""The end of the played week: the summary as the group saw it, compared and kept, and the totals."""

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo.board import Board, expect, number, same
from bot.demo.checks import one, rows
from bot.demo.stage import Stage

CHART = "grafik.png"


@dataclass(frozen=True, slots=True)
class Summary:
    """The message in the group; `chart` is where its picture can be fetched, "" when it has none."""

    text: str
    chart: str

    @property
    def headline(self) -> str:
        """The first line of it that holds a figure."""
        return next((line for line in self.text.splitlines() if "%" in line), "").strip()


async def summary(stage: Stage, since: int) -> Summary:
    """The newest summary that the group got after `since`. Raises CheckError when there is none."""
    history = await stage.people.history(stage.group, since)
    found = [message for message in history["messages"] if message["from"]["bot"] and message["media"]]
    expect(found, "no summary with a chart has arrived in the group")
    return Summary(found[-1]["text"], found[-1]["media"]["url"])


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


async def keep_chart(stage: Stage, got: Summary) -> Path:
    """Saves the chart as it was drawn, once the group's copy of it has proved to be a picture."""
    async with aiohttp.ClientSession() as http, http.get(f"{stage.simulator.url}{got.chart}") as answer:
        seen = await answer.read()
    expect(seen[:3] == b"\xff\xd8\xff", "what the group got as a chart is no photo")
    key = await one(
        stage,
        "SELECT key FROM media WHERE purpose = 'report' AND mime = 'image/png' ORDER BY id DESC LIMIT 1",
    )
    path = stage.folder / CHART
    await asyncio.to_thread(lambda: path.write_bytes(stage.program.store.get(key)))
    return path


async def tell(stage: Stage, show: Board, began: float) -> None:
    """Prints the summary and what the week has cost."""
    history = await stage.people.history(stage.group)
    summaries = [message for message in history["messages"] if message["from"]["bot"] and message["media"]]
    show.say()
    show.say(f"— {history['messages'][-1]['from']['name']} to the Rabuan group —" if summaries else "")
    show.say(summaries[-1]["text"] if summaries else "")
    show.say()
    stats = await stage.people.stats()
    shares = await one(stage, "SELECT count(*) FROM share WHERE status IN ('received', 'accepted')")
    show.say(f"Time      {time.monotonic() - began:.0f} s")
    show.say(f"Messages  {number(stats['sent'])} sent, at most {stats['peak_per_second']}/s")
    show.say(f"Proofs    {number(shares)} stored")
    simulator = memory(stage.simulator.process.pid)
    show.say(f"Memory    {memory()} MB program and crowd, {simulator} MB simulator (peaks)")
    show.say(f"Chart     {stage.folder / CHART}")
    show.say(f"Database  {stage.folder / 'satu-pesan.db'}")


def memory(process: int | str = "self") -> str:
    """The most memory that a process has held, in MB; "?" where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return "?"
    peak = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0")
    return number(int(peak.split()[1]) / 1024)
