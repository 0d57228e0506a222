"""The basins of the distance to the ink, and the passes between them.

A ball that rolls uphill on the distance to the nearest ink ends where it is largest: one basin for
each place where a ball is trapped. Two basins meet at a pass, whose height is half the width of the
opening between them. Balls of every radius are thus tried at once, where Zhang et al., *Vectorizing
Cartoon Animations* (2009), try one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]
Heights = NDArray[np.float32]

LEAST_DIFFERENCE = 0.002  # under that of the square roots of whole numbers up to 200²


@dataclass(frozen=True, kw_only=True)
class Basins:
    """Basins 1…n of the paper and the openings between them.

    `labels` (H, W): 0 on walls. `radius` (n + 1,): the largest ball that fits, in pixels. `area`
    (n + 1,): pixels. `pairs` (E, 2): basins that meet, the lower number first. `opening` (E,): the
    radius of the largest ball that passes between them, at the flat pixel index `place` (E,).
    """

    labels: Labels
    radius: NDArray[np.float32]
    area: NDArray[np.int64]
    pairs: NDArray[np.int64]
    opening: NDArray[np.float32]
    place: NDArray[np.int64]


def find_basins(walls: NDArray[np.bool_], free_radius: float) -> Basins:
    """Basins of the paper around `walls` (H, W), which has at least one wall and one paper pixel.

    Where a ball of `free_radius` pixels passes, basins are not told apart.
    """
    height = paper_height(walls, free_radius)
    labels, narrow = climb(height, free_radius)
    count, width = int(labels.max()) + 1, labels.shape[1]
    pairs, opening, place = find_passes(labels.ravel(), height.ravel(), narrow, width, count)
    row, column = np.divmod(place, width)
    inner = np.ascontiguousarray(labels[1:-1, 1:-1])
    radius = np.zeros(count, np.float32)
    np.maximum.at(radius, inner.ravel(), height[1:-1, 1:-1].ravel())
    area = np.bincount(inner.ravel(), minlength=count)
    area[0] = 0
    return Basins(
        labels=inner,
        radius=radius,
        area=area,
        pairs=pairs,
        opening=opening,
        place=(row - 1) * (width - 2) + column - 1,
    )


def paper_height(walls: NDArray[np.bool_], free_radius: float) -> Heights:
    """Distance (H + 2, W + 2) to the nearest wall; 0 on walls and on the added frame.

    The frame counts as a wall, so that a line that ends just short of it still bounds a region.
    Equal distances differ by the room around them, by less than any two distances differ: what
    would be chosen by the order of pixels is then chosen alike in a mirrored picture.
    """
    paper = cv2.copyMakeBorder((~walls).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(paper, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    room = np.rint(np.minimum(distance, free_radius) ** 2)  # whole numbers: their sums are exact
    room = cv2.boxFilter(room, cv2.CV_32F, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    room *= paper
    room *= LEAST_DIFFERENCE / (25 * free_radius**2)
    distance += room
    return np.asarray(distance, np.float32)


def steps(width: int) -> list[tuple[int, int, int]]:
    """The eight neighbours as flat offsets, each with the two pixels beside a diagonal way."""
    straight = [(step, step, step) for step in (-1, 1, -width, width)]
    return straight + [(x + y, x, y) for x in (-1, 1) for y in (-width, width)]


def reachable(
    height: Heights, pixels: NDArray[np.int64], step: tuple[int, int, int]
) -> NDArray[np.float32]:
    """The height at each pixel's neighbour, 0 where a thin diagonal line lies between."""
    there, beside, other = step
    value = height[pixels + there]
    if there != beside:
        value[(height[pixels + beside] == 0) & (height[pixels + other] == 0)] = 0
    return value


def climb(height: Heights, free_radius: float) -> tuple[Labels, NDArray[np.int64]]:
    """Label each pixel with the peak it climbs to; also give the flat indices of narrow places."""
    flat = height.ravel()
    narrow = np.flatnonzero((flat > 0) & (flat <= free_radius))
    best, target = flat[narrow], narrow.copy()
    for step in steps(height.shape[1]):
        value = reachable(flat, narrow, step)
        better = value > best
        np.copyto(best, value, where=better)
        np.copyto(target, narrow + step[0], where=better)
    labels = label_peaks(height, free_radius, narrow[target == narrow])
    labels.ravel()[narrow] = labels.ravel()[follow(narrow, target, flat.size)]
    return labels, narrow


def follow(narrow: NDArray[np.int64], target: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Where each pixel's way up ends: all steps are doubled until nothing moves."""
    slot = np.full(size, -1, np.int32)
    slot[narrow] = np.arange(len(narrow), dtype=np.int32)
    moving = np.arange(len(narrow))
    while len(moving):
        here = target[moving]
        at = slot[here]
        moving, here, at = moving[at >= 0], here[at >= 0], at[at >= 0]
        further = target[at]
        target[moving] = further
        moving = moving[further != here]
    return target


def label_peaks(height: Heights, free_radius: float, peaks: NDArray[np.int64]) -> Labels:
    """Number the open areas and, after them, the peaks of the narrow places."""
    open_area = (height > free_radius).view(np.uint8)
    count, labels = cv2.connectedComponents(open_area, connectivity=8, ltype=cv2.CV_32S)
    peak = np.zeros(height.shape, np.uint8)
    peak.ravel()[peaks] = 1
    _, peak_labels = cv2.connectedComponents(peak, connectivity=4, ltype=cv2.CV_32S)
    labels = np.asarray(labels, np.int32)
    labels.ravel()[peaks] = peak_labels.ravel()[peaks] + (count - 1)
    return labels


def find_passes(
    labels: NDArray[np.int32],
    height: Heights,
    narrow: NDArray[np.int64],
    width: int,
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
    """The pairs of basins that touch, the height of their pass and its flat pixel index."""
    keys, heights, places = [], [], []
    for step in steps(width):
        here, there = labels[narrow], labels[narrow + step[0]]
        touching = np.flatnonzero((there != 0) & (here != there))
        pixels = narrow[touching]
        beyond = reachable(height, pixels, step)
        lower = np.where(beyond < height[pixels], pixels + step[0], pixels)
        pass_height = np.minimum(height[pixels], beyond)
        low = np.minimum(here[touching], there[touching]).astype(np.int64)
        keys.append((low * count + np.maximum(here[touching], there[touching]))[pass_height > 0])
        heights.append(pass_height[pass_height > 0])
        places.append(lower[pass_height > 0])
    key, opening = np.concatenate(keys), np.concatenate(heights)
    largest = largest_by_key(key, opening)
    pairs = np.stack(np.divmod(key[largest], count), axis=1)
    return pairs, opening[largest], np.concatenate(places)[largest]


def largest_by_key(key: NDArray[np.int64], value: NDArray[np.number]) -> NDArray[np.int64]:
    """Where the largest value of each key is, keys ascending."""
    order = np.lexsort((value, key))
    key = key[order]
    return order[np.append(key[1:] != key[:-1], True)] if len(key) else order
