"""Quality against training pictures, over runs that continue each other.

    python benchmarks/training_curve.py 8x128=runs/first 8x128=runs/second 12x128=runs/third
    python benchmarks/training_curve.py --add 16x192=runs/sixth 16x256@2121=runs/seventh

Each argument is BATCHxSIDE=FOLDER, in the order in which they were trained; BATCHxSIDE@STEP for a
run that took up the checkpoint of that step. `--add` goes on from the table there is. Reads
`metrics.jsonl` and writes what validation found, in dB at the side of the crops on held-out
pictures of style_score 4-5, to `benchmarks/results/training_curve.csv`; then prints what a line
through the ends of the runs, over the logarithm of the pictures, says about the targets. Validation
at another side is another measure: the line takes the runs of the last side alone, where there are
two.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from tables import write_rows
from validations import read_validations

RESULTS = Path(__file__).parent / "results" / "training_curve.csv"
TARGETS = {"rgb_best": 18.0, "palette_best": 21.0, "palette_mean": 18.0}
Row = dict[str, int | float]


def read_run(argument: str, before: int) -> tuple[list[Row], int]:
    """A row for each validation of a run that began after `before` pictures, and where it ended."""
    form, _, folder = argument.partition("=")
    form, _, first = form.partition("@")
    batch, side = map(int, form.split("x"))
    found = read_validations(Path(folder))
    before -= batch * int(first or 0)
    rows: list[Row] = [
        {"pictures": before + step * batch, "side": side, **figures}
        for step, figures in found.by_step.items()
    ]
    return rows, before + batch * found.steps


def table_so_far() -> list[Row]:
    with RESULTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    whole = ("pictures", "side")
    return [{key: (int if key in whole else float)(row[key]) for key in row} for row in rows]


def predict(ends: list[Row], figure: str) -> tuple[float, float]:
    """dB a doubling of the pictures, and the pictures at which the target would be met."""
    pictures = np.log2([row["pictures"] for row in ends])
    slope, level = np.polyfit(pictures, [row[figure] for row in ends], 1)
    return slope, 2 ** ((TARGETS[figure] - level) / slope) if slope > 0 else np.inf


def main() -> None:
    arguments = sys.argv[1:]
    table: list[Row] = table_so_far() if "--add" in arguments else []
    ends = table[-1:]
    before = int(table[-1]["pictures"]) if table else 0
    for argument in (each for each in arguments if each != "--add"):
        rows, before = read_run(argument, before)
        table += rows
        ends += rows[-1:]
    if not table:
        sys.exit(__doc__)
    write_rows(RESULTS, table)
    alike = [row for row in ends if row["side"] == ends[-1]["side"]]
    for figure in TARGETS if len(alike) > 1 else ():
        slope, needed = predict(alike, figure)
        told = f"{TARGETS[figure]:g} dB at {needed:.2g} pictures"
        sys.stdout.write(f"{figure}: {slope:.2f} dB a doubling; {told}\n")


if __name__ == "__main__":
    main()
