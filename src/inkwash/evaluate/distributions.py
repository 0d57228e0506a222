"""Distances between two sets of features, (N, D) and (M, D): Fréchet's and the kernel one.

Both say how alike two sets of pictures are as sets, not picture by picture. The Fréchet distance
of few pictures is too high, the more so the larger D is: compare only figures of equally many.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def frechet_distance(ours: Floats, theirs: Floats) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½), as in FID (Heusel et al. 2017)."""
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)
    first, second = (np.atleast_2d(np.cov(part, rowvar=False)) for part in (ours, theirs))
    roots = np.real(np.sqrt(np.linalg.eigvals(first @ second).astype(np.complex128))).sum()
    shift = np.square(ours.mean(0) - theirs.mean(0)).sum()
    return float(shift + np.trace(first) + np.trace(second) - 2 * roots)


def kernel_distance(ours: Floats, theirs: Floats) -> float:
    """The unbiased squared MMD under (x · y / D + 1)³, as in KID (Bińkowski et al. 2018)."""
    ours, theirs = ours.astype(np.float64), theirs.astype(np.float64)

    def kernel(a: Floats, b: Floats) -> Floats:
        return (a @ b.T / a.shape[1] + 1) ** 3

    def within(part: Floats) -> float:
        values, count = kernel(part, part), len(part)
        return float((values.sum() - np.trace(values)) / (count * (count - 1)))

    return within(ours) + within(theirs) - 2 * float(kernel(ours, theirs).mean())
