"""The gated network against a plain U-Net that costs as much, at equal pictures, from scratch.

    python benchmarks/unet.py --data PICTURES [--data DRAWN] [--steps N] [--side PIXELS]

Both are small forms of the network of `recipes/default.toml`; the plain one is half as wide again,
which makes up for the gates. All else, and what is measured, is as in optimisers.py. Writes
results/unet.csv.
"""

from __future__ import annotations

from optimisers import HERE, arguments_of, compare

VARIANTS = {
    "gated": [],
    "plain": ["net.gated=false", "net.down=[36,60,96,144]", "net.up=[144,96,72,48]"],
}

if __name__ == "__main__":
    compare(VARIANTS, arguments_of(__doc__, steps=600), HERE / "results" / "unet.csv")
