"""Light and shadow on the hair."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import skia

from ..character import Hair
from ..curves import Points, at, band, chain, line, path, sample, spline
from ..head import Head
from .fringe import on_skull, temples
from .locks import strand


def strand_shadows(
    roots: Points, top: Points, rng: np.random.Generator, wide: float = 0.05
) -> list[skia.Path]:
    """Narrow dark wedges that start between two locks."""
    shadows = []
    for root in roots:
        points = sample(strand(root + at(0, 0.05), top, float(rng.uniform(0.25, 0.5))), 2)
        widths = np.interp(np.linspace(0, 1, len(points)), [0, 0.35, 1], [0.01, wide, 0.0])
        shadows.append(path(band(points, widths)))
    return shadows


def shine(hair: Hair, head: Head, rng: np.random.Generator) -> list[skia.Path]:
    """The ring of light around the head: soft above, with long points below, in runs."""
    if hair.back == "curly":
        return []
    left, right = temples(head)
    first, last = left * 0.82, right * 0.82
    cuts = np.sort(rng.uniform(first, last, int(rng.integers(1, 3))))
    ends = [first, *cuts, last]
    runs = [_run(a + 0.05, b - 0.05, head, rng) for a, b in pairwise(ends) if b - a > 0.3]
    return [path(*runs)] if runs else []


def _run(first: float, last: float, head: Head, rng: np.random.Generator) -> Points:
    count = max(3, round((last - first) / 0.11))
    t = np.linspace(0, 1, count + 1)
    t[1:-1] += rng.uniform(-0.3, 0.3, count - 1) / count
    angles = first + (last - first) * t
    height = -0.40 - 0.19 * np.cos(angles - head.yaw * 0.4)
    swell = np.sin(np.pi * np.clip(t, 0.02, 0.98)) ** 0.6
    upper = on_skull(angles, height - 0.045 * swell, head)
    between = (angles[:-1] + angles[1:]) / 2
    drop = rng.uniform(0.10, 0.26, count) * (swell[:-1] + swell[1:]) / 2
    middle = (height[:-1] + height[1:]) / 2
    tips = on_skull(between, middle + drop, head)
    notches = on_skull(angles, height + 0.03 * swell, head)
    lower = np.empty((2 * count + 1, 2))
    lower[0::2], lower[1::2] = notches, tips
    points = lower[::-1]
    teeth = [line(a, b) for a, b in pairwise(points)]
    return chain(spline(upper), *teeth)
