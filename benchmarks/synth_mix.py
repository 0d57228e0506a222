"""Training with and without drawn pictures, compared at equal steps.

    python benchmarks/synth_mix.py without=runs/without with=runs/with

Reads `metrics.jsonl` of runs that differ in their `--data` alone, and writes what validation found,
on held-out real pictures of style_score 4-5, to `benchmarks/results/synth_mix.csv`. How the runs
are started stands in docs/synth.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tables import write_rows
from validations import read_validations

RESULTS = Path(__file__).parent / "results" / "synth_mix.csv"


def rows(name: str, run: Path, batch: int = 8) -> Iterator[dict[str, str | int | float]]:
    """One row for each validation of a run: PSNR in dB."""
    for step, figures in read_validations(run).by_step.items():
        yield {"run": name, "step": step, "pictures": step * batch, **figures}


def main() -> None:
    runs = [argument.partition("=") for argument in sys.argv[1:]]
    table = [row for name, _, folder in runs for row in rows(name, Path(folder))]
    if not table:
        sys.exit("no validation found; give runs as NAME=FOLDER")
    write_rows(RESULTS, table)


if __name__ == "__main__":
    main()
