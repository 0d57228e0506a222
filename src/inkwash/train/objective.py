"""A batch through the network to one number: what a training step minimises."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from inkwash import losses
from inkwash.nets import SGRU, render
from inkwash.perceptual import Vgg
from inkwash.train.config import LossConfig

Batch = dict[str, Tensor]

REGIONS = 16  # more than the colours of any training palette
RGB_SCALE = 30.0  # brings the 0…255 loss to the size of a cross-entropy


class Objective(nn.Module):
    """Batch → total loss (scalar) and named parts, for logging."""

    def __init__(self, net: SGRU, vgg: Vgg | None, config: LossConfig) -> None:
        super().__init__()
        self.net, self.vgg, self.config = net, vgg, config

    def forward(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        x = network_input(batch, self.net.config.hints)
        features = self.net.trunk(x)
        parts: dict[str, Tensor] = {}
        total = x.new_zeros(())
        if self.config.rgb:
            loss, parts["rgb_winners"] = self._rgb(features, batch)
            parts["rgb"] = loss
            total = total + self.config.rgb * loss / RGB_SCALE
        if self.config.palette:
            loss, parts["palette_winners"] = self._placement(features, batch)
            parts["palette"] = loss
            total = total + self.config.palette * loss
        parts["loss"] = total
        return total, {name: value.detach() for name, value in parts.items()}

    def _rgb(self, features: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        pictures = (self.net.rgb(features).float() + 1) * 127.5  # (N, K, 3, H, W)
        truth, sketch = batch["truth"].float(), batch["ink"].float() / 255
        regions = batch["clusters"] if self.config.minimum == "region" else None
        if self.config.perceptual == "all":
            errors = self._errors(pictures, truth, sketch, self.vgg, regions)
            loss = losses.collect(errors, self.config.min_weight)
        else:
            errors = self._errors(pictures, truth, sketch, None, regions)
            loss = losses.collect(errors, self.config.min_weight)
            if self.vgg is not None:
                chosen = losses.compose_winners(pictures, losses.winners(errors), regions)
                loss = loss + self._perceptual(chosen, truth, sketch)
        if self.config.hint:
            loss = loss + self.config.hint * hint_error(pictures, batch["hints"].float())
        return loss, losses.winners(errors).flatten()

    def _errors(self, pictures, truth, sketch, vgg, regions) -> Tensor:
        maps = losses.layer_errors(pictures, truth, sketch, vgg, self.config.lambdas)
        if regions is None:
            return losses.image_errors(maps)
        return losses.region_errors(maps, regions, REGIONS)

    def _perceptual(self, chosen: Tensor, truth: Tensor, sketch: Tensor) -> Tensor:
        if self.config.perceptual_crop:
            window = random_window(truth.shape[-2:], self.config.perceptual_crop)
            chosen, truth, sketch = chosen[window], truth[window], sketch[window]
        maps = losses.layer_errors(chosen[:, None], truth, sketch, self.vgg, self.config.lambdas)
        return losses.image_errors(maps[1:]).mean()

    def _placement(self, features: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        palette, present = batch["palette"][:, None], batch["present"][:, None]
        output = self.net.place(features, palette, present)
        targets = losses.palette_targets(
            batch["lab"].float(),
            batch["palette_lab"],
            batch["present"],
            self.config.palette_softness,
        )
        stem = self.net.config.stem
        mask = functional.avg_pool2d(batch["ink"].float() / 255, stem)
        errors = losses.placement_errors(output.scores, targets, mask)
        truth = functional.avg_pool2d(batch["truth"].float(), stem) / 127.5 - 1
        pictures = render(output, palette)
        difference = (pictures - truth[:, None]).abs().mean(2) * mask  # (N, K, h, w)
        errors = errors + self.config.palette_picture * difference.mean((-1, -2))
        loss = losses.collect(errors, self.config.palette_min_weight)
        return loss, losses.winners(errors)


def network_input(batch: Batch, hints: bool) -> Tensor:
    """(N, C, H, W): ink 0 … paper 1, then hint RGB and mask if the network takes hints."""
    ink = batch["ink"].float() / 255
    return torch.cat([ink, batch["hints"].float()], 1) if hints else ink


def random_window(size: torch.Size, side: int) -> tuple[object, slice, slice]:
    """An index of a random square of a picture, on even coordinates of every VGG layer."""
    top, left = (
        16 * int(torch.randint(0, max(1, (length - side) // 16 + 1), ())) for length in size
    )
    return ..., slice(top, top + side), slice(left, left + side)


def hint_error(pictures: Tensor, hints: Tensor) -> Tensor:
    """Mean absolute error, 0…255, of all proposals at hinted pixels: hints bind every proposal."""
    mask = hints[:, None, 3:]
    wanted = (hints[:, None, :3] + 1) * 127.5
    wrong = ((pictures - wanted).abs() * mask).sum((1, 2, 3, 4))
    return (wrong / (mask.sum((1, 2, 3, 4)) * pictures.shape[1] * 3 + 1)).mean()
