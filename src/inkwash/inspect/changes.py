"""Changes: teach a copy of a network one correction by plain gradient descent, and watch.

Plain descent, not Adam: its steps are the gradient, so what moves far is what the correction asks
for; Adam would move every weight by about the same.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.colour import delta_e2000, lab_from_srgb
from inkwash.errors import BadConfig, BadData
from inkwash.inspect.corrections import Correction
from inkwash.inspect.layers import layers
from inkwash.inspect.lesson import errors, loss_of, weight_of
from inkwash.inspect.movement import LayerChange, Rows, block_shares, filter_rows, movement
from inkwash.inspect.seeing import PaletteInput, as_pixels, paint
from inkwash.losses import Features
from inkwash.nets import SGRU

Pixels = NDArray[np.uint8]
Progress = Callable[[int, float], None]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a correction did to a network."""

    correction: Correction
    losses: tuple[float, ...]  # before each step, and after the last
    gradient_share: dict[str, float]  # of the squared norm of the first gradient, by block
    weight_share: dict[str, float]  # of the number of weights, by block
    movement: list[LayerChange]
    proposal: int  # the one that was nearest to the corrected picture, from 0
    before: Pixels  # (h, w, 3), that proposal
    after: Pixels
    net: SGRU  # as it is after the last step

    @property
    def moved(self) -> NDArray[np.floating]:
        """ΔE2000 of each pixel between before and after, (h, w)."""
        return delta_e(self.before, self.after)

    @property
    def spread(self) -> dict[str, float]:
        """Mean ΔE2000 on paper: how far the region and the rest moved, and how far the region was
        and is from the corrected picture."""
        paper, region = self.correction.seen.lines >= 128, self.correction.inside > 0.5
        inside, outside = paper & region, paper & ~region
        corrected = self.correction.colours

        def mean(values: NDArray[np.floating], where: NDArray[np.bool_]) -> float:
            return float(values[where].mean()) if where.any() else 0.0

        return {
            "moved_inside": mean(self.moved, inside),
            "moved_outside": mean(self.moved, outside),
            "off_before": mean(delta_e(self.before, corrected), inside),
            "off_after": mean(delta_e(self.after, corrected), inside),
        }


def changes(
    net: SGRU,
    correction: Correction,
    *,
    steps: int,
    lr: float,
    palette: PaletteInput | None = None,
    vgg: Features | None = None,
    progress: Progress | None = None,
) -> Changes:
    """Take `steps` steps of `lr` times the gradient towards a corrected picture, on a copy.

    palette: the palette head places it; None: the RGB head. progress: called with the steps done
    and the loss. Raises BadConfig for steps or a rate out of range, or one so high that the loss is
    no number any more, BadData for a region without paper.
    """
    _check(steps, lr, correction)
    taught = copy.deepcopy(net).requires_grad_(True)
    with torch.no_grad():
        nearest = int(errors(net, correction, palette, vgg).argmin())
    log = _learn(
        taught,
        lambda: loss_of(errors(taught, correction, palette, vgg), palette),
        steps, lr, progress,
    )  # fmt: skip
    return Changes(
        correction=correction,
        losses=tuple(log.losses),
        gradient_share=block_shares(net, log.squares),
        weight_share=block_shares(net, {name: float(p.numel()) for name, p in _named(net)}),
        movement=movement(net, taught, log.gradients),
        proposal=nearest,
        before=picture(net, correction, palette, nearest),
        after=picture(taught, correction, palette, nearest),
        net=taught.requires_grad_(False),
    )


def picture(
    net: SGRU, correction: Correction, palette: PaletteInput | None, proposal: int
) -> Pixels:
    """One proposal for a correction's sketch, (h, w, 3), at its working size."""
    seen = correction.seen
    with torch.inference_mode():
        pictures = paint(net, net.trunk(seen.x), palette)[0, proposal]
        pictures = torch.nn.functional.interpolate(
            pictures[None], seen.x.shape[-2:], mode="bilinear"
        )[0]
    return as_pixels(pictures, seen.size, seen.x.shape[-2])


def delta_e(ours: Pixels, theirs: Pixels) -> NDArray[np.floating]:
    """ΔE2000 of two pictures (h, w, 3) at each pixel."""
    return delta_e2000(lab_from_srgb(ours), lab_from_srgb(theirs))


@dataclass
class _Log:
    """What is kept of the steps: the losses, and of the first gradient each filter's and, by
    parameter, the squared norm."""

    losses: list[float] = field(default_factory=list)
    gradients: dict[str, Rows] = field(default_factory=dict)
    squares: dict[str, float] = field(default_factory=dict)


def _learn(
    net: SGRU, loss: Callable[[], Tensor], steps: int, lr: float, progress: Progress | None
) -> _Log:
    """Gradient descent on `net`."""
    log = _Log()
    for step in range(steps):
        wrong = loss()
        log.losses.append(_finite(wrong.item(), lr, step))
        net.zero_grad()
        wrong.backward()
        if step == 0:
            log.gradients = _gradients(net)
            log.squares = {name: _square(parameter.grad) for name, parameter in _named(net)}
        _descend(net, lr)
        if progress:
            progress(step + 1, log.losses[-1])
    with torch.no_grad():
        log.losses.append(_finite(loss().item(), lr, steps))
    return log


def _check(steps: int, lr: float, correction: Correction) -> None:
    if steps < 1:
        raise BadConfig(f"--steps {steps}: give 1 or more")
    if not 0 < lr < float("inf"):
        raise BadConfig(f"--lr {lr}: give a number over 0")
    if float(weight_of(correction).sum()) < 1:
        raise BadData(
            f"the region of {correction.seen.name} holds no paper at the working size of "
            f"{correction.seen.size}; paint a larger one, or give a larger --work-size"
        )


def _finite(loss: float, lr: float, step: int) -> float:
    if not np.isfinite(loss):
        raise BadConfig(f"--lr {lr}: the loss is {loss} after step {step}; give a lower rate")
    return loss


def _descend(net: SGRU, lr: float) -> None:
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.grad is not None:
                parameter -= lr * parameter.grad


def _gradients(net: SGRU) -> dict[str, Rows]:
    """Of every layer's filters, by its name, copied before the next step overwrites them."""
    return {
        layer.name: filter_rows(layer, net, gradients=True).copy()
        for layer in layers(net)
        if layer.has_filters
    }


def _named(net: SGRU):
    return list(net.named_parameters())


def _square(gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else float(gradient.square().sum())
