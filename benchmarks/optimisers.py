"""Muon against AdamW at equal pictures: a small network of `recipes/default.toml`, from scratch.

    python benchmarks/optimisers.py --data PICTURES [--data DRAWN] [--steps N] [--side PIXELS]

Every variant begins with the same weights and sees the same samples in the same order; they are
made once. Measured with the averaged weights on held-out pictures of style_score 4-5: PSNR in dB
of the best and of the mean proposal, by head; besides, as mean of the last quarter of the steps,
the palette head's loss, or the RGB head's where that learns alone. Writes results/optimisers.csv.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tables import write_rows

from inkwash.data.sample import Samples
from inkwash.data.store import open_data
from inkwash.train import validate
from inkwash.train.config import TrainConfig, load_recipe
from inkwash.train.devices import open_fabric
from inkwash.train.feed import Batch, to_tensors
from inkwash.train.run import set_up
from inkwash.train.schedule import follow, rate

HERE = Path(__file__).parent
RECIPE = HERE.parent / "recipes" / "default.toml"
SMALL = [
    "vgg=none",
    "warmup=20",
    "decay=0.5",
    "ema=0.98",
    "validation_pictures=64",
    "net.down=[24,40,64,96]",
    "net.up=[96,64,48,32]",
    "net.head=32",
    "sample.weights=[0.2,0.4,1.8,1.0,3.0]",
]
VARIANTS = {
    f"{optimiser}, rate {rate:g}": [f"optimiser={optimiser}", f"learning_rate={rate}"]
    for optimiser, rates in (("adamw", (8e-4, 2.4e-3)), ("muon", (8e-4, 2.4e-3)))
    for rate in rates
}
Row = dict[str, str | int | float]


def arguments_of(description: str | None, steps: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--steps", type=int, default=steps, help="of 8 pictures")
    parser.add_argument("--side", type=int, default=128, help="of a sample, pixels")
    return parser.parse_args()


def compare(variants: Mapping[str, Sequence[str]], wanted: argparse.Namespace, out: Path) -> None:
    """Train each variant, a list of --set, and write a row of figures for each."""
    torch.set_num_threads(1)
    given = [*SMALL, f"steps={wanted.steps}", f"sample.size={wanted.side}"]
    batches, held_out = samples_for(load_recipe(RECIPE, given), wanted.data)
    rows: list[Row] = []
    for name, overrides in variants.items():
        config = load_recipe(RECIPE, [*given, *overrides])
        rows.append({"variant": name, "pictures": config.steps * config.batch, "side": wanted.side})
        rows[-1] |= figures_of(config, batches, held_out)
        print(rows[-1], flush=True)
    write_rows(out, rows)


def samples_for(config: TrainConfig, data: Sequence[str]) -> tuple[list[Batch], list[Batch]]:
    """The batches of all steps, and the held-out ones."""
    pictures = open_data(data, config.data, config.sample, 2 * config.sample.size)
    samples = Samples(pictures.training, config.sample, config.seed, pictures.shares)
    places = range(config.steps * config.batch)
    made = [
        to_tensors([samples[place] for place in places[step : step + config.batch]])
        for step in places[:: config.batch]
    ]
    quiet = replace(config.sample, augment=False, colours=(6, 6))
    held_out = Samples(pictures.held_out, quiet, config.seed)
    return made, validate.validation_batches(held_out, config.validation_pictures, config.batch)


def figures_of(config: TrainConfig, batches: list[Batch], held_out: list[Batch]) -> Row:
    torch.manual_seed(config.seed)
    run = set_up(config, open_fabric(config), HERE, resume=False)
    begin, losses = time.process_time(), []
    for step, batch in enumerate(batches):
        loss, parts = run.objective(batch)
        run.fabric.backward(loss)
        run.fabric.clip_gradients(run.objective, run.optimiser, max_norm=config.clip)
        for group in run.optimiser.param_groups:
            group["lr"] = rate(config, step)
        run.optimiser.step()
        run.optimiser.zero_grad()
        follow(run.average, run.net, config.ema, step)
        losses.append(parts.get("palette", parts["rgb"]).item())
    seconds = round(time.process_time() - begin)
    last = losses[-max(1, len(losses) // 4) :]
    found = validate.measure(run.average, held_out)
    figures = {name: round(value, 2) for name, value in found.items() if "entropy" not in name}
    weights = sum(part.numel() for part in run.net.parameters())
    loss = round(sum(last) / len(last), 3)
    return {"parameters": weights, "loss": loss, **figures, "cpu_s": seconds}


if __name__ == "__main__":
    compare(VARIANTS, arguments_of(__doc__, steps=240), HERE / "results" / "optimisers.csv")
