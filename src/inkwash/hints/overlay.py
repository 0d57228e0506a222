"""Hints from a transparent layer of any paint program: whatever is painted on it is a hint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.geometry import Size
from inkwash.hints.model import COLOURED, Area, Hint, Hints, Kind

OPAQUE = 128  # alpha from which a pixel counts as painted
_NOISE = 24  # levels a channel by which the rim of a soft or scaled stroke may miss its colour
_PAINTED = 1 << 24  # set in the code of a painted pixel, so that black paint is not 0

Numbers = NDArray[np.int64]
Pairs = tuple[Numbers, Numbers]  # the two partners, (E,) and (E,)


@dataclass(frozen=True)
class _Runs:
    """Neighbouring painted pixels of one colour in a row; arrays (R,), in reading order.

    `lonely`: some pixel of the run has no other paint at its four edges.
    """

    rows: Numbers
    starts: Numbers
    ends: Numbers
    colours: Numbers  # (R, 3), 0…255
    lonely: NDArray[np.bool_]


def hints_from_overlay(rgba: NDArray[np.uint8], kind: Kind = "colour") -> Hints:
    """An `Area` for each connected patch of one colour in (H, W, 4); corners connect.

    Larger patches come later, so that in one region the most paint wins. The rim of mixed paint
    that soft brushes leave, where every pixel touches another colour, joins the patch it
    resembles or, being between two, is no hint at all.
    """
    size = Size(rgba.shape[1], rgba.shape[0])
    runs = _runs(rgba)
    if not len(runs.rows):
        return Hints(size)
    touching = _touching(runs)
    patches = _joined_rims(runs, _patches(runs, touching), touching)
    areas = _summed(runs.ends - runs.starts, patches)
    mixed = _mixed(runs, patches, areas, touching)
    kept = [
        patch for patch in np.argsort(areas, kind="stable") if areas[patch] and not mixed[patch]
    ]
    order = np.argsort(patches, kind="stable")
    starts = np.searchsorted(patches[order], kept)
    ends = np.searchsorted(patches[order], kept, side="right")
    members = [order[start:end] for start, end in zip(starts, ends, strict=True)]
    return Hints(
        size,
        tuple(
            _hint(runs, runs.colours[patch], member, kind)
            for patch, member in zip(kept, members, strict=True)
        ),
    )


def _runs(rgba: NDArray[np.uint8]) -> _Runs:
    codes = np.where(rgba[..., 3] >= OPAQUE, np.uint32(_PAINTED), np.uint32(0))
    for axis, shift in enumerate((16, 8, 0)):
        codes += rgba[..., axis].astype(np.uint32) << np.uint32(shift)
    codes[codes < _PAINTED] = 0
    begins = np.ones(codes.shape, bool)
    begins[:, 1:] = codes[:, 1:] != codes[:, :-1]
    firsts = np.flatnonzero(begins)
    sizes = np.diff(firsts, append=codes.size)
    lonely = np.add.reduceat(_lonely(codes).ravel(), firsts, dtype=np.int32) > 0
    found = codes.ravel()[firsts].astype(np.int64)
    painted = found > 0
    rows, starts = np.divmod(firsts[painted], codes.shape[1])
    found = found[painted]
    colours = np.stack([(found >> 16) & 255, (found >> 8) & 255, found & 255], axis=1)
    return _Runs(rows, starts, starts + sizes[painted], colours, lonely[painted])


def _lonely(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Painted pixels (H, W) with no paint of another colour at an edge."""
    lonely = codes > 0
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        apart = (codes[one] != codes[other]) & (codes[one] > 0) & (codes[other] > 0)
        lonely[one] &= ~apart
        lonely[other] &= ~apart
    return lonely


