"""Heads and losses that see every pixel, or one of some, at equal pictures.

    python benchmarks/thinning.py --data PICTURES [--data DRAWN] [--steps N] [--side PIXELS]

What is compared and measured is as in optimisers.py. Writes results/thinning.csv.
"""

from __future__ import annotations

from optimisers import HERE, arguments_of, compare

RATE = "learning_rate=2.4e-3"
VARIANTS = {f"one in {every * every}": [RATE, f"loss.every={every}"] for every in (1, 2, 3)}

if __name__ == "__main__":
    compare(VARIANTS, arguments_of(__doc__, steps=480), HERE / "results" / "thinning.csv")
