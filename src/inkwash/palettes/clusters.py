"""Weighted k-means: for palettes of pictures and for the clusters of training pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import Floats

Places = NDArray[np.intp]


def k_means(
    lab: Floats,
    weights: Floats,
    count: int,
    seed: int | np.random.Generator = 0,
    *,
    starts: int = 4,
    rounds: int = 30,
) -> tuple[Floats, Places]:
    """Points (N, 3), weights (N,) → centres (K, 3), the place of each point (N,).

    The best of several starts by k-means++ (Arthur & Vassilvitskii 2007), each settled in `rounds`
    of Lloyd's at most; K is `count`, or fewer when there are fewer different points.
    """
    rng = np.random.default_rng(seed)
    lab = lab.astype(np.float64)
    tries = [
        _settled(lab, weights, _spread_out(lab, weights, count, rng), rounds) for _ in range(starts)
    ]
    centres, nearest, _ = min(tries, key=lambda found: found[2])
    return centres, nearest


def _settled(
    lab: Floats, weights: Floats, centres: Floats, rounds: int
) -> tuple[Floats, Places, float]:
    """Lloyd's rounds: the centres in use, the place of each point, the sum of squares left."""
    nearest = _squares(lab, centres).argmin(axis=1)
    for _ in range(rounds):
        sums = np.stack(
            [np.bincount(nearest, weights * lab[:, axis], len(centres)) for axis in range(3)],
            axis=1,
        )
        totals = np.bincount(nearest, weights, len(centres))
        centres = np.where(totals[:, None] > 0, sums / np.maximum(totals, 1e-12)[:, None], centres)
        before, nearest = nearest, _squares(lab, centres).argmin(axis=1)
        if np.array_equal(before, nearest):
            break
    left = float(weights @ np.square(lab - centres[nearest]).sum(axis=1))
    used, nearest = np.unique(nearest, return_inverse=True)
    return centres[used], nearest, left


def _spread_out(lab: Floats, weights: Floats, count: int, rng: np.random.Generator) -> Floats:
    """First centres, each drawn by its squared distance to those before."""
    chosen = [int(np.argmax(weights))]
    distances = _squares(lab, lab[chosen])[:, 0]
    while len(chosen) < count and (chances := weights * distances).any():
        running = np.cumsum(chances)
        running /= running[-1]  # so that the last is 1, which no lot reaches
        chosen.append(int(np.searchsorted(running, rng.random(), side="right")))
        distances = np.minimum(distances, _squares(lab, lab[chosen[-1:]])[:, 0])
    return lab[chosen]


def _squares(lab: Floats, centres: Floats) -> Floats:
    """Squared distances, (N, 3) × (K, 3) → (N, K)."""
    sums = np.square(lab).sum(axis=1)[:, None] + np.square(centres).sum(axis=1)
    return np.maximum(sums - 2 * lab @ centres.T, 0)
