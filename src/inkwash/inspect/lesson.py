"""The loss of a correction: the training's own, for either head, in the corrected region alone.

RGB head: the collection loss (Liu, Chen, Hu 2018, equations 2-4) with S_l, which keeps the lines
out of it, multiplied by the region. Palette head: as in training, the surprise at the colour that
belongs to each pixel and the difference of its shade, weighed in the same way. Both are divided by
the share of the picture that counts, so that a small region teaches as much as a large one.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from inkwash import losses
from inkwash.colour import lab_from_srgb
from inkwash.inspect.corrections import Correction
from inkwash.inspect.seeing import PaletteInput
from inkwash.nets import SGRU, shaded
from inkwash.train.config import LossConfig

_SETTINGS = LossConfig()


def weight_of(correction: Correction) -> Tensor:
    """How much each pixel counts (1, 1, H, W): paper 1, ink 0, nothing outside the region."""
    return correction.seen.x[:, :1].clamp(0, 1) * correction.region


def errors(
    net: SGRU,
    correction: Correction,
    palette: PaletteInput | None,
    vgg: losses.Features | None = None,
) -> Tensor:
    """How far each of the K proposals is from the corrected picture, (1, K).

    palette None is the RGB head's, on the paper's scale of 0…255, with features if `vgg` is given.
    """
    features = net.trunk(correction.seen.x)
    weight = weight_of(correction)
    if palette is None:
        pictures = (net.rgb(features) + 1) * 127.5
        maps = losses.layer_errors(pictures, correction.truth, weight, vgg, _SETTINGS.lambdas)
        return losses.image_errors(maps) / weight.mean()
    return _placement(net, features, correction, palette)


def loss_of(found: Tensor, palette: PaletteInput | None) -> Tensor:
    """One number from the errors (1, K): mostly the best proposal's, as in training."""
    rgb = palette is None
    return losses.collect(found, _SETTINGS.min_weight if rgb else _SETTINGS.palette_min_weight)


def _placement(
    net: SGRU, features: Tensor, correction: Correction, palette: PaletteInput
) -> Tensor:
    stem = net.config.stem
    weight = functional.avg_pool2d(weight_of(correction), stem)
    truth = functional.avg_pool2d(correction.truth, stem)
    colours, present = palette
    output = net.place(features, colours, present)
    targets = losses.palette_targets(
        _lab((truth / 255).permute(0, 2, 3, 1)).permute(0, 3, 1, 2),
        _lab((colours[:, 0, :, :3] + 1) / 2),
        present[:, 0],
        _SETTINGS.palette_softness,
    )
    surprise = losses.placement_errors(output.scores, targets, weight)
    flat = torch.einsum("nphw,npc->nchw", targets, colours[:, 0, :, :3])
    pictures = shaded(flat[:, None], output.shade)  # a shade must not make up for a wrong colour
    difference = (pictures - (truth / 127.5 - 1)[:, None]).abs().mean(2) * weight
    found = surprise + _SETTINGS.palette_picture * difference.mean((-1, -2))
    return found / weight.mean()


def _lab(rgb: Tensor) -> Tensor:
    """sRGB 0…1 (…, 3) as Lab."""
    return torch.from_numpy(np.ascontiguousarray(lab_from_srgb(rgb.numpy())))