def _touching(runs: _Runs) -> Pairs:
    """Pairs of runs that share an edge or a corner."""
    width = int(runs.ends.max()) + 2  # room, so that a row's end is not the next one's start
    starts, ends = runs.rows * width + runs.starts, runs.rows * width + runs.ends
    first_below = np.searchsorted(ends, starts + width, side="left")
    after_below = np.searchsorted(starts, ends + width, side="right")
    counts = np.maximum(after_below - first_below, 0)
    one = np.repeat(np.arange(len(starts)), counts)
    other = np.arange(len(one)) + np.repeat(first_below - (np.cumsum(counts) - counts), counts)
    beside = np.flatnonzero(ends[:-1] == starts[1:])
    return np.concatenate([one, beside]), np.concatenate([other, beside + 1])


def _patches(runs: _Runs, touching: Pairs) -> Numbers:
    """For each run the first run of its patch: of its own colour and connected."""
    one, other = touching
    same = (runs.colours[one] == runs.colours[other]).all(axis=1)
    return _connected(len(runs.rows), one[same], other[same])


def _connected(count: int, one: Numbers, other: Numbers) -> Numbers:
    """For each of `count` things the lowest number that the pairs connect it with."""
    roots = np.arange(count)
    while True:
        apart = roots[one] != roots[other]
        if not apart.any():
            return roots
        low = np.minimum(roots[one], roots[other])[apart]
        high = np.maximum(roots[one], roots[other])[apart]
        np.minimum.at(roots, high, low)
        while (roots != (shorter := roots[roots])).any():
            roots = shorter


def _joined_rims(runs: _Runs, patches: Numbers, touching: Pairs) -> Numbers:
    """The patches, with every rim (a patch without a lonely pixel) given to the largest patch of
    about its colour that it touches, directly or through other rims."""
    rim = _summed(runs.lonely.astype(np.int64), patches) == 0
    rank = _summed(runs.ends - runs.starts, patches) * len(patches) + np.arange(len(patches))
    one, other = _both_ways(patches, touching)
    one, other = one[rim[one]], other[rim[one]]
    owners = np.arange(len(patches))
    while True:
        near = np.abs(runs.colours[one] - runs.colours[owners[other]]).max(axis=1) <= _NOISE
        better = near & (rank[owners[other]] > rank[owners[one]])
        if not better.any():
            return owners[patches]
        best = rank[owners]
        np.maximum.at(best, one[better], rank[owners[other[better]]])
        owners = best % len(patches)


def _mixed(runs: _Runs, patches: Numbers, areas: Numbers, touching: Pairs) -> NDArray[np.bool_]:
    """By patch: a rim whose colour lies between those it touches, crumbs aside; of paint that is
    all rims, the largest patch is kept."""
    one, other = _both_ways(patches, touching)
    weighty = areas[other] * 4 >= areas[one]
    one, other = one[weighty], other[weighty]
    least, most = np.full((len(areas), 3), 256), np.full((len(areas), 3), -1)
    np.minimum.at(least, one, runs.colours[other] - _NOISE)
    np.maximum.at(most, one, runs.colours[other] + _NOISE)
    between = np.all((least <= runs.colours) & (runs.colours <= most), axis=1)
    islands = _connected(len(patches), *touching)
    largest = np.zeros(len(areas), np.int64)
    np.maximum.at(largest, islands, areas[patches])
    whole = areas == largest[islands]
    return between & ~whole & (_summed(runs.lonely.astype(np.int64), patches) == 0)


def _both_ways(patches: Numbers, touching: Pairs) -> Pairs:
    """Different patches that touch, each pair in both orders."""
    one, other = patches[touching[0]], patches[touching[1]]
    apart = one != other
    one, other = one[apart], other[apart]
    return np.concatenate([one, other]), np.concatenate([other, one])


def _summed(values: Numbers, patches: Numbers) -> Numbers:
    """The sum of a value of the runs by patch; 0 for runs that begin none."""
    sums = np.zeros(len(patches), np.int64)
    np.add.at(sums, patches, values)
    return sums


def _hint(runs: _Runs, colour: Numbers, members: Numbers, kind: Kind) -> Hint:
    columns = (runs.rows[members], runs.starts[members], runs.ends[members])
    spans = tuple(zip(*(column.tolist() for column in columns), strict=True))
    red, green, blue = colour.tolist()
    return Hint(kind, Area(spans), (red, green, blue) if kind in COLOURED else None)
