"""What every hair style is made of: locks, strands, curls and the skull they lie on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from inkwash.data.synth.curves import Points, backwards, chain, sides, spline
from inkwash.data.synth.head import Head
from inkwash.data.synth.scene import Stroke

# From the ear turned to us over the top to the far ear: front, and three-quarter to the right.
_FRONT = np.array(
    [
        (-1.0, 0.50),
        (-1.10, 0.0),
        (-0.98, -0.56),
        (-0.58, -1.03),
        (0.0, -1.19),
        (0.58, -1.03),
        (0.98, -0.56),
        (1.10, 0.0),
        (1.0, 0.50),
    ]
)
_TURNED = np.array(
    [
        (-1.06, 0.56),
        (-1.20, 0.0),
        (-1.12, -0.55),
        (-0.74, -1.0),
        (-0.10, -1.20),
        (0.54, -1.05),
        (0.93, -0.58),
        (1.02, -0.05),
        (0.95, 0.42),
    ]
)
_PROFILE = np.array(
    [
        (-0.98, 0.72),
        (-1.20, 0.05),
        (-1.12, -0.55),
        (-0.74, -1.0),
        (-0.10, -1.20),
        (0.54, -1.07),
        (0.93, -0.62),
        (1.06, -0.15),
        (1.03, 0.12),
    ]
)


@dataclass(frozen=True)
class Lock:
    """One lock as its two edges, both from the root to the tip."""

    left: Points
    right: Points

    @property
    def contour(self) -> Points:
        return chain(self.left, backwards(self.right))


def lock(spine: ArrayLike, widths: ArrayLike) -> Lock:
    """A lock along `spine` (n, 2); end `widths` with 0 for a sharp tip."""
    return Lock(*sides(spine, widths))


def skull(head: Head, volume: float) -> Points:
    """The hair's contour over the head (9, 2), from the ear turned to us to the far one."""
    amount = abs(head.turn)
    points = _PROFILE if head.profile else _FRONT * (1 - amount) + _TURNED * amount
    away = points - (0.0, 0.1)
    points = points + away * (0.10 * (volume - 1.0))
    points[:, 1] -= head.pitch * 0.03
    return points * (head.side, 1.0)


def crown(head: Head, part: float) -> Points:
    """Where the strands come from: the whorl on the top of the head (2,)."""
    return np.array([0.32 * head.turn + 0.42 * part, -1.10 + 0.14 * abs(part)])


def zigzag(notches: Points, tips: Points, bow: ArrayLike) -> Points:
    """An edge of locks: notch, tip, notch, …; `bow` (n,) bends each lock like a sickle.

    `notches` (n + 1, 2) lie between the locks, `tips` (n, 2) at their ends.
    """
    pieces = []
    for i, (tip, bend) in enumerate(zip(tips, np.asarray(bow), strict=True)):
        pieces.append(_edge(notches[i], tip, bend + 0.05))
        pieces.append(backwards(_edge(notches[i + 1], tip, bend - 0.05)))
    return chain(*pieces)


def _edge(root: Points, tip: Points, bend: float) -> Points:
    way = tip - root
    aside = np.array([way[1], -way[0]]) * bend
    return spline([root, root + way * 0.55 + aside * 1.6, tip])


def strand(start: ArrayLike, end: ArrayLike, reach: float = 0.7) -> Points:
    """A strand from `start` up over the skull to `end`, cut after the share `reach` of its way."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    t = np.linspace(0, 1, 6)[:, None] * reach
    x = a[0] + (b[0] - a[0]) * t**1.9
    y = a[1] + (b[1] - a[1]) * (1 - (1 - t) ** 1.35)
    return spline(np.concatenate([x, y], axis=1))


def strand_lines(
    rng: np.random.Generator, roots: Points, end: Points, low: float = 0.35, high: float = 0.85
) -> list[Stroke]:
    """A tapering line from each root towards the whorl."""
    return [
        Stroke(strand(root, end, float(rng.uniform(low, high))), (1.0, 0.7, 0.15)) for root in roots
    ]


def wavy(points: Points, strength: float, phase: float = 0.0, waves: float = 1.6) -> Points:
    """A spine (n, 2) resampled (9, 2) with waves that grow towards the tip."""
    if strength <= 0:
        return points
    t = np.linspace(0, 1, 9)
    at = np.linspace(0, 1, len(points))
    x, y = np.interp(t, at, points[:, 0]), np.interp(t, at, points[:, 1])
    swing = np.sin(t * waves * 2 * np.pi + phase) * strength * 0.11 * np.minimum(t * 2, 1)
    return np.stack([x + swing, y], axis=1)


def curls(points: ArrayLike, size: float, rng: np.random.Generator) -> Points:
    """A contour of round curls through `points` (n, 2), open: bumps to the left of the way."""
    through = np.asarray(points, dtype=np.float64)
    pieces = []
    for a, b in pairwise(through):
        way = b - a
        out = np.array([way[1], -way[0]]) * (size * rng.uniform(0.8, 1.25))
        pieces.append(
            spline(
                [a, a + way * 0.12 + out * 0.7, a + way * 0.5 + out, a + way * 0.88 + out * 0.7, b]
            )
        )
    return chain(*pieces)
