"""The losses, as plain functions on tensors.

The collection loss is equation 2-4 of Liu, Chen, Hu 2018 on the 0…255 scale:
E_u = Σ_l λ_l · mean over pixels of S_l · mean over channels |φ_l(T_u) − φ_l(C)|,
L = w · min_u E_u + (1 − w) · mean_u E_u. φ₀ is the picture, φ₁…φ₅ are VGG-19 features, S_l the
sketch (ink 0, paper 1) at the size of layer l.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

LAMBDAS = (0.88, 0.79, 0.63, 0.51, 0.39, 1.07)
MIN_WEIGHT = 0.999
LEAST_SHARE = 0.003  # of a picture: what is smaller counts no more for it

Features = Callable[[Tensor], Sequence[Tensor]]


class LayerError(NamedTuple):
    """Weighted error of one layer: a map per proposal, so that regions can be summed."""

    error: Tensor  # (N, K, h, w), mean over channels × sketch × λ
    scale: int  # height of the picture / h


def layer_errors(
    pictures: Tensor,
    truth: Tensor,
    sketch: Tensor,
    features: Features | None,
    lambdas: Sequence[float] = LAMBDAS,
) -> list[LayerError]:
    """Error maps of K proposals (N, K, 3, H, W) against the truth (N, 3, H, W), both 0…255.

    sketch (N, 1, H, W) has ink 0, paper 1; features may be None for the pixel term alone.
    """
    n, k = pictures.shape[:2]
    flat = pictures.flatten(0, 1)
    layers = [(flat, truth)]
    if features is not None:
        layers += list(zip(features(flat), features(truth), strict=True))
    errors = []
    for weight, (ours, theirs) in zip(lambdas, layers, strict=False):
        scale = truth.shape[-2] // ours.shape[-2]
        mask = functional.avg_pool2d(sketch, scale) if scale > 1 else sketch
        difference = ours.unflatten(0, (n, k)) - theirs[:, None]
        difference = difference.abs().mean(2, dtype=torch.float32)  # features may be bfloat16
        errors.append(LayerError(weight * difference * mask, scale))
    return errors


def image_errors(errors: Sequence[LayerError]) -> Tensor:
    """E_u (N, K): the sum over layers of the mean over pixels."""
    return torch.stack([layer.error.mean((-1, -2)) for layer in errors]).sum(0)


def region_errors(errors: Sequence[LayerError], regions: Tensor, count: int) -> Tensor:
    """E_u by region (N, K, count); its sum over regions is image_errors.

    regions (N, H, W) holds indices under `count`, at any size that layers scale to by nearest.
    """
    totals = []
    for layer in errors:
        n, k, height, width = layer.error.shape
        labels = functional.interpolate(
            regions[:, None].float(), (height, width), mode="nearest-exact"
        ).long()
        labels = labels.expand(n, k, height, width).flatten(2)
        zero = layer.error.new_zeros(n, k, count)
        totals.append(zero.scatter_add(2, labels, layer.error.flatten(2)) / (height * width))
    return torch.stack(totals).sum(0)


def collect(errors: Tensor, min_weight: float = MIN_WEIGHT) -> Tensor:
    """w · min over proposals + (1 − w) · mean over proposals, averaged over the batch.

    errors is (N, K), or (N, K, R) for a minimum in each region, summed over regions.
    """
    best = errors.min(dim=1).values
    mixed = min_weight * best + (1 - min_weight) * errors.mean(dim=1)
    return mixed.flatten(1).sum(1).mean() if mixed.dim() > 1 else mixed.mean()


def winners(errors: Tensor) -> Tensor:
    """Index of the best proposal, (N,) or (N, R)."""
    return errors.argmin(dim=1)


def wins(errors: Tensor) -> Tensor:
    """How often each proposal is the best, (K,); regions without any error do not count.

    Stays on the device of `errors`: nothing waits for it.
    """
    proposals = errors.shape[1]
    counts = torch.arange(proposals, device=errors.device) == winners(errors)[..., None]
    decided = errors.amax(dim=1) > 0
    return (counts & decided[..., None]).flatten(0, -2).sum(0)


def sparse_errors(
    pictures: Tensor,
    truth: Tensor,
    sketch: Tensor,
    features: Features,
    lambdas: Sequence[float] = LAMBDAS,
) -> Tensor:
    """E_u (N, K) as `image_errors` gives it, with the gradient where the loss has weight.

    All values are exact, so the same proposals win. The gradient of the pixel term is exact for all
    proposals, that of the features for the winner only; `collect` gives the others' features the
    weight (1 − w) / K, about 1/9000 as published. K − 1 of K backward passes through the features
    are saved, and the memory of K − 1 of K forward passes.
    """
    known = features(truth)

    def once(x: Tensor) -> Sequence[Tensor]:
        return known if x is truth else features(x)

    pixels = image_errors(layer_errors(pictures, truth, sketch, None, lambdas))
    with torch.no_grad():
        total = image_errors(layer_errors(pictures, truth, sketch, once, lambdas))
    best = winners(total)
    chosen = compose_winners(pictures, best)[:, None]
    perceived = image_errors(layer_errors(chosen, truth, sketch, once, lambdas)[1:])  # (N, 1)
    return pixels + (total - pixels.detach()).scatter(1, best[:, None], perceived)


def compose_winners(pictures: Tensor, best: Tensor, regions: Tensor | None = None) -> Tensor:
    """One picture (N, 3, H, W) from the winners: (N,) whole pictures, or (N, R) by region map."""
    n, _, channels, height, width = pictures.shape
    if regions is None:
        return pictures[torch.arange(n, device=pictures.device), best]
    labels = functional.interpolate(regions[:, None].float(), (height, width), mode="nearest-exact")
    index = best.gather(1, labels.long().flatten(1)).reshape(n, 1, 1, height, width)
    return pictures.gather(1, index.expand(n, 1, channels, height, width)).squeeze(1)


def palette_targets(lab: Tensor, palette_lab: Tensor, present: Tensor, softness: float) -> Tensor:
    """Which palette colour each pixel should have, as probabilities (N, P, h, w).

    lab (N, 3, h, w), palette_lab (N, P, 3); softness is a distance in Lab: colours that are nearly
    as near share the pixel.
    """
    n, _, height, width = lab.shape
    distance = torch.cdist(lab.flatten(2).transpose(1, 2), palette_lab)  # (N, h·w, P)
    logits = -distance.square() / (2 * softness**2) + (present[:, None] - 1) * 1e4
    return logits.softmax(-1).transpose(1, 2).reshape(n, -1, height, width)


def placement_errors(scores: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Cross-entropy of K placements (N, K): log-probabilities (N, K, P, h, w), targets
    (N, P, h, w), and how much each pixel counts (N, 1, h, w)."""
    surprise = -(scores * targets[:, None]).sum(2)  # (N, K, h, w)
    return (surprise * mask).mean((-1, -2))


