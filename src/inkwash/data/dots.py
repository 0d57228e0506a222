"""Hints as people give them, simulated on training pictures.

Dots as in Zhang et al. 2017 (a geometric number, at Gaussian or uniform places, each the mean
colour of its patch, off the lines), and strokes and filled areas; slightly wrong now and then.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

MEAN_DOTS = 10
STROKES, AREAS = 0.2, 0.06  # of the hints; the rest are dots
WRONG = 0.2  # of the pictures have hints that are off by a little
SPREAD = 25  # largest standard deviation, 0…255, of what one hint may cover
AREA_TOLERANCE = 6  # levels between neighbours of one filled area
LINE_LIGHTNESS = 160  # ink is darker

Mask = NDArray[np.bool_]


def simulate(
    rgb: NDArray[np.uint8], line: NDArray[np.uint8], rng: np.random.Generator
) -> NDArray[np.float16]:
    """Hints (4, S, S) of a picture (S, S, 3): RGB in [-1, 1] and a mask of 0 and 1."""
    side = len(rgb)
    hints = np.zeros((4, side, side), np.float16)
    wrong = rng.normal(0, 0.05, 3) if rng.random() < WRONG else np.zeros(3)
    for _ in range(int(rng.geometric(1 / MEAN_DOTS))):
        x, y = _place(side, rng)
        if line[y, x] < LINE_LIGHTNESS:
            continue
        mask = _mark(rgb, x, y, rng)
        covered = rgb[mask]
        if covered.std(0).max() > SPREAD:
            continue
        hints[:3, mask] = (covered.mean(0) / 127.5 - 1.0 + wrong).clip(-1, 1)[:, None]
        hints[3, mask] = 1
    return hints


def _place(side: int, rng: np.random.Generator) -> tuple[int, int]:
    gaussian = rng.random() < 0.5
    place = rng.normal(side / 2, side / 4, 2) if gaussian else rng.uniform(0, side, 2)
    x, y = place.clip(0, side - 1).astype(int).tolist()
    return x, y


def _mark(rgb: NDArray[np.uint8], x: int, y: int, rng: np.random.Generator) -> Mask:
    kind = rng.random()
    if kind < AREAS:
        return _area(rgb, x, y)
    mask = np.zeros(rgb.shape[:2], np.uint8)
    radius = int(rng.integers(1, 5))
    if kind < AREAS + STROKES:
        reach = rng.normal(0, len(rgb) / 10, 2)
        cv2.line(mask, (x, y), (int(x + reach[0]), int(y + reach[1])), 1, radius)
    else:
        mask[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1] = 1
    return mask.astype(bool)


def _area(rgb: NDArray[np.uint8], x: int, y: int) -> Mask:
    """The connected pixels around a point whose colour changes little from each to the next."""
    mask = np.zeros((rgb.shape[0] + 2, rgb.shape[1] + 2), np.uint8)
    tolerance = (AREA_TOLERANCE,) * 3
    cv2.floodFill(
        rgb.copy(), mask, (x, y), (0, 0, 0), tolerance, tolerance, 4 | cv2.FLOODFILL_MASK_ONLY
    )
    return mask[1:-1, 1:-1].astype(bool)
