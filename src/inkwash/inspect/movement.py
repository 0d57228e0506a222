"""Movement: which filters of a network changed, by how much and which way.

A filter is everything that makes one channel: its kernel, and the gain and shift of its norm or its
bias. Rows are filters; figures are relative to the filter's own size before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inkwash.config import NetConfig
from inkwash.inspect.layers import Layer, convolution, filter_meaning, layers
from inkwash.nets import SGRU

Rows = NDArray[np.float32]
"""(filters, numbers)."""

Figures = NDArray[np.floating]
"""(filters,)."""

Row = dict[str, Any]
"""One filter in a table: column → plain value."""

_TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class LayerChange:
    """The filters of one layer before a change, what was added, and the first gradient."""

    layer: Layer
    before: Rows
    change: Rows
    gradient: Rows

    @property
    def relative(self) -> Figures:
        """Norm of the change over the norm of the filter."""
        return _norm(self.change) / (_norm(self.before) + _TINY)

    @property
    def growth(self) -> Figures:
        """The part of it that lies along the filter: 0.1 grew by a tenth, -0.1 shrank."""
        return (self.before * self.change).sum(1) / (np.square(self.before).sum(1) + _TINY)

    @property
    def turned(self) -> Figures:
        """The angle between the filter before and after, in degrees."""
        return np.degrees(np.arccos(_cosine(self.before, self.before + self.change)))

    @property
    def downhill(self) -> Figures:
        """Cosine of the change and the first step downhill: 1 kept going the same way."""
        return _cosine(self.change, -self.gradient)

    @property
    def gradient_norm(self) -> Figures:
        """Norm of the first gradient."""
        return _norm(self.gradient)


def filter_rows(layer: Layer, net: SGRU, gradients: bool = False) -> Rows:
    """All numbers of each filter of a layer, or their gradients: (filters, numbers)."""
    module = layer.module(net)
    inner, norm = convolution(module), getattr(module, "norm", None)
    kernel = _read(inner.weight, gradients)
    parts = [kernel.transpose(0, 1) if isinstance(inner, nn.ConvTranspose2d) else kernel]
    parts += [_read(norm.weight, gradients), _read(norm.bias, gradients)] if norm else []
    parts += [_read(inner.bias, gradients)] if inner.bias is not None else []
    return np.concatenate([part.reshape(len(part), -1).numpy() for part in parts], axis=1)


def movement(
    before: SGRU, after: SGRU, gradients: dict[str, Rows] | None = None
) -> list[LayerChange]:
    """What changed between two networks of one shape, layer by layer.

    gradients: of the first step, by the layer's name; without them `downhill` is 0.
    """
    found = []
    for layer in layers(before):
        if not layer.has_filters:
            continue
        rows = filter_rows(layer, before)
        change = filter_rows(layer, after) - rows
        gradient = gradients[layer.name] if gradients else np.zeros_like(rows)
        found.append(LayerChange(layer=layer, before=rows, change=change, gradient=gradient))
    return found


def block_shares(net: SGRU, squares: dict[str, float]) -> dict[str, float]:
    """Sums by block, in order, of a figure for each parameter, as shares of the whole."""
    totals = dict.fromkeys([layer.block for layer in layers(net)], 0.0)
    for name, value in squares.items():
        totals[block_of(net, name)] += value
    whole = sum(totals.values()) or 1.0
    return {block: total / whole for block, total in totals.items()}


def block_of(net: SGRU, parameter: str) -> str:
    """The block of a parameter by its name in the network."""
    inside = [layer for layer in layers(net) if parameter.startswith(f"{layer.path}.")]
    if not inside:  # norms of the key encoder, the sharpness of the palette head
        return parameter.partition(".")[0]
    return max(inside, key=lambda layer: len(layer.path)).block


def table(changes: Sequence[LayerChange], config: NetConfig) -> list[Row]:
    """A row for each filter, those that moved most first."""
    rows: list[Row] = []
    for change in changes:
        figures = {
            "relative_change": change.relative,
            "growth": change.growth,
            "turned_degrees": change.turned,
            "downhill": change.downhill,
            "gradient_norm": change.gradient_norm,
        }
        for place in range(len(change.before)):
            row = {key: float(values[place]) for key, values in figures.items()}
            rows.append(name_filter(change.layer, place, config) | row)
    return sorted(rows, key=lambda row: -row["relative_change"])


def name_filter(layer: Layer, place: int, config: NetConfig) -> Row:
    """The columns that say which filter a row is of."""
    return {
        "layer": layer.name,
        "block": layer.block,
        "filter": place,
        "meaning": filter_meaning(layer, place, config),
    }


def _read(parameter: Tensor, gradients: bool) -> Tensor:
    if not gradients:
        return parameter.detach().float()
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def _norm(rows: Rows) -> Figures:
    return np.linalg.norm(rows.astype(np.float64), axis=1)


def _cosine(ours: Rows, theirs: Rows) -> Figures:
    product = (ours.astype(np.float64) * theirs).sum(1)
    return np.clip(product / (_norm(ours) * _norm(theirs) + _TINY), -1, 1)
