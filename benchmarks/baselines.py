"""The network against others at equal pictures, from scratch, with the same samples.

    python benchmarks/baselines.py --data PICTURES [--data DRAWN] [--steps N] [--side PIXELS]

Two comparisons. A small form of `recipes/default.toml`, gated, against a plain U-Net that costs as
much: half as wide again, which makes up for the gates. And the RGB head alone, with AdamW: that
small form, the embedded network's own widths, and the published network whole, at full resolution
without a stem. What is measured is as in optimisers.py, except that where no palette head learns
there are no figures of it. Writes results/baselines.csv.
"""

from __future__ import annotations

from optimisers import HERE, arguments_of, compare

ALONE = ["loss.palette=0", "net.keys=0", "net.roles=[]", "sample.roles=[]", "optimiser=adamw"]
UNHINTED = ["net.hints=false", "loss.hint=0"]
WIDE = ["net.down=[32,64,96,144,192]", "net.up=[192,160,128,96,64]", "net.head=48"]
PAPER = [
    "net.stem=1",
    "sample.stem=1",
    "net.down=[96,192,288,384,480]",
    "net.up=[512,480,384,288,192]",
    "net.head=96",
]
VARIANTS = {
    "gated": [],
    "plain": ["net.gated=false", "net.down=[36,60,96,144]", "net.up=[144,96,72,48]"],
    "gated, RGB alone": [*ALONE, *UNHINTED],
    "embedded widths, RGB alone": [*ALONE, *UNHINTED, *WIDE],
    "published, RGB alone": [*ALONE, *UNHINTED, *PAPER],
}

if __name__ == "__main__":
    compare(VARIANTS, arguments_of(__doc__, steps=600), HERE / "results" / "baselines.csv")
