"""Find the paper of a drawing, its colour and its light, and make it white.

Everything is decided on a thinned picture (every n-th pixel, about 640 on the short side), so
that a page of 24 megapixels costs little more than a small one. The paper is the commonest
light tone and whatever one reaches from there without a step: light that falls off and soft
shadows belong to it, flat tones and hatching with an edge do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.modes import Pixels, brightness_of, thinned

Floats = NDArray[np.float32]

WHITE_ENOUGH = 250
"""Paper that is nowhere darker than this counts as white and is not touched."""

_DARKEST = 32  # no paper is darker, in no channel
_CELL = 16  # samples
_CELL_SHARES = (0.7, 0.8, 0.9)  # of a cell's samples from dark to light: the second is its paper
_FLAT = 0.045  # relative difference between the first and the third of those in a flat cell
_STEP = 0.04  # relative difference of neighbouring cells that one paper can have
_CUT_OFF_ROUNDS = 3
_TINT = 0.06  # relative difference in tint that one paper can have
_STRIP = 256  # rows that are whitened at a time


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """The paper's colour on a coarse grid."""

    grid: Floats
    """(h, w, C) in 0…255, each cell in the middle of its part of the picture."""
    white_point: Floats
    """(C,) the share of `grid` from which on a pixel becomes white: noise is under it."""

    @property
    def kind(self) -> str:
        """In one word, for the user: uneven, tinted or grey."""
        brightness = self.grid.mean(axis=-1)
        if np.percentile(brightness, 2) < 0.94 * np.percentile(brightness, 98):
            return "uneven"
        tone = np.median(self.grid, axis=(0, 1))
        return "tinted" if tone.max() - tone.min() > 6 else "grey"


def make_white(ink: Pixels) -> tuple[Pixels, str | None]:
    """Ink (H, W) or (H, W, 3) on white paper, and what was done; None if it was white already."""
    tone = _commonest_light_tone(_samples(ink))
    if tone is None or tone.mean() < _DARKEST:
        return ink, None
    if tone.min() < _DARKEST:  # a pure colour: one cannot divide by a channel without light
        return make_white(ink.max(axis=-1))[0], "tinted paper made white"
    paper = _find_paper(_samples(ink), tone)
    if paper is None:
        return ink, None
    return _whitened(ink, paper), f"{paper.kind} paper made white"


def _find_paper(samples: Pixels, tone: Floats) -> _Paper | None:
    """The paper of (h, w, C) samples; None where it is white enough."""
    cells, flat = _cell_colours(samples)
    reached = _reached(cells, flat, tone)
    if not reached.any():
        cells[:], reached[:] = tone, True
    if np.percentile(cells[reached], 2, axis=0).min() >= WHITE_ENOUGH:
        return None
    grid = _spread(cells, reached)
    return _Paper(grid=grid, white_point=_white_point(samples, grid))


def _samples(pixels: Pixels) -> Pixels:
    return np.atleast_3d(thinned(pixels))  # (h, w, C)


def _whitened(pixels: Pixels, paper: _Paper) -> Pixels:
    """The pixels divided by the paper's colour: paper white, ink as dark as multiply needs."""
    import cv2

    height, width = pixels.shape[:2]
    gain = (255 / (paper.grid * paper.white_point)).astype(np.float32)
    result = np.empty_like(pixels)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(height, top + _STRIP))
        strip = _stretched(gain, rows, (height, width))
        cv2.multiply(pixels[rows], strip.reshape(pixels[rows].shape), result[rows], 1, cv2.CV_8U)
    return result


def _commonest_light_tone(samples: Pixels) -> Floats | None:
    """The commonest colour (C,) in the light half of the tones; None if that is pure white."""
    brightness = brightness_of(samples)
    low, high = np.percentile(brightness, (0.2, 99.8))
    light = brightness >= (low + high) / 2
    if (samples[light] == 255).all(axis=-1).mean() >= 0.5:
        return None
    counts = np.bincount(brightness[light].astype(np.int32), minlength=256)
    common = np.convolve(counts, np.ones(5), "same").argmax()
    return np.median(samples[np.abs(brightness - common) <= 3], axis=0).astype(np.float32)


