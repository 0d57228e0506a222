"""Light and shadow of a proposal, at full resolution, never across a region's border."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells
from inkwash.regions import Regions

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

_BAND = 128  # rows worked on at once
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def spread(shade: Floats, cells: Cells, regions: Regions) -> tuple[Pixels, Pixels]:
    """Shade (h, w) in (-1, 1) of the grid → multiply layer and screen layer, (H, W) uint8.

    Bilinear between the cells that belong mostly to the pixel's own region; where none is near,
    the region's mean. 255 in the first and 0 in the second leave a colour as it is.
    """
    mean = cells.mean(shade[None])[0]  # (R,)
    deviation = shade - mean[cells.owner]
    height, width = regions.labels.shape
    multiply, screen = np.empty((height, width), np.uint8), np.empty((height, width), np.uint8)
    for top in range(0, height, _BAND):
        rows = slice(top, min(top + _BAND, height))
        value = _interpolate(deviation, mean, cells, regions.labels[rows], top, height)
        multiply[rows] = np.clip(255 * (1 + np.minimum(value, 0)) + 0.5, 0, 255)
        screen[rows] = np.clip(255 * np.maximum(value, 0) + 0.5, 0, 255)
    return multiply, screen


def _interpolate(deviation, mean, cells, labels, top, height):
    """Shade of the rows from `top` on."""
    (h, w), width = cells.shape, labels.shape[1]
    y = (np.arange(top, top + len(labels)) + 0.5) * h / height - 0.5
    x = (np.arange(width) + 0.5) * w / width - 0.5
    total = np.zeros(labels.shape, np.float32)
    known = np.zeros(labels.shape, np.float32)
    for rows, row_weight in _taps(y, h):
        for columns, column_weight in _taps(x, w):
            at = np.ix_(rows, columns)
            weight = np.outer(row_weight, column_weight) * (cells.owner[at] == labels)
            total += weight * deviation[at]
            known += weight
    return mean[labels] + total / np.maximum(known, 0.25)


def _taps(positions: NDArray[np.floating], count: int):
    """The cells before and after each position, and their weights."""
    low = np.floor(positions).astype(int)
    part = (positions - low).astype(np.float32)
    yield np.clip(low, 0, count - 1), 1 - part
    yield np.clip(low + 1, 0, count - 1), part


def shade_of(picture: Floats, flats: Floats) -> Floats:
    """The shade (h, w) that turns flat colours into a picture, by luma; both (h, w, 3) in 0…1."""
    ours, theirs = picture @ _LUMA, flats @ _LUMA
    darker = ours / np.maximum(theirs, 1e-3) - 1
    lighter = (ours - theirs) / np.maximum(1 - theirs, 1e-3)
    return np.where(ours < theirs, darker, lighter).clip(-1, 1).astype(np.float32)
