"""What changes from step to step: the learning rate, the averaged weights."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from inkwash.train.config import TrainConfig


def rate(config: TrainConfig, step: int) -> float:
    """Linear warm-up, constant, cosine to zero over the last `decay` share of the steps."""
    value = config.learning_rate * min(1.0, (step + 1) / max(1, config.warmup))
    begin = config.steps * (1 - config.decay)
    if step > begin:
        value *= 0.5 * (1 + math.cos(math.pi * (step - begin) / (config.steps - begin)))
    return value


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, decay: float, step: int) -> None:
    """Move the averaged weights a little towards the network's, faster in the first steps."""
    share = min(decay, (1 + step) / (10 + step))
    get_ema_multi_avg_fn(share)(list(average.parameters()), list(net.parameters()), None)
