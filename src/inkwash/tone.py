"""Light and shadow of a proposal, at full resolution, never across a region's border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells
from inkwash.geometry import Box
from inkwash.regions import Regions

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

NEUTRAL = np.uint8(255), np.uint8(0)  # what changes nothing, multiplied and screened

KERNEL = np.outer([1, 2, 1], [1, 2, 1]).astype(np.float32) / 16
LEVELS = 511  # of multiply and screen as one number
PASSES = 4  # of averaging: some two cells to each side
LEAST_TRUST, FULL_TRUST = 1e-6, 0.05  # of a cell without paper; of a region that is believed

_BAND = 64  # rows worked on at once
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tones:
    """The tones of one colouring, made only when they are asked for.

    `make` gives what the proposal says, multiply and screen, (H, W) uint8 each. In the regions
    `means` a flat colour stays the mean of what is seen on the paper.
    """

    make: Callable[[], tuple[Pixels, Pixels]]
    regions: Regions
    means: frozenset[int] = frozenset()

    def multiply(self, colours: Pixels, clear: Mask, box: Box | None = None) -> Pixels:
        """255 changes nothing: (H, W), with `means` (H, W, 3), of the box or of the page.

        colours: (R, 3) of the regions. clear: (R,) regions without any tone.
        """
        return self._layer(0, colours, clear, box)

    def screen(self, colours: Pixels, clear: Mask, box: Box | None = None) -> Pixels:
        """0 changes nothing; else as `multiply`."""
        return self._layer(1, colours, clear, box)

    def _layer(self, which: int, colours: Pixels, clear: Mask, box: Box | None) -> Pixels:
        both = self.make()
        window = box.slices if box else np.s_[:, :]
        labels, pixels = self.regions.labels[window], both[which][window]
        if clear.any():
            pixels = np.where(clear[labels], NEUTRAL[which], pixels)
        if not self.means:
            return pixels
        planes = np.stack([pixels] * 3)  # (3, H, W): channels are read and written one by one
        level = _levels(both[0][window], both[1][window])
        for label in self.means - set(np.flatnonzero(clear).tolist()):
            here = labels == label
            table = around_mean(self._histogram(label, *both), colours[label])[which]
            for plane, values in zip(planes, table.T, strict=True):
                np.copyto(plane, values.take(level), where=here)
        return np.moveaxis(planes, 0, -1)

    def _histogram(self, label: int, multiply: Pixels, screen: Pixels) -> NDArray[np.int64]:
        """How many pixels of a region's paper have each level (511,); of all if it is all ink."""
        box, mask = self.regions.box(label).slices, self.regions.mask(label)
        paper = mask & ~self.regions.ink[box]
        level = _levels(multiply[box], screen[box])
        return np.bincount(level[paper if paper.any() else mask], minlength=LEVELS)


def mixed(ours: Tones | None, theirs: Tones | None, taken: Mask) -> Tones | None:
    """Ours, but of the regions `taken` (R,) theirs; None has no tones."""
    some = ours or theirs
    if some is None:
        return None
    labels = some.regions.labels

    def make() -> tuple[Pixels, Pixels]:
        mine, other = (NEUTRAL if tones is None else tones.make() for tones in (ours, theirs))
        where = taken[labels]
        multiply, screen = (
            np.where(where, new, old).astype(np.uint8, copy=False)
            for new, old in zip(other, mine, strict=True)
        )
        return multiply, screen

    theirs_means = theirs.means if theirs else frozenset()
    means = {label for label in (ours.means if ours else ()) if not taken[label]}
    means |= {label for label in theirs_means if taken[label]}
    return Tones(make=cache(make), regions=some.regions, means=frozenset(means))


def around_mean(histogram: NDArray[np.int64], colour: Pixels) -> tuple[Pixels, Pixels]:
    """Tables (511, 3) from levels to multiply and screen that keep the mean of a flat colour.

    histogram (511,): pixels of each level. Each channel moves as far as there is room on both
    sides of it: one at 0 or 255 stays.
    """
    value = np.linspace(-1, 1, LEVELS)
    value -= np.average(value, weights=histogram)
    seen = value[histogram > 0]
    value = np.clip(value / max(1.0, -seen.min()), seen.min(), seen.max())
    flat = colour.astype(np.float64) / 255  # (3,)
    room = np.minimum(flat, (1 - flat) / max(seen.max(), 1e-6))
    darker, lighter = np.minimum(value, 0)[:, None], np.maximum(value, 0)[:, None]
    multiply = 1 + darker * (room / np.maximum(flat, 1e-6))
    screen = lighter * (room / np.maximum(1 - flat, 1e-6))
    return _bytes(multiply), _bytes(screen)


