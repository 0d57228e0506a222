"""Speed and memory of regions and layers: `python benchmarks/layers.py`.

Writes benchmarks/results/layers.csv. Every row is measured in a process of its own, on the example
sketch at 4 megapixels (1680×2376) or 24 (4096×5792), the proposals made beforehand: what is timed
is what comes after the network. `cpu_seconds` are those of all threads, and the last column is
these over the processor time of a matrix product right after it: on a machine that others use too,
`seconds` are too many, and these two are nearly right.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tables import write_rows

HERE = Path(__file__).parent
RESULT = HERE / "results" / "layers.csv"
SKETCH = HERE.parent / "examples" / "schoolgirl.png"
COLUMNS = ["seconds", "cpu_seconds", "peak_mb", "cpu_over_4096_matrix_product"]
SIDES = {"4 megapixels": 1680, "24 megapixels": 4096}

SETUP = """
import io, resource, time
import cv2, numpy as np
from inkwash.document import compose, render, render_box
from inkwash.export import write_ora, write_psd
from inkwash.painter import Painter, PaintRequest
from inkwash.regions import segment
from inkwash.recolour import repaint
from inkwash.settle import settle
from inkwash.sketch import Sketch

small = cv2.imread({sketch!r}, cv2.IMREAD_GRAYSCALE)
size = ({side}, round({side} * small.shape[0] / small.shape[1]))
sketch = Sketch(ink=cv2.resize(small, size, interpolation=cv2.INTER_CUBIC))
painter = Painter.load()
proposals = painter.propose(painter.study(sketch, PaintRequest()), PaintRequest())
del painter

def painted(style):
    return settle(proposals, segment(sketch.lines), sketch, style=style)

def again(painting, label):
    changed = repaint(painting, label, (200, 120, 60), index=0)
    return render_box(changed, 0, painting.regions.box(label))

def written(write, painting, layers):
    file = io.BytesIO()
    write(compose(painting, layers=layers), file)
    return len(file.getvalue())
"""

MEASURE = """
seconds, busy = [], []
for _ in range({times}):
    begin, busy_before = time.perf_counter(), time.process_time()
    {timed}
    seconds.append(time.perf_counter() - begin)
    busy.append(time.process_time() - busy_before)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
a = np.random.default_rng(0).random((4096, 4096), np.float32)
products = []
for _ in range(2):
    begin = time.process_time()
    a @ a
    products.append(time.process_time() - begin)
print(min(seconds), min(busy), peak, min(products))
"""

ONE = "segment, settle and compose one proposal, {style}"
PAINTED = "painting = painted('{style}'); render(painting, 0)"
TASKS = {  # name → what is made first, what is timed
    ONE: ("", "render(painted('{style}'), 0)"),
    "nine proposals as PSD, {style}": (PAINTED, "written(write_psd, painting, 'colour')"),
    "nine proposals as ORA, {style}": (PAINTED, "written(write_ora, painting, 'colour')"),
    "nine proposals as ORA, single layers, {style}": (
        PAINTED,
        "written(write_ora, painting, 'single')",
    ),
    "repaint a region (hair) and draw its box, {style}": (PAINTED, "again(painting, 2)"),
    "repaint the background and draw its box, {style}": (PAINTED, "again(painting, 0)"),
}


def measure(side: int, style: str, first: str, timed: str, times: int) -> tuple[float, ...]:
    """Seconds, processor seconds, peak memory in MB, processor seconds of the matrix product."""
    setup = SETUP.format(sketch=str(SKETCH), side=side) + first.format(style=style)
    script = setup + MEASURE.format(times=times, timed=timed.format(style=style))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return tuple(float(part) for part in done.stdout.split())


def as_text(seconds: float, busy: float, peak: float, product: float) -> list[str]:
    return [f"{seconds:.3f}", f"{busy:.3f}", f"{peak:.0f}", f"{busy / product:.3f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=3, help="the best of so many is written")
    options = parser.parse_args()
    rows = []
    for size, side in SIDES.items():
        for style in ("flat", "shaded"):
            for name, (first, timed) in TASKS.items():
                figures = measure(side, style, first, timed, options.times)
                row = {"what": name.format(style=style), "size": size}
                rows.append(row | dict(zip(COLUMNS, as_text(*figures), strict=True)))
                print(*rows[-1].values(), sep="\t", flush=True)
    write_rows(RESULT, rows)


if __name__ == "__main__":
    main()
