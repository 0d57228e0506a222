"""A batch through the network to one number: what a training step minimises."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from inkwash import losses
from inkwash.data.swatches import UNASSIGNED
from inkwash.nets import SGRU, shaded
from inkwash.perceptual import Vgg
from inkwash.train.config import LossConfig

Batch = dict[str, Tensor]
Window = tuple[Tensor, Tensor]  # rows and columns

REGIONS = 64  # more than a sample numbers, see data.sample
MAPS = ("ink", "truth", "hints", "lab", "regions", "assigned")  # the arrays that are pictures
RGB_SCALE = 30.0  # brings the 0…255 loss to the size of a cross-entropy


class Objective(nn.Module):
    """Batch → total loss (scalar) and named parts: losses, and wins (K,) as `…_usage`."""

    def __init__(self, net: SGRU, vgg: Vgg | None, config: LossConfig) -> None:
        super().__init__()
        self.net, self.vgg, self.config = net, vgg, config

    def forward(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        x = network_input(batch, self.net.config.hints)
        features = self.net.trunk(x)
        if self.config.every > 1:
            features, batch = thinned(features, batch, self.config.every)
        parts: dict[str, Tensor] = {}
        total = x.new_zeros(())
        if self.config.rgb:
            parts["rgb"], parts["rgb_usage"] = self._rgb(features, batch)
            total = total + self.config.rgb * parts["rgb"] / RGB_SCALE
        if self.config.palette:
            parts["palette"], parts["palette_usage"] = self._placement(features, batch)
            total = total + self.config.palette * parts["palette"]
        parts["loss"] = total
        return total, {name: value.detach() for name, value in parts.items()}

    def _rgb(self, features: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        pictures = (self.net.rgb(features).float() + 1) * 127.5  # (N, K, 3, H, W)
        truth, sketch = batch["truth"].float(), batch["ink"].float() / 255
        collect = self._image if self.config.minimum == "image" else self._region
        loss, usage = collect(pictures, truth, sketch, batch)
        if self.config.hint:
            loss = loss + self.config.hint * hint_error(pictures, batch["hints"].float())
        return loss, usage

    def _image(self, pictures: Tensor, truth: Tensor, sketch: Tensor, _: Batch):
        """The best proposal of each picture, as published."""
        lambdas, weight, vgg = self.config.lambdas, self.config.min_weight, self.vgg
        if self.config.perceptual == "sparse" and vgg is not None:
            errors = losses.sparse_errors(pictures, truth, sketch, vgg, lambdas)
            return losses.collect(errors, weight), losses.wins(errors)
        seen = vgg if self.config.perceptual == "all" else None
        errors = losses.image_errors(losses.layer_errors(pictures, truth, sketch, seen, lambdas))
        loss = losses.collect(errors, weight)
        if self.config.perceptual == "winner" and vgg is not None:
            chosen = losses.compose_winners(pictures, losses.winners(errors))
            loss = loss + self._perceptual(vgg, chosen, truth, sketch)
        return loss, losses.wins(errors)

    def _region(self, pictures: Tensor, truth: Tensor, sketch: Tensor, batch: Batch):
        """The best proposal of each region of the truth, mixed with the image's."""
        lambdas, weight, regions = self.config.lambdas, self.config.min_weight, batch["regions"]
        seen = self.vgg if self.config.perceptual == "all" else None
        maps = losses.layer_errors(pictures, truth, sketch, seen, lambdas)
        errors = losses.region_errors(maps, regions, REGIONS)
        share = self.config.image_share
        loss = (1 - share) * losses.collect(errors, weight)
        if share:
            loss = loss + share * losses.collect(losses.image_errors(maps), weight)
        if self.config.perceptual != "all" and self.vgg is not None:
            chosen = losses.compose_winners(pictures, losses.winners(errors), regions)
            loss = loss + self._perceptual(self.vgg, chosen, truth, sketch)
        return loss, losses.wins(errors)

    def _perceptual(self, vgg: Vgg, chosen: Tensor, truth: Tensor, sketch: Tensor) -> Tensor:
        if self.config.perceptual_crop:
            window = random_window(truth, self.config.perceptual_crop)
            chosen, truth, sketch = (crop(picture, window) for picture in (chosen, truth, sketch))
        maps = losses.layer_errors(chosen[:, None], truth, sketch, vgg, self.config.lambdas)
        return losses.image_errors(maps[1:]).mean()

    def _placement(self, features: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        palette, present = batch["palette"][:, None], batch["present"][:, None]
        output = self.net.place(features, palette, present)
        targets = placement_targets(batch, self.config.palette_softness)
        stem = self.net.config.stem
        mask = functional.avg_pool2d(batch["ink"].float() / 255, stem)
        counted = losses.counted_evenly(mask, targets, self.config.palette_evenness)
        errors = losses.placement_errors(output.scores, targets, counted)
        truth = functional.avg_pool2d(batch["truth"].float(), stem) / 127.5 - 1
        # The shade of the right colours: it must not learn to make up for wrong ones.
        flat = torch.einsum("nphw,npc->nchw", targets, batch["palette"][..., :3])
        pictures = shaded(flat[:, None], output.shade)
        difference = (pictures - truth[:, None]).abs().mean(2) * mask  # (N, K, h, w)
        errors = errors + self.config.palette_picture * difference.mean((-1, -2))
        loss = losses.collect(errors, self.config.palette_min_weight)
        if self.config.palette_hint:
            marked = functional.max_pool2d(batch["hints"][:, 3:].float(), stem)
            loss = loss + self.config.palette_hint * hint_surprise(output.scores, targets, marked)
        return loss, losses.wins(errors)


def placement_targets(batch: Batch, softness: float) -> Tensor:
    """Which palette colour each pixel should have (N, P, h, w): by its role where that is known and
    decides it, else by its colour."""
    near = losses.palette_targets(
        batch["lab"].float(), batch["palette_lab"], batch["present"], softness
    )
    assigned = batch["assigned"][:, None]  # (N, 1, h, w)
    places = torch.arange(near.shape[1], device=near.device)[:, None, None]
    return torch.where(assigned == UNASSIGNED, near, (assigned == places).to(near.dtype))


def network_input(batch: Batch, hints: bool) -> Tensor:
    """(N, C, H, W): ink 0 … paper 1, then hint RGB and mask if the network takes hints."""
    ink = batch["ink"].float() / 255
    return torch.cat([ink, batch["hints"].float()], 1) if hints else ink


def thinned(features: Tensor, batch: Batch, every: int) -> tuple[Tensor, Batch]:
    """One in `every` cells of the features (N, F, h, w), each way, from a random corner on, and of
    the batch's maps the pixels of those cells."""
    rows, columns = (_random_comb(length, every, features.device) for length in features.shape[-2:])
    maps = {}
    for name in MAPS:
        scale = batch[name].shape[-1] // features.shape[-1]
        maps[name] = crop(batch[name], (_spread(rows, scale), _spread(columns, scale)))
    return crop(features, (rows, columns)), batch | maps


def random_window(picture: Tensor, side: int) -> Window:
    """Rows and columns of a random square, on coordinates that every VGG layer has.

    Drawn on the device: neither the host nor a compiled graph has to wait for it.
    """
    rows, columns = (_random_run(length, side, picture.device) for length in picture.shape[-2:])
    return rows, columns


def crop(picture: Tensor, window: Window) -> Tensor:
    """The window of pictures (…, H, W)."""
    return picture.index_select(-2, window[0]).index_select(-1, window[1])


def hint_error(pictures: Tensor, hints: Tensor) -> Tensor:
    """Mean absolute error, 0…255, of all proposals at hinted pixels: hints bind every proposal."""
    mask = hints[:, None, 3:]
    wanted = (hints[:, None, :3] + 1) * 127.5
    wrong = ((pictures - wanted).abs() * mask).sum((1, 2, 3, 4))
    return (wrong / (mask.sum((1, 2, 3, 4)) * pictures.shape[1] * 3 + 1)).mean()


def hint_surprise(scores: Tensor, targets: Tensor, marked: Tensor) -> Tensor:
    """Mean cross-entropy of all proposals at hinted pixels, `marked` (N, 1, h, w): 0 and 1."""
    surprise = -(scores * targets[:, None]).sum(2) * marked  # (N, K, h, w)
    return surprise.sum() / (marked.sum() * scores.shape[1] + 1)


def _random_comb(length: int, every: int, device: torch.device) -> Tensor:
    return torch.randint(0, every, (), device=device) + every * torch.arange(
        length // every, device=device
    )


def _spread(cells: Tensor, scale: int) -> Tensor:
    """The places of the pixels of cells, where a cell is `scale` pixels."""
    return (cells[:, None] * scale + torch.arange(scale, device=cells.device)).flatten()


def _random_run(length: int, side: int, device: torch.device) -> Tensor:
    places = max(0, length - side) // 16 + 1
    start = 16 * torch.randint(0, places, (), device=device)
    return start + torch.arange(min(side, length), device=device)
