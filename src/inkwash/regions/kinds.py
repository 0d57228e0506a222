"""Part what is drawn open where two kinds of things are seen in one region: a sleeve without a hem
is not the paper around it.

Markers are where a kind is surely seen; they flood the distance to the lines from the widest places
down and so meet in the narrowest place between them (Meyer 1994). A part that is mostly open to
another is no part: nothing was drawn around it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.regions.grow import CROSS
from inkwash.regions.table import find_borders

SIDE = 448  # short side of the grid on which parts are found, pixels, at most
CELLS = 360_000  # of the grid, at most
SURE = 0.6  # chance from which a kind is seen
OPEN = 0.35  # share of a part's border that may have no line; the page's frame is none
THICK = 0.2  # radius of a marker, of the side of a square as large as a part must be
LEVELS = 40  # of the distance, at which markers grow
SMOOTH = 1.5  # of a border across open paper, pixels of the grid


Labels = NDArray[np.int32]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is seen on a page: how likely each of K kinds of things is, `chances` (K, h, w), summing
    to 1, on a grid that covers it. `least` (K,): the share of the page that a part of each kind
    covers at least."""

    chances: Floats
    least: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A sketch on fewer pixels (h, w): the region of each, where no region is, and the markers.

    `markers` are numbered from 1, 0 between them; `kind` (M + 1,) is that of each, from 1, and
    `least` (M + 1,) how many pixels it covers at least.
    """

    regions: Labels
    walls: Mask
    markers: Labels
    kind: NDArray[np.int64]
    least: NDArray[np.float64]


def part_kinds(labels: Labels, ink: Mask, seen: Seen) -> Labels:
    """Labels (H, W) from 0 up, more of them where a region shows two kinds of things; `ink` (H, W)
    is where the lines are."""
    grid = lay_grid(labels, ink, seen)
    several = regions_with_several(grid)
    if not len(several):
        return labels
    parts = join_alike(flood(grid, several), grid)
    filled = under_lines(parts, np.isin(grid.regions, several), grid.regions)
    root = join_open(filled, grid)
    return cut(labels, ink, root[filled], grid)


def lay_grid(labels: Labels, ink: Mask, seen: Seen) -> Grid:
    """The sketch on a grid of at most SIDE on which no line is lost, and markers where regions show
    two kinds."""
    height, width = labels.shape
    scale = max(1.0, min(labels.shape) / SIDE, math.sqrt(labels.size / CELLS))
    shape = round(height / scale), round(width / scale)
    y, x = (
        ((np.arange(count) + 0.5) * length / count).astype(np.intp)
        for count, length in zip(shape, labels.shape, strict=True)
    )
    reach = np.ones((math.ceil(scale),) * 2, np.uint8)
    walls = cv2.dilate(ink.view(np.uint8), reach)[np.ix_(y, x)] > 0
    regions = labels[np.ix_(y, x)]
    for here, there in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        walls[here] |= regions[here] != regions[there]
    size = shape[::-1]
    likely = np.stack(
        [cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in seen.chances]
    )
    kinds = np.where((likely.max(0) > SURE) & ~walls, likely.argmax(0) + 1, 0)
    kinds = np.where(cv2.erode((kinds > 0).view(np.uint8), np.ones((3, 3), np.uint8)) > 0, kinds, 0)
    least = np.array([np.inf, *seen.least]) * regions.size
    markers, kind = find_markers(regions, kinds, least)
    return Grid(regions=regions, walls=walls, markers=markers, kind=kind, least=least[kind])


def find_markers(
    regions: Labels, kinds: NDArray[np.int64], least: NDArray[np.float64]
) -> tuple[Labels, NDArray[np.int64]]:
    """Connected places of one kind in one region, of those regions that show two, and the kinds;
    `least` (K + 1,) pixels of each. What is thin is none: the network sees a little past lines."""
    count = len(least)
    pairs = np.bincount((regions.astype(np.int64) * count + kinds).ravel())
    large = np.pad(pairs, (0, -len(pairs) % count)).reshape(-1, count) > least
    markers, kind = np.zeros(regions.shape, np.int32), [0]
    for region in np.flatnonzero(large.sum(1) > 1):
        for one in np.flatnonzero(large[region]):
            place = ((regions == region) & (kinds == one)).view(np.uint8)
            depth = cv2.distanceTransform(place, cv2.DIST_L2, cv2.DIST_MASK_5)
            found, labels, stats, _ = cv2.connectedComponentsWithStats(place, connectivity=4)
            for label in range(1, found):
                mine = labels == label
                thick = depth[mine].max() > THICK * math.sqrt(least[one])
                if thick and stats[label, cv2.CC_STAT_AREA] > least[one]:
                    markers[mine] = len(kind)
                    kind.append(int(one))
    return markers, np.array(kind)


def regions_with_several(grid: Grid) -> NDArray[np.int64]:
    """The regions that hold two markers or more."""
    marked = grid.markers > 0
    pairs = np.unique(np.stack([grid.regions[marked], grid.markers[marked]]), axis=1)
    regions, count = np.unique(pairs[0], return_counts=True)
    return regions[count > 1]


def flood(grid: Grid, regions: NDArray[np.int64]) -> Labels:
    """Markers grown over the paper of these regions, from the places farthest from lines down."""
    within = np.isin(grid.regions, regions) & ~grid.walls
    paper = np.pad((~grid.walls).view(np.uint8), 1)
    height = cv2.distanceTransform(paper, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    grown = (grid.markers * within).astype(np.float32)  # cv2 dilates it, and it is exact
    for level in (*np.geomspace(height[within].max(), 1, LEVELS), 0):
        spread(grown, within & (height >= level))
    return grown.astype(np.int32)


def under_lines(parts: Labels, within: Mask, regions: Labels) -> Labels:
    """Parts that run on under the lines of their region, also under those inside them."""
    filled = parts.astype(np.float32)
    for region in np.unique(regions[within]):
        spread(filled, regions == region)
    return filled.astype(np.int32)


def spread(grown: Floats, within: Mask) -> None:
    """Let labels grow into what is 0 within a mask, in place, until nothing is left to reach;
    straight, as a diagonal step would cross a thin line."""
    while True:
        new = cv2.dilate(grown, CROSS)
        reached = within & (grown == 0) & (new > 0)
        if not reached.any():
            return
        np.copyto(grown, new, where=reached)


def join_alike(parts: Labels, grid: Grid) -> Labels:
    """Parts of one kind that touch are one."""
    root = np.arange(len(grid.kind), dtype=np.int32)
    pairs, _, shared = find_borders(parts, grid.walls, len(root))
    for one, other in pairs[shared > 0].tolist():
        if grid.kind[one] == grid.kind[other]:
            root[root == root[other]] = root[one]
    return root[parts]


def join_open(filled: Labels, grid: Grid) -> NDArray[np.int32]:
    """The part (M + 1,) that each is joined to: those that are small or too open to another, the
    most open one first. `filled`: with what is under their lines, as folds bound nothing."""
    count = len(grid.kind)
    root = np.arange(count, dtype=np.int32)
    while True:
        whole = root[filled]
        area = np.bincount(whole.ravel(), minlength=count)
        pairs, border, shared = find_borders(whole, grid.walls, count)
        around = perimeters(whole, pairs, border, count)
        frame = at_frame(whole, count)  # nothing is drawn there either
        most, found = OPEN, None
        for (one, other), sides in zip(pairs.tolist(), shared.tolist(), strict=True):
            if one == 0 or sides == 0:
                continue
            smaller = one if area[one] < area[other] else other
            lineless = (sides + frame[smaller]) / around[smaller]
            share = lineless if area[smaller] > grid.least[smaller] else 1.0
            if share > most:
                most, found = share, (one, other)
        if found is None:
            return root
        root[root == found[1]] = found[0]


def perimeters(
    parts: Labels, pairs: NDArray[np.int32], border: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Pixel sides around each part (count,), of the borders of `find_borders` and at the frame."""
    sides = np.bincount(pairs.ravel(), weights=np.repeat(border, 2), minlength=count)
    return sides.astype(np.int64) + at_frame(parts, count)


