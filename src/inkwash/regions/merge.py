"""Which basins are one region: the opening between them against their own width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.regions.basins import Basins, largest_by_key

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class OpeningRule:
    """When an opening is a gap in a line rather than the way into a part of the same region.

    Two parts stay apart only when the opening is narrower than a share of the narrower part's own
    width. The share depends on `line_ends(place, opening)`, how many lines end at the opening at a
    flat pixel index: `passing_share`, `one_end_share`, `two_ends_share` for 0, 1, 2.
    `smallest_area`: pixels; a smaller part always joins. `touching`, `passing`: pixels; openings up
    to this radius between lines that do not end there are judged as if one did, or by
    `passing_share`; wider ones are no gaps.
    """

    line_ends: Callable[[int, float], int]
    smallest_area: float
    touching: float
    passing: float
    passing_share: float = 0.15
    one_end_share: float = 0.5
    two_ends_share: float = 0.8

    def keeps_apart(self, opening: float, place: int, radius: float, area: float) -> bool:
        """Whether parts of at least `radius` and `area` stay apart."""
        if area < self.smallest_area or opening >= self.two_ends_share * radius:
            return False
        if opening <= self.passing and opening < self.passing_share * radius:
            return True
        if opening <= self.touching and opening < self.one_end_share * radius:
            return True
        ends = self.line_ends(place, opening)
        return opening < (0, self.one_end_share, self.two_ends_share)[ends] * radius


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A graph of parts 0…n-1: their radius and area, the openings between them and where."""

    radius: NDArray[np.float32]
    area: Ints
    pairs: Ints
    opening: NDArray[np.float32]
    place: Ints


def merge_basins(basins: Basins, rule: OpeningRule) -> Ints:
    """The region (n + 1,) of each basin, numbered from 1; 0 for walls.

    Passes are taken from the widest to the narrowest, as in Kruskal's tree: what is wide open is
    one part before narrower openings are judged against it.
    """
    parts = Parts(
        radius=basins.radius,
        area=basins.area,
        pairs=basins.pairs,
        opening=basins.opening,
        place=basins.place,
    )
    region = np.arange(len(basins.radius))
    while True:
        joined = absorb(parts, rule)
        region, parts = joined[region], contract(parts, joined)
        if len(joined) < 1.1 * len(parts.radius):
            break
    region = kruskal(parts, rule)[region]
    return np.unique(region, return_inverse=True)[1]


def absorb(parts: Parts, rule: OpeningRule) -> Ints:
    """Join each part over its own widest opening where the rule says so, all at once.

    Taking passes from the widest down, a part is still alone when its widest one comes: these are
    decisions that `kruskal` would take too, only faster.
    """
    ascending = np.argsort(parts.opening, kind="stable")
    pairs, opening = parts.pairs[ascending], parts.opening[ascending]
    widest = np.full(len(parts.radius), -1)
    widest[pairs.ravel()] = np.repeat(np.arange(len(pairs)), 2)
    alone = np.flatnonzero(widest >= 0)
    edge = widest[alone]
    joins = opening[edge] >= rule.two_ends_share * parts.radius[alone]
    joins |= parts.area[alone] < rule.smallest_area
    return components(len(parts.radius), pairs[edge[joins]])


def components(count: int, pairs: Ints) -> Ints:
    """Connected components (count,) of a graph, numbered from 0 in the order of first members."""
    root = np.arange(count)
    while True:
        ends = root[pairs]
        low, high = ends.min(axis=1), ends.max(axis=1)
        if np.array_equal(low, high):
            return np.unique(root, return_inverse=True)[1]
        np.minimum.at(root, high, low)
        while not np.array_equal(root, root[root]):
            root = root[root]


def contract(parts: Parts, joined: Ints) -> Parts:
    """The graph with each set of joined parts as one part."""
    count = int(joined.max()) + 1
    radius = np.zeros(count, np.float32)
    np.maximum.at(radius, joined, parts.radius)
    area = np.bincount(joined, weights=parts.area, minlength=count).astype(np.int64)
    pairs = np.sort(joined[parts.pairs], axis=1)
    apart = pairs[:, 0] != pairs[:, 1]
    pairs, opening, place = pairs[apart], parts.opening[apart], parts.place[apart]
    kept = largest_by_key(pairs @ np.array([count, 1]), opening)
    return Parts(
        radius=radius, area=area, pairs=pairs[kept], opening=opening[kept], place=place[kept]
    )


def kruskal(parts: Parts, rule: OpeningRule) -> Ints:
    """Judge the openings from the widest down; the root part (n,) of each part."""
    parent = list(range(len(parts.radius)))
    radius, area = parts.radius.tolist(), parts.area.tolist()

    def find(part: int) -> int:
        while parent[part] != part:
            parent[part] = parent[parent[part]]
            part = parent[part]
        return part

    descending = np.argsort(-parts.opening, kind="stable")
    openings, places = parts.opening[descending].tolist(), parts.place[descending].tolist()
    for pair, opening, place in zip(
        parts.pairs[descending].tolist(), openings, places, strict=True
    ):
        a, b = find(pair[0]), find(pair[1])
        narrower, smaller = min(radius[a], radius[b]), min(area[a], area[b])
        if a == b or rule.keeps_apart(opening, place, narrower, smaller):
            continue
        parent[b] = a
        radius[a] = max(radius[a], radius[b])
        area[a] += area[b]
    return np.array([find(part) for part in range(len(parent))])
