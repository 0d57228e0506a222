"""Part what is drawn open where two kinds of things are seen in one region: a sleeve without a hem
is not the paper around it.

Markers are where a kind is surely seen; they flood the distance to the lines from the widest places
down and so meet in the narrowest place between them (Meyer 1994). A part that is mostly open to
another is no part: nothing was drawn around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 448  # short side of the grid on which parts are found, pixels
SURE = 0.6  # chance from which a kind is seen
OPEN = 0.35  # share of a part's border that may have no line
LEVELS = 40  # of the distance, at which markers grow
SMOOTH = 1.5  # of a border across open paper, pixels of the grid

SQUARE = np.ones((3, 3), np.uint8)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)

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
    if len(grid.kind) == 1:
        return labels
    parts = join_open(join_alike(flood(grid), grid), grid)
    return cut(labels, parts, grid.regions)


def lay_grid(labels: Labels, ink: Mask, seen: Seen) -> Grid:
    """The sketch on a grid of at most SIDE on which no line is lost, and markers where regions show
    two kinds."""
    height, width = labels.shape
    scale = max(1.0, min(labels.shape) / SIDE)
    shape = round(height / scale), round(width / scale)
    y, x = (
        ((np.arange(count) + 0.5) * length / count).astype(np.intp)
        for count, length in zip(shape, labels.shape, strict=True)
    )
    reach = np.ones((int(np.ceil(scale)),) * 2, np.uint8)
    walls = cv2.dilate(ink.view(np.uint8), reach)[np.ix_(y, x)] > 0
    regions = labels[np.ix_(y, x)]
    for here, there in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        walls[here] |= regions[here] != regions[there]
    size = shape[::-1]
    likely = np.stack(
        [cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in seen.chances]
    )
    kinds = np.where((likely.max(0) > SURE) & ~walls, likely.argmax(0) + 1, 0)
    kinds = np.where(cv2.erode((kinds > 0).view(np.uint8), SQUARE) > 0, kinds, 0)
    least = np.array([np.inf, *seen.least]) * regions.size
    markers, kind = find_markers(regions, kinds, least)
    return Grid(regions=regions, walls=walls, markers=markers, kind=kind, least=least[kind])


def find_markers(
    regions: Labels, kinds: NDArray[np.int64], least: NDArray[np.float64]
) -> tuple[Labels, NDArray[np.int64]]:
    """Connected places of one kind in one region, of those regions that show two, and the kinds;
    `least` (K + 1,) pixels of each."""
    count = len(least)
    pairs = np.bincount((regions.astype(np.int64) * count + kinds).ravel())
    large = np.pad(pairs, (0, -len(pairs) % count)).reshape(-1, count) > least
    markers, kind = np.zeros(regions.shape, np.int32), [0]
    for region in np.flatnonzero(large.sum(1) > 1):
        for one in np.flatnonzero(large[region]):
            place = ((regions == region) & (kinds == one)).view(np.uint8)
            found, labels, stats, _ = cv2.connectedComponentsWithStats(place, connectivity=4)
            for label in range(1, found):
                if stats[label, cv2.CC_STAT_AREA] > least[one]:
                    markers[labels == label] = len(kind)
                    kind.append(int(one))
    return markers, np.array(kind)


def flood(grid: Grid) -> Labels:
    """Markers grown over the regions that they are in, from the places farthest from lines down."""
    within = np.isin(grid.regions, np.unique(grid.regions[grid.markers > 0])) & ~grid.walls
    paper = np.pad((~grid.walls).view(np.uint8), 1)
    height = cv2.distanceTransform(paper, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    grown = grid.markers.astype(np.float32)  # cv2 dilates it, and it is exact
    for level in (*np.geomspace(height[within].max(), 1, LEVELS), 0):
        spread(grown, within & (height >= level))
    return grown.astype(np.int32)


def spread(grown: Floats, within: Mask) -> None:
    """Let labels grow into what is 0 within a mask, in place, until nothing is left to reach."""
    step = 0
    while True:
        new = cv2.dilate(grown, SQUARE if step % 2 else CROSS)
        reached = within & (grown == 0) & (new > 0)
        if not reached.any():
            return
        np.copyto(grown, new, where=reached)
        step += 1


def join_alike(parts: Labels, grid: Grid) -> Labels:
    """Parts of one kind that touch are one."""
    first, second = np.array([pair for pair, _ in open_borders(parts)], int).reshape(-1, 2).T
    root = np.arange(len(grid.kind), dtype=np.int32)
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if grid.kind[one] == grid.kind[other]:
            root[root == root[other]] = root[one]
    return root[parts]


def join_open(parts: Labels, grid: Grid) -> Labels:
    """Parts that are small or too open to another are joined to it, the most open one first."""
    root = np.arange(len(grid.kind), dtype=np.int32)
    while True:
        found = root[parts]
        area, around = np.bincount(found.ravel(), minlength=len(root)), perimeters(found, len(root))
        most, pair = OPEN, None
        for (one, other), shared in open_borders(found):
            smaller = one if area[one] < area[other] else other
            share = shared / around[smaller] if area[smaller] > grid.least[smaller] else 1.0
            if share > most:
                most, pair = share, (one, other)
        if pair is None:
            return found
        root[root == pair[1]] = pair[0]


def open_borders(parts: Labels) -> Iterator[tuple[tuple[int, int], int]]:
    """Pairs of parts that touch, and along how many pixel sides."""
    count, keys = int(parts.max()) + 1, []
    for here, there in ((parts[:, 1:], parts[:, :-1]), (parts[1:], parts[:-1])):
        at = (here != there) & (here > 0) & (there > 0)
        low, high = np.minimum(here[at], there[at]), np.maximum(here[at], there[at])
        keys.append(low.astype(np.int64) * count + high)
    for key, sides in zip(*np.unique(np.concatenate(keys), return_counts=True), strict=True):
        yield (int(key // count), int(key % count)), int(sides)


def perimeters(parts: Labels, count: int) -> NDArray[np.int64]:
    """Pixel sides around each part (count,), those at the frame left out."""
    sides = np.zeros(count, np.int64)
    for here, there in ((parts[:, 1:], parts[:, :-1]), (parts[1:], parts[:-1])):
        apart = here != there
        sides += np.bincount(here[apart], minlength=count)
        sides += np.bincount(there[apart], minlength=count)
    return sides


def cut(labels: Labels, parts: Labels, regions: Labels) -> Labels:
    """Labels (H, W) in which the parts (h, w) of a region, but for its largest, are regions."""
    filled = parts.astype(np.float32)
    area = np.bincount(parts.ravel())
    owner = np.zeros(len(area), np.int64)
    owner[parts[parts > 0]] = regions[parts > 0]
    result, count = labels.copy(), int(labels.max()) + 1
    for region in np.unique(regions[parts > 0]):
        mine = np.flatnonzero((owner == region) & (area > 0))
        mine = mine[mine > 0]
        if len(mine) < 2:
            continue
        spread(filled, regions == region)  # over lines inside the region
        for part in np.delete(mine, area[mine].argmax()):
            window, closer = laid_over(filled, int(part), mine, labels.shape)
            here = closer & (labels[window] == region)
            if here.any():
                result[window][here] = count
                count += 1
    return result


def laid_over(
    filled: Floats, part: int, mine: NDArray[np.int64], shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], Mask]:
    """The window of the page (H, W) = shape around a part (h, w), and where in it the part is
    nearer than the others of `mine`, with a smooth border."""
    own = filled == part
    others = np.isin(filled, mine) & ~own
    rest = int(np.ceil(4 * SMOOTH))
    small, large = [], []
    for axis in (0, 1):
        taken = np.flatnonzero(own.any(axis=1 - axis))
        start, stop = max(0, taken[0] - rest), min(own.shape[axis], taken[-1] + 1 + rest)
        scale = shape[axis] / own.shape[axis]
        small.append(slice(start, stop))
        large.append(slice(round(start * scale), round(stop * scale)))
    window = large[0], large[1]
    size = (window[1].stop - window[1].start, window[0].stop - window[0].start)
    near = [
        cv2.resize(
            cv2.GaussianBlur(mask[small[0], small[1]].astype(np.float32), (0, 0), SMOOTH), size
        )
        for mask in (own, others)
    ]
    return window, np.asarray(near[0] > near[1])
