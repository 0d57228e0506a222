"""Minimum per image against minimum per region, at equal steps on a small budget.

    python benchmarks/minimum.py --data DIR --vgg FILE --out DIR

Every variant sees the same pictures in the same order with the same first weights. Writes
results/minimum.csv beside this file; the sheets to judge by are in OUT/NAME/sheets.
"""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from tables import write_rows

from inkwash.config import NetConfig
from inkwash.data.sample import SampleConfig, Samples
from inkwash.data.store import open_data
from inkwash.nets import SGRU
from inkwash.train import checkpoint, validate
from inkwash.train.config import LossConfig, TrainConfig
from inkwash.train.loop import train

RESULTS = Path(__file__).parent / "results" / "minimum.csv"
REGIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "image": ("colours", {"minimum": "image"}),
    "region, colours": ("colours", {"minimum": "region"}),
    "region, connected": ("connected", {"minimum": "region"}),
    "region, connected, half image": ("connected", {"minimum": "region", "image_share": 0.5}),
    "region, colours, nine tenths image": ("colours", {"minimum": "region", "image_share": 0.9}),
}


def recipe(name: str, vgg: str, steps: int) -> TrainConfig:
    """A small network at 64 pixels; the variants differ in nothing but the minimum."""
    regions, loss = REGIONS[name]
    return TrainConfig(
        net=NetConfig(stem=2, down=(16, 32, 48), up=(48, 32, 16), head=24, work_size=64),
        sample=SampleConfig(
            size=64,
            regions=regions,  # type: ignore[arg-type]
            weights=(0.2, 0.4, 2.5, 1.0, 3.0),
        ),
        loss=LossConfig(perceptual="winner", min_weight=0.95, **loss),
        vgg=vgg, steps=steps, batch=16, optimiser="adamw", learning_rate=2e-3, clip=1.0,
        warmup=20, decay=0.4, ema=0.98, workers=0, picture_side=128, validation_pictures=64,
        validate_every=steps, sheet_every=steps, export=False,
    )  # fmt: skip


@torch.no_grad()
def measure(config: TrainConfig, run: Path, data: list[str]) -> dict[str, float]:
    """dB, head entropy, and how far colours spread within a proposal and between proposals."""
    net = SGRU(config.net)
    net.load_state_dict(checkpoint.load(checkpoint.newest(run))["average"])
    found = open_data(data, config.data, config.sample, config.picture_side)
    quiet = replace(config.sample, augment=False, colours=(6, 6))
    batches = validate.validation_batches(Samples(found.held_out, quiet, 0), 64, 8)
    figures = validate.measure(net, batches)
    pictures = torch.cat([validate.colourings(net, batch)["rgb"] for batch in batches])
    pictures = (pictures + 1) * 127.5  # (N, 9, 3, H, W)
    truth = torch.cat([batch["truth"].float() for batch in batches])
    figures["spread_within"] = pictures.flatten(3).std(3).mean().item()
    figures["spread_between"] = pictures.mean((3, 4)).std(1).mean().item()
    figures["spread_truth"] = truth.flatten(2).std(2).mean().item()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--vgg", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=160)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    rows = []
    for name in REGIONS:
        config = recipe(name, arguments.vgg, arguments.steps)
        run = train(config, arguments.data, arguments.out / name.replace(", ", "-"))
        figures = measure(config, run, arguments.data)
        logging.info("%s: %s", name, json.dumps(figures))
        pictures = config.steps * config.batch
        rows.append({"minimum": name, "pictures": pictures, **_rounded(figures)})
    write_rows(RESULTS, rows)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    main()