def spread(shade: Floats, cells: Cells, regions: Regions) -> tuple[Pixels, Pixels]:
    """Shade (h, w) in (-1, 1) of the grid → multiply layer and screen layer, (H, W) uint8.

    Bilinear between the cells that belong mostly to the pixel's own region; where none is near,
    the region's mean. 255 in the first and 0 in the second leave a colour as it is.
    """
    mean, deviation = without_lines(shade, cells)
    owner = cells.owner.astype(regions.labels.dtype)
    height, width = regions.labels.shape
    multiply, screen = np.empty((height, width), np.uint8), np.empty((height, width), np.uint8)
    for top in range(0, height, _BAND):
        rows = slice(top, min(top + _BAND, height))
        value = _interpolate(deviation, mean, owner, regions.labels[rows], top, height)
        multiply[rows] = _bytes(1 + np.minimum(value, 0))
        screen[rows] = _bytes(np.maximum(value, 0))
    return multiply, screen


def without_lines(shade: Floats, cells: Cells) -> tuple[Floats, Floats]:
    """Mean shade (R,) of the regions, and what each cell (h, w) of theirs differs from it.

    A network darkens where it sees lines, and those are drawn on top anyway: cells count by the
    paper in and around them, are averaged with their neighbours in the region (normalised
    convolution: Knutsson, Westin 1993), and a region of nothing but inked cells gets no tone.
    """
    trust = cv2.erode(cells.paper, np.ones((3, 3), np.uint8)) ** 4 + np.float32(LEAST_TRUST)
    trusted = cells.mean(np.stack([shade * trust, trust]))  # (2, R)
    believed = np.minimum(trusted[1] / np.float32(FULL_TRUST), 1)
    mean = trusted[0] / trusted[1]
    smooth = shade
    for _ in range(PASSES):
        smooth, trust = _averaged(smooth, trust, cells.owner)
    return mean * believed, (smooth - mean[cells.owner]) * believed[cells.owner]


def _averaged(value: Floats, trust: Floats, owner: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Value and trust (h, w) over the 3×3 cells around that have the same owner."""
    value, trust, around = np.pad(value, 1), np.pad(trust, 1), np.pad(owner, 1, mode="edge")
    height, width = owner.shape
    total, known = np.zeros((2, height, width), np.float32)
    for y, x in np.ndindex(3, 3):
        there = slice(y, y + height), slice(x, x + width)
        weight = trust[there] * (around[there] == owner) * KERNEL[y, x]
        total += weight * value[there]
        known += weight
    return total / known, known


def shade_of(picture: Floats, flats: Floats) -> Floats:
    """The shade (h, w) that turns flat colours into a picture, by luma; both (h, w, 3) in 0…1."""
    ours, theirs = picture @ _LUMA, flats @ _LUMA
    darker = ours / np.maximum(theirs, 1e-3) - 1
    lighter = (ours - theirs) / np.maximum(1 - theirs, 1e-3)
    return np.where(ours < theirs, darker, lighter).clip(-1, 1).astype(np.float32)


def _interpolate(deviation, mean, owner, labels, top, height):
    """Shade of the rows from `top` on."""
    (h, w), width = owner.shape, labels.shape[1]
    y = (np.arange(top, top + len(labels)) + 0.5) * h / height - 0.5
    x = (np.arange(width) + 0.5) * w / width - 0.5
    total = np.zeros(labels.shape, np.float32)
    known = np.zeros(labels.shape, np.float32)
    for rows, row_weight in _taps(y, h):
        for columns, column_weight in _taps(x, w):
            weight = row_weight[:, None] * column_weight
            weight *= owner[rows].take(columns, axis=1) == labels
            known += weight
            weight *= deviation[rows].take(columns, axis=1)
            total += weight
    total /= np.maximum(known, 0.25, out=known)
    total += mean[labels]
    return total


def _taps(positions: NDArray[np.floating], count: int):
    """The cells before and after each position, and their weights."""
    low = np.floor(positions).astype(int)
    part = (positions - low).astype(np.float32)
    yield np.clip(low, 0, count - 1), 1 - part
    yield np.clip(low + 1, 0, count - 1), part


def _levels(multiply: Pixels, screen: Pixels) -> NDArray[np.uint16]:
    """Tones as one number: 0 black, 255 as it is, 510 white; only one of the two works."""
    return np.add(multiply, screen, dtype=np.uint16)


def _bytes(unit: NDArray[np.floating]) -> Pixels:
    return np.clip(255 * unit + 0.5, 0, 255).astype(np.uint8)
