"""Speed and memory of painting: `python benchmarks/paint.py` writes benchmarks/results/paint.csv.

Every command runs in a process of its own, so that what is measured is what a user waits for. The
last column is the time over that of a matrix product in the same run: machines are noisy, the
ratio is less so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from tables import write_rows

HERE = Path(__file__).parent
RESULT = HERE / "results" / "paint.csv"
SMALL = HERE.parent / "examples" / "schoolgirl.png"  # 1024×1448
LARGE_SIDE = 4096  # of the 24-megapixel page: 4096×5792

NINE = """
import time, numpy as np
from inkwash.painter import Painter, PaintRequest
from inkwash.sketch import read
painter = Painter.load()
sketch = read({path!r})
request = PaintRequest()
painter.propose(painter.study(sketch, request), request)
times = []
for _ in range(5):
    begin = time.perf_counter()
    painter.propose(painter.study(sketch, request), request)
    times.append(time.perf_counter() - begin)
print(min(times))
"""

HEAD = """
import time
from inkwash.painter import Painter, PaintRequest
from inkwash.sketch import read
painter = Painter.load()
request = PaintRequest()
studied = painter.study(read({path!r}), request)
painter.propose(studied, request)
times = []
for seed in range(5):
    begin = time.perf_counter()
    painter.propose(studied, PaintRequest(seed=seed))
    times.append(time.perf_counter() - begin)
print(min(times))
"""

PAINT = """
import time
from inkwash.painter import Painter
from inkwash.document import render
begin = time.perf_counter()
painting = Painter.load().paint({path!r})
pictures = [render(painting, index) for index in range(9)]
print(time.perf_counter() - begin)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.png"
        write_large(large)
        rows = [measure(name, command) for name, command in commands(folder, large).items()]
    reference = matrix_product()
    table = [
        {
            "what": name,
            "seconds": f"{seconds:.3f}",
            "peak_mb": round(peak),
            "over_4096_matrix_product": f"{seconds / reference:.2f}",
        }
        for name, seconds, peak in rows
    ]
    write_rows(RESULT, table)
    print(RESULT.read_text(), file=sys.stderr)


def commands(folder: str, large: Path) -> dict[str, list[str]]:
    inkwash = [sys.executable, "-m", "inkwash"]
    python = [sys.executable, "-c"]
    out = ["--out", folder, "--force"]
    return {
        "inkwash --help": [*inkwash, "--help"],
        "nine proposals, network alone": [*python, NINE.format(path=str(SMALL))],
        "nine other palettes, head alone": [*python, HEAD.format(path=str(SMALL))],
        "paint 1024x1448 to nine PNG and a sheet, cold": [*inkwash, "paint", str(SMALL), *out],
        "paint 1024x1448 without writing": [*python, PAINT.format(path=str(SMALL))],
        "paint 24 megapixels, one PNG": [*inkwash, "paint", str(large), *out, "--pick", "1"],
        "paint 24 megapixels to nine PNG and a sheet": [*inkwash, "paint", str(large), *out],
    }


def measure(name: str, command: list[str]) -> tuple[str, float, float]:
    """Seconds (those a script prints, else of the whole process) and peak memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    text = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{name}: failed with status {status}")
    if "-c" in command:
        seconds = float(text)
    return name, seconds, usage.ru_maxrss / 1024


def write_large(path: Path) -> None:
    """The example at 24 megapixels."""
    small = cv2.imread(str(SMALL), cv2.IMREAD_GRAYSCALE)
    size = (LARGE_SIDE, round(LARGE_SIDE * small.shape[0] / small.shape[1]))
    cv2.imwrite(str(path), cv2.resize(small, size, interpolation=cv2.INTER_CUBIC))


def matrix_product() -> float:
    """Seconds of a 4096×4096 product in single precision, the best of three."""
    a = np.random.default_rng(0).random((4096, 4096), np.float32)
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - begin)
    return min(times)


if __name__ == "__main__":
    main()
