"""A trunk in stages that can be taken up in the middle, so that an edit costs only what follows.

Stages are the down blocks, the up blocks, then the head.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from inkwash.inspect.layers import Layer
from inkwash.nets import Trunk


class Trace(NamedTuple):
    """What a run of the trunk left: the input of every stage, and the skips."""

    inputs: list[Tensor]
    skips: list[Tensor]


def trace(trunk: Trunk, x: Tensor) -> tuple[Trace, Tensor]:
    """Run the trunk on (N, C, H, W); also gives its features."""
    inputs = [trunk.unshuffle(x if trunk.white == 1.0 else x * trunk.white)]
    skips = []
    for block in trunk.down:
        out, skip = block(inputs[-1])
        inputs.append(out)
        skips.append(skip)
    for block, skip in zip(trunk.up, reversed(skips), strict=True):
        inputs.append(block(inputs[-1], skip))
    return Trace(inputs, skips), trunk.head(inputs[-1])


def resume(trunk: Trunk, kept: Trace, stage: int, batch: int = 1, skip: Tensor | None = None):
    """Features (batch, F, h, w) of a run that starts at a stage with what a trace of one sketch
    kept.

    skip: what the block at `stage`, an up block, is given in the place of the kept skip.
    """
    downs, last = len(trunk.down), len(trunk.down) + len(trunk.up)
    x = kept.inputs[stage].expand(batch, -1, -1, -1)
    skips = [one.expand(batch, -1, -1, -1) for one in kept.skips]
    for index in range(stage, downs):
        x, skips[index] = trunk.down[index](x)
    for index in range(max(stage, downs), last):
        given = skips[last - 1 - index]
        x = trunk.up[index - downs](x, skip if skip is not None and index == stage else given)
    return trunk.head(x)


def stage_of(layer: Layer, trunk: Trunk) -> int:
    """The first stage that must run again when a layer's output changes.

    A skip gate's is the up block that takes its skip. A head's outputs come after all stages.
    """
    blocks = len(trunk.down) + len(trunk.up)
    if layer.block.startswith("down"):
        return int(layer.block.removeprefix("down")) - 1
    if layer.block.startswith("skip"):
        return blocks - int(layer.block.removeprefix("skip"))
    if layer.block.startswith("up"):
        return len(trunk.down) + int(layer.block.removeprefix("up")) - 1
    return blocks