def counted_evenly(mask: Tensor, targets: Tensor, evenness: float) -> Tensor:
    """How much each pixel counts (N, 1, h, w) where small parts are not to drown in large ones.

    Each counts by its colour's share of the picture to the power of −evenness (0: all pixels
    alike, 1: all colours alike); the mean of the mask (N, 1, h, w) stays. targets (N, P, h, w).
    """
    whole = mask.sum((2, 3), keepdim=True)
    shares = (targets * mask).sum((2, 3), keepdim=True) / whole.clamp(min=1)  # (N, P, 1, 1)
    weights = (targets * (shares + LEAST_SHARE).pow(-evenness)).sum(1, keepdim=True) * mask
    return weights * whole / weights.sum((2, 3), keepdim=True).clamp(min=1e-6)


def head_usage(best: Tensor, proposals: int) -> Tensor:
    """Share of wins of each proposal, (K,)."""
    return torch.bincount(best.flatten(), minlength=proposals).float() / best.numel()


def entropy(usage: Tensor) -> float:
    """Entropy of head usage as a share of its maximum: 1 when all heads win equally often."""
    if usage.numel() == 1:
        return 1.0
    positive = usage[usage > 0]
    bits = (positive * positive.log()).sum() / torch.tensor(float(usage.numel())).log()
    return abs(float(bits))
