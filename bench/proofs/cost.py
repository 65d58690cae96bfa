"""What one picture costs: milliseconds of one core, and memory."""

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from bench import ground
from bench.proofs.parts import Shelf, scene_of
from bench.screenshots import carriers, sets
from bench.screenshots.films import Film
from bot.vision import copies, fingerprints, framing, pixels, showing


def show(seed: str) -> None:
    """Milliseconds of one core, the best of several runs; memory of a process of its own."""
    lot = next(sets.lots(seed, [0]))
    shelf = Shelf()
    models = shelf.references(lot.item)
    rivals = [one for other in lot.others.values() for one in shelf.references(other)]
    shelf.close()
    sent = next(
        shot.data for shot in lot.honest if max(Image.open(BytesIO(shot.data)).size) == carriers.TELEGRAM_SIDE
    )
    camera = BytesIO()
    carriers.opened(sent).resize((3000, 4000)).save(camera, "JPEG", quality=95)
    scene = scene_of(sent)
    nothing = np.ascontiguousarray(np.roll(scene[::-1, ::-1].T, 97, 0))
    placing = showing.shown(models, scene).placing
    film = Film(Random(seed), "Dinas")
    film.file()
    acts = {
        "decode, 576 × 1,280": lambda: pixels.decoded(sent, showing.SCENE_SIDE),
        "decode, 12 megapixels": lambda: pixels.decoded(camera.getvalue(), showing.SCENE_SIDE),
        "shows the item": lambda: showing.shown(models, scene),
        f"the same, and {len(rivals)} pictures of other items": lambda: showing.told(models, rivals, scene),
        "shows nothing of it": lambda: showing.told(models, rivals, nothing),
        "fingerprint": lambda: fingerprints.fingerprint(scene, placing, (512, 640)),
        "same upload, same shape": lambda: copies.compared(scene, scene, search=False),
        "same upload, to align": lambda: copies.compared(scene, np.ascontiguousarray(scene[60:])),
        "reference (once an item)": lambda: showing.reference(sent),
        f"film of {film.seconds:.0f} s (once an item)": lambda: framing.frames(film.file()),
    }
    rows = [[name, 1000 * min(_timed(act) for _ in range(9))] for name, act in acts.items()]
    ground.report("Cost of one picture on one core", ["act", "CPU ms"], rows)
    run = subprocess.run(
        [sys.executable, "-m", "bench.proofs", "--memory"], capture_output=True, text=True, check=True
    )
    print(run.stdout)


def _timed(act: object) -> float:
    began = time.process_time()
    act()  # type: ignore[operator]
    return time.process_time() - began


def show_memory() -> None:
    """The most that one large picture takes above a process that has only imported things."""
    if not Path("/proc/self/clear_refs").exists():
        print("  memory is only measured on Linux")
        return
    noise = np.random.default_rng(1).integers(0, 255, (600, 400), np.uint8)
    files = {}
    for name, size in {"JPEG, 12 MP": (3000, 4000), "PNG, 15 MP": (3000, 5000)}.items():
        file = BytesIO()
        Image.fromarray(noise).resize(size).convert("RGB").save(file, name.split(",")[0])
        files[name] = file.getvalue()
    model = showing.reference(files["JPEG, 12 MP"])
    assert model is not None
    for name, data in files.items():
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _memory("VmRSS")
        showing.shows([model], data)
        print(f"  {name}: {(_memory('VmHWM') - before) / 1024:.0f} MB above {before / 1024:.0f} MB")


def _memory(name: str) -> int:
    """A line of the kernel's account of this process, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
