"""Training with and without drawn pictures, compared at equal steps.

    python benchmarks/synth_mix.py without=runs/without with=runs/with

Reads `metrics.jsonl` of runs that differ in their `--data` alone, and writes what validation found,
on held-out real pictures of style_score 4-5, to `benchmarks/results/synth_mix.csv`. How the runs
are started stands in docs/synth.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tables import write_rows

RESULTS = Path(__file__).parent / "results" / "synth_mix.csv"
FIGURES = ("rgb_best", "rgb_mean", "palette_best", "palette_mean")


def rows(name: str, run: Path, batch: int = 8) -> Iterator[dict[str, str | int | float]]:
    """One row for each validation of a run: PSNR in dB."""
    for line in (run / "metrics.jsonl").read_text().splitlines():
        found = json.loads(line)
        if "validation_rgb_best" in found:
            figures = {key: round(found[f"validation_{key}"], 2) for key in FIGURES}
            step = found["step"]
            yield {"run": name, "step": step, "pictures": step * batch, **figures}


def main() -> None:
    runs = [argument.partition("=") for argument in sys.argv[1:]]
    table = [row for name, _, folder in runs for row in rows(name, Path(folder))]
    if not table:
        sys.exit("no validation found; give runs as NAME=FOLDER")
    write_rows(RESULTS, table)


if __name__ == "__main__":
    main()
