"""Edits: a filter's feature map scaled by hand, 0 to ablate it, and the picture that follows.

A filter is one channel of what the named layer hands on; an edit multiplies that channel, so it
means the same for blocks, gates, units and heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inkwash.errors import BadConfig
from inkwash.inspect.layers import Layer, channels_of, find_layer
from inkwash.inspect.seeing import PaletteInput, paint
from inkwash.inspect.stages import resume, stage_of, trace
from inkwash.nets import SGRU


@dataclass(frozen=True)
class Edit:
    """The feature maps of these filters times `scale`; 0 ablates them."""

    layer: str
    filters: tuple[int, ...]
    scale: float = 0.0


class Workbench:
    """A network and a sketch, run once, to be painted again with edits.

    Only what follows the edited layer runs again, for several edits of a layer at a time.
    """

    def __init__(self, net: SGRU, x: Tensor, palette: PaletteInput | None = None) -> None:
        """x (1, C, H, W); palette None: the RGB head paints."""
        self.net, self.palette = net, palette
        with torch.inference_mode():
            self._kept, self._features = trace(net.trunk, x)

    def before(self) -> Tensor:
        """Colourings (K, 3, h, w) without an edit, in about [-1, 1]."""
        with torch.inference_mode():
            return paint(self.net, self._features, self.palette)[0]

    def after(self, edits: Sequence[Edit]) -> Tensor:
        """Colourings (len(edits), K, 3, h, w), one for each edit; all edits are of one layer.

        Raises BadConfig for a layer or a filter that does not exist.
        """
        layer = find_layer(self.net, edits[0].layer)
        factors = self._factors(layer, edits)
        with torch.inference_mode(), scaling(self.net, layer, factors):
            features = self._run(layer, factors)
            return paint(self.net, features, self.palette)

    def _run(self, layer: Layer, factors: Tensor) -> Tensor:
        count, trunk = len(factors), self.net.trunk
        if layer.kind == "output":
            return self._features.expand(count, -1, -1, -1)
        stage = stage_of(layer, trunk)
        if not layer.block.startswith("skip"):
            return resume(trunk, self._kept, stage, count)
        kept = self._kept.skips[len(trunk.down) + len(trunk.up) - 1 - stage]
        return resume(trunk, self._kept, stage, count, skip=kept * factors)

    def _factors(self, layer: Layer, edits: Sequence[Edit]) -> Tensor:
        """(len(edits), C, 1, 1): 1 but for the edited filters."""
        count = channels_of(layer, self.net)
        factors = torch.ones(len(edits), count, 1, 1)
        for row, edit in enumerate(edits):
            if edit.layer != layer.name:
                raise BadConfig(f"edits of {layer.name} and of {edit.layer}; give those of one")
            _check_filters(edit, count)
            factors[row, list(edit.filters)] = edit.scale
        return factors


def _check_filters(edit: Edit, count: int) -> None:
    if not edit.filters:
        raise BadConfig(f"no filter of {edit.layer} was named; give one or more")
    for place in edit.filters:
        if not 0 <= place < count:
            raise BadConfig(f"filter {place} of {edit.layer} does not exist; give 0 to {count - 1}")


@contextmanager
def scaling(net: SGRU, layer: Layer, factors: Tensor) -> Iterator[None]:
    """Within the block the layer's output is multiplied by factors (N or 1, C, 1, 1)."""

    def hook(_: nn.Module, __: object, made: Tensor | tuple[Tensor, Tensor]):
        if isinstance(made, tuple):  # a down block's output, and its skip
            return made[0] * factors, made[1]
        return made * factors

    handle = layer.module(net).register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()