def _cell_colours(samples: Pixels) -> tuple[Floats, NDArray[np.bool_]]:
    """The light end of every cell of 16×16 samples, (h, w, C), and whether it is flat, (h, w).

    A cell that two flat tones share is not flat, nor is one that is mostly ink.
    """
    height, width = (max(1, side // _CELL) for side in samples.shape[:2])
    down, across = (
        np.linspace(0, side - 1, count * _CELL).round().astype(np.intp)
        for side, count in zip(samples.shape, (height, width), strict=False)
    )
    cells = samples[down[:, None], across].reshape(height, _CELL, width, _CELL, -1)
    cells = cells.swapaxes(1, 2).reshape(height, width, _CELL * _CELL, -1)
    cells = np.sort(cells, axis=2).astype(np.float32)
    dark, middle, light = (cells[:, :, round(share * _CELL * _CELL)] for share in _CELL_SHARES)
    return middle, np.all(light - dark <= _FLAT * np.maximum(middle, 1), axis=-1)


def _reached(cells: Floats, flat: NDArray[np.bool_], tone: Floats) -> NDArray[np.bool_]:
    """The cells (h, w) of the paper: flat, of the tone's tint, and reached without a step.

    It starts in the largest patch of the tone. A patch that ink cuts off belongs to it if its
    light is what the paper around lets expect; a grey tone as dark as a shadow does not.
    """
    relative = cells / np.maximum(tone, 1)
    brightness = relative.mean(axis=-1)
    same_tint = np.abs(relative - brightness[..., None]) < _TINT * brightness[..., None]
    paperlike = flat & same_tint.all(axis=-1)
    reached = _largest_patch(paperlike & (np.abs(relative - 1) < _STEP).all(axis=-1))
    for _ in range(_CUT_OFF_ROUNDS if reached.any() else 0):
        reached = _grown(reached, paperlike, brightness)
        expected = _spread(cells, reached)
        reached |= paperlike & (np.abs(cells / expected - 1) < _STEP).all(axis=-1)
    return reached


def _largest_patch(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(cells.astype(np.uint8))
    if count == 1:
        return cells
    return labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()


def _grown(
    reached: NDArray[np.bool_], paperlike: NDArray[np.bool_], brightness: Floats
) -> NDArray[np.bool_]:
    """`reached` and all paperlike cells that small steps in brightness lead to."""
    level = np.log(np.maximum(brightness, 0.01))
    while True:
        grown = reached.copy()
        for near, near_level in zip(_shifted(reached), _shifted(level), strict=True):
            grown |= paperlike & near & (np.abs(level - near_level) < _STEP)
        if (grown == reached).all():
            return reached
        reached = grown


def _shifted(values: NDArray) -> Iterator[NDArray]:
    """The values of the four neighbours; beyond the edge, one's own."""
    for axis in (0, 1):
        first, last = np.take(values, [0], axis), np.take(values, [-1], axis)
        inner = np.delete(values, -1, axis), np.delete(values, 0, axis)
        yield np.concatenate([first, inner[0]], axis)
        yield np.concatenate([inner[1], last], axis)


def _spread(cells: Floats, known: NDArray[np.bool_]) -> Floats:
    """Unknown cells filled from their known neighbours, ring by ring; then smoothed a little."""
    weight = known.astype(np.float32)[..., None]
    values = cells * weight
    while not weight.all():
        around = sum(_shifted(values)) / np.maximum(sum(_shifted(weight)), 1)
        filled = (weight == 0) & (sum(_shifted(weight)) > 0)
        values, weight = np.where(filled, around, values), np.maximum(weight, filled)
    return ((sum(_shifted(values)) + 4 * values) / 8).astype(np.float32)


def _white_point(samples: Pixels, grid: Floats) -> Floats:
    """Where white begins, relative to the grid: under the noise of the paper, (C,)."""
    ratio = samples / _stretched(grid, slice(0, samples.shape[0]), samples.shape[:2])
    points = [
        _noise_floor(channel[np.abs(channel - 1) < 0.12]) for channel in np.moveaxis(ratio, 2, 0)
    ]
    return np.array(points, np.float32)


def _noise_floor(ratio: NDArray) -> float:
    if ratio.size == 0:
        return 1.0
    middle = float(np.median(ratio))
    above = ratio[ratio >= middle]
    noise = 1.4826 * float(np.median(above - middle))
    return max(0.85, middle * (1 - max(0.01, 2.5 * noise)))


def _stretched(grid: Floats, rows: slice, size: tuple[int, int]) -> Floats:
    """Those rows of the (h, w, C) grid stretched to `size` (H, W), bilinearly: (rows, W, C)."""
    import cv2

    height, width = size
    where = (np.arange(rows.start, rows.stop) + 0.5) * grid.shape[0] / height - 0.5
    where = np.clip(where, 0, grid.shape[0] - 1)
    above = where.astype(np.int32)
    below = np.minimum(above + 1, grid.shape[0] - 1)
    share = (where - above).astype(np.float32)[:, None, None]
    narrow = grid[above] * (1 - share) + grid[below] * share
    wide = cv2.resize(narrow, (width, narrow.shape[0]), interpolation=cv2.INTER_LINEAR)
    return wide.reshape(narrow.shape[0], width, grid.shape[2])
