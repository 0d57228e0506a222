"""Measure λ: how large the picture and the features of VGG-19 are on one's own pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from inkwash.data.sample import Samples
from inkwash.data.store import open_data
from inkwash.errors import BadConfig
from inkwash.losses import LAMBDAS
from inkwash.perceptual import Vgg
from inkwash.train.config import TrainConfig
from inkwash.train.feed import to_tensors
from inkwash.train.vgg import open_vgg

PICTURES = 64
BATCH = 4


def measure_lambdas(
    config: TrainConfig, data: Sequence[str | Path], pictures: int = PICTURES
) -> tuple[float, ...]:
    """λ for `loss.lambdas`: inverse to the mean magnitude of each layer over samples of the data.

    They are scaled so that the picture's own λ is the published one, 0.88; there are as many as the
    recipe's VGG-19 file holds layers, and one for the picture. Raises BadConfig for vgg = "none".
    """
    vgg = open_vgg(config.vgg, config.loss.lambdas)
    if vgg is None:
        raise BadConfig('vgg = "none" has no layers to measure; name a VGG-19 file')
    found = open_data(data, config.data, config.sample, config.picture_side, config.seed)
    samples = Samples(found.training, config.sample, config.seed, found.shares)
    sums = torch.zeros(1 + len(vgg.layers))
    for start in range(0, pictures, BATCH):
        positions = range(start, min(start + BATCH, pictures))
        batch = to_tensors([samples[position] for position in positions])
        sums += len(positions) * magnitudes(vgg, batch["truth"].float())
    return tuple((LAMBDAS[0] * sums[0] / sums).tolist())


@torch.no_grad()
def magnitudes(vgg: Vgg, pictures: torch.Tensor) -> torch.Tensor:
    """Mean of |φ_l| over pictures (N, 3, H, W), 0…255, for the picture and each layer."""
    return torch.stack([x.abs().mean() for x in (pictures, *vgg(pictures))])


def as_toml(lambdas: Sequence[float]) -> str:
    """The line for a recipe's [loss]."""
    return f"lambdas = [{', '.join(f'{value:.4g}' for value in lambdas)}]"
