"""Sweeps: which filters decide the colour of a region.

The colour of a region is the mean sRGB of its paper in one proposal. A filter's effect is what its
ablation does to that colour. `sweep` measures it, for all filters of a layer. `screen` estimates it
to first order, for all filters of the trunk in one run and three backward passes: the change of the
colour is about -Σ a · ∂colour/∂a over a filter's feature map a.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from inkwash.colour import delta_e2000, lab_from_srgb
from inkwash.errors import BadData
from inkwash.inspect.edits import Edit, Workbench
from inkwash.inspect.layers import Layer, channels_of, find_layer, layers
from inkwash.inspect.seeing import PaletteInput, Seen, paint
from inkwash.nets import SGRU

BATCH = 4  # edits that run together
Figures = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A region of one proposal, whose colour is asked for."""

    weight: Tensor  # (H, W), how much each pixel of the network's input counts; it sums to 1
    proposal: int  # from 0

    def colour(self, pictures: Tensor) -> Tensor:
        """Its colour (N, 3), sRGB 0…1, in colourings (N, K, 3, h, w)."""
        one = ((pictures[:, self.proposal] + 1) / 2).clamp(0, 1)
        scale = self.weight.shape[0] // one.shape[-2]
        weight = functional.avg_pool2d(self.weight[None, None], scale)[0, 0] * scale**2
        return (one * weight).sum((-1, -2))


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What the ablation of a filter does to a region's colour."""

    layer: Layer
    filter: int
    delta_e: float  # ΔE2000 between the colour before and after
    lab: tuple[float, float, float]  # of the colour after, minus before


def spot(seen: Seen, inside: NDArray[np.bool_] | None, proposal: int) -> Spot:
    """The paper inside a mask (H, W) of the sketch's size; None: of the whole page.

    Raises BadData where there is none at the working size.
    """
    mask = torch.ones(seen.size.height, seen.size.width)
    if inside is not None:
        whole = torch.from_numpy(inside.astype(np.float32))[None, None]
        mask = functional.interpolate(whole, mask.shape, mode="area")[0, 0]
    weight = torch.zeros(seen.x.shape[-2:])
    rows, columns = mask.shape
    weight[:rows, :columns] = mask * seen.x[0, 0, :rows, :columns].clamp(0, 1)
    if float(weight.sum()) < 1:
        raise BadData(
            f"the region holds no paper at the working size of {seen.size}; "
            "paint a larger one, or give a larger --work-size"
        )
    return Spot(weight=weight / weight.sum(), proposal=proposal)


def sweep(
    bench: Workbench,
    name: str,
    where: Spot,
    *,
    filters: Sequence[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Effect]:
    """Ablate the filters of a layer one by one; their effects, the largest first.

    filters: only these. progress: called with how many were done. Raises BadConfig for a layer that
    does not exist.
    """
    layer = find_layer(bench.net, name)
    chosen = list(range(channels_of(layer, bench.net))) if filters is None else list(filters)
    before = where.colour(bench.before()[None]).numpy()  # (1, 3)
    effects = []
    for start in range(0, len(chosen), BATCH):
        part = chosen[start : start + BATCH]
        after = where.colour(bench.after([Edit(name, (place,)) for place in part])).numpy()
        effects += _effects(layer, part, before, after)
        if progress:
            progress(len(part))
    return ranked(effects)


def screen(net: SGRU, seen: Seen, where: Spot, palette: PaletteInput | None = None) -> list[Effect]:
    """Estimated effects of all filters of the trunk's units and gates, the largest first.

    Blocks only join these, and each of a head's own filters is for one proposal.
    """
    shown = [layer for layer in layers(net) if layer.kind in ("unit", "gate")]
    made: dict[str, Tensor] = {}
    with _holding(net, shown, made):
        pictures = paint(net, net.trunk(seen.x), palette)
    colour = where.colour(pictures)[0]
    shifts = _first_order(colour, [made[layer.name] for layer in shown])
    before = colour.detach().numpy()[None]
    effects = []
    for layer, shift in zip(shown, shifts, strict=True):
        effects += _effects(layer, range(len(shift)), before, np.clip(before + shift, 0, 1))
    return ranked(effects)


def ranked(effects: Sequence[Effect]) -> list[Effect]:
    """The largest effect first."""
    return sorted(effects, key=lambda effect: -effect.delta_e)


def _effects(
    layer: Layer, filters: Sequence[int], before: Figures, after: Figures
) -> Iterator[Effect]:
    was, now = lab_from_srgb(before), lab_from_srgb(after)
    apart, moved = delta_e2000(was, now), now - was
    for row, place in enumerate(filters):
        light, a, b = moved[row].tolist()
        yield Effect(layer=layer, filter=place, delta_e=float(apart[row]), lab=(light, a, b))


def _first_order(colour: Tensor, maps: Sequence[Tensor]) -> list[Figures]:
    """-Σ a · ∂colour/∂a of each channel of each layer's maps (1, C, h, w): (C, 3) for each."""
    shifts = [np.zeros((one.shape[1], 3), np.float32) for one in maps]
    for part in range(3):
        slopes = torch.autograd.grad(colour[part], maps, retain_graph=part < 2, allow_unused=True)
        for shift, one, slope in zip(shifts, maps, slopes, strict=True):
            if slope is not None:
                shift[:, part] = -(one * slope).sum((0, 2, 3)).detach().numpy()
    return shifts


@contextmanager
def _holding(net: SGRU, shown: Sequence[Layer], made: dict[str, Tensor]) -> Iterator[None]:
    """Within the block, a run puts the outputs of these layers, with their graph, into `made`."""
    handles = []
    for layer in shown:

        def hook(_: nn.Module, __: object, output: Tensor | tuple[Tensor, ...], name=layer.name):
            made[name] = output[0] if isinstance(output, tuple) else output

        handles.append(layer.module(net).register_forward_hook(hook))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