def at_frame(parts: Labels, count: int) -> NDArray[np.int64]:
    """Pixel sides of each part (count,) at the page's frame."""
    frame = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    return np.bincount(frame, minlength=count)


def cut(labels: Labels, ink: Mask, parts: Labels, grid: Grid) -> Labels:
    """Labels (H, W) in which the parts (h, w) of a region, but for its largest, are regions."""
    area = np.bincount(parts.ravel())
    result, count = labels.copy(), int(labels.max()) + 1
    for region in np.unique(grid.regions[parts > 0]):
        mine = np.unique(parts[(grid.regions == region) & (parts > 0)])
        for part in np.delete(mine, area[mine].argmax()):
            window, small = windows(parts == part, labels.shape)
            inside = labels[window] == region
            nearer = laid_over(parts[small], int(part), mine, inside.shape)
            open_paper = cv2.resize(
                (~grid.walls[small]).view(np.uint8), inside.shape[::-1],
                interpolation=cv2.INTER_NEAREST,
            )  # fmt: skip
            known = np.where(inside & (open_paper > 0), np.where(nearer, 1, 2), 0)
            sides = known.astype(np.float32)
            spread(sides, inside & ~ink[window])  # up to the lines as they are
            spread(sides, inside)
            if (sides == 1).any():
                result[window][sides == 1] = count
                count += 1
    return result


Window = tuple[slice, slice]


def windows(mask: Mask, shape: tuple[int, ...]) -> tuple[Window, Window]:
    """Around a mask (h, w), with room for its border: the window of the page (H, W) = shape, and
    that of the grid."""
    room = math.ceil(4 * SMOOTH)
    small, large = [], []
    for axis in (0, 1):
        taken = np.flatnonzero(mask.any(axis=1 - axis))
        start, stop = max(0, taken[0] - room), min(mask.shape[axis], taken[-1] + 1 + room)
        scale = shape[axis] / mask.shape[axis]
        small.append(slice(start, stop))
        large.append(slice(round(start * scale), round(stop * scale)))
    return (large[0], large[1]), (small[0], small[1])


def laid_over(parts: Labels, part: int, mine: Labels, shape: tuple[int, ...]) -> Mask:
    """Where, on a window (H, W) = shape, one part is nearer than the others of `mine`; its border
    across open paper is smooth."""
    own = parts == part
    near = [
        cv2.resize(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), SMOOTH), shape[::-1])
        for mask in (own, np.isin(parts, mine) & ~own)
    ]
    return np.asarray(near[0] > near[1])
