"""Measures of colourings against the truth, on numpy pictures (…, H, W, 3) uint8 in sRGB."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.colour import colourfulness, delta_e76, delta_e2000, lab_from_srgb

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]

NEAR = 10.0  # ΔE76 within which a flat counts as right
WINDOW, SIGMA = 11, 1.5  # of SSIM, as Wang et al. 2004
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # of MS-SSIM, as Wang et al. 2003
SMALLEST = WINDOW * 2 ** (len(SCALE_WEIGHTS) - 1)  # pixels a side that MS-SSIM needs
_STABLE = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_MARGIN = WINDOW // 2


def psnr(pictures: Pixels, truth: Pixels) -> Floats:
    """Peak signal-to-noise ratio in dB of each picture (K, H, W, 3) against (H, W, 3) → (K,)."""
    error = (pictures.astype(np.float32) - truth.astype(np.float32)) ** 2
    return 20 * np.log10(255.0) - 10 * np.log10(np.maximum(error.mean((1, 2, 3)), 1e-4))


def ssim(pictures: Pixels, truth: Pixels) -> Floats:
    """Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004) of each picture, (K,), to 1.

    Gaussian window of 11 pixels over reflected borders, mean over channels and pixels. This and
    `ms_ssim` give what torchmetrics gives.
    """
    whole = _Blurred(truth.astype(np.float32))
    return np.array([whole.compare(picture.astype(np.float32))[0] for picture in pictures])


def ms_ssim(pictures: Pixels, truth: Pixels) -> Floats:
    """Structural similarity at five scales (Wang, Simoncelli, Bovik 2003) of each, (K,), 0…1.

    Both sides of the pictures are at least `SMALLEST` pixels.
    """
    return similarities(pictures, truth)[1]


def similarities(pictures: Pixels, truth: Pixels) -> tuple[Floats, Floats]:
    """`ssim` and `ms_ssim` for the price of one, (K,) each; NaN for MS-SSIM of smaller pictures."""
    scales = [_Blurred(whole) for whole in _halvings(truth)]
    found = [
        [scale.compare(part) for scale, part in zip(scales, _halvings(picture), strict=True)]
        for picture in pictures
    ]
    parts = np.maximum(np.array(found), 0)  # (K, scales, 2); negative products have no root
    factors = np.concatenate([parts[:, :-1, 1], parts[:, -1:, 0]], axis=1)
    full = len(scales) == len(SCALE_WEIGHTS)
    multi = (factors**SCALE_WEIGHTS).prod(1) if full else np.full(len(pictures), np.nan)
    return np.array([scales[0][0] for scales in found]), multi


class _Blurred:
    """A picture (H, W, 3) float32 with its local means and variances, to compare others with."""

    def __init__(self, picture: Floats) -> None:
        self.picture, self.mean = picture, _blur(picture)
        self.variance = _blur(picture * picture) - self.mean * self.mean

    def compare(self, picture: Floats) -> tuple[float, float]:
        """Mean SSIM, and the mean of its contrast and structure alone."""
        mean = _blur(picture)
        variance = _blur(picture * picture) - mean * mean
        shared = _blur(picture * self.picture) - mean * self.mean
        contrast = (2 * shared + _STABLE[1]) / (variance + self.variance + _STABLE[1])
        light = (2 * mean * self.mean + _STABLE[0]) / (mean**2 + self.mean**2 + _STABLE[0])
        inner = contrast[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
        return float((contrast * light).mean()), float(inner.mean())


def _blur(picture: Floats) -> Floats:
    reflected = cv2.BORDER_REFLECT_101
    blurred = cv2.GaussianBlur(picture, (WINDOW, WINDOW), SIGMA, borderType=reflected)
    return np.asarray(blurred, np.float32)


def _halvings(picture: Pixels) -> list[Floats]:
    """The picture and four halvings, or the picture alone where it is too small for them."""
    scales: list[Floats] = [picture.astype(np.float32)]
    if min(picture.shape[:2]) < SMALLEST:
        return scales
    for _ in SCALE_WEIGHTS[1:]:
        height, width = (side // 2 * 2 for side in scales[-1].shape[:2])
        even = scales[-1][:height, :width]
        half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        scales.append(np.asarray(half, np.float32))
    return scales


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


def flats_difference(colours: Pixels, true_colours: Pixels, areas: NDArray[np.number]) -> float:
    """Mean ΔE2000 of regions' colours (R, 3) from the truth's, weighted by their areas (R,)."""
    lab, true = (lab_from_srgb(rgb).astype(np.float64) for rgb in (colours, true_colours))
    return float(np.average(delta_e2000(lab, true), weights=areas))


def line_fidelity(found: NDArray[np.bool_], lines: NDArray[np.bool_], reach: int = 1) -> float:
    """F1 of lines found in a picture (H, W) against the sketch's: 1 when all of the sketch's lines
    are there and no others, within `reach` pixels. 1 for two pictures without lines."""
    if not (found.any() and lines.any()):
        return float(found.any() == lines.any())
    precision = (found & _grown(lines, reach)).sum() / found.sum()
    recall = (lines & _grown(found, reach)).sum() / lines.sum()
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def usage_entropy(winners: NDArray[np.integer], count: int) -> float:
    """How evenly `count` proposals are the best one, (N,) → 0…1: 1 when all win equally often."""
    shares = np.bincount(winners, minlength=count) / len(winners)
    shares = shares[shares > 0]
    return abs(float(-(shares * np.log(shares)).sum() / np.log(count))) if count > 1 else 1.0


def _grown(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return cv2.dilate(mask.view(np.uint8), kernel).astype(bool)
