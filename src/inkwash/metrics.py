"""Measures of colourings against the truth, on numpy pictures (…, H, W, 3) in sRGB."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.colour import colourfulness, delta_e76, lab_from_srgb

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]

NEAR = 10.0  # ΔE76 within which a flat counts as right


def psnr(pictures: Pixels, truth: Pixels) -> Floats:
    """Peak signal-to-noise ratio in dB of each picture (K, H, W, 3) against (H, W, 3) → (K,)."""
    error = (pictures.astype(np.float32) - truth.astype(np.float32)) ** 2
    return 20 * np.log10(255.0) - 10 * np.log10(np.maximum(error.mean((1, 2, 3)), 1e-4))


def colourfulness_ratio(pictures: Pixels, truth: Pixels) -> Floats:
    """Colourfulness of each picture over that of the truth, (K,): under 1 is grey or sepia."""
    whole = max(colourfulness(truth), 1.0)
    return np.array([colourfulness(picture) / whole for picture in pictures])


def diversity(pictures: Pixels) -> float:
    """Mean pairwise ΔE76 of K pictures, over pixels: how different the proposals are."""
    lab = lab_from_srgb(pictures)
    pairs = [float(delta_e76(lab[i], lab[j]).mean()) for i in range(len(lab)) for j in range(i)]
    return float(np.mean(pairs)) if pairs else 0.0


def flats_accuracy(colours: Pixels, true_colours: Pixels, areas: NDArray[np.number]) -> float:
    """Share of the area whose region has a colour within ΔE 10 of the truth's, 0…1.

    colours and true_colours (R, 3), areas (R,).
    """
    apart = delta_e76(lab_from_srgb(colours), lab_from_srgb(true_colours))
    return float(areas[apart <= NEAR].sum() / areas.sum())
