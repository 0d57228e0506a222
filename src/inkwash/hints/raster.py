"""Hints as pixels: at full size for settling, at the working size for the network."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from inkwash.geometry import Box, Size
from inkwash.hints.model import COLOURED, Area, Dot, Hint, Hints, Point, Shape, Stroke

# Half the diagonal of a pixel and a hair: a disc of it holds a pixel's middle wherever it lies.
_LEAST_RADIUS = 0.7072


def pixels_of(shape: Shape, size: Size) -> tuple[Box, NDArray[np.bool_]]:
    """The pixels of a mark in a picture: a box and, in it, a mask (height, width).

    Never empty for a shape that `Hints` accepts.
    """
    if isinstance(shape, Dot):
        return _capsules([(shape.x, shape.y)], shape.radius, size)
    if isinstance(shape, Stroke):
        return _capsules(shape.points, shape.width / 2, size)
    return _filled(shape)


def raster(hints: Hints, to: Size) -> NDArray[np.float32]:
    """What the network sees, (4, h, w) at the working size `to`: RGB in -1…1 and a mask 0 or 1.

    Only "colour" and "suggest" are drawn; where none is, all four channels are 0. Later hints
    cover earlier ones, and each keeps at least one pixel, however small it becomes, unless a
    later one takes that too.
    """
    drawn = np.zeros((4, to.height, to.width), np.float32)
    for hint in hints.of_kind(*COLOURED):
        box, mask = _scaled(hint, hints.size, to)
        colour = np.array(hint.rgb, np.float32) / 127.5 - 1
        drawn[:3, *box.slices][:, mask] = colour[:, None]
        drawn[3, *box.slices][mask] = 1
    return drawn


def _scaled(hint: Hint, size: Size, to: Size) -> tuple[Box, NDArray[np.bool_]]:
    """The pixels at size `to` that the mark covers by half, or, of a thin one, the most."""
    box, mask = pixels_of(hint.shape, size)
    rows, starts_y, taken_y = _bins(box.top, box.bottom, size.height, to.height)
    columns, starts_x, taken_x = _bins(box.left, box.right, size.width, to.width)
    if len(taken_y) > mask.shape[0] or len(taken_x) > mask.shape[1]:
        mask = mask[np.ix_(taken_y, taken_x)]
    counts = np.add.reduceat(mask, starts_x, axis=1, dtype=np.int32)
    counts = np.add.reduceat(counts, starts_y, axis=0)
    full = (len(taken_y) / (box.bottom - box.top)) * (len(taken_x) / (box.right - box.left))
    full *= (size.width / to.width) * (size.height / to.height)  # samples in a whole pixel
    thin = counts.max() < 0.9 * full  # a line that fills no pixel; keep it without gaps
    covered = counts >= (0.3 * counts.max() if thin else 0.5 * full)
    found = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return found, covered


def _bins(
    start: int, end: int, length: int, to: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Along one axis: the pixels at size `to` that `start`…`end` falls into, where in the samples
    each begins, and which source pixel (from `start`) each sample takes.

    A source pixel is sampled more than once when the picture grows, so that no gap is left.
    """
    samples = max(1, math.ceil(to / length))
    taken = np.repeat(np.arange(end - start), samples)
    middles = (np.arange(start * samples, end * samples) + 0.5) / samples
    places = np.minimum((middles * to / length).astype(np.intp), to - 1)
    found, starts = np.unique(places, return_index=True)
    return found, starts, taken


def _filled(area: Area) -> tuple[Box, NDArray[np.bool_]]:
    rows, starts, ends = np.array(area.runs).T
    box = Box(int(starts.min()), int(rows.min()), int(ends.max()), int(rows.max()) + 1)
    mask = np.zeros((box.size.height, box.size.width), bool)
    for row, start, end in area.runs:
        mask[row - box.top, start - box.left : end - box.left] = True
    return box, mask


def _capsules(
    points: tuple[Point, ...] | list[Point], radius: float, size: Size
) -> tuple[Box, NDArray[np.bool_]]:
    """All pixels whose middle is within `radius` of the line through the points."""
    radius = max(radius, _LEAST_RADIUS)
    whole = _box_around(points, radius, size)
    mask = np.zeros((whole.size.height, whole.size.width), bool)
    for begin, end in zip(points, points[1:] or points, strict=False):
        box = _box_around([begin, end], radius, size)
        if box.left < box.right and box.top < box.bottom:
            part = Box(
                box.left - whole.left,
                box.top - whole.top,
                box.right - whole.left,
                box.bottom - whole.top,
            )
            mask[part.slices] |= _near_line(box, begin, end, radius)
    return whole, mask


def _near_line(box: Box, begin: Point, end: Point, radius: float) -> NDArray[np.bool_]:
    """Which pixels of the box have their middle within `radius` of the line begin…end."""
    x = np.arange(box.left, box.right) + 0.5 - begin[0]
    y = np.arange(box.top, box.bottom)[:, None] + 0.5 - begin[1]
    along_x, along_y = end[0] - begin[0], end[1] - begin[1]
    length = along_x**2 + along_y**2
    at = np.clip((x * along_x + y * along_y) / length, 0, 1) if length > 0 else 0.0
    return (x - at * along_x) ** 2 + (y - at * along_y) ** 2 <= radius**2


def _box_around(points: tuple[Point, ...] | list[Point], radius: float, size: Size) -> Box:
    """Holds all of the points by `radius`, cut at the picture."""
    columns, rows = zip(*points, strict=True)
    return Box(
        math.floor(max(0, min(columns) - radius)),
        math.floor(max(0, min(rows) - radius)),
        math.ceil(min(size.width, max(columns) + radius)),
        math.ceil(min(size.height, max(rows) + radius)),
    )
