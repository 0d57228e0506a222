"""Activations: what every layer of a network makes of a sketch, and figures about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inkwash.geometry import Size
from inkwash.inspect.layers import Layer, find_layer, layers
from inkwash.nets import SGRU

Maps = NDArray[np.float32]
"""Feature maps (C, h, w)."""

DEAD = 0.01  # a channel is dead if it varies less than this share of the layer's deviation
CLOSED, OPEN = 0.1, 0.9  # openings under and over which a gate counts as shut, as open


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Figures of one layer; arrays have a value for each channel, (C,)."""

    minimum: NDArray[np.floating]
    maximum: NDArray[np.floating]
    mean: NDArray[np.floating]
    deviation: NDArray[np.floating]
    dead: NDArray[np.bool_]

    @property
    def dead_share(self) -> float:
        """Share of channels that are the same all over the picture."""
        return float(self.dead.mean())


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a swish gate did: its output is `inputs · opening`."""

    inputs: Maps
    opening: Maps  # 0 stops, 1 passes

    @property
    def stopped(self) -> Maps:
        """What of the input does not go on."""
        return self.inputs * (1 - self.opening)

    @property
    def passed_share(self) -> float:
        """Share of the input's magnitude that goes on."""
        magnitude = np.abs(self.inputs)
        return float((magnitude * self.opening).sum() / max(magnitude.sum(), 1e-12))

    @property
    def closed_share(self) -> float:
        """Share of the places, over all channels, where hardly anything passes."""
        return float((self.opening < CLOSED).mean())

    @property
    def open_share(self) -> float:
        """Share of the places where nearly all passes."""
        return float((self.opening > OPEN).mean())


@dataclass(frozen=True, kw_only=True)
class Activation:
    """The output of one layer for one sketch, without padding."""

    layer: Layer
    values: Maps
    gate: Gate | None = None

    @property
    def statistics(self) -> Statistics:
        """Minimum, maximum, mean and deviation of every channel, and which are dead."""
        return statistics(self.values)


def activations(
    net: SGRU, x: Tensor, names: Sequence[str] = (), *, size: Size | None = None
) -> list[Activation]:
    """Run a network on one input (C, H, W) or (1, C, H, W) and keep what its layers hand on.

    names: layers, see `layers`; none: all blocks, gates and outputs. size: height and width of the
    sketch without its padding, which is then cut off. Raises BadConfig for an unknown layer.
    """
    chosen = [find_layer(net, name) for name in names] or overview(net)
    x = x if x.ndim == 4 else x[None]
    seen: dict[str, Maps] = {}
    with _recording(net, chosen, seen), torch.inference_mode():
        _run(net, x)
    height, width = (size.height, size.width) if size else x.shape[-2:]
    kept = {key: _cropped(maps, x.shape[-2], height, width) for key, maps in seen.items()}
    return [_activation(layer, kept) for layer in chosen]


def overview(net: SGRU) -> list[Layer]:
    """The layers that are looked at first: blocks, gates and outputs."""
    return [layer for layer in layers(net) if layer.kind in ("block", "gate", "output")]


def statistics(values: Maps) -> Statistics:
    """Figures of feature maps (C, h, w)."""
    flat = values.reshape(len(values), -1).astype(np.float64)
    deviation = flat.std(axis=1)
    return Statistics(
        minimum=flat.min(axis=1),
        maximum=flat.max(axis=1),
        mean=flat.mean(axis=1),
        deviation=deviation,
        dead=deviation <= DEAD * flat.std(),
    )


def _run(net: SGRU, x: Tensor) -> None:
    """Trunk and both heads; the palette head as far as it goes without a palette."""
    features = net.trunk(x)
    net.rgb(features)
    if net.palette is not None:
        net.palette.queries(features)
        net.palette.shade(features)


@contextmanager
def _recording(net: SGRU, chosen: Sequence[Layer], seen: dict[str, Maps]) -> Iterator[None]:
    """Within the block, every run puts the layers' outputs, and gates' workings, into `seen`."""
    handles = []

    def keep(module: nn.Module, key: str, inputs: bool = False) -> None:
        def hook(_: nn.Module, given: tuple[Tensor, ...], made: Tensor | tuple[Tensor, ...]):
            value = given[0] if inputs else made[0] if isinstance(made, tuple) else made
            seen[key] = value[0].float().cpu().numpy()

        handles.append(module.register_forward_hook(hook))

    for layer in chosen:
        module = layer.module(net)
        keep(module, layer.name)
        if layer.kind == "gate":
            keep(module, f"{layer.name}<", inputs=True)
            keep(module.get_submodule("norm"), f"{layer.name}?")
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _activation(layer: Layer, seen: dict[str, Maps]) -> Activation:
    gate = None
    if layer.kind == "gate":
        opening = (1 / (1 + np.exp(-seen[f"{layer.name}?"]))).astype(np.float32)
        gate = Gate(inputs=seen[f"{layer.name}<"], opening=opening)
    return Activation(layer=layer, values=seen[layer.name], gate=gate)


def _cropped(maps: Maps, full: int, height: int, width: int) -> Maps:
    """Without what lies beyond the sketch; a map of a network's input is `full` pixels high."""
    scale = full // maps.shape[-2]
    return maps[:, : -(-height // scale), : -(-width // scale)]
