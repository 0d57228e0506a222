"""Light and shadow of a proposal, at full resolution, never across a region's border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.cells import Cells
from inkwash.geometry import Box, Window
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
    """The tones of one colouring, made only when and where they are asked for.

    `make` gives what the proposal says in a window, multiply and screen, (h, w) uint8 each, over
    its own `flats` (R, 3). In the regions `means` a flat colour stays the mean of what is seen on
    the paper.
    """

    make: Callable[[Window], tuple[Pixels, Pixels]]
    regions: Regions
    flats: Pixels
    means: frozenset[int] = frozenset()
    histograms: dict[int, NDArray[np.int64]] = field(default_factory=dict)  # of `make`, as needed

    def multiply(self, colours: Pixels, clear: Mask, window: Window | None = None) -> Pixels:
        """255 changes nothing: (h, w), with `means` (h, w, 3), of the window or of the page.

        colours: (R, 3) of the regions. clear: (R,) regions without any tone.
        """
        return self._layer(0, colours, clear, window)

    def screen(self, colours: Pixels, clear: Mask, window: Window | None = None) -> Pixels:
        """0 changes nothing; else as `multiply`."""
        return self._layer(1, colours, clear, window)

    def _layer(self, which: int, colours: Pixels, clear: Mask, window: Window | None) -> Pixels:
        window = window or whole(self.regions)
        both = self.make(window)
        labels, pixels = self.regions.labels[window.slices], both[which]
        if clear.any():
            pixels = np.where(clear[labels], NEUTRAL[which], pixels)
        if not self.means:
            return pixels
        planes = np.stack([pixels] * 3)  # (3, h, w): channels are read and written one by one
        level = _levels(*both)
        for label in self._means_in(labels, clear):
            here = labels == label
            tables = around_mean(self._histogram(label), colours[label], self.flats[label])
            for plane, values in zip(planes, tables[which].T, strict=True):
                np.copyto(plane, values.take(level), where=here)
        return np.moveaxis(planes, 0, -1)

    def _means_in(self, labels: NDArray[np.int32], clear: Mask) -> list[int]:
        wanted = np.zeros(len(clear), bool)
        wanted[list(self.means)] = True
        present = np.zeros(len(clear), bool)
        present[labels] = True
        return np.flatnonzero(wanted & present & ~clear).tolist()

    def _histogram(self, label: int) -> NDArray[np.int64]:
        """How many pixels of a region's paper have each level (511,); of all if it is all ink."""
        if label not in self.histograms:
            box, mask = self.regions.box(label), self.regions.mask(label)
            paper = mask & ~self.regions.ink[box.slices]
            level = _levels(*self.make(Window(box)))
            counts = np.bincount(level[paper if paper.any() else mask], minlength=LEVELS)
            self.histograms[label] = counts
        return self.histograms[label]


def whole(regions: Regions) -> Window:
    """The page."""
    height, width = regions.labels.shape
    return Window(Box(0, 0, width, height))


def mixed(ours: Tones | None, theirs: Tones | None, taken: Mask) -> Tones | None:
    """Ours, but of the regions `taken` (R,) theirs; None has no tones."""
    some = ours or theirs
    if some is None:
        return None
    labels = some.regions.labels

    def make(window: Window) -> tuple[Pixels, Pixels]:
        mine, other = (NEUTRAL if tones is None else tones.make(window) for tones in (ours, theirs))
        where = taken[labels[window.slices]]
        multiply, screen = (
            np.where(where, new, old).astype(np.uint8, copy=False)
            for new, old in zip(other, mine, strict=True)
        )
        return multiply, screen

    means: set[int] = set()
    histograms = {}
    for tones, theirs_too in ((ours, False), (theirs, True)):
        if tones is not None:
            means |= {label for label in tones.means if taken[label] == theirs_too}
            known = tones.histograms.copy().items()
            histograms |= {label: counts for label, counts in known if taken[label] == theirs_too}
    return Tones(
        make=lru_cache(maxsize=1)(make),
        regions=some.regions,
        flats=np.where(taken[:, None], (theirs or some).flats, (ours or some).flats),
        means=frozenset(means),
        histograms=histograms,
    )


