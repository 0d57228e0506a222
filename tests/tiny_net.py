"""A network small enough to run in every test, with random but fixed weights."""

from __future__ import annotations

import torch

from inkwash.config import NetConfig
from inkwash.nets import SGRU, initialise
from inkwash.runtime import TorchRuntime

TINY = NetConfig(
    hints=True, stem=2, down=(6, 8), up=(8, 6), head=8, proposals=9, keys=4, work_size=64
)


def tiny_net(config: NetConfig = TINY, seed: int = 0) -> SGRU:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = SGRU(config)
        initialise(net)
    return net.eval()


def tiny_runtime(config: NetConfig = TINY, seed: int = 0) -> TorchRuntime:
    return TorchRuntime(tiny_net(config, seed))
