"""Light and shadow on the hair."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import skia

from inkwash.data.synth.character import Hair
from inkwash.data.synth.curves import Points, at, band, chain, path, sample
from inkwash.data.synth.hair.fringe import Angles, on_skull, temples
from inkwash.data.synth.hair.locks import strand, zigzag
from inkwash.data.synth.head import Head


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
    count = max(3, round((last - first) / 0.13))
    t = np.linspace(0, 1, count + 1)
    t[1:-1] += rng.uniform(-0.3, 0.3, count - 1) / count
    angles = first + (last - first) * t
    height = -0.40 - 0.19 * np.cos(angles - head.turn * 0.4)
    swell = np.sin(np.pi * np.clip(t, 0.02, 0.98)) ** 0.6
    upper = _teeth(angles, height - 0.02 * swell, -rng.uniform(0.01, 0.07, count), swell, head)
    lower = _teeth(angles, height + 0.02 * swell, rng.uniform(0.05, 0.22, count), swell, head)
    return chain(upper, lower[::-1])


def _teeth(angles: Angles, height: Angles, reach: Angles, swell: Angles, head: Head) -> Points:
    """An edge with a rounded notch at each angle and a point between."""
    between = angles[:-1] * 0.55 + angles[1:] * 0.45
    middle = (height[:-1] + height[1:]) / 2 + reach * (swell[:-1] + swell[1:]) / 2
    notches, tips = on_skull(angles, height, head), on_skull(between, middle, head)
    return zigzag(notches, tips, np.zeros(len(tips)))
