"""At which size the network should see a sketch: figures on held-out pictures by working size.

    python benchmarks/work_size.py --data DIR [--weights NAME] [--most N]

The same measures as `inkwash evaluate`, at its size of measurement, whatever the network saw.
Writes results/work_size.csv: PSNR in dB of the best and of the mean of nine as the network proposes
them and as they are exported, share of the area within ΔE76 10 of the truth, and CPU seconds of one
run of the trunk.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tables import write_rows

from inkwash.evaluate.cases import Case, choose_entries, read_case
from inkwash.evaluate.rows import measure
from inkwash.evaluate.ways import colour, seen_by
from inkwash.painter import Painter, PaintRequest

RESULTS = Path(__file__).parent / "results" / "work_size.csv"
SIZES = (128, 192, 256, 320, 384)
FIGURES = ("psnr_best", "psnr_mean", "flats_best", "flats_mean")

Row = dict[str, str | int | float]


def rows(painter: Painter, cases: Sequence[Case], size: int) -> Iterator[Row]:
    """A row for each way and form at a working size."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    request = PaintRequest(work_size=size)
    for case in cases:
        for outcome in colour(painter, case, request=request):
            figures = measure(outcome, case, "", ()).figures
            found.setdefault((outcome.way, outcome.form), []).append(figures)
    seconds = trunk_seconds(painter, cases[0], request)
    for (way, form), each in found.items():
        means = {
            name: round(float(np.mean([figures[name] for figures in each])), 3)
            for name in FIGURES
            if name in each[0]
        }
        row: Row = {"size": size, "way": way, "form": form, "pictures": len(each)}
        yield row | {name: means.get(name, "") for name in FIGURES} | {"trunk_s": seconds}


def trunk_seconds(painter: Painter, case: Case, request: PaintRequest) -> float:
    """CPU seconds of one run of the trunk, the least of three."""
    return round(min(_timed(painter, case, request) for _ in range(3)), 3)


def _timed(painter: Painter, case: Case, request: PaintRequest) -> float:
    start = time.process_time()
    painter.study(case.sketch, request)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--weights", default="default")
    parser.add_argument("--most", type=int, default=0, help="pictures; 0 for all")
    arguments = parser.parse_args()
    painter = Painter.load(arguments.weights)
    entries = choose_entries(arguments.data, most=arguments.most)
    cases = [seen_by(painter, read_case(entry)) for entry in entries]
    table: list[Row] = []
    for size in SIZES:
        table.extend(rows(painter, cases, size))
        print(*table[-6:], sep="\n", flush=True)
    write_rows(RESULTS, table)


if __name__ == "__main__":
    main()