def around_mean(
    histogram: NDArray[np.int64], colour: Pixels, made_for: Pixels
) -> tuple[Pixels, Pixels]:
    """Tables (511, 3) from levels to multiply and screen that keep the mean of a flat colour.

    histogram (511,): pixels of each level. made_for: the flat that the tones were made for; light
    on white or shadow on black, which nobody saw there, is none on another colour. Each channel
    moves as far as there is room on both sides of it: one at 0 or 255 stays.
    """
    value = _as_seen(np.linspace(-1, 1, LEVELS), float(made_for @ _LUMA) / 255)
    value -= np.average(value, weights=histogram)
    seen = value[histogram > 0]
    value = np.clip(value / max(1.0, -seen.min()), seen.min(), seen.max())
    flat = colour.astype(np.float64) / 255  # (3,)
    room = np.minimum(flat, (1 - flat) / max(seen.max(), 1e-6))
    darker, lighter = np.minimum(value, 0)[:, None], np.maximum(value, 0)[:, None]
    multiply = 1 + darker * (room / np.maximum(flat, 1e-6))
    screen = lighter * (room / np.maximum(1 - flat, 1e-6))
    return _bytes(multiply), _bytes(screen)


def _as_seen(value: NDArray[np.floating], luma: float) -> NDArray[np.floating]:
    """Shade in -1…1 by how much it shows on a flat of this luma, 0…1; unchanged at one half."""
    return value * np.where(value < 0, luma, 1 - luma) / max(luma, 1 - luma)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shading:
    """The shade of a grid without its lines: `mean` (R,) of the regions, and `deviation` (h, w)
    from it of each cell; `owner` (h, w) is the region a cell belongs to."""

    mean: Floats
    deviation: Floats
    owner: NDArray[np.int32]


def shading(shade: Floats, cells: Cells) -> Shading:
    """Shade (h, w) in (-1, 1) of the grid, ready to be spread over windows of the page."""
    mean, deviation = without_lines(shade, cells)
    return Shading(mean=mean, deviation=deviation, owner=cells.owner.astype(np.int32))


def spread(shading: Shading, regions: Regions, window: Window) -> tuple[Pixels, Pixels]:
    """Shading of the grid → multiply layer and screen layer of the window, (h, w) uint8.

    Bilinear between the cells that belong mostly to the pixel's own region; where none is near,
    the region's mean. 255 in the first and 0 in the second leave a colour as it is.
    """
    labels = regions.labels[window.slices]
    across, down = _positions(shading.owner, regions, window)
    multiply, screen = np.empty(labels.shape, np.uint8), np.empty(labels.shape, np.uint8)
    for top in range(0, len(labels), _BAND):
        rows = slice(top, top + _BAND)
        value = _interpolate(shading, labels[rows], across, down[rows])
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


def _positions(owner: NDArray[np.int32], regions: Regions, window: Window):
    """Where the window's columns and rows lie among the cells, as floats (w,) and (h,)."""
    rows, columns = window.slices
    (h, w), (height, width) = owner.shape, regions.labels.shape
    x = (np.arange(width)[columns] + 0.5) * w / width - 0.5
    y = (np.arange(height)[rows] + 0.5) * h / height - 0.5
    return x, y


def _interpolate(shading: Shading, labels: NDArray[np.int32], x, y) -> Floats:
    """Shade of some rows with these labels; x and y as of `_positions`."""
    h, w = shading.owner.shape
    total = np.zeros(labels.shape, np.float32)
    known = np.zeros(labels.shape, np.float32)
    for rows, row_weight in _taps(y, h):
        for columns, column_weight in _taps(x, w):
            weight = row_weight[:, None] * column_weight
            weight *= shading.owner[rows].take(columns, axis=1) == labels
            known += weight
            weight *= shading.deviation[rows].take(columns, axis=1)
            total += weight
    total /= np.maximum(known, 0.25, out=known)
    total += shading.mean[labels]
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
